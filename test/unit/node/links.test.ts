/** What a node sends, to whom, and how links lose and double nothing. */
import { describe, expect, it } from 'vitest';
import type { NodeConfiguration } from '../../../src/node/configuration.js';
import { furthestAhead } from '../../../src/node/receipts.js';
import { BenchNode, rows } from './bench-node.js';
import { configuration } from './fake-evaluator.js';
import type { Rules } from './fake-evaluator.js';

/** Every `put(to, x)` is sent as `msg(to, x)`; messages are stored. */
const forwarding: Rules = (rowsOf) => ({
  store: rowsOf('msg'),
  send: rowsOf('put').length > 0 ? [{ relation: 'msg', rows: rowsOf('put') }] : [],
});

function started(rest: Partial<NodeConfiguration> = {}): BenchNode {
  const bench = new BenchNode(configuration('a', ['a', 'b', 'c'], {}, rest), forwarding).start();
  bench.rest();
  return bench;
}

const data = (
  seq: number,
  timestep: number,
  ...content: (readonly [string, number])[]
): object => ({
  kind: 'data',
  seq,
  timestep,
  batch: rows('msg', ...content),
});

describe('sending', () => {
  it('sends one frame a receiver and timestep, numbered by link', () => {
    const bench = started();
    bench.put(['c', 1], ['b', 2], ['b', 3]);
    bench.rest();
    bench.put(['b', 4]);
    bench.rest();
    expect(bench.sent('b')).toEqual([data(1, 2, ['b', 2], ['b', 3]), data(2, 3, ['b', 4])]);
    expect(bench.sent('c')).toEqual([data(1, 2, ['c', 1])]);
  });

  it('gets what it sends to itself back in a later timestep', () => {
    const bench = started();
    bench.put(['a', 1]);
    bench.tick();
    expect(bench.of('loop')).toEqual([{ kind: 'loop', batch: rows('msg', ['a', 1]) }]);
    expect(bench.sent('a')).toEqual([]);
    bench.feed({ kind: 'loop', batch: rows('msg', ['a', 1]) });
    bench.rest();
    expect(bench.node.query('msg')).toEqual([['a', 1]]);
  });

  it('keeps loopbacks and tuples for itself in one batch', () => {
    const bench = new BenchNode(configuration('a', ['a']), (rowsOf) =>
      rowsOf('put').length > 0
        ? {
            send: [
              { relation: 'later', rows: [[1]] },
              { relation: 'msg', rows: [['a', 2]] },
            ],
          }
        : {},
    ).start();
    bench.put([1]);
    bench.rest();
    expect(bench.of('loop')).toEqual([
      {
        kind: 'loop',
        batch: [
          { relation: 'later', rows: [[1]] },
          { relation: 'msg', rows: [['a', 2]] },
        ],
      },
    ]);
  });

  it('drops and counts tuples for nodes outside the cluster, and says so once', () => {
    const bench = started({ unknownAddress: 'drop' });
    bench.put(['nobody', 1], ['b', 2]);
    bench.rest();
    bench.put(['nobody', 3]);
    bench.rest();
    expect(bench.sent('nobody')).toEqual([]);
    expect(bench.sent('b')).toHaveLength(1);
    expect(bench.codes()).toEqual(['TRL0854']);
    expect(bench.node.counters.unknownAddresses).toBe(2);
  });

  it('holds them for a node that may come', () => {
    const bench = started({ unknownAddress: 'hold' });
    bench.put(['late', 1]);
    bench.rest();
    bench.effects = [];
    bench.link('late', 'l1');
    expect(bench.sent('late')).toEqual([data(1, 2, ['late', 1])]);
  });

  it('drops tuples whose address is no name', () => {
    const bench = started();
    bench.put([17, 1]);
    bench.rest();
    expect(bench.of('send')).toEqual([]);
    expect(bench.codes()).toEqual(['TRL0854']);
  });
});

describe('an outbox', () => {
  it('sends again what was not acknowledged when a link comes up', () => {
    const bench = started();
    for (const x of [1, 2, 3]) {
      bench.put(['b', x]);
      bench.rest();
    }
    bench.feed({ kind: 'frame', peer: 'b', frame: { kind: 'ack', seq: 1 } });
    bench.feed({ kind: 'link', peer: 'b', state: 'down' });
    bench.put(['b', 4]);
    bench.rest();
    bench.effects = [];
    bench.link('b', 'b1', 2);
    expect(bench.sent('b')).toEqual([data(3, 4, ['b', 3]), data(4, 5, ['b', 4])]);
  });

  it('sends nothing over a link that is down, also after a farewell', () => {
    const bench = started();
    bench.link('b', 'b1');
    bench.feed({ kind: 'frame', peer: 'b', frame: { kind: 'bye' } });
    bench.put(['b', 1]);
    bench.rest();
    expect(bench.sent('b')).toEqual([]);
  });

  it('tells a new process of the peer what it need not wait for', () => {
    const bench = started();
    for (const x of [1, 2]) {
      bench.put(['b', x]);
      bench.rest();
    }
    bench.feed({ kind: 'frame', peer: 'b', frame: { kind: 'ack', seq: 1 } });
    bench.effects = [];
    bench.link('b', 'b2', 0);
    expect(bench.sent('b')).toEqual([{ kind: 'skip', seq: 1 }, data(2, 3, ['b', 2])]);
  });

  it('drops the oldest frames beyond its bound, says so, and lets the peer go on', () => {
    const bench = started({ outboxFrames: 2 });
    bench.feed({ kind: 'link', peer: 'b', state: 'down' });
    for (const x of [1, 2, 3, 4]) {
      bench.put(['b', x]);
      bench.rest();
    }
    expect(bench.codes()).toEqual(['TRL0855', 'TRL0855']);
    expect(bench.node.counters.droppedFrames).toBe(2);
    bench.link('b', 'b1', 0);
    expect(bench.sent('b')).toEqual([
      { kind: 'skip', seq: 2 },
      data(3, 4, ['b', 3]),
      data(4, 5, ['b', 4]),
    ]);
  });

  it('gives nothing on an acknowledgement of what was never sent', () => {
    const bench = started();
    bench.put(['b', 1]);
    bench.rest();
    bench.feed({ kind: 'frame', peer: 'b', frame: { kind: 'ack', seq: 99 } });
    bench.effects = [];
    bench.link('b', 'b1', 0);
    expect(bench.sent('b')).toEqual([data(1, 2, ['b', 1])]);
  });
});

