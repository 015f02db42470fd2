/** The ids of composite values against a `Map` by their texts, also where all sets share a digest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { latticeValue, list, set, tuple, valueKey, type Value } from '../../../src/base/value.js';
import { mergeLatticeValues } from '../../../src/builtins/lattice.js';
import { valueSize } from '../../../src/builtins/value-size.js';
import { CompositeIds } from '../../../src/engine/composite-ids.js';
import { setDigest } from '../../../src/lattice/element-set.js';
import { lset } from '../../../src/lattice/lset.js';

const items = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom<Value>('', 'a', '1', null, tuple([1, list(['a'])])),
  ),
  { maxLength: 5 },
);
/** Made at once, come from outside, grown in two steps; and what only looks like a set. */
const composites: fc.Arbitrary<Value> = fc.oneof(
  items.map(lset),
  items.map((each) => latticeValue('lset', [set(each)])),
  fc.tuple(items, items).map(([a, b]) => mergeLatticeValues(lset(a), lset(b))),
  items.map((each) =>
    latticeValue('lpset', [set(each.filter((item) => typeof item === 'number'))]),
  ),
  items.map(set),
  items.map((each) => tuple([lset(each)])),
  items.map((each) => latticeValue('lset', each)),
);
const steps = fc.array(fc.tuple(fc.boolean(), composites), { maxLength: 60 });

const digests: readonly (readonly [string, (value: Value) => string | null])[] = [
  ['digests as they are', setDigest],
  ['one digest for all', (value) => (setDigest(value) === null ? null : '#')],
];

describe.each(digests)('ids of composite values with %s', (_, digestOf) => {
  it('are those that were given', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const values: Value[] = [null];
        const ids = new CompositeIds((id) => values[id]!, digestOf);
        const expected = new Map<string, number>();
        for (const [adds, value] of all) {
          const known = expected.get(valueKey(value)) ?? 0;
          expect(ids.get(value)).toBe(known);
          if (adds && known === 0) {
            ids.set(value, values.push(value) - 1);
            expected.set(valueKey(value), values.length - 1);
          } else if (!adds && known !== 0) {
            ids.delete(value, known);
            expected.delete(valueKey(value));
          }
        }
        for (const [, value] of all)
          expect(ids.get(value)).toBe(expected.get(valueKey(value)) ?? 0);
      }),
    );
  });
});

it('digests of sets are equal exactly for equal ones, and no text of another value', () => {
  fc.assert(
    fc.property(composites, composites, (a, b) => {
      const [x, y] = [setDigest(a), setDigest(b)];
      if (x !== null && y !== null) expect(x === y).toBe(valueKey(a) === valueKey(b));
      expect(valueKey(a).startsWith('#')).toBe(false);
    }),
  );
});

it('the size of a set that has grown is that of the same set made at once', () => {
  fc.assert(
    fc.property(fc.array(items, { maxLength: 6 }), (all) => {
      let grown: Value = lset([]);
      for (const [i, each] of all.entries()) {
        grown = mergeLatticeValues(grown, lset(each));
        const atOnce = latticeValue('lset', [set(all.slice(0, i + 1).flat())]);
        expect(valueSize(grown)).toEqual(valueSize(atOnce));
      }
    }),
  );
});
