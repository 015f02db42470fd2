/** What programs with lattices mean. */
import { describe, expect, it } from 'vitest';
import { builtinFunctions } from '../../../src/builtins/functions.js';
import { set } from '../../../src/base/value.js';
import { createReferenceEvaluator } from '../../../src/reference/reference-evaluator.js';
import { contentAfterBoot, programOf, startNode, texts } from '../../support/reference-node.js';

const lset = (...items: number[]) => builtinFunctions.get('lset')!.evaluate(set(items));

describe('lattice columns', () => {
  it('merge tuples with equal keys, and leave others alone', () => {
    const node = startNode(
      'table t(k: string => lo: lmin<int>, hi: lmax<int>); input p(k: string, n: int); t(k, n, n) :- p(k, n);',
    );
    node.commit({
      p: [
        ['a', 3],
        ['a', 7],
        ['b', 5],
      ],
    });
    expect(node.query('t')).toEqual(['t("a", lmin(3), lmax(7))', 't("b", lmin(5), lmax(5))']);
    const commit = node.commit({ p: [['a', 4]] });
    expect(commit.stateChanged).toBe(false);
    node.commit({ p: [['a', 1]] });
    expect(node.query('t')).toEqual(['t("a", lmin(1), lmax(7))', 't("b", lmin(5), lmax(5))']);
  });
  it('merge at @next, beside what is stored, and among what arrives', () => {
    const node = startNode(`channel c(@to: addr => v: lset<int>); table t(k: int => v: lset<int>);
      t(1, v)@next :- c(_, v); t(1, {0}) :- boot(_); scratch size(n: int); size(v.size()) :- c(_, v);`);
    node.commit();
    node.commit({
      c: [
        ['n1', lset(1, 2)],
        ['n1', lset(2, 3)],
      ],
    });
    expect(node.query('size')).toEqual(['size(3)']);
    expect(node.query('t')).toEqual(['t(1, lset({0, 1, 2, 3}))']);
  });
  it('take several values of one key in one send, which the receiver merges', () => {
    const node = startNode(
      `channel c(@to: addr => v: lset<int>); input p(n: int); c(me, {n})@async :- p(n), self(me);`,
    );
    expect(texts(node.commit({ p: [[1], [2]] }).sends)).toEqual([
      'c("n1", lset({1}))',
      'c("n1", lset({2}))',
    ]);
  });
  it('conflict only where a plain column disagrees', () => {
    const node = startNode(
      'table t(k: int => name: string, v: lmax<int>); input p(s: string, n: int); t(1, s, n) :- p(s, n);',
    );
    node.commit({
      p: [
        ['a', 1],
        ['a', 2],
      ],
    });
    expect(node.query('t')).toEqual(['t(1, "a", lmax(2))']);
    expect(node.fail({ p: [['b', 9]] }).diagnostic.message).toContain('key conflict in t');
    expect(node.query('t')).toEqual(['t(1, "a", lmax(2))']);
  });
  it('delete by key and replace by upsert', () => {
    const node =
      startNode(`table t(k: string => v: lmax<int>); input p(k: string, n: int); input d(k: string); input u(k: string, n: int);
      t(k, n) :- p(k, n); delete t(k, _) :- d(k); upsert t(k, n) :- u(k, n);`);
    node.commit({
      p: [
        ['a', 9],
        ['b', 9],
      ],
    });
    node.commit({ d: [['a']], u: [['b', 2]] });
    expect(node.query('t')).toEqual(['t("b", lmax(2))']);
  });
  it('take plain values, sets and maps in place of theirs, and aggregates', () => {
    const content = contentAfterBoot(
      `e("a", 1); e("b", 2);
       table t(k: int => b: lbool, s: lset<string>, m: lmap<string, lmin<int>>, c: lvclock, p: (lbool, lmax<int>));
       t(1, n > 1, {x}, {x: n}, {"n1": n}, (true, n)) :- e(x, n);
       table a(k: int => n: lmax<int>, s: lset<string>); a(1, count<x>, set<x>) :- e(x, _);`,
      't',
      'a',
    );
    expect(content).toEqual([
      't(1, lbool(true), lset({"a", "b"}), lmap({"a": lmin(1), "b": lmin(2)}), lvclock({"n1": 2}), (lbool(true), lmax(2)))',
      'a(1, lmax(2), lset({"a", "b"}))',
    ]);
  });
});

