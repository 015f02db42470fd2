/**
 * Relations of arity 0, 3 and more: rows in order of arrival in one row-major array, a hash table
 * over whole rows, and an index for each column set that some rule probes with.
 *
 * Rows `0 .. oldEnd-1` are old, `oldEnd .. deltaEnd-1` are the delta, the rest is new: advancing
 * moves two numbers and brings the indexes up to date. Generated code reads column `c` of row `r`
 * as `rows.words[r * arity + c]`, and the array again after anything that inserts.
 *
 * Tuples that come all at once stay as they are laid out by their first column (csr.ts) until somebody
 * wants more of them than to walk them or to read them so.
 */
import { assert } from '../base/assert.js';
import { POISON } from './arena.js';
import type { Csr } from './csr.js';
import { layOutRows } from './pack-rows.js';
import type { Part, Relation, RelationOptions, VisitRow, Words } from './relation.js';
import { RowIndex } from './row-index.js';
import { zeroedWords } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';

export class WideRelation implements Relation {
  readonly arity: number;
  size = 0;
  revision = 0;
  readonly #rows: TupleDirectory;
  /** All there is, if nobody has wanted more so far. */
  #packed: Csr | null = null;
  oldEnd = 0;
  deltaEnd = 0;
  /** By the column numbers, joined with commas. */
  readonly indexes = new Map<string, RowIndex>();
  /** Whether stale arrays are poisoned. */
  readonly checks: boolean;
  readonly #staged: Int32Array;
  readonly #layouts: (Csr | null)[];
  /** Whether there may be more than rows: packed tuples, layouts, indexes. Sooner asked than each of them. */
  #hasMore = false;
  /** The revision that the layouts show. */
  #laidOut = 0;
  /** What readers are handed, when no reader is under way. */
  #row: Int32Array | null = null;

  constructor(arity: number, options: RelationOptions = {}) {
    this.arity = arity;
    this.#rows = new TupleDirectory(arity);
    this.checks = options.checks ?? false;
    this.#staged = new Int32Array(arity);
    this.#layouts = Array.from({ length: arity }, () => null);
    for (const columns of options.indexes ?? []) this.ensureIndex(columns);
  }

