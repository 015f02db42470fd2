/** Pairs that go in many at a time are those that go in one by one. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { fillRows, insertColumns } from '../../../src/engine/bulk-insert.js';
import { PairRelation } from '../../../src/engine/pair-relation.js';
import { WideRelation } from '../../../src/engine/wide-relation.js';

const words = fc.oneof(
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: -60, max: -2 }),
  fc.constantFrom(2 ** 31 - 1, -(2 ** 31), 1_000_000),
);
const pairs = fc.array(fc.tuple(words, words), { minLength: 1, maxLength: 600 });

function contentOf(relation: PairRelation): string[] {
  const texts: string[] = [];
  relation.forEach('visible', (row) => void texts.push(row.join()));
  return texts.sort();
}

it('whatever their keys, and whatever is there already', () => {
  fc.assert(
    fc.property(pairs, pairs, fc.constantFrom<0 | 1>(0, 1), (first, second, keyColumn) => {
      const [bulk, single] = [true, false].map(
        (isGiven) => new PairRelation({ keyColumn, indexes: [[0], [1]], checks: true, isGiven }),
      ) as [PairRelation, PairRelation];
      for (const rows of [first, second]) {
        const columns = [0, 1].map((column) => Int32Array.from(rows, (row) => row[column]!));
        const fresh = insertColumns(bulk, columns as [Int32Array, Int32Array]);
        const before = single.size;
        for (const row of rows) single.insert(row);
        expect(fresh).toBe(single.size - before);
        for (const relation of [bulk, single]) relation.advance();
      }
      for (const relation of [bulk, single]) relation.settle();
      expect(contentOf(bulk)).toEqual(contentOf(single));
      const [some] = first;
      expect(bulk.remove(some!)).toBe(true);
      single.remove(some!);
      expect(contentOf(bulk)).toEqual(contentOf(single));
    }),
    { numRuns: 60 },
  );
});

it('and a layout by a column shows every tuple under its key', () => {
  const rows = fc.array(fc.tuple(words, words, words), { maxLength: 200 });
  fc.assert(
    fc.property(rows, fc.nat({ max: 2 }), (tuples, key) => {
      const relation = new WideRelation(3);
      for (const row of tuples) relation.insert(row);
      relation.settle();
      const csr = relation.rowsBy(key);
      const shown: string[] = [];
      for (let place = 0; place < csr.length; place++)
        for (let at = csr.offsets[place]!; at < csr.offsets[place + 1]!; at++)
          shown.push(
            csr.columns.map((column) => (column === null ? csr.keyAt(place) : column[at])).join(),
          );
      expect(shown.sort()).toEqual([...new Set(tuples.map((row) => row.join()))].sort());
    }),
    { numRuns: 60 },
  );
});

it('as do wider tuples, which are hashed when one is first looked for', () => {
  const few = fc.integer({ min: 0, max: 3 });
  const rows = fc.array(fc.tuple(fc.oneof(few, words), few, fc.oneof(few, words)), {
    minLength: 1,
    maxLength: 600,
    size: 'max',
  });
  fc.assert(
    fc.property(rows, rows, (tuples, later) => {
      const [bulk, single] = [0, 1].map(() => new WideRelation(3, { indexes: [[1]] })) as [
        WideRelation,
        WideRelation,
      ];
      const columns = [0, 1, 2].map((column) => Int32Array.from(tuples, (row) => row[column]!));
      for (const row of tuples) single.insert(row);
      expect(fillRows(bulk, columns)).toBe(single.size);
      for (const relation of [bulk, single]) relation.advance();
      const texts = (relation: WideRelation): string[] => {
        const all: string[] = [];
        relation.forEach('visible', (row) => void all.push(row.join()));
        return all.sort();
      };
      expect(texts(bulk)).toEqual(texts(single));
      for (const row of later) expect(bulk.insert(row)).toBe(single.insert(row));
      for (const relation of [bulk, single]) relation.settle();
      for (const row of tuples) expect(bulk.remove(row)).toBe(single.remove(row));
      expect(texts(bulk)).toEqual(texts(single));
      bulk.clear();
      fillRows(bulk, columns);
      bulk.clear();
      expect([bulk.size, bulk.has(tuples[0]!)]).toEqual([0, false]);
    }),
    { numRuns: 60 },
  );
});
