import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quoteString, rowText, valueText } from '../../../src/base/value-text.js';
import { bytes, float, list, map, rowKey, set, tuple } from '../../../src/base/value.js';
import type { Value } from '../../../src/base/value.js';
import { arbitraryTypedValue } from '../../support/arbitrary-value.js';
import { programOf } from '../../support/check-fixture.js';

/** The values that a program has when they are written into it as facts. */
function readBack(values: readonly Value[]): readonly Value[] {
  const facts = values.map((value, i) => `p(${i}, ${valueText(value)});`);
  const program = programOf(['table p(i: int, v: any);', ...facts].join('\n'));
  const rows = [...program.facts].map(({ row }) => row);
  return rows.sort((a, b) => Number(a[0]) - Number(b[0])).map((row) => row[1]!);
}

describe('the text of a value', () => {
  it('is read back by the language as the same value', () => {
    fc.assert(
      fc.property(fc.array(arbitraryTypedValue(), { minLength: 1, maxLength: 8 }), (values) => {
        expect(rowKey(readBack(values))).toBe(rowKey(values));
      }),
      { numRuns: 150 },
    );
  });

  it.each<[Value, string]>([
    [null, 'null'],
    [true, 'true'],
    [-7, '-7'],
    [float(1), '1.0'],
    [float(-0.5), '-0.5'],
    [float(1e21), '1.0e21'],
    [float(1.5e-7), '1.5e-7'],
    [float(Number.NaN), 'nan()'],
    [float(Number.NEGATIVE_INFINITY), '-infinity()'],
    ['say "no"\\\n', '"say \\"no\\"\\\\\\n"'],
    [bytes('00ff'), 'bytes("00ff")'],
    [tuple([]), '()'],
    [tuple([1]), '(1,)'],
    [tuple([1, 'a']), '(1, "a")'],
    [list([1, list([])]), '[1, []]'],
    [set([2, 1]), '{1, 2}'],
    [set([]), '{}'],
    [map([]), '{:}'],
    [map([['a', 1]]), '{"a": 1}'],
  ])('%j', (value, text) => {
    expect(valueText(value)).toBe(text);
  });

  it('escapes what does not show, and lone surrogates only', () => {
    expect(quoteString('\u0001\u007f\u2028\ud800x')).toBe('"\\u0001\\u007f\\u2028\\ud800x"');
    expect(quoteString('😀é')).toBe('"😀é"');
    expect(quoteString('\udc00\ud83d')).toBe('"\\udc00\\ud83d"');
  });

  it('shows tuples of relations', () => {
    expect(rowText('link', ['a', 2])).toBe('link("a", 2)');
    expect(rowText('flag', [])).toBe('flag()');
  });
});
