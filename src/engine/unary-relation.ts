/**
 * Relations of one column: a word directory, whose slots are the tuples in order of arrival.
 * Slots `0 .. oldEnd-1` are old, `oldEnd .. deltaEnd-1` are the delta, the rest is new; generated
 * code reads tuple `i` as `directory.words[i]` and asks `directory.find(word) >= 0`.
 */
import { assert } from '../base/assert.js';
import { POISON } from './arena.js';
import type { Part, Relation, RelationOptions, VisitRow, Words } from './relation.js';
import { WordDirectory } from './word-directory.js';

export class UnaryRelation implements Relation {
  readonly arity = 1;
  revision = 0;
  readonly directory = new WordDirectory();
  oldEnd = 0;
  deltaEnd = 0;
  /** What readers are handed, when no reader is under way. */
  #row: Int32Array | null = null;
  readonly #checks: boolean;

  constructor({ checks = false }: RelationOptions = {}) {
    this.#checks = checks;
  }

  get size(): number {
    return this.directory.count;
  }

  has(row: Words): boolean {
    return this.directory.find(row[0]!) >= 0;
  }

  insert(row: Words): boolean {
    return this.insertWord(row[0]!);
  }

  /** Inserts one word; whether it is new. */
  insertWord(word: number): boolean {
    const before = this.directory.count;
    return this.directory.add(word) === before;
  }

  remove(row: Words): boolean {
    assert(this.oldEnd === this.directory.count, 'tuples leave settled relations only');
    if (this.directory.remove(row[0]!) < 0) return false;
    this.oldEnd = this.deltaEnd = this.directory.count;
    this.revision++;
    return true;
  }

  clear(): void {
    this.directory.clear();
    this.oldEnd = this.deltaEnd = 0;
    this.revision++;
  }

  advance(): boolean {
    if (this.oldEnd === this.directory.count) return false;
    this.oldEnd = this.deltaEnd;
    this.deltaEnd = this.directory.count;
    this.revision++;
    return this.deltaEnd > this.oldEnd;
  }

  settle(): void {
    while (this.advance());
  }

  forEach(part: Part, visit: VisitRow): void {
    if (this.directory.count === 0) return;
    const row = this.#row ?? new Int32Array(1);
    this.#row = null;
    const end = part === 'old' ? this.oldEnd : this.deltaEnd;
    for (let i = part === 'delta' ? this.oldEnd : 0; i < end; i++) {
      row[0] = this.directory.words[i]!;
      visit(row);
    }
    if (this.#checks) row.fill(POISON);
    else this.#row = row;
  }

  probe(columns: readonly number[], words: Words, part: Part, visit: VisitRow): void {
    if (columns.length === 0) return this.forEach(part, visit);
    const found = this.directory.find(words[0]!);
    const end = part === 'old' ? this.oldEnd : this.deltaEnd;
    if (found >= (part === 'delta' ? this.oldEnd : 0) && found < end)
      visit(Int32Array.of(words[0]!));
  }

  /** Nothing to do: the directory is the index. */
  ensureIndex(): void {}

  forEachWord(mark: (word: number) => void): void {
    for (let i = 0; i < this.directory.count; i++) mark(this.directory.words[i]!);
  }

  bytes(): number {
    return this.directory.bytes();
  }
}
