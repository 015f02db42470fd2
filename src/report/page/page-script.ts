/**
 * What the page does beyond standing there: lighting up paths, rules and relations in the graph and
 * the source together, and zooming. It reads the document and one JSON block, writes classes and text,
 * and never makes markup of what it reads. The page's policy admits this script by its digest alone,
 * so whatever slipped through escaping would not run either; a test says when the digest must follow.
 */

export const pageScript = `
'use strict';
(() => {
  const data = JSON.parse(document.getElementById('page-data').textContent);
  const graph = document.getElementById('graph');
  const inspector = document.getElementById('inspector');
  const all = (selector) => [...document.querySelectorAll(selector)];
  document.documentElement.classList.add('has-js');

  const clear = () => {
    all('.lit').forEach((element) => element.classList.remove('lit'));
    if (graph) graph.classList.remove('lighting');
    all('[aria-pressed=true]').forEach((element) => element.setAttribute('aria-pressed', 'false'));
  };
  const light = (ids) => ids.forEach((id) => {
    const element = document.getElementById(id);
    if (element) element.classList.add('lit');
  });
  const lightRules = (rules) => all('tr[data-rules]').forEach((row) => {
    if (row.dataset.rules.split(' ').some((rule) => rules.includes(Number(rule)))) row.classList.add('lit');
  });
  const lightSegments = (segments) => segments.forEach((segment) =>
    all('[data-seg]').forEach((element) => {
      if (element.dataset.seg === segment) element.classList.add('lit');
    }));
  const show = (text) => { inspector.textContent = text; };
  const reveal = (element) => {
    if (!element) return;
    const pane = element.closest('.scroll, .canvas');
    if (!pane) return element.scrollIntoView({ block: 'nearest' });
    const inner = element.getBoundingClientRect();
    const outer = pane.getBoundingClientRect();
    pane.scrollTop += inner.top - outer.top - outer.height / 3;
    pane.scrollLeft += inner.left > outer.right || inner.right < outer.left ? inner.left - outer.left - outer.width / 3 : 0;
  };

  const showPath = (id) => {
    const path = data.paths[id];
    if (!path) return;
    clear();
    if (graph) graph.classList.add('lighting');
    light(path.vertices.concat(path.edges));
    lightSegments(path.segments);
    all('[data-path="' + id + '"]').forEach((element) => element.setAttribute('aria-pressed', 'true'));
    show(path.text);
    reveal(document.querySelector('.seg.lit'));
    if (graph) reveal(graph.querySelector('.vertex.lit'));
  };
  const showVertex = (id) => {
    const vertex = data.vertices[id];
    if (!vertex) return;
    if (vertex.path) { showPath(vertex.path); show(vertex.text + ' ' + data.paths[vertex.path].text); return; }
    clear();
    graph.classList.add('lighting');
    light([id]);
    all('.edge').forEach((edge) => {
      if (edge.dataset.from !== id && edge.dataset.to !== id) return;
      edge.classList.add('lit');
      light([edge.dataset.from, edge.dataset.to]);
    });
    lightRules(vertex.rules);
    lightSegments(vertex.segments);
    show(vertex.text);
    reveal(document.querySelector('.seg.lit') || document.querySelector('tr.lit'));
  };
  const showRules = (rules) => {
    clear();
    if (graph) graph.classList.add('lighting');
    all('.edge').forEach((edge) => {
      if (!rules.includes(Number(edge.dataset.rule))) return;
      edge.classList.add('lit');
      light([edge.dataset.from, edge.dataset.to]);
    });
    lightRules(rules);
    show(rules.map((rule) => data.rules[rule]).filter((text, i, texts) => texts.indexOf(text) === i).join(' '));
    if (graph) reveal(graph.querySelector('.edge.lit'));
  };
  const reset = () => {
    clear();
    show(data.hint);
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-path]');
    if (button) {
      event.preventDefault();
      showPath(button.dataset.path);
      return document.getElementById('dataflow').scrollIntoView({ block: 'start' });
    }
    const zoomed = event.target.closest('[data-zoom]');
    if (zoomed) return zoom(zoomed.dataset.zoom);
    if (event.target.closest('[data-clear]')) return reset();
    const vertex = event.target.closest('.vertex');
    if (vertex) return showVertex(vertex.id);
    const edge = event.target.closest('.edge');
    if (edge) {
      showRules([Number(edge.dataset.rule)]);
      return reveal(document.querySelector('tr.lit'));
    }
    const row = event.target.closest('tr[data-rules]');
    if (row && !event.target.closest('a')) showRules(row.dataset.rules.split(' ').map(Number));
  });
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') return reset();
    const isKey = event.key === 'Enter' || event.key === ' ';
    const vertex = event.target.closest && event.target.closest('.vertex');
    const row = event.target.closest && event.target.closest('tr[data-rules]');
    if (isKey && (vertex || (row && event.target === row))) {
      event.preventDefault();
      if (vertex) showVertex(vertex.id);
      else showRules(row.dataset.rules.split(' ').map(Number));
    }
    if (!vertex || !event.key.startsWith('Arrow')) return;
    // Along the edges: down and right to what reads it, up and left to what it reads.
    const forth = event.key === 'ArrowDown' || event.key === 'ArrowRight';
    const next = all('.edge').find((edge) => edge.dataset[forth ? 'from' : 'to'] === vertex.id && edge.dataset.from !== edge.dataset.to);
    if (!next) return;
    event.preventDefault();
    document.getElementById(next.dataset[forth ? 'to' : 'from']).focus();
  });
  all('tr[data-rules]').forEach((row) => row.setAttribute('tabindex', '0'));

  const base = graph ? Number(graph.getAttribute('width')) : 0;
  let scale = 1;
  const smallestReadable = 0.6;
  const zoom = (how) => {
    const canvas = graph.parentElement;
    const fit = Math.min(1.6, (canvas.clientWidth - 20) / base);
    scale = how === 'in' ? scale * 1.25 : how === 'out' ? scale / 1.25 : how === 'read' ? Math.max(fit, smallestReadable) : fit;
    scale = Math.min(4, Math.max(0.2, scale));
    graph.style.width = Math.round(base * scale) + 'px';
  };
  if (graph && base > graph.parentElement.clientWidth) {
    // The whole of a large graph would be too small to read: what comes in first, and the rest by scrolling.
    zoom('read');
    const canvas = graph.parentElement;
    const places = all('.vertex').map((vertex) => vertex.getBoundingClientRect());
    const first = places.reduce((one, other) => (other.top < one.top ? other : one));
    canvas.scrollLeft = first.left + first.width / 2 - canvas.getBoundingClientRect().left - canvas.clientWidth / 2;
  }
  if (graph) graph.parentElement.addEventListener('wheel', (event) => {
    if (!event.ctrlKey) return;
    event.preventDefault();
    zoom(event.deltaY < 0 ? 'in' : 'out');
  }, { passive: false });
  reset();
})();
`;

/** SHA-256 of the script, in base 64. */
export const pageScriptDigest = 'OJms7rKZ+aRI81cfh2pGjklaeC7MxiHSjpZNU1aGIa0=';
