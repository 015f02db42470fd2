/**
 * A binary relation as it stands, laid out by one column for reading only ("compressed sparse
 * rows"): what lies under one word is contiguous, and where it lies takes two words instead of the
 * eight of a slot, so that a join touches a third of the memory. It is for relations that do not
 * change while a recursion reads them again and again.
 *
 * What word `w` has is `words[offsets[p] .. offsets[p + 1])`, where `p` is the word's place
 * (word-places.ts).
 */
import { assert } from '../base/assert.js';
import { groupWords, type WordGroups } from './group-words.js';
import { SLOT_SHIFT, VECTOR_BASE, COUNT } from './pair-slots.js';
import type { PairRelation } from './pair-relation.js';
import { zeroedWords } from './storage-limit.js';
import { WordPlaces } from './word-places.js';

export class PairRows extends WordPlaces {
  /** The revision of the relation that this shows. */
  readonly revision: number;
  readonly offsets: Int32Array;
  readonly words: Int32Array;

  constructor(relation: PairRelation, column: 0 | 1) {
    const groups = column === relation.keyColumn ? null : groupWords(valuesOf(relation));
    super(groups === null ? relation.directory : groups.directory);
    this.revision = relation.revision;
    this.words = zeroedWords(relation.size);
    this.offsets =
      groups === null ? this.#fillByKey(relation) : this.#fillByValue(relation, groups);
  }

  bytes(): number {
    return this.offsets.byteLength + this.words.byteLength;
  }

  #fillByKey({ slots, vectors }: PairRelation): Int32Array {
    const offsets = zeroedWords(this.length + 1);
    const values = vectors.words;
    const { words } = this;
    let end = 0;
    for (let place = 0; place < this.length; place++) {
      const slot = this.slotAt(place);
      if (slot >= 0) {
        const at = slot << SLOT_SHIFT;
        const start = slots[at + VECTOR_BASE]!;
        const stop = start + slots[at + COUNT]!;
        for (let i = start; i < stop; i++) words[end++] = values[i]!;
      }
      offsets[place + 1] = end;
    }
    assert(end === words.length, 'a settled relation');
    return offsets;
  }

  #fillByValue({ directory, slots }: PairRelation, groups: WordGroups): Int32Array {
    const starts = zeroedWords(groups.sizes.length);
    const offsets = this.offsetsFor(groups, starts);
    const places = groups.places(starts);
    const { words } = this;
    let i = 0;
    for (let slot = 0; slot < directory.count; slot++) {
      const key = directory.words[slot]!;
      const stop = i + slots[(slot << SLOT_SHIFT) + COUNT]!;
      for (; i < stop; i++) words[places[i]!] = key;
    }
    return offsets;
  }
}

/** The values of all pairs, slot by slot. */
function valuesOf({ directory, slots, vectors, size }: PairRelation): Int32Array {
  const values = zeroedWords(size);
  let end = 0;
  for (let slot = 0; slot < directory.count; slot++) {
    const at = slot << SLOT_SHIFT;
    const start = slots[at + VECTOR_BASE]!;
    const stop = start + slots[at + COUNT]!;
    for (let i = start; i < stop; i++) values[end++] = vectors.words[i]!;
  }
  return values;
}
