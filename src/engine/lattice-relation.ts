/**
 * Relations with lattice columns: rows that agree on all other ("plain") columns are one row, whose
 * lattice columns are merged in place. Beside the directory of plain words stands an array of
 * values, and a list of the keys whose values have grown:
 *
 *     directory: plain words -> slot     values[slot * width + j]     dirty, current: slots
 *
 * Marks are those of keys: `advance` makes the keys that grew in this round the delta. A value that
 * grows is seen at once, also by whoever walks the delta of the same round: what reads it within
 * the fixpoint is monotone in it, so a newer value gives all that the older one gave, sooner.
 *
 * Generated code works on the fields of a relation with one plain column directly: it looks slots
 * up in `directory`, compares `values[slot * width + j]`, and calls `create` or `raise` only for
 * what is new. Both may replace `values`.
 *
 * What a timestep does to a table up to its fixpoint is in a journal: slots that are new stand at
 * the end, of the others the value before is kept, once a timestep. (Alvaro, Conway, Hellerstein
 * and Maier, "Logic and lattices for distributed programming", 2012, section 3.3.)
 */
import { assert } from '../base/assert.js';
import type { Part, Relation, RelationOptions, VisitRow, Words } from './relation.js';
import { RowIndex } from './row-index.js';
import { grownCopy, grownLength } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';
import { WordDirectory } from './word-directory.js';

/** How a lattice column merges. */
export interface MergedColumn {
  readonly column: number;
  /** The merged word; `held` itself where nothing is new in `word`. May throw `PartialError`. */
  readonly merge: (held: number, word: number) => number;
}

export interface LatticeOptions extends Pick<RelationOptions, 'indexes' | 'checks'> {
  /** Whether it stays from timestep to timestep, so that a journal tells what a timestep changes. */
  readonly isTable?: boolean;
}

/** Flags of a slot: it grew in this round, it is of the delta, it changed in this timestep. */
const [DIRTY, DELTA, CHANGED] = [1, 2, 4];
/** Longest list that is kept for the next timestep. */
const MOST_KEPT = 4096;

/** How to look rows up by some columns. */
interface Access {
  /** Where the words of plain columns stand among the words given. */
  readonly plain: readonly number[];
  readonly hasAllPlain: boolean;
  readonly index: RowIndex | null;
}

export class LatticeRelation implements Relation {
  readonly arity: number;
  revision = 0;
  /** Columns that are not merged, ascending. */
  readonly plain: readonly number[];
  readonly merged: readonly MergedColumn[];
  readonly width: number;
  /** Of a relation with one plain column; else it stays empty. */
  readonly directory = new WordDirectory();
  /** Of any other relation. */
  readonly #tuples: TupleDirectory | null;
  values: Int32Array;
  flags: Uint8Array = new Uint8Array(16);
  /** Slots below it are visible. */
  visibleEnd = 0;
  dirty: Int32Array = new Int32Array(4);
  dirtyCount = 0;
  /** Slots of the delta. */
  current: Int32Array = new Int32Array(4);
  currentCount = 0;
  /** How often values have grown. */
  #raises = 0;
  readonly #journal = new Journal();
  readonly #indexes = new Map<string, RowIndex>();
  readonly #accesses = new Map<string, Access>();
  readonly #staged: Int32Array;
  readonly #merging: Int32Array;
  readonly #checks: boolean;

  readonly #isTable: boolean;

  constructor(arity: number, merged: readonly MergedColumn[], options: LatticeOptions = {}) {
    this.arity = arity;
    this.merged = merged;
    this.width = merged.length;
    const isMerged = new Set(merged.map(({ column }) => column));
    this.plain = Array.from({ length: arity }, (_, i) => i).filter((i) => !isMerged.has(i));
    this.#tuples = this.plain.length === 1 ? null : new TupleDirectory(this.plain.length);
    this.values = new Int32Array(4 * this.width);
    this.#staged = new Int32Array(this.plain.length);
    this.#merging = new Int32Array(this.width);
    this.#checks = options.checks ?? false;
    this.#isTable = options.isTable ?? false;
    for (const columns of options.indexes ?? []) this.ensureIndex(columns);
  }

