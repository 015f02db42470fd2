/**
 * A relation as it stands, laid out by one column for reading only ("compressed sparse rows"): the
 * tuples of each word of that column lie together, so that a join walks memory in order. It is for
 * relations that do not change while a stratum runs.
 *
 * Tuples of word `w` are `offsets[p] .. offsets[p + 1] - 1`, where `p` is the word's place
 * (word-places.ts); `columns[c]` holds their words of column `c` (null for the key column, whose
 * word is the same throughout). Places ascend with their words where those lie close together.
 */
import { groupWords } from './group-words.js';
import type { Relation } from './relation.js';
import { zeroedWords } from './storage-limit.js';
import { WideRelation } from './wide-relation.js';
import { WordPlaces } from './word-places.js';

export class Csr extends WordPlaces {
  /** The revision of the relation that this shows. */
  readonly revision: number;
  readonly offsets: Int32Array;
  readonly columns: readonly (Int32Array | null)[];

  constructor(relation: Relation, keyColumn: number) {
    const { arity, size } = relation;
    const rows = wordsOf(relation);
    const groups = groupWords(columnOf(rows, arity, size, keyColumn));
    super(groups.directory);
    this.revision = relation.revision;
    const starts = zeroedWords(groups.sizes.length);
    this.offsets = this.offsetsFor(groups, starts);
    const places = groups.areInOrder ? null : groups.places(starts);
    this.columns = Array.from({ length: arity }, (_, column) => {
      if (column === keyColumn) return null;
      const words = columnOf(rows, arity, size, column);
      return places === null ? words : moved(words, places);
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
}

function columnOf(rows: Int32Array, arity: number, size: number, column: number): Int32Array {
  const words = zeroedWords(size);
  for (let i = 0; i < size; i++) words[i] = rows[i * arity + column]!;
  return words;
}

function moved(words: Int32Array, places: Int32Array): Int32Array {
  const there = zeroedWords(words.length);
  for (let i = 0; i < words.length; i++) there[places[i]!] = words[i]!;
  return there;
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
