/** Programs and inputs at the edges: both evaluators do the same, and it is what it should be. */
import { describe, expect, it } from 'vitest';
import { float, type Row, type Value } from '../../../src/base/value.js';
import { compareEvaluators, type ComparedStep } from '../../support/compare-evaluators.js';
import { programOf, startNode } from '../../support/reference-node.js';

const many = 1_000_000;
const same = (text: string, steps: readonly ComparedStep[] = [{ events: {} }]): void =>
  expect(compareEvaluators(programOf(text), steps, many)).toBeNull();

const names = Array.from({ length: 200 }, (_, i) => `c${i}`);
const columns = names.map((name) => `${name}: int`).join(', ');

describe('arity', () => {
  it('0: a relation holds one tuple or none', () => {
    const text = `input go(); table on(); scratch off(); on() :- go(); off() :- notin on(), boot(_);
      delete on() :- off_now(); input off_now(); view shown(n: int); shown(count<*>) :- on();`;
    same(text, [
      { events: {} },
      { events: { go: [[]] } },
      { events: { off_now: [[]] } },
      { events: {}, boot: true },
    ]);
  });
  it('200: joins, keys, a lattice at the end', () => {
    const shifted = [...names.slice(1), names[0]!].join(', ');
    const text = `input wide(${columns}); table kept(${columns}); kept(${names.join(', ')}) :- wide(${names.join(', ')});
      kept(${shifted}) :- kept(${names.join(', ')}), c0 > 190;
      table merged(${columns.slice(0, columns.lastIndexOf(','))} => last: lmax<int>);
      merged(${names.join(', ')}) :- kept(${names.join(', ')});
      view first(x: int, n: int); first(x, reveal(m)) :- merged(c0: x, last: m);`;
    const row = (offset: number): Row => names.map((_, i) => (i * 7 + offset) % 200);
    same(text, [
      { events: { wide: [row(0), row(3)] } },
      { events: { wide: [row(0), row(191)] }, twice: true },
    ]);
  });
});

describe('values', () => {
  const odd: readonly Value[] = [
    float(Number.NaN),
    float(-0),
    float(0),
    0,
    1,
    float(1),
    '\u0000',
    'a\u0000b',
    '\ud800',
    '\udc00\ud800',
    '\ud800\udc00',
    '',
    null,
    true,
    2 ** 53 - 1,
    -(2 ** 53) + 1,
  ];
  it('NaN is itself, -0 is 0, strings are their code units: in joins, keys, sets and lattices', () => {
    const text = `input in_(x: any, y: any); table t(x: any => n: lmax<any>, all: lset<any>); t(x, y, {x, y}) :- in_(x, y);
      scratch met(x: any); met(x) :- in_(x, y), in_(y, x);
      table least(k: int => v: lmin<any>); least(1, x) :- in_(x, _);
      view shown(x: any, n: any, all: set<any>); shown(x, n, all) :- t(x, n, all);
      view lowest(v: any); lowest(v) :- least(_, v);
      view groups(x: any, n: int); groups(x, count<y>) :- in_(x, y);`;
    const rows = odd.flatMap((x, i) => [
      [x, odd[(i * 5 + 3) % odd.length]!],
      [x, x],
    ]);
    same(text, [
      { events: { in_: rows.slice(0, 9) } },
      { events: { in_: rows } },
      { events: { in_: rows.toReversed() }, twice: true },
    ]);
  });
  it('columns of type any mix all types, also as keys', () => {
    same(
      `input put(k: any, v: any); table kv(k: any => v: any); upsert kv(k, v) :- put(k, v);
       view same_as_key(k: any); same_as_key(k) :- kv(k, k); view n(n: int); n(count<k>) :- kv(k, _);`,
      [
        { events: { put: odd.map((x) => [x, x]) } },
        { events: { put: odd.map((x, i) => [x, odd[i - 1] ?? 1]) } },
        { events: {} },
      ],
    );
  });
});

