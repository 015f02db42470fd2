/** When a node runs a timestep, and what it does when one fails. */
import { describe, expect, it } from 'vitest';
import { BenchNode, rows } from './bench-node.js';
import { configuration } from './fake-evaluator.js';
import type { Rules } from './fake-evaluator.js';

const alone = (rules: Rules): BenchNode => new BenchNode(configuration('a', ['a']), rules);
const storing: Rules = (rowsOf) => ({ store: rowsOf('put') });

describe('a timestep that the host stops', () => {
  const slow: Rules = (rowsOf) =>
    rowsOf('put').length > 0
      ? { fail: 'took more than 1 s', bound: true, isOfHost: true }
      : { next: [['token']] };

  it('stops the node, which rejects nothing and runs nothing more', () => {
    const bench = alone(slow).start();
    bench.tick();
    bench.put([1]);
    bench.put([2]);
    bench.tick();
    expect(bench.of('halt')).toEqual([{ kind: 'halt', code: 4 }]);
    expect(bench.of('report').map(({ failedBatch, diagnostic }) => [failedBatch, diagnostic.code]))
      // One report, and no batch is called bad.
      .toEqual([[false, 'TRL0808']]);
    expect(bench.evaluator.inputs).toHaveLength(2);
    expect(bench.feed({ kind: 'tick' })).toEqual([]);
  });
});

describe('a node', () => {
  it('runs a timestep at boot, and is then quiet', () => {
    const bench = alone(storing).start();
    expect(bench.rest()).toBe(1);
    expect(bench.evaluator.inputs[0]?.boot).toEqual({ first: true });
  });

  it('runs nothing on a tick that it has not asked for', () => {
    const bench = alone(storing);
    bench.feed({ kind: 'tick' });
    bench.start().rest();
    bench.feed({ kind: 'tick' });
    expect(bench.evaluator.inputs).toHaveLength(1);
  });

  it('asks for one tick only, however many events wait', () => {
    const bench = alone(storing).start();
    bench.put([1]);
    bench.put([2]);
    expect(bench.of('request-tick')).toHaveLength(1);
  });

  it('takes all batches that wait in one timestep, and runs again after a change', () => {
    const bench = alone(storing).start();
    bench.rest();
    bench.put([1]);
    bench.put([2]);
    expect(bench.rest()).toBe(2);
    expect(bench.taken()).toEqual(['', 'put[[1],[2]]', '']);
    bench.put([1]);
    expect(bench.rest()).toBe(1);
  });

  it('carries @next tuples and is quiet when they stay the same', () => {
    const bench = alone((rowsOf) => ({
      next: rowsOf('put').length > 0 ? [['token']] : rowsOf('next'),
    })).start();
    bench.rest();
    bench.put([1]);
    expect(bench.rest()).toBe(2);
    bench.put();
    bench.tick();
    expect(bench.evaluator.inputs.at(-1)?.nextTuples).toEqual(rows('next', ['token']));
  });

  it('gives a timestep one line of stdin', () => {
    const bench = alone((rowsOf) => ({ store: rowsOf('stdin') })).start();
    bench.feed({ kind: 'insert', relation: 'stdin', rows: [['x'], ['y']] });
    bench.feed({ kind: 'insert', relation: 'stdin', rows: [['z']] });
    bench.put([1]);
    bench.rest();
    const lines = bench.taken().filter((text) => text !== '');
    expect(lines).toEqual(['put[[1]] stdin[["x"]]', 'stdin[["y"]]', 'stdin[["z"]]']);
  });

  it('shows what a committed timestep released, with its number', () => {
    const bench = alone((rowsOf) => ({ release: rowsOf('put') })).start();
    bench.rest();
    bench.put([7]);
    bench.rest();
    expect(bench.of('observe')).toEqual([
      { kind: 'observe', timestep: 2, relation: 'out', added: [[7]], removed: [] },
    ]);
  });

  it('hands over the effects of the timestep that halts, and is then dead', () => {
    const bench = new BenchNode(configuration('a', ['a', 'b']), (rowsOf) =>
      rowsOf('put').length > 0 ? { halt: 3, release: [[1]], send: rows('msg', ['b', 1]) } : {},
    ).start();
    bench.rest();
    bench.put([1]);
    const kinds = bench
      .tick()
      .map((effect) => (effect.kind === 'send' ? effect.frame.kind : effect.kind));
    expect(kinds).toEqual(['observe', 'data', 'bye', 'halt']);
    expect(bench.of('halt')).toEqual([{ kind: 'halt', code: 3 }]);
    expect(bench.put([2])).toEqual([]);
    expect(bench.feed({ kind: 'tick' })).toEqual([]);
  });

  it('says farewell on stop, without ending by itself', () => {
    const bench = new BenchNode(configuration('a', ['a', 'b']), storing).start();
    bench.link('b', 'b1');
    expect(bench.feed({ kind: 'stop' })).toEqual([
      { kind: 'send', peer: 'b', frame: { kind: 'bye' } },
    ]);
    expect(bench.put([1])).toEqual([]);
  });

  it('stops without an acknowledgement when storage fails', () => {
    const bench = new BenchNode(configuration('a', ['a', 'b']), storing).start();
    bench.rest();
    bench.data('b', 1, rows('msg', ['a', 1]));
    bench.feed({ kind: 'persisted', seq: 1 });
    bench.feed({ kind: 'persist-failed', seq: 2, reason: 'disk full' });
    expect(bench.codes()).toEqual(['TRL0857']);
    expect(bench.of('halt')).toEqual([{ kind: 'halt', code: 5 }]);
    expect(bench.sent('b').filter(({ kind }) => kind === 'ack')).toEqual([]);
    expect(bench.put([1])).toEqual([]);
  });
});

