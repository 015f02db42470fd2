/**
 * The values of a relation with lattice columns, key by key, and which keys have grown. A key has a
 * slot in its directory, in order of arrival, and a place for its values:
 *
 *     one plain column, words close together:  place = word - low, as in the directory's window
 *     otherwise:                               place = slot
 *
 * So a merge into a dense column looks at one array in one place, where going by the slot would take
 * two: that is most of what a recursion through lattice values costs. `values[place * width]` is
 * `NO_WORD` exactly where a window has a place for a word that is not there.
 *
 * Generated code works on the fields of a relation with one plain column directly: it looks at
 * `values[place * width + j]` with `place = (word - low) | 0` if `(place & outside) === 0`, else
 * `find(word)`; it writes a greater value there, sets the flag `DIRTY` if it is not set and calls
 * `noteDirty`. In a table, for a key that is not there and for words that do not stand for themselves it
 * calls `mergeWord`, which may replace `values` and `flags` and move places.
 */
import { Csr } from './csr.js';
import type { Journal } from './lattice-journal.js';
import { grownCopy, grownLength, zeroedWords } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';
import { NO_WORD, rangeOf } from './word.js';
import { WordDirectory } from './word-directory.js';

/** Flags of a place: its key grew in this round, is of the delta, changed since the journal was opened. */
const [DIRTY, DELTA, CHANGED] = [1, 2, 4];
/** Longest list that is kept for the next timestep. */
const MOST_KEPT = 4096;

/** Fewer keys find their window soon enough; with checks on, few are, so that both ways are tried. */
const [LEAST_EXPECTED, LEAST_EXPECTED_CHECKED] = [1024, 4];

export class PlacedValues {
  /** Lattice columns. */
  readonly width: number;
  /** Of a relation with one plain column; else it stays empty. */
  readonly directory = new WordDirectory();
  /** Of any other relation. */
  protected readonly tuples: TupleDirectory | null;
  values: Int32Array;
  flags: Uint8Array = new Uint8Array(16);
  /** Of the directory's window, as far as `values` follow it. */
  low: number = NO_WORD;
  outside = -1;
  /** Slots below it are visible. */
  visibleEnd = 0;
  /** Places. */
  dirty: Int32Array = new Int32Array(4);
  dirtyCount = 0;
  /** Places of the delta. */
  current: Int32Array = new Int32Array(4);
  currentCount = 0;
  /** Of what stays from timestep to timestep. */
  protected readonly journal: Journal | null;
  readonly #expected = new WeakSet<Int32Array | Csr>();
  readonly #leastExpected: number;

  constructor(plain: number, width: number, journal: Journal | null, checks: boolean) {
    this.#leastExpected = checks ? LEAST_EXPECTED_CHECKED : LEAST_EXPECTED;
    this.width = width;
    this.tuples = plain === 1 ? null : new TupleDirectory(plain);
    this.values = zeroedWords(16 * width).fill(NO_WORD);
    this.journal = journal;
  }

  get size(): number {
    return (this.tuples ?? this.directory).count;
  }

  /** The place of a word that is there; -1 for others. */
  find(word: number): number {
    const place = (word - this.low) | 0;
    if ((place & this.outside) !== 0) return this.outside === -1 ? this.directory.find(word) : -1;
    return this.values[place * this.width] === NO_WORD ? -1 : place;
  }

  /** The place of a slot. */
  placeAt(slot: number): number {
    return this.outside === -1 ? slot : (this.directory.words[slot]! - this.low) | 0;
  }

  /** The slot of a place whose key is there. */
  slotAt(place: number): number {
    return this.outside === -1 ? place : this.directory.window[place]! - 1;
  }

  /** The plain word of a place whose key is there. */
  keyAt(place: number): number {
    return this.outside === -1 ? this.directory.words[place]! : (place + this.low) | 0;
  }

  /** Adds a key that is not there, of one plain and one lattice column. */
  create(key: number, word: number): void {
    const place = this.makePlace(this.directory.append(key));
    this.values[place] = word;
    this.noteNew(place);
  }

  /** Replaces the one value of a place by a greater one; whether this is its first change in this timestep. */
  raise(place: number, word: number): boolean {
    const isFirst = this.noteGrowth(place);
    this.values[place] = word;
    return isFirst;
  }

