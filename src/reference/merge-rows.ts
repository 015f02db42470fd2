/**
 * Rows with lattice columns. Those that agree on all other columns are one row, whose lattice
 * columns are merged: t(k, a) and t(k, b) are t(k, a merge b).
 */
import { rowKey, type Row } from '../base/value.js';
import { PartialError } from '../builtins/function.js';
import { mergeLatticeValues } from '../builtins/lattice.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Relation } from '../semantics/program.js';
import { reportMerge } from './report-merge.js';

const latticeColumns = new WeakMap<Relation, ReadonlySet<number>>();

function columnsOf(relation: Relation): ReadonlySet<number> {
  let columns = latticeColumns.get(relation);
  if (columns === undefined) {
    const indices = relation.columns.flatMap(({ type }, i) => (isLatticeType(type) ? [i] : []));
    latticeColumns.set(relation, (columns = new Set(indices)));
  }
  return columns;
}

/** Whether the relation has a column that merges. */
export function mergesRows(relation: Relation): boolean {
  return columnsOf(relation).size > 0;
}

/** The text of everything in a row that is not merged. */
export function settledKey(relation: Relation, row: Row): string {
  const merged = columnsOf(relation);
  return rowKey(row.filter((_, i) => !merged.has(i)));
}

/** The row that holds what both hold; throws `TimestepFailure` where a lattice from TypeScript cannot merge. */
export function mergeRows(relation: Relation, a: Row, b: Row): Row {
  const merged = columnsOf(relation);
  try {
    return a.map((value, i) => (merged.has(i) ? mergeLatticeValues(value, b[i]!) : value));
  } catch (error) {
    if (!(error instanceof PartialError)) throw error;
    throw reportMerge(relation, error, [a, b]);
  }
}
