/**
 * A dependency graph in Graphviz's DOT language: negative edges end in a dot and are red, edges
 * that are aggregated are orange, `@next` edges are dashed, `@async` edges dotted; relations
 * of one stratum share a rank.
 */
import type { DependencyEdge, DependencyGraph } from '../analysis/dependency-graph.js';

const shapes: Readonly<Record<string, string>> = {
  table: 'cylinder',
  static: 'folder',
  channel: 'cds',
  loopback: 'cds',
  input: 'invhouse',
  periodic: 'invhouse',
  output: 'house',
  view: 'note',
  scratch: 'box',
};

/** One `digraph`, complete with its line feed. */
export function renderGraphDot(graph: DependencyGraph): string {
  const vertices = graph.relations.map(
    ({ name, kind }) => `  ${quote(name)} [shape=${shapes[kind] ?? 'box'}];`,
  );
  const ranks = graph.strata.map(
    (names) => `  { rank=same; ${names.map((name) => `${quote(name)};`).join(' ')} }`,
  );
  const edges = graph.edges.map(
    (edge) => `  ${quote(edge.from)} -> ${quote(edge.to)} [${edgeAttributes(edge)}];`,
  );
  return ['digraph program {', '  rankdir=LR;', ...vertices, ...ranks, ...edges, '}', ''].join(
    '\n',
  );
}

function edgeAttributes(edge: DependencyEdge): string {
  const style = { now: 'solid', next: 'dashed', async: 'dotted' }[edge.time];
  const look =
    edge.role === 'negated'
      ? 'color=red, arrowhead=dot'
      : edge.role === 'aggregated'
        ? 'color=orange'
        : 'color=black';
  return `label=${quote(edge.ruleName)}, style=${style}, ${look}`;
}

function quote(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}
