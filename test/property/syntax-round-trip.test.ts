/**
 * Properties of text and tree:
 * 1. parsing what was printed gives the tree that was printed, spans apart, without diagnostics;
 * 2. printing what was parsed changes nothing the second time;
 * 3. no text makes the parser throw, and every diagnostic lies in the text, in source order;
 * 4. a broken statement costs nothing but itself: its neighbours are read as they are alone.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { dedalusCodes } from '../../src/diagnostics/codes/dedalus.js';
import { syntaxCodes } from '../../src/diagnostics/codes/syntax.js';
import { parseModule } from '../../src/syntax/parse.js';
import { printModule, printStatement, printTerm } from '../../src/syntax/print.js';
import {
  arbitraryModule,
  arbitraryStatement,
  arbitraryTerm,
  withoutSpans,
} from '../support/arbitrary-ast.js';

const numRuns = process.env['TRELLIS_NIGHTLY'] === '1' ? 20_000 : 500;

function parse(text: string): ReturnType<typeof parseModule> {
  return parseModule({ path: 'test.bloom', text });
}

it('1. parse after print is the identity on modules', () => {
  fc.assert(
    fc.property(arbitraryModule, (module) => {
      const parsed = parse(printModule(module));
      expect(parsed.diagnostics).toEqual([]);
      expect(withoutSpans(parsed.value)).toEqual(withoutSpans(module));
    }),
    { numRuns },
  );
});

it('1. and on terms', () => {
  fc.assert(
    fc.property(arbitraryTerm, (term) => {
      const parsed = parse(`const c = ${printTerm(term)};`).value.statements[0];
      expect(parsed?.kind === 'const' && withoutSpans(parsed.value)).toEqual(withoutSpans(term));
    }),
    { numRuns: numRuns * 2 },
  );
});

it('2. printing is idempotent', () => {
  fc.assert(
    fc.property(arbitraryModule, (module) => {
      const text = printModule(module);
      expect(printModule(parse(text).value)).toBe(text);
    }),
    { numRuns },
  );
});

const fragment = fc.constantFrom(
  'p',
  'x',
  'table',
  'durable',
  'delete',
  'next',
  'module',
  'min',
  'not',
  'if',
  'then',
  'else',
  'in',
  'notin',
  '(',
  ')',
  '[',
  ']',
  '{',
  '}',
  '<',
  '>',
  '=',
  '>=',
  '=>',
  ':-',
  ':',
  ';',
  ',',
  '.',
  '|',
  '||',
  '!',
  '-',
  '@',
  '*',
  '1',
  '.5',
  '1.',
  '2d',
  '"a"',
  '"',
  "'",
  '/*',
  '*/',
  '//',
  '///',
  '#',
  '%',
  '~',
  '&',
  '\n',
  ' ',
  '\\',
  'é',
  '\ud800',
  '_',
);
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join('')),
  fc.array(fragment, { maxLength: 60 }).map((parts) => parts.join(' ')),
  fc.tuple(arbitraryModule, fc.nat(), fragment).map(([module, at, part]) => {
    const text = printModule(module);
    const offset = text === '' ? 0 : at % text.length;
    return text.slice(0, offset) + part + text.slice(offset + 1);
  }),
);

it('3. any text is parsed without an exception, and what is told of it lies in it', () => {
  const codes = new Set([...syntaxCodes, ...dedalusCodes].map(({ code }) => code));
  fc.assert(
    fc.property(anyText, (text) => {
      const { value, diagnostics } = parse(text);
      let before = 0;
      for (const { code, primary } of diagnostics) {
        expect(codes).toContain(code);
        const { start, end } = primary!.span;
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThanOrEqual(start);
        expect(end).toBeLessThanOrEqual(text.length);
        before = start;
      }
      for (const { span } of value.statements) expect(span.start).toBeLessThan(span.end);
    }),
    { numRuns: numRuns * 4 },
  );
});

const broken = fc.constantFrom(
  'p(x) :- ;',
  'table t(k;',
  'p(x :- q(x);',
  'p(x) :- q(x,);',
  'p("a\\q");',
  'x = 3;',
  'p(x) <= q(x);',
  'p(x) :- a < b < c;',
  'tabel t;',
  'import x;',
);

it('4. a broken statement gets one error and leaves its neighbours alone', () => {
  fc.assert(
    fc.property(arbitraryStatement, broken, arbitraryStatement, (first, wrong, last) => {
      const alone = parse(wrong);
      const { value, diagnostics } = parse(
        `${printStatement(first)}\n${wrong}\n${printStatement(last)}\n`,
      );
      expect(diagnostics.map(({ code }) => code)).toEqual(
        alone.diagnostics.map(({ code }) => code),
      );
      expect(diagnostics).toHaveLength(1);
      const kept = value.statements.length - alone.value.statements.length;
      expect(kept).toBe(2);
      expect(withoutSpans(value.statements[0])).toEqual(withoutSpans(first));
      expect(withoutSpans(value.statements.at(-1))).toEqual(withoutSpans(last));
    }),
    { numRuns },
  );
});
