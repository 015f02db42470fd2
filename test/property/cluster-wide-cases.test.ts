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