  /**
   * Tells that keys will come from among these words, or the keys of these rows: where those lie close
   * together, and so many keys may come, a window for all of them is laid out now instead of again and
   * again as it fills.
   */
  expectKeys(among: Int32Array | Csr): void {
    const count = among instanceof Csr ? among.size : among.length;
    if (this.tuples !== null || count < this.#leastExpected || this.#expected.has(among)) return;
    this.#expected.add(among);
    const range = among instanceof Csr ? among.range() : rangeOf(among);
    if (range === null) return;
    const [least, most] = range;
    const { directory, outside, low } = this;
    const holds = (word: number): boolean => (((word - low) | 0) & outside) === 0;
    if (directory.count >= count || (holds(least) && holds(most))) return;
    directory.expect(least, most, count);
    this.#followWindow(directory.count);
  }

  /** Whether a place is of the delta. */
  isDelta(place: number): boolean {
    return (this.flags[place]! & DELTA) !== 0;
  }

  /** Lists a place whose flag has been set. */
  noteDirty(place: number): void {
    if (this.dirtyCount === this.dirty.length)
      this.dirty = grownCopy(this.dirty, this.dirtyCount + 1);
    this.dirty[this.dirtyCount++] = place;
  }

  /** The place of a slot that has just been given out. */
  protected makePlace(slot: number): number {
    const { low, outside } = this.directory;
    if (low !== this.low || outside !== this.outside) this.#followWindow(slot);
    else if (outside === -1 && slot >= this.flags.length) {
      const places = grownLength(this.flags.length, slot + 1);
      this.values = grownCopy(this.values, places * this.width);
      const flags = new Uint8Array(places);
      flags.set(this.flags);
      this.flags = flags;
    }
    return this.placeAt(slot);
  }

  protected noteNew(place: number): void {
    this.flags[place] = DIRTY | (this.isJournalOpen ? CHANGED : 0);
    this.noteDirty(place);
  }

  /** Whether changes of this timestep are noted. */
  get isJournalOpen(): boolean {
    return this.journal !== null && this.journal.isOpen;
  }

  /** Whether this is the first change in this timestep; only an open journal can tell. */
  protected noteGrowth(place: number): boolean {
    const flag = this.flags[place]!;
    const isFirst = this.isJournalOpen && (flag & CHANGED) === 0;
    if (isFirst) {
      this.journal!.note(this.slotAt(place), place, this.values);
      this.flags[place] = flag | CHANGED;
    }
    if ((flag & DIRTY) === 0) {
      this.flags[place]! |= DIRTY;
      this.noteDirty(place);
    }
    return isFirst;
  }

  /** The places that have grown become the delta. */
  protected advancePlaces(): void {
    const { flags, current } = this;
    for (let i = 0; i < this.currentCount; i++) flags[current[i]!]! &= ~DELTA;
    this.current = this.dirty;
    this.currentCount = this.dirtyCount;
    this.dirty = current;
    this.dirtyCount = 0;
    if (this.currentCount > flags.length >> 5) this.#listInOrder();
    else for (let i = 0; i < this.currentCount; i++) flags[this.current[i]!]! ^= DIRTY | DELTA;
    this.visibleEnd = this.size;
  }

  /** Forgets long lists, which are empty. */
  protected dropLists(): void {
    if (this.dirty.length > MOST_KEPT) this.dirty = new Int32Array(4);
    if (this.current.length > MOST_KEPT) this.current = new Int32Array(4);
  }

  /** Forgets all keys, at the cost of their number. */
  protected clearPlaces(): void {
    for (let slot = 0; slot < this.size; slot++) this.#clearPlace(this.placeAt(slot));
    (this.tuples ?? this.directory).clear();
    this.dirtyCount = this.currentCount = this.visibleEnd = 0;
  }

  /** Takes a slot out of a settled relation; the last one gets its number. */
  protected removePlace(slot: number): void {
    const last = this.size - 1;
    const [place, lastPlace] = [this.placeAt(slot), this.placeAt(last)];
    if (this.tuples === null) this.directory.remove(this.directory.words[slot]!);
    else this.tuples.remove(slot);
    if (this.outside === -1) {
      this.values.copyWithin(
        place * this.width,
        lastPlace * this.width,
        (lastPlace + 1) * this.width,
      );
      this.flags[place] = this.flags[lastPlace]!;
      this.#clearPlace(lastPlace);
    } else this.#clearPlace(place);
    this.visibleEnd = last;
  }

  protected placeBytes(): number {
    return (
      this.values.byteLength +
      this.flags.byteLength +
      this.dirty.byteLength +
      this.current.byteLength +
      (this.tuples ?? this.directory).bytes()
    );
  }

  #clearPlace(place: number): void {
    this.values[place * this.width] = NO_WORD;
    this.flags[place] = 0;
  }

  /** Lists the delta in the order of places: a walk over much of a relation is to go through memory in order. */
  #listInOrder(): void {
    const { flags, current } = this;
    const fours = new Int32Array(flags.buffer, 0, flags.length >> 2);
    let count = 0;
    for (let place = 0; place < flags.length; place++) {
      // Of most of them nothing is to be listed, and four are looked at as soon as one.
      if ((place & 3) === 0 && fours[place >> 2] === 0) place += 3;
      else if ((flags[place]! & DIRTY) !== 0) {
        flags[place]! ^= DIRTY | DELTA;
        current[count++] = place;
      }
    }
  }

  /** The directory has been laid out anew: so are the values of the slots below `end`. */
  #followWindow(end: number): void {
    const { directory, width, flags } = this;
    const { low, outside } = directory;
    const isWindow = outside !== -1;
    const places = isWindow ? directory.window.length : grownLength(end, end + 1);
    if (end > 0 || places !== flags.length || this.outside === -1) {
      const values = zeroedWords(places * width).fill(NO_WORD);
      const moved = new Uint8Array(places);
      for (let slot = 0; slot < end; slot++) {
        const from = this.placeAt(slot);
        const to = isWindow ? (directory.words[slot]! - low) | 0 : slot;
        for (let j = 0; j < width; j++) values[to * width + j] = this.values[from * width + j]!;
        moved[to] = flags[from]!;
      }
      const placeNow = (place: number): number => {
        const key = this.keyAt(place);
        return isWindow ? (key - low) | 0 : directory.find(key);
      };
      for (let i = 0; i < this.dirtyCount; i++) this.dirty[i] = placeNow(this.dirty[i]!);
      for (let i = 0; i < this.currentCount; i++) this.current[i] = placeNow(this.current[i]!);
      [this.values, this.flags] = [values, moved];
    }
    [this.low, this.outside] = [low, outside];
  }
}
