import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compareValues,
  float,
  list,
  map,
  type FloatValue,
  type Value,
} from '../../../src/base/value.js';
import { valueText } from '../../../src/base/value-text.js';
import { aggregates } from '../../../src/builtins/aggregates.js';
import { meanOf, sumFloats } from '../../../src/base/exact-sum.js';
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
    ['avg', column(1, 2), '1.5'],
    ['avg', column(1, 2, 2), '1.6666666666666667'],
    ['avg', column(float(0.1), float(0.2), float(0.3)), '0.2'],
    ['avg', column(float(1.7e308), float(1.7e308)), '1.7e308'],
    ['avg', column(float(5e-324), float(0), float(5e-324)), '5.0e-324'],
    ['avg', column(float(5e-324), float(0)), '0.0'],
    ['avg', column(float(Number.POSITIVE_INFINITY), float(1)), 'infinity()'],
    ['avg', column(most, most), '9007199254740991.0'],
    ['choose', column(3, 1, 2), '1'],
    ['any', column(false, true, false), 'true'],
    ['any', column(false), 'false'],
    ['every', column(true, false), 'false'],
    ['every', column(true, true), 'true'],
    [
      'map',
      [
        ['b', 2],
        ['a', 1],
        ['b', 2],
      ],
      '{"a": 1, "b": 2}',
    ],
    [
      'top',
      [
        [2, 1],
        [2, 3],
        [2, 3],
        [2, 2],
      ],
      '[3, 3]',
    ],
    ['top', [[9, 1]], '[1]'],
    ['top', [[0, 1]], '[]'],
  ] satisfies [AggregateName, Value[][], string][])('%s over %j', (name, rows, expected) => {
    expect(valueText(aggregate(name, rows))).toBe(expected);
  });

  it('refuses two values for one key of a map, and two lengths or a negative one for top', () => {
    const pairs = [
      ['k', 2],
      ['k', 1],
    ];
    const message = 'map finds two values for the key "k": 1 and 2';
    expect(() => aggregate('map', pairs)).toThrow(message);
    expect(() => aggregate('map', pairs.toReversed())).toThrow(message);
    expect(() =>
      aggregate('map', [
        [1, 1],
        [1, float(1)],
      ]),
    ).toThrow(PartialError);
    expect(() =>
      aggregate('top', [
        [1, 1],
        [2, 1],
      ]),
    ).toThrow('two lengths in one group: 1 and 2');
    expect(() => aggregate('top', [[-1, 1]])).toThrow('0 or more, not -1');
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

describe('the mean', () => {
  /** A finite double as a multiple of 2^-1074. */
  function exact(value: number): bigint {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat64(0, Math.abs(value));
    const word = view.getBigUint64(0);
    const [exponent, fraction] = [Number(word >> 52n), word & 0xfffffffffffffn];
    const magnitude =
      exponent === 0 ? fraction : (fraction + 0x10000000000000n) << BigInt(exponent - 1);
    return value < 0 ? -magnitude : magnitude;
  }
  function neighbour(value: number, step: 1 | -1): number {
    const view = new DataView(new ArrayBuffer(8));
    if (value === 0) return step * Number.MIN_VALUE;
    view.setFloat64(0, value);
    view.setBigInt64(0, view.getBigInt64(0) + BigInt(value > 0 ? step : -step));
    return view.getFloat64(0);
  }
  const distance = (sum: bigint, count: bigint, mean: number): bigint => {
    const difference = sum - count * exact(mean);
    return difference < 0n ? -difference : difference;
  };
  const doubles = fc.oneof(
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.maxSafeInteger(),
    fc.constantFrom(0, Number.MIN_VALUE, -Number.MIN_VALUE, 1, 2 ** 53, Number.MAX_VALUE),
  );

  it('is the double nearest to the exact quotient, whatever the order', () => {
    fc.assert(
      fc.property(fc.array(doubles, { minLength: 1, maxLength: 9 }), (values) => {
        const mean = meanOf(values);
        expect(Object.is(meanOf(values.toReversed()), mean)).toBe(true);
        const sum = values.reduce((total, value) => total + exact(value), 0n);
        const count = BigInt(values.length);
        const off = distance(sum, count, mean);
        for (const step of [1, -1] as const) {
          const other = neighbour(mean, step);
          if (Number.isFinite(other))
            expect(off <= distance(sum, count, other), `${mean} or ${other}`).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('aggregates against their plain definitions', () => {
  const values = fc.array(
    fc.oneof(fc.integer({ min: -5, max: 5 }), fc.constantFrom('a', 'b', 'c')),
    {
      minLength: 1,
      maxLength: 12,
    },
  );
  const sorted = (rows: readonly Value[]): Value[] => rows.toSorted(compareValues);

  it('top takes from the end of the sorted list, choose from its beginning', () => {
    fc.assert(
      fc.property(values, fc.nat(14), (items, count) => {
        const rows = items.map((item) => [count, item]);
        expect(aggregate('top', rows)).toEqual(list(sorted(items).reverse().slice(0, count)));
        expect(aggregate('choose', column(...items))).toEqual(sorted(items)[0]);
      }),
    );
  });

  it('any and every are the disjunction and the conjunction', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { minLength: 1 }), (items) => {
        expect(aggregate('any', column(...items))).toBe(items.includes(true));
        expect(aggregate('every', column(...items))).toBe(!items.includes(false));
      }),
    );
  });

  it('map gives every key its value', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer(), { minKeys: 1 }), (entries) => {
        const rows = Object.entries(entries);
        const expected = map(rows.map(([key, value]) => [key, value] as const));
        expect(aggregate('map', [...rows, ...rows.toReversed()])).toEqual(expected);
      }),
    );
  });
});