describe('`lattice x`', () => {
  it('always holds exactly one tuple, at first its bottom', () => {
    const node = startNode(
      'lattice s: lset<int>; lattice m: lmax<int>; input p(n: int); s({n}) :- p(n); m(n)@next :- p(n); m(1) :- boot(_);',
    );
    node.commit();
    expect([...node.query('s'), ...node.query('m')]).toEqual(['s(lset({}))', 'm(lmax(1))']);
    node.commit({ p: [[5], [3]] });
    expect([...node.query('s'), ...node.query('m')]).toEqual(['s(lset({3, 5}))', 'm(lmax(5))']);
    node.commit({ p: [[5]] });
    expect(node.query('s')).toEqual(['s(lset({3, 5}))']);
  });
  it('survives a failing timestep as it was', () => {
    const node = startNode(
      'lattice s: lset<int>; input p(n: int); s({n}) :- p(n); scratch q(n: int); q(1 / n) :- p(n);',
    );
    node.commit({ p: [[1]] });
    node.fail({ p: [[2], [0]] });
    expect(node.query('s')).toEqual(['s(lset({1}))']);
  });
});

describe('recursion through lattice columns', () => {
  it('finds shortest paths in a cyclic graph and ends', () => {
    const content = contentAfterBoot(
      `link("a", "b", 1); link("b", "c", 2); link("c", "a", 3); link("a", "c", 9); link("c", "d", 1); link("d", "b", 0);
       table best(to: string => cost: lmin<int>);
       best("a", 0); best(y, c + w) :- best(x, c), link(x, y, w);`,
      'best',
    );
    expect(content).toEqual([
      'best("a", lmin(0))',
      'best("b", lmin(1))',
      'best("c", lmin(3))',
      'best("d", lmin(4))',
    ]);
  });
  it('joins two recursive atoms, and shows only the newest version behind', () => {
    const content = contentAfterBoot(
      `link("a", "b", 5); link("b", "c", 5); link("a", "c", 20); link("c", "a", 1);
       scratch d(x: string, y: string => cost: lmin<int>);
       d(x, y, c) :- link(x, y, c); d(x, z, c + e) :- d(x, y, c), d(y, z, e);
       scratch shown(x: string, y: string, c: int); shown(x, y, c) :- d(x, y, c), x == "a";`,
      'shown',
    );
    expect(content).toEqual(['shown("a", "a", 11)', 'shown("a", "b", 5)', 'shown("a", "c", 10)']);
  });
  it('guards by thresholds inside the recursion', () => {
    const content = contentAfterBoot(
      `knows(1, 2); knows(1, 3); knows(2, 3); knows(4, 1); knows(4, 2); knows(4, 3);
       lattice coming: lset<int>; coming({1, 2}); 
       coming({p}) :- friends(p, fs), fs.size() >= 2;
       scratch friends(p: int => who: lset<int>); friends(p, {q}) :- knows(p, q), coming(c), c.contains(q);`,
      'coming',
    );
    // 4 knows 1 and 2, who come; nobody else knows two.
    expect(content).toEqual(['coming(lset({1, 2, 4}))']);
  });
  it('feels the bound where values grow without end', () => {
    const node = startNode('lattice n: lmax<int>; n(0); n(v + 1) :- n(v);', { maxTuples: 500 });
    expect(node.fail().bound).toBe(true);
  });
});

