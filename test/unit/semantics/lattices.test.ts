/** What the checker says of lattices. */
import { describe, expect, it } from 'vitest';
import { checkText, codesOf } from '../../support/check-fixture.js';

const firstMessage = (text: string): string => checkText(text).diagnostics[0]?.message ?? '';
const firstHelp = (text: string): string => checkText(text).diagnostics[0]?.help ?? '';
const best =
  'table best(k: string => c: lmin<int>); input i(k: string, n: int); best(k, n) :- i(k, n);';

describe('columns', () => {
  it.each([
    ['table t(v: lset<int>);', 'TRL0341'],
    ['table t(v: lset<int> => n: int);', 'TRL0341'],
    ['channel c(@to: addr, v: lset<int>);', 'TRL0341'],
    ['lattice x: int;', 'TRL0340'],
    ['table t(k: int => v: list<lset<int>>);', 'TRL0340'],
    ['table t(k: int => v: lmap<int, int>);', 'TRL0340'],
    ['table t(k: int => v: (int, lbool));', 'TRL0340'],
    ['table t(k: int => v: lpset<string>);', 'TRL0340'],
    ['table t(k: int => v: ldom<int, lbool>);', 'TRL0340'],
    ['table t(k: int => v: lmax);', 'TRL0307'],
  ])('%s', (text, code) => {
    expect(codesOf(text)).toEqual([code]);
  });
  it('a misspelt lattice is suggested', () => {
    expect(firstHelp('table t(k: int => v: lmxa<int>);')).toContain('lmax');
  });
});

describe('heads', () => {
  it.each(['delete x(v) :- x(v);', 'upsert x(v) :- x(v);', 'x(v)@async :- x(v);'])('%s', (rule) => {
    expect(codesOf(`lattice x: lset<int>; ${rule}`)).toContain('TRL0502');
  });
  it('refuse values of another type', () => {
    expect(codesOf(`${best} best(k, "x") :- i(k, _);`)).toEqual(['TRL0310']);
    expect(codesOf('lattice a: lset<int>; lattice b: lmax<int>; a(v) :- b(v);')).toEqual([
      'TRL0310',
    ]);
    expect(codesOf('lattice a: lset<int>; lattice b: lset<string>; a(v) :- b(v);')).toEqual([
      'TRL0310',
    ]);
  });
});

describe('methods', () => {
  it('of another name are suggested', () => {
    expect(firstHelp('lattice x: lset<int>; scratch p(n: int); p(v.sise()) :- x(v);')).toContain(
      'size',
    );
  });
  it('of another lattice, or with other arguments, are refused', () => {
    expect(codesOf(`${best} scratch p(n: int); p(v.count(1)) :- best(_, v);`)).toEqual(['TRL0202']);
    expect(codesOf(`${best} scratch p(k: string); p(k) :- best(k, v), v.at_most("x");`)).toEqual([
      'TRL0312',
    ]);
    expect(codesOf(`${best} scratch p(k: string); p(k) :- best(k, v), v.at_most(1, 2);`)).toEqual([
      'TRL0312',
    ]);
    expect(
      codesOf(`${best} lattice x: lset<int>; best("a", merge(v, w)) :- best(_, v), x(w);`),
    ).toEqual(['TRL0312']);
    expect(firstMessage('input i(n: int); scratch p(n: int); p(reveal(n)) :- i(n);')).toContain(
      'does not take int',
    );
  });
  it('no value is a condition that is no lbool', () => {
    expect(codesOf(`${best} scratch p(k: string); p(k) :- best(k, v), v;`)).toEqual(['TRL0313']);
  });
});

describe('recursion', () => {
  it.each([
    'best(k, c % 10) :- best(k, c);',
    'best(k, reveal(c) + 1) :- best(k, c);',
    'best("b", 1) :- best("a", 3);',
    'best("b", 1) :- best("a", c), best("c", c);',
    'best("b", 1) :- best("a", c), c >= 3;',
    'best("b", 1) :- best("a", c), !(c <= 3);',
    'scratch p(n: int); p(c) :- best(_, c); best("z", n) :- p(n);',
  ])('refuses %s', (rule) => {
    expect(codesOf(`${best} ${rule}`)).toEqual(['TRL0510']);
  });
  it.each([
    'best("b", c + 1) :- best("a", c);',
    'best("b", 1) :- best("a", c), c <= 3;',
    'best("b", 1) :- best("a", c), c <= 3 && c.below(7);',
    'best("b", c) :- best("a", c), d = c - 1, d < 5;',
    'best("b", reveal(c))@next :- best("a", c);',
    'lattice seen: lset<string>; seen({k}) :- best(k, c), c.has_value(); best("b", 1) :- seen(v), v.size() >= 2, "a" in v;',
  ])('accepts %s', (rule) => {
    expect(codesOf(`${best} ${rule}`)).toEqual([]);
  });
  it('shows the cycle', () => {
    const text = `${best} scratch p(n: int); p(c) :- best(_, c); again: best("z", n) :- p(n);`;
    const [cycle] = checkText(text).diagnostics;
    expect(cycle!.message).toContain('best -> p -> best');
    expect(cycle!.secondary!.map((label) => label.text)).toEqual([
      'rule p#1 derives `p` from the revealed value of `best`',
      'rule again derives `best` from `p`',
    ]);
  });
});

it('a method of what could not be typed is not worth a second error', () => {
  const text =
    'table t(k: int => v: lmax<int>); view w(k: int); w(k) :- t(k, v), v.merge({1}).has_value();';
  expect(codesOf(text)).toEqual(['TRL0312']);
});
