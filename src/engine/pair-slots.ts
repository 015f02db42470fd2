/**
 * The second level of a binary relation: what it keeps for each key (slot of the directory), in
 * `SLOT_WORDS` consecutive words; what readers need is the second half of them, which comes with one
 * cache line wherever the array begins.
 *
 * A key's values are in a vector, in order of arrival, `[old | delta | new]`: index, delta log and
 * order of iteration in one. Up to `MOST_SCANNED` values the vector is also the set; beyond that a
 * set of its own tells duplicates: an open-addressing table of `2 ** shape` cells that hold
 * `value + 1` (0 is empty, the hash is the high bits of a product), or, where values lie so close
 * together that it takes no more room, a bitset of `2 ** (shape - BITSET)` words from `SET_LOW` on.
 * Sets are always rebuilt from the vector, which is contiguous.
 *
 * Invariants: the vector of `COUNT` values has no duplicates; a key of one value has no set; a table is at most 3/4 full; released
 * set segments are zero.
 */
import type { Arena } from './arena.js';
import { GOLDEN } from './word.js';

/** Words kept for each key; slot `s` begins at `s << SLOT_SHIFT`. */
export const SLOT_WORDS = 8;
export const SLOT_SHIFT = 3;

/** Where the set begins in the arena of sets. */
export const SET_BASE = 0;
/** 0: the vector is scanned; below `BITSET`: table of `2 ** shape` cells; from `BITSET` on: bitset. */
export const SET_SHAPE = 1;
/** The value of the first bit of a bitset. */
export const SET_LOW = 2;
/** Room of the vector: 0 or a power of two. */
export const VECTOR_CAPACITY = 3;
/** Where the vector begins in the arena of vectors. */
export const VECTOR_BASE = 4;
/** Values of the key: end of `new`. */
export const COUNT = 5;
/** End of `old`. */
export const OLD_END = 6;
/** End of `delta`. */
export const DELTA_END = 7;

/** Least shape of a bitset. */
export const BITSET = 32;
/** Most values that are looked for in the vector itself. */
export const MOST_SCANNED = 8;

const MOST_BITSET_CLASS = 24;

/** What the functions of this file work on; `slots` may be replaced by whoever adds keys. */
export interface PairSlots {
  slots: Int32Array;
  readonly sets: Arena;
  readonly vectors: Arena;
}

/** Whether a key has a value, in whatever part. */
export function hasValue(pairs: PairSlots, slot: number, value: number): boolean {
  const { slots } = pairs;
  const at = slot << SLOT_SHIFT;
  const shape = slots[at + SET_SHAPE]!;
  const base = slots[at + SET_BASE]!;
  if (shape === 0) {
    const vectors = pairs.vectors.words;
    const start = slots[at + VECTOR_BASE]!;
    const end = start + slots[at + COUNT]!;
    for (let i = start; i < end; i++) if (vectors[i] === value) return true;
    return false;
  }
  const sets = pairs.sets.words;
  if (shape >= BITSET) {
    const bit = (value - slots[at + SET_LOW]!) | 0;
    if ((bit & (-32 << (shape - BITSET))) !== 0) return false;
    return (sets[base + (bit >>> 5)]! & (1 << (bit & 31))) !== 0;
  }
  return sets[cellOf(sets, base, shape, value)] !== 0;
}

/** The cell of a table that holds a value, or the empty one where it belongs. */
function cellOf(sets: Int32Array, base: number, shape: number, value: number): number {
  const stored = (value + 1) | 0;
  const mask = (1 << shape) - 1;
  let cell = Math.imul(stored, GOLDEN) >>> (32 - shape);
  for (;;) {
    const held = sets[base + cell]!;
    if (held === 0 || held === stored) return base + cell;
    cell = (cell + 1) & mask;
  }
}

/** Doubles the room of a key's vector. */
export function growVector(pairs: PairSlots, slot: number): void {
  const capacity = pairs.slots[(slot << SLOT_SHIFT) + VECTOR_CAPACITY]!;
  moveVector(pairs, slot, capacity === 0 ? 2 : Math.max(4, capacity * 2));
}

function moveVector(pairs: PairSlots, slot: number, capacity: number): void {
  const { slots, vectors } = pairs;
  const at = slot << SLOT_SHIFT;
  const before = slots[at + VECTOR_CAPACITY]!;
  const from = slots[at + VECTOR_BASE]!;
  const to = vectors.allocate(31 - Math.clz32(capacity));
  const count = slots[at + COUNT]!;
  const { words } = vectors;
  if (count > 64) words.copyWithin(to, from, from + count);
  else for (let i = 0; i < count; i++) words[to + i] = words[from + i]!;
  if (before > 0) vectors.release(from, 31 - Math.clz32(before));
  slots[at + VECTOR_BASE] = to;
  slots[at + VECTOR_CAPACITY] = capacity;
}

