import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float, list, type FloatValue, type Value } from '../../../src/base/value.js';
import { valueText } from '../../../src/base/value-text.js';
import { aggregates } from '../../../src/builtins/aggregates.js';
import { sumFloats } from '../../../src/builtins/exact-sum.js';
import { PartialError } from '../../../src/builtins/function.js';
import type { AggregateName } from '../../../src/semantics/program.js';

function aggregate(name: AggregateName, rows: readonly (readonly Value[])[]): Value {
  return aggregates.get(name)!.evaluate(rows);
}
const column = (...values: Value[]): Value[][] => values.map((value) => [value]);
const most = Number.MAX_SAFE_INTEGER;

describe('aggregates', () => {
  it.each([
    ['count', column(1, 1, 2), '3'],
    ['count', [[], [], []], '3'],
    ['count_distinct', column(1, 1, 2, float(1)), '3'],
    ['sum', column(1, 1, 2), '4'],
    ['sum', column(float(0.5), 1), '1.5'],
    ['min', column(3, 1, 2), '1'],
    ['min', column('b', 'a'), '"a"'],
    ['max', column(3, 1, 2), '3'],
    ['max', column(1, float(Number.NaN)), 'nan()'],
    ['list', column(3, 1, 3), '[1, 3, 3]'],
    ['set', column(3, 1, 3), '{1, 3}'],
    [
      'argmin',
      [
        [2, 'x'],
        [1, 'z'],
        [1, 'y'],
      ],
      '"y"',
    ],
    [
      'argmax',
      [
        [2, 'x'],
        [2, 'w'],
        [1, 'a'],
      ],
      '"w"',
    ],
  ] satisfies [AggregateName, Value[][], string][])('%s over %j', (name, rows, expected) => {
    expect(valueText(aggregate(name, rows))).toBe(expected);
  });

  it('judges overflow of ints on the total', () => {
    expect(aggregate('sum', column(most, 10, -10))).toBe(most);
    expect(aggregate('sum', column(most, most, -most, -5))).toBe(most - 5);
    expect(() => aggregate('sum', column(most, 1))).toThrow(PartialError);
  });

  it('sums floats exactly and rounds once', () => {
    const tenths = column(...Array.from({ length: 10 }, () => float(0.1)));
    expect(aggregate('sum', tenths)).toEqual(float(1));
    expect(aggregate('sum', column(float(1e308), float(1e308), float(-1e308)))).toEqual(
      float(1e308),
    );
    expect(aggregate('sum', column(float(1e16), float(1), float(-1e16)))).toEqual(float(1));
    expect(aggregate('sum', column(float(1e308), float(1e308)))).toEqual(
      float(Number.POSITIVE_INFINITY),
    );
    expect(aggregate('sum', column(float(5e-324), float(5e-324)))).toEqual(float(1e-323));
    const opposite = column(float(Number.POSITIVE_INFINITY), float(Number.NEGATIVE_INFINITY));
    expect((aggregate('sum', opposite) as FloatValue).value).toBeNaN();
  });

  it('rounds to even at ties', () => {
    expect(sumFloats([2 ** 53, 1])).toBe(2 ** 53);
    expect(sumFloats([2 ** 53, 1, 2 ** -1000])).toBe(2 ** 53 + 2);
    expect(sumFloats([2 ** 53 + 2, 1])).toBe(2 ** 53 + 4);
  });

  it('agrees with one addition wherever there is just one', () => {
    fc.assert(
      fc.property(fc.double(), fc.double(), (a, b) => {
        expect(float(sumFloats([a, b]))).toEqual(float(a + b));
      }),
    );
  });

  it('depends on no order', () => {
    const name = fc.constantFrom<AggregateName>(
      'sum',
      'min',
      'max',
      'list',
      'set',
      'count_distinct',
    );
    const values = fc.oneof(
      fc.array(fc.integer(), { minLength: 1 }),
      fc.array(fc.double({ noNaN: true }).map(float), { minLength: 1 }),
    );
    fc.assert(
      fc.property(
        name,
        values,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (which, items, keys) => {
          const shuffled = items
            .map((item) => [keys.next().value, item] as const)
            .sort(([a], [b]) => a - b);
          const again = column(...shuffled.map(([, item]) => item));
          expect(aggregate(which, again)).toEqual(aggregate(which, column(...items)));
        },
      ),
    );
  });

  it('takes the least among ties of argmin and argmax, whatever the order', () => {
    const rows = fc.array(
      fc.tuple(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 9 })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(rows, (pairs) => {
        const least = Math.min(...pairs.map(([c]) => c));
        const expected = Math.min(...pairs.filter(([c]) => c === least).map(([, x]) => x));
        expect(aggregate('argmin', pairs)).toBe(expected);
      }),
    );
  });

  it('makes a list that another function can take', () => {
    expect(aggregate('list', column('b', 'a'))).toEqual(list(['a', 'b']));
  });
});
