/**
 * The ids of strings: one hash table in one array, laid out so that a lookup among millions goes to
 * memory once. A cell has four words, and so is within one cache line:
 *
 *     id | content, content, content + length      up to 11 characters below U+0100
 *     id | hash,    hash,    length + LONG         all others
 *
 * What is short stands in its cell whole, and the string itself is never looked at. A longer one is
 * compared with the string of the id once 64 bits of hash and the length agree; very long ones, which
 * a `Map` hashes faster than this does, stand in one.
 *
 * Cells are taken in turn from where the hash of the content falls, and moved back where one becomes
 * free. The hash is no secret, so somebody may make strings that fall together: what finds no place
 * among the first `MOST_STEPS` cells goes to the `Map`, too, so that no choice of strings makes
 * lookups slow.
 */
import { ShardedMap } from './sharded-map.js';
import { tableLength, zeroedWords } from './storage-limit.js';

/** Words of a cell. */
const CELL = 4;
const MOST_SHORT = 11;
/** Longer strings go to the map. */
const MOST_HASHED = 128;
/** In the highest byte of a cell's last word, where short strings have their length. */
const LONG = 0xff << 24;
const LEAST_CELLS = 64;
/** How far from where its hash falls a string may stand; few do at the load below. */
const MOST_STEPS = 256;
/** A table is laid out anew when it is fuller than this, and when much has gone. */
const MOST_LOAD = 5 / 8;
const LEAST_LOAD = 1 / 24;

export class StringIds {
  readonly #stringOf: (id: number) => string;
  readonly #mostSteps: number;
  #cells = zeroedWords(LEAST_CELLS * CELL);
  /** Of cells less one. */
  #mask = LEAST_CELLS - 1;
  #count = 0;
  /** Very long strings, and those that found no place. */
  readonly #others = new ShardedMap<string>();
  #otherCount = 0;
  // What a cell says of the string that was looked at last.
  #first = 0;
  #second = 0;
  #third = 0;

  /** `stringOf`: the string that has been given an id. */
  constructor(stringOf: (id: number) => string, mostSteps = MOST_STEPS) {
    [this.#stringOf, this.#mostSteps] = [stringOf, mostSteps];
  }

  /** The id of a string; 0 if it has none. */
  get(text: string): number {
    if (text.length <= MOST_HASHED) {
      const cell = this.#find(text);
      if (cell >= 0) return this.#cells[cell]!;
    }
    return this.#otherCount === 0 ? 0 : (this.#others.get(text) ?? 0);
  }

  /** Gives an id, which is not 0, to a string that has none. */
  set(text: string, id: number): void {
    if (text.length > MOST_HASHED) return this.#setOther(text, id);
    if (this.#count >= (this.#mask + 1) * MOST_LOAD) this.#layOut((this.#mask + 1) * 2);
    this.#describe(text);
    if (this.#place(this.#first, this.#second, this.#third, id)) this.#count++;
    else this.#setOther(text, id);
  }

  delete(text: string): void {
    const cell = text.length <= MOST_HASHED ? this.#find(text) : -1;
    if (cell >= 0) {
      this.#empty(cell);
      this.#count--;
    } else if (this.#others.delete(text)) this.#otherCount--;
  }

  /** Gives back room, after many have gone. */
  shrink(): void {
    const cells = this.#mask + 1;
    if (cells > LEAST_CELLS && this.#count < cells * LEAST_LOAD)
      this.#layOut(Math.max(LEAST_CELLS, tableLength(Math.max(1, this.#count * 4))));
  }

  #setOther(text: string, id: number): void {
    this.#others.set(text, id);
    this.#otherCount++;
  }

  /** Where the string's cell begins; -1 if it has none. */
  #find(text: string): number {
    this.#describe(text);
    const [first, second, third] = [this.#first, this.#second, this.#third];
    const [cells, mask] = [this.#cells, this.#mask];
    let at = hashOf(first, second, third) & mask;
    for (let step = 0; step < this.#mostSteps; step++) {
      const cell = at * CELL;
      const id = cells[cell]!;
      if (id === 0) return -1;
      const isAlike =
        cells[cell + 1] === first && cells[cell + 2] === second && cells[cell + 3] === third;
      if (isAlike && (third >>> 24 !== LONG >>> 24 || this.#stringOf(id) === text)) return cell;
      at = (at + 1) & mask;
    }
    return -1;
  }

  /** Puts an id where its turn comes; false if that is too far. */
  #place(first: number, second: number, third: number, id: number): boolean {
    const [cells, mask] = [this.#cells, this.#mask];
    let at = hashOf(first, second, third) & mask;
    for (let step = 0; step < this.#mostSteps; step++) {
      const cell = at * CELL;
      if (cells[cell] === 0) {
        cells[cell] = id;
        cells[cell + 1] = first;
        cells[cell + 2] = second;
        cells[cell + 3] = third;
        return true;
      }
      at = (at + 1) & mask;
    }
    return false;
  }

  /** Empties a cell, and moves back into it what had to stand further on because of it. */
  #empty(cell: number): void {
    const [cells, mask] = [this.#cells, this.#mask];
    let hole = cell / CELL;
    // What stands too many steps on cannot belong here.
    for (let step = 1; step < this.#mostSteps; step++) {
      const from = ((hole + step) & mask) * CELL;
      if (cells[from] === 0) break;
      const home = hashOf(cells[from + 1]!, cells[from + 2]!, cells[from + 3]!) & mask;
      if (((from / CELL - home) & mask) < step) continue;
      cells.copyWithin(hole * CELL, from, from + CELL);
      hole = from / CELL;
      step = 0;
    }
    cells.fill(0, hole * CELL, (hole + 1) * CELL);
  }

  #layOut(length: number): void {
    const before = this.#cells;
    const cells = zeroedWords(tableLength(length * CELL));
    [this.#cells, this.#mask] = [cells, length - 1];
    for (let cell = 0; cell < before.length; cell += CELL) {
      const id = before[cell]!;
      if (id === 0) continue;
      if (this.#place(before[cell + 1]!, before[cell + 2]!, before[cell + 3]!, id)) continue;
      this.#setOther(this.#stringOf(id), id);
      this.#count--;
    }
  }

  /** Notes what the cell of a string says. */
  #describe(text: string): void {
    const { length } = text;
    if (length > MOST_SHORT) return this.#describeLong(text);
    let [first, second, third] = [0, 0, length << 24];
    let all = 0;
    for (let i = 0; i < length; i++) {
      const code = text.charCodeAt(i);
      all |= code;
      // A shift goes by its lowest five bits.
      if (i < 4) first |= code << (i << 3);
      else if (i < 8) second |= code << (i << 3);
      else third |= code << (i << 3);
    }
    if (all > 0xff) return this.#describeLong(text);
    [this.#first, this.#second, this.#third] = [first, second, third];
  }

  #describeLong(text: string): void {
    let [first, second] = [0, 0];
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second + code, 0x5bd1e995) ^ (second >>> 15);
    }
    this.#first = first;
    this.#second = second;
    this.#third = LONG | text.length;
  }
}

function hashOf(first: number, second: number, third: number): number {
  let hash = Math.imul(first, 0x9e3779b1);
  hash = Math.imul((hash ^ (hash >>> 15)) + second, 0x85ebca6b);
  hash = Math.imul((hash ^ (hash >>> 13)) + third, 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
