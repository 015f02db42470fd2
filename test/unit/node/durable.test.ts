/** A node with storage: what waits for it, what does not, and what happens when it fails. */
import { describe, expect, it } from 'vitest';
import type { NodeConfiguration, NodeProgram } from '../../../src/node/configuration.js';
import type { StoredState } from '../../../src/node/storage.js';
import { BenchNode, rows } from './bench-node.js';
import { configuration } from './fake-evaluator.js';
import type { Rules } from './fake-evaluator.js';

const columns = [{ name: 'x', type: 'int' }];
const program: Partial<NodeProgram> = {
  durable: [
    { name: 'kept', kind: 'table', columns, keyLength: 1 },
    { name: 'msg', kind: 'channel', columns, keyLength: 1 },
  ],
};

/** Stores and shows what is put, and tells b. */
const telling: Rules = (rowsOf) => {
  const put = rowsOf('put');
  const send = put.length === 0 ? [] : rows('msg', ...put.map(([x = null]) => ['b', x]));
  return { store: put, release: put, send };
};

const quiet: Rules = () => ({});

function bench(rules: Rules, rest: Partial<NodeConfiguration> = {}): BenchNode {
  return new BenchNode(
    configuration('a', ['a', 'b'], program, { hasStorage: true, ...rest }),
    rules,
  );
}

/** Booted, linked to b, and at rest, with everything durable so far. */
function started(rules: Rules, rest: Partial<NodeConfiguration> = {}): BenchNode {
  const node = bench(rules, rest).start();
  linkUp(node, 'b1');
  node.rest();
  node.feed({ kind: 'persisted', seq: 1 });
  node.effects = [];
  return node;
}

const stored: StoredState = {
  origin: 'life-1',
  relations: [{ relation: 'kept', rows: [[7]] }],
  lanes: [
    { peer: 'a', origin: 'life-1', nth: 1, lastSeq: 1 },
    { peer: 'b', origin: 'life-0', nth: 1, lastSeq: 9 },
    { peer: 'b', origin: 'life-1', nth: 2, lastSeq: 4 },
  ],
  frames: [
    { peer: 'a', origin: 'life-1', seq: 1, timestep: 1, batch: rows('msg', ['a', 1]) },
    { peer: 'b', origin: 'life-1', seq: 3, timestep: 2, batch: rows('msg', ['b', 2]) },
  ],
  answers: [{ peer: 'b', applied: 12 }],
  receipts: [
    { peer: 'b', origin: 'b-past', nth: 1, seq: 5, ahead: [] },
    { peer: 'b', origin: 'b-life', nth: 2, seq: 2, ahead: [4] },
  ],
};

/** A link to b comes up, and b says that it remembers nothing. */
function linkUp(node: BenchNode, incarnation: string): void {
  node.link('b', incarnation);
  const frame = { kind: 'memory', count: 0, newest: null } as const;
  node.feed({ kind: 'frame', peer: 'b', frame });
}

const kindsOf = (node: BenchNode): string[] => node.effects.map(({ kind }) => kind);

