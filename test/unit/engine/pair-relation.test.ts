/** Binary relations: the shapes of their sets, runs that feed themselves, what removal gives back. */
import { describe, expect, it } from 'vitest';
import { BugError } from '../../../src/base/assert.js';
import { insertColumns } from '../../../src/engine/bulk-insert.js';
import { createRelation } from '../../../src/engine/create-relation.js';
import { WideRelation } from '../../../src/engine/wide-relation.js';
import { PairRelation } from '../../../src/engine/pair-relation.js';
import type { WordPlaces } from '../../../src/engine/word-places.js';
import type { Part } from '../../../src/engine/relation.js';
import { StorageLimitError } from '../../../src/engine/storage-limit.js';
import {
  BITSET,
  DELTA_END,
  OLD_END,
  SET_SHAPE,
  SLOT_SHIFT,
  VECTOR_BASE,
} from '../../../src/engine/pair-slots.js';

const count = (n: number, f: (i: number) => number = (i) => i): Int32Array =>
  Int32Array.from({ length: n }, (_, i) => f(i));

function shapeOf(relation: PairRelation, key: number): 'scanned' | 'table' | 'bitset' {
  const shape = relation.slots[(relation.directory.find(key) << SLOT_SHIFT) + SET_SHAPE]!;
  return shape === 0 ? 'scanned' : shape < BITSET ? 'table' : 'bitset';
}

function valuesOf(relation: PairRelation, key: number): number[] {
  const values: number[] = [];
  relation.probe([0], [key], 'visible', (row) => values.push(row[1]!));
  return values.sort((a, b) => a - b);
}

/** A relation with one key that has these values, all old. */
function withValues(values: Int32Array): PairRelation {
  const relation = new PairRelation({ checks: true });
  relation.insertRun(relation.slotFor(1), values, 0, values.length);
  relation.settle();
  return relation;
}

describe('the set of a key', () => {
  it('is its vector while small, a bitset where dense, a table where not', () => {
    expect(shapeOf(withValues(count(8)), 1)).toBe('scanned');
    expect(shapeOf(withValues(count(9)), 1)).toBe('bitset');
    expect(shapeOf(withValues(count(9, (i) => i * 1_000_000)), 1)).toBe('table');
    expect(shapeOf(withValues(count(5000, (i) => i - 2500)), 1)).toBe('bitset');
  });

  it('changes from bitset to table and back as values come and go', () => {
    const relation = withValues(count(1000));
    for (let i = 0; i < 1000; i++) relation.insert([1, i * 10_007]);
    expect(shapeOf(relation, 1)).toBe('table');
    relation.settle();
    for (let i = 1; i < 1000; i++) expect(relation.remove([1, i * 10_007])).toBe(true);
    for (let i = 1000; i < 4000; i++) relation.insert([1, i]);
    expect(shapeOf(relation, 1)).toBe('bitset');
    relation.settle();
    expect(valuesOf(relation, 1)).toEqual([...count(4000)]);
    for (let i = 0; i < 3996; i++) relation.remove([1, i]);
    expect(shapeOf(relation, 1)).toBe('scanned');
    expect(valuesOf(relation, 1)).toEqual([3996, 3997, 3998, 3999]);
    for (let i = 3996; i < 4000; i++) relation.remove([1, i]);
    expect(relation.directory.count).toBe(0);
  });

  it.each([
    ['upwards', 5, (i: number) => 3 * i],
    ['downwards', -5, (i: number) => -3 * i],
    ['up to the greatest', 2 ** 31 - 1 - 6000, (i: number) => 3 * i],
    ['down to the least', -(2 ** 31) + 6000, (i: number) => -3 * i],
    ['to one side and then to the other', 0, (i: number) => (i < 900 ? i : 900 - 2 * i)],
  ])('holds just what it was given when it grows %s', (_, first, at) => {
    const relation = new PairRelation();
    const given = [...count(2000, (i) => first + at(i))];
    for (const [i, value] of given.entries()) {
      expect(relation.insert([1, value])).toBe(true);
      expect(relation.has([1, given[i >> 1]!])).toBe(true);
      if (i < 1999) expect(relation.has([1, given[i + 1]!])).toBe(false);
    }
    expect(shapeOf(relation, 1)).toBe('bitset');
    relation.settle();
    expect(valuesOf(relation, 1)).toEqual([...given].sort((a, b) => a - b));
    const held = new Set(given);
    for (let value = first - 40; value < first + 40; value++)
      expect(relation.has([1, value | 0])).toBe(held.has(value | 0));
  });

  it('is not laid anew for each value when they spread to both sides in turn', () => {
    const relation = new PairRelation();
    const slot = relation.slotFor(1);
    let changes = 0;
    for (let i = 0, shape = 0; i < 20_000; i++) {
      relation.insertValue(slot, i % 2 === 0 ? 1_000_000 + i : 1_000_000 - i);
      const now = relation.slots[(slot << SLOT_SHIFT) + SET_SHAPE]!;
      if (now !== shape) changes++;
      shape = now;
    }
    expect(relation.size).toBe(20_000);
    expect(changes).toBeLessThan(20);
  });

  it('takes all int32 that are words', () => {
    const ends = Int32Array.of(-(2 ** 31), 2 ** 31 - 1, 0, -2, -3);
    const near = count(40, (i) => 2 ** 31 - 1 - i);
    const far = count(40, (i) => -(2 ** 31) + i);
    for (const values of [ends, near, far, Int32Array.of(...near, ...far)]) {
      const relation = withValues(values);
      expect(valuesOf(relation, 1)).toEqual([...new Set(values)].sort((a, b) => a - b));
      expect(relation.insertRun(0, values, 0, values.length)).toBe(0);
    }
  });
});

