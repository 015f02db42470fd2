/**
 * Barriers on simulated nodes: what waits shows consistent cuts and nothing else, what need not wait
 * waits for nobody, and where a node is gone nothing wrong is shown.
 */
import { describe, expect, it } from 'vitest';
import { simulationSubject } from '../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import type { Row } from '../../src/base/value.js';
import { explore } from '../../src/simulator/explore.js';
import type { Exploration } from '../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import { compileSound } from '../support/compile-text.js';

const nodes = ['a', 'b', 'c'];

interface Input {
  readonly node: string;
  readonly relation: string;
  readonly row: Row;
  readonly atMs: number | null;
}

function runs(text: string, inputs: readonly Input[], count: number): Exploration {
  const compiled = compileSound(text, { coordinate: 'auto' });
  const subject = simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }),
    nodes,
    workload: { facts: [], inputs },
  });
  const options = { ...defaultSimulationOptions, duplicate: 0.2, maxTimesteps: 20_000 };
  return explore(subject, { ...options, firstSeed: 1, runs: count });
}

/** Every tuple that any run has ever released, without the node. */
function everOf({ outcomes }: Exploration, relation: string): readonly string[] {
  const rows = outcomes.flatMap(({ outcome }) => outcome.ever.get(relation) ?? []);
  return [...new Set(rows.map((row) => JSON.stringify(row.slice(1))))].sort();
}

const site = `table link(from: string, to: string) partition by (from);
table page(name: string) partition by (name);
table reached(name: string) partition by (name);
link("/", "/docs"); link("/docs", "/"); link("/old", "/docs"); link("/old", "/map");
page(a) :- link(a, _);
page(b) :- link(_, b);
reached("/");
reached(b) :- reached(a), link(a, b);
output clickable(name: string);
clickable(p) :- reached(p);
`;
const lost = `output lost(name: string);
lost(p) :- page(p), notin reached(p);
`;

