/**
 * From columns of words to rows by one of them: counted, placed and rid of repetitions in a few
 * passes over memory, without a hash for any tuple. Where the words of the key lie close together
 * they are counted off in an array; else they are grouped by a directory (group-words.ts).
 */
import { Csr } from './csr.js';
import { groupWords } from './group-words.js';
import { zeroedWords } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';
import { rangeOf } from './word.js';
import { WordDirectory } from './word-directory.js';
import { WordPlaces } from './word-places.js';

/** Largest group of rows that are compared with each other. */
const MOST_COMPARED = 32;

/** Rows, given by columns, as a set. */
export function packRows(columns: readonly Int32Array[], keyColumn: number): Csr {
  const rows = layOutRows(columns, keyColumn);
  const others = rows.columns.filter((words) => words !== null);
  const [first] = others;
  const size =
    first !== undefined && others.length === 1
      ? dropRepeatedWords(rows.offsets, rows.length, first)
      : dropRepeatedRows(rows.offsets, rows.length, others);
  if (size === rows.size) return rows;
  const shorter = rows.columns.map((words) => words?.slice(0, size) ?? null);
  return rows.with(shorter);
}

/** Rows that are different from each other, given by columns. */
export function layOutRows(columns: readonly Int32Array[], keyColumn: number): Csr {
  const keys = columns[keyColumn]!;
  const [least, most] = keys.length === 0 ? [0, 0] : rangeOf(keys);
  const span = most - least + 1;
  return span <= 4 * keys.length
    ? layOutDense(columns, keyColumn, least, span)
    : layOutSparse(columns, keyColumn);
}

function layOutDense(
  columns: readonly Int32Array[],
  keyColumn: number,
  low: number,
  span: number,
): Csr {
  const keys = columns[keyColumn]!;
  const window = { low, span };
  const { length } = new WordPlaces(window);
  // Two ahead: what is counted becomes where a group begins, and then, as it is filled, where it ends.
  const offsets = zeroedWords(length + 2);
  for (let i = 0; i < keys.length; i++) offsets[keys[i]! - low + 2]!++;
  for (let i = 2; i < offsets.length; i++) offsets[i]! += offsets[i - 1]!;
  if (columns.length === 2) {
    const values = columns[1 - keyColumn]!;
    const placed = zeroedWords(keys.length);
    for (let i = 0; i < keys.length; i++) placed[offsets[keys[i]! - low + 1]!++] = values[i]!;
    return new Csr(window, offsets, keyColumn === 0 ? [null, placed] : [placed, null]);
  }
  const places = zeroedWords(keys.length);
  for (let i = 0; i < keys.length; i++) places[i] = offsets[keys[i]! - low + 1]!++;
  return new Csr(window, offsets, placedColumns(columns, keyColumn, places));
}

function layOutSparse(columns: readonly Int32Array[], keyColumn: number): Csr {
  const groups = groupWords(columns[keyColumn]!);
  const starts = zeroedWords(groups.sizes.length);
  const offsets = new WordPlaces(groups.directory).offsetsFor(groups, starts);
  return new Csr(
    groups.directory,
    offsets,
    placedColumns(columns, keyColumn, groups.places(starts)),
  );
}

function placedColumns(
  columns: readonly Int32Array[],
  keyColumn: number,
  places: Int32Array,
): readonly (Int32Array | null)[] {
  return columns.map((words, column) => {
    if (column === keyColumn) return null;
    const placed = zeroedWords(words.length);
    for (let i = 0; i < words.length; i++) placed[places[i]!] = words[i]!;
    return placed;
  });
}

/** Moves words that occur for the first time in their group to the front; how many there are. */
function dropRepeatedWords(offsets: Int32Array, groups: number, words: Int32Array): number {
  const known = new WordDirectory();
  let [start, end] = [0, 0];
  for (let group = 0; group < groups; group++) {
    const stop = offsets[group + 1]!;
    const begin = end;
    if (stop - start > MOST_COMPARED) {
      known.clear();
      for (let i = start; i < stop; i++)
        if (known.add(words[i]!) === end - begin) words[end++] = words[i]!;
    } else
      for (let i = start; i < stop; i++) {
        const word = words[i]!;
        let other = begin;
        while (other < end && words[other] !== word) other++;
        if (other === end) words[end++] = word;
      }
    offsets[group + 1] = end;
    start = stop;
  }
  return end;
}

/** The same of rows, whose columns but the key are given. */
function dropRepeatedRows(
  offsets: Int32Array,
  groups: number,
  columns: readonly Int32Array[],
): number {
  const known = new TupleDirectory(columns.length);
  const row = new Int32Array(columns.length);
  let [start, end] = [0, 0];
  for (let group = 0; group < groups; group++) {
    const stop = offsets[group + 1]!;
    const begin = end;
    const isLarge = stop - start > MOST_COMPARED;
    if (isLarge) known.clear();
    for (let i = start; i < stop; i++) {
      if (isLarge) {
        for (let c = 0; c < columns.length; c++) row[c] = columns[c]![i]!;
        if (known.addNew(row) < 0) continue;
      } else if (isAmong(columns, i, begin, end)) continue;
      if (i !== end) for (const words of columns) words[end] = words[i]!;
      end++;
    }
    offsets[group + 1] = end;
    start = stop;
  }
  return end;
}

/** Whether a row is one of `begin .. end - 1`. */
function isAmong(columns: readonly Int32Array[], row: number, begin: number, end: number): boolean {
  for (let other = begin; other < end; other++) {
    let c = 0;
    while (c < columns.length && columns[c]![other] === columns[c]![row]) c++;
    if (c === columns.length) return true;
  }
  return false;
}
