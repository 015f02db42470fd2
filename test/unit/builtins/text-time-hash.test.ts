import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytes, float, list, set, tuple, type Value } from '../../../src/base/value.js';
import { PartialError } from '../../../src/builtins/function.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { fnv53, ownerIndex, sha256Hex } from '../../../src/builtins/hash.js';

function call(name: string, ...values: Value[]): Value {
  return builtinFunctions.get(name)!.evaluate(...values);
}
function failure(name: string, ...values: Value[]): string {
  try {
    call(name, ...values);
  } catch (error) {
    if (error instanceof PartialError) return error.message;
    throw error;
  }
  return 'no failure';
}

describe('hashes', () => {
  it('sha256 is SHA-256, at every length around a block', () => {
    for (const length of [0, 1, 55, 56, 63, 64, 65, 119, 120, 200]) {
      const message = Uint8Array.from({ length }, (_, i) => (i * 31) % 256);
      expect(sha256Hex(message)).toBe(createHash('sha256').update(message).digest('hex'));
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (message) => {
        expect(sha256Hex(message)).toBe(createHash('sha256').update(message).digest('hex'));
      }),
    );
  });

  it('sha256 of a string is that of its UTF-8 bytes', () => {
    expect(call('sha256', 'é')).toEqual(call('sha256', bytes('c3a9')));
    expect(call('sha256', '')).toEqual(
      bytes('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'),
    );
  });

  it('fnv53 is FNV-1a in 64 bits, the lower 53', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (message) => {
        let hash = 0xcbf29ce484222325n;
        for (const byte of message)
          hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
        expect(fnv53(message)).toBe(Number(hash & 0x1fffffffffffffn));
      }),
    );
  });

  it('owner_of is the same everywhere, and spreads keys of any pattern evenly', () => {
    const nodes = list(['n1', 'n2', 'n3', 'n4', 'n5']);
    const owners = [1, 2, 3, float(1), 'a', 'b', tuple([1, 2]), null];
    expect(owners.map((key) => call('owner_of', key, nodes))).toEqual([
      'n4',
      'n1',
      'n2',
      'n1',
      'n2',
      'n2',
      'n2',
      'n2',
    ]);
    expect(call('owner_of', 1, list([]))).toBe('');
    const patterns: readonly ((i: number) => Value)[] = [
      (i) => i,
      (i) => i * 22,
      (i) => i * 1024,
      (i) => `user-${i}`,
      (i) => tuple([i % 10, Math.floor(i / 10)]),
    ];
    for (const pattern of patterns) {
      for (const count of [2, 3, 4, 5, 8]) {
        const shares = new Array<number>(count).fill(0);
        for (let i = 0; i < 4000; i++) shares[ownerIndex(pattern(i), count)]! += 1;
        for (const share of shares) expect(share * count).toBeGreaterThan(4000 * 0.85);
        for (const share of shares) expect(share * count).toBeLessThan(4000 * 1.15);
      }
    }
  });

  it('hash_of tells values apart that differ only in kind, and not equal ones', () => {
    const values: Value[] = [1, float(1), '1', null, list([1]), set([1]), bytes('01'), true];
    expect(new Set(values.map((value) => call('hash_of', value))).size).toBe(values.length);
    expect(call('hash_of', set([2, 1]))).toBe(call('hash_of', set([1, 2])));
  });
});

describe('times', () => {
  it('format_time and parse_time are each other, in UTC', () => {
    fc.assert(
      fc.property(fc.integer({ min: -62_000_000_000_000, max: 250_000_000_000_000 }), (ms) => {
        expect(call('parse_time', call('format_time', ms))).toBe(ms);
      }),
    );
  });

  it.each([
    ['1970-01-01', 0],
    ['1970-01-01T01:00+01:00', 0],
    ['1970-01-01 00:00:01.5', 1500],
    ['1969-12-31T23:59:59.999Z', -1],
    ['0001-01-01', -62_135_596_800_000],
  ])('parse_time(%s) is %d', (text, ms) => expect(call('parse_time', text)).toBe(ms));

  it.each(['2023-02-29', '2024-13-01', '2024-01-01T24:00', 'yesterday', '', '2024-1-1'])(
    'parse_time refuses %j',
    (text) => expect(failure('parse_time', text)).toContain('expects a time such as'),
  );

  it('refuses times that no calendar has', () => {
    expect(failure('format_time', Number.MAX_SAFE_INTEGER)).toContain('further from 1970');
  });

  it.each([
    [0, '0ms'],
    [-1500, '-1s 500ms'],
    [90_000_000, '25h'],
  ])('format_duration(%d) is %s', (ms, text) => expect(call('format_duration', ms)).toBe(text));
});

describe('text and numbers', () => {
  it('parse_int and to_base are each other in every base', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 2, max: 36 }), (value, base) => {
        expect(call('parse_int', call('to_base', value, base), base)).toBe(value);
      }),
    );
  });

  it('char_codes and from_char_codes, to_utf8 and from_utf8 are each other', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(call('from_char_codes', call('char_codes', text))).toBe(text);
        expect(call('from_utf8', call('to_utf8', text))).toBe(text);
      }),
    );
  });

  it('mod lies between 0 and the divisor', () => {
    fc.assert(
      fc.property(
        fc.integer(),
        fc.integer().filter((b) => b !== 0),
        (a, b) => {
          const rest = call('mod', a, b) as number;
          expect(b > 0 ? rest >= 0 && rest < b : rest <= 0 && rest > b).toBe(true);
          expect(Number.isInteger((a - rest) / b)).toBe(true);
        },
      ),
    );
  });

  it('is_subset is inclusion', () => {
    const items = fc.array(fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(items, items, (a, b) => {
        expect(call('is_subset', set(a), set(b))).toBe(a.every((item) => b.includes(item)));
      }),
    );
  });

  it.each([
    ['parse_int', ['12', 2], 'not the digits of an int in base 2'],
    ['parse_int', ['zzzzzzzzzzzzz', 36], 'beyond the range of int'],
    ['parse_int', ['1', 1], 'a base from 2 to 36'],
    ['to_base', [1, 37], 'a base from 2 to 36'],
    ['from_char_codes', [list([1114112])], '1114112 is no character'],
    ['from_utf8', [bytes('ff')], 'no UTF-8'],
    ['pad_start', ['x', 2 ** 50, ' '], 'more than one value may hold'],
    ['bit_and', [-1, 1], 'ints of 0 or more'],
    ['mod', [1, 0], 'division by zero'],
    ['clamp', [1, 3, 2], 'lies above the upper one'],
    ['sum_of', [list([Number.MAX_SAFE_INTEGER, 1])], 'overflow'],
  ] satisfies [string, Value[], string][])('%s(%j) fails: %s', (name, values, message) => {
    expect(failure(name, ...values)).toContain(message);
    expect(builtinFunctions.get(name)!.partial).toBe(true);
  });
});
