/**
 * A growable vector of words for each slot of some directory: the second level of an index. It is
 * written only when its relation advances, so that a vector is `[old | delta]` and never holds what
 * a round has just derived.
 *
 * Generated code reads it so: with `m = slot << ENTRY_SHIFT`, entries are in `vectors.words` from
 * `slots[m + ENTRY_BASE]` on; `slots[m + ENTRY_OLD]` of them are old, `slots[m + ENTRY_COUNT]` are
 * visible.
 *
 * Invariant: a slot is in `#touched` exactly if it has a delta.
 */
import { Arena } from './arena.js';
import { grownCopy } from './storage-limit.js';

export const ENTRY_SHIFT = 2;
export const ENTRY_BASE = 0;
/** 0 or a power of two. */
const ENTRY_CAPACITY = 1;
/** End of the delta. */
export const ENTRY_COUNT = 2;
/** End of the old entries. */
export const ENTRY_OLD = 3;

export class SlotVectors {
  slots: Int32Array = new Int32Array(16);
  readonly vectors: Arena;
  #touched: Int32Array = new Int32Array(16);
  #touchedCount = 0;

  constructor(checks: boolean) {
    this.vectors = new Arena(checks);
  }

  /** Makes what was the delta old. */
  age(): void {
    const { slots } = this;
    for (let i = 0; i < this.#touchedCount; i++) {
      const at = this.#touched[i]! << ENTRY_SHIFT;
      slots[at + ENTRY_OLD] = slots[at + ENTRY_COUNT]!;
    }
    this.#touchedCount = 0;
  }

  /** Adds an entry to the delta of a slot; its place in the vector. */
  pushEntry(slot: number, entry: number): number {
    const at = slot << ENTRY_SHIFT;
    if (at >= this.slots.length) this.slots = grownCopy(this.slots, at + 4);
    const count = this.slots[at + ENTRY_COUNT]!;
    if (count === this.slots[at + ENTRY_OLD]) this.#touch(slot);
    if (count === this.slots[at + ENTRY_CAPACITY]) this.#grow(at, count === 0 ? 2 : count * 2);
    this.vectors.words[this.slots[at + ENTRY_BASE]! + count] = entry;
    this.slots[at + ENTRY_COUNT] = count + 1;
    return count;
  }

  /**
   * Takes out the entry at a place of a settled slot; the last entry moves there and is returned
   * (or the entry itself if it was the last). `isEmpty` tells what is left.
   */
  removeAt(slot: number, place: number): number {
    const { slots } = this;
    const at = slot << ENTRY_SHIFT;
    const base = slots[at + ENTRY_BASE]!;
    const count = slots[at + ENTRY_COUNT]! - 1;
    const moved = this.vectors.words[base + count]!;
    this.vectors.words[base + place] = moved;
    slots[at + ENTRY_COUNT] = slots[at + ENTRY_OLD] = count;
    const capacity = slots[at + ENTRY_CAPACITY]!;
    if (count === 0) {
      this.vectors.release(base, 31 - Math.clz32(capacity));
      slots[at + ENTRY_CAPACITY] = 0;
    } else if (count * 4 <= capacity) this.#grow(at, capacity / 2);
    return moved;
  }

  /** The place of an entry that is there. */
  placeOf(slot: number, entry: number): number {
    const at = slot << ENTRY_SHIFT;
    const base = this.slots[at + ENTRY_BASE]!;
    return this.vectors.words.lastIndexOf(entry, base + this.slots[at + ENTRY_COUNT]! - 1) - base;
  }

  isEmpty(slot: number): boolean {
    return this.slots[(slot << ENTRY_SHIFT) + ENTRY_COUNT] === 0;
  }

  /** Moves what is kept for slot `from` to the empty slot `to`. */
  moveSlot(from: number, to: number): void {
    const source = from << ENTRY_SHIFT;
    if (from !== to) this.slots.copyWithin(to << ENTRY_SHIFT, source, source + 4);
    this.slots.fill(0, source, source + 4);
  }

  /** Forgets the entries of the first `count` slots, which are all. */
  clearSlots(count: number): void {
    this.slots.fill(0, 0, count << ENTRY_SHIFT);
    this.vectors.reset();
    this.#touchedCount = 0;
  }

  bytes(): number {
    return this.slots.byteLength + this.#touched.byteLength + this.vectors.bytes();
  }

  #touch(slot: number): void {
    if (this.#touchedCount === this.#touched.length)
      this.#touched = grownCopy(this.#touched, this.#touchedCount + 1);
    this.#touched[this.#touchedCount++] = slot;
  }

  #grow(at: number, capacity: number): void {
    const { slots, vectors } = this;
    const before = slots[at + ENTRY_CAPACITY]!;
    const from = slots[at + ENTRY_BASE]!;
    const count = slots[at + ENTRY_COUNT]!;
    const to = vectors.allocate(31 - Math.clz32(capacity));
    const { words } = vectors;
    if (count > 64) words.copyWithin(to, from, from + count);
    else for (let i = 0; i < count; i++) words[to + i] = words[from + i]!;
    if (before > 0) vectors.release(from, 31 - Math.clz32(before));
    slots[at + ENTRY_BASE] = to;
    slots[at + ENTRY_CAPACITY] = capacity;
  }
}