describe('what leaves', () => {
  it('waits for the batch of its timestep, which says what is to be kept', () => {
    const node = started(telling);
    node.put([1]);
    node.rest();
    expect(node.of('persist')).toEqual([
      {
        kind: 'persist',
        seq: 2,
        batch: {
          origin: null,
          relations: [{ relation: 'kept', added: [[1]], removed: [] }],
          posted: [
            {
              peer: 'b',
              origin: 'i1',
              seq: 1,
              timestep: node.node.counters.timesteps - 1,
              batch: rows('msg', ['b', 1]),
            },
          ],
          lanes: [{ peer: 'b', origin: 'i1', nth: 1, lastSeq: 1 }],
          settled: [],
          answers: [],
          receipts: [],
        },
      },
    ]);
    expect([...node.of('observe'), ...node.of('send')]).toEqual([]);
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.of('observe').map(({ added }) => added)).toEqual([[[1]]]);
    expect(node.sent('b')).toMatchObject([{ kind: 'durable', origin: 'i1', first: 1, seq: 1 }]);
  });

  it('is no acknowledgement to a process of what the one before has sent', () => {
    const node = started((rowsOf) => ({ store: rowsOf('other') }));
    node.data('b', 1, rows('other', ['a', 1]));
    node.rest();
    expect(node.sent('b')).toEqual([]);
    node.feed({ kind: 'link', peer: 'b', state: 'down' });
    linkUp(node, 'b2');
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.sent('b').filter(({ kind }) => kind === 'ack')).toEqual([]);
    node.data('b', 1, rows('other', ['a', 2]));
    node.rest();
    node.feed({ kind: 'persisted', seq: 3 });
    expect(node.sent('b').filter(({ kind }) => kind === 'ack')).toEqual([{ kind: 'ack', seq: 1 }]);
  });

  it('goes in order, each when its own batch is durable, while timesteps go on', () => {
    const node = started(telling);
    for (const x of [1, 2, 3]) {
      node.put([x]);
      node.tick();
    }
    expect(node.of('persist').map(({ seq }) => seq)).toEqual([2, 3, 4]);
    node.feed({ kind: 'persisted', seq: 3 });
    expect(node.of('observe').map(({ added }) => added)).toEqual([[[1]], [[2]]]);
    node.feed({ kind: 'persisted', seq: 4 });
    expect(node.of('observe').map(({ added }) => added)).toEqual([[[1]], [[2]], [[3]]]);
  });

  it('goes at once where nothing is to be kept, or nothing keeps it', () => {
    const showing: Rules = (rowsOf) => ({ release: rowsOf('put') });
    const node = started(showing);
    node.put([1]);
    expect(node.tick().map(({ kind }) => kind)).toContain('observe');
    const volatile = bench(telling, { hasStorage: false }).start();
    volatile.put([1]);
    volatile.rest();
    expect(kindsOf(volatile)).not.toContain('persist');
    expect(volatile.sent('b')).toMatchObject([{ kind: 'data' }]);
  });

  it('does not wait for timesteps without end: they wait for storage, too', () => {
    let x = 0;
    const node = started(() => ({ store: [[(x += 1)]], next: [[x]] }));
    node.put([0]);
    for (let ticks = 0; node.isTickRequested && ticks < 2000; ticks++) node.tick();
    expect(x).toBeLessThan(1000);
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.isTickRequested).toBe(true);
  });

  it('includes the farewell and the halt', () => {
    const node = started((rowsOf) => ({
      store: rowsOf('put'),
      ...(rowsOf('put').length > 0 ? { halt: 3 } : {}),
    }));
    node.put([1]);
    node.rest();
    expect(kindsOf(node)).not.toContain('halt');
    node.put([2]);
    expect(node.isTickRequested).toBe(false);
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.sent('b')).toEqual([{ kind: 'bye' }]);
    expect(node.of('halt')).toEqual([{ kind: 'halt', code: 3 }]);
  });

  it('never goes when storage fails: the node stops', () => {
    const node = started(telling);
    node.put([1]);
    node.rest();
    node.feed({ kind: 'persist-failed', seq: 2, reason: 'the disk is full' });
    expect(node.codes()).toEqual(['TRL0857']);
    expect(node.of('halt')).toEqual([{ kind: 'halt', code: 5 }]);
    expect([...node.of('observe'), ...node.of('send')]).toEqual([]);
    expect(node.feed({ kind: 'persisted', seq: 2 })).toEqual([]);
  });
});

