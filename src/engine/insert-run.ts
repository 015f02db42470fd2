/**
 * Inserting runs of values under one key of a binary relation: the innermost loops of recursion,
 * one for each shape that a key's set has, with all that a key has in locals. When a set must grow
 * in the middle of a run, the rest of the run goes through `insertRun` again, by the new shape.
 *
 * Invariants: `slots` is not replaced here, for no key is added; whatever allocates from the arena
 * of vectors may replace its array, so it is read again after, also as the source if the relation
 * feeds itself. A released segment of the same key is not given out again before the run ends. When
 * an allocation throws, what was inserted before is noted and nothing is half done.
 */
import {
  BITSET,
  COUNT,
  DELTA_END,
  MOST_SCANNED,
  SET_BASE,
  SET_LOW,
  SET_SHAPE,
  SLOT_SHIFT,
  VECTOR_BASE,
  VECTOR_CAPACITY,
  growSet,
  growVector,
  type PairSlots,
} from './pair-slots.js';
import { grownCopy } from './storage-limit.js';
import { GOLDEN } from './word.js';

/** What a binary relation keeps beside its slots. */
export interface PairRuns extends PairSlots {
  dirty: Int32Array;
  dirtyCount: number;
  size: number;
}

/** Inserts `source[start .. end)` under a key's slot; how many of them are new. */
export function insertRun(
  pairs: PairRuns,
  slot: number,
  source: Int32Array,
  start: number,
  end: number,
): number {
  const shape = pairs.slots[(slot << SLOT_SHIFT) + SET_SHAPE]!;
  if (shape === 0) return insertScanned(pairs, slot, source, start, end);
  if (shape >= BITSET) return insertIntoBitset(pairs, slot, source, start, end);
  return insertIntoTable(pairs, slot, source, start, end);
}

function insertScanned(
  pairs: PairRuns,
  slot: number,
  source: Int32Array,
  start: number,
  end: number,
): number {
  const at = slot << SLOT_SHIFT;
  const { vectors, slots } = pairs;
  let words = vectors.words;
  const isOwn = source === words;
  const before = slots[at + COUNT]!;
  let noted = before;
  let count = before;
  let base = slots[at + VECTOR_BASE]!;
  let capacity = slots[at + VECTOR_CAPACITY]!;
  for (let i = start; i < end; i++) {
    const value = source[i]!;
    const stop = base + count;
    let place = base;
    while (place < stop && words[place] !== value) place++;
    if (place < stop) continue;
    if (count === MOST_SCANNED) {
      noteInserted(pairs, slot, noted, count);
      growSet(pairs, slot, value);
      return count - before + insertRun(pairs, slot, isOwn ? words : source, i, end);
    }
    if (count === capacity) {
      noteInserted(pairs, slot, noted, count);
      noted = count;
      growVector(pairs, slot);
      words = vectors.words;
      base = slots[at + VECTOR_BASE]!;
      capacity = slots[at + VECTOR_CAPACITY]!;
      if (isOwn) source = words;
    }
    words[base + count++] = value;
  }
  noteInserted(pairs, slot, noted, count);
  return count - before;
}

function insertIntoTable(
  pairs: PairRuns,
  slot: number,
  source: Int32Array,
  start: number,
  end: number,
): number {
  const at = slot << SLOT_SHIFT;
  const { slots } = pairs;
  let words = pairs.vectors.words;
  const isOwn = source === words;
  const sets = pairs.sets.words;
  const shape = slots[at + SET_SHAPE]!;
  const first = slots[at + SET_BASE]!;
  const mask = (1 << shape) - 1;
  const shift = 32 - shape;
  const limit = (3 << shape) >> 2;
  const before = slots[at + COUNT]!;
  let noted = before;
  let count = before;
  let base = slots[at + VECTOR_BASE]!;
  let capacity = slots[at + VECTOR_CAPACITY]!;
  for (let i = start; i < end; i++) {
    const value = source[i]!;
    const stored = (value + 1) | 0;
    let cell = Math.imul(stored, GOLDEN) >>> shift;
    let held = sets[first + cell]!;
    while (held !== 0 && held !== stored) {
      cell = (cell + 1) & mask;
      held = sets[first + cell]!;
    }
    if (held === stored) continue;
    if (count >= limit) {
      noteInserted(pairs, slot, noted, count);
      growSet(pairs, slot, value);
      return count - before + insertRun(pairs, slot, isOwn ? words : source, i, end);
    }
    if (count === capacity) {
      noteInserted(pairs, slot, noted, count);
      noted = count;
      growVector(pairs, slot);
      words = pairs.vectors.words;
      base = slots[at + VECTOR_BASE]!;
      capacity = slots[at + VECTOR_CAPACITY]!;
      if (isOwn) source = words;
    }
    sets[first + cell] = stored;
    words[base + count++] = value;
  }
  noteInserted(pairs, slot, noted, count);
  return count - before;
}

function insertIntoBitset(
  pairs: PairRuns,
  slot: number,
  source: Int32Array,
  start: number,
  end: number,
): number {
  const at = slot << SLOT_SHIFT;
  const { slots } = pairs;
  let words = pairs.vectors.words;
  const isOwn = source === words;
  const sets = pairs.sets.words;
  const outside = -32 << (slots[at + SET_SHAPE]! - BITSET);
  const first = slots[at + SET_BASE]!;
  const low = slots[at + SET_LOW]!;
  const before = slots[at + COUNT]!;
  let noted = before;
  let count = before;
  let base = slots[at + VECTOR_BASE]!;
  let capacity = slots[at + VECTOR_CAPACITY]!;
  for (let i = start; i < end; i++) {
    const value = source[i]!;
    const bit = (value - low) | 0;
    if ((bit & outside) !== 0) {
      noteInserted(pairs, slot, noted, count);
      growSet(pairs, slot, value);
      return count - before + insertRun(pairs, slot, isOwn ? words : source, i, end);
    }
    const place = first + (bit >>> 5);
    const held = sets[place]!;
    const marked = held | (1 << (bit & 31));
    if (held === marked) continue;
    if (count === capacity) {
      noteInserted(pairs, slot, noted, count);
      noted = count;
      growVector(pairs, slot);
      words = pairs.vectors.words;
      base = slots[at + VECTOR_BASE]!;
      capacity = slots[at + VECTOR_CAPACITY]!;
      if (isOwn) source = words;
    }
    sets[place] = marked;
    words[base + count++] = value;
  }
  noteInserted(pairs, slot, noted, count);
  return count - before;
}

/** Writes back the count of a key that may have got new values. */
export function noteInserted(pairs: PairRuns, slot: number, before: number, count: number): void {
  if (count === before) return;
  const at = slot << SLOT_SHIFT;
  if (before === pairs.slots[at + DELTA_END]) noteDirty(pairs, slot);
  pairs.slots[at + COUNT] = count;
  pairs.size += count - before;
}

function noteDirty(pairs: PairRuns, slot: number): void {
  if (pairs.dirtyCount === pairs.dirty.length)
    pairs.dirty = grownCopy(pairs.dirty, pairs.dirtyCount + 1);
  pairs.dirty[pairs.dirtyCount++] = slot;
}
