/**
 * A confluence graph as SVG: relations as boxes in the colour of their determinism, replicated ones
 * as a pile, edges with the sign of the literal in a disc. Colours come from the page's style by
 * class, so that light and dark are one picture; what colour says, text says too.
 */
import type { ConfluenceGraph, GraphEdge, GraphVertex } from '../report/confluence-graph.js';
import { join, tag } from './markup.js';
import type { Markup } from './markup.js';
import { placeGraph } from './place-graph.js';
import type { Point } from './place-graph.js';

const nameWidth = 8;
const smallWidth = 6.4;
const longestName = 34;
const boxHeight = 46;
const signSize = 20;
const pileSize = 6;

/** Ids of vertices and edges are their places in the graph: `v3`, `e7`. */
export function renderGraphSvg(graph: ConfluenceGraph, title: string): Markup {
  const ids = new Map(graph.vertices.map(({ name }, i) => [name, `v${i}`]));
  // A pile takes more room than its uppermost sheet, and edges end at the pile.
  const boxes = graph.vertices.map((vertex, i) => {
    const pile = vertex.replicated ? pileSize : 0;
    return { id: `v${i}`, width: boxWidth(vertex) + pile, height: boxHeight + pile };
  });
  const links = graph.edges.map(({ from, to }, i) => ({
    id: `e${i}`,
    from: ids.get(from) ?? '',
    to: ids.get(to) ?? '',
    label: { width: signSize, height: signSize },
  }));
  const shown = new Map(graph.vertices.map((vertex) => [vertex.name, vertex.shown]));
  const nameOf = (name: string): string => shown.get(name) ?? name;
  const placed = placeGraph(boxes, links);
  const edges = graph.edges.map((edge, i) => {
    const { points, label } = placed.links.get(`e${i}`)!;
    const ends = { from: ids.get(edge.from) ?? '', to: ids.get(edge.to) ?? '' };
    const named = { ...edge, from: nameOf(edge.from), to: nameOf(edge.to) };
    return edgeSvg(named, `e${i}`, ends, points, label);
  });
  const vertices = graph.vertices.map((vertex, i) =>
    vertexSvg(vertex, `v${i}`, placed.boxes.get(`v${i}`)!),
  );
  return tag(
    'svg',
    {
      id: 'graph',
      viewBox: `0 0 ${placed.width} ${placed.height}`,
      width: placed.width,
      height: placed.height,
      role: 'group',
      'aria-label': title,
    },
    edges,
    vertices,
  );
}

function boxWidth(vertex: GraphVertex): number {
  const name = Math.min(longestName, vertex.shown.length) * nameWidth;
  return Math.max(name, captionOf(vertex).length * smallWidth) + 28;
}

function captionOf({ kind, durable, determinism, observable }: GraphVertex): string {
  const shown = observable === null || observable === kind ? '' : ', shown';
  return `${durable ? 'durable ' : ''}${kind}${shown} · ${determinism}`;
}

function vertexSvg(vertex: GraphVertex, id: string, middle: Point): Markup {
  const { shown: name, kind, durable, determinism, replicated, met } = vertex;
  const width = boxWidth(vertex);
  const x = middle.x - (replicated ? pileSize / 2 : 0);
  const y = middle.y + (replicated ? pileSize / 2 : 0);
  const left = x - width / 2;
  const top = y - boxHeight / 2;
  const radius = ['channel', 'loopback', 'input', 'periodic'].includes(kind) ? 22 : 6;
  const box = (shift: number, className: string): Markup =>
    tag('rect', {
      class: className,
      x: left + shift,
      y: top - shift,
      width,
      height: boxHeight,
      rx: radius,
    });
  const promise = met === null ? '' : met ? ', obligation met' : ', obligation not met';
  const label = `${durable ? 'durable ' : ''}${kind} ${name}, ${determinism}${replicated ? ', replicated' : ''}${promise}`;
  const mark =
    met === null ? [] : [text(met ? 'met' : 'unmet', left + width - 14, top + 16, met ? '✓' : '✗')];
  return tag(
    'g',
    {
      id,
      class: `vertex ${determinism} ${kind}`,
      tabindex: 0,
      role: 'button',
      'aria-label': label,
    },
    tag('title', {}, label),
    replicated ? [box(pileSize, 'box back'), box(pileSize / 2, 'box back')] : [],
    box(0, 'box'),
    text('name', x, y - 2, shorten(name)),
    text('caption', x, y + 14, captionOf(vertex)),
    mark,
  );
}

