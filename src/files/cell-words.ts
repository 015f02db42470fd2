/**
 * Cells of one type as words of a table. Equal cells are told by their bytes: each distinct one is
 * made into a value once, however often it comes, so that a column of repeated strings costs a hash
 * and a comparison a cell.
 *
 * The bytes of known cells are kept in an array of their own, the table is open addressing with
 * linear probing, a cell's number + 1 or 0.
 */
import type { TableBuilder } from '../base/table.js';
import type { Type } from '../semantics/types.js';
import { readCell } from './cell-value.js';

/** FNV-1a's constants (Fowler, Noll, Vo). */
const FNV_BASIS = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

export class CellWords {
  /** What was wrong with the last cell that gave no word. */
  problem = '';
  readonly #type: Type;
  readonly #table: TableBuilder;
  #places = new Int32Array(1 << 10);
  #count = 0;
  #hashes = new Int32Array(1 << 8);
  #words = new Int32Array(1 << 8);
  /** Where each known cell's bytes end; it begins where the one before ends. */
  #ends = new Float64Array(1 << 8);
  #bytes = Buffer.allocUnsafe(1 << 12);

  constructor(type: Type, table: TableBuilder) {
    [this.#type, this.#table] = [type, table];
  }

  /** The word of a cell; null, with a `problem`, if it does not fit the type. */
  read(source: Buffer, start: number, end: number): number | null {
    let hash = FNV_BASIS;
    for (let at = start; at < end; at++) hash = Math.imul(hash ^ source[at]!, FNV_PRIME);
    hash ^= hash >>> 15;
    const mask = this.#places.length - 1;
    let place = hash & mask;
    for (let known = this.#places[place]!; known !== 0; known = this.#places[place]!) {
      if (this.#hashes[known - 1] === hash && this.#isSame(known - 1, source, start, end))
        return this.#words[known - 1]!;
      place = (place + 1) & mask;
    }
    return this.#readNew(source.toString('utf8', start, end), hash, source, start, end);
  }

  #readNew(text: string, hash: number, source: Buffer, start: number, end: number): number | null {
    const read = readCell(text, this.#type);
    if ('problem' in read) {
      this.problem = read.problem;
      return null;
    }
    const word = this.#table.newWord(read.value);
    this.#note(word, hash, source, start, end);
    return word;
  }

  #isSame(known: number, source: Buffer, start: number, end: number): boolean {
    const begin = known === 0 ? 0 : this.#ends[known - 1]!;
    const length = end - start;
    if (this.#ends[known]! - begin !== length) return false;
    const bytes = this.#bytes;
    for (let i = 0; i < length; i++) if (bytes[begin + i] !== source[start + i]) return false;
    return true;
  }

  #note(word: number, hash: number, source: Buffer, start: number, end: number): void {
    const known = this.#count++;
    const begin = known === 0 ? 0 : this.#ends[known - 1]!;
    this.#makeRoom(begin + end - start);
    source.copy(this.#bytes, begin, start, end);
    this.#ends[known] = begin + end - start;
    this.#hashes[known] = hash;
    this.#words[known] = word;
    this.#put(known);
  }

  #put(known: number): void {
    const mask = this.#places.length - 1;
    let place = this.#hashes[known]! & mask;
    while (this.#places[place] !== 0) place = (place + 1) & mask;
    this.#places[place] = known + 1;
  }

  /** For the cell just counted, and bytes up to `bytes`. */
  #makeRoom(bytes: number): void {
    if (bytes > this.#bytes.length) {
      const grown = Buffer.allocUnsafe(Math.max(bytes, 2 * this.#bytes.length));
      this.#bytes.copy(grown);
      this.#bytes = grown;
    }
    if (this.#count > this.#words.length) {
      this.#hashes = doubled(this.#hashes, new Int32Array(2 * this.#count));
      this.#words = doubled(this.#words, new Int32Array(2 * this.#count));
      this.#ends = doubled(this.#ends, new Float64Array(2 * this.#count));
    }
    if (2 * this.#count < this.#places.length) return;
    this.#places = new Int32Array(4 * this.#places.length);
    for (let known = 0; known < this.#count - 1; known++) this.#put(known);
  }
}

function doubled<T extends Int32Array | Float64Array>(before: T, grown: T): T {
  grown.set(before);
  return grown;
}
