/** When what has been typed is whole, and what stays where it is when parts of it go. */
import { describe, expect, it } from 'vitest';
import { isWhole, withoutStatements } from '../../../src/repl/typed-text.js';

describe('a typed statement', () => {
  it.each([
    ['', true],
    ['// no more than this', true],
    ['p(1);', true],
    ['p(1); q', false],
    ['p(x) :-', false],
    ['p({1, 2}', false],
    ['p(x) :- x = {1}', false],
    ['p("a;', false],
    ['p("a;");', true],
    ['/* a; ', false],
    ['p(1); // q', true],
    ['module M {', false],
    ['module M { p(1);', false],
    ['module M { p(1); }', true],
    ['p(x) :- x in {1};', true],
  ])('%j is whole: %s', (text, expected) => {
    expect(isWhole(text)).toBe(expected);
  });

  it('leaves the rest where it is when it goes', () => {
    const text = 'p(1); put("a",\n 2) /* so */ ; q(3);\n';
    const [start, end] = [text.indexOf('put'), text.indexOf(')', 14) + 1];
    const file = { path: 'x', text };
    expect(withoutStatements(file, [{ file, start, end }])).toBe(
      `p(1); ${' '.repeat(8)}\n${' '.repeat(14)} q(3);\n`,
    );
  });
});
