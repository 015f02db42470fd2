/** The checker of all schedules: it covers what there is to cover, and its schedules are real. */
import { describe, expect, it } from 'vitest';
import { bareSubject } from '../../../src/cli/subject.js';
import { makeComparableFactory } from '../../../src/compiler/node-program.js';
import type { Row } from '../../../src/base/value.js';
import { checkSchedules, usualScheduleBounds } from '../../../src/simulator/check-schedules.js';
import { explore } from '../../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import type { Outcome } from '../../../src/simulator/outcome.js';
import { playTurns } from '../../../src/simulator/play-turns.js';
import { writeSchedule } from '../../../src/simulator/write-schedule.js';
import { compileSound } from '../../support/compile-text.js';
import { caseText, mentions, randomCase } from '../../support/random-analysis-programs.js';

const bounds = { maxTuples: 2000 };
type Put = readonly [node: string, relation: string, row: Row];

function checked(
  text: string,
  puts: readonly Put[],
  limits: Partial<typeof usualScheduleBounds> = {},
) {
  const compiled = compileSound(text);
  const inputs = puts.map(([node, relation, row]) => ({ node, relation, row, atMs: null }));
  const nodes = ['n1', 'n2'];
  const subject = bareSubject(
    { compiled, nodes, members: nodes, workload: { facts: [], inputs } },
    bounds,
  );
  const evaluators = makeComparableFactory(compiled, bounds);
  const result = checkSchedules(subject, evaluators, { ...usualScheduleBounds, ...limits });
  return { subject, result };
}

const finals = (
  result: ReturnType<typeof checked>['result'],
  relation: string,
): readonly string[] =>
  [...new Set(result.outcomes.map(({ final }) => JSON.stringify(final.get(relation))))].sort();

const fan = `static peer(n: addr); peer("n1"); peer("n2"); channel c(@to: addr, x: int); input i(x: int);
  c(n, x)@async :- i(x), peer(n);`;

describe('all schedules', () => {
  it('of a monotone program come to one outcome', () => {
    const text = `${fan} table t(x: int); t(x) :- c(_, x); output o(x: int, y: int); o(x, y) :- t(x), t(y);`;
    const { result } = checked(text, [
      ['n1', 'i', [1]],
      ['n2', 'i', [2]],
    ]);
    expect(result).toMatchObject({ isComplete: true, limit: null });
    expect(result.outcomes).toHaveLength(1);
    expect(result.states).toBeGreaterThan(20);
    // Evaluations are far fewer than the ways that lead through the states.
    expect(result.timesteps).toBeLessThan(100);
  });

  it('of a race come to every outcome that it has', () => {
    const text = `${fan} table k(z: int => x: int); upsert k(0, x) :- c(_, x); view v(x: int); v(x) :- k(_, x);`;
    const { result } = checked(text, [
      ['n1', 'i', [1]],
      ['n1', 'i', [2]],
    ]);
    // Two replicas, each of which ends with either; or nothing, where both came in one batch and conflict.
    expect(result.isComplete).toBe(true);
    expect(finals(result, 'v')).toEqual([
      '[["n1",1],["n2",1]]',
      '[["n1",1],["n2",2]]',
      '[["n1",2],["n2",1]]',
      '[["n1",2],["n2",2]]',
      '[]',
    ]);
  });

  it('include boots, batches that meet, and messages that come twice', () => {
    const both = `${fan} output o(x: int, y: int); o(x, y) :- c(_, x), c(_, y), x < y;`;
    const puts: Put[] = [
      ['n1', 'i', [1]],
      ['n1', 'i', [2]],
    ];
    expect(checked(both, puts).result.outcomes.length).toBeGreaterThan(1);
    const atBoot = `input i(x: int); output o(x: int); o(x) :- i(x), boot(_);`;
    expect(checked(atBoot, [['n1', 'i', [1]]]).result.outcomes).toHaveLength(2);
    const counting = `${fan} table n(z: int => c: int); n(0, 0); upsert n(0, c + 1) :- c(_, _), n(_, c);
      view v(c: int); v(c) :- n(_, c);`;
    const one: Put[] = [['n1', 'i', [1]]];
    expect(checked(counting, one, { duplicates: 0 }).result.outcomes).toHaveLength(1);
    expect(checked(counting, one, { duplicates: 1 }).result.outcomes.length).toBeGreaterThan(1);
  });

  it('with timers go on until a round of firings changes nothing', () => {
    const pacing = `periodic tick(50ms); input i(x: int); table t(x: int); output o(x: int);
      t(x) :- i(x); o(x) :- t(x), tick(_, _);`;
    const { result } = checked(pacing, [['n1', 'i', [1]]]);
    expect(result).toMatchObject({ isComplete: true });
    expect(result.outcomes.map(({ ever }) => ever.get('o'))).toEqual([[['n1', 1]]]);
    const counting = `periodic tick(50ms); output o(n: int); o(n) :- tick(n, _);`;
    expect(checked(counting, []).result).toMatchObject({ isComplete: false, limit: 'timers' });
  });

  it('with timers go on until no number of firings would change anything', () => {
    const text = `periodic tick(50ms); table t(x: int); output o(x: int); t(1) :- tick(n, _), n >= 9;
      t(2) :- t(1), tick(n, _), n > 1000; o(x) :- t(x);`;
    const { result } = checked(text, []);
    expect(result.isComplete).toBe(true);
    expect(finals(result, 'o')).toEqual(['[["n1",1],["n1",2],["n2",1],["n2",2]]']);
  });

  it('beyond the bound are said to be left out', () => {
    const text = `${fan} table t(x: int); t(x) :- c(_, x); output o(x: int); o(x) :- t(x);`;
    const puts = [1, 2, 3].map((x): Put => ['n1', 'i', [x]]);
    const { result } = checked(text, puts, { states: 100 });
    expect(result).toMatchObject({ isComplete: false, limit: 'states' });
  });
});

describe('against runs of real nodes', () => {
  it('every outcome has a schedule that comes to it, and no random schedule has another', () => {
    let compared = 0;
    for (let seed = 1; seed <= 40; seed++) {
      const one = { ...randomCase(seed), nodes: ['n1', 'n2'] };
      // The clock of real nodes does not stand still.
      if (mentions(one.clauses, 'now')) continue;
      let made: ReturnType<typeof checked>;
      try {
        const puts = one.inputs
          .slice(0, 2)
          .map(({ node, relation, row }) => [node!, relation, row] as const);
        made = checked(caseText(one), puts, { states: 4000 });
      } catch {
        continue;
      }
      const { subject, result } = made;
      if (!result.isComplete || subject.program.periodics.length > 0) continue;
      compared += 1;
      const text = ({ ever, final }: Pick<Outcome, 'ever' | 'final'>): string =>
        JSON.stringify([[...ever], [...final]]);
      const known = new Set(result.outcomes.map(text));
      for (const outcome of result.outcomes) {
        const run = playTurns(subject, writeSchedule(subject, outcome.moves));
        expect(text(run.outcome), `seed ${seed}\n${caseText(one)}`).toBe(text(outcome));
      }
      const options = { ...defaultSimulationOptions, duplicate: 0, firstSeed: 1, runs: 12 };
      for (const { outcome } of explore(subject, options).outcomes)
        expect(known.has(text(outcome)), `seed ${seed}\n${caseText(one)}`).toBe(true);
    }
    expect(compared).toBeGreaterThan(10);
  });
});
