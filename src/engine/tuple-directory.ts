/**
 * Numbers the tuples of a set densely: tuple -> row in 0 .. count-1. Rows lie one after another in
 * one array, so that all columns of a row come with one or two cache lines; beside each entry of
 * the open-addressing table stands the whole hash, which tells nearly all different tuples apart
 * without a look at their rows.
 *
 * Few rows are compared one by one and not hashed at all: most of what a timestep notes is a row or
 * two. Rows that come all at once are hashed when one is first looked for, which of what is only
 * walked through never happens.
 *
 * Invariants: column `c` of row `r` is `words[r * arity + c]`; taking a tuple out moves the last row
 * into the hole; `cells` holds pairs (row + 1, hash), 0 where there is nothing, at most 3/4 full.
 */
import { grownCopy, tableLength, zeroedWords } from './storage-limit.js';
import { mixWord } from './word.js';

const LEAST_CELLS = 16;
/** So many rows are looked through. */
const MOST_SCANNED = 8;

export class TupleDirectory {
  readonly arity: number;
  /** Rows in use. */
  count = 0;
  /** All rows. */
  words: Int32Array;
  /** Pairs (row + 1, hash). */
  cells: Int32Array = new Int32Array(2 * LEAST_CELLS);
  /** `32 - log2` of the number of pairs. */
  shift = 28;
  /** Whether the rows are in `cells`. */
  #isHashed = false;

  constructor(arity: number) {
    this.arity = arity;
    this.words = new Int32Array(4 * arity);
  }

  /** Takes rows over, which are distinct, into a directory that has none; hashed once somebody asks. */
  fill(words: Int32Array, count: number): void {
    [this.words, this.count, this.#isHashed] = [words, count, false];
  }

  /** The row of the tuple at `tuple[at ..]`, or -1. */
  find(tuple: Int32Array, at = 0): number {
    if (this.#isScanned()) return this.#scan(tuple, at);
    return this.#search(tuple, at, this.#hash(tuple, at));
  }

  /** Adds the tuple at `tuple[at ..]` and returns its row; -1 if it was there already. */
  addNew(tuple: Int32Array, at = 0): number {
    if (this.#isScanned()) return this.#scan(tuple, at) >= 0 ? -1 : this.#push(tuple, at);
    const hash = this.#hash(tuple, at);
    return this.#search(tuple, at, hash) >= 0 ? -1 : this.#append(tuple, at, hash);
  }

  /** The row of the tuple at `tuple[at ..]`, which is added if it was not there. */
  add(tuple: Int32Array, at = 0): number {
    const isScanned = this.#isScanned();
    const hash = isScanned ? 0 : this.#hash(tuple, at);
    const found = isScanned ? this.#scan(tuple, at) : this.#search(tuple, at, hash);
    if (found >= 0) return found;
    return isScanned ? this.#push(tuple, at) : this.#append(tuple, at, hash);
  }

  /** Takes a row out; the caller moves what it keeps for row `count` (as it is afterwards) there. */
  remove(row: number): void {
    const last = this.count - 1;
    const { words, arity } = this;
    if (this.#isHashed) {
      const hole = this.#cellOf(row);
      this.cells[this.#cellOf(last)] = row + 1;
      this.#removeCell(hole);
    }
    if (row !== last) words.copyWithin(row * arity, last * arity, (last + 1) * arity);
    this.count = last;
  }

  /** Forgets all tuples, at the cost of their number. */
  clear(): void {
    if (this.#isHashed) this.#clearCells();
    this.count = 0;
  }

  #clearCells(): void {
    if (this.count * 16 > this.cells.length) this.cells.fill(0);
    else this.#clearRuns();
    this.#isHashed = false;
  }

  bytes(): number {
    return this.words.byteLength + this.cells.byteLength;
  }

  /** Whether the rows, to which one may be added, are looked through; hashes them if they are not yet. */
  #isScanned(): boolean {
    if (this.#isHashed) return false;
    if (this.count < MOST_SCANNED) return true;
    this.#hashAll();
    return false;
  }

  #scan(tuple: Int32Array, at: number): number {
    const { words, arity, count } = this;
    for (let row = 0, start = 0; row < count; row++, start += arity) {
      let column = 0;
      while (column < arity && words[start + column] === tuple[at + column]) column++;
      if (column === arity) return row;
    }
    return -1;
  }

  #hashAll(): void {
    const wanted = tableLength((this.count * 8) / 3);
    if (wanted > this.cells.length) this.#makeCells(wanted);
    // Not before there are cells: where memory runs out, rows are still looked through.
    this.#isHashed = true;
    for (let row = 0; row < this.count; row++)
      this.#put(row, this.#hash(this.words, row * this.arity));
  }

  #hash(tuple: Int32Array, at: number): number {
    let hash = this.arity;
    for (let i = at; i < at + this.arity; i++) hash = mixWord(hash, tuple[i]!);
    return hash;
  }

  #search(tuple: Int32Array, at: number, hash: number): number {
    const { cells, words, arity } = this;
    const mask = cells.length - 1;
    for (let cell = (hash >>> this.shift) << 1; ; cell = (cell + 2) & mask) {
      const row = cells[cell]! - 1;
      if (row < 0) return -1;
      if (cells[cell + 1] !== hash) continue;
      let column = 0;
      const start = row * arity;
      while (column < arity && words[start + column] === tuple[at + column]) column++;
      if (column === arity) return row;
    }
  }

