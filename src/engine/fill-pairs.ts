/**
 * Pairs into an empty binary relation, all at once: each key gets its vector and set in the size
 * that they need, and what belongs together lies together, in the order of keys.
 */
import type { Csr } from './csr.js';
import { noteInserted } from './insert-run.js';
import type { PairRelation } from './pair-relation.js';
import {
  capacityFor,
  growSet,
  MOST_SCANNED,
  SLOT_SHIFT,
  VECTOR_BASE,
  VECTOR_CAPACITY,
} from './pair-slots.js';
import { WordDirectory } from './word-directory.js';

/**
 * Contract: `rows` is laid out by the relation's key. When it throws, the relation is to be cleared.
 * `leastRoom`: of a key, in values; a power of two.
 */
export function fillPairs(pairs: PairRelation, rows: Csr, leastRoom: number): void {
  const { offsets, words } = rows;
  const keys = rows.keys();
  let room = 0;
  for (let place = 0; place < rows.length; place++) {
    const size = offsets[place + 1]! - offsets[place]!;
    if (size > 0) room += Math.max(leastRoom, capacityFor(size));
  }
  pairs.takeKeys(WordDirectory.of(keys));
  let base = pairs.vectors.allocateAll(room);
  const values = pairs.vectors.words;
  const { slots } = pairs;
  for (let place = 0, slot = 0; place < rows.length; place++) {
    const start = offsets[place]!;
    const size = offsets[place + 1]! - start;
    if (size === 0) continue;
    const at = slot << SLOT_SHIFT;
    for (let i = 0; i < size; i++) values[base + i] = words[start + i]!;
    slots[at + VECTOR_BASE] = base;
    const capacity = Math.max(leastRoom, capacityFor(size));
    slots[at + VECTOR_CAPACITY] = capacity;
    noteInserted(pairs, slot, 0, size);
    if (size > MOST_SCANNED) growSet(pairs, slot, words[start]!);
    base += capacity;
    slot++;
  }
}
