/**
 * Binary relations in two levels: the key column through a directory to a slot, the other column
 * in a set and a vector of that slot (pair-slots.ts). Probes that follow one another for one key
 * stay within that key's few cache lines, which is what makes this five times faster than one hash
 * table over all tuples.
 *
 * Hot loops of generated code work on the fields directly, with locals for what a key has:
 *
 *     for (let i = 0; i < r.currentCount; i++) {           // keys that have a delta
 *       const slot = r.current[i], at = slot << 3, key = r.directory.words[slot];
 *       for (let d = r.slots[at + OLD_END]; d < r.slots[at + DELTA_END]; d++) {
 *         const value = r.vectors.words[r.slots[at + VECTOR_BASE] + d];
 *
 * and insert runs of values under one key with `insertRun`, or its body inlined. Whoever keeps
 * `slots`, `sets.words` or `vectors.words` in a local reads it again after anything that inserts
 * into the same relation. Old and delta do not move within their vector while a round runs; the
 * vector itself may.
 *
 * Pairs that are given once and for all (`isGiven`) stay as they are laid out by the key (csr.ts) until
 * somebody wants more of them than to read them so. Whoever uses the fields, or a method that says so,
 * of a relation that may be packed calls `unpacked` first.
 *
 * Invariants: a key is in `dirty` exactly if it has new values, in `current` exactly if it has a
 * delta; keys without values have no slot once the relation is settled; the reverse index holds the
 * visible tuples.
 */
import { assert } from '../base/assert.js';
import { Arena, POISON } from './arena.js';
import type { Csr } from './csr.js';
import { fillPairs } from './fill-pairs.js';
import { insertRun, noteInserted } from './insert-run.js';
import { layOutRows } from './pack-rows.js';
import { layOutPairs } from './pair-rows.js';
import {
  COUNT,
  DELTA_END,
  OLD_END,
  SLOT_SHIFT,
  SLOT_WORDS,
  VECTOR_BASE,
  clearSet,
  hasValue,
  removeValue,
  reserveVector,
} from './pair-slots.js';
import type { Part, Relation, RelationOptions, VisitRow, Words } from './relation.js';
import { grownCopy } from './storage-limit.js';
import { WordDirectory } from './word-directory.js';
import { WordIndex } from './word-index.js';

/** Room for values of a key, where more are to be expected than come at first. */
const LEAST_ROOM = 4;
/** Longest list of changed keys that a settled relation keeps for the next timestep. */
const MOST_KEPT = 4096;

export class PairRelation implements Relation {
  readonly arity = 2;
  /** The column that is the key; the other is the value. */
  readonly keyColumn: 0 | 1;
  size = 0;
  revision = 0;
  /** Key -> slot. */
  readonly directory = new WordDirectory();
  /** There is always a row of zeros behind the last slot: what a key without a slot has. */
  slots: Int32Array = new Int32Array(4 * SLOT_WORDS);
  readonly sets: Arena;
  readonly vectors: Arena;
  /** Slots with new values. */
  dirty: Int32Array = new Int32Array(4);
  dirtyCount = 0;
  /** Slots with a delta. */
  current: Int32Array = new Int32Array(4);
  currentCount = 0;
  /** A value for which its key had no room: from a cursor to whoever makes room. */
  waiting = 0;
  /** Value -> keys, over the visible tuples; null if no rule reads it. */
  reverse: WordIndex | null = null;
  /** By column, and the revision that it shows. */
  readonly #layouts: [Csr | null, Csr | null] = [null, null];
  readonly #laidOut: [number, number] = [-1, -1];
  /** All there is, by the key, if nobody has wanted more so far. */
  #packed: Csr | null = null;
  /** Rounds that packed pairs have been through: they are new, delta, old. */
  #packedAge = 0;
  /** What readers are handed, when no reader is under way. */
  #row: Int32Array | null = null;
  /** Whether stale arrays are poisoned. */
  readonly checks: boolean;
  /** Whether its pairs come once and for all. */
  readonly isGiven: boolean;
  readonly #isKeyed: boolean;