describe('a timestep that fails', () => {
  /** Two different puts in one timestep conflict; 13 fails always. */
  const picky: Rules = (rowsOf) => {
    const puts = rowsOf('put');
    if (puts.some(([x]) => x === 13)) return { fail: '13 is unlucky' };
    return puts.length > 1 ? { fail: 'conflict' } : { store: puts, release: puts };
  };

  it('runs again one batch at a time, in order, and rejects what fails alone', () => {
    const bench = alone(picky).start();
    bench.rest();
    for (const x of [1, 13, 2]) bench.put([x]);
    bench.tick();
    expect(bench.taken().slice(1)).toEqual([
      'put[[1],[13],[2]]',
      'put[[1]]',
      'put[[13]]',
      'put[[2]]',
    ]);
    expect(bench.node.query('put')).toEqual([[1], [2]]);
    expect(bench.codes()).toEqual(['TRL0851', 'TRL0850']);
    expect(bench.of('report').map(({ failedBatch }) => failedBatch)).toEqual([false, true]);
    expect(bench.node.counters).toMatchObject({
      timesteps: 3,
      failedTimesteps: 2,
      rejectedBatches: 1,
    });
    const [, rejected] = bench.of('report');
    expect(rejected?.diagnostic.message).toContain('13 is unlucky');
    expect(rejected?.diagnostic.notes?.join()).toContain('put(13)');
    expect(bench.rest()).toBe(1);
  });

  it('over one batch is not tried twice, and nothing of it gets out', () => {
    const bench = alone(picky).start();
    bench.rest();
    bench.put([13]);
    const effects = bench.tick();
    expect(effects.map(({ kind }) => kind)).toEqual(['report']);
    expect(bench.evaluator.inputs).toHaveLength(2);
    expect(bench.isTickRequested).toBe(false);
  });

  it('is told as a bound when a bound stopped it', () => {
    const bench = alone((rowsOf) =>
      rowsOf('put').length > 0 ? { fail: 'too many', bound: true } : {},
    ).start();
    bench.rest();
    bench.put([1]);
    bench.rest();
    expect(bench.of('report')[0]?.failure?.bound).toBe(true);
  });

  it('counts the @next tuples as a batch of their own, which comes first', () => {
    const bench = alone((rowsOf) => {
      const [puts, next] = [rowsOf('put'), rowsOf('next')];
      if (puts.length > 0 && next.length > 0) return { fail: 'they meet' };
      if (puts.some(([x]) => x === 0)) return { next: [['n']] };
      return { store: puts, release: next };
    }).start();
    bench.rest();
    bench.put([0]);
    bench.tick();
    bench.put([5]);
    bench.tick();
    expect(
      bench.evaluator.inputs
        .slice(2)
        .map(({ events, nextTuples }) => [events.length, nextTuples.length]),
    ).toEqual([
      [1, 1],
      [0, 1],
      [1, 0],
    ]);
    expect(bench.node.query('put')).toEqual([[5]]);
    expect(bench.node.counters.rejectedBatches).toBe(0);
  });

  it('lets go of @next tuples that fail alone', () => {
    const bench = alone((rowsOf) =>
      rowsOf('next').length > 0
        ? { fail: 'poison' }
        : { next: rowsOf('put').filter(([x]) => x === 0), store: rowsOf('put') },
    ).start();
    bench.rest();
    bench.put([0]);
    bench.tick();
    bench.put([1]);
    bench.rest();
    expect(bench.node.query('put')).toEqual([[0], [1]]);
    expect(bench.node.counters.rejectedBatches).toBe(1);
  });

  it('does not reject a batch for the @next tuples that the batch before it left', () => {
    const bench = alone((rowsOf) => {
      const [puts, next] = [rowsOf('put'), rowsOf('next')];
      if (puts.length + next.length > 1) return { fail: 'crowded' };
      return { store: puts, next: puts.map(([x]) => [x!]) };
    }).start();
    bench.rest();
    bench.put([1]);
    bench.put([2]);
    bench.rest();
    expect(bench.node.query('put')).toEqual([[1], [2]]);
    expect(bench.node.counters.rejectedBatches).toBe(0);
  });

  it('stops a node that cannot boot', () => {
    const bench = alone(() => ({ fail: 'bad facts' })).start();
    bench.put([1]);
    bench.tick();
    expect(bench.codes()).toEqual(['TRL0851', 'TRL0852']);
    expect(bench.of('halt')).toEqual([{ kind: 'halt', code: 1 }]);
  });

  it('does not spin when the stored state itself fails', () => {
    const bench = alone((rowsOf, stored) =>
      stored.length > 0 ? { fail: 'poisoned' } : { store: rowsOf('put') },
    ).start();
    bench.rest();
    bench.put([1]);
    expect(bench.rest()).toBe(2);
    expect(bench.codes()).toEqual(['TRL0850']);
  });
});

