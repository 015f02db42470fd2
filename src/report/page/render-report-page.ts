/**
 * The report as one self-contained HTML page: nothing is fetched, and without its script it still
 * reads from top to bottom. With it, graph and source light up together.
 */
import { version } from '../../base/version.js';
import { graphLegend, renderGraphSvg } from '../../viz/graph-svg.js';
import { embeddedJson, tag, trusted } from '../../viz/markup.js';
import type { Content, Markup } from '../../viz/markup.js';
import { annotateSource } from '../annotate-source.js';
import { confluenceGraph } from '../confluence-graph.js';
import type { ConfluenceGraph } from '../confluence-graph.js';
import { declaredLines } from '../declared-overrides.js';
import { fileName } from '../json-parts.js';
import { insertions } from '../mechanism-words.js';
import type { MonotonicityReport } from '../monotonicity-report.js';
import { observableSection, prose, verdictTable } from './page-observables.js';
import { pageData } from './page-paths.js';
import { pageScript, pageScriptDigest } from './page-script.js';
import { sourcePane } from './page-source.js';
import { pageStyle } from './page-style.js';
import { relationsTable, rulesTable } from './page-tables.js';

/** Vertices beyond which a picture of everything helps nobody: then only what is to blame is drawn. */
const mostVertices = 150;

export function renderReportPage(report: MonotonicityReport): string {
  const files = annotateSource(report);
  const whole = confluenceGraph(report);
  const graph = whole.vertices.length > mostVertices ? blamedPart(report, whole) : whole;
  const title = `${fileName(report.program.name)} · Trellis report`;
  const unmet = report.observables.flatMap(({ met }, i) => (met ? [] : [i]));
  const remarks = declaredLines(report);
  const page = tag(
    'html',
    { lang: 'en' },
    head(title),
    tag(
      'body',
      {},
      tag('header', {}, tag('h1', {}, fileName(report.program.name)), lead(report)),
      tag(
        'main',
        {},
        section('Verdicts', verdictTable(report)),
        remarks === ''
          ? []
          : remarks
              .trimEnd()
              .split('\n')
              .map((line) => tag('p', {}, prose(line))),
        section(
          'Dataflow and source',
          graph === whole ? [] : partNote(whole, graph),
          tag(
            'div',
            { class: 'split', id: 'dataflow' },
            graphPane(graph),
            sourcePane(report.program, files),
          ),
        ),
        unmet.map((index) => observableSection(report, files, index)),
        section('Rules', rulesTable(report, files)),
        section('Relations', relationsTable(report)),
      ),
      tag('footer', {}, `Trellis ${version}. This page needs no network.`),
      tag(
        'script',
        { type: 'application/json', id: 'page-data' },
        embeddedJson(pageData(report, graph, files)),
      ),
      tag('script', {}, trusted(pageScript)),
    ),
  );
  return `<!DOCTYPE html>\n${page.markup}\n`;
}

function head(title: string): Markup {
  const policy = `default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-${pageScriptDigest}'; base-uri 'none'; form-action 'none'`;
  return tag(
    'head',
    {},
    tag('meta', { charset: 'utf-8' }),
    tag('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    tag('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    tag('title', {}, title),
    tag('style', {}, trusted(pageStyle)),
  );
}

/** What it all comes to, in one sentence. */
function lead({ observables, plan }: MonotonicityReport): Markup {
  const unmet = observables.filter(({ met }) => !met);
  const inserted = insertions(plan);
  const count = `${observables.length} observable${observables.length === 1 ? '' : 's'}`;
  const words =
    unmet.length === 0
      ? `${count}, every obligation met without coordination: none needed, none inserted.`
      : plan.orderedLog !== null || plan.seals.length > 0
        ? `${count}, ${unmet.length} of which ${unmet.length === 1 ? 'needs' : 'need'} more than the network gives: ${inserted.join('; ')}.`
        : `${count}, ${unmet.length} of which ${unmet.length === 1 ? 'has' : 'have'} an obligation that is not met; no coordination inserted.`;
  return tag('p', { class: 'lead' }, prose(words));
}

function section(title: string, ...content: readonly Content[]): Markup {
  return tag('section', {}, tag('h2', {}, title), content);
}

function graphPane(graph: ConfluenceGraph): Markup {
  const zoom = (how: string, label: string, words: string): Markup =>
    tag('button', { class: 'js', type: 'button', 'data-zoom': how, 'aria-label': label }, words);
  return tag(
    'section',
    { class: 'panel pane graph-pane', 'aria-label': 'Dataflow' },
    tag(
      'div',
      { class: 'pane-head' },
      tag('h3', {}, 'Dataflow, from what comes in to what is shown'),
      zoom('out', 'Smaller', '−'),
      zoom('in', 'Larger', '+'),
      zoom('fit', 'Fit the width', 'Fit'),
      tag('button', { class: 'js', type: 'button', 'data-clear': true }, 'Clear'),
    ),
    tag('div', { class: 'canvas' }, renderGraphSvg(graph, 'Dataflow graph')),
    tag('div', { class: 'inspector', id: 'inspector', role: 'status', 'aria-live': 'polite' }),
    graphLegend(),
  );
}

/** The relations on the ways of all blames, and the edges between them. */
function blamedPart({ observables }: MonotonicityReport, graph: ConfluenceGraph): ConfluenceGraph {
  const named = new Set([
    ...observables.map(({ relation }) => relation),
    ...observables.flatMap(({ blame }) => blame.flatMap(({ path }) => path)),
  ]);
  const vertices = graph.vertices.filter(({ name }) => named.has(name)).slice(0, mostVertices);
  const kept = new Set(vertices.map(({ name }) => name));
  return { vertices, edges: graph.edges.filter(({ from, to }) => kept.has(from) && kept.has(to)) };
}

function partNote(whole: ConfluenceGraph, part: ConfluenceGraph): Markup {
  return tag(
    'p',
    { class: 'hint' },
    `The program has ${whole.vertices.length} relations: drawn are the ${part.vertices.length} that are shown or on the way of a blame.`,
  );
}
