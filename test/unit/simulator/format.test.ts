import { describe, expect, it } from 'vitest';
import { explore } from '../../../src/simulator/explore.js';
import { explorationJson } from '../../../src/simulator/format-json.js';
import { explorationText } from '../../../src/simulator/format-text.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import type { Row } from '../../../src/base/value.js';
import { overwrite } from './scripted-programs.js';
import { scriptedSubject } from './scripted-subject.js';

const settings = { ...defaultSimulationOptions, firstSeed: 1, runs: 9 };

/** Releases its inputs; the first one wins and stays. */
const firstWins = (fails = false) =>
  scriptedSubject({
    nodes: ['a'],
    observables: { all: 'output', first: 'view' },
    inputs: ['x', 'y'].map((value) => ({ relation: 'put', row: [value] })),
    script: ({ read }) => {
      if (fails && read('put').length > 0) return { fail: 'nothing may be put' };
      const first: readonly Row[] = read('won').length > 0 ? read('won') : read('put').slice(0, 1);
      return { tables: { won: first }, outputs: { all: read('put') }, views: { first } };
    },
  });

describe('as JSON', () => {
  it('is the contract of `simulate --format json`', () => {
    const json = JSON.parse(
      JSON.stringify(explorationJson(explore(firstWins(), settings))),
    ) as Record<string, unknown>;
    expect(json).toMatchObject({
      schema: 'trellis/simulate/1',
      runs: 9,
      seeds: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      coordinationMessages: 0,
      violations: [],
    });
    const outcomes = json['outcomes'] as Record<string, unknown>[];
    expect(outcomes).toHaveLength(2);
    for (const outcome of outcomes) {
      expect(outcome).toMatchObject({
        replicasAgree: true,
        ever: {
          all: [
            ['a', 'x'],
            ['a', 'y'],
          ],
        },
      });
      expect(outcome).not.toHaveProperty('error');
      expect(outcome).not.toHaveProperty('quiescent');
    }
    expect(outcomes.map((outcome) => outcome['final'])).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ first: [['a', 'x']] }),
        expect.objectContaining({ first: [['a', 'y']] }),
      ]),
    );
  });

  it('says what failed, what did not come to rest, and where replicas disagree', () => {
    const failed = JSON.stringify(explorationJson(explore(firstWins(true), settings)));
    expect(failed).toContain('"error":"TRL');
    expect(failed).toMatch(
      /"violations":\[\{"node":"a","timestep":\d+,"seed":1,"diagnostic":\{"code":"TRL/,
    );
    const cut = JSON.stringify(
      explorationJson(explore(firstWins(), { ...settings, maxTimesteps: 1 })),
    );
    expect(cut).toContain('"quiescent":false');
    expect(JSON.stringify(explorationJson(explore(overwrite(), settings)))).toMatch(
      /"replicasAgree":false,"disagreementSeed":\d/,
    );
  });
});

describe('as text', () => {
  it('summarises what is common and shows what differs', () => {
    const text = explorationText(explore(firstWins(), settings));
    expect(text).toContain('9 runs (seeds 1 to 9), 2 distinct outcomes\n');
    expect(text).toContain('output all, ever released: the same 2 tuples in every outcome\n');
    expect(text).toMatch(
      /view first, at the end: 0 tuples in every outcome, and\n {2}first\("a", "x"\) {2}only in outcome \d\n/,
    );
    expect(text).not.toContain('violation');
  });

  it('shows the content of a sole outcome, and violations', () => {
    const alone = explorationText(explore(firstWins(), { ...settings, runs: 1 }));
    expect(alone).toContain('1 run (seed 1), 1 distinct outcome\n');
    expect(alone).toContain(
      'output all, ever released: 2 tuples\n  all("a", "x")\n  all("a", "y")\n',
    );
    const failed = explorationText(explore(firstWins(true), settings));
    expect(failed).toMatch(/outcome 1: 9 runs, first with seed 1; error: TRL/);
    expect(failed).toMatch(/violations:\n {2}seed 1, node a, timestep \d+: TRL/);
    expect(failed).toMatch(/ {2}and \d+ more\n$/);
  });

  it('says which outcomes have a tuple, and counts those that it does not show', () => {
    const values = Array.from({ length: 12 }, (_, n) => n);
    const subject = scriptedSubject({
      nodes: ['a'],
      observables: { last: 'view' },
      inputs: values.map((n) => ({ relation: 'put', row: [n] })),
      script: ({ read }) => {
        const last = read('put').length > 0 ? read('put').slice(-1) : read('kept');
        return { tables: { kept: last }, views: { last } };
      },
    });
    const exploration = explore(subject, { ...settings, runs: 200 });
    expect(exploration.outcomes.length).toBeGreaterThan(10);
    const text = explorationText(exploration);
    expect(text).toContain(`and ${exploration.outcomes.length - 10} more outcome`);
    expect(text).toMatch(/last\("a", \d+\) {2}only in outcome 1\n/);
    expect(text).toMatch(/last\("a", \d+\) {2}only in outcomes 1 more\n/);
  });

  it('names all outcomes that share a tuple', () => {
    const subject = overwrite({
      inputs: ['x', 'y', 'z'].map((value, n) => ({
        node: `n${n + 1}`,
        relation: 'put',
        row: [value],
      })),
    });
    const text = explorationText(explore(subject, { ...settings, runs: 36 }));
    expect(text).toMatch(/current\("n1", "x"\) {2}only in outcomes \d+(, \d+)+/);
  });

  it('says where replicas disagree', () => {
    expect(explorationText(explore(overwrite(), settings))).toMatch(
      /REPLICAS DISAGREE, first with seed \d/,
    );
  });
});
