/**
 * The formatter on random texts of the Dedalus dialect, with random comments, blanks and line breaks
 * between their tokens: the tree, the tokens and the comments stay, formatting again changes nothing,
 * lines end cleanly.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';

import { formatDedalus } from '../../src/syntax/format-dedalus.js';
import { lexDedalus } from '../../src/syntax/lex-dedalus.js';
import { parseDedalus } from '../../src/syntax/parse-dedalus.js';
import { withoutSpans } from '../support/arbitrary-ast.js';
import { fillers, withFillers } from '../support/random-comments.js';

const numRuns = process.env['TRELLIS_NIGHTLY'] === '1' ? 20_000 : 300;

const fileOf = (text: string): { path: string; text: string } => ({ path: 'random.ded', text });
const parse = (text: string): ReturnType<typeof parseDedalus> => parseDedalus(fileOf(text));

const word = fc.constantFrom(
  'x',
  'Node',
  'in',
  'if',
  'a.b',
  'ok?',
  '?y',
  'true',
  'next',
  '2pc',
  'count',
);
const primary = fc.oneof(
  word,
  fc.constantFrom('"a"', '\'b "c"\'', '"\\"', '3', '2.5', '-4', '_', '-x'),
);
const operator = fc.constantFrom('+', '-', '*', '/', '%');
const term = fc.oneof(
  { weight: 3, arbitrary: primary },
  {
    weight: 1,
    arbitrary: fc
      .tuple(primary, operator, primary, operator, primary)
      .map(([a, o, b, p, c]) => `(${a} ${o} ${b}) ${p} ${c}`),
  },
);
const terms = fc.array(term, { maxLength: 4 }).map((items) => items.join(', '));
const time = fc.option(fc.integer({ min: 1, max: 9 })).map((at) => (at === null ? '' : `@${at}`));
const literal = fc.oneof(
  fc
    .tuple(fc.constantFrom('', '', 'notin ', '!'), word, terms, time)
    .map(([not, name, items, at]) => `${not}${name}(${items})${at}`),
  fc
    .tuple(term, fc.constantFrom('==', '!=', '<', '<=', '>', '>=', '='), term)
    .map(([a, sign, b]) => `${a} ${sign} ${b}`),
);
const aggregate = fc
  .tuple(fc.constantFrom('count', 'max', 'sum'), fc.constantFrom('*', 'x', 'x + 1'))
  .map(([name, item]) => `${name}<${item}>`);
const headItems = fc.array(fc.oneof(term, aggregate), { maxLength: 4 });
const rule = fc
  .tuple(
    word,
    headItems,
    fc.constantFrom('', '@next', '@async'),
    fc.array(literal, { minLength: 1, maxLength: 5 }),
  )
  .map(([name, items, at, body]) => `${name}(${items.join(', ')})${at} :- ${body.join(', ')};`);
const fact = fc.tuple(word, terms, time).map(([name, items, at]) => `${name}(${items})${at};`);
const declaration = fc.constantFrom(
  'table kv(at: addr, key: string => value: map<string, int>);',
  'output seen(at, what);',
  'static peer;',
  'include "other.ded";',
  ';',
);
const program = fc
  .array(fc.oneof({ weight: 3, arbitrary: rule }, fact, declaration), { maxLength: 6 })
  .map((statements) => statements.join('\n'));

function tokens(text: string): readonly { readonly text: string; readonly end: number }[] {
  return lexDedalus(fileOf(text)).tokens.filter(({ kind }) => kind !== 'end');
}
const commented = fc
  .tuple(program, fillers)
  .map(([source, inserted]) =>
    withFillers(
      source,
      tokens(source).map(({ end }) => end),
      inserted,
    ),
  )
  // A `=>` torn apart is none.
  .filter((text) => parse(text).diagnostics.length === 0);

function formatted(text: string): string {
  const { value, diagnostics } = formatDedalus(fileOf(text));
  expect(diagnostics).toEqual([]);
  return value!;
}

/** Tokens and comments in order; stray `;` go. */
function inOrder(text: string): string {
  const comments = /"[^"]*"|'[^']*'|\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g;
  return (text.match(comments) ?? [])
    .map((each) => each.replaceAll('\r\n', '\n').trimEnd())
    .join('\n');
}

it('the tree, the tokens and the comments stay; formatting again changes nothing', () => {
  fc.assert(
    fc.property(commented, (text) => {
      const output = formatted(text);
      expect(withoutSpans(parse(output).value)).toEqual(withoutSpans(parse(text).value));
      expect(inOrder(output)).toBe(inOrder(text));
      expect(formatted(output)).toBe(output);
      expect(output).not.toMatch(/[ \t]$/m);
      expect(output).not.toMatch(/\n\n\n|^\n|\r/);
    }),
    { numRuns },
  );
});

it('leaves text with errors alone', () => {
  expect(formatDedalus(fileOf('p(x :- q(x);')).value).toBeNull();
});

it('lays out rules as in `.bloom`', () => {
  const text = `// the log\nlog(node,pload)@next:-log(node,pload) ;\nbegin("a", "x")@1;;\n\n\ntable  kv(at: addr, key=>value: string);\noutput seen(at); // shown\np(n,count<*>) :- q(n, "a string of some length", "another string of some length"), notin r(n)@3, n!=m;\n`;
  expect(formatted(text)).toBe(`// the log
log(node, pload)@next :- log(node, pload);
begin("a", "x")@1;

table  kv(at: addr, key => value: string);
output seen(at); // shown
p(n, count<*>) :-
    q(n, "a string of some length", "another string of some length"),
    notin r(n)@3,
    n != m;
`);
});
