/**
 * Data directories that go back to an older copy, at every moment: nothing new is lost for it, nothing
 * old is applied twice, and what the copy has forgotten is told.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../src/base/prng.js';
import { CrashingCluster } from '../support/crashing-cluster.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';

/** Orders go from a to b and receipts back; each end counts what it takes. */
const program = `
input order(id: int);
durable table taken(id: int);
durable channel pay(@to: addr, id: int);
durable channel receipt(@to: addr, id: int);
durable table paid(id: int);
durable table received(id: int);
durable table count(what: string => n: int);
scratch arrived(what: string, n: int);
output accepted(id: int);
count("pay", 0);
count("receipt", 0);
scratch fresh(id: int);
fresh(i) :- order(i), notin taken(i);
taken(i)@next, pay("b", i)@async :- fresh(i);
accepted(i) :- order(i), taken(i);
accepted(i) :- taken(i);
paid(i)@next, receipt("a", i)@async :- pay(_, i);
received(i)@next :- receipt(_, i);
arrived("pay", count<i>) :- pay(_, i);
arrived("receipt", count<i>) :- receipt(_, i);
upsert count(w, n + m) :- arrived(w, m), count(w, n);
`;

interface Event {
  readonly at: number;
  readonly node: 'a' | 'b';
  /** Steps until it is back. */
  readonly for: number;
  /** Which part of what its storage was made of is left; 1 is all. */
  readonly left: number;
}

class Orders {
  readonly cluster: CrashingCluster;
  readonly #prng: Prng;
  /** Orders that are repeated until they are accepted; after a node has gone back there are others. */
  ids: readonly number[] = [1, 2, 3];
  steps = 0;

  constructor(seed: number) {
    this.cluster = new CrashingCluster(program, ['a', 'b'], seed);
    this.#prng = new Prng(seed).fork('clients');
  }

  isAccepted(id: number): boolean {
    return this.cluster.released.includes(`accepted(${id})`);
  }

  run(events: readonly Event[]): void {
    const backAt = new Map<string, number>();
    for (; ; this.steps++) {
      if (this.steps > 5000) throw new Error('the cluster does not come to rest');
      for (const event of events) if (event.at === this.steps) this.#goBack(event, backAt);
      for (const [node, at] of backAt) {
        if (at > this.steps) continue;
        this.cluster.start(node);
        backAt.delete(node);
      }
      const open = this.ids.filter((id) => !this.isAccepted(id));
      for (const id of open) if (this.#prng.chance(0.1)) this.cluster.insert('a', 'order', [id]);
      const isOver = events.every(({ at }) => at < this.steps) && backAt.size === 0;
      if (!this.cluster.step() && isOver && open.length === 0) return;
    }
  }

  numbers(node: string, relation: string): readonly unknown[] {
    return this.cluster.query(node, relation).map(([id]) => id);
  }

  countOf(node: string, what: string): unknown {
    return this.cluster.query(node, 'count').find(([name]) => name === what)?.[1];
  }

  #goBack({ node, left, for: length }: Event, backAt: Map<string, number>): void {
    if (!this.cluster.isUp(node)) return;
    const batches = this.cluster.writtenBy(node);
    this.cluster.crashAndGoBack(node, Math.round(batches * left));
    backAt.set(node, this.steps + length);
    const next = Math.max(...this.ids) + 1;
    if (node === 'a') this.ids = [next, next + 1, next + 2];
  }
}

const toldBy = ({ cluster }: Orders, node: string, what: RegExp) =>
  cluster.reported.some((text) => text.startsWith(`node ${node} `) && what.test(text));

/** What holds of the end, whatever has gone back. */
function judge(orders: Orders, events: readonly Event[], about: string): void {
  const [taken, paid] = [orders.numbers('a', 'taken'), orders.numbers('b', 'paid')];
  const received = orders.numbers('a', 'received');
  const hasGoneBack = (node: string) => events.some((event) => event.node === node);
  // What was accepted after the last copy is there, and has been sent.
  for (const id of orders.ids) expect(taken, about).toContain(id);
  if (!hasGoneBack('b')) for (const id of taken) expect(paid, about).toContain(id);
  // Nothing counts twice.
  expect(orders.countOf('b', 'pay'), about).toBe(paid.length);
  // What b does a second time, having forgotten, it does.
  if (!hasGoneBack('b')) expect(orders.countOf('a', 'receipt'), about).toBe(received.length);
  // What one end has done and the other has forgotten is told.
  if (paid.some((id) => !taken.includes(id)))
    expect(toldBy(orders, 'a', /has forgotten what it did last/), about).toBe(true);
  if (!hasGoneBack('b') && received.length < paid.length)
    expect(toldBy(orders, 'a', /has forgotten .* that it had applied/), about).toBe(true);
  if (!hasGoneBack('a') && paid.length < taken.length)
    expect(toldBy(orders, 'b', /has forgotten .* that it had applied/), about).toBe(true);
}

function runOrders(seed: number, events: readonly Event[]): Orders {
  const orders = new Orders(seed);
  const about = `seed ${seed}, ${JSON.stringify(events)}`;
  try {
    orders.run(events);
  } catch (error) {
    throw new Error(about, { cause: error });
  }
  judge(orders, events, about);
  return orders;
}

describe('an older copy', { timeout: 240_000 }, () => {
  it.each(['a', 'b'] as const)('of %s, brought back at any moment', (node) => {
    let told = 0;
    for (let seed = 1; seed <= (isNightly ? 20 : 2); seed++) {
      const { steps } = runOrders(seed, []);
      for (let at = 0; at <= steps + 5; at += 2)
        for (const left of [0, 0.4, 0.8]) {
          const orders = runOrders(seed, [{ at, node, for: (at * 7) % 23, left }]);
          told += orders.cluster.reported.length;
        }
    }
    expect(told).toBeGreaterThan(20);
  });

  it('is told of, also by the process after the one that was to hear of it', () => {
    // The first process over an emptied store crashes before it has heard what b remembers.
    const events = [
      { at: 45, node: 'a', for: 52, left: 0 },
      { at: 150, node: 'a', for: 10, left: 0.4 },
      { at: 102, node: 'a', for: 59, left: 1 },
      { at: 85, node: 'a', for: 24, left: 1 },
    ] as const;
    for (let seed = 520; seed < 540; seed++) runOrders(seed, events);
  });

  it('of a, brought back again and again, between crashes that lose nothing', () => {
    for (let seed = 1; seed <= (isNightly ? 2000 : 60); seed++) {
      const prng = new Prng(seed).fork('events');
      const events = Array.from({ length: prng.int(2, 8) }, () => ({
        at: prng.int(0, 300),
        node: 'a' as const,
        for: prng.int(0, 60),
        left: prng.chance(0.5) ? 1 : prng.int(0, 10) / 10,
      }));
      runOrders(seed, events);
    }
  });
});
