/**
 * A confluence graph in Graphviz's DOT language: relations filled by their determinism (grey never
 * changes, green confluent, amber convergent, red divergent), replicated ones with a double border,
 * edges labelled with the rule and the sign, in the colour of the rule's letter; `@next` dashed,
 * `@async` dotted.
 */
import type { ConfluenceGraph, GraphEdge, GraphVertex } from '../report/confluence-graph.js';
import { dotQuote, dotShape, dotStyle } from './dot-text.js';

const fills = { D0: '#e5e7eb', D1: '#bbf7d0', D2: '#fde68a', D3: '#fecaca' } as const;
const lines = { monotone: '#374151', convergent: '#b45309', divergent: '#b91c1c' } as const;

/** One `digraph`, complete with its line feed. */
export function renderConfluenceDot({ vertices, edges }: ConfluenceGraph): string {
  return [
    'digraph report {',
    '  rankdir=LR;',
    '  node [style=filled, fontname="monospace"];',
    '  edge [fontname="monospace"];',
    ...vertices.map((vertex) => `  ${dotQuote(vertex.name)} [${vertexAttributes(vertex)}];`),
    ...edges.map(
      (edge) => `  ${dotQuote(edge.from)} -> ${dotQuote(edge.to)} [${edgeAttributes(edge)}];`,
    ),
    '}',
    '',
  ].join('\n');
}

function vertexAttributes({
  shown,
  kind,
  durable,
  growth,
  determinism,
  replicated,
  met,
}: GraphVertex): string {
  const promise = met === null ? '' : met ? ', met' : ', NOT met';
  const label = `${shown}\n${durable ? 'durable ' : ''}${kind}, ${growth}\n${determinism}${promise}`;
  const peripheries = replicated ? ', peripheries=2' : '';
  return `label=${dotQuote(label)}, shape=${dotShape(kind)}, fillcolor="${fills[determinism]}"${peripheries}`;
}

function edgeAttributes({ ruleName, sign, letter, time, action }: GraphEdge): string {
  const what = action === 'derive' ? '' : `${action} `;
  const label = `${what}${ruleName} ${sign}`;
  const arrow = sign === '+' ? 'normal' : sign === '-' ? 'tee' : 'dot';
  return `label=${dotQuote(label)}, style=${dotStyle(time)}, arrowhead=${arrow}, color="${lines[letter]}"`;
}