  get rows(): TupleDirectory {
    if (this.#packed !== null) this.#unpack();
    return this.#rows;
  }

  /** The rows of a settled relation if they lie there already; null if they are packed. */
  get rowsAsTheyLie(): TupleDirectory | null {
    return this.#packed === null ? this.#rows : null;
  }

  /** Takes over tuples that are laid out by the first column; the relation is empty. */
  pack(rows: Csr): void {
    this.#packed = rows;
    this.#hasMore = true;
    this.size = rows.size;
  }

  /** The settled relation as it stands, laid out by a column; made anew when it has changed. */
  rowsBy(column: number): Csr {
    if (this.#laidOut !== this.revision) this.#layouts.fill(null);
    this.#laidOut = this.revision;
    this.#hasMore = true;
    return (this.#layouts[column] ??= this.#layOut(column));
  }

  has(row: Words): boolean {
    return this.rows.find(this.#stage(row)) >= 0;
  }

  insert(row: Words): boolean {
    return this.insertAt(this.#stage(row), 0);
  }

  /** Inserts the tuple at `words[at ..]`; whether it is new. */
  insertAt(words: Int32Array, at: number): boolean {
    if (this.#packed !== null) this.#unpack();
    if (this.#rows.addNew(words, at) < 0) return false;
    this.size++;
    return true;
  }

  remove(row: Words): boolean {
    assert(this.oldEnd === this.size, 'tuples leave settled relations only');
    const { rows } = this;
    const found = rows.find(this.#stage(row));
    if (found < 0) return false;
    for (const index of this.indexes.values()) index.remove(found);
    rows.remove(found);
    this.oldEnd = this.deltaEnd = this.size = rows.count;
    this.revision++;
    return true;
  }

  clear(): void {
    if (this.#hasMore) this.#clearMore();
    this.#rows.clear();
    this.oldEnd = this.deltaEnd = this.size = 0;
    this.revision++;
  }

  advance(): boolean {
    if (this.oldEnd === this.size) return false;
    if (this.indexes.size > 0) this.#unpack();
    this.oldEnd = this.deltaEnd;
    this.deltaEnd = this.size;
    if (this.indexes.size > 0)
      for (const index of this.indexes.values()) index.advance(this.oldEnd, this.deltaEnd);
    this.revision++;
    return this.deltaEnd > this.oldEnd;
  }

  settle(): void {
    if (this.oldEnd === this.size) return;
    if (this.#hasMore && this.indexes.size > 0) while (this.advance());
    this.oldEnd = this.deltaEnd = this.size;
    this.revision++;
  }

  forEach(part: Part, visit: VisitRow): void {
    if (this.size === 0) return;
    const row = this.#takeRow();
    const end = part === 'old' ? this.oldEnd : this.deltaEnd;
    const start = part === 'delta' ? this.oldEnd : 0;
    // Packed tuples have come all at once.
    if (this.#packed === null) for (let r = start; r < end; r++) visit(this.#read(r, row));
    else if (start < end) this.#packed.forEach(row, visit);
    this.#giveBack(row);
  }

  probe(columns: readonly number[], words: Words, part: Part, visit: VisitRow): void {
    if (this.size === 0) return;
    const row = this.#takeRow();
    if (columns.length === this.arity) {
      const found = this.rows.find(this.#stage(words));
      const end = part === 'old' ? this.oldEnd : this.deltaEnd;
      if (found >= (part === 'delta' ? this.oldEnd : 0) && found < end)
        visit(this.#read(found, row));
    } else this.#search(columns, words, part, (r) => visit(this.#read(r, row)));
    this.#giveBack(row);
  }

  ensureIndex(columns: readonly number[]): void {
    const name = columns.join();
    if (columns.length === 0 || columns.length === this.arity || this.indexes.has(name)) return;
    const index = new RowIndex(this.rows, [...columns], this.checks);
    index.advance(0, this.oldEnd);
    index.advance(this.oldEnd, this.deltaEnd);
    this.indexes.set(name, index);
    this.#hasMore = true;
  }

  forEachWord(mark: (word: number) => void): void {
    if (this.#packed !== null) return this.#packed.forEachWord(mark);
    for (let i = 0; i < this.size * this.arity; i++) mark(this.#rows.words[i]!);
  }

  bytes(): number {
    let bytes = this.#rows.bytes();
    for (const rows of new Set([...this.#layouts, this.#packed])) bytes += rows?.bytes() ?? 0;
    for (const index of this.indexes.values()) bytes += index.bytes();
    return bytes;
  }

  #clearMore(): void {
    for (const index of this.indexes.values()) index.clear();
    this.#packed = null;
    this.#layouts.fill(null);
    this.#hasMore = this.indexes.size > 0;
  }

  #unpack(): void {
    const packed = this.#packed;
    if (packed === null) return;
    const words = zeroedWords(packed.size * this.arity);
    for (let column = 0; column < this.arity; column++) {
      const all = packed.column(column);
      for (let r = 0, at = column; r < all.length; r++, at += this.arity) words[at] = all[r]!;
    }
    this.#packed = null;
    this.#rows.fill(words, packed.size);
  }

  #layOut(column: number): Csr {
    const packed = this.#packed;
    if (packed !== null && column === packed.keyColumn) return packed;
    const columns = this.#layouts.map((_, each) => packed?.column(each) ?? this.#column(each));
    return layOutRows(columns, column);
  }

  #column(column: number): Int32Array {
    const all = zeroedWords(this.#rows.count);
    const { words } = this.#rows;
    for (let r = 0, at = column; r < all.length; r++, at += this.arity) all[r] = words[at]!;
    return all;
  }

  #search(
    columns: readonly number[],
    words: Words,
    part: Part,
    visit: (row: number) => void,
  ): void {
    const index = this.indexes.get(columns.join());
    if (index !== undefined) return index.forEach(words, part, visit);
    const { words: all } = this.rows;
    const end = part === 'old' ? this.oldEnd : this.deltaEnd;
    for (let r = part === 'delta' ? this.oldEnd : 0; r < end; r++)
      if (columns.every((column, i) => all[r * this.arity + column] === words[i])) visit(r);
  }

  #takeRow(): Int32Array {
    const row = this.#row ?? new Int32Array(this.arity);
    this.#row = null;
    return row;
  }

  #giveBack(row: Int32Array): void {
    if (this.checks) row.fill(POISON);
    else this.#row = row;
  }

  /** The words in an array of the one kind that the directory is fast with. */
  #stage(row: Words): Int32Array {
    if (row instanceof Int32Array) return row;
    for (let column = 0; column < this.arity; column++) this.#staged[column] = row[column]!;
    return this.#staged;
  }

  #read(r: number, row: Int32Array): Int32Array {
    const start = r * this.arity;
    for (let column = 0; column < this.arity; column++)
      row[column] = this.#rows.words[start + column]!;
    return row;
  }
}
