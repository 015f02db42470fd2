/** A dependency graph as lines for people: relations by stratum, then one line per edge. */
import type { DependencyGraph } from '../analysis/dependency-graph.js';

/** `link -[+ joined, path#1]-> path`; the time stands before the head where it is not `now`. */
export function renderGraphText(graph: DependencyGraph): string {
  const kinds = new Map(graph.relations.map(({ name, kind }) => [name, kind]));
  const strata = graph.strata.map(
    (names, i) =>
      `stratum ${i}: ${names.map((name) => `${name} (${kinds.get(name) ?? ''})`).join(', ')}`,
  );
  const edges = graph.edges.map(({ from, to, sign, role, ruleName, time, action }) => {
    const head = `${action === 'derive' ? '' : `${action} `}${to}${time === 'now' || action !== 'derive' ? '' : `@${time}`}`;
    return `${from} -[${sign} ${role}, ${ruleName}]-> ${head}`;
  });
  return [...strata, '', ...edges].join('\n').trimEnd() + '\n';
}
