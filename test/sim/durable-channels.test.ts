/**
 * Durable channels over crashes: every tuple that a durable timestep sent is applied exactly once,
 * wherever and whenever a node crashes, and what the outside was told is never lost.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import { CrashingCluster } from '../support/crashing-cluster.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';

/**
 * Orders go from a to b, from b on to c and to b itself, and back to a what is stored at b: by rules
 * over events and by a standing one. Each node counts what it takes, so that nothing may come twice;
 * clients repeat an order until it is accepted, so `taken` keeps those that are known.
 */
const program = `
input order(id: int);
durable table taken(id: int);
durable channel pay(@to: addr, id: int);
durable channel forward(@to: addr, id: int);
durable channel note(@to: addr, id: int);
durable channel receipt(@to: addr, id: int);
durable table paid(id: int);
durable table count(what: string => n: int);
durable lattice most: lmax<int>;
scratch arrived(what: string, n: int);
output accepted(id: int);
count("pay", 0);
count("forward", 0);
count("note", 0);
count("receipt", 0);
scratch fresh(id: int);
fresh(i) :- order(i), notin taken(i);
taken(i)@next :- fresh(i);
pay("b", i)@async :- fresh(i);
accepted(i) :- order(i), taken(i);
accepted(i) :- taken(i);
forward("c", i)@async, note("b", i)@async, paid(i)@next :- pay(_, i);
receipt("a", i)@async :- paid(i);
most(i) :- pay(_, i);
arrived("pay", count<i>) :- pay(_, i);
arrived("forward", count<i>) :- forward(_, i);
arrived("note", count<i>) :- note(_, i);
arrived("receipt", count<i>) :- receipt(_, i);
upsert count(w, n + m) :- arrived(w, m), count(w, n);
`;
const names = ['a', 'b', 'c'];
const orders = [1, 2, 3, 4];

interface Crash {
  readonly at: number;
  readonly node: string;
  /** Steps until it is back. */
  readonly for: number;
}

/** Runs all orders to the end, with these crashes; gives the number of steps. */
function runOrders(seed: number, crashes: readonly Crash[]): number {
  const cluster = new CrashingCluster(program, names, seed);
  const prng = new Prng(seed).fork('clients');
  const backAt = new Map<string, number>();
  const isAccepted = (id: number): boolean => cluster.released.includes(`accepted(${id})`);
  for (let now = 0; ; now++) {
    if (now > 5000) throw new Error('the cluster does not come to rest');
    for (const { at, node, for: length } of crashes) {
      if (at !== now || !cluster.isUp(node)) continue;
      cluster.crash(node);
      backAt.set(node, now + length);
    }
    for (const [node, at] of backAt) {
      if (at > now) continue;
      cluster.start(node);
      backAt.delete(node);
    }
    for (const id of orders)
      if (!isAccepted(id) && prng.chance(0.1)) cluster.insert('a', 'order', [id]);
    if (!cluster.step() && backAt.size === 0 && orders.every(isAccepted)) break;
  }
  const told = `seed ${seed}, crashes ${JSON.stringify(crashes)}`;
  expect(cluster.query('a', 'taken'), told).toEqual(orders.map((id) => [id]));
  const countOf = (node: string, what: string) =>
    cluster.query(node, 'count').find(([name]) => name === what)?.[1];
  const counts = [
    countOf('b', 'pay'),
    countOf('c', 'forward'),
    countOf('b', 'note'),
    countOf('a', 'receipt'),
  ];
  expect(counts, told).toEqual([4, 4, 4, 4]);
  return cluster.steps;
}

describe('every tuple is applied once', { timeout: 240_000 }, () => {
  it('without a crash', () => {
    for (let seed = 1; seed <= 20; seed++) runOrders(seed, []);
  });

  it.each(names)('wherever %s crashes', (node) => {
    for (let seed = 1; seed <= (isNightly ? 20 : 1); seed++) {
      const steps = runOrders(seed, []);
      for (let at = 0; at <= steps; at++) runOrders(seed, [{ at, node, for: (at * 7) % 23 }]);
    }
  });

  it('over many crashes of all', () => {
    for (let seed = 1; seed <= (isNightly ? 5000 : 100); seed++) {
      const prng = new Prng(seed).fork('crashes');
      const crashes = Array.from({ length: prng.int(2, 12) }, () => ({
        at: prng.int(0, 400),
        node: names[prng.int(0, 2)]!,
        for: prng.int(0, 60),
      }));
      runOrders(seed, crashes);
    }
  });
});
