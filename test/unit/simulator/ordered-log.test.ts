import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { checkLog } from '../../../src/simulator/check-log.js';
import { explore } from '../../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import { checkSequential } from '../../../src/simulator/replay-sequentially.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { overwrite, trio } from './scripted-programs.js';
import { options } from './scripted-subject.js';

const log = { channels: ['set'], members: trio };
const inputs = ['v', 'w', 'x', 'y', 'z'].map((value, index) => ({
  node: trio[index % 3]!,
  relation: 'put',
  row: [value],
}));
const wild = { ...defaultSimulationOptions, duplicate: 0.3, bootJitterMs: 200, firstSeed: 1 };

describe('an overwrite through an ordered log', () => {
  it('leaves replicas in agreement in every run, and each run equal to a sequential one', () => {
    const subject = overwrite({ log, inputs });
    const found = explore(subject, { ...wild, runs: 36, sequential: true });
    expect(found.violations).toEqual([]);
    expect(found.outcomes.every(({ replicasAgree, quiescent }) => replicasAgree && quiescent)).toBe(
      true,
    );
    expect(found.coordinationMessages).toBeGreaterThan(0);
    // Which order is decided may differ from run to run.
    expect(found.outcomes.length).toBeGreaterThan(1);
  });

  it('tells which entries were decided, what they hold, and that all nodes applied them alike', () => {
    const run = simulateRun(overwrite({ log, inputs }), options(3));
    const applied = [...run.logByNode.values()];
    expect(applied).toHaveLength(3);
    for (const entries of applied) expect(entries).toEqual(run.log.map(({ id }) => id));
    expect(run.log.length).toBeGreaterThan(0);
    expect(run.dataFrames).toBe(0);
  });

  it('is told apart from a run that mixes up what it applied', () => {
    const subject = overwrite({ log, inputs });
    const run = simulateRun(subject, options(3));
    expect(checkSequential(subject, run, wild)).toBeNull();
    const reversed = { ...run, log: [...run.log].reverse() };
    expect(reversed.log.length).toBeGreaterThan(1);
    expect(checkSequential(subject, reversed, wild)?.diagnostic).toMatchObject({ code: 'TRL0906' });
  });
});

describe('a program whose state races beside the log', () => {
  it('differs from the sequential run of its log', () => {
    // The first value told directly sticks; only `set` is ordered.
    const subject = overwrite({
      log,
      inputs,
      located: { set: 0, hint: 0 },
      script: ({ node, cluster, read }) => {
        const hints = read('hint').map((row): Row => [row[1]!]);
        const cell = read('cell').length > 0 ? read('cell') : hints.slice(0, 1);
        const others = cluster.filter((peer) => peer !== node);
        return {
          tables: { cell },
          sends: { hint: others.flatMap((peer) => read('put').map((row): Row => [peer, ...row])) },
        };
      },
    });
    const { violations } = explore(subject, { ...wild, runs: 18, sequential: true });
    expect(violations.some(({ diagnostic }) => diagnostic.code === 'TRL0906')).toBe(true);
  });
});

describe('checking a log', () => {
  const calm = { quiescent: true, isRunning: () => true };

  it('finds nodes that applied different entries', () => {
    const faults = checkLog(
      new Map([
        ['a', ['1', '2', '3']],
        ['b', ['1', '3']],
      ]),
      calm,
    );
    expect(faults.map(({ node, diagnostic }) => [node, diagnostic.code])).toEqual([
      ['b', 'TRL0904'],
    ]);
    expect(faults[0]!.diagnostic.message).toContain('the 2nd is 3 at b and 2 at a');
  });

  it('finds a node that lags behind at rest, unless it has halted', () => {
    const behind = new Map([
      ['a', ['1', '2']],
      ['b', ['1']],
    ]);
    expect(checkLog(behind, calm).map(({ diagnostic }) => diagnostic.code)).toEqual(['TRL0905']);
    expect(checkLog(behind, { quiescent: false, isRunning: () => true })).toEqual([]);
    expect(checkLog(behind, { quiescent: true, isRunning: (node) => node !== 'b' })).toEqual([]);
    expect(checkLog(new Map(), calm)).toEqual([]);
  });
});