describe('what has come', () => {
  const durable = (seq: number, first = 1, origin = 'b-life') =>
    ({ kind: 'durable', origin, first, seq, timestep: 1, batch: rows('msg', ['a', seq]) }) as const;
  const take = (node: BenchNode, ...args: Parameters<typeof durable>) =>
    node.feed({ kind: 'frame', peer: 'b', frame: durable(...args) });

  it('is acknowledged when what it did is durable, and not taken again', () => {
    const node = started(quiet);
    take(node, 1);
    take(node, 3);
    take(node, 1);
    node.rest();
    const [persist] = node.of('persist');
    expect(persist!.batch.receipts).toEqual([
      { peer: 'b', origin: 'b-life', nth: 1, seq: 1, ahead: [3] },
    ]);
    expect(node.sent('b')).toEqual([]);
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.sent('b')).toEqual([{ kind: 'applied', origin: 'b-life', seqs: [1, 3], count: 2 }]);
    take(node, 3);
    expect(node.isTickRequested).toBe(false);
    expect(node.sent('b')).toHaveLength(2);
    expect(node.node.counters.duplicateFrames).toBe(2);
  });

  it('is done with if its timestep fails alone', () => {
    const node = started((rowsOf) => (rowsOf('msg').length > 0 ? { fail: 'no' } : {}));
    take(node, 1);
    node.rest();
    expect(node.of('persist')[0]!.batch.receipts).toMatchObject([{ seq: 1 }]);
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.sent('b')).toEqual([{ kind: 'applied', origin: 'b-life', seqs: [1], count: 1 }]);
  });

  it('is done with if it is garbage', () => {
    const node = started(quiet);
    const frame = { ...durable(1), batch: rows('put', [1]) };
    node.feed({ kind: 'frame', peer: 'b', frame });
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.codes()).toEqual(['TRL0853']);
    expect(node.sent('b')).toEqual([{ kind: 'applied', origin: 'b-life', seqs: [1], count: 1 }]);
  });

  it('is numbered anew by each process of a peer, and what an earlier one has sent is known for ever', () => {
    const node = started(quiet);
    take(node, 1);
    node.rest();
    take(node, 1, 1, 'b-life-2');
    take(node, 2, 1, 'b-life-2');
    node.rest();
    expect(node.of('persist')[1]!.batch.receipts).toEqual([
      { peer: 'b', origin: 'b-life-2', nth: 2, seq: 2, ahead: [] },
    ]);
    node.feed({ kind: 'persisted', seq: 3 });
    node.effects = [];
    take(node, 1);
    take(node, 2, 1, 'b-life-2');
    expect(node.isTickRequested).toBe(false);
    expect(node.sent('b')).toEqual([
      { kind: 'applied', origin: 'b-life', seqs: [1], count: 3 },
      { kind: 'applied', origin: 'b-life-2', seqs: [2], count: 3 },
    ]);
  });

  it('is told of by process of the peer, where one timestep has taken the frames of two', () => {
    const node = started(quiet);
    for (const [seq, origin] of [
      [1, 'old'],
      [1, 'new'],
      [2, 'old'],
    ] as const)
      take(node, seq, 1, origin);
    node.rest();
    node.feed({ kind: 'persisted', seq: 2 });
    expect(node.sent('b')).toEqual([
      { kind: 'applied', origin: 'old', seqs: [1, 2], count: 3 },
      { kind: 'applied', origin: 'new', seqs: [1], count: 3 },
    ]);
  });

  it('is numbered from where it keeps for one that has forgotten', () => {
    const wiped = started(quiet);
    take(wiped, 9, 8);
    wiped.rest();
    expect(wiped.of('persist')[0]!.batch.receipts).toEqual([
      { peer: 'b', origin: 'b-life', nth: 1, seq: 7, ahead: [9] },
    ]);
  });
});

