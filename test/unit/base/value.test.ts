import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  compareRows,
  compareValues,
  equalValues,
  float,
  list,
  map,
  rowKey,
  set,
  tuple,
  valueKey,
} from '../../../src/base/value.js';
import type { Value } from '../../../src/base/value.js';
import { arbitraryValue } from '../../support/arbitrary-value.js';

const law = (predicate: (a: Value, b: Value, c: Value) => void): void =>
  fc.assert(fc.property(arbitraryValue(), arbitraryValue(), arbitraryValue(), predicate), {
    numRuns: 500,
  });
const sign = (order: number): number => Math.sign(order);

describe('the order of values', () => {
  it('is total and antisymmetric, and equality is its zero', () => {
    law((a, b) => {
      expect(sign(compareValues(a, b))).toBe(0 - sign(compareValues(b, a)));
      expect(equalValues(a, b)).toBe(compareValues(a, b) === 0);
      expect(compareValues(a, a)).toBe(0);
    });
  });

  it('is transitive', () => {
    law((...values) => {
      const [a, b, c] = [...values].sort(compareValues) as [Value, Value, Value];
      expect(compareValues(a, b)).toBeLessThanOrEqual(0);
      expect(compareValues(b, c)).toBeLessThanOrEqual(0);
      expect(compareValues(a, c)).toBeLessThanOrEqual(0);
      if (compareValues(a, b) < 0) expect(compareValues(a, c)).toBeLessThan(0);
    });
  });

  it('agrees with keys: two are equal exactly if their keys are', () => {
    law((a, b, c) => {
      expect(valueKey(a) === valueKey(b)).toBe(equalValues(a, b));
      expect(rowKey([a, b]) === rowKey([b, c])).toBe(compareRows([a, b], [b, c]) === 0);
    });
  });

  it('ranks the kinds, and numbers by magnitude across int and float', () => {
    const ascending: readonly Value[] = [
      null,
      false,
      true,
      float(Number.NEGATIVE_INFINITY),
      -1,
      0,
      float(0),
      float(0.5),
      1,
      float(1),
      2,
      float(Number.POSITIVE_INFINITY),
      float(Number.NaN),
      '',
      'B',
      'a',
      'aa',
      '\u{1F600}',
      '\uFFFF',
      bytes(''),
      bytes('00'),
      tuple([]),
      tuple([1]),
      tuple([1, 'x']),
      tuple([2]),
      list([]),
      set([]),
      set([3]),
      map([]),
      map([[1, 'a']]),
    ];
    for (const [i, a] of ascending.entries())
      for (const [j, b] of ascending.entries())
        expect(sign(compareValues(a, b)), `${i} against ${j}`).toBe(Math.sign(i - j));
  });

  it('puts a row before those that it begins', () => {
    expect(compareRows([1], [1, null])).toBeLessThan(0);
    expect(compareRows([2], [1, 5])).toBeGreaterThan(0);
    expect(compareRows([], [])).toBe(0);
  });
});

describe('composite values', () => {
  it('are built in one form: sets sorted without duplicates, maps with the last entry of a key', () => {
    expect(set([3, 1, float(1), 3, 1])).toEqual({ kind: 'set', items: [1, float(1), 3] });
    expect(
      map([
        ['b', 1],
        ['a', 2],
        ['b', 3],
      ]),
    ).toEqual({
      kind: 'map',
      entries: [
        ['a', 2],
        ['b', 3],
      ],
    });
  });

  it('do not tell 0 from -0', () => {
    expect(Object.is(float(-0).value, 0)).toBe(true);
    expect(valueKey(float(-0))).toBe(valueKey(float(0)));
  });

  it('have keys that do not run together', () => {
    expect(rowKey(['a', 'b'])).not.toBe(rowKey(['a,s1:b', '']));
    expect(valueKey(list(['a', 'b']))).not.toBe(valueKey(list(['a,s1:b'])));
    expect(valueKey(1)).not.toBe(valueKey('1'));
    expect(valueKey(1)).not.toBe(valueKey(float(1)));
    expect(valueKey(list([1]))).not.toBe(valueKey(tuple([1])));
  });
});