  get size(): number {
    return (this.#tuples ?? this.directory).count;
  }

  has(row: Words): boolean {
    const slot = this.#find(row);
    return slot >= 0 && this.#holds(slot, row);
  }

  /** Merges a row; whether its key is new, or has grown for the first time in this timestep. */
  insert(row: Words): boolean {
    const slot = this.#find(row);
    if (slot < 0) return this.#append(row);
    let grows = false;
    for (let j = 0; j < this.width; j++) {
      const { column, merge } = this.merged[j]!;
      const held = this.values[slot * this.width + j]!;
      this.#merging[j] = merge(held, row[column]!);
      if (this.#merging[j] !== held) grows = true;
    }
    if (!grows) return false;
    const isFirst = this.#noteGrowth(slot);
    for (let j = 0; j < this.width; j++) this.values[slot * this.width + j] = this.#merging[j]!;
    return isFirst;
  }

  /** Adds a key that is not there, of one plain and one lattice column. */
  create(key: number, word: number): void {
    const slot = this.directory.append(key);
    this.#makeRoom(slot);
    this.values[slot] = word;
    this.#noteNew(slot);
  }

  /** Replaces the one value of a slot by a greater one; whether this is its first change in this timestep. */
  raise(slot: number, word: number): boolean {
    const isFirst = this.#noteGrowth(slot);
    this.values[slot] = word;
    return isFirst;
  }

  /** Whether a slot is of the delta. */
  isDelta(slot: number): boolean {
    return (this.flags[slot]! & DELTA) !== 0;
  }

  remove(row: Words): boolean {
    assert(this.currentCount + this.dirtyCount === 0, 'tuples leave settled relations only');
    const slot = this.#find(row);
    if (slot < 0 || !this.#holds(slot, row)) return false;
    this.#removeSlot(slot);
    this.revision++;
    return true;
  }

  /** The row that has the same plain words, in a new array; null if there is none. */
  rowLike(row: Words): Int32Array | null {
    const slot = this.#find(row);
    return slot < 0 ? null : this.#read(slot, new Int32Array(this.arity));
  }

  clear(): void {
    this.flags.fill(0, 0, this.size);
    for (const index of this.#indexes.values()) index.clear();
    (this.#tuples ?? this.directory).clear();
    this.dirtyCount = this.currentCount = this.visibleEnd = 0;
    this.#journal.forget();
    this.revision++;
  }

  advance(): boolean {
    if (this.dirtyCount + this.currentCount === 0) return false;
    const { flags, current } = this;
    for (let i = 0; i < this.currentCount; i++) flags[current[i]!]! &= ~DELTA;
    this.current = this.dirty;
    this.currentCount = this.dirtyCount;
    this.dirty = current;
    this.dirtyCount = 0;
    const end = this.size;
    if (this.currentCount > end >> 5) this.#listInOrder(end);
    else for (let i = 0; i < this.currentCount; i++) flags[this.current[i]!]! ^= DIRTY | DELTA;
    if (end > this.visibleEnd)
      for (const index of this.#indexes.values()) index.advance(this.visibleEnd, end);
    this.visibleEnd = end;
    this.revision++;
    return this.currentCount > 0;
  }

  settle(): void {
    while (this.advance());
    if (this.dirty.length > MOST_KEPT) this.dirty = new Int32Array(4);
    if (this.current.length > MOST_KEPT) this.current = new Int32Array(4);
  }

  forEach(part: Part, visit: VisitRow): void {
    const row = new Int32Array(this.arity);
    if (part === 'delta') {
      for (let i = 0; i < this.currentCount; i++) visit(this.#read(this.current[i]!, row));
      return;
    }
    const end = this.visibleEnd;
    for (let slot = 0; slot < end; slot++)
      if (part === 'visible' || !this.isDelta(slot)) visit(this.#read(slot, row));
  }

  probe(columns: readonly number[], words: Words, part: Part, visit: VisitRow): void {
    const access = this.#accessFor(columns);
    const row = new Int32Array(this.arity);
    const offer = (slot: number): void => {
      if (slot >= this.visibleEnd || !this.#isOf(slot, part)) return;
      this.#read(slot, row);
      if (columns.every((column, i) => row[column] === words[i])) visit(row);
    };
    if (access.hasAllPlain) {
      for (const [i, at] of access.plain.entries()) this.#staged[i] = words[at]!;
      const slot = this.#findStaged();
      if (slot >= 0) offer(slot);
    } else if (access.index !== null)
      access.index.forEach(
        access.plain.map((at) => words[at]!),
        'visible',
        offer,
      );
    else this.forEach(part, (each) => columns.every((c, i) => each[c] === words[i]) && visit(each));
  }

  /** Rows are found by their plain columns; what their values are is looked at afterwards. */
  ensureIndex(columns: readonly number[]): void {
    const places = this.#placesOf(columns);
    const name = places.join();
    if (places.length === 0 || places.length === this.plain.length || this.#indexes.has(name))
      return;
    const index = new RowIndex(this.#tuples!, places, this.#checks);
    index.advance(0, this.visibleEnd);
    this.#indexes.set(name, index);
    this.#accesses.clear();
  }

  forEachWord(mark: (word: number) => void): void {
    const plain = this.#tuples ?? this.directory;
    for (let i = 0; i < plain.count * this.plain.length; i++) mark(plain.words[i]!);
    for (let i = 0; i < plain.count * this.width; i++) mark(this.values[i]!);
  }

  bytes(): number {
    let bytes = this.values.byteLength + this.flags.byteLength;
    bytes += this.dirty.byteLength + this.current.byteLength;
    for (const index of this.#indexes.values()) bytes += index.bytes();
    return bytes + (this.#tuples ?? this.directory).bytes();
  }

  /** How often values have grown since this was asked last. */
  takeRaises(): number {
    const raises = this.#raises;
    this.#raises = 0;
    return raises;
  }

  /** A timestep begins: its changes are noted until `endJournal`. */
  beginJournal(): void {
    this.#journal.begin(this.size);
  }

  /**
   * The fixpoint is reached: calls back for each row that is new or has grown, with the row that
   * stood in its place at first (null for none), and ends the journal.
   * Contract: the journal is open and the relation is settled.
   */
  endJournal(visit: (now: Int32Array, before: Int32Array | null) => void): void {
    assert(this.currentCount + this.dirtyCount === 0, 'the fixpoint is settled');
    const [now, before] = [new Int32Array(this.arity), new Int32Array(this.arity)];
    this.#journal.forEachGrown(this.width, (slot, values) => {
      this.flags[slot] = 0;
      this.#read(slot, now);
      before.set(now);
      for (const [j, { column }] of this.merged.entries()) before[column] = values[j]!;
      visit(now, before);
    });
    for (let slot = this.#journal.start; slot < this.size; slot++) {
      this.flags[slot] = 0;
      visit(this.#read(slot, now), null);
    }
    this.#journal.forget();
  }

  /** Whether the timestep has changed anything so far. */
  get isJournalEmpty(): boolean {
    return this.#journal.isEmptyAt(this.size);
  }

  /** Takes back what the journal has. */
  undoJournal(): void {
    if (!this.#journal.isOpen) return;
    this.settle();
    this.#journal.forEachGrown(this.width, (slot, values) => {
      this.flags[slot] = 0;
      this.values.set(values, slot * this.width);
    });
    while (this.size > this.#journal.start) this.#removeSlot(this.size - 1);
    this.#journal.forget();
    this.revision++;
  }

  #find(row: Words): number {
    for (let i = 0; i < this.plain.length; i++) this.#staged[i] = row[this.plain[i]!]!;
    return this.#findStaged();
  }

  #findStaged(): number {
    if (this.#tuples === null) return this.directory.find(this.#staged[0]!);
    return this.#tuples.find(this.#staged);
  }

  #holds(slot: number, row: Words): boolean {
    for (let j = 0; j < this.width; j++)
      if (this.values[slot * this.width + j] !== row[this.merged[j]!.column]) return false;
    return true;
  }

  #isOf(slot: number, part: Part): boolean {
    return part === 'visible' || this.isDelta(slot) === (part === 'delta');
  }

  /** Adds the row whose plain words are staged. */
  #append(row: Words): true {
    const slot =
      this.#tuples === null
        ? this.directory.append(this.#staged[0]!)
        : this.#tuples.add(this.#staged);
    this.#makeRoom(slot);
    for (let j = 0; j < this.width; j++)
      this.values[slot * this.width + j] = row[this.merged[j]!.column]!;
    this.#noteNew(slot);
    return true;
  }

  /** Lists the delta in the order of slots: a walk over much of a relation is to go through memory in order. */
  #listInOrder(end: number): void {
    const { flags, current } = this;
    let count = 0;
    for (let slot = 0; slot < end; slot++) {
      if ((flags[slot]! & DIRTY) === 0) continue;
      flags[slot]! ^= DIRTY | DELTA;
      current[count++] = slot;
    }
  }

  #makeRoom(slot: number): void {
    const end = (slot + 1) * this.width;
    if (end > this.values.length) this.values = grownCopy(this.values, end);
    if (slot < this.flags.length) return;
    const flags = new Uint8Array(grownLength(this.flags.length, slot + 1));
    flags.set(this.flags);
    this.flags = flags;
  }

  #noteNew(slot: number): void {
    this.flags[slot] = !this.#isTable || this.#journal.isOpen ? CHANGED : 0;
    this.#noteDirty(slot);
  }

  #noteGrowth(slot: number): boolean {
    const flag = this.flags[slot]!;
    const isFirst = (flag & CHANGED) === 0;
    if (isFirst && this.#journal.isOpen) {
      this.#journal.note(slot, this.values, this.width);
      this.flags[slot] = flag | CHANGED;
    }
    if ((flag & DIRTY) === 0) this.#noteDirty(slot);
    this.#raises++;
    return isFirst;
  }

  #noteDirty(slot: number): void {
    this.flags[slot]! |= DIRTY;
    if (this.dirtyCount === this.dirty.length)
      this.dirty = grownCopy(this.dirty, this.dirtyCount + 1);
    this.dirty[this.dirtyCount++] = slot;
  }

  #removeSlot(slot: number): void {
    const last = this.size - 1;
    for (const index of this.#indexes.values()) index.remove(slot);
    if (this.#tuples === null) this.directory.remove(this.directory.words[slot]!);
    else this.#tuples.remove(slot);
    this.values.copyWithin(slot * this.width, last * this.width, (last + 1) * this.width);
    this.flags[slot] = this.flags[last]!;
    this.flags[last] = 0;
    this.visibleEnd = last;
  }

  #read(slot: number, row: Int32Array): Int32Array {
    const { words } = this.#tuples ?? this.directory;
    const start = slot * this.plain.length;
    for (let i = 0; i < this.plain.length; i++) row[this.plain[i]!] = words[start + i]!;
    for (let j = 0; j < this.width; j++)
      row[this.merged[j]!.column] = this.values[slot * this.width + j]!;
    return row;
  }

  /** Positions among the plain columns of those of the given ones that are plain. */
  #placesOf(columns: readonly number[]): readonly number[] {
    return columns.map((column) => this.plain.indexOf(column)).filter((place) => place >= 0);
  }

  #accessFor(columns: readonly number[]): Access {
    const name = columns.join();
    let access = this.#accesses.get(name);
    if (access === undefined) {
      const places = this.#placesOf(columns);
      access = {
        plain: [...columns.keys()].filter((i) => this.plain.includes(columns[i]!)),
        hasAllPlain: places.length === this.plain.length,
        index: this.#indexes.get(places.join()) ?? null,
      };
      this.#accesses.set(name, access);
    }
    return access;
  }
}

/** What a timestep has done to a table: slots that grew with their values before, and where new ones begin. */
class Journal {
  isOpen = false;
  start = 0;
  #slots: number[] = [];
  #values: number[] = [];

  begin(start: number): void {
    [this.isOpen, this.start] = [true, start];
  }

  isEmptyAt(size: number): boolean {
    return !this.isOpen || (this.#slots.length === 0 && size === this.start);
  }

  /** Keeps the values of a slot; one that is new is noted by standing at the end. */
  note(slot: number, values: Int32Array, width: number): void {
    if (slot >= this.start) return;
    this.#slots.push(slot);
    for (let j = 0; j < width; j++) this.#values.push(values[slot * width + j]!);
  }

  forEachGrown(width: number, visit: (slot: number, values: readonly number[]) => void): void {
    for (const [i, slot] of this.#slots.entries())
      visit(slot, this.#values.slice(i * width, (i + 1) * width));
  }

  forget(): void {
    this.isOpen = false;
    if (this.#slots.length === 0) return;
    this.#slots = [];
    this.#values = [];
  }
}