/** Makes room in a key's vector for so many more values. */
export function reserveVector(pairs: PairSlots, slot: number, more: number): void {
  const at = slot << SLOT_SHIFT;
  const needed = pairs.slots[at + COUNT]! + more;
  if (needed > pairs.slots[at + VECTOR_CAPACITY]!) moveVector(pairs, slot, capacityFor(needed));
}

/** The room of a vector of so many values, at least one. */
export function capacityFor(values: number): number {
  return 1 << (32 - Math.clz32(values - 1));
}

/** Gives a key's set room for one more value: larger, of another shape, or with a window that has the value in it. */
export function growSet(pairs: PairSlots, slot: number, value: number): void {
  const { slots } = pairs;
  const at = slot << SLOT_SHIFT;
  const shape = slots[at + SET_SHAPE]!;
  const count = slots[at + COUNT]!;
  if (shape >= BITSET && widenBitset(pairs, at, value)) return;
  const values = pairs.vectors.words;
  const start = slots[at + VECTOR_BASE]!;
  let least = value;
  let most = value;
  for (let i = start; i < start + count; i++) {
    const each = values[i]!;
    if (each < least) least = each;
    else if (each > most) most = each;
  }
  const tableClass = tableClassFor(count + 1);
  const bitsetClass = bitsetClassFor(most - least + 1);
  // A bitset stays one at twice the size at which a table becomes one, or the two would alternate.
  const largest = shape >= BITSET ? tableClass + 1 : tableClass;
  const isBitset = bitsetClass <= Math.min(largest, MOST_BITSET_CLASS);
  // Before anything is changed, for there may be no room.
  const base = pairs.sets.allocate(isBitset ? bitsetClass : tableClass);
  clearSet(pairs, at);
  if (isBitset) {
    const room = 32 * 2 ** bitsetClass - (most - least + 1);
    slots[at + SET_LOW] = least - (value === least ? room - (room >> 2) : room >> 2);
  }
  slots[at + SET_SHAPE] = isBitset ? BITSET + bitsetClass : tableClass;
  slots[at + SET_BASE] = base;
  fillSet(pairs, at);
}

/**
 * Moves a bitset's words into a larger one whose window has the value in it, which lies outside:
 * a set that grows along its values is not filled again value by value.
 */
function widenBitset(pairs: PairSlots, at: number, value: number): boolean {
  const { slots, sets } = pairs;
  const before = slots[at + SET_SHAPE]! - BITSET;
  const bit = (value - slots[at + SET_LOW]!) | 0;
  const size = 32 * 2 ** before;
  if (bit >= 0 && bit < size) return false;
  const range = bit < 0 ? size - bit : bit + 1;
  const sizeClass = bitsetClassFor(range);
  const largest = Math.min(tableClassFor(slots[at + COUNT]! + 1) + 1, MOST_BITSET_CLASS);
  if (sizeClass > largest) return false;
  const base = sets.allocate(sizeClass);
  const { words } = sets;
  const from = slots[at + SET_BASE]!;
  // Most of the room is left where the set has just grown.
  const room = (32 * 2 ** sizeClass - range) >> 2;
  const ahead = bit < 0 ? 2 ** sizeClass - 2 ** before - (room >> 5) : room >> 5;
  for (let i = 0; i < 2 ** before; i++) words[base + ahead + i] = words[from + i]!;
  clearSet(pairs, at);
  slots[at + SET_LOW]! -= 32 * ahead;
  slots[at + SET_SHAPE] = BITSET + sizeClass;
  slots[at + SET_BASE] = base;
  return true;
}

/** The class of a table for so many values. */
function tableClassFor(values: number): number {
  return Math.max(4, 32 - Math.clz32(Math.ceil((values * 4) / 3) - 1));
}

/** The class of a bitset over so many values, with some room at the sides. */
function bitsetClassFor(range: number): number {
  return Math.max(0, Math.ceil(Math.log2((range * 1.25) / 32)));
}

/** Zeroes and gives back a key's set; the key is scanned from then on. */
export function clearSet(pairs: PairSlots, at: number): void {
  const { slots, sets } = pairs;
  const shape = slots[at + SET_SHAPE]!;
  if (shape === 0) return;
  const sizeClass = shape >= BITSET ? shape - BITSET : shape;
  const base = slots[at + SET_BASE]!;
  sets.words.fill(0, base, base + 2 ** sizeClass);
  sets.release(base, sizeClass);
  slots[at + SET_SHAPE] = 0;
}

