/** Terms: precedence, literals and their values, and the text they print as. */
import { describe, expect, it } from 'vitest';

import { float } from '../../../src/base/value.js';
import { printTerm } from '../../../src/syntax/print.js';
import { parse, shape, term } from './parse-text.js';

describe('precedence', () => {
  it.each([
    ['a || b && c', '(a || (b && c))'],
    ['!a && b', '((!a) && b)'],
    ['!a == b', '(!(a == b))'],
    ['!!a || !b', '((!(!a)) || (!b))'],
    ['a && !b == c', '(a && (!(b == c)))'],
    ['a ++ b == c ++ d', '((a ++ b) == (c ++ d))'],
    ['a + b ++ c', '((a + b) ++ c)'],
    ['a - b - c', '((a - b) - c)'],
    ['a - (b - c)', '(a - (b - c))'],
    ['a + b * c % d', '(a + ((b * c) % d))'],
    ['-a * b', '((-a) * b)'],
    ['a * -b', '(a * (-b))'],
    ['- -a', '(-(-a))'],
    ['-a.f(b).g()', '(-a.f(b).g())'],
    ['a<b&&c>=d', '((a < b) && (c >= d))'],
    ['if a then b else c || d', '(if a b (c || d))'],
    ['if a then b else if c then d else e', '(if a b (if c d e))'],
    ['(if a then b else c) + 1', '((if a b c) + 1)'],
  ])('%s', (text, expected) => {
    expect(shape(term(text))).toBe(expected);
  });

  it.each([
    'a - (b - c)',
    '(a + b) * c',
    '(a < b) == c',
    '(!a) == b',
    '-(5)',
    '-(-a).f()',
    '(-5).f()',
    '-5.f()',
    '--5',
    '(if a then b else c) + 1',
    '(a + b).f()',
    '(a,)',
    '()',
    '{}',
    '{:}',
    '{a: b}',
    '[a, (b, c)]',
    '2 * -5',
    '!(a && b)',
  ])('prints %s with the parentheses it needs', (text) => {
    expect(printTerm(term(text))).toBe(text);
  });

  it.each([
    ['((a))', 'a'],
    ['(a * b) + c', 'a * b + c'],
    ['(a - b) - c', 'a - b - c'],
    ['!(a == b)', '!a == b'],
    ['if (a) then (b) else (if c then d else e)', 'if a then b else if c then d else e'],
    ['- 5', '-5'],
  ])('prints %s without those it does not', (text, expected) => {
    expect(printTerm(term(text))).toBe(expected);
  });

  it('gives a term in parentheses the span of the parentheses', () => {
    const { span } = term('(a + b) * c');
    expect(span.file.text.slice(span.start, span.end)).toBe('(a + b) * c');
  });
});

describe('a minus before a number', () => {
  it.each([
    ['-5', -5],
    ['-0', 0],
    ['-0.0', float(0)],
    ['-1.5', float(-1.5)],
    ['-2s', -2000],
    ['-9007199254740991', -9007199254740991],
  ])('%s is one constant', (text, value) => {
    const constant = term(text);
    expect(constant).toMatchObject({ kind: 'constant', text });
    expect(constant.kind === 'constant' && constant.value).toStrictEqual(value);
    expect(constant.kind === 'constant' && Object.is(constant.value, -0)).toBe(false);
  });

  it('subtracts behind an operand', () => {
    expect(shape(term('a -5'))).toBe('(a - 5)');
    expect(shape(term('a-5'))).toBe('(a - 5)');
  });
});

describe('literals', () => {
  it.each([
    ['0', 0],
    ['1_000', 1000],
    ['0xfF', 255],
    ['0xdead_beef', 0xdeadbeef],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['500ms', 500],
    ['2s', 2000],
    ['1m', 60_000],
    ['1h', 3_600_000],
    ['1.0', float(1)],
    ['1_0.2_5', float(10.25)],
    ['1.5e-3', float(0.0015)],
    ['1.0E+2', float(100)],
    ['true', true],
    ['null', null],
    ['"a\'b"', "a'b"],
    ["'a\"b'", 'a"b'],
    [String.raw`"\n\t\r\\\"\'\0"`, '\n\t\r\\"\'\0'],
    [String.raw`"\x41\u0042\u{43}\u{1F600}"`, 'ABC😀'],
    [String.raw`"\ud83d\ude00"`, '😀'],
    [String.raw`"\\n"`, String.raw`\n`],
    ['"// no comment"', '// no comment'],
  ])('%s', (text, value) => {
    const constant = term(text);
    expect(constant).toMatchObject({ kind: 'constant', text });
    expect(constant.kind === 'constant' && constant.value).toStrictEqual(value);
  });

  it.each([
    ['1.', 'TRL0106', '`1.0`'],
    ['.5', 'TRL0106', '`0.5`'],
    ['1..10', 'TRL0106', '`x in range(1, 11)`'],
    ['x.5', 'TRL0106', '`0.5`'],
    ['1e5', 'TRL0106', '1.0e5'],
    ['1__0', 'TRL0106', 'underscore'],
    ['1_', 'TRL0106', 'underscore'],
    ['2d', 'TRL0106', 'units'],
    ['1.5s', 'TRL0106', '1500ms'],
    ['0x', 'TRL0106', 'hexadecimal'],
    ['0xg', 'TRL0106', 'hexadecimal'],
    ['9007199254740992', 'TRL0107', 'int'],
    ['-9007199254740992', 'TRL0107', 'int'],
    ['0x20000000000000', 'TRL0107', 'int'],
    ['2501999792984h', 'TRL0107', 'int'],
    ['1.0e999', 'TRL0107', 'float'],
    [String.raw`"\q"`, 'TRL0105', 'escapes'],
    [String.raw`"\x4"`, 'TRL0105', 'escapes'],
    [String.raw`"\u12"`, 'TRL0105', 'escapes'],
    [String.raw`"\u{110000}"`, 'TRL0105', 'escapes'],
  ])('%s has no value', (text, code, help) => {
    const { diagnostics } = parse(`p(${text});`);
    expect(diagnostics.map((d) => d.code)).toEqual([code]);
    expect(diagnostics[0]!.message + diagnostics[0]!.help).toContain(help);
  });

  it('tells of every wrong escape of a string, each at its place', () => {
    const { diagnostics, value } = parse(String.raw`p("a\qb\zc");`);
    expect(diagnostics.map((d) => [d.primary!.span.start, d.primary!.span.end])).toEqual([
      [4, 6],
      [7, 9],
    ]);
    expect(value.statements).toHaveLength(1);
  });
});
