/**
 * The dataflow of a program as the report shows it: relations with their determinism, and an edge for
 * every relation that a rule reads, with its sign. A rule that reads a relation twice is one edge.
 */
import { buildDependencyGraph } from '../analysis/dependency-graph.js';
import { stationName } from '../analysis/made-up-relations.js';
import type { EdgeTime, Sign } from '../analysis/dependency-graph.js';
import type { RuleLetter } from '../analysis/classify-rules.js';
import type { RelationReport } from '../analysis/confluence-report.js';
import type { MonotonicityReport } from './monotonicity-report.js';

export interface GraphVertex extends RelationReport {
  /** What to call it: a relation that was made up stands for one that is written. */
  readonly shown: string;
  /** Whether the outside sees it, and as what. */
  readonly observable: 'output' | 'view' | null;
  /** Whether its obligation is met; null where it has none. */
  readonly met: boolean | null;
}
export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** Index in `Program.rules`. */
  readonly rule: number;
  /** What to call the rule. */
  readonly ruleName: string;
  readonly letter: RuleLetter;
  readonly sign: Sign;
  readonly time: EdgeTime;
  readonly action: 'derive' | 'delete' | 'upsert';
}
export interface ConfluenceGraph {
  /** Sorted by name. */
  readonly vertices: readonly GraphVertex[];
  /** In order of rule and literal. */
  readonly edges: readonly GraphEdge[];
}

export function confluenceGraph(report: MonotonicityReport): ConfluenceGraph {
  const observables = new Map(report.observables.map((o) => [o.relation, o]));
  const letters = new Map(report.rules.map(({ id, letter }) => [id, letter]));
  const vertices = report.relations.map((relation): GraphVertex => {
    const observable = observables.get(relation.name);
    const shown = stationName(report.program, relation.name);
    return {
      ...relation,
      shown,
      observable: observable?.kind ?? null,
      met: observable?.met ?? null,
    };
  });
  const edges = new Map<string, GraphEdge>();
  for (const edge of buildDependencyGraph(report.program).edges) {
    const { from, to, rule, sign, time, action } = edge;
    const ruleName = stationName(report.program, edge.ruleName);
    const key = `${rule} ${from} ${to}`;
    const known = edges.get(key);
    const letter = letters.get(rule) ?? 'monotone';
    const both = known === undefined || known.sign === sign ? sign : '+-';
    edges.set(key, { from, to, rule, ruleName, letter, sign: both, time, action });
  }
  return { vertices, edges: [...edges.values()] };
}
