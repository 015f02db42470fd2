import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bytes,
  compareValues,
  equalValues,
  float,
  list,
  map,
  set,
  tuple,
  type Value,
} from '../../../src/base/value.js';
import { valueText } from '../../../src/base/value-text.js';
import { PartialError } from '../../../src/builtins/function.js';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { boundedValue, valueSize } from '../../../src/builtins/value-size.js';

function call(name: string, ...values: Value[]): Value {
  const entry = builtinFunctions.get(name);
  if (entry === undefined) throw new Error(`no function ${name}`);
  return entry.evaluate(...values);
}

/** The result as text, or the code of the failure. */
function outcome(name: string, ...values: Value[]): string {
  try {
    return valueText(call(name, ...values));
  } catch (error) {
    if (error instanceof PartialError) return error.code;
    throw error;
  }
}

const most = Number.MAX_SAFE_INTEGER;
const int = fc.oneof(fc.integer({ min: -50, max: 50 }), fc.maxSafeInteger());
const double = fc.double().map(float);
const value: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 2 },
    fc.constant(null),
    fc.boolean(),
    int,
    double,
    fc.string(),
    fc.uint8Array({ maxLength: 4 }).map((b) => bytes(Buffer.from(b).toString('hex'))),
    fc.array(tie('value'), { maxLength: 3 }).map(tuple),
    fc.array(tie('value'), { maxLength: 3 }).map(list),
    fc.array(tie('value'), { maxLength: 3 }).map(set),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map(map),
  ),
})).value;

describe('arithmetic', () => {
  it.each([
    ['+', 1, 2, '3'],
    ['-', 1, 2, '-1'],
    ['*', -3, 4, '-12'],
    ['/', 7, 2, '3'],
    ['/', -7, 2, '-3'],
    ['/', 7, -2, '-3'],
    ['%', 7, 3, '1'],
    ['%', -7, 3, '-1'],
    ['%', 7, -3, '1'],
    ['*', 0, -5, '0'],
    ['/', 0, -5, '0'],
    ['%', -6, 3, '0'],
    ['+', 1, float(0.5), '1.5'],
    ['*', float(2), 3, '6.0'],
    ['/', float(1), 0, 'infinity()'],
    ['/', -1, float(0), '-infinity()'],
    ['/', float(0), float(0), 'nan()'],
    ['%', float(5.5), 2, '1.5'],
    ['*', float(0), -1, '0.0'],
    ['/', 1, 0, 'TRL0801'],
    ['%', 1, 0, 'TRL0801'],
    ['+', most, 1, 'TRL0802'],
    ['-', -most, 1, 'TRL0802'],
    ['*', most, 2, 'TRL0802'],
    ['*', 94906267, 94906267, 'TRL0802'],
    ['+', most, 0, '9007199254740991'],
    ['+', 'a', 1, 'TRL0803'],
  ] satisfies [string, Value, Value, string][])('%s of %j and %j', (symbol, a, b, expected) => {
    expect(outcome(symbol, a, b)).toBe(expected);
  });

  it('is exact, or says that it is not', () => {
    fc.assert(
      fc.property(fc.constantFrom('+', '-', '*'), int, int, (symbol, a, b) => {
        const [x, y] = [BigInt(a), BigInt(b)];
        const exact = symbol === '+' ? x + y : symbol === '-' ? x - y : x * y;
        const fits = exact >= -BigInt(most) && exact <= BigInt(most);
        expect(outcome(symbol, a, b)).toBe(fits ? String(exact) : 'TRL0802');
      }),
    );
  });

  it('has quotient and remainder make up the dividend', () => {
    fc.assert(
      fc.property(
        int,
        int.filter((b) => b !== 0),
        (a, b) => {
          const [q, r] = [call('/', a, b) as number, call('%', a, b) as number];
          expect(BigInt(q)).toBe(BigInt(a) / BigInt(b));
          expect(BigInt(q) * BigInt(b) + BigInt(r)).toBe(BigInt(a));
        },
      ),
    );
  });

  it('never makes -0', () => {
    const ops = ['+', '-', '*', '/', '%'];
    fc.assert(
      fc.property(
        fc.constantFrom(...ops),
        fc.oneof(int, double),
        fc.oneof(int, double),
        (symbol, a, b) => {
          expect(outcome(symbol, a, b)).not.toMatch(/^-0(\.0)?$/);
          expect(outcome('neg', a)).not.toMatch(/^-0(\.0)?$/);
        },
      ),
    );
  });
});