describe('a rule that waits', () => {
  it('shows one outcome where all is there from the start', () => {
    const explored = runs(site + lost, [], 20);
    expect(explored.outcomes).toHaveLength(1);
    expect(everOf(explored, 'lost')).toEqual(['["/map"]', '["/old"]']);
    expect(explored.coordinationMessages).toBeGreaterThan(0);
  });

  /** Each transfer takes from one account what it gives to another, which is elsewhere. */
  const transfers = (show: string): string => `input move(id: int, a: int, b: int, n: int);
table delta(account: int, id: int, n: int) partition by (account);
delta(a, i, 0 - n) :- move(i, a, _, n);
delta(b, i, n) :- move(i, _, b, n);
${show} books(total: int);
books(sum<n>) :- delta(a, i, n);
`;
  const moves = [1, 2, 3, 4, 5, 6].map((i): Input => ({
    node: nodes[i % 3]!,
    relation: 'move',
    row: [i, i, i + 7, 10 * i],
    atMs: 40 * i,
  }));

  it('never sees one half of what an input led to', () => {
    expect(everOf(runs(transfers('output'), moves, 20), 'books')).toEqual(['[0]']);
  });

  it('would see it if it did not wait', () => {
    const peeked = runs(transfers('view'), moves, 20);
    const shown = peeked.outcomes.flatMap(({ outcome }) => outcome.ever.get('books') ?? []);
    expect(shown.some(([, total]) => total !== 0)).toBe(true);
    expect(peeked.coordinationMessages).toBe(0);
  });

  it('takes what comes in several epochs', () => {
    const text = `input put(x: int);
table seen(x: int) partition by (x);
seen(x) :- put(x);
output total(n: int);
total(count<x>) :- seen(x);
`;
    const puts = [1, 2, 3].map((x): Input => ({
      node: nodes[x - 1]!,
      relation: 'put',
      row: [x],
      atMs: 1500 * x,
    }));
    // So far apart that each is an epoch of its own.
    expect(everOf(runs(text, puts, 10), 'total')).toEqual(['[1]', '[2]', '[3]']);
  });

  it('deletes again what comes again', () => {
    const text = `input put(a: int, n: int);
table e(a: int) partition by (a);
table good(a: int) partition by (a);
view shown(a: int);
e(a) :- put(a, _);
good(7);
delete e(a) :- e(a), notin good(a);
shown(a) :- e(a);
`;
    const puts = [1, 2, 3, 4, 5, 6].map((n): Input => ({
      node: nodes[n % 3]!,
      relation: 'put',
      row: [1, n],
      atMs: 400 + 30 * n,
    }));
    for (const { outcome } of runs(text, puts, 12).outcomes)
      expect(outcome.final.get('shown') ?? []).toEqual([]);
  });

  it('waits for what goes through the ordered log as well', () => {
    const text = `input put(k: int);
channel told(@to: addr, k: int);
table seen(k: int) partition by (k);
output total(n: int);
coordinate told order;
told(n, k)@async :- put(k), cluster(n);
seen(k) :- told(_, k);
total(count<k>) :- seen(k);
`;
    const puts = [1, 2, 3].map((k): Input => ({
      node: nodes[k - 1]!,
      relation: 'put',
      row: [k],
      atMs: k === 3 ? 500 : null,
    }));
    const { outcomes } = runs(text, puts, 12);
    const ends = outcomes.flatMap(({ outcome }) => outcome.final.get('total') ?? []);
    expect(new Set(ends.map(([, n]) => n))).toEqual(new Set([3]));
  });

  it('waits for ever while a node is gone, and holds up nobody else', () => {
    const gone = 'halt(0) :- boot(_), self("c");\n';
    const explored = runs(site + lost + gone, [], 10);
    expect(everOf(explored, 'lost')).toEqual([]);
    expect(everOf(explored, 'clickable')).toContain('["/"]');
  });

  it('says so when it can never be shown', () => {
    const text = `table e(k: int, v: int) partition by (v);
table f(v: int) partition by (v);
output x(k: int, v: int);
e(1, 1); e(2, 0); e(3, 2);
f(99);
x(k, 10 / v) :- e(k, v), notin f(v);
`;
    const explored = runs(text, [], 4);
    expect(everOf(explored, 'x')).not.toContain('[2,0]');
    const codes = explored.warnings.map(({ diagnostic }) => diagnostic.code);
    expect(codes).toContain('TRL0879');
  });

  it('says what is written where its tuples conflict', () => {
    const text = `table e(k: int, v: int) partition by (v);
table f(v: int) partition by (v);
output x(k: int => v: int);
e(1, 1); e(1, 2);
f(99);
x(k, v) :- e(k, v), notin f(v);
`;
    const { violations, outcomes } = runs(text, [], 4);
    const said = new Set(violations.map(({ cause }) => cause?.message));
    expect([...said]).toEqual([
      'key conflict in x (as an epoch leaves it): x(1, 1) and x(1, 2); they agree on the key (k)',
    ]);
    expect(outcomes.every(({ outcome }) => outcome.error !== null)).toBe(true);
  });

  it('waits in the alternatives that no event triggers', () => {
    const text = `input go(a: int);
table e(a: int, b: int) partition by (a);
table f(a: int, b: int) partition by (b);
e(1, 2); e(3, 4); f(3, 4);
output x(a: int);
x(a) :- e(a, b), notin f(a, b) | go(a), e(a, _);
`;
    const asked = { node: 'b', relation: 'go', row: [3], atMs: 900 } as const;
    expect(everOf(runs(text, [asked], 6), 'x')).toEqual(['[1]', '[3]']);
    expect(everOf(runs(text, [], 6), 'x')).toEqual(['[1]']);
  });

  it('recurs over what it has waited for', () => {
    const text = `table edge(x: int, y: int) partition by (y);
table blocked(x: int) partition by (x);
input drop(x: int, y: int);
delete edge(x, y) :- drop(x, y);
edge(1, 2); edge(2, 3); edge(3, 4); edge(2, 5); edge(5, 6); edge(6, 4); edge(4, 1);
blocked(3);
table start(x: int) partition by (x);
scratch reach(x: int) partition by (x);
start(1);
reach(x) :- start(x);
reach(y) :- reach(x), edge(x, y), notin blocked(y);
output at(x: int);
at(x) :- reach(x);
output rest(x: int);
rest(y) :- edge(_, y), notin reach(y);
`;
    const explored = runs(text, [], 10);
    expect(everOf(explored, 'at')).toEqual([1, 2, 4, 5, 6].map((x) => `[${x}]`));
    expect(everOf(explored, 'rest')).toEqual(['[3]']);
  });

  it('brings about in the next epoch what it found in one', () => {
    const text = `table task(x: int, after: int) partition by (x);
table done(x: int, wave: int) partition by (x);
task(1, 0); task(2, 1); task(3, 2); task(4, 1); task(4, 3); task(5, 1);
done(0, 0);
scratch blocked(x: int);
blocked(x) :- task(x, y), notin done(y, _);
output ready(x: int, wave: int);
ready(x, n + 1) :- task(x, _), newest(n), notin blocked(x), notin done(x, _);
scratch newest(wave: int);
newest(max<n>) :- done(_, n);
done(x, n)@next :- ready(x, n);
`;
    const explored = runs(text, [], 10);
    expect(explored.outcomes).toHaveLength(1);
    expect(everOf(explored, 'ready')).toEqual(['[1,1]', '[2,2]', '[3,3]', '[4,4]', '[5,2]']);
  });
});

describe('a program in which nothing waits', () => {
  it('has nothing of it, and sends nothing for it', () => {
    const compiled = compileSound(site, { coordinate: 'auto' });
    expect(compiled.barrier).toBeNull();
    expect(compiled.coordinated).toBe(compiled.program);
    expect(runs(site, [], 20).coordinationMessages).toBe(0);
  });

  it('has the same rules beside one that waits', () => {
    const ruleTexts = (text: string): readonly string[] =>
      compileSound(text, { coordinate: 'auto' })
        .coordinated.rules.filter(({ origin }) => origin.rewrite !== 'barrier')
        .map((rule) => JSON.stringify([rule.head.relation, rule.bodies], withoutSpans));
    const alone = ruleTexts(site);
    expect(ruleTexts(site + lost)).toEqual(expect.arrayContaining([...alone]));
  });
});

function withoutSpans(key: string, value: unknown): unknown {
  return key === 'span' ? undefined : value;
}
