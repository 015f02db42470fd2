/** Every relation against a naive set, under random inserts, removals, marks, clears and probes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRelation } from '../../../src/engine/create-relation.js';
import { PairRelation } from '../../../src/engine/pair-relation.js';
import { operations, runBoth } from './relation-model.js';

const numRuns = process.env['TRELLIS_NIGHTLY'] === '1' ? 2000 : 40;

describe('a relation is the set that its model is', () => {
  for (const arity of [0, 1, 2, 3, 4, 5, 8]) {
    it(`with ${arity} columns`, () => {
      fc.assert(
        fc.property(operations(arity), (sequence) =>
          runBoth(createRelation(arity, { checks: true }), sequence),
        ),
        { numRuns: arity === 2 ? 3 * numRuns : numRuns },
      );
    });
  }

  it('with two columns, partitioned by the second', () => {
    fc.assert(
      fc.property(operations(2), (sequence) =>
        runBoth(new PairRelation({ keyColumn: 1, indexes: [[0]], checks: true }), sequence),
      ),
      { numRuns },
    );
  });

  it('with 200 columns', () => {
    const relation = createRelation(200, { indexes: [[0, 199]], checks: true });
    const row = (n: number) => Array.from({ length: 200 }, (_, i) => (i === 199 ? n : i));
    for (let n = 0; n < 100; n++) expect(relation.insert(row(n))).toBe(true);
    expect(relation.insert(row(50))).toBe(false);
    relation.settle();
    expect(relation.remove(row(50))).toBe(true);
    const found: number[] = [];
    for (const last of [49, 50, 99])
      relation.probe([0, 199], [0, last], 'old', (each) => found.push(each[199]!));
    expect(found).toEqual([49, 99]);
  });
});
