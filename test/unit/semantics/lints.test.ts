import { describe, expect, it } from 'vitest';
import { lintCodes } from '../../../src/diagnostics/codes/lints.js';
import { compileText } from '../../support/compile-text.js';

/** `CODE "marked text"` for each warning about a program that is right. */
function lints(text: string): readonly string[] {
  const { diagnostics, findings } = compileText(text);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return findings
    .filter(({ code }) => code.startsWith('TRL12'))
    .map(({ code, severity, primary }) => {
      expect(severity).toBe('warning');
      const { start, end } = primary!.span;
      return `${code} ${text.slice(start, end)}`;
    });
}

describe.each(lintCodes)('$code $title', ({ code, wrong, right }) => {
  it('is what its wrong program gets, and its right program does not', () => {
    expect([...new Set(lints(wrong!).map((mark) => mark.slice(0, 7)))]).toEqual([code]);
    expect(lints(right!)).toEqual([]);
  });
});

describe('variables used once', () => {
  it.each([
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, _y);', []],
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, x2);', ['TRL1201 x2']],
    ['input e(x: int, y: int); view v(n: int); v(count<*>) :- e(x, y);', []],
    ['input e(x: int, y: int); view v(x: int); v(x) :- e(x, y), y > 1;', []],
    [
      'input e(x: int, y: int); view v(x: int); v(x) :- e(x, _), e(_, x) | e(_, x), e(z, _);',
      ['TRL1201 z'],
    ],
    ['const one = 1; input e(x: int, y: int); view v(x: int); v(x) :- e(x, one);', []],
    ['table t(x: int, y: int); invariant i: !(t(x, y), x > 1);', ['TRL1201 y']],
  ])('%s', (text, expected) => expect(lints(text)).toEqual(expected));

  it('suggest the name that is probably meant', () => {
    const { findings } = compileText(
      'input e(session: int, y: int); view v(x: int); v(session) :- e(session, _), e(sesion, _);',
    );
    expect(findings[0]).toMatchObject({
      code: 'TRL1201',
      help: 'write `_` if any value will do; or did you mean `session`?',
      fixes: [{ title: 'write `_`' }],
    });
  });
});

describe('rules that can never fire', () => {
  const base = 'input e(x: int); view v(x: int); ';
  it.each([
    ['loopback l(x: int); v(x) :- l(x); v(x) :- e(x);', ['TRL1205 l(x)']],
    ['loopback l(x: int); v(x) :- l(x); l(x)@async :- e(x);', []],
    ['loopback l(x: int); v(x) :- l(x) | e(x);', []],
    ['loopback l(x: int); v(x) :- e(x), notin l(x);', []],
    ['loopback l(x: int); l(x + 1)@async :- l(x); v(x) :- l(x) | e(x);', ['TRL1205 l(x)']],
    ['v(x) :- e(x), 1 > 2;', ['TRL1205 1 > 2']],
    ['v(x) :- e(x), x > 3 && false;', ['TRL1205 x > 3 && false']],
    ['v(x) :- e(x), x == 1, x == 1.0;', []],
    ['v(x) :- e(x), y = 2, y == 3, y < x;', ['TRL1205 y == 3']],
    ['v(x) :- e(x), x < 1, x > 2;', []],
    ['table t(x: int); v(x) :- t(x), e(x);', []],
    ['static s(x: int); v(x) :- s(x), e(x);', []],
    ['view w(x: int); v(x) :- w(x); v(x) :- e(x);', ['TRL1205 w(x)']],
  ])('%s', (text, expected) => expect(lints(base + text)).toEqual(expected));
});

describe('relations without a use', () => {
  it.each([
    ['table t(x: int); t(1);', []],
    ['table t(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 t']],
    ['output o(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 o']],
    ['table t(x: int); input e(x: int); view v(x: int); t(x), v(x) :- e(x);', []],
    [
      'table t(x: int); input e(x: int); view v(x: int); v(x) :- e(x); invariant i: !(t(x), x > 1);',
      [],
    ],
    ['input f(x: int); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1203 f']],
    [
      'input f(x: int); input done(); input e(x: int); view v(x: int); v(x) :- e(x); seal f when done();',
      [],
    ],
    ['periodic p(1s); input e(x: int); view v(x: int); v(x) :- e(x);', ['TRL1202 p']],
    [
      'loopback l(x: int); input e(x: int); view v(x: int); l(x)@async, v(x) :- e(x);',
      ['TRL1204 l'],
    ],
  ])('%s', (text, expected) => expect(lints(text)).toEqual(expected));
});