/** Fills the new set that is noted in the slot from the vector. */
function fillSet(pairs: PairSlots, at: number): void {
  const { slots } = pairs;
  const shape = slots[at + SET_SHAPE]!;
  const base = slots[at + SET_BASE]!;
  const sets = pairs.sets.words;
  const values = pairs.vectors.words;
  const low = slots[at + SET_LOW]!;
  const start = slots[at + VECTOR_BASE]!;
  const end = start + slots[at + COUNT]!;
  for (let i = start; i < end; i++) {
    const value = values[i]!;
    if (shape >= BITSET) {
      const bit = (value - low) | 0;
      sets[base + (bit >>> 5)]! |= 1 << (bit & 31);
    } else sets[cellOf(sets, base, shape, value)] = (value + 1) | 0;
  }
}

/**
 * Gives a key the values of another one in place of its own, with room for so many; all of its own
 * are new. How many it has then is returned, for the caller to note.
 */
export function copyValues(pairs: PairSlots, from: number, to: number, room: number): number {
  const { slots, sets, vectors } = pairs;
  const [source, target] = [from << SLOT_SHIFT, to << SLOT_SHIFT];
  const shape = slots[source + SET_SHAPE]!;
  const sizeClass = shape >= BITSET ? shape - BITSET : shape;
  const capacity = capacityFor(room);
  // Before the key is changed, for there may be no room.
  const base = vectors.allocate(31 - Math.clz32(capacity));
  const set = shape === 0 ? 0 : sets.allocate(sizeClass);
  const count = slots[source + COUNT]!;
  const begin = slots[source + VECTOR_BASE]!;
  vectors.words.copyWithin(base, begin, begin + count);
  clearSet(pairs, target);
  if (shape !== 0) {
    const first = slots[source + SET_BASE]!;
    sets.words.copyWithin(set, first, first + 2 ** sizeClass);
  }
  const before = slots[target + VECTOR_CAPACITY]!;
  if (before > 0) vectors.release(slots[target + VECTOR_BASE]!, 31 - Math.clz32(before));
  [slots[target + SET_BASE], slots[target + SET_SHAPE]] = [set, shape];
  slots[target + SET_LOW] = slots[source + SET_LOW]!;
  [slots[target + VECTOR_BASE], slots[target + VECTOR_CAPACITY]] = [base, capacity];
  return count;
}

/** Takes a value, which must be there, out of a settled key. */
export function removeValue(pairs: PairSlots, slot: number, value: number): void {
  const { slots } = pairs;
  const at = slot << SLOT_SHIFT;
  const values = pairs.vectors.words;
  const start = slots[at + VECTOR_BASE]!;
  const count = slots[at + COUNT]! - 1;
  removeFromSet(pairs, at, value);
  // Found at or before the last value, so the search never leaves the vector.
  values[values.lastIndexOf(value, start + count)] = values[start + count]!;
  slots[at + COUNT] = slots[at + OLD_END] = slots[at + DELTA_END] = count;
  shrink(pairs, slot, count);
}

function removeFromSet(pairs: PairSlots, at: number, value: number): void {
  const { slots } = pairs;
  const shape = slots[at + SET_SHAPE]!;
  if (shape === 0) return;
  const base = slots[at + SET_BASE]!;
  const sets = pairs.sets.words;
  if (shape >= BITSET) {
    const bit = (value - slots[at + SET_LOW]!) | 0;
    sets[base + (bit >>> 5)]! &= ~(1 << (bit & 31));
    return;
  }
  const mask = (1 << shape) - 1;
  let hole = cellOf(sets, base, shape, value) - base;
  for (let cell = (hole + 1) & mask; sets[base + cell] !== 0; cell = (cell + 1) & mask) {
    const home = Math.imul(sets[base + cell]!, GOLDEN) >>> (32 - shape);
    if (((cell - home) & mask) < ((cell - hole) & mask)) continue;
    sets[base + hole] = sets[base + cell]!;
    hole = cell;
  }
  sets[base + hole] = 0;
}

/** Gives back room when a key has become much smaller than what it holds. */
function shrink(pairs: PairSlots, slot: number, count: number): void {
  const { slots, vectors } = pairs;
  const at = slot << SLOT_SHIFT;
  const shape = slots[at + SET_SHAPE]!;
  const capacity = slots[at + VECTOR_CAPACITY]!;
  if (shape !== 0 && count <= MOST_SCANNED / 2) clearSet(pairs, at);
  else if (shape !== 0 && count * 8 < 2 ** (shape >= BITSET ? shape - BITSET : shape)) {
    const any = vectors.words[slots[at + VECTOR_BASE]!]!;
    growSet(pairs, slot, any);
  }
  if (count === 0) {
    vectors.release(slots[at + VECTOR_BASE]!, 31 - Math.clz32(capacity));
    slots[at + VECTOR_CAPACITY] = 0;
  } else if (count * 4 <= capacity) moveVector(pairs, slot, capacity / 2);
}
