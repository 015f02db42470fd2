import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codeTable } from '../../../src/diagnostics/code-table.js';
import type { Program } from '../../../src/semantics/program.js';
import { printed, programOf } from '../../support/check-fixture.js';

/** Everything of a program but places, ids and whether declarations were written. */
function essence(program: Program): unknown {
  const dropped = new Set(['span', 'id', 'declared', 'origin']);
  const plain = { ...program, relations: [...program.relations.values()] };
  return JSON.parse(
    JSON.stringify(plain, (key, value: unknown) =>
      dropped.has(key) ? undefined : Object.is(value, -0) ? '-0' : value,
    ),
  );
}

function holds(text: string): void {
  const program = programOf(text);
  const text2 = printed(program);
  expect(essence(programOf(text2)), text2).toEqual(essence(program));
}

const programs: Readonly<Record<string, string>> = {
  nothing: '',
  'every kind': `
    /// A table.
    table t(@n: addr, k: int => v: float); scratch s(x: any); static st(x: bytes); input i(x: (int, list<string>)); output o(x: map<string, set<int>>);
    view w(x: bool, y: nat); channel c(@to: addr, x: int); loopback l(x: string); periodic p(250ms); input empty();
    t(n, k, 1)@next :- self(n), p(k, _); upsert t(n, k, v) :- t(n, k, v), empty(); delete t(n, _, v) :- t(n, _, v), v < -1.5;
    c(n, 1)@async :- cluster(n), boot(_); l("x")@async :- p(_, at), now(at); s(x) :- c(_, x); s(x) :- st(x); o({"a": {1, 2}}) :- boot(first), first;
    w(true, 0)@next :- boot(true); stdout(l) :- l(l); stderr(x) :- stdin(x); halt(3) :- stdin("stop");`,
  'inferred relations':
    'link("a", "b"); link("b", "c"); path(x, y) :- link(x, y); path(x, z) :- path(x, y), link(y, z); ends(x) :- path(x, _), notin path(_, x);',
  values: `p(-3, -0.0, 1.5e300, "q\\"\\n\\u0000", null, true, [], {}, {:}, (1,), ());
    q(nan(), infinity(), -infinity(), bytes("00ff"), -9007199254740991, [(1, {2.5})], {"k": [1]}, 2m, 0xff);
    r(x) :- q(y, _, _, _, x, _, _, _, _), x > -1, y != -2.5, y != nan(), -x < 3, - -x == x, [x] != [-1];`,
  params:
    'param a: float = 2; param b = [1, -2]; param c = "x"; const d = {a: b}; p(a, b, c, d); q(x) :- p(_, x, _, _), x != b;',
  'labels and shared bodies': `input e(x: int); table t(x: int); 
    one: a(x), t(x), b(x + 1)@next :- e(x), x > 1 | e(y), x = y * 2;
    a(x), t(x) :- e(x); a(x) :- e(x); two: f(1), f(2); f(3), g(4); f(5);`,
  aggregates:
    'table t(k: int, g: string => v: float); a(g, count<*>, sum<v>, count_distinct<v>, min<k * 2>, max<v>, list<k>, set<g>, argmin<v, k>, argmax<v, (k, g)>) :- t(k, g, v); (b): x(count<k>) :- t(k, _, _);'.replace(
      '(b)',
      'b',
    ),
  'made-up names':
    'input p(x: (int, (int, string)), y: int); o(a, b) :- p((a, (_, b)), a + 1), notin p((a, (a, b)), a - 1), (a, c) notin [(1, 2)], c = a; q(count<*>) :- p((_, x), _);',
  operators: `input e(i: int, f: float, s: string, b: bool, xs: list<int>, m: map<int, string>);
    o(if b then i else -i, (i + 1) * 2 - (3 - i) / i % 2, f * i, s ++ "x" ++ s, xs ++ [i]) :- e(i, f, s, b, xs, m), !(i < 3 && b) || f >= 1, !b, b == (i > 2),
      j in xs, (k, v) in m, j notin [k, 2], v.size() > size(xs.reverse()), contains(s, "y"), !contains(s, "z"), [h, _] = xs, h = k, (min < j) == true, min = 3;
    u(x) :- e(i, _, _, _, _, _), x = if i > 0 then [i] else [];`,
  'awkward names':
    'table order(next: int => view: int); input count(min: int); order(count, delete)@next :- count(count), delete = count; input(x) :- order(x, _); view v(x: int); v(upsert) :- input(upsert);',
  lattices: `table best(k: string => c: lmin<int>); input i(k: string, n: int); best(k, n) :- i(k, n); lattice x: lset<int>; x({1, n}) :- i(_, n);
    table w(k: int => m: lmap<string, lset<int>>, d: ldom<lvclock, lmax<int>>, p: (lbool, lmax<float>));
    w(1, {"a": {1}}, ldom(lvclock({"n": 1}), lmax(2)), (true, 1)); w(2, lmap(), ldom(), (false, lmax()));
    view out(n: int); out(n) :- w(_, m, d, (b, f)), b, f >= 0.5, n in m.at("a"), d.version().sum() > 0;
    view two(k: string); two(k) :- best(k, 2), notin best(k, 3), x(v), v.contains(1).and(v.overlaps(v)), best("q", c), best(_, c);`,
  'a relation named like a function': 'size(1); p(x) :- size(x), notin size(2);',
};

describe('a printed program', () => {
  it.each(Object.entries(programs))('parses and checks to the same program: %s', (_, text) =>
    holds(text),
  );

  it.each(
    codeTable
      .filter(({ right, dialect }) => right !== null && dialect === undefined)
      .map(({ code, right }) => [code, right!]),
  )('parses and checks to the same program: right program of %s', (_, text) => holds(text));

  it('of a printed program is the same text', () => {
    for (const text of Object.values(programs)) {
      const once = printed(programOf(text));
      expect(printed(programOf(once))).toBe(once);
    }
  });

  it('declares inferred relations and keeps what is observable', () => {
    const program = programOf(programs['inferred relations']!);
    const again = programOf(printed(program));
    expect(program.relations.get('path')!.declared).toBe(false);
    expect(again.relations.get('path')!.declared).toBe(true);
    expect(again.observables).toEqual(['ends']);
    expect(again.relations.get('ends')!.observable).toBe('view');
  });

  it('keeps params that were set', () => {
    const program = programOf('param n = 1; p(n);', { params: new Map([['n', 7]]) });
    expect(programOf(printed(program))).toMatchObject({
      params: [{ name: 'n', value: 7 }],
      facts: [{ row: [7] }],
    });
  });

  it('keeps random terms', () => {
    const leaf = fc.constantFrom('x', 'y', '0', '-1', '7', 'size("a")');
    const { term } = fc.letrec<{ term: string }>((tie) => ({
      term: fc.oneof(
        { maxDepth: 5 },
        leaf,
        fc
          .tuple(tie('term'), fc.constantFrom('+', '-', '*'), tie('term'))
          .map(([a, op, b]) => `(${a} ${op} ${b})`),
        tie('term').map((a) => `-(${a})`),
        fc
          .tuple(tie('term'), tie('term'), tie('term'))
          .map(([a, b, c]) => `(if ${a} < ${b} && !(${b} == ${c}) then ${a} else ${c})`),
        fc.tuple(tie('term'), tie('term')).map(([a, b]) => `size([${a}, ${b}])`),
      ),
    }));
    fc.assert(
      fc.property(term, (text) =>
        holds(`input e(x: int, y: int); o(${text}) :- e(x, y), e(y, ${text}), ${text} > 3;`),
      ),
      { numRuns: 150 },
    );
  });
});
