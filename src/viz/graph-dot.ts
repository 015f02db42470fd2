/**
 * A dependency graph in Graphviz's DOT language: negative edges end in a dot and are red, edges
 * that are aggregated are orange, `@next` edges are dashed, `@async` edges dotted; relations
 * of one stratum share a rank. Channels that go through the ordered log have a double rim.
 */
import type { DependencyEdge, DependencyGraph } from '../analysis/dependency-graph.js';
import { dotLabel, dotQuote, dotShape, dotStyle } from './dot-text.js';

/** One `digraph`, complete with its line feed; `ordered`: the channels of the ordered log; `nameOf`: what to call relations and rules. */
export function renderGraphDot(
  graph: DependencyGraph,
  ordered: readonly string[] = [],
  nameOf: (name: string) => string = (name) => name,
): string {
  const vertices = graph.relations.map(({ name, kind }) => {
    const rim = ordered.includes(name) ? ', peripheries=2, xlabel="ordered log"' : '';
    return `  ${dotQuote(name)} [${dotLabel(name, nameOf)}shape=${dotShape(kind)}${rim}];`;
  });
  const ranks = graph.strata.map(
    (names) => `  { rank=same; ${names.map((name) => `${dotQuote(name)};`).join(' ')} }`,
  );
  const edges = graph.edges.map(
    (edge) => `  ${dotQuote(edge.from)} -> ${dotQuote(edge.to)} [${edgeAttributes(edge, nameOf)}];`,
  );
  return ['digraph program {', '  rankdir=LR;', ...vertices, ...ranks, ...edges, '}', ''].join(
    '\n',
  );
}

function edgeAttributes(edge: DependencyEdge, nameOf: (name: string) => string): string {
  const look =
    edge.role === 'negated'
      ? 'color=red, arrowhead=dot'
      : edge.role === 'aggregated'
        ? 'color=orange'
        : 'color=black';
  return `label=${dotQuote(nameOf(edge.ruleName))}, style=${dotStyle(edge.time)}, ${look}`;
}