describe('a peer that is away', () => {
  const sending: Rules = (rowsOf) => ({
    send: rowsOf('put').map(([x = null]) => ({ relation: 'msg', rows: [['b', x]] })),
  });

  it('is sent as much at a time as a connection can hold, and the rest as it goes on', () => {
    const node = started(sending);
    node.feed({ kind: 'link', peer: 'b', state: 'down' });
    for (let x = 1; x <= 2500; x++) {
      node.put([x]);
      node.rest();
      node.feed({ kind: 'persisted', seq: x + 1 });
    }
    expect(node.sent('b')).toEqual([]);
    linkUp(node, 'b1');
    const seqs = () =>
      node.sent('b').flatMap((frame) => (frame.kind === 'durable' ? [frame.seq] : []));
    expect(seqs()).toEqual(Array.from({ length: 1000 }, (_, i) => i + 1));
    const applied = (...numbers: number[]) =>
      node.feed({
        kind: 'frame',
        peer: 'b',
        frame: { kind: 'applied', origin: 'i1', seqs: numbers, count: 0 },
      });
    applied(1, 2, 500);
    expect(seqs().slice(1000)).toEqual([1001, 1002, 1003]);
    linkUp(node, 'b2');
    expect(seqs().slice(1003, 1006)).toEqual([3, 4, 5]);
    expect(node.sent('b').at(-1)).toMatchObject({ first: 3, seq: 1003 });
    applied(...Array.from({ length: 1000 }, (_, i) => i + 3));
    // What is applied goes from the storage, at the latest with many others.
    const settled = node.of('persist').flatMap(({ batch }) => batch.settled);
    expect(settled).toHaveLength(1002);
  });

  it('is sent nothing before it has said what it remembers, over every link anew', () => {
    const node = started(sending);
    const kinds = () => node.sent('b').map(({ kind }) => kind);
    node.put([1]);
    node.rest();
    node.feed({ kind: 'persisted', seq: 2 });
    expect(kinds()).toEqual(['durable']);
    node.link('b', 'b2');
    node.put([2]);
    node.rest();
    node.feed({ kind: 'persisted', seq: 3 });
    expect(kinds()).toEqual(['durable', 'memory']);
    const frame = { kind: 'memory', count: 0, newest: null } as const;
    node.feed({ kind: 'frame', peer: 'b', frame });
    expect(kinds()).toEqual(['durable', 'memory', 'durable', 'durable']);
  });

  it('is told of when much waits', () => {
    const node = started(sending, { outboxFrames: 3 });
    for (let x = 1; x <= 12; x++) {
      node.put([x]);
      node.rest();
    }
    expect(node.codes()).toEqual(['TRL0877', 'TRL0877', 'TRL0877', 'TRL0877']);
    expect(node.of('report')[3]!.diagnostic.message).toBe(
      'node a keeps 12 batches of durable channels for b',
    );
  });
});

