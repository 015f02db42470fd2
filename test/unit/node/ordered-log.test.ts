/** How a node uses the ordered log: what goes in, and in which timesteps it comes out. */
import { describe, expect, it } from 'vitest';
import type { LogMessage } from '../../../src/coordination/log-types.js';
import type { NodeProgram } from '../../../src/node/configuration.js';
import { BenchNode } from './bench-node.js';
import { configuration } from './fake-evaluator.js';
import type { Rules } from './fake-evaluator.js';

const program: Partial<NodeProgram> = {
  orderedLog: { channels: new Set(['msg']), members: ['a', 'b', 'c'] },
};

/** `put(x)` sends `msg(n, x)` to all in `receivers`, and `other("c", x)`, which needs no order. */
const asking =
  (receivers: readonly string[]): Rules =>
  (rowsOf) => {
    const puts = rowsOf('put');
    if (rowsOf('msg').some(([, x]) => x === 13)) return { fail: '13 is unlucky' };
    return {
      store: [...rowsOf('msg'), ...rowsOf('other')],
      send: [
        { relation: 'msg', rows: receivers.flatMap((to) => puts.map(([x]) => [to, x!])) },
        { relation: 'other', rows: puts.map(([x]) => ['c', x!]) },
      ].filter((group) => group.rows.length > 0),
    };
  };

/** A cluster whose frames are delivered by hand, in order. */
class BenchCluster {
  readonly nodes = new Map<string, BenchNode>();
  logMessages = 0;

  constructor(rules: (name: string) => Rules, names = ['a', 'b', 'c'], over = program) {
    for (const name of names) {
      this.nodes.set(
        name,
        new BenchNode(configuration(name, names, over), rules(name)).start(`${name}1`),
      );
    }
  }

  at(name: string): BenchNode {
    return this.nodes.get(name)!;
  }

  /** Carries out sends and loops until nothing is left; timers do not fire. */
  run(): void {
    for (let isDone = false; !isDone;) {
      isDone = true;
      for (const [name, bench] of this.nodes) {
        while (bench.isTickRequested) bench.tick();
        const effects = bench.effects.splice(0);
        this.kept.set(name, [...(this.kept.get(name) ?? []), ...effects]);
        for (const effect of effects) {
          if (effect.kind === 'loop') bench.feed({ kind: 'loop', batch: effect.batch });
          if (effect.kind !== 'send' || effect.frame.kind === 'bye') continue;
          if (effect.frame.kind === 'log') this.logMessages += 1;
          this.at(effect.peer).feed({ kind: 'frame', peer: name, frame: effect.frame });
        }
        if (effects.length > 0) isDone = false;
      }
    }
  }

  readonly kept = new Map<string, BenchNode['effects']>();

  applied(name: string): string[] {
    return this.kept
      .get(name)!
      .flatMap((e) => (e.kind === 'log-applied' ? [`${e.slot}:${e.entryId}`] : []));
  }
}