describe('runs', () => {
  it('say how many values are new, and note the key once a round', () => {
    const relation = new PairRelation({ checks: true });
    const slot = relation.slotFor(7);
    expect(relation.insertRun(slot, count(100), 0, 60)).toBe(60);
    expect(relation.insertRun(slot, count(100), 50, 100)).toBe(40);
    expect(relation.dirtyCount).toBe(1);
    expect(relation.advance()).toBe(true);
    expect([relation.currentCount, relation.dirtyCount]).toEqual([1, 0]);
    expect(relation.insertRun(slot, count(100), 0, 100)).toBe(0);
    expect(relation.advance()).toBe(false);
  });

  it('may come from the relation itself while its arrays are replaced', () => {
    for (const spread of [1, 3, 1_000_003]) {
      const relation = new PairRelation({ checks: true });
      relation.insertRun(
        relation.slotFor(0),
        count(3000, (i) => i * spread),
        0,
        3000,
      );
      relation.advance();
      for (let key = 1; key < 40; key++) {
        const slot = relation.slotFor(key);
        const start = relation.slots[VECTOR_BASE]!;
        expect(relation.insertRun(slot, relation.vectors.words, start, start + 3000)).toBe(3000);
      }
      relation.settle();
      for (const key of [0, 1, 39])
        expect(valuesOf(relation, key)).toEqual([...count(3000, (i) => i * spread).sort()]);
    }
  });

  it('of a key into the same key change nothing', () => {
    const relation = withValues(count(500, (i) => i * 77));
    const start = relation.slots[VECTOR_BASE]!;
    expect(relation.insertRun(0, relation.vectors.words, start, start + 500)).toBe(0);
  });

  it('reach the fixpoint of a closure over marks', () => {
    const relation = new PairRelation({ checks: true });
    const length = 150;
    for (let i = 0; i < length; i++) relation.insert([i, i + 1]);
    let rounds = 0;
    for (; relation.advance(); rounds++) {
      for (let i = 0; i < relation.currentCount; i++) {
        const slot = relation.current[i]!;
        const at = slot << SLOT_SHIFT;
        for (let d = relation.slots[at + OLD_END]!; d < relation.slots[at + DELTA_END]!; d++) {
          const next = relation.vectors.words[relation.slots[at + VECTOR_BASE]! + d]!;
          if (next < length) relation.insertValue(slot, next + 1);
        }
      }
    }
    expect(relation.size).toBe((length * (length + 1)) / 2);
    expect(rounds).toBe(length);
  });
});

describe('between timesteps', () => {
  it('a relation that still has a delta gives up no tuple', () => {
    for (const arity of [1, 2, 3]) {
      const relation = createRelation(arity);
      const row = Array.from({ length: arity }, () => 5);
      relation.insert(row);
      expect(() => relation.remove(row)).toThrow(BugError);
      relation.advance();
      expect(() => relation.remove(row)).toThrow(BugError);
      relation.advance();
      expect(relation.remove(row)).toBe(true);
    }
  });

  it('memory stays as it is however many tuples come and go', () => {
    const relation = new PairRelation({ indexes: [[1]] });
    const bytesAt: number[] = [];
    for (let i = 0; i < 60_000; i++) {
      relation.insert([i, i % 7]);
      relation.insert([3, i]);
      relation.settle();
      if (i >= 200) {
        relation.remove([i - 200, (i - 200) % 7]);
        relation.remove([3, i - 200]);
      }
      if (i === 10_000 || i === 59_999) bytesAt.push(relation.bytes());
    }
    expect(relation.size).toBeLessThan(410);
    expect(bytesAt[1]).toBeLessThanOrEqual(2 * bytesAt[0]!);
    expect(bytesAt[1]).toBeLessThan(200_000);
  });

  it('the revision changes exactly with what can be seen', () => {
    for (const arity of [0, 1, 2, 3]) {
      const relation = createRelation(arity);
      const row = Array.from({ length: arity }, () => 5);
      const seen = [relation.revision];
      relation.insert(row);
      expect(relation.revision).toBe(seen[0]);
      relation.advance();
      seen.push(relation.revision);
      relation.settle();
      relation.settle();
      const settled = relation.revision;
      relation.settle();
      expect(relation.revision).toBe(settled);
      relation.remove(row);
      seen.push(relation.revision);
      expect(relation.remove(row)).toBe(false);
      expect(relation.revision).toBe(seen.at(-1));
      expect(new Set(seen).size).toBe(seen.length);
    }
  });
});