describe('a periodic', () => {
  const beating: Rules = (rowsOf) => ({ store: rowsOf('beat') });
  const program = { periodics: [{ relation: 'beat', periodMs: 100 }] };
  const bench = (): BenchNode => new BenchNode(configuration('a', ['a'], program), beating).start();
  const timer = { kind: 'set-timer', id: 'periodic/beat', purpose: 'periodic' } as const;

  it('fires first one period after boot, with a count and the time that it was due', () => {
    const node = bench();
    expect(node.of('set-timer')).toEqual([{ ...timer, afterMs: 100 }]);
    node.rest();
    node.nowMs = 1103;
    expect(node.feed({ kind: 'timer', id: 'periodic/beat' })[0]).toEqual({ ...timer, afterMs: 97 });
    node.tick();
    expect(node.node.query('beat')).toEqual([[1, 1100]]);
  });

  it('does not fire in the timestep of boot, however late that is', () => {
    const node = bench();
    node.nowMs = 1103;
    node.feed({ kind: 'timer', id: 'periodic/beat' });
    node.tick();
    expect(node.node.query('beat')).toEqual([]);
    node.nowMs = 1200;
    node.feed({ kind: 'timer', id: 'periodic/beat' });
    node.tick();
    expect(node.node.query('beat')).toEqual([[2, 1200]]);
  });

  it('waits on when its timer is early', () => {
    const node = bench();
    node.rest();
    node.nowMs = 1099;
    expect(node.feed({ kind: 'timer', id: 'periodic/beat' })).toEqual([{ ...timer, afterMs: 1 }]);
  });

  it('coalesces missed firings into the latest', () => {
    const node = bench();
    node.rest();
    for (const nowMs of [1100, 1200, 1540]) {
      node.nowMs = nowMs;
      node.feed({ kind: 'timer', id: 'periodic/beat' });
    }
    node.tick();
    expect(node.node.query('beat')).toEqual([[5, 1500]]);
    expect(node.of('set-timer').at(-1)).toEqual({ ...timer, afterMs: 60 });
  });
});