describe('ints at the edges', () => {
  it('an overflow in a recursive rule fails the timestep, and nothing of it stays', () => {
    const node = startNode(
      'input n(x: int); table t(x: int); t(x) :- n(x); t(x * 2) :- t(x), x > 0;',
    );
    node.commit({ n: [[-1]] });
    expect(node.fail({ n: [[3]] }).diagnostic.code).toBe('TRL0802');
    expect(node.query('t')).toEqual(['t(-1)']);
  });
  it('2^31, 2^53 - 1 and their neighbours are told apart', () => {
    const edges = [
      2 ** 31 - 1,
      2 ** 31,
      2 ** 31 + 1,
      -1,
      -2,
      -(2 ** 31),
      -(2 ** 31) - 1,
      2 ** 53 - 1,
      -(2 ** 53) + 1,
    ];
    same(
      `input n(x: int); scratch near(x: int, y: int); near(x, y) :- n(x), n(z), y = z - 1, x <= y;
       scratch least(k: int => lo: lmin<int>, hi: lmax<int>); least(1, x, x) :- n(x); least(k, lo, hi) :- least(k, lo, hi);
       view range(lo: int, hi: int); range(lo, hi) :- least(_, lo, hi); view same(x: int); same(x) :- near(x, x);`,
      [
        { events: { n: edges.slice(0, 4).map((x) => [x]) } },
        { events: { n: edges.slice(0, 8).map((x) => [x]) } },
        { events: { n: edges.map((x) => [x]) } },
      ],
    );
  });
  it('a lattice value that overflows without end is found to', () => {
    same('lattice top: lmax<int>; top(9007199254740000) :- boot(_); top(v + 1) :- top(v);');
  });
  it('a lattice value that grows without end is stopped', () => {
    const node = startNode(
      'lattice top: lmax<int>; input go(); top(1) :- go(); top(v + 1) :- top(v);',
      { maxTuples: 500 },
    );
    node.commit();
    const { diagnostic, bound } = node.fail({ go: [[]] });
    expect([diagnostic.code, bound]).toEqual(['TRL0808', true]);
    expect(diagnostic.message).toContain(
      'lattice values grew more often than the bound of 500 new tuples allows: top grew',
    );
    expect(node.query('top')).toEqual(['top(lmax())']);
  });
});

describe('a fixpoint of many rounds', () => {
  it('of tuples: 100,000', () => {
    same(
      'scratch n(x: int); n(0); n(x + 1) :- n(x), x < 100000; view top(x: int); top(max<x>) :- n(x);',
    );
  });
  it('of a lattice along a chain: 20,000, then a shorter way', () => {
    same(
      `static link(x: int, y: int, w: int); static n(x: int); n(0); n(x + 1) :- n(x), x < 20000;
       link(x, x + 1, 2) :- n(x); table best(x: int => c: lmin<int>); best(0, 0); best(y, c + w) :- best(x, c), link(x, y, w);
       input jump(x: int, c: int); best(x, c) :- jump(x, c); view last(c: int); last(c) :- best(20000, c);`,
      [{ events: {} }, { events: { jump: [[15000, 1]] } }],
    );
  });
});

it('large facts of three columns are read by their layout, by every column', () => {
  const facts = Array.from({ length: 700 }, (_, i): readonly number[] => [
    i % 40,
    (i * 13) % 41,
    i % 9,
  ]);
  const text = `static link(x: int, y: int, w: int); input from(x: int); table best(y: int => c: lmin<int>);
    best(x, 0) :- from(x); best(y, c + w) :- best(x, c), link(x, y, w), w > 0;
    scratch back(x: int, y: int); back(x, y) :- from(y), link(x, y, _); back(x, z) :- back(y, z), link(x, y, 3);
    scratch loop(x: int, w: int); loop(x, w) :- from(w), link(x, x, w);
    view shown(y: int, c: int); shown(y, c) :- best(y, c); view sources(n: int); sources(count<x>) :- back(x, _);
    view loops(n: int); loops(count<x>) :- loop(x, _);`;
  const stated = facts.map((row) => `link(${row.join(', ')});`).join(' ');
  same(`${text} ${stated}`, [
    { events: { from: [[1]] } },
    { events: { from: [[3], [39]] }, twice: true },
    { events: {}, boot: true },
    { events: { from: [[0]] } },
  ]);
});
