import { describe, expect, it } from 'vitest';
import { findDivergence } from '../../../src/simulator/find-divergence.js';
import { playTurns } from '../../../src/simulator/play-turns.js';
import { subjectOf } from './compiled-subject.js';
import { earlyMinimum, gossip, overwrite, trio } from './scripted-programs.js';
import { scriptedSubject, union } from './scripted-subject.js';

const search = { turns: 20_000 };
const total = (turns: readonly { readonly picks: readonly unknown[] }[]): number => turns.length;

describe('the search for a divergence', () => {
  it('finds two runs that differ, drops inputs that do not matter, and deviates little', () => {
    const found = findDivergence(earlyMinimum([8, 7, 6, 5, 4, 3]), {
      ...search,
      observable: 'winner',
      kinds: ['ever'],
    })!;
    expect(found.a.outcome.ever.get('winner')).not.toEqual(found.b.outcome.ever.get('winner'));
    // Two bids are needed: the lesser must come second, or first.
    expect(found.subject.workload.inputs).toHaveLength(2);
    expect(found.deviations).toContain(0);
    expect(Math.max(...found.deviations)).toBeLessThanOrEqual(2);
    expect(total(found.a.turns)).toBeLessThan(12);
  });

  it('drops inputs that are needed only for each other', () => {
    const text = `input enter(x: int); input leave(x: int); table entered(x: int); table left(x: int);
      scratch came(n: int); scratch went(n: int); output uneven(); entered(x) :- enter(x);
      left(x) :- leave(x); came(count<x>) :- entered(x); went(count<x>) :- left(x);
      uneven() :- came(n), went(m), n != m;`;
    const puts = [1, 2, 3].flatMap((x) => [
      ['n1', 'enter', [x]] as const,
      ['n1', 'leave', [x]] as const,
    ]);
    const wish = { ...search, observable: 'uneven', kinds: ['ever'] } as const;
    expect(findDivergence(subjectOf(text, puts), wish)?.subject.workload.inputs).toHaveLength(4);
  });

  it('gives the two runs again by their turns alone', () => {
    const subject = overwrite();
    const wish = { ...search, observable: 'current', kinds: ['final'] } as const;
    const found = findDivergence(subject, wish)!;
    for (const run of [found.a, found.b]) {
      const again = playTurns(found.subject, run.turns);
      expect(again.turns).toEqual(run.turns);
      expect(again.outcome).toEqual(run.outcome);
    }
    expect(JSON.stringify(findDivergence(subject, wish))).toBe(JSON.stringify(found));
  });

  it('prefers a run in which replicas part', () => {
    const subject = { ...overwrite(), replicated: ['current'] };
    const found = findDivergence(subject, {
      ...search,
      observable: 'current',
      kinds: ['replicas', 'final'],
    })!;
    expect(found.kind).toBe('replicas');
    const [left, right] = found.disagreement!.contents;
    expect(left).not.toEqual(right);
    expect(trio).toEqual(expect.arrayContaining([...found.disagreement!.nodes]));
  });

  it('tells final contents apart from what was ever shown', () => {
    // A view that comes to the same in the end, whatever it showed on the way.
    const settling = scriptedSubject({
      nodes: ['a'],
      observables: { most: 'view' },
      inputs: [1, 2, 3].map((n) => ({ relation: 'put', row: [n] })),
      script: ({ read }) => {
        const all = union(read('all'), read('put'));
        return { tables: { all }, views: { most: all.slice(-1) } };
      },
    });
    const kinds = (...names: ('ever' | 'final' | 'moment')[]) =>
      findDivergence(settling, { ...search, observable: 'most', kinds: names });
    expect(kinds('final')).toBeNull();
    expect(kinds('moment')).toBeNull();
    expect(kinds('ever')).not.toBeNull();
  });

  it('finds nothing in a confluent system, and keeps within its budget', () => {
    const heard = { ...search, observable: 'heard', kinds: ['ever'], maxPlans: 80 } as const;
    expect(findDivergence(gossip(), heard)).toBeNull();
    const poor = { observable: 'current', kinds: ['final'], turns: 1 } as const;
    expect(findDivergence(overwrite(), poor)).toBeNull();
    const late = { ...search, observable: 'current', kinds: ['final'] } as const;
    expect(findDivergence(overwrite(), { ...late, isOverdue: () => true })).toBeNull();
  });

  it('fires timers though nothing comes in, together and late', () => {
    const together = subjectOf(
      `static s(x: int); s(1); periodic one(100ms); periodic two(70ms); output o(x: int);
       o(x) :- s(x), one(_, _), two(_, _);`,
      [],
    );
    const wish = { ...search, observable: 'o' } as const;
    expect(findDivergence(together, { ...wish, kinds: ['moment'] })).not.toBeNull();
    const counted = `periodic beat(100ms); table t(n: int); output o(n: int); o(n) :- t(n);
      t(n) :- beat(n, _)`;
    const few = subjectOf(`${counted}, n < 4;`, []);
    const bounded = findDivergence(few, { ...wish, kinds: ['final'] });
    expect(bounded?.a.quiescent).toBe(true);
    const endless = findDivergence(subjectOf(`${counted};`, []), { ...wish, kinds: ['ever'] })!;
    const firsts = [endless.a, endless.b].map(
      ({ outcome }) => outcome.ever.get('o')!.filter(([, n]) => n === 1).length,
    );
    expect(endless.a.quiescent || endless.b.quiescent).toBe(false);
    expect(firsts[0]).not.toBe(firsts[1]);
  });

  it('takes no run for ended in which a timer has not fired as often as a rule asks', () => {
    for (const bound of ['9', '1000006', '2 * 30', 'to_int(50.5)']) {
      const often = subjectOf(
        `periodic tick(100ms); table t(x: int); output o(x: int); t(1) :- tick(n, _), n + 0 >= ${bound}; o(x) :- t(x);`,
        [],
      );
      const wish = { ...search, observable: 'o', kinds: ['final', 'ever'] } as const;
      expect(findDivergence(often, wish)).toBeNull();
      expect(playTurns(often, []).outcome.final.get('o')).toHaveLength(often.nodes.length);
    }
  });

  it('waits for as many firings as an input says, and leaves no trace of them', () => {
    const late = subjectOf(
      `periodic tick(100ms); input put(n: int); table t(n: int); output o(n: int); t(n) :- put(n);
       o(n) :- t(n), tick(count, _), count > n;`,
      [['n1', 'put', [500]]],
    );
    const { outcome, turns } = playTurns(late, []);
    expect(outcome.ever.get('o')).toEqual([['n1', 500]]);
    // Boots, the input, a firing that is late enough at each node, and rounds before and after it.
    expect(turns.length).toBeLessThan(20);
  });

  it('lets timers fire in the timestep of an input, or of a message', () => {
    const wish = { ...search, observable: 'o', kinds: ['ever'], offenders: ['tick'] } as const;
    const text = `periodic tick(100ms); input put(x: int); output o(x: int);
      channel c(@to: addr, x: int); c(n, x)@async :- put(x), cluster(n);`;
    for (const rule of ['put(x), tick(_, _)', 'put(x), tick(n, _), n > x', 'c(_, x), tick(_, _)']) {
      const subject = subjectOf(`${text} o(x) :- ${rule};`, [['n1', 'put', [50]]]);
      expect(findDivergence(subject, wish)?.subject.workload.inputs, rule).toHaveLength(1);
    }
  });

  it('holds against a run without end only what the other showed early on', () => {
    // Sooner or later both show all of it.
    const late = `periodic beat(100ms); table t(n: int); output o(n: int); t(0); t(1); t(2); t(3);
      table fired(n: int => k: int); view v(n: int); fired(0, 0);
      upsert fired(0, k + 1) :- fired(_, k), beat(_, _); o(n) :- t(n), fired(_, k), k >= n;
      v(k) :- fired(_, k);`;
    const wish = {
      ...search,
      observable: 'o',
      kinds: ['final', 'moment', 'ever'],
      maxPlans: 40,
    } as const;
    expect(findDivergence(subjectOf(late, []), wish)).toBeNull();
  });

  it('takes runs that were cut off for no evidence', () => {
    const busy = overwrite({
      script: ({ read }) => ({
        tables: { count: [[((read('count')[0]?.[0] as number | undefined) ?? 0) + 1]] },
        views: { current: read('count') },
      }),
    });
    const wish = { turns: 30_000, observable: 'current', kinds: ['final'] } as const;
    expect(findDivergence(busy, wish)).toBeNull();
  });
});
