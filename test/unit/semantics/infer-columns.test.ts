import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { typeText } from '../../../src/semantics/relate-types.js';
import { checkFixture, checkText, codesOf, programOf } from '../../support/check-fixture.js';

/** `p(int, string)` for every relation of the program that is not built in. */
function columnTypes(text: string): Readonly<Record<string, string>> {
  const { relations } = programOf(text);
  const own = [...relations.values()].filter((relation) => relation.builtin === null);
  return Object.fromEntries(
    own.map(({ name, columns }) => [
      name,
      columns.map((column) => typeText(column.type)).join(', '),
    ]),
  );
}

function holds(fixture: string): void {
  const { actual, expected } = checkFixture(fixture);
  expect(actual).toEqual(expected);
}

describe('types of columns', () => {
  it('flow forward from facts and heads, through recursion', () => {
    expect(
      columnTypes(
        'link("a", "b", 1.5); path(x, y, c) :- link(x, y, c); path(x, z, c + d) :- path(x, y, c), link(y, z, d); n(x, count<*>) :- path(x, y, _);',
      ),
    ).toEqual({ link: 'string, string, float', path: 'string, string, float', n: 'string, int' });
  });

  it('flow backward to what nothing in the program fills', () => {
    expect(
      columnTypes('input put; table kv(k: string => v: float); kv(k, v) :- put(k, v);'),
    ).toMatchObject({ put: 'string, float' });
    expect(
      columnTypes(
        'input a; input b; input c; p(x) :- a(x, y, z), x < 5, y = z ++ "s"; q(x) :- b(x), c(x), p(x);',
      ),
    ).toMatchObject({ a: 'int, string, string', b: 'int', c: 'int', q: 'int' });
    expect(
      columnTypes('static deny; input ask(who: string); p(x) :- ask(x), notin deny(x, 3);'),
    ).toMatchObject({ deny: 'string, int' });
    expect(
      columnTypes(
        'input a; input b; table t(x: bool); t(y) :- a(x), y = x; p(x, z) :- b(x), t(x), a(z);',
      ),
    ).toMatchObject({ a: 'bool', b: 'bool', p: 'bool, bool' });
  });

  it('are any where nothing at all is said', () => {
    expect(columnTypes('input a; output o; o(x, y) :- a(x, y);')).toEqual({
      a: 'any, any',
      o: 'any, any',
    });
  });

  it('take string literals for addresses where addresses are asked for', () => {
    expect(
      columnTypes(
        'peer("a"); channel c(@to: addr, what: string); c(n, "x")@async :- peer(n), boot(_);',
      ),
    ).toMatchObject({ peer: 'addr' });
    expect(columnTypes('peer("a"); all(x) :- peer(x); p(x) :- all(x), cluster(x);')).toMatchObject({
      peer: 'addr',
      all: 'addr',
      p: 'addr',
    });
    expect(columnTypes('peer("a"); p(x) :- peer(x), x != "b";')).toEqual({
      peer: 'string',
      p: 'string',
    });
  });

  it('are composite', () => {
    expect(
      columnTypes(
        'p((1, "a"), [[1]], {true}, {"k": 2.5}); q(list<x>, set<x>) :- p((x, _), _, _, _);',
      ),
    ).toEqual({
      p: '(int, string), list<list<int>>, set<bool>, map<string, float>',
      q: 'list<int>, set<int>',
    });
    expect(columnTypes('p([]); p([1]); q([]);')).toEqual({ p: 'list<int>', q: 'list<any>' });
  });

  it('join nat and int, anything and any, null and anything', () => {
    expect(
      columnTypes(
        'table n(x: nat); table i(x: int); table a(x: any); p(x) :- n(x); q(x) :- n(x); q(x) :- i(x); r(x) :- i(x); r(x) :- a(x); s(null); s(1);',
      ),
    ).toMatchObject({ p: 'nat', q: 'int', r: 'any', s: 'any' });
    expect(columnTypes('table a(x: any); p(x) :- a(x), r(x); r(x) :- s(x); s(1);')).toMatchObject({
      p: 'int',
    });
    expect(columnTypes('table a(x: any); q(x) :- a(x), r(x); r(x) :- q(x); r(1);')).toMatchObject({
      q: 'int',
      r: 'int',
    });
  });

  it('in conflict name both places, and say nothing more about the column', () => {
    holds(`
size_of("a", 1);
size_of("b", 2.5);
             ^^^ TRL0309 the column \`c2\` of \`size_of\` is float here, but int elsewhere
p(x + 1) :- size_of(_, x);
`);
    const [conflict] = checkText('p(1);\np("x");').diagnostics;
    expect(conflict!.primary!.span.start).toBe(8);
    expect(conflict!.secondary![0]!.span.start).toBe(2);
    expect(codesOf('input a; p(x) :- a(x), x < 5; q(x) :- a(x), y = x ++ "s", y != "";')).toEqual([
      'TRL0309',
    ]);
  });

  it('without end are an error, not an endless check', () => {
    expect(codesOf('p([x]) :- p(x);')).toEqual(['TRL0316']);
    expect(codesOf('p((x, x, x, x)) :- q(x); q(x) :- p(x);')).toEqual(['TRL0316']);
  });

  it('do not depend on the order of statements', () => {
    const statements = [
      'input a;',
      'table n(x: nat);',
      'table any_t(x: any);',
      'p(x) :- a(x, _), n(x);',
      'p(x) :- q(x);',
      'q(x) :- any_t(x), r(x);',
      'r(x) :- p(x);',
      'r(3);',
      'link("x", "y");',
      'peer(n) :- link(n, _), cluster(n);',
      's(z) :- a(_, z), link(z, _);',
      't([y]) :- s(y);',
      't([]);',
    ];
    const sorted = (text: string): string =>
      Object.entries(columnTypes(text))
        .map(([name, types]) => `${name}: ${types}`)
        .sort()
        .join('; ');
    const expected = sorted(statements.join('\n'));
    fc.assert(
      fc.property(fc.shuffledSubarray(statements, { minLength: statements.length }), (shuffled) => {
        expect(sorted(shuffled.join('\n'))).toBe(expected);
      }),
      { numRuns: 60 },
    );
  });
});

