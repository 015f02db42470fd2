/**
 * Many tuples into a binary relation at once: facts and large batches. They are grouped by key
 * first, so that each key's set and vector get their size once, vectors lie one after another in the
 * order of keys where keys are close together, and all values of a key go in as one run. Tuple by
 * tuple every insertion would go to another end of memory, and every vector would move as it grows.
 */
import type { Row } from '../base/value.js';
import { forEachAscending } from './ascending-keys.js';
import type { PairRelation } from './pair-relation.js';
import { reserveVector } from './pair-slots.js';
import type { RowCodec } from './row-codec.js';
import { zeroedWords } from './storage-limit.js';

/** Fewest rows for which grouping pays. */
export const LEAST_BULK = 256;

/** Inserts all rows; how many of them are new. */
export function insertRows(pairs: PairRelation, rows: readonly Row[], codec: RowCodec): number {
  const { keyColumn } = pairs;
  const keys = zeroedWords(rows.length);
  const values = zeroedWords(rows.length);
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    keys[i] = codec.word(row[keyColumn]!, keyColumn);
    values[i] = codec.word(row[1 - keyColumn]!, 1 - keyColumn);
  }
  return insertColumns(pairs, keys, values);
}

/** Inserts `values[i]` under `keys[i]` for every `i`; how many pairs are new. */
export function insertColumns(pairs: PairRelation, keys: Int32Array, values: Int32Array): number {
  if (pairs.size === 0) forEachAscending(keys, (key) => void pairs.slotFor(key));
  const slotOf = zeroedWords(keys.length);
  for (let i = 0; i < keys.length; i++) slotOf[i] = pairs.slotFor(keys[i]!);
  return insertGroups(pairs, slotOf, values);
}

function insertGroups(pairs: PairRelation, slotOf: Int32Array, values: Int32Array): number {
  const slots = pairs.directory.count;
  const ends = zeroedWords(slots + 1);
  for (let i = 0; i < slotOf.length; i++) ends[slotOf[i]! + 1]!++;
  for (let slot = 0; slot < slots; slot++) ends[slot + 1]! += ends[slot]!;
  const next = ends.slice();
  const grouped = zeroedWords(values.length);
  for (let i = 0; i < slotOf.length; i++) grouped[next[slotOf[i]!]!++] = values[i]!;
  let fresh = 0;
  for (let slot = 0; slot < slots; slot++) {
    const [start, end] = [ends[slot]!, ends[slot + 1]!];
    if (start === end) continue;
    reserveVector(pairs, slot, end - start);
    fresh += pairs.insertRun(slot, grouped, start, end);
  }
  return fresh;
}
