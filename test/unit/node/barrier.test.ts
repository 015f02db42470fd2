/** A node's part in a barrier: what it counts, holds back and tells. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { Barrier } from '../../../src/node/barrier.js';
import { batchesOf, firingOf, type Batch } from '../../../src/node/inbox.js';
import { BenchNode } from './bench-node.js';
import { configuration } from './fake-evaluator.js';

const program = {
  quiet: 'quiet',
  mark: 'mark',
  open: 'open',
  pass: 'pass',
  report: 'report',
  phases: 3,
  asked: new Set(['open', 'probe']),
  spoken: new Set(['open', 'probe', 'report']),
  counted: new Set(['data']),
  held: new Set(['put', 'tick']),
};

function booted(): Barrier {
  const barrier = new Barrier('a', program);
  barrier.start('a1');
  barrier.passed([]);
  barrier.takeNews();
  return barrier;
}

function from(relation: string, ...rows: Row[]): Batch {
  return { origin: { kind: 'peer', peer: 'b' }, content: [{ relation, rows }] };
}
const put = (x: number): Batch => batchesOf('put', [[x]])[0]!;

describe('a barrier at a node', () => {
  it('numbers what counts, by receiver, and nothing else', () => {
    const barrier = booted();
    const data = { receiver: 'b', content: [{ relation: 'data', rows: [['b', 1]] }] };
    const other = { receiver: 'b', content: [{ relation: 'other', rows: [['b', 1]] }] };
    expect(barrier.numbered(other)).toBe(other);
    expect(barrier.numbered(data).content[1]).toEqual({
      relation: 'mark',
      rows: [['b', 'a', 'a1', 1]],
    });
    expect(barrier.numbered(data).content[1]!.rows).toEqual([['b', 'a', 'a1', 2]]);
    expect(barrier.numbered({ ...data, receiver: 'c' }).content[1]!.rows).toEqual([
      ['c', 'a', 'a1', 1],
    ]);
    expect(barrier.takeNews()?.rows).toEqual([[3, 0, 0, false]]);
  });

  it('counts what comes twice once', () => {
    const barrier = booted();
    barrier.passed([from('mark', ['a', 'b', 'b1', 2]), from('mark', ['a', 'b', 'b1', 1])]);
    barrier.passed([from('mark', ['a', 'b', 'b1', 2])]);
    expect(barrier.takeNews()?.rows).toEqual([[0, 2, 0, false]]);
  });

  it('says that the count is spoilt when a sender has begun a new life', () => {
    const barrier = booted();
    barrier.passed([from('mark', ['a', 'b', 'b1', 1])]);
    barrier.passed([from('mark', ['a', 'b', 'b2', 1])]);
    expect(barrier.takeNews()?.rows).toEqual([[0, 2, 0, true]]);
    barrier.passed([from('probe')]);
    expect(barrier.takeNews()?.rows[0]![3]).toBe(true);
  });

  it('holds inputs back until an epoch opens, in their order, and once', () => {
    const barrier = booted();
    expect(barrier.holds(from('put'))).toBe(true);
    expect(barrier.holds(put(2))).toBe(true);
    expect(barrier.holds(batchesOf('free', [[1]])[0]!)).toBe(false);
    expect(barrier.takeNews()?.rows).toEqual([[0, 0, 1 + 1, false]]);
    expect(barrier.takeNews()).toBeNull();
    expect(barrier.passed([from('open', ['a', 3, true])])).toEqual([from('put'), put(2)]);
    expect(barrier.holds(put(4))).toBe(true);
    // The message that opened the epoch comes again.
    expect(barrier.passed([from('open', ['a', 3, true])])).toEqual([]);
    expect(barrier.passed([from('open', ['a', 6, true])])).toEqual([put(4)]);
  });

  it('holds them back beyond an epoch that takes none', () => {
    const barrier = booted();
    barrier.holds(put(1));
    expect(barrier.passed([from('open', ['a', 3, false])])).toEqual([]);
    expect(barrier.passed([from('open', ['a', 6, true])])).toEqual([put(1)]);
  });

  it('keeps the last firing of a timer only', () => {
    const barrier = booted();
    barrier.holds(firingOf('tick', [1, 10]));
    barrier.holds(put(1));
    barrier.holds(firingOf('tick', [2, 20]));
    expect(barrier.passed([from('open', ['a', 3, true])])).toEqual([
      firingOf('tick', [2, 20]),
      put(1),
    ]);
  });

  it('lets in what is there before the first timestep', () => {
    const barrier = new Barrier('a', program);
    expect(barrier.holds(put(1))).toBe(false);
    expect(barrier.takeNews()).toBeNull();
    barrier.passed([put(1)]);
    expect(barrier.holds(put(2))).toBe(true);
  });

  it('tells again when it is asked, and not otherwise', () => {
    const barrier = booted();
    barrier.passed([from('other', [1])]);
    expect(barrier.takeNews()).toBeNull();
    barrier.passed([from('probe', ['a', 0, 1])]);
    expect(barrier.takeNews()?.rows).toEqual([[0, 0, 0, false]]);
  });
});

describe('a node with a barrier', () => {
  it('sends the word to go on by itself, so that nothing bad goes with it', () => {
    const barrier = { ...program, open: 'other', spoken: new Set(['other']) };
    const bench = new BenchNode(configuration('a', ['a', 'b'], { barrier }), (rowsOf) => ({
      send: ['msg', 'other'].map((relation) => ({
        relation,
        rows: rowsOf('put').map(([x]) => ['b', x!]),
      })),
    })).start('a1');
    bench.link('b', 'b1');
    bench.put([1]);
    bench.tick();
    const sent = bench.effects.flatMap((effect) =>
      effect.kind === 'send' && effect.frame.kind === 'data'
        ? [effect.frame.batch.map(({ relation }) => relation)]
        : [],
    );
    expect(sent).toEqual([['msg'], ['other']]);
  });
});