describe('comparison', () => {
  it.each([
    ['==', 1, float(1), true],
    ['<', 1, float(1), false],
    ['<=', 1, float(1), true],
    ['>=', 1, float(1), true],
    ['!=', 1, float(1), false],
    ['==', 'a', 'a', true],
    ['<', 'Z', 'a', true],
    ['<', 2, float(2.5), true],
    ['==', float(Number.NaN), float(Number.NaN), true],
    ['>', float(Number.NaN), float(Number.POSITIVE_INFINITY), true],
    ['==', null, null, true],
    ['<', list([1]), list([1, 0]), true],
    ['==', list([1]), list([float(1)]), false],
  ] satisfies [string, Value, Value, boolean][])('%s of %j and %j', (symbol, a, b, expected) => {
    expect(call(symbol, a, b)).toBe(expected);
  });

  it('is total, and its six operators agree', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [less, equal, greater] = [call('<', a, b), call('==', a, b), call('>', a, b)];
        expect([less, equal, greater].filter(Boolean)).toHaveLength(1);
        expect(call('<=', a, b)).toBe(!(greater as boolean));
        expect(call('>=', a, b)).toBe(!(less as boolean));
        expect(call('!=', a, b)).toBe(!(equal as boolean));
        expect(call('<', b, a)).toBe(greater);
      }),
    );
  });

  it('follows the one order of values except between an int and an equal float', () => {
    fc.assert(
      fc.property(value, value, (a, b) => {
        if (compareValues(a, b) < 0) expect(call('<=', a, b)).toBe(true);
        if (equalValues(a, b)) expect(call('==', a, b)).toBe(true);
      }),
    );
  });

  it('chooses the least and the greatest', () => {
    expect(call('least', 3, 2)).toBe(2);
    expect(call('greatest', 'a', 'b')).toBe('b');
  });
});

describe('strings', () => {
  it.each([
    ['size', ['héllo'], '5'],
    ['size', ['😀'], '2'],
    ['contains', ['hello', 'ell'], 'true'],
    ['contains', ['hello', 'xyz'], 'false'],
    ['starts_with', ['hello', 'he'], 'true'],
    ['starts_with', ['hello', 'lo'], 'false'],
    ['ends_with', ['hello', 'lo'], 'true'],
    ['ends_with', ['hello', 'he'], 'false'],
    ['to_upper', ['straße'], '"STRASSE"'],
    ['to_lower', ['ÀB'], '"àb"'],
    ['trim', [' \t a b\n'], '"a b"'],
    ['split', ['a,b,,c', ','], '["a", "b", "", "c"]'],
    ['split', ['a😀', ''], '["a", "😀"]'],
    ['join', [list(['a', 'b', 'c']), '-'], '"a-b-c"'],
    ['join', [list([]), '-'], '""'],
    ['substring', ['hello', 1, 3], '"el"'],
    ['substring', ['hello', -4, 99], '"hello"'],
    ['substring', ['hello', 3, 1], '""'],
    ['substring', ['hello', 0, -1], '""'],
    ['replace', ['a.b.c', '.', '$&'], '"a$&b$&c"'],
    ['replace', ['abc', '', 'x'], '"abc"'],
    ['repeat', ['ab', 3], '"ababab"'],
    ['repeat', ['', 9007199254740991], '""'],
    ['repeat', ['ab', -1], 'TRL0803'],
    ['repeat', ['ab', 1e9], 'TRL0804'],
    ['++', ['ab', 'cd'], '"abcd"'],
    ['index_of', ['hello', 'l'], '2'],
    ['index_of', ['hello', 'z'], '-1'],
    ['is_empty', [''], 'true'],
    ['is_empty', ['a'], 'false'],
  ] satisfies [string, Value[], string][])('%s of %j', (name, values, expected) => {
    expect(outcome(name, ...values)).toBe(expected);
  });

  it('splits and joins back', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ minLength: 1 }), (text, separator) => {
        expect(call('join', call('split', text, separator), separator)).toBe(text);
      }),
    );
  });

  it('refuses a string bomb before it is built', () => {
    let text = 'x';
    const grow = (): void => {
      for (let i = 0; i < 64; i++) text = call('++', text, text) as string;
    };
    expect(grow).toThrow(PartialError);
    expect(text.length).toBeLessThan(2 ** 24);
    expect(outcome('replace', 'a'.repeat(2 ** 20), 'a', 'b'.repeat(100))).toBe('TRL0804');
    expect(outcome('join', list(Array.from({ length: 100 }, () => '')), 'b'.repeat(2 ** 20))).toBe(
      'TRL0804',
    );
    expect(outcome('range', 0, 1e12)).toBe('TRL0804');
  });
});

