/** Values as words: equality of words is equality of type and value, and ids are reclaimed. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BugError } from '../../../src/base/assert.js';
import {
  bytes,
  compareValues,
  float,
  list,
  map,
  set,
  tuple,
  type Value,
} from '../../../src/base/value.js';
import { NULL_WORD, ValueDictionary } from '../../../src/engine/value-dictionary.js';
import { NO_WORD } from '../../../src/engine/word.js';

const scalars: fc.Arbitrary<Value> = fc.oneof(
  fc.constantFrom<Value>(null, true, false, 0, 2 ** 31 - 1, 2 ** 31, -1, '', 'a', '\0', '\ud800'),
  fc.integer({ min: -20, max: 20 }),
  fc.integer({ min: -20, max: 20 }).map(float),
  fc.double().map(float),
  fc.maxSafeInteger().map((n) => n + 0),
  fc.string({ unit: 'binary', maxLength: 4 }),
  fc.constantFrom('', '00', 'ff').map(bytes),
);
const values: fc.Arbitrary<Value> = fc.oneof(
  { weight: 3, arbitrary: scalars },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }).map(tuple) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }).map(list) },
  { weight: 1, arbitrary: fc.array(scalars, { maxLength: 3 }).map(set) },
  { weight: 1, arbitrary: fc.array(fc.tuple(scalars, scalars), { maxLength: 2 }).map(map) },
);

describe('encoding', () => {
  it('gives equal words exactly to equal values, and gives the value back', () => {
    fc.assert(
      fc.property(fc.array(values, { minLength: 2, maxLength: 30 }), (all) => {
        const dictionary = new ValueDictionary();
        const words = all.map((value) => dictionary.encode(value));
        all.forEach((value, i) => {
          expect(words[i]! | 0).toBe(words[i]);
          expect(words[i]).not.toBe(NO_WORD);
          expect(compareValues(dictionary.decode(words[i]!), value)).toBe(0);
          expect(dictionary.find(value)).toBe(words[i]);
          all.forEach((other, j) =>
            expect(words[i] === words[j]).toBe(compareValues(value, other) === 0),
          );
        });
      }),
    );
  });

  it('keeps non-negative ints below 2^31 as they are, and only those', () => {
    const dictionary = new ValueDictionary();
    for (const int of [0, 1, 2 ** 31 - 1]) expect(dictionary.encode(int)).toBe(int);
    const others: Value[] = [2 ** 31, -1, float(1), '1', null, true, Number.MAX_SAFE_INTEGER];
    for (const value of others) expect(dictionary.encode(value)).toBeLessThan(NO_WORD);
    expect(dictionary.size).toBe(5);
  });

  it('tells 1, 1.0 and "1" apart, and has one NaN and one zero', () => {
    const dictionary = new ValueDictionary();
    const words = [1, float(1), '1', list([1]), tuple([1])].map((v) => dictionary.encode(v));
    expect(new Set(words).size).toBe(5);
    expect(dictionary.encode(float(Number.NaN))).toBe(dictionary.encode(float(0 / 0)));
    expect(dictionary.encode(float(-0))).toBe(dictionary.encode(float(0)));
  });

  it('says that a value has no word without giving it one', () => {
    const dictionary = new ValueDictionary();
    for (const value of ['x', -5, float(2.5), list(['x'])])
      expect(dictionary.find(value)).toBe(NO_WORD);
    expect(dictionary.find(7)).toBe(7);
    expect(dictionary.find(null)).toBe(NULL_WORD);
    expect(dictionary.size).toBe(0);
  });
});

describe('reclaiming', () => {
  it('keeps what is marked and forgets the rest', () => {
    fc.assert(
      fc.property(
        fc.array(values, { maxLength: 20 }),
        fc.array(values, { maxLength: 20 }),
        (a, b) => {
          const dictionary = new ValueDictionary();
          const kept = a.map((value) => dictionary.encode(value));
          for (const value of b) dictionary.encode(value);
          const before = dictionary.size;
          const freed = dictionary.reclaim((mark) => kept.forEach(mark));
          expect(dictionary.size).toBe(before - freed);
          expect(dictionary.size).toBe(new Set(kept.filter((w) => w < ~3)).size);
          a.forEach((value, i) => expect(dictionary.encode(value)).toBe(kept[i]));
          for (const value of b) expect(dictionary.decode(dictionary.encode(value))).toEqual(value);
        },
      ),
    );
  });

  it('gives freed ids out again, so that fresh strings do not make it grow', () => {
    const dictionary = new ValueDictionary();
    const kept = dictionary.encode('kept');
    let lowest = 0;
    let marks = 0;
    for (let i = 0; i < 100_000; i++) {
      lowest = Math.min(lowest, dictionary.encode(`fresh ${i}`));
      if (!dictionary.wantsReclaiming) continue;
      dictionary.reclaim((mark) => mark(kept));
      marks++;
    }
    expect(~lowest).toBeLessThan(5000);
    expect(marks).toBeGreaterThan(10);
    expect(marks).toBeLessThan(100);
    expect(dictionary.decode(kept)).toBe('kept');
  });

  it('asks for the next mark when what was left has doubled', () => {
    const dictionary = new ValueDictionary();
    const words = Array.from({ length: 10_000 }, (_, i) => dictionary.encode(`s${i}`));
    dictionary.reclaim((mark) => words.forEach(mark));
    for (let i = 0; i < 9_999; i++) dictionary.encode(`t${i}`);
    expect(dictionary.wantsReclaiming).toBe(false);
    dictionary.encode('one more');
    expect(dictionary.wantsReclaiming).toBe(true);
  });

  it('with checks, finds out who still holds a freed word', () => {
    const dictionary = new ValueDictionary({ checks: true });
    const stale = dictionary.encode('gone');
    dictionary.reclaim(() => {});
    expect(dictionary.encode('other')).not.toBe(stale);
    expect(() => dictionary.decode(stale)).toThrow(BugError);
  });
});
