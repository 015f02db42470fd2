/**
 * Many tuples into a relation at once: facts and large batches. They are grouped by a column first
 * (group-words.ts), so that each key's set and vector get their size once, what belongs together
 * lies together, in the order of keys where keys are close together, and duplicates are looked for
 * within a group. Tuple by tuple every insertion would go to another end of memory, and every vector
 * would move as it grows.
 */
import { groupWords, startsOf, type WordGroups } from './group-words.js';
import { noteInserted } from './insert-run.js';
import type { PairRelation } from './pair-relation.js';
import {
  capacityFor,
  MOST_SCANNED,
  reserveVector,
  SLOT_SHIFT,
  VECTOR_BASE,
  VECTOR_CAPACITY,
} from './pair-slots.js';
import { zeroedWords } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';
import type { WideRelation } from './wide-relation.js';

/** Fewest rows for which grouping pays; with checks on, few do, so that both ways are tried. */
const [LEAST_BULK, LEAST_BULK_CHECKED] = [256, 4];

/** Whether so many rows go into the relation group by group. */
export function isBulk(relation: PairRelation | WideRelation, rows: number): boolean {
  return rows >= (relation.checks ? LEAST_BULK_CHECKED : LEAST_BULK);
}

/** Largest group of rows that are compared with each other. */
const MOST_COMPARED = 32;

/** Inserts `values[i]` under `keys[i]` for every `i`; how many pairs are new. */
export function insertColumns(pairs: PairRelation, keys: Int32Array, values: Int32Array): number {
  const groups = groupWords(keys);
  return pairs.directory.count === 0
    ? fillPairs(pairs, groups, values)
    : insertGroups(pairs, groups, values);
}

/** Puts the groups into an empty relation, where their vectors are to be. */
function fillPairs(pairs: PairRelation, groups: WordGroups, values: Int32Array): number {
  const { directory, sizes } = groups;
  const starts = startsOf(sizes, capacityFor);
  // Whatever may fail for want of memory comes before the first change.
  const places = groups.places(starts);
  const base = pairs.vectors.allocateAll(starts[sizes.length]!);
  pairs.takeKeys(directory);
  const { words } = pairs.vectors;
  for (let i = 0; i < values.length; i++) words[base + places[i]!] = values[i]!;
  const { slots } = pairs;
  for (let slot = 0; slot < sizes.length; slot++) {
    const [at, start, size] = [slot << SLOT_SHIFT, base + starts[slot]!, sizes[slot]!];
    slots[at + VECTOR_BASE] = start;
    slots[at + VECTOR_CAPACITY] = capacityFor(size);
    if (size <= MOST_SCANNED)
      noteInserted(pairs, slot, 0, withoutRepeats(words, start, size) - start);
    else pairs.insertRun(slot, words.slice(start, start + size), 0, size);
  }
  return pairs.size;
}

/** Moves words that occur for the first time to the front; the end of them. */
function withoutRepeats(words: Int32Array, start: number, size: number): number {
  let end = start;
  for (let i = start; i < start + size; i++) {
    const word = words[i]!;
    let place = start;
    while (place < end && words[place] !== word) place++;
    if (place === end) words[end++] = word;
  }
  return end;
}

function insertGroups(pairs: PairRelation, groups: WordGroups, values: Int32Array): number {
  const { directory, sizes } = groups;
  const starts = startsOf(sizes, (size) => size);
  const places = groups.places(starts);
  const grouped = zeroedWords(values.length);
  for (let i = 0; i < values.length; i++) grouped[places[i]!] = values[i]!;
  let fresh = 0;
  for (let group = 0; group < sizes.length; group++) {
    const slot = pairs.slotFor(directory.words[group]!);
    reserveVector(pairs, slot, sizes[group]!);
    fresh += pairs.insertRun(slot, grouped, starts[group]!, starts[group + 1]!);
  }
  return fresh;
}

/** Puts rows, of which there is at least one, into an empty relation; how many different ones there are. */
export function fillRows(relation: WideRelation, columns: readonly Int32Array[]): number {
  const { length: arity } = columns;
  const [first] = columns as [Int32Array];
  const groups = groupWords(first);
  const { sizes } = groups;
  const starts = startsOf(sizes, (size) => size);
  const places = groups.places(starts);
  const rows = zeroedWords(first.length * arity);
  for (let i = 0; i < places.length; i++) {
    const at = places[i]! * arity;
    for (let c = 0; c < arity; c++) rows[at + c] = columns[c]![i]!;
  }
  let end = 0;
  for (let group = 0; group < sizes.length; group++)
    end = appendDistinct(rows, arity, starts[group]!, sizes[group]!, end);
  relation.rows.fill(rows, end);
  return end;
}

/** Moves the different ones of some rows of one group to row `end` and after it; the new end. */
function appendDistinct(
  rows: Int32Array,
  arity: number,
  start: number,
  size: number,
  end: number,
): number {
  const begin = end;
  const seen = size > MOST_COMPARED ? new TupleDirectory(arity) : null;
  for (let row = start; row < start + size; row++) {
    const isKnown =
      seen === null ? isAmong(rows, arity, row, begin, end) : seen.addNew(rows, row * arity) < 0;
    if (isKnown) continue;
    for (let column = 0; column < arity; column++)
      rows[end * arity + column] = rows[row * arity + column]!;
    end++;
  }
  return end;
}

/** Whether a row, whose first column theirs is, is one of `begin .. end - 1`. */
function isAmong(
  rows: Int32Array,
  arity: number,
  row: number,
  begin: number,
  end: number,
): boolean {
  for (let other = begin; other < end; other++) {
    let column = 1;
    while (column < arity && rows[other * arity + column] === rows[row * arity + column]) column++;
    if (column === arity) return true;
  }
  return false;
}