  #append(tuple: Int32Array, at: number, hash: number): number {
    if ((this.count + 1) * 8 > this.cells.length * 3) this.#growCells();
    const row = this.#push(tuple, at);
    this.#put(row, hash);
    return row;
  }

  /** Adds a tuple to the rows alone. */
  #push(tuple: Int32Array, at: number): number {
    const { arity } = this;
    const row = this.count;
    const start = row * arity;
    if (start + arity > this.words.length) this.words = grownCopy(this.words, start + arity);
    const { words } = this;
    for (let column = 0; column < arity; column++) words[start + column] = tuple[at + column]!;
    this.count = row + 1;
    return row;
  }

  #put(row: number, hash: number): void {
    const { cells } = this;
    const mask = cells.length - 1;
    let cell = (hash >>> this.shift) << 1;
    while (cells[cell] !== 0) cell = (cell + 2) & mask;
    cells[cell] = row + 1;
    cells[cell + 1] = hash;
  }

  /** An empty table of so many words; a power of two. */
  #makeCells(length: number): void {
    this.cells = zeroedWords(tableLength(length));
    this.shift = 33 - Math.log2(length);
  }

  #growCells(): void {
    const before = this.cells;
    this.#makeCells(before.length * 2);
    for (let cell = 0; cell < before.length; cell += 2)
      if (before[cell] !== 0) this.#put(before[cell]! - 1, before[cell + 1]!);
  }

  #cellOf(row: number): number {
    const { cells } = this;
    const mask = cells.length - 1;
    let cell = (this.#hash(this.words, row * this.arity) >>> this.shift) << 1;
    while (cells[cell] !== row + 1) cell = (cell + 2) & mask;
    return cell;
  }

  /** Closes the gap by moving back what a search would no longer reach (Knuth, TAOCP vol. 3, 6.4, algorithm R). */
  #removeCell(hole: number): void {
    const { cells } = this;
    const mask = cells.length - 1;
    for (let cell = (hole + 2) & mask; cells[cell] !== 0; cell = (cell + 2) & mask) {
      const home = (cells[cell + 1]! >>> this.shift) << 1;
      if (((cell - home) & mask) < ((cell - hole) & mask)) continue;
      cells[hole] = cells[cell]!;
      cells[hole + 1] = cells[cell + 1]!;
      hole = cell;
    }
    cells[hole] = 0;
  }

  /** Every row lies in the run of cells that begins at its home; all of them go, so runs can. */
  #clearRuns(): void {
    const { cells } = this;
    const mask = cells.length - 1;
    for (let row = 0; row < this.count; row++) {
      let cell = (this.#hash(this.words, row * this.arity) >>> this.shift) << 1;
      for (; cells[cell] !== 0; cell = (cell + 2) & mask) cells[cell] = 0;
    }
  }
}