describe('a restart', () => {
  const restarted = (rules: Rules = quiet): BenchNode => {
    const node = bench(rules);
    node.feed({ kind: 'start', incarnation: 'i2', stored });
    return node;
  };

  const applied = (node: BenchNode, origin: string) =>
    node.feed({
      kind: 'frame',
      peer: 'b',
      frame: { kind: 'applied', origin, seqs: [3], count: 13 },
    });

  it('hands nothing over before its first timestep, which stores the facts', () => {
    const node = bench(telling).start();
    linkUp(node, 'b1');
    const garbage = { ...stored.frames[0]!, kind: 'durable', origin: 'x', first: 1 } as const;
    node.feed({ kind: 'frame', peer: 'b', frame: { ...garbage, batch: rows('put', [1]) } });
    node.feed({
      kind: 'frame',
      peer: 'b',
      frame: { kind: 'applied', origin: 'i1', seqs: [1], count: 1 },
    });
    expect(node.of('persist')).toEqual([]);
    node.tick();
    expect(node.of('persist')).toMatchObject([
      { seq: 1, batch: { origin: 'i1', receipts: [{ peer: 'b', origin: 'x' }] } },
    ]);
  });

  it('goes on with what was stored, and is no first boot', () => {
    const node = restarted();
    expect(node.evaluator.query('kept')).toEqual([[7]]);
    node.tick();
    expect(node.evaluator.inputs[0]!.boot).toEqual({ first: false });
    expect(node.of('persist')[0]!.batch.origin).toBe('i2');
    expect(bench(quiet).start().rest()).toBe(1);
  });

  it('sends what has not been applied: to itself at once, to a peer when its link is up', () => {
    const node = restarted();
    expect(node.of('loop')).toEqual([
      { kind: 'loop', batch: rows('msg', ['a', 1]), passage: { origin: 'life-1', seq: 1 } },
    ]);
    linkUp(node, 'b1');
    const sentLater = () =>
      node
        .sent('b')
        .splice(2)
        .map(({ kind }) => kind);
    expect(node.sent('b')).toMatchObject([
      { kind: 'memory', count: 12, newest: { origin: 'b-life', seq: 4 } },
      { kind: 'durable', origin: 'life-1', first: 3, seq: 3 },
    ]);
    applied(node, 'another');
    linkUp(node, 'b1');
    expect(sentLater()).toEqual(['memory', 'durable']);
    applied(node, 'life-1');
    linkUp(node, 'b1');
    expect(sentLater()).toEqual(['memory', 'durable', 'memory']);
    expect(node.sent('b').at(-1)).toMatchObject({ count: 13 });
    node.rest();
    const { batch } = node.of('persist')[0]!;
    expect(batch).toMatchObject({
      settled: [{ peer: 'b', origin: 'life-1', seq: 3 }],
      answers: [{ peer: 'b', applied: 13 }],
    });
  });

  it('numbers by itself, and knows what it has taken', () => {
    const node = restarted(telling);
    linkUp(node, 'b1');
    node.rest();
    node.feed({ kind: 'persisted', seq: 1 });
    node.put([1]);
    node.rest();
    expect(node.of('persist')[1]!.batch.posted).toMatchObject([
      { peer: 'b', origin: 'i2', seq: 1 },
    ]);
    expect(node.of('persist')[1]!.batch.lanes).toEqual([
      { peer: 'b', origin: 'i2', nth: 3, lastSeq: 1 },
    ]);
    node.feed({ kind: 'persisted', seq: 2 });
    node.effects = [];
    const frame = {
      kind: 'durable',
      origin: 'b-life',
      first: 1,
      seq: 4,
      timestep: 1,
      batch: rows('msg', ['a', 4]),
    } as const;
    node.feed({ kind: 'frame', peer: 'b', frame });
    expect(node.sent('b')).toEqual([{ kind: 'applied', origin: 'b-life', seqs: [4], count: 8 }]);
  });

  it('takes what it sent itself out of the storage together with what that did', () => {
    const node = restarted();
    const [loop] = node.of('loop');
    node.feed(loop!);
    node.rest();
    expect(node.of('persist').map(({ batch }) => batch.settled)).toEqual([
      [{ peer: 'a', origin: 'life-1', seq: 1 }],
    ]);
  });

  it('stops over a state that no timestep bears, and takes and stores nothing', () => {
    const node = restarted((_, kept) => (kept.length > 0 ? { fail: 'poisoned' } : {}));
    linkUp(node, 'b1');
    const batch = rows('msg', ['a', 1]);
    const frame = { kind: 'durable', origin: 'x', first: 1, seq: 1, timestep: 1, batch } as const;
    node.feed({ kind: 'frame', peer: 'b', frame });
    node.rest();
    expect(node.codes()).toEqual(['TRL0851', 'TRL0852']);
    expect(node.of('report')[1]!.diagnostic.message).toBe(
      'node a cannot go on from what it stored: poisoned',
    );
    expect(node.of('halt')).toEqual([{ kind: 'halt', code: 1 }]);
    expect(node.of('persist')).toEqual([]);
    expect(node.sent('b').map(({ kind }) => kind)).not.toContain('applied');
  });

  describe('over what is older than what a peer knows', () => {
    const hears = (
      node: BenchNode,
      count: number,
      newest: { origin: string; seq: number } | null,
    ): string[] => {
      const effects = node.feed({
        kind: 'frame',
        peer: 'b',
        frame: { kind: 'memory', count, newest },
      });
      return effects.flatMap((one) => (one.kind === 'report' ? [one.diagnostic.message] : []));
    };

    it('says nothing where it knows all that the peer does', () => {
      expect(hears(restarted(), 8, { origin: 'life-1', seq: 4 })).toEqual([]);
      expect(hears(restarted(), 3, { origin: 'life-0', seq: 9 })).toEqual([]);
      expect(hears(restarted(), 0, null)).toEqual([]);
      expect(hears(bench(quiet).start(), 0, null)).toEqual([]);
    });

    it('tells, once, of batches that it had applied and of those that it had sent', () => {
      const node = restarted();
      expect(hears(node, 10, { origin: 'life-1', seq: 4 })).toEqual([
        'node a has forgotten 2 batches of durable channels from b that it had applied, and b no longer keeps',
      ]);
      expect(hears(node, 10, { origin: 'life-1', seq: 5 })).toEqual([
        'node a has forgotten what it did last: b has applied batches of durable channels that node a does not know to have sent',
      ]);
      expect(hears(node, 10, { origin: 'life-1', seq: 5 })).toEqual([]);
      expect(hears(restarted(), 0, { origin: 'unheard-of', seq: 1 })).toHaveLength(1);
      expect(hears(bench(quiet).start(), 1, { origin: 'life-1', seq: 1 })).toHaveLength(2);
      expect(node.codes()).toEqual(['TRL0878', 'TRL0878']);
    });
  });
});
