/**
 * A binary relation as it stands, laid out by one column for reading only ("compressed sparse
 * rows"): what lies under one word is contiguous, and where it lies takes two words instead of the
 * eight of a slot, so that a join touches a third of the memory. It is for relations that do not
 * change while a recursion reads them again and again.
 *
 * What word `w` has is `words[offsets[p] .. offsets[p + 1])` with `p = (w - low) | 0` if that is
 * within the window (`(p & outside) === 0`), else with `p = find(w)` unless that is -1.
 */
import { assert } from '../base/assert.js';
import { SLOT_SHIFT, VECTOR_BASE, COUNT } from './pair-slots.js';
import type { PairRelation } from './pair-relation.js';
import { WordDirectory } from './word-directory.js';

export class PairRows {
  /** The revision of the relation that this shows. */
  readonly revision: number;
  readonly low: number;
  readonly outside: number;
  readonly offsets: Int32Array;
  readonly words: Int32Array;
  readonly #directory: WordDirectory;

  constructor(relation: PairRelation, column: 0 | 1) {
    const isByKey = column === relation.keyColumn;
    this.revision = relation.revision;
    this.#directory = isByKey ? relation.directory : valuesOf(relation);
    const { low, outside } = this.#directory;
    [this.low, this.outside] = [low, outside];
    const places = outside === -1 ? this.#directory.count : this.#directory.window.length;
    this.offsets = new Int32Array(places + 1);
    this.words = new Int32Array(relation.size);
    if (isByKey) this.#fillByKey(relation, places);
    else this.#fillByValue(relation, places);
  }

  /** Where a word stands that is outside the window; -1 for nowhere. */
  readonly find = (word: number): number => (this.outside === -1 ? this.#directory.find(word) : -1);

  bytes(): number {
    return this.offsets.byteLength + this.words.byteLength;
  }

  #fillByKey({ slots, vectors }: PairRelation, places: number): void {
    const { window } = this.#directory;
    let end = 0;
    for (let place = 0; place < places; place++) {
      const slot = this.outside === -1 ? place : window[place]! - 1;
      if (slot >= 0) {
        const at = slot << SLOT_SHIFT;
        const start = slots[at + VECTOR_BASE]!;
        const stop = start + slots[at + COUNT]!;
        for (let i = start; i < stop; i++) this.words[end++] = vectors.words[i]!;
      }
      this.offsets[place + 1] = end;
    }
    assert(end === this.words.length, 'a settled relation');
  }

  #fillByValue(relation: PairRelation, places: number): void {
    const { offsets, words } = this;
    const placeOf = (word: number): number => {
      const place = (word - this.low) | 0;
      return (place & this.outside) === 0 ? place : this.find(word);
    };
    forEachPair(relation, (_, value) => {
      offsets[placeOf(value) + 1]!++;
    });
    for (let place = 0; place < places; place++) offsets[place + 1]! += offsets[place]!;
    const next = offsets.slice();
    forEachPair(relation, (key, value) => {
      words[next[placeOf(value)]!++] = key;
    });
  }
}

function valuesOf(relation: PairRelation): WordDirectory {
  const directory = new WordDirectory();
  forEachPair(relation, (_, value) => void directory.add(value));
  return directory;
}

function forEachPair(
  { directory, slots, vectors }: PairRelation,
  visit: (key: number, value: number) => void,
): void {
  for (let slot = 0; slot < directory.count; slot++) {
    const at = slot << SLOT_SHIFT;
    const start = slots[at + VECTOR_BASE]!;
    const stop = start + slots[at + COUNT]!;
    for (let i = start; i < stop; i++) visit(directory.words[slot]!, vectors.words[i]!);
  }
}
