/**
 * Relations with lattice columns: rows that agree on all other ("plain") columns are one row, whose
 * lattice columns are merged in place (placed-values.ts tells how values are kept).
 *
 * Marks are those of keys: `advance` makes the keys that grew in this round the delta. A value that
 * grows is seen at once, also by whoever walks the delta of the same round: what reads it within
 * the fixpoint is monotone in it, so a newer value gives all that the older one gave, sooner.
 *
 * What a timestep does to a table up to its fixpoint is in a journal: slots that are new stand at
 * the end, of the others the value before is kept, once a timestep. (Alvaro, Conway, Hellerstein
 * and Maier, "Logic and lattices for distributed programming", 2012, section 3.3.)
 *
 * A table of one word for each key is held so, too, where nothing has to be kept beside it for upkeep
 * (`isKeyed` in its plan): nothing merges there, and a second value for a key ends the timestep.
 */
import { assert, defined } from '../base/assert.js';
import { Journal } from './lattice-journal.js';
import { PlacedValues } from './placed-values.js';
import type { Part, Relation, RelationOptions, VisitRow, Words } from './relation.js';
import { RowIndex } from './row-index.js';
import { NO_WORD } from './word.js';

/** How a lattice column merges. */
export interface MergedColumn {
  readonly column: number;
  /** The merged word; `held` itself where nothing is new in `word`. May throw `PartialError`. */
  readonly merge: (held: number, word: number) => number;
}

export interface LatticeOptions extends Pick<RelationOptions, 'indexes' | 'checks'> {
  /** Whether it stays from timestep to timestep, so that a journal tells what a timestep changes. */
  readonly stays?: boolean;
}

/** How to look rows up by some columns. */
interface Access {
  /** Where the words of plain columns stand among the words given. */
  readonly plain: readonly number[];
  readonly hasAllPlain: boolean;
  readonly index: RowIndex | null;
}

/** Columns that are not merged, ascending. */
function plainColumns(arity: number, merged: readonly MergedColumn[]): readonly number[] {
  const isMerged = new Set(merged.map(({ column }) => column));
  return Array.from({ length: arity }, (_, i) => i).filter((i) => !isMerged.has(i));
}

export class LatticeRelation extends PlacedValues implements Relation {
  readonly arity: number;
  revision = 0;
  /** Columns that are not merged, ascending. */
  readonly plain: readonly number[];
  readonly merged: readonly MergedColumn[];
  /** How often keys have grown, once a round. */
  #raises = 0;
  readonly #indexes = new Map<string, RowIndex>();
  readonly #accesses = new Map<string, Access>();
  readonly #staged: Int32Array;
  readonly #merging: Int32Array;
  readonly #checks: boolean;

  constructor(arity: number, merged: readonly MergedColumn[], options: LatticeOptions = {}) {
    const plain = plainColumns(arity, merged);
    const journal = options.stays === true ? new Journal(merged.length) : null;
    super(plain.length, merged.length, journal, options.checks ?? false);
    [this.arity, this.merged, this.plain] = [arity, merged, plain];
    this.#staged = new Int32Array(this.plain.length);
    this.#merging = new Int32Array(this.width);
    this.#checks = options.checks ?? false;
    for (const columns of options.indexes ?? []) this.ensureIndex(columns);
  }

  has(row: Words): boolean {
    const slot = this.#find(row);
    return slot >= 0 && this.#holds(this.placeAt(slot), row);
  }

