/** The ids of composite values against a `Map` by their texts, also where all sets share a digest. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  latticeValue,
  list,
  map,
  set,
  tuple,
  valueKey,
  type Value,
} from '../../../src/base/value.js';
import { decodeRow, encodeRow } from '../../../src/base/value-json.js';
import { mergeLatticeValues } from '../../../src/builtins/lattice.js';
import { valueSize } from '../../../src/builtins/value-size.js';
import { CompositeIds } from '../../../src/engine/composite-ids.js';
import { areSameDigested, digestOf } from '../../../src/lattice/digest.js';
import { lset } from '../../../src/lattice/lset.js';

const items = fc.array(
  fc.oneof(
    fc.integer({ min: 0, max: 5 }),
    fc.constantFrom<Value>('', 'a', '1', null, tuple([1, list(['a'])])),
  ),
  { maxLength: 5 },
);
const keys = fc.constantFrom<Value>('a', 'b', 1, 2);
const lmapOf = (entries: readonly (readonly [Value, readonly Value[]])[]): Value =>
  latticeValue('lmap', [map(entries.map(([key, each]) => [key, lset(each)] as const))]);

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
  fc.array(fc.tuple(keys, items), { maxLength: 3 }).map(lmapOf),
  fc
    .tuple(
      fc.array(fc.tuple(keys, items), { maxLength: 3 }),
      fc.array(fc.tuple(keys, items), { maxLength: 3 }),
    )
    .map(([a, b]) => mergeLatticeValues(lmapOf(a), lmapOf(b))),
  fc
    .array(fc.array(fc.tuple(keys, fc.integer({ min: 1, max: 3 })), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    })
    .map((all) =>
      all.map((counts): Value => latticeValue('lbag', [map(counts)])).reduce(mergeLatticeValues),
    ),
);
const steps = fc.array(fc.tuple(fc.boolean(), composites), { maxLength: 60 });

const digests: readonly (readonly [string, (value: Value) => string | null])[] = [
  ['digests as they are', digestOf],
  ['one digest for all', (value) => (digestOf(value) === null ? null : '#')],
];

describe.each(digests)('ids of composite values with %s', (_, digest) => {
  it('are those that were given', () => {
    fc.assert(
      fc.property(steps, (all) => {
        const values: Value[] = [null];
        const ids = new CompositeIds((id) => values[id]!, digest);
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
      const [x, y] = [digestOf(a), digestOf(b)];
      if (x !== null && y !== null) expect(x === y).toBe(valueKey(a) === valueKey(b));
      expect(valueKey(a).startsWith('#')).toBe(false);
    }),
  );
});

it('size and digest of what has grown are those of the same value made at once', () => {
  const parts = fc.array(fc.tuple(keys, items), { maxLength: 3 });
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 6 }), (all) => {
      let [grownSet, grownMap]: [Value, Value] = [lset([]), lmapOf([])];
      for (const each of all) {
        grownSet = mergeLatticeValues(grownSet, lset(each.flatMap(([, values]) => values)));
        grownMap = mergeLatticeValues(grownMap, lmapOf(each));
        for (const grown of [grownSet, grownMap]) {
          const atOnce = decodeRow(encodeRow([grown]))![0]!;
          expect(valueSize(grown)).toEqual(valueSize(atOnce));
          expect(digestOf(grown)).toBe(digestOf(atOnce));
          expect(areSameDigested(grown, atOnce)).toBe(true);
        }
      }
    }),
  );
});
