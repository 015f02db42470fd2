/** The in-memory network, the transport that delays, and the pace of dialling. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.js';
import type { Frame } from '../../../src/node/frames.js';
import { DelayedTransport } from '../../../src/transport/delayed-transport.js';
import { Dialler } from '../../../src/transport/dialler.js';
import { MemoryNetwork } from '../../../src/transport/memory-transport.js';
import type { Transport, TransportListener } from '../../../src/transport/transport.js';
import { ManualScheduler } from './manual-scheduler.js';

const frame = (seq: number): Frame => ({ kind: 'data', seq, timestep: seq, batch: [] });

function recorder(
  log: string[],
  name: string,
  seq = 0,
  incarnation: string | null = null,
): TransportListener {
  return {
    linkUp: (peer, peerIncarnation, lastSeq) =>
      log.push(`${name}: up ${peer} ${peerIncarnation} ${lastSeq}`),
    linkDown: (peer) => log.push(`${name}: down ${peer}`),
    frame: (peer, got) =>
      log.push(`${name}: ${got.kind} ${'seq' in got ? got.seq : ''} from ${peer}`),
    trouble: () => {},
    receiptOf: () => ({ incarnation, seq }),
  };
}

describe('the memory network', () => {
  it('links what is attached, carries frames in order, and counts them by kind', () => {
    const log: string[] = [];
    const network = new MemoryNetwork();
    const a = network.attach('a', 'a1', recorder(log, 'a', 7, 'b1'));
    network.attach('b', 'b1', recorder(log, 'b', 9, 'an older a'));
    network.deliver();
    expect(log.splice(0)).toEqual(['b: up a a1 7', 'a: up b b1 0']);
    a.send('b', frame(1));
    a.send('b', { kind: 'log', message: { kind: 'catch-up', from: 0, incarnation: 'a1' } });
    a.send('nobody', frame(1));
    expect(network.isPending).toBe(true);
    network.deliver();
    expect(log).toEqual(['b: data 1 from a', 'b: log  from a']);
    expect(a.counters).toEqual({ dataFrames: 1, coordinationMessages: 1, otherFrames: 0 });
    expect(network.isPending).toBe(false);
  });

  it('loses what is on its way when a link breaks', () => {
    const log: string[] = [];
    const network = new MemoryNetwork();
    const a = network.attach('a', 'a1', recorder(log, 'a'));
    network.attach('b', 'b1', recorder(log, 'b'));
    network.deliver();
    log.length = 0;
    a.send('b', frame(1));
    network.setLink('a', 'b', false);
    a.send('b', frame(2));
    network.deliver();
    expect(log.splice(0)).toEqual(['a: down b', 'b: down a']);
    network.setLink('a', 'b', true);
    a.send('b', frame(3));
    network.deliver();
    expect(log).toEqual(['a: up b b1 0', 'b: up a a1 0', 'b: data 3 from a']);
  });
});

describe('a delayed transport', () => {
  const start = (
    seed: number,
  ): { sent: string[]; time: ManualScheduler; delayed: DelayedTransport } => {
    const sent: string[] = [];
    const inner: Transport = {
      counters: { dataFrames: 0, coordinationMessages: 0, otherFrames: 0 },
      send: (peer, got) => sent.push(`${peer}${'seq' in got ? got.seq : ''}`),
      close: () => {
        sent.push('closed');
        return Promise.resolve();
      },
    };
    const time = new ManualScheduler();
    return { sent, time, delayed: new DelayedTransport(inner, 50, new Prng(seed), time) };
  };
  const order = (seed: number): string[] => {
    const { sent, time, delayed } = start(seed);
    for (let seq = 1; seq <= 8; seq++) delayed.send('b', frame(seq));
    time.advance(50);
    return sent;
  };

  it('reorders frames within its bound, the same way for the same seed', () => {
    const sent = order(1);
    expect([...sent].sort()).toEqual(['b1', 'b2', 'b3', 'b4', 'b5', 'b6', 'b7', 'b8']);
    expect(sent).not.toEqual([...sent].sort());
    expect(order(1)).toEqual(sent);
    expect(order(2)).not.toEqual(sent);
  });

  it('loses what is on its way to a peer whose link changes', () => {
    const { sent, time, delayed } = start(1);
    delayed.send('b', frame(1));
    delayed.send('c', frame(1));
    delayed.linkChanged('b');
    time.advance(50);
    expect(sent).toEqual(['c1']);
  });

  it('lets everything arrive before it closes', async () => {
    const { sent, time, delayed } = start(1);
    delayed.send('b', frame(1));
    delayed.send('b', frame(2));
    await delayed.close();
    expect(sent).toEqual(['b1', 'b2', 'closed']);
    expect(time.pending).toBe(0);
  });
});

describe('a dialler', () => {
  it('tries at intervals that double up to a bound, and begins anew after a success', () => {
    const time = new ManualScheduler();
    const dials: number[] = [];
    let isWanted = true;
    const dialler = new Dialler(
      () => {
        dials.push(time.nowMs);
        if (dials.length < 6) dialler.failed();
        else dialler.succeeded();
      },
      () => isWanted,
      { firstMs: 10, longestMs: 50 },
      time,
    );
    dialler.start();
    time.advance(1000);
    expect(dials).toEqual([0, 10, 30, 70, 120, 170]);
    dialler.linkLost();
    time.advance(10);
    expect(dials.at(-1)).toBe(1010);
    dialler.linkLost();
    isWanted = false;
    time.advance(1000);
    expect(dials).toHaveLength(7);
  });
});
