/** A binary relation as it stands, laid out by one of its columns (csr.ts). */
import { assert } from '../base/assert.js';
import { Csr } from './csr.js';
import { layOutRows } from './pack-rows.js';
import { COUNT, SLOT_SHIFT, VECTOR_BASE } from './pair-slots.js';
import type { PairRelation } from './pair-relation.js';
import { zeroedWords } from './storage-limit.js';

/** Contract: the relation is settled and not packed; what is given is good until it changes. */
export function layOutPairs(relation: PairRelation, column: 0 | 1): Csr {
  if (column === relation.keyColumn) return layOutByKey(relation);
  const [keys, values] = columnsOf(relation);
  return layOutRows(column === 0 ? [values, keys] : [keys, values], column);
}

function layOutByKey({ directory, slots, vectors, size, keyColumn }: PairRelation): Csr {
  const isWindow = directory.outside !== -1;
  const length = isWindow ? directory.window.length : directory.count;
  const offsets = zeroedWords(length + 1);
  const placed = zeroedWords(size);
  const values = vectors.words;
  let end = 0;
  for (let place = 0; place < length; place++) {
    const slot = isWindow ? directory.window[place]! - 1 : place;
    if (slot >= 0) {
      const at = slot << SLOT_SHIFT;
      const start = slots[at + VECTOR_BASE]!;
      const stop = start + slots[at + COUNT]!;
      for (let i = start; i < stop; i++) placed[end++] = values[i]!;
    }
    offsets[place + 1] = end;
  }
  assert(end === size, 'a settled relation');
  return new Csr(directory, offsets, keyColumn === 0 ? [null, placed] : [placed, null]);
}

/** All pairs, slot by slot. */
function columnsOf({
  directory,
  slots,
  vectors,
  size,
}: PairRelation): readonly [keys: Int32Array, values: Int32Array] {
  const [keys, values] = [zeroedWords(size), zeroedWords(size)];
  let end = 0;
  for (let slot = 0; slot < directory.count; slot++) {
    const at = slot << SLOT_SHIFT;
    const start = slots[at + VECTOR_BASE]!;
    const stop = start + slots[at + COUNT]!;
    const key = directory.words[slot]!;
    for (let i = start; i < stop; i++) {
      keys[end] = key;
      values[end++] = vectors.words[i]!;
    }
  }
  return [keys, values];
}
