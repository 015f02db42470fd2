import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeRow, encodeRow, plainJson } from '../../../src/base/value-json.js';
import type { Json } from '../../../src/base/value-json.js';
import { bytes, float, list, map, rowKey, set, tuple } from '../../../src/base/value.js';
import { arbitraryValue } from '../../support/arbitrary-value.js';

describe('the exact form', () => {
  it('loses nothing on its way through JSON text', () => {
    fc.assert(
      fc.property(fc.array(arbitraryValue(), { maxLength: 4 }), (row) => {
        const decoded = decodeRow(JSON.parse(JSON.stringify(encodeRow(row))));
        expect(decoded).toBeDefined();
        expect(rowKey(decoded!)).toBe(rowKey(row));
      }),
      { numRuns: 500 },
    );
  });

  it('brings sets and maps into order, whoever wrote them', () => {
    expect(decodeRow([{ s: [3, 1, 3] }])).toEqual([set([1, 3])]);
    expect(
      decodeRow([
        {
          m: [
            ['b', 1],
            ['a', 2],
          ],
        },
      ]),
    ).toEqual([
      map([
        ['a', 2],
        ['b', 1],
      ]),
    ]);
  });

  it.each<[string, unknown]>([
    ['no array', 'x'],
    ['undefined', undefined],
    ['an object', { 0: 1 }],
    ['a fraction for an int', [1.5]],
    ['an int beyond 2^53', [2 ** 53]],
    ['NaN', [Number.NaN]],
    ['a bare array', [[1]]],
    ['an empty object', [{}]],
    ['two tags', [{ t: [], l: [] }]],
    ['an unknown tag', [{ q: [] }]],
    ['a tag of the prototype', [{ constructor: [] }]],
    ['a float that is a word', [{ f: 'nan' }]],
    ['bytes in capitals', [{ b: 'AB' }]],
    ['half a byte', [{ b: 'abc' }]],
    ['bytes that are no text', [{ b: 12 }]],
    ['a tuple that is no array', [{ t: 'ab' }]],
    ['a map of triples', [{ m: [[1, 2, 3]] }]],
    ['a map of no pairs', [{ m: [1] }]],
    ['garbage deep inside', [{ l: [{ s: [{ x: 1 }] }] }]],
  ])('refuses %s', (_, json) => {
    expect(decodeRow(json)).toBeUndefined();
  });

  it('refuses nesting that would exhaust the stack', () => {
    const nested = (depth: number): Json => {
      let json: Json = 1;
      for (let i = 0; i < depth; i++) json = { l: [json] };
      return json;
    };
    expect(decodeRow([nested(150)])).toBeDefined();
    expect(decodeRow([nested(250)])).toBeUndefined();
    expect(decodeRow([nested(5_000)])).toBeUndefined();
  });

  it('does not take -0 for another int than 0', () => {
    expect(Object.is(decodeRow([-0])![0], 0)).toBe(true);
  });
});

describe('the plain form', () => {
  it('shows values as JSON has them', () => {
    const shown = [null, true, 7, 'x', float(1.5), bytes('00ff'), tuple([1, 'a']), list([2])];
    expect(shown.map(plainJson)).toEqual([null, true, 7, 'x', 1.5, '00ff', [1, 'a'], [2]]);
    expect(plainJson(set(['b', 'a']))).toEqual(['a', 'b']);
    expect(plainJson(map([['k', list([1])]]))).toEqual([['k', [1]]]);
    expect([float(Number.NaN), float(-Infinity)].map(plainJson)).toEqual(['NaN', '-Infinity']);
  });
});
