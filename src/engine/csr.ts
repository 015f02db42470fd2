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
    const counts = this.#countKeys(relation);
    this.offsets = new Int32Array(counts.length + 1);
    for (let slot = 0; slot < counts.length; slot++)
      this.offsets[slot + 1] = this.offsets[slot]! + counts[slot]!;
    this.columns = this.#fill(relation, this.offsets.slice());
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

  #countKeys(relation: Relation): Int32Array {
    const keys = new Int32Array(relation.size);
    let end = 0;
    relation.forEach('visible', (row) => {
      keys[end++] = row[this.keyColumn]!;
    });
    const present = keys.subarray(0, end);
    forEachAscending(present, (key) => void this.directory.add(key));
    for (let i = 0; i < end; i++) this.directory.add(keys[i]!);
    const counts = new Int32Array(this.directory.count);
    for (let i = 0; i < end; i++) counts[this.directory.find(keys[i]!)]!++;
    return counts;
  }

  #fill(relation: Relation, next: Int32Array): readonly (Int32Array | null)[] {
    const total = this.offsets[this.offsets.length - 1]!;
    const columns = Array.from({ length: relation.arity }, (_, column) =>
      column === this.keyColumn ? null : new Int32Array(total),
    );
    relation.forEach('visible', (row) => {
      const at = next[this.directory.find(row[this.keyColumn]!)]!++;
      for (let column = 0; column < columns.length; column++) {
        const words = columns[column];
        if (words !== null && words !== undefined) words[at] = row[column]!;
      }
    });
    return columns;
  }
}