describe('collections', () => {
  const abc = list(['a', 'b', 'c']);
  const ages = map([
    ['ann', 30],
    ['bob', 25],
  ]);
  it.each([
    ['size', [abc], '3'],
    ['size', [set([1, 1, 2])], '2'],
    ['size', [ages], '2'],
    ['size', [bytes('00ff')], '2'],
    ['is_empty', [map([])], 'true'],
    ['contains', [abc, 'b'], 'true'],
    ['contains', [set([1, 2]), 3], 'false'],
    ['contains', [set([1, 2]), 2], 'true'],
    ['contains', [set([1]), float(1)], 'false'],
    ['index_of', [abc, 'c'], '2'],
    ['index_of', [abc, 'z'], '-1'],
    ['get', [abc, 0], '"a"'],
    ['get', [abc, 3], 'TRL0803'],
    ['get', [abc, -1], 'TRL0803'],
    ['get', [ages, 'bob'], '25'],
    ['get', [ages, 'eve'], 'TRL0803'],
    ['get', [map([['x', null]]), 'x'], 'null'],
    ['get_or', [ages, 'eve', 0], '0'],
    ['get_or', [ages, 'ann', 0], '30'],
    ['get_or', [map([['x', null]]), 'x', 1], 'null'],
    ['get_or', [abc, 7, 'z'], '"z"'],
    ['first', [abc], '"a"'],
    ['first', [list([])], 'TRL0803'],
    ['last', [abc], '"c"'],
    ['last', [list([])], 'TRL0803'],
    ['slice', [abc, 1, 9], '["b", "c"]'],
    ['slice', [abc, -2, 2], '["a", "b"]'],
    ['reverse', [abc], '["c", "b", "a"]'],
    ['sort', [list([3, 1, 2, 1])], '[1, 1, 2, 3]'],
    ['range', [2, 5], '[2, 3, 4]'],
    ['range', [5, 2], '[]'],
    ['++', [list([1]), list([2, 1])], '[1, 2, 1]'],
    ['union', [set([1, 2]), set([2, 3])], '{1, 2, 3}'],
    ['intersect', [set([1, 2]), set([2, 3])], '{2}'],
    ['difference', [set([1, 2]), set([2, 3])], '{1}'],
    ['add', [set([2]), 1], '{1, 2}'],
    ['remove', [set([1, 2]), 1], '{2}'],
    ['remove', [ages, 'ann'], '{"bob": 25}'],
    ['with_entry', [ages, 'ann', 31], '{"ann": 31, "bob": 25}'],
    ['has_key', [ages, 'ann'], 'true'],
    ['has_key', [ages, 'eve'], 'false'],
    ['keys', [ages], '{"ann", "bob"}'],
    ['values', [ages], '[30, 25]'],
    ['size', [1], 'TRL0803'],
    ['keys', [abc], 'TRL0803'],
  ] satisfies [string, Value[], string][])('%s of %j', (name, values, expected) => {
    expect(outcome(name, ...values)).toBe(expected);
  });

  it('keeps sets and maps in their one form', () => {
    const items = fc.array(value, { maxLength: 5 });
    fc.assert(
      fc.property(items, items, value, (xs, ys, extra) => {
        const [a, b] = [set(xs), set(ys)];
        expect(call('union', a, b)).toEqual(set([...xs, ...ys]));
        expect(call('union', call('difference', a, b), call('intersect', a, b))).toEqual(a);
        expect(call('contains', call('add', a, extra), extra)).toBe(true);
        expect(call('contains', call('remove', a, extra), extra)).toBe(false);
        expect(call('to_set', call('to_list', a))).toEqual(a);
      }),
    );
  });
});

describe('numbers', () => {
  it.each([
    ['abs', [-3], '3'],
    ['abs', [float(-2.5)], '2.5'],
    ['floor', [float(-2.5)], '-3'],
    ['ceil', [float(-2.5)], '-2'],
    ['ceil', [float(-0.5)], '0'],
    ['round', [float(-2.5)], '-3'],
    ['round', [float(2.5)], '3'],
    ['round', [float(0.49999999999999994)], '0'],
    ['round', [7], '7'],
    ['floor', [float(Number.NaN)], 'TRL0803'],
    ['floor', [float(1e300)], 'TRL0802'],
    ['floor', [float(Number.POSITIVE_INFINITY)], 'TRL0802'],
    ['sqrt', [16], '4.0'],
    ['sqrt', [float(-1)], 'nan()'],
    ['pow', [2, 10], '1024'],
    ['pow', [-2, 3], '-8'],
    ['pow', [2, 53], 'TRL0802'],
    ['pow', [-1, 9007199254740991], '-1'],
    ['pow', [0, 0], '1'],
    ['pow', [2, -1], 'TRL0803'],
    ['pow', [float(2), -1], '0.5'],
    ['is_nan', [float(Number.NaN)], 'true'],
    ['is_nan', [float(1)], 'false'],
    ['nan', [], 'nan()'],
    ['infinity', [], 'infinity()'],
  ] satisfies [string, Value[], string][])('%s of %j', (name, values, expected) => {
    expect(outcome(name, ...values)).toBe(expected);
  });
});

