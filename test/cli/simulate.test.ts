/** `trellis simulate`: outcomes over seeds, their document, and exit codes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const folder = sharedFolder({
  ...cliPrograms,
  'equal-keys.jsonl':
    '{"rel": "put", "row": ["k", 1], "at": 5}\n{"rel": "put", "row": ["k", 2], "at": 9}\n',
  'located/at.csv': 'p,1\nq,2\n',
  'empty-located.bloom': 'table at(@node: addr, n: int);\nview all(n: int);\nall(n) :- at(_, n);\n',
});
const simulate = (...words: string[]) => runTrellis(['simulate', ...words], { cwd: folder });

interface Document {
  readonly schema: string;
  readonly runs: number;
  readonly seeds: readonly number[];
  readonly outcomes: readonly {
    readonly count: number;
    readonly seed: number;
    readonly ever: Record<string, unknown[][]>;
    readonly final: Record<string, unknown[][]>;
    readonly replicasAgree: boolean;
    readonly quiescent?: boolean;
    readonly error?: string;
  }[];
  readonly coordinationMessages: number;
  readonly violations: readonly {
    readonly bound: boolean;
    readonly diagnostic: { readonly code: string };
  }[];
}
const parse = (stdout: string): Document => JSON.parse(stdout) as Document;

describe.concurrent('trellis simulate', () => {
  it('doubles batches as often as --duplicate says, half of them without a number', async () => {
    const framesOf = async (...words: string[]) => {
      const few = ['--coordinate', 'none', '--runs', '5', '--format', 'json'];
      const { stdout, code } = await simulate('first-come', ...few, ...words);
      expect(code).toBe(0);
      return stdout;
    };
    const bare = await framesOf('--duplicate');
    expect(bare).toBe(await framesOf('--duplicate', '0.5'));
    expect(bare).not.toBe(await framesOf('--duplicate', '0'));
  });

  it('finds the outcomes of a race, and none of them with an order', async () => {
    const words = ['first-come', '--runs', '60', '--format', 'json'];
    const [bare, ordered] = await Promise.all([
      simulate(...words, '--coordinate', 'none'),
      simulate(...words),
    ]);
    const free = parse(bare.stdout);
    expect([bare.code, free.schema, free.runs, free.seeds.length]).toEqual([
      0,
      'trellis/simulate/1',
      60,
      60,
    ]);
    expect(free.outcomes.length).toBeGreaterThan(1);
    expect(free.outcomes.some(({ replicasAgree }) => !replicasAgree)).toBe(true);
    expect(free.outcomes.reduce((sum, { count }) => sum + count, 0)).toBe(60);
    expect(free.coordinationMessages).toBe(0);
    const agreed = parse(ordered.stdout);
    expect(ordered.code).toBe(0);
    expect(agreed.outcomes.every(({ replicasAgree }) => replicasAgree)).toBe(true);
    expect(agreed.coordinationMessages).toBeGreaterThan(0);
    const [outcome] = agreed.outcomes;
    expect(outcome!.ever['winner']!.map(([node]) => node)).toEqual(['n1', 'n2', 'n3']);
    expect(outcome!.final['winner']).toEqual(outcome!.ever['winner']);
  });

  it('is the same for the same seeds, and writes the schedule', async () => {
    const words = ['first-come', '--runs', '3', '--seed', '4', '--coordinate', 'none'];
    const [one, two] = await Promise.all([
      simulate(...words, '--trace', 'trace.jsonl'),
      simulate(...words),
    ]);
    expect(one.stdout).toBe(two.stdout);
    expect(one.stdout).toContain('3 runs (seeds 4 to 6)');
    const lines = readFileSync(join(folder, 'trace.jsonl'), 'utf8').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(5);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('takes its nodes from the facts where none are given', async () => {
    const { stdout } = await simulate(
      'empty-located.bloom',
      '--facts',
      'located',
      '--runs',
      '1',
      '--format',
      'json',
    );
    expect(parse(stdout).outcomes[0]!.final['all']).toEqual([
      ['p', 1],
      ['q', 2],
    ]);
  });

  it('stops timers at the horizon', async () => {
    const { stdout, code } = await simulate(
      'clock.bloom',
      '--runs',
      '2',
      '--until',
      '100',
      '--format',
      'json',
    );
    const { outcomes } = parse(stdout);
    expect([code, outcomes.length, outcomes[0]!.quiescent]).toEqual([0, 1, undefined]);
    expect(outcomes[0]!.ever['ping']!.length).toBeGreaterThanOrEqual(4);
  });

  it('says so where a run did not come to rest', async () => {
    const { stdout } = await simulate(
      'clock.bloom',
      '--runs',
      '1',
      '--ticks',
      '3',
      '--format',
      'json',
    );
    expect(parse(stdout).outcomes[0]!.quiescent).toBe(false);
  });

  it('exits with 1 where a timestep fails', async () => {
    const { stdout, code } = await simulate(
      'unequal.bloom',
      '--input',
      'equal-keys.jsonl',
      '--runs',
      '2',
      '--format',
      'json',
    );
    const { outcomes, violations } = parse(stdout);
    expect(code).toBe(1);
    expect(outcomes[0]!.error).toMatch(/^TRL08\d\d /);
    expect(violations.length).toBeGreaterThan(0);
    expect(violations.every(({ bound }) => !bound)).toBe(true);
  });

  it('exits with 4 where a bound stops it', async () => {
    const { stdout, code } = await simulate(
      'endless.bloom',
      '--runs',
      '1',
      '--max-tuples',
      '100',
      '--format',
      'json',
    );
    expect(code).toBe(4);
    expect(parse(stdout).violations.every(({ bound }) => bound)).toBe(true);
  });
});