describe('types of terms', () => {
  it('fit their columns', () => {
    holds(`
table kv(k: string => i: int, f: float, n: nat, a: addr);
input e(k: string, i: int, f: float, n: nat, a: addr);
kv(k, i, f, n, a) :- e(k, i, f, n, a);
kv(k, n, 1, i, "node") :- e(k, i, f, n, a);
kv(k, -1, -1, 0, a) :- e(k, i, f, n, a);
kv(k, f, i, -1, k) :- e(k, i, f, n, a);
      ^ TRL0310 the column \`i\` of \`kv\` is int, but this is float
         ^ TRL0310 the column \`f\` of \`kv\` is float, but this is int
            ^^ TRL0315 -1 is negative
                ^ TRL0310 the column \`a\` of \`kv\` is addr, but this is string
kv("k", 1, 2, -3, "a");
              ^^ TRL0315
kv(i, i, f, n, a) :- e(_, i, f, n, a), e(3, _, _, _, _), e(f, _, _, _, _);
   ^ TRL0310
                                         ^ TRL0310 the column \`k\` of \`e\` is string, so it never equals this int
                                                           ^ TRL0311 \`f\` is string here, but float
`);
  });

  it('convert int literals only: in facts, heads, bodies and beside floats', () => {
    const { facts, rules } = programOf(
      'table t(x: float, y: list<float>); t(1, [2, 3]); o(x) :- t(x, _), x > 1, x + 1 == 2.5, t(3, _), y = [x, 2], y != [];',
    );
    expect(facts[0]!.row).toEqual([
      { kind: 'float', value: 1 },
      {
        kind: 'list',
        items: [
          { kind: 'float', value: 2 },
          { kind: 'float', value: 3 },
        ],
      },
    ]);
    expect(
      JSON.stringify(rules[0], (key, value: unknown) =>
        key === 'span' || key === 'origin' ? undefined : value,
      ),
    ).not.toContain('"value":1,');
  });

  it('mix int and float in arithmetic and comparison', () => {
    expect(
      columnTypes('table t(i: int, f: float); p(i * f, i + 1, f / 2) :- t(i, f), i < f, i == 1.5;'),
    ).toMatchObject({ p: 'float, int, float' });
  });

  it('must be true or false in conditions, and of one type in branches and items', () => {
    holds(`
input e(i: int, s: string);
output o(x: int);
o(i) :- e(i, s), i;
                 ^ TRL0313
o(i) :- e(i, s), i > 0 && s;
                          ^ TRL0313
o(if s then 1 else 2) :- e(i, s);
     ^ TRL0313
o(if i > 0 then i else s) :- e(i, s);
                       ^ TRL0323
o(i) :- e(i, s), i in [i, s];
                          ^ TRL0323
o(i) :- e(i, s), x in s;
                      ^ TRL0320
o(i) :- e(i, s), (a, b) = i, a in [b];
                 ^^^^^^ TRL0314
`);
  });

  it('name the types that an operator does not take', () => {
    holds(`
input e(i: int, s: string, a: addr);
output o(x: string);
o(s + 1) :- e(i, s, a);
  ^^^^^ TRL0312 \`+\` does not take string and int
o(s ++ a ++ "!") :- e(i, s, a);
o(s) :- e(i, s, a), a == "x", s == a;
                              ^^^^^^ TRL0312 \`==\` does not take string and addr
o(s) :- e(i, s, a), size(s, i) > 0, s.siz() > 0, sze(s) > 0, s.range(2) == [1];
                    ^^^^ TRL0312 \`size\` takes 1 argument, not 2
                                      ^^^ TRL0202 there is no method \`siz\`
                                                 ^^^ TRL0202 there is no function \`sze\`
                                                               ^^^^^ TRL0202 \`range\` is a function but no method
o(to_string(null)) :- e(i, s, a), null == i;
`);
  });
});