describe('conversions', () => {
  it.each([
    ['to_string', ['a"b'], '"a\\"b"'],
    ['to_string', [list(['a', 1])], '"[\\"a\\", 1]"'],
    ['to_int', ['  -12 '], '-12'],
    ['to_int', ['12x'], 'TRL0803'],
    ['to_int', [''], 'TRL0803'],
    ['to_int', ['0x10'], 'TRL0803'],
    ['to_int', ['9007199254740992'], 'TRL0802'],
    ['to_int', [float(-2.9)], '-2'],
    ['to_int', [float(Number.NaN)], 'TRL0803'],
    ['to_int', ['-0'], '0'],
    ['to_float', [3], '3.0'],
    ['to_float', ['2.5e3'], '2500.0'],
    ['to_float', ['.5'], '0.5'],
    ['to_float', ['Infinity'], 'TRL0803'],
    ['to_list', [set([2, 1])], '[1, 2]'],
    ['to_set', [list([2, 1, 2])], '{1, 2}'],
    ['to_addr', ['n1'], '"n1"'],
    ['bytes', ['00FF'], 'bytes("00ff")'],
    ['bytes', ['0'], 'TRL0803'],
    ['bytes', ['zz'], 'TRL0803'],
    ['to_hex', [bytes('00ff')], '"00ff"'],
    ['not', [true], 'false'],
    ['not', [1], 'TRL0803'],
  ] satisfies [string, Value[], string][])('%s of %j', (name, values, expected) => {
    expect(outcome(name, ...values)).toBe(expected);
  });

  it('reads back the ints that it writes', () => {
    fc.assert(
      fc.property(int, (n) => {
        expect(call('to_int', call('to_string', n))).toBe(n);
      }),
    );
  });
});

describe('the size of values', () => {
  it('counts all depths together', () => {
    expect(valueSize(list(['abc', tuple([1, 2])]))).toEqual({
      units: 8 + (8 + 3) + (8 + 8 + 8),
      depth: 2,
    });
  });

  it('refuses what is small in memory and endless as text', () => {
    const doubling = (): void => {
      let pair: Value = 'x';
      for (let i = 0; i < 60; i++) pair = boundedValue(tuple([pair, pair]));
    };
    expect(doubling).toThrow(/larger than one value may be/);
    const nesting = (): void => {
      let nest: Value = 'x';
      for (let i = 0; i < 100; i++) nest = boundedValue(tuple([nest]));
    };
    expect(nesting).toThrow(/deeper than values may nest/);
  });
});

describe('the table', () => {
  it('says partial of exactly the functions that fail on some well-typed arguments here', () => {
    const total = [
      'neg',
      'not',
      'split',
      'substring',
      'trim',
      'get_or',
      'slice',
      'intersect',
      'sqrt',
      'to_list',
    ];
    const partial = [
      '+',
      '/',
      '%',
      '++',
      'get',
      'first',
      'to_int',
      'floor',
      'pow',
      'bytes',
      'join',
      'range',
    ];
    for (const name of total) expect(builtinFunctions.get(name)?.partial, name).toBe(false);
    for (const name of partial) expect(builtinFunctions.get(name)?.partial, name).toBe(true);
  });

  it('documents every function in one line and gives it a signature', () => {
    for (const entry of builtinFunctions.values()) {
      expect(entry.summary, entry.name).toMatch(/^[A-Z][^\n]*\.$/);
      expect(entry.signatures.length, entry.name).toBeGreaterThan(0);
    }
  });
});

it('a string that is too long is told with the length that would do', () => {
  const half = 'x'.repeat(2 ** 23);
  expect(() => call('++', half, half)).toThrow(
    '++ would make a string of 16777216 characters, more than one value may hold (16777208)',
  );
  expect(call('++', half, half.slice(8))).toHaveLength(16_777_208);
});