describe('reveal', () => {
  const program = `lattice m: lmax<int>; input p(n: int); m(n) :- p(n); lattice s: lset<int>;
    scratch open(n: int); open(reveal(v)) :- m(v); scratch hidden(n: int); hidden(v) :- m(v);
    scratch one(x: int); one(1) :- m(v), v != 5; scratch sum(n: int); sum(max<v>) :- m(v);
    scratch empty(s: set<int>); empty(v) :- s(v);`;
  it('yields no tuple for a bottom without a plain value, and no error', () => {
    expect(contentAfterBoot(program, 'open', 'hidden', 'one', 'sum', 'empty')).toEqual([
      'empty({})',
    ]);
  });
  it('is implied by plain columns, comparisons and aggregates', () => {
    const node = startNode(program);
    node.commit({ p: [[4], [2]] });
    expect(['open', 'hidden', 'one', 'sum'].flatMap(node.query)).toEqual([
      'open(4)',
      'hidden(4)',
      'one(1)',
      'sum(4)',
    ]);
  });
  it('compares in bodies: constants, joins and negations', () => {
    const content = contentAfterBoot(
      `e("a", 1); e("b", 2); want(2); table t(k: string => v: lmin<int>); t(k, n) :- e(k, n); t("c", 2);
       scratch two(k: string); two(k) :- t(k, 2);
       scratch joined(k: string, n: int); joined(k, n) :- t(k, n), want(n);
       scratch same(a: string, b: string); same(a, b) :- t(a, v), t(b, v), a != b;
       scratch not(k: string); not(k) :- e(k, n), notin t(k, 2);
       scratch nokey(k: string); nokey(k) :- e(k, _), notin t(k, _);`,
      'two',
      'joined',
      'same',
      'not',
      'nokey',
    );
    expect(content).toEqual([
      'two("b")',
      'two("c")',
      'joined("b", 2)',
      'joined("c", 2)',
      'same("b", "c")',
      'same("c", "b")',
      'not("a")',
    ]);
  });
});

describe('elements', () => {
  it('come one by one out of sets and maps, values of maps as lattice values', () => {
    const content = contentAfterBoot(
      `lattice s: lset<int>; s({1, 2}); lattice m: lmap<string, lset<int>>; m({"a": {1}}); m({"a": {2}, "b": {3}});
       scratch x(n: int); x(n) :- s(v), n in v; scratch y(k: string, n: int); y(k, n) :- m(v), (k, vs) in v, vs.size() >= 2, n in vs;
       scratch z(n: int); z(n) :- m(v), n in v.at("b"); scratch none(n: int); none(n) :- m(v), n in v.at("zz");
       lattice b: lbag<string>; b({"q": 2}); scratch w(k: string, n: int); w(k, n) :- b(v), (k, n) in v;`,
      'x',
      'y',
      'z',
      'none',
      'w',
    );
    expect(content).toEqual(['x(1)', 'x(2)', 'y("a", 1)', 'y("a", 2)', 'z(3)', 'w("q", 2)']);
  });
});

describe('a value that grows', () => {
  it('is joined with itself as it is, and not with all that it has been', () => {
    const program = programOf(
      'input go(); lattice top: lmax<int>; top(1) :- go(); top(v + 1) :- top(v), top(w), w.above(0);',
    );
    // The host is asked after so many literals that hold, and so many rows passed over.
    let questions = 0;
    const bounds = { maxTuples: 200, checkpoint: () => (questions++, null) };
    const identity = { name: 'n1', cluster: ['n1'], facts: [] };
    const evaluator = createReferenceEvaluator(program, identity, bounds);
    const input = { events: [], nextTuples: [], nowMs: 0, boot: null };
    evaluator.timestep({ ...input, boot: { first: true } });
    const result = evaluator.timestep({ ...input, events: [{ relation: 'go', rows: [[]] }] });
    expect(result).toMatchObject({ kind: 'failure', bound: true });
    expect(questions).toBeLessThan(40);
  });
});
