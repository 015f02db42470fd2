/** Rules over cluster-wide relations that would end otherwise than on one machine, and where they are told. */
import { describe, expect, it } from 'vitest';
import { compileText } from '../../support/compile-text.js';

const declared = `table most(a: int => c: lmax<int>) partition by (a);
table best(a: int => c: lmin<int>) partition by (a);
table link(a: int, b: int) partition by (a);
static town(a: int) partition by (a);
static zone(a: int) partition by (a);
input add(a: int, c: int);
most(a, c) :- add(a, c);
best(a, c) :- add(a, c);
link(a, b) :- add(a, b);
view one(a: int);
view two(a: int, b: int);
`;

/** What is told of rules: each code with the text at its place. */
function refusalsOf(rules: string): readonly string[] {
  const text = `${declared}${rules}\n`;
  return compileText(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ code, primary }) => {
      const { start = 0, end = 0 } = primary?.span ?? {};
      return `${code} ${text.slice(start, end)}`;
    });
}

describe('a value that is revealed', () => {
  it.each<[string, string, readonly string[]]>([
    ['below a bound', 'one(count<a>) :- most(a, c), c < 5;', ['TRL0620 most(a, c)']],
    ['compared', 'one(count<a>) :- most(a, c), c == 2;', ['TRL0620 most(a, c)']],
    ['computed with', 'one(max<c>) :- best(a, d), c = reveal(d);', ['TRL0620 best(a, d)']],
    ['not at all: it grows on its way', 'one(count<a>) :- most(a, c), c >= 5;', []],
    ['where it is', 'two(a, count<b>) :- most(a, c), link(a, b), c < 5;', []],
  ])('and gathered elsewhere: %s', (_, rules, expected) => {
    expect(refusalsOf(rules)).toEqual(expected);
  });
});

describe('what may fail', () => {
  it.each<[string, string, readonly string[]]>([
    ['one', 'two(a, b) :- link(a, b), notin town(a / b), notin zone(b);', []],
    [
      'two of them',
      'two(a, b) :- link(a, b), notin town(a / b), notin zone(b / a);',
      ['TRL0620 notin town(a / b)'],
    ],
  ])('and says where to look for what is ruled out: %s', (_, rules, expected) => {
    expect(refusalsOf(rules)).toEqual(expected);
  });
});

describe('deleting', () => {
  it.each<[string, string, readonly string[]]>([
    ['without a key', 'table q(x: int); q(b) :- link(_, b);', ['TRL0622 delete q(x)']],
    ['by its key', 'table q(x: int => y: int); q(b, a) :- link(a, b);', []],
    ['by its columns', 'table q(x: int) partition by (x); q(b) :- link(_, b);', []],
  ])('from what is derived: %s', (_, rules, expected) => {
    const deletion = rules.includes('=>') ? 'delete q(x, _)' : 'delete q(x)';
    expect(refusalsOf(`${rules} ${deletion} :- add(x, _);`)).toEqual(expected);
  });
});
