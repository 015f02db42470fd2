/**
 * The facts and inputs that a run begins with, and how they fall to the nodes: rows of located
 * relations go by their `@` column, facts without a node to every node, inputs without one to the
 * first node.
 */
import { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { RelationFacts } from '../evaluator/evaluator.js';

export interface Workload {
  readonly facts: readonly WorkloadFact[];
  readonly inputs: readonly WorkloadInput[];
}
export interface WorkloadFact {
  /** Null: by the relation's `@` column, or at every node. */
  readonly node: string | null;
  readonly relation: string;
  readonly rows: readonly Row[] | Table;
}
export interface WorkloadInput {
  /** Null: by the relation's `@` column, or at the first node. */
  readonly node: string | null;
  readonly relation: string;
  readonly row: Row;
  /** Node time at which it enters; null: as soon as possible, or when the scheduler chooses. */
  readonly atMs: number | null;
}

/** The facts of one node. */
export function factsOf(
  workload: Workload,
  node: string,
  locationByRelation: ReadonlyMap<string, number>,
): readonly RelationFacts[] {
  return workload.facts.flatMap((fact) => {
    if (fact.node !== null && fact.node !== node) return [];
    const { relation, rows } = fact;
    const location = locationByRelation.get(relation);
    if (location === undefined) return [{ relation, rows }];
    if (rows instanceof Table) return [{ relation, rows: rows.where(location, node) }];
    return [{ relation, rows: rows.filter((row) => row[location] === node) }];
  });
}

/** The node that an input enters at. */
export function nodeOfInput(
  input: WorkloadInput,
  nodes: readonly string[],
  locationByRelation: ReadonlyMap<string, number>,
): string {
  const location = locationByRelation.get(input.relation);
  const address = location === undefined ? undefined : input.row[location];
  if (typeof address === 'string') return address;
  return input.node ?? nodes[0]!;
}