describe('receiving', () => {
  it('takes a batch whole, and acknowledges it when its timestep has run', () => {
    const bench = started();
    expect(bench.data('b', 1, rows('msg', ['a', 1], ['a', 2]))).toEqual([{ kind: 'request-tick' }]);
    expect(bench.tick()).toContainEqual({
      kind: 'send',
      peer: 'b',
      frame: { kind: 'ack', seq: 1 },
    });
    expect(bench.taken().at(-1)).toBe('msg[["a",1],["a",2]]');
  });

  it('drops duplicates, in whatever order frames come, and acknowledges without gaps', () => {
    const bench = started();
    for (const seq of [2, 1, 2, 4, 1]) bench.data('b', seq, rows('msg', ['a', seq]));
    bench.rest();
    bench.data('b', 3, rows('msg', ['a', 3]));
    bench.rest();
    expect(bench.node.query('msg')).toEqual([
      ['a', 2],
      ['a', 1],
      ['a', 4],
      ['a', 3],
    ]);
    expect(bench.sent('b')).toEqual([
      { kind: 'ack', seq: 2 },
      { kind: 'ack', seq: 4 },
    ]);
    expect(bench.node.counters.duplicateFrames).toBe(2);
    expect(bench.data('b', 3, rows('msg', ['a', 3]))).toEqual([
      { kind: 'send', peer: 'b', frame: { kind: 'ack', seq: 4 } },
    ]);
  });

  it('knows a new process of a peer from the old one', () => {
    const bench = started();
    bench.link('b', 'b1');
    bench.data('b', 1, rows('msg', ['a', 1]));
    expect(bench.node.receiptOf('b')).toEqual({ incarnation: 'b1', seq: 1 });
    bench.link('b', 'b1');
    expect(bench.node.receiptOf('b').seq).toBe(1);
    bench.link('b', 'b2');
    expect(bench.node.receiptOf('b')).toEqual({ incarnation: 'b2', seq: 0 });
    bench.data('b', 1, rows('msg', ['a', 2]));
    bench.rest();
    expect(bench.node.query('msg')).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
  });

  it('does not wait for frames that are gone', () => {
    const bench = started();
    bench.data('b', 7, rows('msg', ['a', 7]));
    bench.rest();
    bench.feed({ kind: 'frame', peer: 'b', frame: { kind: 'skip', seq: 6 } });
    expect(bench.sent('b').at(-1)).toEqual({ kind: 'ack', seq: 7 });
  });

  it.each([
    ['a relation that takes nothing from others', [{ relation: 'put', rows: [[1]] }]],
    ['an unknown relation', [{ relation: 'nonsense', rows: [[1]] }]],
    ['a row of the wrong shape', rows('msg', ['a', 1], ['a', 1, 2])],
    ['a tuple of another node', rows('msg', ['a', 1], ['b', 1])],
  ])('drops a frame with %s as a whole, and lives', (_, batch) => {
    const bench = started();
    bench.data('b', 1, batch);
    expect(bench.codes()).toEqual(['TRL0853']);
    expect(bench.isTickRequested).toBe(false);
    expect(bench.sent('b')).toEqual([{ kind: 'ack', seq: 1 }]);
    bench.data('b', 2, rows('msg', ['a', 5]));
    bench.rest();
    expect(bench.node.query('msg')).toEqual([['a', 5]]);
  });

  it('drops numbers out of all order, and messages of a log that it does not have', () => {
    const bench = started();
    bench.data('b', furthestAhead + 1, rows('msg', ['a', 1]));
    bench.feed({
      kind: 'frame',
      peer: 'b',
      frame: { kind: 'log', message: { kind: 'catch-up', from: 0, incarnation: 'x' } },
    });
    expect(bench.node.counters.garbageFrames).toBe(2);
    expect(bench.of('send')).toEqual([]);
    expect(bench.isTickRequested).toBe(false);
  });

  it('reports a flood of garbage ever more rarely', () => {
    const bench = started();
    for (let seq = 1; seq <= 1000; seq++) bench.data('b', seq, rows('put', [1]));
    expect(bench.node.counters.garbageFrames).toBe(1000);
    expect(bench.codes()).toHaveLength(3 + 8);
  });
});