describe('a timestep that puts tuples on an ordered channel', () => {
  it('makes one entry of all that it sends to their receivers, and sends the rest directly', () => {
    const cluster = new BenchCluster(() => asking(['a', 'b']));
    cluster.at('a').put([1]);
    cluster.run();
    for (const name of ['a', 'b', 'c']) expect(cluster.applied(name)).toEqual(['0:a/a1/1']);
    expect(cluster.at('a').node.query('')).toEqual([['a', 1]]);
    expect(cluster.at('b').node.query('')).toEqual([['b', 1]]);
    const direct = cluster.kept
      .get('a')!
      .filter((e) => e.kind === 'send' && e.frame.kind === 'data');
    expect(direct).toHaveLength(1);
    expect(cluster.at('c').node.query('')).toEqual([['c', 1]]);
  });

  it('does not tear the batch of a receiver that also gets unordered tuples', () => {
    const cluster = new BenchCluster(() => asking(['c']));
    cluster.at('a').put([1]);
    cluster.run();
    expect(cluster.at('c').taken()).toContain('msg[["c",1]] other[["c",1]]');
    expect(cluster.kept.get('a')!.some((e) => e.kind === 'send' && e.frame.kind === 'data')).toBe(
      false,
    );
  });

  it('is applied by all members in one order, each entry in a timestep of its own', () => {
    const cluster = new BenchCluster(() => asking(['a', 'b', 'c']));
    for (const name of ['c', 'a', 'b']) cluster.at(name).put([name]);
    cluster.run();
    const order = cluster.applied('a');
    expect(order).toHaveLength(3);
    expect(cluster.applied('b')).toEqual(order);
    expect(cluster.applied('c')).toEqual(order);
    const asked = (name: string): string[] =>
      cluster
        .at(name)
        .taken()
        .filter((text) => text.startsWith('msg'));
    expect(asked('b')).toHaveLength(3);
    expect(asked('b').map((text) => text.replace('"b",', '_'))).toEqual(
      asked('a').map((text) => text.replace('"a",', '_')),
    );
  });

  it('is skipped by a member at which it fails, and the log goes on', () => {
    const cluster = new BenchCluster(() => asking(['a', 'b', 'c']));
    cluster.at('a').put([13]);
    cluster.run();
    cluster.at('b').put([2]);
    cluster.run();
    for (const name of ['a', 'b', 'c']) {
      expect(cluster.applied(name)).toHaveLength(2);
      expect(
        cluster
          .at(name)
          .node.query('')
          .filter(([, x]) => x === 13),
      ).toEqual([]);
      expect(cluster.at(name).node.counters.rejectedBatches).toBe(1);
    }
  });

  it('starts no coordination where no order is needed', () => {
    const cluster = new BenchCluster(() => asking(['a', 'b', 'c']), ['a', 'b', 'c'], {
      orderedLog: null,
    });
    cluster.at('a').put([1]);
    cluster.run();
    expect(cluster.logMessages).toBe(0);
    expect([...cluster.kept.values()].flat().some((e) => e.kind === 'set-timer')).toBe(false);
    expect(cluster.at('b').node.query('')).toEqual([['b', 1]]);
  });

  it('sends no message of the log while nobody needs it', () => {
    const cluster = new BenchCluster(() => asking([]));
    cluster.at('a').put([1]);
    cluster.run();
    expect(cluster.logMessages).toBe(0);
  });

  it('is proposed and applied by a node that is no member, too', () => {
    const over = { orderedLog: { channels: new Set(['msg']), members: ['a', 'b', 'c'] } };
    const cluster = new BenchCluster(() => asking(['d', 'a']), ['a', 'b', 'c', 'd'], over);
    cluster.at('d').put([4]);
    cluster.run();
    expect(cluster.at('d').node.query('')).toEqual([['d', 4]]);
    expect(cluster.applied('d')).toEqual(cluster.applied('a'));
  });
});

