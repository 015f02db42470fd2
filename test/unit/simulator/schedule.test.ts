import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventQueue } from '../../../src/simulator/event-queue.js';
import { Schedule, scheduleStyles, styleOfSeed } from '../../../src/simulator/schedule.js';
import { Wire } from '../../../src/simulator/wire.js';
import { options } from './scripted-subject.js';

describe('the event queue', () => {
  it('gives events by time, rank, tie and sequence', () => {
    const entry = fc.record({ at: fc.nat(5), rank: fc.nat(1), tie: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 60 }), (entries) => {
        const queue = new EventQueue<number>();
        entries.forEach(({ at, rank, tie }, index) => queue.push(at, rank, tie, index));
        const taken = entries.map(() => queue.pop()!.content);
        const sorted = entries.map((_, index) => index);
        sorted.sort((a, b) => {
          const [x, y] = [entries[a]!, entries[b]!];
          return x.at - y.at || x.rank - y.rank || x.tie - y.tie || a - b;
        });
        expect(taken).toEqual(sorted);
        expect(queue.pop()).toBeUndefined();
      }),
    );
  });
});

describe('the wire', () => {
  it('numbers frames in order of arrival and acknowledges only what has arrived without gaps', () => {
    const wire = new Wire();
    expect([wire.arrive(3, false), wire.arrive(1, false), wire.arrive(1, true)]).toEqual([1, 2, 3]);
    expect(wire.acknowledge(1)).toBeNull();
    expect(wire.acknowledge(3)).toBe(1);
    expect(wire.acknowledge(3)).toBeNull();
    expect(wire.arrive(2, false)).toBe(4);
    expect(wire.acknowledge(4)).toBe(3);
  });

  it('passes over what a sender repeats although it has arrived', () => {
    const wire = new Wire();
    expect([1, 2, 4].map((seq) => wire.arrive(seq, false))).toEqual([1, 2, 3]);
    expect(wire.tellArrived()).toBe(2);
    expect([2, 3, 4].map((seq) => wire.arrive(seq, false))).toEqual([null, 4, null]);
    expect(wire.tellArrived()).toBe(4);
    // The second copy of a batch may overtake the first: both are batches.
    expect([5, 5].map((seq) => wire.arrive(seq, true))).toEqual([5, null]);
    expect(wire.tellArrived()).toBe(5);
    expect(wire.arrive(5, false)).toBe(6);
    expect(wire.acknowledge(6)).toBe(5);
  });
});

describe('a schedule', () => {
  const nodes = ['a', 'b', 'c'];

  it('goes through all styles with consecutive seeds, below zero too', () => {
    const count = scheduleStyles.length;
    expect(new Set(Array.from({ length: count }, (_, i) => styleOfSeed(i - 4)))).toEqual(
      new Set(scheduleStyles),
    );
  });

  it('keeps delays and boots within the options, in whole milliseconds', () => {
    const draw = fc.record({
      seed: fc.integer(),
      maxDelayMs: fc.nat(100),
      bootJitterMs: fc.nat(100),
    });
    fc.assert(
      fc.property(draw, fc.nat(10_000), ({ seed, maxDelayMs, bootJitterMs }, nowMs) => {
        const schedule = new Schedule(options(seed, { maxDelayMs, bootJitterMs }), nodes);
        for (const node of nodes) {
          expect(schedule.bootMs(node)).toBeLessThanOrEqual(bootJitterMs);
          const delays = [schedule.message('a', node, nowMs).delayMs, schedule.tick(node).delayMs];
          for (const delay of delays) {
            expect(Number.isInteger(delay) && delay >= 0 && delay <= maxDelayMs).toBe(true);
          }
        }
      }),
    );
  });

  it('draws each choice from a stream of its own', () => {
    const quiet = new Schedule(options(1), nodes);
    const busy = new Schedule(options(1), nodes);
    for (let i = 0; i < 10; i++) busy.message('a', 'b', i);
    expect(busy.message('a', 'c', 10)).toEqual(quiet.message('a', 'c', 10));
    expect(busy.tick('c')).toEqual(quiet.tick('c'));
  });

  it('reverses the messages of a window at some nodes, and at others not', () => {
    const orders = Array.from({ length: 20 }, (_, seed) => {
      const schedule = new Schedule(options(seed, { style: 'reversed', maxDelayMs: 50 }), nodes);
      const first = schedule.message('a', 'b', 3);
      const second = schedule.message('a', 'b', 20);
      expect(3 + first.delayMs).toBe(20 + second.delayMs);
      expect(second.tie).not.toBe(first.tie);
      return second.tie < first.tie;
    });
    expect(new Set(orders)).toEqual(new Set([true, false]));
  });

  it('gathers messages at the end of a window, before the timestep that takes them', () => {
    const schedule = new Schedule(options(1, { style: 'gathered', maxDelayMs: 50 }), nodes);
    const arrivals = Array.from(
      { length: 40 },
      (_, i) => i + schedule.message('a', 'b', i).delayMs,
    );
    expect(new Set(arrivals)).toEqual(new Set([25, 50, 75]));
    expect(schedule.tick('b').tie).toBeGreaterThan(schedule.message('a', 'b', 0).tie);
  });

  it('keeps the time of an input when another is left out', () => {
    const times = (labels: readonly string[]) =>
      new Schedule(options(1, { style: 'even' }), nodes).inputs(labels, 0);
    expect(times(['x', 'z'])).toEqual([times(['x', 'y', 'z'])[0], times(['x', 'y', 'z'])[2]]);
  });

  it('lets a trickle of inputs come one by one, far apart, and all before the horizon', () => {
    const labels = Array.from({ length: 20 }, (_, i) => `input ${i}`);
    const inputs = new Schedule(options(1, { style: 'trickle' }), nodes).inputs(labels, 100);
    const times = inputs.map(({ delayMs }) => delayMs).sort((a, b) => a - b);
    times.slice(1).forEach((time, index) => expect(time - times[index]!).toBeGreaterThan(200));
    expect(times.at(-1)).toBeLessThan(10_000);
    expect(inputs.map(({ delayMs }) => delayMs)).not.toEqual(times);
  });
});
