/** Deductive rules: joins, negation, expressions, recursion, aggregates. */
import { describe, expect, it } from 'vitest';
import { contentAfterBoot, startNode } from '../../support/reference-node.js';

const links = 'link("a", "b"); link("b", "c"); link("c", "a"); link("c", "d");';

describe('bodies', () => {
  it('joins on shared variables and constants', () => {
    expect(
      contentAfterBoot(
        `${links} two(x, z) :- link(x, y), link(y, z); from_c(y) :- link("c", y);`,
        'two',
        'from_c',
      ),
    ).toEqual([
      'two("a", "c")',
      'two("b", "a")',
      'two("b", "d")',
      'two("c", "b")',
      'from_c("a")',
      'from_c("d")',
    ]);
  });

  it('matches a variable that an atom repeats', () => {
    expect(contentAfterBoot('e(1, 1); e(1, 2); e(3, 3); loop(x) :- e(x, x);', 'loop')).toEqual([
      'loop(1)',
      'loop(3)',
    ]);
  });

  it('negates over bound variables, with wildcards existential', () => {
    expect(contentAfterBoot(`${links} sink(y) :- link(_, y), notin link(y, _);`, 'sink')).toEqual([
      'sink("d")',
    ]);
  });

  it('negates a whole relation', () => {
    const text =
      'scratch none(x: int); p(1); a(x) :- p(x), notin none(_); b(x) :- p(x), notin p(_);';
    expect(contentAfterBoot(text, 'a', 'b')).toEqual(['a(1)']);
  });

  it('binds, tests and takes apart', () => {
    const text = `
      p((1, "x")); p((2, "y"));
      q(a, b) :- p((a, b)), a > 1;
      r(a + 1) :- p(t), (a, _) = t;
      s(x) :- p((x, _)), x = 2;
      l([1, 2]); l([3]); l([]);
      two(a, b) :- l([a, b]);
      one(a) :- l([a]);
    `;
    expect(contentAfterBoot(text, 'q', 'r', 's', 'two', 'one')).toEqual([
      'q(2, "y")',
      'r(2)',
      'r(3)',
      's(2)',
      'two(1, 2)',
      'one(3)',
    ]);
  });

  it('walks members of lists, sets and maps', () => {
    const text = `
      c([3, 1, 3], {"a"}, {"k": 1, "l": 2});
      xs(x) :- c(l, _, _), x in l;
      kv(k, v) :- c(_, _, m), (k, v) in m;
      outside(x) :- x in [1, 2, 3, 4], c(l, _, _), x notin l;
    `;
    expect(contentAfterBoot(text, 'xs', 'kv', 'outside')).toEqual([
      'xs(1)',
      'xs(3)',
      'kv("k", 1)',
      'kv("l", 2)',
      'outside(2)',
      'outside(4)',
    ]);
  });

  it('takes the union of alternatives', () => {
    expect(contentAfterBoot('p(1); q(2); q(3); r(x) :- p(x) | q(x), x > 2;', 'r')).toEqual([
      'r(1)',
      'r(3)',
    ]);
  });

  it('evaluates only the branch taken', () => {
    const text =
      'p(0); p(2); r(x, if x == 0 then 0 else 10 / x) :- p(x); s(x) :- p(x), x != 0 && 10 / x > 1; t(x) :- p(x), x == 0 || 10 / x > 100;';
    expect(contentAfterBoot(text, 'r', 's', 't')).toEqual(['r(0, 0)', 'r(2, 5)', 's(2)', 't(0)']);
  });

  it('tells 1 from 1.0 but finds them equal', () => {
    const text =
      'scratch i(x: int); scratch f(x: float); i(1); i(2); f(1.0); eq(x, y) :- i(x), f(y), x == y;';
    expect(contentAfterBoot(text, 'eq')).toEqual(['eq(1, 1.0)']);
  });

  it('compares null with itself', () => {
    const text = 'scratch p(x: any); p(null); p(1); r(x) :- p(x), x == null;';
    expect(contentAfterBoot(text, 'r')).toEqual(['r(null)']);
  });
});

