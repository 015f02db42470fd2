/**
 * Many tuples into a relation at once: facts and large batches. They are laid out by a column first
 * (pack-rows.ts), so that each key's set and vector get their size once, what belongs together
 * lies together, in the order of keys where keys are close together, and duplicates are looked for
 * within a group. Tuple by tuple every insertion would go to another end of memory, and every vector
 * would move as it grows.
 */
import { packRows } from './pack-rows.js';
import { PairRelation } from './pair-relation.js';
import type { Relation } from './relation.js';
import { WideRelation } from './wide-relation.js';

/** Fewest rows for which grouping pays; with checks on, few do, so that both ways are tried. */
const [LEAST_BULK, LEAST_BULK_CHECKED] = [256, 4];

/** Whether so many rows go into the relation group by group. */
export function isBulk(relation: Relation, rows: number): boolean {
  if (rows < LEAST_BULK_CHECKED) return false;
  const isMany = relation instanceof PairRelation || relation instanceof WideRelation;
  return isMany && rows >= (relation.checks ? LEAST_BULK_CHECKED : LEAST_BULK);
}

/** Inserts pairs; how many of them are new. */
export function insertColumns(
  pairs: PairRelation,
  columns: readonly [Int32Array, Int32Array],
): number {
  const rows = packRows(columns, pairs.keyColumn);
  if (pairs.size > 0 || !pairs.isGiven) return pairs.unpacked().insertRows(rows);
  pairs.pack(rows);
  return rows.size;
}

/** Puts rows, of which there is at least one, into an empty relation; how many different ones there are. */
export function fillRows(relation: WideRelation, columns: readonly Int32Array[]): number {
  const rows = packRows(columns, 0);
  relation.pack(rows);
  return rows.size;
}