  constructor(options: RelationOptions = {}) {
    this.keyColumn = options.keyColumn ?? 0;
    this.isGiven = options.isGiven ?? false;
    this.#isKeyed = options.isKeyed ?? false;
    this.checks = options.checks ?? false;
    this.sets = new Arena(this.checks);
    this.vectors = new Arena(this.checks);
    for (const columns of options.indexes ?? []) this.ensureIndex(columns);
  }

  /** Takes over pairs that are laid out by the key; the relation is empty. */
  pack(rows: Csr): void {
    [this.#packed, this.#packedAge, this.size] = [rows, 0, rows.size];
  }

  /** The relation, with every field as it is described above. */
  unpacked(): this {
    const rows = this.#packed;
    if (rows === null) return this;
    const { revision } = this;
    const age = this.#packedAge;
    [this.#packed, this.size] = [null, 0];
    try {
      this.fill(rows);
    } catch (error) {
      // Nobody gives the pairs a second time.
      [this.#packed, this.size, this.revision] = [rows, rows.size, revision];
      throw error;
    }
    for (let round = 0; round < age; round++) this.advance();
    this.revision = revision;
    return this;
  }

  /** Inserts pairs that are laid out by the key; how many of them are new. Of an unpacked relation. */
  insertRows(rows: Csr): number {
    if (this.directory.count === 0) return this.fill(rows);
    let fresh = 0;
    const { offsets, words } = rows;
    for (let place = 0; place < rows.length; place++) {
      const [start, end] = [offsets[place]!, offsets[place + 1]!];
      if (start === end) continue;
      const slot = this.slotFor(rows.keyAt(place));
      reserveVector(this, slot, end - start);
      fresh += this.insertRun(slot, words, start, end);
    }
    return fresh;
  }

  /** The same where the relation is empty. */
  fill(rows: Csr): number {
    try {
      fillPairs(this, rows, this.isGiven || this.#isKeyed ? 1 : LEAST_ROOM);
    } catch (error) {
      this.clear();
      throw error;
    }
    return this.size;
  }

  /** The slot of a key, which gets one if it has none: insert under it before the round ends. */
  slotFor(key: number): number {
    const slot = this.directory.find(key);
    return slot >= 0 ? slot : this.#newSlot(key);
  }

  /** The slot of a key, or the next one to be given out, which is empty. */
  slotOrNext(key: number): number {
    const slot = this.directory.find(key);
    return slot >= 0 ? slot : this.directory.count;
  }

  /** Takes over the keys of a directory, none of which has a value so far; the relation is empty. */
  takeKeys(keys: WordDirectory): void {
    this.slots = grownCopy(this.slots, (keys.count + 1) * SLOT_WORDS);
    this.dirty = grownCopy(this.dirty, keys.count);
    this.directory.become(keys);
  }

  /** Notes that a slot has got values: they are in its vector and set already, up to `count`. */
  noteCount(slot: number, count: number): void {
    noteInserted(this, slot, this.slots[(slot << SLOT_SHIFT) + COUNT]!, count);
  }

  /** For `slot` as `slotOrNext` gave it: notes `count`, then inserts a value; the slot of the key. */
  insertSlowly(slot: number, key: number, count: number, value: number): number {
    if (slot === this.directory.count) this.#newSlot(key);
    else this.noteCount(slot, count);
    this.insertValue(slot, value);
    return slot;
  }

  /** Inserts one value under a key's slot; whether it is new. */
  insertValue(slot: number, value: number): boolean {
    one[0] = value;
    return this.insertRun(slot, one, 0, 1) === 1;
  }

  /** Whether a key has a value in any part. */
  hasPair(key: number, value: number): boolean {
    const slot = this.directory.find(key);
    return slot >= 0 && hasValue(this, slot, value);
  }

  /**
   * Inserts `source[start .. end)` under a key's slot; how many of them are new. The source may be
   * this relation's own `vectors.words`.
   */
  insertRun(slot: number, source: Int32Array, start: number, end: number): number {
    return insertRun(this, slot, source, start, end);
  }

  /** The settled relation as it stands, laid out by a column; made anew when it has changed. */
  rowsBy(column: 0 | 1): Csr {
    const { revision } = this;
    const known = this.#layouts[column];
    if (known !== null && this.#laidOut[column] === revision) return known;
    const rows = this.#layOut(column);
    [this.#layouts[column], this.#laidOut[column]] = [rows, revision];
    return rows;
  }

  has(row: Words): boolean {
    if (this.#packed !== null) this.unpacked();
    return this.hasPair(row[this.keyColumn]!, row[1 - this.keyColumn]!);
  }

  insert(row: Words): boolean {
    if (this.#packed !== null) this.unpacked();
    return this.insertValue(this.slotFor(row[this.keyColumn]!), row[1 - this.keyColumn]!);
  }

  remove(row: Words): boolean {
    if (this.#packed !== null) this.unpacked();
    assert(this.currentCount === 0 && this.dirtyCount === 0, 'tuples leave settled relations only');
    const key = row[this.keyColumn]!;
    const value = row[1 - this.keyColumn]!;
    const slot = this.directory.find(key);
    if (slot < 0 || !hasValue(this, slot, value)) return false;
    removeValue(this, slot, value);
    if (this.slots[(slot << SLOT_SHIFT) + COUNT] === 0) this.#dropSlot(key, slot);
    this.reverse?.remove(value, key);
    this.size--;
    this.revision++;
    return true;
  }

  /** The slot of a key that has a value; -1 for others. */
  placeOf(key: number): number {
    return this.directory.find(key);
  }

  /** A value of a slot. */
  valueAt(slot: number): number {
    return this.vectors.words[this.slots[(slot << SLOT_SHIFT) + VECTOR_BASE]!]!;
  }

  /**
   * Replaces the one value of a key, which `value` is not.
   * Contract: the relation is settled; false, and nothing is done, where the key has more values.
   */
  replaceOnly(slot: number, value: number): boolean {
    const at = slot << SLOT_SHIFT;
    const { slots } = this;
    if (slots[at + COUNT] !== 1) return false;
    assert(this.currentCount === 0 && this.dirtyCount === 0, 'values leave settled relations only');
    const place = slots[at + VECTOR_BASE]!;
    const { words } = this.vectors;
    if (this.reverse !== null) {
      const key = this.directory.words[slot]!;
      this.reverse.remove(words[place]!, key);
      this.reverse.push(value, key);
      this.reverse.age();
    }
    words[place] = value;
    this.revision++;
    return true;
  }

  /** Forgets keys that have got no value, as an insertion leaves one that has ended for want of memory. */
  dropEmptyKeys(): void {
    assert(this.currentCount === 0 && this.dirtyCount === 0, 'keys leave settled relations only');
    const { words } = this.directory;
    for (let slot = this.directory.count - 1; slot >= 0; slot--)
      if (this.slots[(slot << SLOT_SHIFT) + COUNT] === 0) this.#dropSlot(words[slot]!, slot);
  }

  clear(): void {
    this.#layouts[0] = this.#layouts[1] = this.#packed = null;
    const { count } = this.directory;
    if (this.sets.isUsed)
      for (let slot = 0; slot < count; slot++) clearSet(this, slot << SLOT_SHIFT);
    zero(this.slots, count << SLOT_SHIFT);
    this.directory.clear();
    this.sets.reset();
    this.vectors.reset();
    this.reverse?.clear();
    this.dirtyCount = this.currentCount = 0;
    this.size = 0;
    this.revision++;
  }

  advance(): boolean {
    if (this.#packed !== null) return this.#agePacked();
    const { slots, current } = this;
    const changes = this.currentCount > 0 || this.dirtyCount > 0;
    if (!changes) return false;
    for (let i = 0; i < this.currentCount; i++) {
      const at = current[i]! << SLOT_SHIFT;
      slots[at + OLD_END] = slots[at + DELTA_END]!;
    }
    this.current = this.dirty;
    this.dirty = current;
    this.currentCount = this.dirtyCount;
    this.dirtyCount = 0;
    for (let i = 0; i < this.currentCount; i++) {
      const at = this.current[i]! << SLOT_SHIFT;
      slots[at + DELTA_END] = slots[at + COUNT]!;
    }
    if (this.reverse !== null) this.#indexDelta(this.reverse);
    this.revision++;
    return this.currentCount > 0;
  }

  settle(): void {
    if (this.#packed !== null || this.reverse !== null) while (this.advance());
    else if (this.currentCount + this.dirtyCount > 0) this.#settleSlots();
    else return;
    // A large table is filled once and then changed a little at a time.
    if (this.dirty.length > MOST_KEPT) this.dirty = new Int32Array(4);
    if (this.current.length > MOST_KEPT) this.current = new Int32Array(4);
  }

  forEach(part: Part, visit: VisitRow): void {
    if (this.size === 0) return;
    const row = this.#takeRow();
    if (this.#packed !== null) {
      if (
        this.#packedAge > 0 &&
        (part === 'visible' || (this.#packedAge === 1) === (part === 'delta'))
      )
        this.#packed.forEach(row, visit);
    } else if (part === 'delta') {
      for (let i = 0; i < this.currentCount; i++)
        this.#forEachValue(this.current[i]!, part, row, visit);
    } else {
      for (let slot = 0; slot < this.directory.count; slot++)
        this.#forEachValue(slot, part, row, visit);
    }
    this.#giveBack(row);
  }

  probe(columns: readonly number[], words: Words, part: Part, visit: VisitRow): void {
    if (columns.length === 0) return this.forEach(part, visit);
    if (this.size === 0) return;
    this.unpacked();
    const row = this.#takeRow();
    if (columns.length === 2) this.#probePair(words, part, row, visit);
    else if (columns[0] === this.keyColumn) {
      const slot = this.directory.find(words[0]!);
      if (slot >= 0) this.#forEachValue(slot, part, row, visit);
    } else if (this.reverse !== null) {
      row[1 - this.keyColumn] = words[0]!;
      this.reverse.forEach(words[0]!, part, (key) => {
        row[this.keyColumn] = key;
        visit(row);
      });
    } else {
      const column = columns[0]!;
      this.forEach(part, (each) => each[column] === words[0] && visit(each));
    }
    this.#giveBack(row);
  }

  ensureIndex(columns: readonly number[]): void {
    if (columns.length !== 1 || columns[0] === this.keyColumn || this.reverse !== null) return;
    this.unpacked();
    this.reverse = new WordIndex(this.checks);
    for (const part of ['old', 'delta'] as const) {
      this.reverse.age();
      this.forEach(part, (row) => {
        this.reverse!.push(row[1 - this.keyColumn]!, row[this.keyColumn]!);
      });
    }
  }

  forEachWord(mark: (word: number) => void): void {
    if (this.#packed !== null) return this.#packed.forEachWord(mark);
    for (let slot = 0; slot < this.directory.count; slot++) {
      mark(this.directory.words[slot]!);
      const start = this.slots[(slot << SLOT_SHIFT) + VECTOR_BASE]!;
      const end = start + this.slots[(slot << SLOT_SHIFT) + COUNT]!;
      for (let i = start; i < end; i++) mark(this.vectors.words[i]!);
    }
  }

  bytes(): number {
    const own = this.slots.byteLength + this.dirty.byteLength + this.current.byteLength;
    const arenas = this.sets.bytes() + this.vectors.bytes();
    const layouts = new Set([...this.#layouts, this.#packed]);
    let rows = 0;
    for (const each of layouts) rows += each?.bytes() ?? 0;
    return own + arenas + rows + this.directory.bytes() + (this.reverse?.bytes() ?? 0);
  }

  #layOut(column: 0 | 1): Csr {
    const rows = this.#packed;
    if (rows === null) return layOutPairs(this, column);
    if (column === this.keyColumn) return rows;
    return layOutRows([rows.column(0), rows.column(1)], column);
  }

  #agePacked(): boolean {
    if (this.#packedAge === 2) return false;
    this.revision++;
    return ++this.#packedAge === 1;
  }

  #settleSlots(): void {
    const { slots, current, dirty } = this;
    for (let i = 0; i < this.currentCount; i++) {
      const at = current[i]! << SLOT_SHIFT;
      slots[at + OLD_END] = slots[at + DELTA_END] = slots[at + COUNT]!;
    }
    for (let i = 0; i < this.dirtyCount; i++) {
      const at = dirty[i]! << SLOT_SHIFT;
      slots[at + OLD_END] = slots[at + DELTA_END] = slots[at + COUNT]!;
    }
    this.currentCount = this.dirtyCount = 0;
    this.revision++;
  }

  #takeRow(): Int32Array {
    const row = this.#row ?? new Int32Array(2);
    this.#row = null;
    return row;
  }

  #giveBack(row: Int32Array): void {
    if (this.checks) row.fill(POISON);
    else this.#row = row;
  }

  #newSlot(key: number): number {
    const end = (this.directory.count + 2) * SLOT_WORDS;
    if (end > this.slots.length) this.slots = grownCopy(this.slots, end);
    return this.directory.append(key);
  }

  #dropSlot(key: number, slot: number): void {
    this.directory.remove(key);
    const from = this.directory.count << SLOT_SHIFT;
    const to = slot << SLOT_SHIFT;
    if (from !== to) this.slots.copyWithin(to, from, from + SLOT_WORDS);
    this.slots.fill(0, from, from + SLOT_WORDS);
  }

  #indexDelta(reverse: WordIndex): void {
    reverse.age();
    const { slots } = this;
    const words = this.vectors.words;
    for (let i = 0; i < this.currentCount; i++) {
      const slot = this.current[i]!;
      const key = this.directory.words[slot]!;
      const at = slot << SLOT_SHIFT;
      const start = slots[at + VECTOR_BASE]!;
      const end = start + slots[at + DELTA_END]!;
      for (let d = start + slots[at + OLD_END]!; d < end; d++) reverse.push(words[d]!, key);
    }
  }

  #forEachValue(slot: number, part: Part, row: Int32Array, visit: VisitRow): void {
    const at = slot << SLOT_SHIFT;
    const end = this.slots[at + (part === 'old' ? OLD_END : DELTA_END)]!;
    for (let i = part === 'delta' ? this.slots[at + OLD_END]! : 0; i < end; i++) {
      row[this.keyColumn] = this.directory.words[slot]!;
      row[1 - this.keyColumn] = this.vectors.words[this.slots[at + VECTOR_BASE]! + i]!;
      visit(row);
    }
  }

  #probePair(words: Words, part: Part, row: Int32Array, visit: VisitRow): void {
    const slot = this.directory.find(words[this.keyColumn]!);
    if (slot < 0 || !hasValue(this, slot, words[1 - this.keyColumn]!)) return;
    const at = slot << SLOT_SHIFT;
    const base = this.slots[at + VECTOR_BASE]!;
    const place = this.vectors.words.indexOf(words[1 - this.keyColumn]!, base) - base;
    const old = this.slots[at + OLD_END]!;
    const isOf = part === 'visible' || (part === 'old') === place < old;
    if (!isOf || place >= this.slots[at + DELTA_END]!) return;
    row[0] = words[0]!;
    row[1] = words[1]!;
    visit(row);
  }
}

/** Zeroes the first words, of which there are often few. */
function zero(words: Int32Array, count: number): void {
  if (count > 64) words.fill(0, 0, count);
  else for (let i = 0; i < count; i++) words[i] = 0;
}

/** The run of one value that `insertValue` inserts. */
const one = new Int32Array(1);