function shorten(name: string): string {
  return name.length <= longestName ? name : `${name.slice(0, longestName - 1)}…`;
}

function text(className: string, x: number, y: number, content: string): Markup {
  return tag('text', { class: className, x, y, 'text-anchor': 'middle' }, content);
}

const signs = { '+': '+', '-': '−', '+-': '±' } as const;
const signWords = { '+': 'plus', '-': 'minus', '+-': 'either way' } as const;

function edgeSvg(
  edge: GraphEdge,
  id: string,
  ends: { readonly from: string; readonly to: string },
  points: readonly Point[],
  label: Point,
): Markup {
  const { from, to, ruleName, letter, sign, time, action, rule } = edge;
  const when = time === 'now' ? '' : `, @${time}`;
  const what = action === 'derive' ? '' : `, ${action}s`;
  const title = `${ruleName}: ${from} to ${to}, ${signWords[sign]}${when}${what} (${letter})`;
  return tag(
    'g',
    {
      id,
      class: `edge ${letter} ${time}`,
      'data-rule': rule,
      'data-from': ends.from,
      'data-to': ends.to,
    },
    tag('title', {}, title),
    tag('path', { class: 'wide', d: curve(points) }),
    tag('path', { class: 'line', d: curve(points) }),
    tag('polygon', { class: 'head', points: arrowHead(points) }),
    tag('circle', { class: 'disc', cx: label.x, cy: label.y, r: 9 }),
    text('sign', label.x, label.y + 5, signs[sign]),
  );
}

/** A smooth line through the middles of the segments. */
function curve(points: readonly Point[]): string {
  const [first, ...others] = points;
  if (first === undefined) return '';
  const steps = others.map((point, i) => {
    const next = others[i + 1];
    if (next === undefined) return `L${point.x} ${point.y}`;
    return `Q${point.x} ${point.y} ${(point.x + next.x) / 2} ${(point.y + next.y) / 2}`;
  });
  return `M${first.x} ${first.y}${steps.join('')}`;
}

/** A triangle at the end of a line. */
export function arrowHead(points: readonly Point[], size = 8): string {
  const tip = points.at(-1) ?? { x: 0, y: 0 };
  const before = points.at(-2) ?? { x: tip.x, y: tip.y - 1 };
  const length = Math.hypot(tip.x - before.x, tip.y - before.y) || 1;
  const [dx, dy] = [(tip.x - before.x) / length, (tip.y - before.y) / length];
  const corner = (side: number): string => {
    const x = tip.x - dx * size - side * dy * size * 0.5;
    const y = tip.y - dy * size + side * dx * size * 0.5;
    return `${Math.round(x * 10) / 10},${Math.round(y * 10) / 10}`;
  };
  return `${tip.x},${tip.y} ${corner(1)} ${corner(-1)}`;
}

/** What the marks of the picture mean. */
export function graphLegend(): Markup {
  const item = (className: string, words: string): Markup =>
    tag('li', {}, tag('span', { class: `key ${className}` }), words);
  return join([
    tag(
      'ul',
      { class: 'legend' },
      item('D0', 'D0: never changes'),
      item('D1', 'D1: confluent'),
      item('D2', 'D2: convergent'),
      item('D3', 'D3: divergent'),
      item('pile', 'replicated'),
    ),
    tag(
      'p',
      { class: 'legend' },
      '+ grows with it, − against it, ± either way. Solid: same timestep; dashed: @next; dotted: @async. Edges in the colour of the rule’s letter.',
    ),
  ]);
}
