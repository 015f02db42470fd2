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
  const [first, ...others] = rows.columns.filter((words) => words !== null) as [Int32Array];
  if (!mayRepeat(rows, first, others)) return rows;
  const size =
    others.length === 0 ? dropRepeatedWords(rows, first) : dropRepeatedRows(rows, first, others);
  if (size === rows.size) return rows;
  return rows.with(rows.columns.map((words) => words?.slice(0, size) ?? null));
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
  if (columns.length === 3) {
    const [left, right] = [0, 1, 2].filter((column) => column !== keyColumn) as [number, number];
    const [a, b] = [columns[left]!, columns[right]!];
    const [placedA, placedB] = [zeroedWords(keys.length), zeroedWords(keys.length)];
    for (let i = 0; i < keys.length; i++) {
      const place = offsets[keys[i]! - low + 1]!++;
      placedA[place] = a[i]!;
      placedB[place] = b[i]!;
    }
    const placed = columns.map((_, column) =>
      column === keyColumn ? null : column === left ? placedA : placedB,
    );
    return new Csr(window, offsets, placed);
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

/** Whether a row may be there twice; not known of large groups. Mostly none is, and this is sooner seen than done. */
function mayRepeat(
  { offsets, length }: Csr,
  first: Int32Array,
  others: readonly Int32Array[],
): boolean {
  for (let place = 0; place < length; place++) {
    const begin = offsets[place]!;
    const end = offsets[place + 1]!;
    if (end - begin > MOST_COMPARED) return true;
    for (let i = begin + 1; i < end; i++) {
      const word = first[i]!;
      for (let other = begin; other < i; other++)
        if (first[other] === word && agree(others, other, i)) return true;
    }
  }
  return false;
}

/** Moves words that occur for the first time in their group to the front; how many there are. */
function dropRepeatedWords({ offsets, length }: Csr, words: Int32Array): number {
  const known = new WordDirectory();
  let [start, end] = [0, 0];
  for (let place = 0; place < length; place++) {
    const stop = offsets[place + 1]!;
    const begin = end;
    const isLarge = stop - start > MOST_COMPARED;
    if (isLarge) known.clear();
    for (let i = start; i < stop; i++) {
      const word = words[i]!;
      if (isLarge) {
        if (known.add(word) < end - begin) continue;
      } else {
        let other = begin;
        while (other < end && words[other] !== word) other++;
        if (other < end) continue;
      }
      words[end++] = word;
    }
    offsets[place + 1] = end;
    start = stop;
  }
  return end;
}

/** The same of rows of several words beside the key. */
function dropRepeatedRows(
  { offsets, length }: Csr,
  first: Int32Array,
  others: readonly Int32Array[],
): number {
  const columns = [first, ...others];
  const known = new TupleDirectory(columns.length);
  const row = new Int32Array(columns.length);
  let [start, end] = [0, 0];
  for (let place = 0; place < length; place++) {
    const stop = offsets[place + 1]!;
    const begin = end;
    const isLarge = stop - start > MOST_COMPARED;
    if (isLarge) known.clear();
    for (let i = start; i < stop; i++) {
      const word = first[i]!;
      if (isLarge) {
        for (let c = 0; c < columns.length; c++) row[c] = columns[c]![i]!;
        if (known.addNew(row) < 0) continue;
      } else {
        let other = begin;
        while (other < end && (first[other] !== word || !agree(others, other, i))) other++;
        if (other < end) continue;
      }
      if (i !== end) {
        first[end] = word;
        for (let c = 0; c < others.length; c++) others[c]![end] = others[c]![i]!;
      }
      end++;
    }
    offsets[place + 1] = end;
    start = stop;
  }
  return end;
}

function agree(columns: readonly Int32Array[], row: number, other: number): boolean {
  for (let c = 0; c < columns.length; c++)
    if (columns[c]![row] !== columns[c]![other]) return false;
  return true;
}