describe('memory', () => {
  it('that ends while pairs come all at once leaves none of them, nor their keys', () => {
    const keys = count(600, (i) => i % 20);
    const values = count(600, (i) => i * 1_000_003);
    for (const which of ['sets', 'vectors'] as const) {
      const relation = new PairRelation();
      const arena = relation[which];
      const { allocate, allocateAll } = arena;
      let left = which === 'sets' ? 5 : 0;
      arena.allocate = (sizeClass) => {
        if (left-- === 0) throw new StorageLimitError('no more');
        return allocate.call(arena, sizeClass);
      };
      arena.allocateAll = () => arena.allocate(0);
      if (which === 'sets') arena.allocateAll = allocateAll;
      expect(() => insertColumns(relation, [keys, values])).toThrow(StorageLimitError);
      expect([relation.size, relation.directory.count, relation.dirtyCount]).toEqual([0, 0, 0]);
      [arena.allocate, arena.allocateAll] = [allocate, allocateAll];
      expect(insertColumns(relation, [keys, values])).toBe(600);
      relation.settle();
      expect(valuesOf(relation, 7)).toEqual([...values].filter((_, i) => i % 20 === 7));
    }
  });

  it('that ends as given pairs are unpacked leaves them packed', () => {
    const relation = new PairRelation({ isGiven: true });
    insertColumns(relation, [count(40, (i) => i % 8), count(40, (i) => i * 1_000_003)]);
    const { allocateAll } = relation.vectors;
    relation.vectors.allocateAll = () => {
      throw new StorageLimitError('no more');
    };
    const { revision } = relation;
    expect(() => relation.has([3, 11 * 1_000_003])).toThrow(StorageLimitError);
    expect([relation.size, relation.revision]).toEqual([40, revision]);
    relation.vectors.allocateAll = allocateAll;
    expect(relation.has([3, 11 * 1_000_003])).toBe(true);
    expect(relation.size).toBe(40);
  });

  it('that ends as a key gets its first value leaves a key, which is forgotten', () => {
    const relation = new PairRelation();
    relation.insert([1, 10]);
    const { allocate } = relation.vectors;
    relation.vectors.allocate = () => {
      throw new StorageLimitError('no more');
    };
    expect(() => relation.insert([2, 20])).toThrow(StorageLimitError);
    relation.vectors.allocate = allocate;
    relation.settle();
    relation.dropEmptyKeys();
    expect([relation.directory.find(1), relation.directory.find(2), relation.size]).toEqual([
      0, -1, 1,
    ]);
  });

  it('that ends in the middle of a run leaves what was inserted, and no more', () => {
    for (const spread of [1, 1_000_003]) {
      for (const which of ['sets', 'vectors'] as const) {
        for (const before of [2, 7, 30, 100]) {
          const relation = new PairRelation();
          const values = count(1000, (i) => i * spread);
          const slot = relation.slotFor(1);
          relation.insertRun(slot, values, 0, before);
          const arena = relation[which];
          const { allocate } = arena;
          arena.allocate = () => {
            throw new StorageLimitError('no more');
          };
          expect(() => relation.insertRun(slot, values, 0, 1000)).toThrow(StorageLimitError);
          arena.allocate = allocate;
          const { size } = relation;
          expect([...values].filter((value) => relation.has([1, value])).length).toBe(size);
          expect(relation.insertRun(slot, values, 0, 1000)).toBe(1000 - size);
          relation.settle();
          expect(valuesOf(relation, 1)).toEqual([...values].sort((a, b) => a - b));
        }
      }
    }
  });

  it('is at most 25 bytes a tuple where keys have many values', () => {
    const relation = new PairRelation();
    const values = count(1000, (i) => i * 1_000_003);
    for (let key = 0; key < 1000; key++)
      relation.insertRun(relation.slotFor(key), values, 0, values.length);
    expect(relation.bytes() / relation.size).toBeLessThan(25);
  });
});

/** As generated code finds it. */
function placeIn({ low, outside, find }: WordPlaces, word: number): number {
  const place = (word - low) | 0;
  return (place & outside) === 0 ? place : find(word);
}

