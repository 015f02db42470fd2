import { describe, expect, it } from 'vitest';
import { TimestepWatch, type WatchOptions } from '../../../src/host/timestep-watch.js';
import { fakeEvaluator } from '../node/fake-evaluator.js';

function watched(options: WatchOptions) {
  const clock = { nowMs: 5000 };
  const watch = new TimestepWatch({ nowMs: () => clock.nowMs, ...options });
  const evaluator = watch.over(fakeEvaluator(() => ({})));
  const begin = () => evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot: null });
  return { clock, watch, begin };
}

describe('a watch over timesteps', () => {
  it('bounds the time of each', () => {
    const { clock, watch, begin } = watched({ maxSeconds: 1.5 });
    begin();
    clock.nowMs += 1500;
    expect(watch.checkpoint(0)).toBeNull();
    clock.nowMs += 1;
    expect(watch.checkpoint(0)).toBe('the timestep took more than 1.5 s');
    begin();
    expect(watch.checkpoint(0)).toBeNull();
  });

  it('bounds the memory of the process, and does not ask for it all the time', () => {
    let asked = 0;
    const memory = () => (++asked > 2 ? 3 * 2 ** 20 : 2 * 2 ** 20);
    const { clock, watch, begin } = watched({ maxMemory: 2, memory });
    begin();
    for (let i = 0; i < 100; i++) expect(watch.checkpoint(0)).toBeNull();
    expect(asked).toBe(1);
    clock.nowMs += 5;
    expect(watch.checkpoint(0)).toBeNull();
    clock.nowMs += 5;
    expect(watch.checkpoint(0)).toBe('the process went beyond 2 MiB of memory');
  });

  it('tells how many timesteps there have been', () => {
    const told: number[] = [];
    const { clock, begin } = watched({ tellTimesteps: (timesteps) => told.push(timesteps) });
    for (let i = 0; i < 6; i++) {
      begin();
      clock.nowMs += 40;
    }
    expect(told).toEqual([0, 3]);
  });

  it('cuts a timestep off that takes longer than it may, but no other', () => {
    const { clock, watch, begin } = watched({});
    const run = (ms: number) =>
      watch.within(50, () => {
        const commit = begin();
        clock.nowMs += ms;
        watch.checkpoint(0);
        return commit;
      });
    expect([run(50)?.kind, run(51), run(50)?.kind]).toEqual(['commit', null, 'commit']);
    begin();
    clock.nowMs += 1000;
    expect(watch.checkpoint(0)).toBeNull();
  });

  it('tells how far a timestep has come', () => {
    const told: (readonly [number, number])[] = [];
    const { clock, watch, begin } = watched({ tell: (...news) => told.push(news) });
    begin();
    watch.checkpoint(1);
    clock.nowMs += 50;
    watch.checkpoint(2);
    clock.nowMs += 50;
    watch.checkpoint(3);
    expect(told).toEqual([
      [1, 0],
      [3, 100],
    ]);
  });
});
