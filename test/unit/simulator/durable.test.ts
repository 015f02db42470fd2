/** What comes through a durable channel comes once in every simulated schedule, and all else may come twice. */
import { describe, expect, it } from 'vitest';
import { bareSubject } from '../../../src/cli/subject.js';
import { makeComparableFactory } from '../../../src/compiler/node-program.js';
import { checkSchedules, usualScheduleBounds } from '../../../src/simulator/check-schedules.js';
import { findDivergence } from '../../../src/simulator/find-divergence.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import type { Outcome } from '../../../src/simulator/outcome.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { compileSound } from '../../support/compile-text.js';

const bounds = { maxTuples: 2000 };
const nodes = ['n1', 'n2'];

/** Counts what it takes: a message that came twice would show. */
const counting = (kind: string): string => `${kind} pay(@to: addr, id: int);
input order(id: int);
table count(k: int => n: int);
scratch come(n: int);
view total(n: int);
count(0, 0);
pay("n2", i)@async :- order(i);
come(count<i>) :- pay(_, i);
upsert count(0, n + m) :- come(m), count(0, n);
total(n) :- count(_, n), n > 0;`;

function partsOf(kind: string) {
  const compiled = compileSound(counting(kind));
  const inputs = [1, 2].map((id) => ({ node: 'n1', relation: 'order', row: [id], atMs: null }));
  const parts = { compiled, nodes, members: nodes, workload: { facts: [], inputs } };
  return { compiled, subject: bareSubject(parts, bounds) };
}

const finalsOf = (outcomes: readonly Pick<Outcome, 'final'>[]): ReadonlySet<string> =>
  new Set(outcomes.map(({ final }) => JSON.stringify(final.get('total'))));

describe('a message that would count twice', () => {
  it.each([
    ['channel', false],
    ['durable channel', true],
  ])('through a %s: outcomes of all schedules', (kind, isOne) => {
    const { compiled, subject } = partsOf(kind);
    const evaluators = makeComparableFactory(compiled, bounds);
    const result = checkSchedules(subject, evaluators, { ...usualScheduleBounds, duplicates: 2 });
    expect(result.isComplete).toBe(true);
    expect(finalsOf(result.outcomes).size === 1).toBe(isOne);
  });

  it.each([
    ['channel', true],
    ['durable channel', false],
  ])('through a %s: random schedules', (kind, differs) => {
    const { subject } = partsOf(kind);
    const totals = new Set<string>();
    for (let seed = 1; seed <= 40; seed++) {
      const options = { ...defaultSimulationOptions, duplicate: 0.5, seed };
      totals.add(JSON.stringify(simulateRun(subject, options).outcome.final.get('total')));
    }
    expect(totals.size > 1).toBe(differs);
    expect(totals).toContain('[["n2",2]]');
  });

  it.each([
    ['channel', true],
    ['durable channel', false],
  ])('through a %s: a directed search', (kind, isFound) => {
    const { subject } = partsOf(kind);
    const search = { observable: 'total', kinds: ['final'], turns: 20_000 } as const;
    expect(findDivergence(subject, search) !== null).toBe(isFound);
  });
});
