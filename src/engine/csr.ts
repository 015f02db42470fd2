/**
 * A relation as it stands, laid out by one column for reading only ("compressed sparse rows"): the
 * tuples of each word of that column lie together, so that a join walks memory in order. It is for
 * relations that do not change while a stratum runs.
 *
 * Tuples with slot `s` are `offsets[s] .. offsets[s + 1] - 1`; `columns[c]` holds their words of
 * column `c` (null for the key column, whose word is the same throughout). The slot of a word is
 * `directory.find(word)`; slots ascend with their words where those lie close together.
 */
import { forEachAscending } from './ascending-keys.js';
import type { Relation } from './relation.js';
import { WideRelation } from './wide-relation.js';
import { WordDirectory } from './word-directory.js';

export class Csr {
  readonly keyColumn: number;
  /** The revision of the relation that this shows. */
  readonly revision: number;
  readonly directory: WordDirectory;
  readonly offsets: Int32Array;
  readonly columns: readonly (Int32Array | null)[];

  constructor(relation: Relation, keyColumn: number) {
    this.keyColumn = keyColumn;
    this.revision = relation.revision;
    this.directory = new WordDirectory();
    const { arity, size } = relation;
    const rows = wordsOf(relation);
    const slotOf = this.#findSlots(rows, arity, size);
    this.offsets = new Int32Array(this.directory.count + 1);
    for (let i = 0; i < size; i++) this.offsets[slotOf[i]! + 1]!++;
    for (let slot = 0; slot < this.directory.count; slot++)
      this.offsets[slot + 1]! += this.offsets[slot]!;
    const places = slotOf;
    const next = this.offsets.slice();
    for (let i = 0; i < size; i++) places[i] = next[slotOf[i]!]!++;
    this.columns = Array.from({ length: arity }, (_, column) => {
      if (column === keyColumn) return null;
      const words = new Int32Array(size);
      for (let i = 0; i < size; i++) words[places[i]!] = rows[i * arity + column]!;
      return words;
    });
  }

  /** Whether the relation is still as it was. */
  shows(relation: Relation): boolean {
    return relation.revision === this.revision;
  }

  bytes(): number {
    let bytes = this.offsets.byteLength + this.directory.bytes();
    for (const column of this.columns) bytes += column?.byteLength ?? 0;
    return bytes;
  }

  /** The slot of each row's key. */
  #findSlots(rows: Int32Array, arity: number, size: number): Int32Array {
    const keys = new Int32Array(size);
    for (let i = 0; i < size; i++) keys[i] = rows[i * arity + this.keyColumn]!;
    forEachAscending(keys, (key) => void this.directory.add(key));
    for (let i = 0; i < size; i++) keys[i] = this.directory.add(keys[i]!);
    return keys;
  }
}

/** All rows of a settled relation, one after another. */
function wordsOf(relation: Relation): Int32Array {
  if (relation instanceof WideRelation) return relation.rows.words;
  const words = new Int32Array(relation.size * relation.arity);
  let end = 0;
  relation.forEach('visible', (row) => {
    words.set(row, end);
    end += row.length;
  });
  return words;
}
