/**
 * Input that is large or hostile: an answer comes, in bounded time and without an overflow.
 * The bounds on time are several times what a slow machine takes.
 */
import { describe, expect, it } from 'vitest';

import { maxDepth } from '../../../src/syntax/check-depth.js';
import { maxNesting } from '../../../src/syntax/check-brackets.js';
import type { parseModule } from '../../../src/syntax/parse.js';
import { printModule } from '../../../src/syntax/print.js';
import { parse } from './parse-text.js';

function timed(text: string, limitMs: number): ReturnType<typeof parseModule> {
  const before = performance.now();
  const parsed = parse(text);
  expect(performance.now() - before).toBeLessThan(limitMs);
  return parsed;
}
const codes = (text: string, limitMs = 20_000): (string | undefined)[] => [
  ...new Set(timed(text, limitMs).diagnostics.map((d) => d.code)),
];

describe('size', () => {
  it('reads 100,000 rules', () => {
    const rules = Array.from({ length: 100_000 }, (_, i) => `p${i % 10}(x):-q(x);`).join('\n');
    const { value, diagnostics } = timed(rules, 20_000);
    expect([value.statements.length, diagnostics.length]).toEqual([100_000, 0]);
  });

  it('tells 10,000 errors', () => {
    const text = Array.from({ length: 10_000 }, (_, i) => `p${i}(x) :- q(x,);`).join('\n');
    expect(timed(text, 20_000).diagnostics).toHaveLength(10_000);
  });

  it('reads a million characters of one fact', () => {
    expect(timed(`p([${'1, '.repeat(300_000)}1]);`, 20_000).value.statements).toHaveLength(1);
    expect(timed(`p("${'a\\n'.repeat(333_333)}");`, 20_000).value.statements).toHaveLength(1);
  });

  it.each([
    ['unclosed comments', '/*\n'.repeat(300_000), ['TRL0104']],
    ['unclosed strings', '"\n'.repeat(300_000), ['TRL0103']],
    ['foreign letters', 'é'.repeat(1_000_000), ['TRL0102']],
    ['one endless name', 'a'.repeat(1_000_000), ['TRL0110']],
    ['open modules', 'module A {'.repeat(100_000), ['TRL0112', 'TRL0113']],
    ['modules', `${'module A {'.repeat(100_000)}${'}'.repeat(100_000)}`, ['TRL0113']],
    ['modules in a row', 'module A { p(x) q(x); }\n'.repeat(20_000), ['TRL0109']],
    ['missing semicolons', 'a(1)\n'.repeat(100_000), ['TRL0111']],
  ])('%s', (_name, text, expected) => {
    expect(codes(text)).toEqual(expected);
  });
});

describe('depth', () => {
  it.each([
    ['parentheses', `p(${'('.repeat(100_000)}1${')'.repeat(100_000)});`],
    ['open parentheses', '('.repeat(1_000_000)],
    ['calls', `p(${'f(a: '.repeat(50_000)}1${')'.repeat(50_000)});`],
    ['sums', `p(${'1 + '.repeat(100_000)}1);`],
    ['negations', `p(x) :- ${'!'.repeat(100_000)}x;`],
    ['minuses', `p(${'-'.repeat(100_000)}1);`],
    ['methods', `p(x${'.m()'.repeat(100_000)});`],
    ['else if', `p(${'if a then b else '.repeat(50_000)}c);`],
    ['if if', `p(${'if '.repeat(50_000)}c);`],
    ['types', `table t(x: ${'list<'.repeat(100_000)}int${'>'.repeat(100_000)});`],
    ['sums in parentheses', `p(${'('.repeat(100)}x${`${' + a'.repeat(100)})`.repeat(100)});`],
  ])('%s', (_name, text) => {
    expect(codes(text)).toEqual(['TRL0113']);
  });

  it.each([
    ['((', '))'],
    ['f(a: ', ')'],
    ['{1, ', '}'],
    ['{1: ', '}'],
    ['x.m(', ')'],
    ['[', ']'],
    ['if a then b else ', ''],
  ])('reads and prints %s as deep as is allowed', (open, close) => {
    const levels = Math.floor((maxNesting - 1) / (open === '((' ? 2 : 1));
    const text = `p(${open.repeat(levels)}1${close.repeat(levels)});`;
    const { value, diagnostics } = parse(text);
    expect(diagnostics).toEqual([]);
    expect(printModule(value).length).toBeGreaterThan(4);
    expect(codes(`p(${open.repeat(maxNesting)}1${close.repeat(maxNesting)});`)).toEqual([
      'TRL0113',
    ]);
  });

  it('counts what is deep, not what is long', () => {
    const items = Array.from({ length: 3 * maxDepth }, (_, i) => `if a then ${i} else b + 1`);
    expect(codes(`p([${items.join(', ')}]);`)).toEqual([]);
    expect(codes(`p(x) :- ${items.map((item) => `x = ${item}`).join(', ')};`)).toEqual([]);
  });
});

describe('garbage', () => {
  it('reads an empty file as an empty module', () => {
    for (const text of ['', ' \n\t', '\ufeff', '// nothing\n', '/* nothing */']) {
      expect(parse(text)).toMatchObject({ value: { statements: [] }, diagnostics: [] });
    }
  });

  it('tells a binary file once', () => {
    const bytes = Array.from({ length: 100_000 }, (_, i) =>
      String.fromCharCode((i * 7919) % 256),
    ).join('');
    expect(parse(bytes).diagnostics.map((d) => d.code)).toEqual(['TRL0101']);
  });

  it('survives lone surrogates in and outside strings', () => {
    expect(parse('p("\ud800");').diagnostics).toEqual([]);
    expect(codes('p(\udc00); \ud800')).toEqual(['TRL0102']);
  });

  it('counts in UTF-16 code units', () => {
    const { diagnostics } = parse('p("😀", @);');
    expect(diagnostics[0]!.primary!.span).toMatchObject({ start: 8, end: 9 });
  });
});