describe('a node that has entries to apply', () => {
  const single = { orderedLog: { channels: new Set(['msg']), members: ['b'] } };
  const b1 = 'b1';
  /** A member tells what was decided: entries whose part for `a` is `msg("a", x)`. */
  const decided = (from: number, ...payloads: readonly unknown[]): LogMessage => ({
    kind: 'decisions',
    incarnation: b1,
    ballot: { round: 1, member: 'b' },
    from,
    entries: payloads.map((payload, i) => ({ id: `b/b1/${from + i}`, sender: 'b', payload })),
    next: from + payloads.length,
  });
  const forA = (x: number): unknown => [['a', [['msg', [['a', x]]]]]];
  const bench = (rules: Rules): BenchNode => {
    const node = new BenchNode(configuration('a', ['a', 'b'], single), rules).start();
    node.rest();
    node.link('b', b1);
    return node;
  };
  const tell = (node: BenchNode, message: LogMessage): unknown =>
    node.feed({ kind: 'frame', peer: 'b', frame: { kind: 'log', message } });

  it('comes to rest between them, and lets other events run in their own timesteps', () => {
    const node = bench((rowsOf) => ({ store: [...rowsOf('msg'), ...rowsOf('put')] }));
    node.put([7]);
    tell(node, decided(0, forA(1), forA(2)));
    node.put([8]);
    node.rest();
    expect(node.taken()).toEqual(['', 'msg[["a",1]]', '', 'put[[7],[8]]', '', 'msg[["a",2]]', '']);
  });

  it('runs a timestep for an entry that has no part for it', () => {
    const node = bench((rowsOf) => ({ store: rowsOf('msg') }));
    tell(node, decided(0, [['b', [['msg', [['b', 1]]]]]]));
    node.rest();
    expect(node.taken()).toEqual(['', '']);
    expect(node.of('log-applied')).toEqual([
      { kind: 'log-applied', slot: 0, entryId: 'b/b1/0', timestep: 2 },
    ]);
  });

  it('lets an entry take the @next tuples as any timestep does', () => {
    const node = bench((rowsOf) => ({ store: rowsOf('msg'), next: [['token']] }));
    tell(node, decided(0, forA(1)));
    node.rest();
    expect(node.evaluator.inputs.map(({ nextTuples }) => nextTuples.length)).toEqual([0, 1, 1, 1]);
    expect(node.node.counters.appliedEntries).toBe(1);
  });

  it.each([
    ['is no list', 17],
    ['names a receiver twice', [...(forA(1) as unknown[]), ...(forA(1) as unknown[])]],
    ['has a row for another relation', [['a', [['put', [[1]]]]]]],
    ['has a misfit in the part of another node', [['b', [['msg', [['b']]]]]]],
  ])('skips an entry whose payload %s', (_, payload) => {
    const node = bench((rowsOf) => ({ store: rowsOf('msg') }));
    tell(node, decided(0, payload, forA(2)));
    node.rest();
    expect(node.codes()).toEqual(['TRL0856']);
    expect(node.node.query('')).toEqual([['a', 2]]);
    expect(node.of('log-applied').map(({ slot }) => slot)).toEqual([1]);
  });

  it('accepts the loopbacks of the sender in its own part', () => {
    const node = bench((rowsOf) => ({ store: rowsOf('later') }));
    const payload = [
      [
        'b',
        [
          ['later', [[1]]],
          ['msg', [['b', 1]]],
        ],
      ],
    ];
    tell(node, decided(0, payload));
    node.rest();
    expect(node.codes()).toEqual([]);
  });

  it('does not wait for ever for a node that never comes to rest', () => {
    let turn = 0;
    const node = bench((rowsOf) => {
      const isMoving = rowsOf('put').length > 0 || rowsOf('next').length > 0;
      return { store: rowsOf('msg'), next: isMoving ? [[(turn += 1)]] : [] };
    });
    node.put([1]);
    node.tick();
    tell(node, decided(0, forA(1)));
    while (node.node.counters.appliedEntries === 0) node.tick();
    expect(node.codes()).toEqual(['TRL0858']);
    expect(node.evaluator.inputs.length).toBeLessThan(1010);
  });
});

describe('a member that waits for members that it has never met', () => {
  it('reports so once', () => {
    const cluster = new BenchCluster((name) => (name === 'a' ? asking(['a', 'b']) : () => ({})));
    const a = cluster.at('a');
    a.put([1]);
    a.tick();
    const joinTimer = (): string => a.of('set-timer').find(({ id }) => id.endsWith('join'))!.id;
    for (let expiry = 1; expiry <= 2; expiry++) a.feed({ kind: 'timer', id: joinTimer() });
    expect(a.codes()).toEqual([]);
    for (let expiry = 3; expiry <= 9; expiry++) a.feed({ kind: 'timer', id: joinTimer() });
    expect(a.of('report').map(({ diagnostic }) => diagnostic)).toEqual([
      {
        code: 'TRL0867',
        severity: 'warning',
        message: 'node a waits to vote in the ordered log: it has not yet heard from b, c',
        help: 'start b, c; once each member has been met, a majority is enough',
      },
    ]);
  });
});