it('pairs that are given at once show the same as others, however far they are read', () => {
  const columns: [Int32Array, Int32Array] = [count(900, (i) => i % 70), count(900, (i) => i % 30)];
  const options = { keyColumn: 1, indexes: [], checks: true } as const;
  // Rows are of settled relations, and so behind the second round.
  const ofSettled: readonly ((relation: PairRelation) => unknown)[] = [
    (relation) => [...relation.rowsBy(0).keys().sort()],
    (relation) => [...relation.rowsBy(1).keys().sort()],
  ];
  const readers: readonly ((relation: PairRelation) => unknown)[] = [
    (relation) => relation.has([3, 3]),
    (relation) => relation.size,
    (relation) => (['old', 'delta', 'visible'] as const).map((part) => rowsOf(relation, part)),
    (relation) => probed(relation, [0], [3]),
    (relation) => probed(relation, [1], [3]),
  ];
  for (const rounds of [0, 1, 2, 3]) {
    for (const read of rounds < 2 ? readers : [...readers, ...ofSettled]) {
      const [given, other] = [true, false].map((isGiven) => {
        const relation = new PairRelation({ ...options, isGiven });
        expect(insertColumns(relation, columns)).toBe(210);
        for (let round = 0; round < rounds; round++) relation.advance();
        return relation;
      }) as [PairRelation, PairRelation];
      expect(read(given)).toEqual(read(other));
      expect(rowsOf(given, 'visible')).toEqual(rowsOf(other, 'visible'));
      given.unpacked();
      expect(read(given)).toEqual(read(other));
      expect(given.advance()).toBe(other.advance());
      expect(rowsOf(given, 'old')).toEqual(rowsOf(other, 'old'));
      given.clear();
      expect([given.size, given.has([3, 3]), given.rowsBy(1).size]).toEqual([0, false, 0]);
    }
  }
});

function rowsOf(relation: PairRelation, part: Part): string[] {
  const rows: string[] = [];
  relation.forEach(part, (row) => void rows.push(row.join()));
  return rows.sort();
}

function probed(relation: PairRelation, columns: number[], words: number[]): string[] {
  const rows: string[] = [];
  relation.probe(columns, words, 'visible', (row) => void rows.push(row.join()));
  return rows.sort();
}

it('a relation laid out by a column has its tuples by the words of that column', () => {
  const relation = new WideRelation(3);
  for (let i = 0; i < 3000; i++) relation.insert([i % 50, i, (i % 50) * -1000 - 2]);
  relation.settle();
  for (const keyColumn of [0, 2]) {
    const csr = relation.rowsBy(keyColumn);
    expect(relation.rowsBy(keyColumn)).toBe(csr);
    const place = placeIn(csr, keyColumn === 0 ? 7 : -7002);
    const found = csr.columns[1]!.subarray(csr.offsets[place], csr.offsets[place + 1]);
    expect([...found].sort((a, b) => a - b)).toEqual([...count(60, (i) => 7 + 50 * i)]);
    expect(csr.columns[keyColumn]).toBe(null);
    expect(csr.offsets.at(-1)).toBe(3000);
  }
  const before = relation.rowsBy(0);
  relation.remove([0, 0, -2]);
  expect(relation.rowsBy(0)).not.toBe(before);
});

it('pairs laid out by a column have its tuples by the words of that column', () => {
  for (const [keyColumn, spread] of [
    [0, 1],
    [1, 1],
    [0, 700_000],
    [1, 700_000],
  ] as const) {
    const relation = new PairRelation({ keyColumn });
    for (let i = 0; i < 3000; i++) relation.insert([(i % 50) * spread, -2 - i * spread]);
    relation.settle();
    const rows = relation.rowsBy(0);
    const place = placeIn(rows, 7 * spread);
    const found = rows.words.subarray(rows.offsets[place], rows.offsets[place + 1]);
    expect([...found].sort((a, b) => b - a)).toEqual([
      ...count(60, (i) => -2 - (7 + 50 * i) * spread),
    ]);
    const other = relation.rowsBy(1);
    const single = placeIn(other, -2 - 57 * spread);
    expect(other.offsets[single + 1]! - other.offsets[single]!).toBe(1);
    expect(other.words[other.offsets[single]!]).toBe(7 * spread);
    for (const absent of [-1_999_999_999, 2_111_222_333]) {
      const nowhere = placeIn(rows, absent);
      if (nowhere >= 0) expect(rows.offsets[nowhere]).toBe(rows.offsets[nowhere + 1]);
    }
    expect(relation.rowsBy(0)).toBe(rows);
    relation.remove([0, -2]);
    expect(relation.rowsBy(0)).not.toBe(rows);
    expect(relation.rowsBy(0).words).toHaveLength(2999);
  }
});