describe('recursion', () => {
  it('closes over cycles', () => {
    const text = `${links} reach(x, y) :- link(x, y); reach(x, z) :- link(x, y), reach(y, z);`;
    expect(contentAfterBoot(text, 'reach')).toHaveLength(12);
  });

  it.each([
    ['left-linear', 'p(x, z) :- p(x, y), e(y, z);'],
    ['right-linear', 'p(x, z) :- e(x, y), p(y, z);'],
    ['non-linear', 'p(x, z) :- p(x, y), p(y, z);'],
    ['with a constant', 'p(x, z) :- p(x, y), e(y, z), x >= 0; p(0, 0) :- p(0, _);'],
  ])('gives the same closure written %s', (_, rule) => {
    const facts = Array.from({ length: 12 }, (__, i) => `e(${i}, ${i + 1});`).join(' ');
    const node = startNode(`${facts} p(x, y) :- e(x, y); ${rule}`);
    node.commit();
    const pairs = node.evaluator.query('p').filter(([a, b]) => a !== b);
    expect(pairs).toHaveLength((13 * 12) / 2);
  });

  it('runs through several relations and negates afterwards', () => {
    const text = `
      n(0);
      even(0);
      odd(x + 1) :- even(x), x < 20;
      even(x + 1) :- odd(x), x < 20;
      neither(x) :- x in range(0, 25), notin even(x), notin odd(x);
    `;
    expect(contentAfterBoot(text, 'neither')).toEqual([
      'neither(21)',
      'neither(22)',
      'neither(23)',
      'neither(24)',
    ]);
  });

  it('walks a long chain quickly', () => {
    const node = startNode('n(0); n(x + 1) :- n(x), x < 300000;');
    node.commit();
    expect(node.evaluator.query('n')).toHaveLength(300_001);
  });

  it('walks a long chain through two relations quickly', () => {
    const node = startNode('a(0); b(x + 1) :- a(x), x < 100000; a(x + 1) :- b(x);');
    node.commit();
    expect(node.evaluator.query('b')).toHaveLength(50_000);
  });
});

describe('aggregates', () => {
  const sales = 'sale("tea", 1, 3); sale("tea", 2, 3); sale("jam", 3, 5);';

  it('group by the plain head terms', () => {
    const text = `${sales} total(i, sum<c>, count<*>, min<n>, max<n>) :- sale(i, n, c);`;
    expect(contentAfterBoot(text, 'total')).toEqual([
      'total("jam", 5, 1, 3, 3)',
      'total("tea", 6, 2, 1, 2)',
    ]);
  });

  it('range over distinct bindings of the named variables', () => {
    const text = `${sales} named(sum<c>) :- sale(i, n, c); hidden(sum<c>) :- sale(i, _, c); left_out(count<*>) :- sale(column3: c);`;
    const hidden = text.replace('sale(column3: c)', 'sale(_, _, c)');
    expect(contentAfterBoot(hidden, 'named', 'hidden', 'left_out')).toEqual([
      'named(11)',
      'hidden(8)',
      'left_out(2)',
    ]);
  });

  it('do not count what a pattern leaves out', () => {
    const text =
      'p((1, "a")); p((1, "b")); p((2, "a")); n(count<*>) :- p((x, _)); m(count<*>) :- p((x, y));';
    expect(contentAfterBoot(text, 'n', 'm')).toEqual(['n(2)', 'm(3)']);
  });

  it('take the union over alternatives, of the variables that all bind', () => {
    const text =
      'p(1); p(2); q(2, "x"); q(3, "y"); q(3, "z"); n(count<*>, sum<x>) :- p(x) | q(x, y);';
    expect(contentAfterBoot(text, 'n')).toEqual(['n(3, 6)']);
  });

  it('give no tuple without a binding', () => {
    expect(contentAfterBoot('scratch p(x: int); n(count<*>) :- p(x);', 'n')).toEqual([]);
  });

  it('aggregate rule by rule', () => {
    expect(
      contentAfterBoot('p(1); p(2); q(9); m(max<x>) :- p(x); m(max<x>) :- q(x);', 'm'),
    ).toEqual(['m(2)', 'm(9)']);
  });

  it('choose and collect', () => {
    const text = `${sales} best(argmin<c, i>, argmax<c, i>) :- sale(i, _, c); all(list<c>, set<i>, count_distinct<c>) :- sale(i, n, c);`;
    expect(contentAfterBoot(text, 'best', 'all')).toEqual([
      'best("tea", "jam")',
      'all([3, 3, 5], {"jam", "tea"}, 2)',
    ]);
  });

  it('aggregate over expressions', () => {
    expect(contentAfterBoot(`${sales} worth(sum<n * c + 1>) :- sale(_, n, c);`, 'worth')).toEqual([
      'worth(27)',
    ]);
  });

  it('judge the overflow of a sum on the total', () => {
    const text = 'v("a", 9007199254740991); v("b", 5); v("c", -10); t(sum<x>) :- v(_k, x);';
    expect(contentAfterBoot(text, 't')).toEqual(['t(9007199254740986)']);
    const over = startNode('v("a", 9007199254740991); v("b", 5); t(sum<x>) :- v(k, x);').fail();
    expect(over.diagnostic.code).toBe('TRL0802');
  });
});
