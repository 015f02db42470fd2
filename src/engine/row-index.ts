/**
 * An index of a wide relation by some of its columns: group of equal words -> rows, old ones before
 * those of the delta. One column goes through a word directory, several through a tuple directory.
 *
 * Where each row stands in its group is noted from the first removal on (`#places`), so that taking
 * a row out costs the same however large its group is; relations that never lose a tuple never pay.
 */
import { defined } from '../base/assert.js';
import { ENTRY_BASE, SlotVectors, ENTRY_COUNT, ENTRY_OLD, ENTRY_SHIFT } from './slot-vectors.js';
import type { Part, Words } from './relation.js';
import { grownCopy } from './storage-limit.js';
import { TupleDirectory } from './tuple-directory.js';
import { WordDirectory } from './word-directory.js';

export class RowIndex {
  /** Ascending. */
  readonly columns: readonly number[];
  /** Rows by slot of the directory. */
  readonly entries: SlotVectors;
  /** The directory of an index by one column; else null. */
  readonly byWord: WordDirectory | null;
  /** The directory of an index by several columns; else null. */
  readonly byTuple: TupleDirectory | null;
  /** The rows of the relation. */
  readonly #rows: TupleDirectory;
  readonly #wanted: Int32Array;
  #places: Int32Array | null = null;

  constructor(rows: TupleDirectory, columns: readonly number[], checks: boolean) {
    this.columns = columns;
    this.entries = new SlotVectors(checks);
    this.byWord = columns.length === 1 ? new WordDirectory() : null;
    this.byTuple = columns.length === 1 ? null : new TupleDirectory(columns.length);
    this.#rows = rows;
    this.#wanted = new Int32Array(columns.length);
  }

  /** The slot of the group with these words, or -1. */
  find(words: Words): number {
    if (this.byWord !== null) return this.byWord.find(words[0]!);
    for (let i = 0; i < this.#wanted.length; i++) this.#wanted[i] = words[i]!;
    return this.byTuple!.find(this.#wanted);
  }

  /** The rows of a group in one part. */
  forEach(words: Words, part: Part, visit: (row: number) => void): void {
    const slot = this.find(words);
    if (slot < 0) return;
    const at = slot << ENTRY_SHIFT;
    const { slots } = this.entries;
    const end = slots[at + (part === 'old' ? ENTRY_OLD : ENTRY_COUNT)]!;
    for (let i = part === 'delta' ? slots[at + ENTRY_OLD]! : 0; i < end; i++)
      visit(this.entries.vectors.words[slots[at + ENTRY_BASE]! + i]!);
  }

  /** Makes the delta old and rows `start .. end-1` the delta. */
  advance(start: number, end: number): void {
    this.entries.age();
    const needed = this.#places !== null && this.#places.length < end;
    if (needed) this.#places = grownCopy(this.#places!, end);
    for (let row = start; row < end; row++) {
      const place = this.entries.pushEntry(this.#slotFor(row), row);
      if (this.#places !== null) this.#places[row] = place;
    }
  }

  /** Forgets a row, and that the last row will take its number; both must still be where they are. */
  remove(row: number): void {
    const last = this.#rows.count - 1;
    this.#places ??= this.#findPlaces();
    const places = this.#places;
    const slot = this.#slotOf(row);
    const place = places[row]!;
    const moved = this.entries.removeAt(slot, place);
    places[moved] = place;
    if (row !== last) {
      const at = this.#slotOf(last) << ENTRY_SHIFT;
      this.entries.vectors.words[this.entries.slots[at + ENTRY_BASE]! + places[last]!] = row;
      places[row] = places[last]!;
    }
    if (this.entries.isEmpty(slot)) this.#dropSlot(slot);
  }

  clear(): void {
    const directory = this.byWord ?? defined(this.byTuple, 'a directory');
    this.entries.clearSlots(directory.count);
    directory.clear();
  }

  bytes(): number {
    const directory = this.byWord ?? defined(this.byTuple, 'a directory');
    return this.entries.bytes() + directory.bytes() + (this.#places?.byteLength ?? 0);
  }

  #slotFor(row: number): number {
    if (this.byWord !== null) return this.byWord.add(this.#wordsOf(row)[0]!);
    return this.byTuple!.add(this.#wordsOf(row));
  }

  #slotOf(row: number): number {
    return this.find(this.#wordsOf(row));
  }

  #wordsOf(row: number): Int32Array {
    const { words, arity } = this.#rows;
    const { columns } = this;
    for (let i = 0; i < columns.length; i++) this.#wanted[i] = words[row * arity + columns[i]!]!;
    return this.#wanted;
  }

  #dropSlot(slot: number): void {
    if (this.byWord !== null) {
      this.byWord.remove(this.byWord.words[slot]!);
      this.entries.moveSlot(this.byWord.count, slot);
    } else {
      this.byTuple!.remove(slot);
      this.entries.moveSlot(this.byTuple!.count, slot);
    }
  }

  #findPlaces(): Int32Array {
    const places = new Int32Array(Math.max(16, this.#rows.count));
    const count = (this.byWord ?? defined(this.byTuple, 'a directory')).count;
    const { slots } = this.entries;
    for (let slot = 0; slot < count; slot++) {
      const at = slot << ENTRY_SHIFT;
      for (let i = 0; i < slots[at + ENTRY_COUNT]!; i++)
        places[this.entries.vectors.words[slots[at + ENTRY_BASE]! + i]!] = i;
    }
    return places;
  }
}
