import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/simulator/explore.js';
import { findDivergence } from '../../../src/simulator/find-divergence.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { earlyMinimum, gossip, overwrite, trio } from './scripted-programs.js';
import { options, scriptedSubject, union } from './scripted-subject.js';

const wild = { ...defaultSimulationOptions, duplicate: 0.3, bootJitterMs: 300, firstSeed: 1 };

describe('exploring', () => {
  it('finds one outcome of a confluent system over 200 seeds', () => {
    const found = explore(gossip(), { ...wild, runs: 200 });
    expect(found.outcomes).toHaveLength(1);
    expect(found.outcomes[0]).toMatchObject({
      count: 200,
      seed: 1,
      quiescent: true,
      replicasAgree: true,
    });
    expect(found.seeds).toHaveLength(200);
    expect(found.coordinationMessages).toBe(0);
    expect(found.violations).toEqual([]);
  });

  it('finds the outcomes of an overwrite, and that replicas disagree, within a few runs', () => {
    const found = explore(overwrite(), { ...wild, runs: 18 });
    expect(found.outcomes.length).toBeGreaterThan(2);
    const disagreeing = found.outcomes.find((outcome) => !outcome.replicasAgree)!;
    expect(
      simulateRun(overwrite(), { ...wild, seed: disagreeing.disagreementSeed! }).outcome
        .replicasAgree,
    ).toBe(false);
    expect(found.outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(18);
    for (const { seed, outcome } of found.outcomes) {
      expect(simulateRun(overwrite(), { ...wild, seed }).outcome.key).toBe(outcome.key);
    }
  });

  it('finds that a minimum was sent on too soon', () => {
    expect(explore(earlyMinimum([5, 3, 9]), { ...wild, runs: 18 }).outcomes.length).toBeGreaterThan(
      1,
    );
    expect(explore(earlyMinimum([5]), { ...wild, runs: 36 }).outcomes).toHaveLength(1);
  });

  it('counts a node that holds nothing for none of the replicas', () => {
    const subject = scriptedSubject({
      nodes: ['desk1', 'desk2', 'client'],
      replicated: ['sold'],
      script: ({ node }) => (node === 'client' ? {} : { tables: { sold: [['seat']] } }),
    });
    expect(explore(subject, { ...wild, runs: 2 }).outcomes[0]!.replicasAgree).toBe(true);
  });

  it('leaves the location out when it compares replicas', () => {
    const subject = (value: (node: string) => string) =>
      scriptedSubject({
        nodes: trio,
        located: { copy: 1 },
        replicated: ['copy'],
        script: ({ node }) => ({ tables: { copy: [[value(node), node]] } }),
      });
    expect(
      simulateRun(
        subject(() => 'same'),
        options(1),
      ).outcome.replicasAgree,
    ).toBe(true);
    expect(
      simulateRun(
        subject((node) => node),
        options(1),
      ).outcome.replicasAgree,
    ).toBe(false);
  });

  it('takes all runs with the same failures for one outcome', () => {
    const subject = scriptedSubject({
      nodes: ['a'],
      observables: { seen: 'output' },
      inputs: [1, 2, 3].map((n) => ({ relation: 'put', row: [n] })),
      script: ({ read }) =>
        read('put').some(([n]) => n === 2) ? { fail: 'two' } : { outputs: { seen: read('put') } },
    });
    const found = explore(subject, { ...wild, runs: 27 });
    expect(found.outcomes).toHaveLength(1);
    expect(found.outcomes[0]!.outcome.error).toContain('TRL');
    expect(found.violations.length).toBeGreaterThanOrEqual(27);
  });
});

describe('the search for a divergence', () => {
  const search = { maxRuns: 60, budget: 100_000 };

  it('finds two runs that differ, with their traces, and drops inputs that do not matter', () => {
    const found = findDivergence(earlyMinimum([8, 7, 6, 5, 4, 3]), {
      ...search,
      observable: 'winner',
      kind: 'ever',
    })!;
    expect(found.a.outcome.ever.get('winner')).not.toEqual(found.b.outcome.ever.get('winner'));
    expect(found.a.trace.length).toBeGreaterThan(0);
    // Two bids are needed: the lesser must come second, or first.
    expect(found.subject.workload.inputs).toHaveLength(2);
    for (const run of [found.a, found.b]) {
      expect(simulateRun(found.subject, { ...found.options, seed: run.seed }).outcome).toEqual(
        run.outcome,
      );
    }
  });

  it('tells final contents and stored relations apart from what was ever shown', () => {
    expect(
      findDivergence(overwrite(), { ...search, observable: 'current', kind: 'final' }),
    ).not.toBeNull();
    expect(
      findDivergence(overwrite(), { ...search, observable: 'cell', kind: 'stored' }),
    ).not.toBeNull();
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
    expect(findDivergence(settling, { ...search, observable: 'most', kind: 'final' })).toBeNull();
    expect(
      findDivergence(settling, { ...search, observable: 'most', kind: 'ever' }),
    ).not.toBeNull();
  });

  it('finds nothing in a confluent system, and keeps within its budget', () => {
    expect(findDivergence(gossip(), { ...search, observable: 'heard', kind: 'ever' })).toBeNull();
    expect(
      findDivergence(overwrite(), { ...search, budget: 1, observable: 'current', kind: 'final' }),
    ).toBeNull();
  });

  it('takes runs that were cut off for no evidence', () => {
    const busy = overwrite({
      script: ({ read }) => ({
        tables: { count: [[((read('count')[0]?.[0] as number | undefined) ?? 0) + 1]] },
        views: { current: read('count') },
      }),
    });
    const simulation = { maxTimesteps: 20 };
    expect(
      findDivergence(busy, {
        ...search,
        maxRuns: 20,
        simulation,
        observable: 'current',
        kind: 'final',
      }),
    ).toBeNull();
  });
});
