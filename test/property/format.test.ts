/**
 * Properties of the formatter, over random modules with random comments, blanks and line breaks
 * between their tokens:
 * 1. the formatted text parses to the same tree, documentation and all;
 * 2. formatting it again changes nothing;
 * 3. tokens and comments are the same in the same order, so none is lost or has crossed a token;
 * 4. no line ends in a blank, no two empty lines follow each other, and the text ends in one line feed;
 * 5. what the printer prints on one line, the formatter leaves as it is.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { formatSource } from '../../src/syntax/format.js';
import { lexFile } from '../../src/syntax/lex-file.js';
import { parseModule } from '../../src/syntax/parse.js';
import { printModule, printStatement } from '../../src/syntax/print.js';
import { arbitraryModule, arbitraryStatement, withoutSpans } from '../support/arbitrary-ast.js';
import { fillers, withFillers } from '../support/random-comments.js';

const numRuns = process.env['TRELLIS_NIGHTLY'] === '1' ? 20_000 : 300;

function fileOf(text: string): { path: string; text: string } {
  return { path: 'random.bloom', text };
}

function tokenEnds(text: string): readonly number[] {
  return lexFile(fileOf(text)).tokens.map((token) => token.startOffset + token.image.length);
}

/** Statements of every other form, brackets within brackets among them. */
const written = [
  'module A { param every = 1s; input a(x: int); output b(x: int); b(x) :- a(x), x in {1, 2}; }',
  'module Empty { }',
  'module A { /// inside\n table t; }; module B { view v(x: map<int, set<int>>); };',
  'import "./a.bloom"; include "b.bloom"; use A as a; use A as b (every = 2s, n = f(1 < 2));',
  'extern function f(x: map<int, list<int>>): (int, lset<int>) from "./f.ts" monotone injective;',
  'seal action on (session, k) from client(c) when done(session); seal p when q();',
  'assume win "harmless"; assume "p#1" "why"; coordinate seat order (seat); coordinate p none;',
  'invariant one: !(d(v)@n, d(w)@m, v != w | e(v)@"a", v > 1, notin f(v));',
  'lattice best: lmap<string, lmax<int>>; table t(k: int => v: (lset<int>, lbool));',
  'a.send(to, 1) :- a.got(_, x), sealed a.p(x), notin a.q(x), x.plus(1).at_least(2);',
];
const program = fc.oneof(
  arbitraryModule.map((module) => printModule(module)),
  fc.shuffledSubarray(written, { minLength: 1 }).map((statements) => statements.join('\n')),
);
const commented = fc
  .tuple(program, fillers)
  .map(([source, inserted]) => withFillers(source, tokenEnds(source), inserted))
  // A `>=` torn apart, or a line that now looks like a statement of its own, is no program.
  .filter((text) => parseModule(fileOf(text)).diagnostics.length === 0);

function formatted(text: string): string {
  const { value, diagnostics } = formatSource(fileOf(text));
  expect(diagnostics).toEqual([]);
  return value!;
}

function commentsOf(text: string): string[] {
  const { docs, comments, tokens } = lexFile(fileOf(text));
  const all = [...docs, ...comments, ...tokens].sort((a, b) => a.startOffset - b.startOffset);
  return all.map(({ image }) => image.replaceAll('\r\n', '\n').trimEnd());
}

it.each(written)('%s is a program', (source) => {
  expect(parseModule(fileOf(source)).diagnostics).toEqual([]);
});

it('1. and 3. the tree, the tokens and the comments stay', () => {
  fc.assert(
    fc.property(commented, (text) => {
      const output = formatted(text);
      expect(withoutSpans(parseModule(fileOf(output)).value)).toEqual(
        withoutSpans(parseModule(fileOf(text)).value),
      );
      expect(commentsOf(output)).toEqual(commentsOf(text));
    }),
    { numRuns },
  );
});

it('2. formatting is idempotent', () => {
  fc.assert(
    fc.property(commented, (text) => {
      const output = formatted(text);
      expect(formatted(output)).toBe(output);
    }),
    { numRuns },
  );
});

it('4. lines end cleanly', () => {
  fc.assert(
    fc.property(commented, (text) => {
      const output = formatted(text);
      expect(output).not.toMatch(/[ \t]$/m);
      expect(output).not.toMatch(/\n\n\n|^\n|\r/);
      if (output !== '') expect(output).toMatch(/[^\n]\n$/);
    }),
    { numRuns },
  );
});

it('5. what is printed on one line stays', () => {
  fc.assert(
    fc.property(arbitraryStatement, (statement) => {
      const printed = printStatement({ ...statement, doc: null });
      fc.pre(!printed.includes('\n') && printed.length <= 100);
      expect(formatted(printed)).toBe(`${printed}\n`);
    }),
    { numRuns: numRuns * 4 },
  );
});
