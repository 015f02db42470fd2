/**
 * The facts and inputs that a run begins with, and how they fall to the nodes: rows of located
 * relations go by their `@` column, those of cluster-wide ones to their owners unless a node is named,
 * other facts without a node to every node, inputs without one to the first node.
 */
import { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { RelationFacts } from '../evaluator/evaluator.js';
import type { FactEntry, NodeProgram } from './configuration.js';

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

/** The facts of one node of the sorted cluster. */
export function factsOf(
  workload: Workload,
  node: string,
  cluster: readonly string[],
  program: Pick<NodeProgram, 'locationByRelation' | 'entryByRelation'>,
): readonly RelationFacts[] {
  return workload.facts.flatMap((fact) => {
    const { relation, rows } = fact;
    const entry = program.entryByRelation.get(relation);
    if (entry !== undefined && (fact.node === null || entry.isFixed))
      return [{ relation: entry.relation, rows: ownedRows(rows, entry, node, cluster) }];
    if (fact.node !== null && fact.node !== node) return [];
    if (entry !== undefined) return [{ relation: entry.relation, rows }];
    const location = program.locationByRelation.get(relation);
    if (location === undefined) return [{ relation, rows }];
    if (rows instanceof Table) return [{ relation, rows: rows.where(location, node) }];
    return [{ relation, rows: rows.filter((row) => row[location] === node) }];
  });
}

/** The rows that a node owns. */
function ownedRows(
  rows: readonly Row[] | Table,
  { columns, ownerOf }: FactEntry,
  node: string,
  cluster: readonly string[],
): readonly Row[] | Table {
  const isOwn = (values: Row): boolean => cluster[ownerOf(values, cluster.length)] === node;
  const [first, ...others] = columns;
  if (rows instanceof Table && first !== undefined && others.length === 0)
    return rows.select(first, (word) => isOwn([word >= 0 ? word : rows.values[~word]!]));
  return [...rows].filter((row) => isOwn(columns.map((column) => row[column]!)));
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
