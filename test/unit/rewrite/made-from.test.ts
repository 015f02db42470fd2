/** Whatever the compiler adds stands for something that is written, and is called by it. */
import { describe, expect, it } from 'vitest';
import { stationName } from '../../../src/analysis/made-up-relations.js';
import { compileSound } from '../../support/compile-text.js';

const sealed = `input add(k: int, x: int); input close(k: int); static who(c: addr); who("a"); who("b");
channel item(@to: addr, k: int, x: int); channel done(@to: addr, k: int);
item(n, k, x)@async :- add(k, x), cluster(n); table seen(k: int, x: int); seen(k, x) :- item(_, k, x);
table closing(k: int); closing(k) :- close(k);
seal item on (k) from who(c) when closing(k);
output n(k: int, n: int); n(k, count<x>) :- seen(k, x), sealed item(k);`;
const waiting = `input put(a: int, b: int); table e(a: int, b: int) partition by (a); e(1, 2); e(a, b) :- put(a, b);
table f(a: int, b: int) partition by (b); f(a, b) :- e(a, b), a < b; scratch g(a: int) partition by (a);
g(a) :- e(a, b), notin f(b, a); output o(a: int); o(a) :- g(a), notin f(a, _);
table s(a: int) partition by (a); s(a)@next :- e(a, b), notin f(b, _); view v(a: int); v(a) :- s(a);`;

describe('what the compiler adds', () => {
  it.each([
    ['seals', sealed, 'item (keys that are sealed)'],
    ['barriers', waiting, 'o (as an epoch leaves it)'],
  ])('for %s is called by what it stands for', (_, text, example) => {
    const { coordinated, written } = compileSound(text, { coordinate: 'auto' });
    const added = [...coordinated.relations.values()].filter(
      ({ name, builtin }) => !written.relations.has(name) && builtin === null,
    );
    expect(added.length).toBeGreaterThan(5);
    const known = new Set([...written.relations.keys(), 'cluster', 'barrier of the cluster']);
    for (const { name, madeFrom } of added) {
      expect(known.has(madeFrom?.relation ?? ''), name).toBe(true);
      expect(stationName(coordinated, name)).toBe(`${madeFrom!.relation} (${madeFrom!.how})`);
    }
    expect(added.map(({ name }) => stationName(coordinated, name))).toContain(example);
  });
});
