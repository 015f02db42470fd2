/**
 * Tuples as they stand, laid out by one column for reading only ("compressed sparse rows"): those of
 * each word of that column lie together, and where they lie takes one word more, so that a join walks
 * memory in order and touches a third of what it would with slots. It is for relations that do not
 * change while a stratum runs; one that is given once and for all may be kept so and in no other way.
 *
 * Tuples of word `w` are `offsets[p] .. offsets[p + 1] - 1`, where `p` is the word's place
 * (word-places.ts); `columns[c]` holds their words of column `c` (null for the key column, whose
 * word is the same throughout). Places ascend with their words where those lie close together.
 */
import { zeroedWords } from './storage-limit.js';
import { WordPlaces, type PlacedWords } from './word-places.js';

export class Csr extends WordPlaces {
  readonly keyColumn: number;
  readonly offsets: Int32Array;
  readonly columns: readonly (Int32Array | null)[];
  /** Tuples. */
  readonly size: number;
  readonly #of: PlacedWords;

  constructor(of: PlacedWords, offsets: Int32Array, columns: readonly (Int32Array | null)[]) {
    super(of);
    [this.#of, this.offsets, this.columns] = [of, offsets, columns];
    this.keyColumn = columns.indexOf(null);
    this.size = offsets[this.length]!;
  }

  /** The same with other arrays for its columns. */
  with(columns: readonly (Int32Array | null)[]): Csr {
    return new Csr(this.#of, this.offsets, columns);
  }

  /** Of pairs, what lies under the words. */
  get words(): Int32Array {
    return this.columns[1 - this.keyColumn]!;
  }

  /** Within which its keys lie, as far as that is known without a look at each; else null. */
  range(): readonly [least: number, most: number] | null {
    return this.outside === -1 ? null : [this.low, this.low + this.length - 1];
  }

  /** The words that have tuples, in the order of their places. */
  keys(): Int32Array {
    const { offsets } = this;
    let count = 0;
    for (let place = 0; place < this.length; place++)
      if (offsets[place] !== offsets[place + 1]) count++;
    const keys = zeroedWords(count);
    for (let place = 0, i = 0; i < count; place++)
      if (offsets[place] !== offsets[place + 1]) keys[i++] = this.keyAt(place);
    return keys;
  }

  /** A column of all tuples, one after another. */
  column(column: number): Int32Array {
    const words = this.columns[column]!;
    if (words !== null) return words;
    const { offsets } = this;
    const keys = zeroedWords(this.size);
    for (let place = 0; place < this.length; place++)
      if (offsets[place] !== offsets[place + 1])
        keys.fill(this.keyAt(place), offsets[place], offsets[place + 1]);
    return keys;
  }

  /** Calls back with each tuple, in an array that is used again. */
  forEach(row: Int32Array, visit: (row: Int32Array) => void): void {
    const { offsets, columns, keyColumn } = this;
    for (let place = 0; place < this.length; place++) {
      const end = offsets[place + 1]!;
      for (let i = offsets[place]!; i < end; i++) {
        for (let column = 0; column < columns.length; column++)
          row[column] = column === keyColumn ? this.keyAt(place) : columns[column]![i]!;
        visit(row);
      }
    }
  }

  forEachWord(mark: (word: number) => void): void {
    for (const key of this.keys()) mark(key);
    for (const words of this.columns) if (words !== null) words.forEach(mark);
  }

  bytes(): number {
    let bytes = this.offsets.byteLength;
    for (const words of this.columns) bytes += words?.byteLength ?? 0;
    return bytes + this.directoryBytes();
  }
}
