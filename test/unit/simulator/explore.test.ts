import { describe, expect, it } from 'vitest';
import { rowText } from '../../../src/base/value-text.js';
import { explore } from '../../../src/simulator/explore.js';
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

  it('tells runs apart that fail in different ways, or show something else', () => {
    const failing = (script: Parameters<typeof scriptedSubject>[0]['script']) =>
      explore(
        scriptedSubject({
          nodes: ['a'],
          observables: { seen: 'output' },
          inputs: [1, 2].map((n) => ({ relation: 'put', row: [n] })),
          script,
        }),
        { ...wild, runs: 27 },
      ).outcomes.map(({ outcome }) => outcome);
    // The second of two is one too many.
    const late = failing(({ read }) =>
      read('had').length > 0 && read('put').length > 0
        ? { fail: `too late: ${rowText('put', read('put')[0]!)}` }
        : { tables: { had: union(read('had'), read('put').slice(0, 1)) } },
    );
    const failures = new Set(late.map((outcome) => outcome.failures.join()));
    expect(failures.size).toBeGreaterThan(1);
    const shown = failing(({ read }) => {
      const [first] = [...read('had'), ...read('put')];
      if (read('had').length > 0 && read('put').length > 0) return { fail: 'full' };
      return first === undefined ? {} : { tables: { had: [first] }, outputs: { seen: [first] } };
    }).filter(({ error }) => error !== null);
    expect(new Set(shown.map((outcome) => outcome.failures.join())).size).toBe(1);
    expect(new Set(shown.map(({ ever }) => JSON.stringify(ever.get('seen')))).size).toBe(2);
  });
});
