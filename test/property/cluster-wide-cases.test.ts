/** Small programs over cluster-wide relations, each with what all nodes together must end with. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../src/base/value.js';
import type { Workload } from '../../src/node/workload.js';
import { compileSound } from '../support/compile-text.js';
import { nodeNames, runSpread } from '../support/run-spread.js';

/** The rows that the view `v` ends with, in order; the same in every run. */
function endOf(text: string, nodeCount: number, given: Partial<Workload> = {}): readonly string[] {
  const compiled = compileSound(text);
  const ends = [1, 2, 3, 4, 5, 6].map((seed) => {
    const workload = { facts: given.facts ?? [], inputs: given.inputs ?? [] };
    const outcome = runSpread(compiled, nodeNames(nodeCount), workload, seed);
    expect(outcome.error, `seed ${seed}`).toBeNull();
    const rows = outcome.final.get('v') ?? [];
    return [...new Set(rows.map((row: Row) => JSON.stringify(row.slice(1))))].sort();
  });
  for (const end of ends) expect(end).toEqual(ends[0]);
  return ends[0]!;
}

describe('statics in which nodes are told apart', () => {
  it("are each node's own: what follows from `self` travels", () => {
    const text = `static me(n: addr);
me(n) :- self(n);
table p(n: addr) partition by (n);
p(n) :- me(n);
view v(n: addr);
v(n) :- p(n);
`;
    expect(endOf(text, 3)).toEqual(['["n1"]', '["n2"]', '["n3"]']);
  });

  it("are each node's own: so does what follows from an `@` column, through joins", () => {
    const text = `static role(@n: addr, r: int);
static mine(r: int);
role("n1", 1); role("n1", 2); role("n1", 3); role("n2", 4); role("n2", 5); role("n3", 6);
mine(r) :- role(_, r);
table next(a: int, b: int) partition by (a);
next(1, 2); next(2, 3); next(4, 5); next(6, 7);
table p(x: int) partition by (x);
p(y) :- next(x, y), mine(x);
view v(x: int);
v(x) :- p(x);
`;
    expect(endOf(text, 3)).toEqual(['[2]', '[3]', '[5]', '[7]']);
  });

  it('rule out at their own node', () => {
    const text = `static mine(n: addr, x: int);
mine(n, 1) :- self(n), n == "n1";
table local(x: int);
local(1); local(2);
table p(x: int, n: addr) partition by (x);
p(x, n) :- self(n), local(x), notin mine(n, x);
view v(x: int, n: addr);
v(x, n) :- p(x, n);
`;
    expect(endOf(text, 2)).toEqual(['[1,"n2"]', '[2,"n1"]', '[2,"n2"]']);
  });
});

describe('what may fail', () => {
  it('fails for no binding that another negation rules out', () => {
    const text = `table e(x: int, y: int) partition by (x);
static zero(y: int) partition by (y);
static s(z: int, w: int) partition by (z);
zero(0); s(1, 1);
e(1, 0); e(4, 2); e(3, 3);
table p(x: int) partition by (x);
p(x) :- e(x, y), z = x / y, notin s(z, _), notin zero(y);
view v(x: int);
v(x) :- p(x);
`;
    for (const count of [1, 2, 3]) expect(endOf(text, count)).toEqual(['[4]']);
  });
});

describe('relations without `partition by` that are derived from others', () => {
  it('are given at their owners too, where a key places them', () => {
    const text = `table link(a: int, b: int) partition by (a);
link(1, 10);
table l(k: int => v: int);
l(k, v) :- link(k, v);
input up(k: int, v: int);
upsert l(k, v) :- up(k, v);
view v(k: int, v: int);
v(k, v) :- l(k, v);
`;
    const given: Workload = {
      facts: [
        { node: null, relation: 'l', rows: [[2, 20]] },
        { node: 'n1', relation: 'l', rows: [[3, 30]] },
        { node: 'n1', relation: 'l', rows: [[4, 40]] },
      ],
      inputs: [2, 3, 4].map((k) => ({ node: 'n1', relation: 'up', row: [k, k], atMs: 900 })),
    };
    for (const count of [1, 2, 3])
      expect(endOf(text, count, given)).toEqual(['[1,10]', '[2,2]', '[3,3]', '[4,4]']);
  });
});

describe('events and statics that are elsewhere', () => {
  const route = `static route(a: int, b: int) partition by (a);
route(1, 2); route(2, 3); route(5, 2); route(7, 7);
input ask(n: int);
view v(n: int, a: int);
`;
  const asked: Partial<Workload> = {
    inputs: [2, 3].map((n) => ({ node: 'n1', relation: 'ask', row: [n], atMs: null })),
  };

  it('meet: the event goes to where the static is', () => {
    const text = `${route}scratch asked(n: int) partition by (n);
table got(n: int, a: int) partition by (n);
asked(n) :- ask(n);
got(n, a) :- asked(n), route(a, n);
v(n, a) :- got(n, a);
`;
    for (const count of [1, 2, 3])
      expect(endOf(text, count, asked)).toEqual(['[2,1]', '[2,5]', '[3,2]']);
  });

  it('meet where they share nothing', () => {
    const text = `${route}table got(n: int, a: int) partition by (n);
got(n, a) :- ask(n), route(a, _), a < 5;
v(n, a) :- got(n, a);
`;
    for (const count of [1, 2, 3])
      expect(endOf(text, count, asked)).toEqual(['[2,1]', '[2,2]', '[3,1]', '[3,2]']);
  });

  it('meet when the nodes boot', () => {
    const text = `${route}table got(a: int) partition by (a);
got(b) :- boot(_), route(_, b);
v(a, a) :- got(a);
`;
    for (const count of [1, 2, 3]) expect(endOf(text, count)).toEqual(['[2,2]', '[3,3]', '[7,7]']);
  });

  it("meet what is each node's own", () => {
    const text = `input ask(n: int);
static mine(a: int, n: addr);
mine(1, n) :- self(n);
scratch asked(n: int) partition by (n);
asked(n) :- ask(n);
table got(n: int, at: addr) partition by (n);
got(n, at) :- asked(n), mine(_, at);
view v(n: int, at: addr);
v(n, at) :- got(n, at);
`;
    expect(endOf(text, 2, asked)).toEqual(['[2,"n1"]', '[2,"n2"]', '[3,"n1"]', '[3,"n2"]']);
  });
});