  /** Merges a row; whether its key is new, or has grown for the first time in this timestep. */
  insert(row: Words): boolean {
    const slot = this.#find(row);
    if (slot < 0) return this.#append(row);
    const place = this.placeAt(slot);
    const start = place * this.width;
    let grows = false;
    for (let j = 0; j < this.width; j++) {
      const { column, merge } = this.merged[j]!;
      const held = this.values[start + j]!;
      this.#merging[j] = merge(held, row[column]!);
      if (this.#merging[j] !== held) grows = true;
    }
    if (!grows) return false;
    const isFirst = this.noteGrowth(place);
    for (let j = 0; j < this.width; j++) this.values[start + j] = this.#merging[j]!;
    return isFirst;
  }

  remove(row: Words): boolean {
    assert(this.currentCount + this.dirtyCount === 0, 'tuples leave settled relations only');
    const slot = this.#find(row);
    if (slot < 0 || !this.#holds(this.placeAt(slot), row)) return false;
    this.#removeSlot(slot);
    this.revision++;
    return true;
  }

  /** Where the value of a key stands, of a relation with one plain and one placed column; -1 for nowhere. */
  placeOf(key: number): number {
    return this.find(key);
  }

  /**
   * Merges a word into the value of a key, of a relation with one plain and one lattice column;
   * `held`: what stands at its place, `NO_WORD` for nothing. Tells the same as `insert`.
   */
  mergeWord(place: number, key: number, held: number, word: number): boolean {
    if (held === NO_WORD) {
      this.create(key, word);
      return true;
    }
    const merged = this.merged[0]!.merge(held, word);
    return merged !== held && this.raise(place, merged);
  }

  /** The value at such a place. */
  valueAt(place: number): number {
    return this.values[place]!;
  }

  /** Puts another value there; the relation is settled and without an index. */
  replaceOnly(place: number, value: number): true {
    this.values[place] = value;
    this.revision++;
    return true;
  }

  /** The row that has the same plain words, in a new array; null if there is none. */
  rowLike(row: Words): Int32Array | null {
    const slot = this.#find(row);
    return slot < 0 ? null : this.#read(slot, new Int32Array(this.arity));
  }

  /**
   * Lets rows stand where others with the same plain words do, or none; what it returns undoes that.
   * Nothing of it is noted. Contract: the relation is settled, and nothing else changes it meanwhile.
   */
  exchange(rows: Relation): () => void {
    const { size, width } = this;
    const replaced: (readonly [slot: number, values: Int32Array])[] = [];
    rows.forEach('visible', (row) => {
      const slot = this.#find(row);
      if (slot < 0) return void this.#append(row);
      const start = this.placeAt(slot) * width;
      replaced.push([slot, this.values.slice(start, start + width)]);
      for (let j = 0; j < width; j++) this.values[start + j] = row[this.merged[j]!.column]!;
    });
    this.settle();
    return () => {
      while (this.size > size) this.#removeSlot(this.size - 1);
      for (const [slot, values] of replaced.toReversed())
        this.values.set(values, this.placeAt(slot) * width);
    };
  }

  clear(): void {
    for (const index of this.#indexes.values()) index.clear();
    this.clearPlaces();
    this.journal?.forget();
    this.revision++;
  }

  advance(): boolean {
    if (this.dirtyCount + this.currentCount === 0) return false;
    const [before, end] = [this.visibleEnd, this.size];
    this.advancePlaces();
    // New keys are not among those that have grown.
    this.#raises += this.currentCount - (end - before);
    if (end > before) for (const index of this.#indexes.values()) index.advance(before, end);
    this.revision++;
    return this.currentCount > 0;
  }

  settle(): void {
    while (this.advance());
    this.dropLists();
  }

  forEach(part: Part, visit: VisitRow): void {
    const row = new Int32Array(this.arity);
    if (part === 'delta') {
      for (let i = 0; i < this.currentCount; i++)
        visit(this.#read(this.slotAt(this.current[i]!), row));
      return;
    }
    const end = this.visibleEnd;
    for (let slot = 0; slot < end; slot++) if (this.#isOf(slot, part)) visit(this.#read(slot, row));
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
    const index = new RowIndex(this.tuples!, places, this.#checks);
    index.advance(0, this.visibleEnd);
    this.#indexes.set(name, index);
    this.#accesses.clear();
  }

  forEachWord(mark: (word: number) => void): void {
    const row = new Int32Array(this.arity);
    for (let slot = 0; slot < this.size; slot++) this.#read(slot, row).forEach(mark);
  }

  bytes(): number {
    let bytes = this.placeBytes();
    for (const index of this.#indexes.values()) bytes += index.bytes();
    return bytes;
  }

  /** How often keys have grown, once a round, since this was asked last. */
  takeRaises(): number {
    const raises = this.#raises;
    this.#raises = 0;
    return raises;
  }

  /** Changes are noted from now on until `endJournal`. Only of what stays. */
  beginJournal(): void {
    this.#ownJournal.begin(this.size);
  }

  /**
   * The fixpoint is reached: calls back for each row that is new or has grown, with the row that
   * stood in its place at first (null for none), and ends the journal.
   * Contract: the journal is open and the relation is settled.
   */
  endJournal(visit: (now: Int32Array, before: Int32Array | null) => void): void {
    assert(this.currentCount + this.dirtyCount === 0, 'the fixpoint is settled');
    const journal = this.#ownJournal;
    this.readJournal(visit);
    journal.forEachGrown((slot) => {
      this.flags[this.placeAt(slot)] = 0;
    });
    for (let slot = journal.start; slot < this.size; slot++) this.flags[this.placeAt(slot)] = 0;
    journal.forget();
  }

  /** What `endJournal` would call back for now; nothing where no journal is open. */
  readJournal(visit: (now: Int32Array, before: Int32Array | null) => void): void {
    const journal = this.#ownJournal;
    if (!journal.isOpen) return;
    const [now, before] = [new Int32Array(this.arity), new Int32Array(this.arity)];
    journal.forEachGrown((slot, values) => {
      this.#read(slot, now);
      before.set(now);
      for (const [j, { column }] of this.merged.entries()) before[column] = values[j]!;
      visit(now, before);
    });
    for (let slot = journal.start; slot < this.size; slot++) visit(this.#read(slot, now), null);
  }

  /** Whether the timestep has changed anything so far. */
  get isJournalEmpty(): boolean {
    return this.#ownJournal.isEmptyAt(this.size);
  }

  /** Takes back what the journal has. */
  undoJournal(): void {
    const journal = this.#ownJournal;
    if (!journal.isOpen) return;
    this.settle();
    journal.forEachGrown((slot, values) => {
      const place = this.placeAt(slot);
      this.flags[place] = 0;
      this.values.set(values, place * this.width);
    });
    while (this.size > journal.start) this.#removeSlot(this.size - 1);
    journal.forget();
    this.revision++;
  }

  get #ownJournal(): Journal {
    return defined(this.journal, 'the journal of a table');
  }

  #find(row: Words): number {
    for (let i = 0; i < this.plain.length; i++) this.#staged[i] = row[this.plain[i]!]!;
    return this.#findStaged();
  }

  #findStaged(): number {
    if (this.tuples === null) return this.directory.find(this.#staged[0]!);
    return this.tuples.find(this.#staged);
  }

  #holds(place: number, row: Words): boolean {
    for (let j = 0; j < this.width; j++)
      if (this.values[place * this.width + j] !== row[this.merged[j]!.column]) return false;
    return true;
  }

  #isOf(slot: number, part: Part): boolean {
    return part === 'visible' || this.isDelta(this.placeAt(slot)) === (part === 'delta');
  }

  /** Adds the row whose plain words are staged. */
  #append(row: Words): true {
    const slot =
      this.tuples === null
        ? this.directory.append(this.#staged[0]!)
        : this.tuples.add(this.#staged);
    const place = this.makePlace(slot);
    for (let j = 0; j < this.width; j++)
      this.values[place * this.width + j] = row[this.merged[j]!.column]!;
    this.noteNew(place);
    return true;
  }

  #removeSlot(slot: number): void {
    for (const index of this.#indexes.values()) index.remove(slot);
    this.removePlace(slot);
  }

  #read(slot: number, row: Int32Array): Int32Array {
    const { words } = this.tuples ?? this.directory;
    const start = slot * this.plain.length;
    for (let i = 0; i < this.plain.length; i++) row[this.plain[i]!] = words[start + i]!;
    const values = this.placeAt(slot) * this.width;
    for (let j = 0; j < this.width; j++) row[this.merged[j]!.column] = this.values[values + j]!;
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
