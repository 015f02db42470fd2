/** Nodes in one process: when a run ends, and what it took until then. */
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { runLocal } from '../../../src/host/run-local.js';
import type { LocalInput, LocalRun, LocalRunOptions } from '../../../src/host/run-local.js';
import { fakeEvaluator, fakeProgram } from '../node/fake-evaluator.js';
import type { FakeEvaluator, Rules } from '../node/fake-evaluator.js';
import { ManualScheduler } from '../transport/manual-scheduler.js';
import { forwarding } from './hosted.js';

const put = (node: string, row: LocalInput['row'], atMs: number | null = null): LocalInput => ({
  node,
  relation: 'put',
  row,
  atMs,
});
const storing: Rules = (rowsOf) => ({ store: rowsOf('put'), release: rowsOf('put') });

interface Ran {
  readonly run: LocalRun;
  readonly evaluators: readonly FakeEvaluator[];
  readonly shown: readonly string[];
  readonly reports: readonly Diagnostic[];
}

async function run(
  rules: Rules,
  options: Partial<LocalRunOptions> = {},
  names = ['a'],
): Promise<Ran> {
  const evaluators = names.map(() => fakeEvaluator(rules));
  const shown: string[] = [];
  const reports: Diagnostic[] = [];
  const result = await runLocal({
    nodes: names.map((name, i) => ({ name, evaluator: evaluators[i]! })),
    program: fakeProgram,
    listener: {
      observe: ({ node, added }) => shown.push(`${node} ${JSON.stringify(added)}`),
      report: (_, diagnostic) => reports.push(diagnostic),
    },
    ...options,
  });
  return { run: result, evaluators, shown, reports };
}

const taken = (evaluator: FakeEvaluator | undefined): string[] =>
  evaluator?.inputs.map(({ events }) => JSON.stringify(events.flatMap(({ rows }) => rows))) ?? [];

describe('one node', () => {
  it('takes its inputs at boot as one batch, and ends when it is quiet', async () => {
    const {
      run: ran,
      evaluators,
      shown,
    } = await run(storing, { inputs: [put('a', [1]), put('a', [2])] });
    expect(ran.end).toEqual({ kind: 'quiet' });
    expect(taken(evaluators[0])).toEqual(['[[1],[2]]', '[]']);
    expect(shown).toEqual(['a [[1],[2]]']);
    expect(ran.query('a', 'put')).toEqual([[1], [2]]);
    expect(ran.statistics.get('a')).toEqual({
      timesteps: 2,
      dataFrames: 0,
      coordinationMessages: 0,
    });
    ran.close();
    expect(evaluators[0]?.isClosed).toBe(true);
  });

  it('takes a stream one row a timestep, after boot', async () => {
    const inputs = [put('a', [1]), put('a', [2]), put('a', [3])];
    const { evaluators } = await run(storing, { inputs, isStream: true });
    expect(taken(evaluators[0])).toEqual(['[]', '[[1]]', '[[2]]', '[[3]]', '[]']);
  });

  it('waits for inputs whose time has not come', async () => {
    const { run: ran, evaluators } = await run(storing, {
      inputs: [put('a', [1], 15), put('a', [2])],
    });
    expect(ran.end.kind).toBe('quiet');
    expect(taken(evaluators[0])).toEqual(['[[2]]', '[]', '[[1]]', '[]']);
  });

  it('reads standard input to its end', async () => {
    const stdin = new PassThrough();
    stdin.end('x\ny\n');
    const { evaluators } = await run((rowsOf) => ({ release: rowsOf('stdin') }), { stdin });
    expect(taken(evaluators[0]).filter((text) => text !== '[]')).toEqual(['[["x"]]', '[["y"]]']);
  });

  it('ends at halt, with its code', async () => {
    const { run: ran, shown } = await run((rowsOf) => ({ release: rowsOf('put'), halt: 7 }), {
      inputs: [put('a', [1])],
    });
    expect(ran.end).toEqual({ kind: 'halted', node: 'a', code: 7 });
    expect(shown).toEqual(['a [[1]]']);
  });

  it('ends after the asked number of timesteps, exactly', async () => {
    let turn = 0;
    const { run: ran, evaluators } = await run(() => ({ next: [[(turn += 1)]] }), {
      mostTimesteps: 5,
    });
    expect(ran.end).toEqual({ kind: 'timesteps' });
    expect(evaluators[0]?.inputs).toHaveLength(5);
  });

  it.each([false, true])(
    'ends when a timestep fails (bound: %s), and shows nothing after it',
    async (bound) => {
      const failing: Rules = (rowsOf) =>
        rowsOf('put').length > 1 ? { fail: 'conflict', bound } : { release: rowsOf('put') };
      const {
        run: ran,
        shown,
        reports,
      } = await run(failing, { inputs: [put('a', [1]), put('a', [2])] });
      expect(ran.end).toMatchObject({ kind: 'failed', node: 'a', failure: { bound } });
      expect(shown).toEqual([]);
      expect(reports).toEqual([]);
    },
  );

  it('ends when it is stopped, and not before while a periodic beats', async () => {
    const abort = new AbortController();
    const time = new ManualScheduler();
    const program = { ...fakeProgram, periodics: [{ relation: 'beat', periodMs: 100 }] };
    const clock = { nowMs: () => time.nowMs };
    const running = run((rowsOf) => ({ release: rowsOf('beat') }), {
      program,
      clock,
      scheduler: time,
      abort: abort.signal,
    });
    for (let beat = 0; beat < 3; beat++) {
      await new Promise((resolve) => setTimeout(resolve, 2));
      time.advance(100);
    }
    await new Promise((resolve) => setTimeout(resolve, 2));
    abort.abort();
    const { run: ran, shown } = await running;
    expect(ran.end).toEqual({ kind: 'stopped' });
    expect(shown).toEqual(['a [[1,100]]', 'a [[2,200]]', 'a [[3,300]]']);
    expect(time.pending).toBe(0);
  });

  it('runs nothing when it is stopped before it starts', async () => {
    const { run: ran } = await run(storing, { abort: AbortSignal.abort() });
    expect(ran.end).toEqual({ kind: 'stopped' });
  });
});

describe('several nodes', () => {
  it('send to each other, and end when nothing is on its way', async () => {
    const inputs = [put('a', ['b', 1]), put('b', ['a', 2]), put('a', ['nobody', 3])];
    const { run: ran, reports } = await run(forwarding, { inputs }, ['a', 'b']);
    expect(ran.end).toEqual({ kind: 'quiet' });
    expect(ran.query('b', 'msg')).toEqual([['b', 1]]);
    expect(ran.query('a', 'msg')).toEqual([['a', 2]]);
    expect(reports.map(({ code }) => code)).toEqual(['TRL0854']);
    expect(ran.statistics.get('a')?.dataFrames).toBe(1);
  });

  it('decide an order among themselves, and end when everything is decided and applied', async () => {
    const names = ['a', 'b', 'c'];
    const program = { ...fakeProgram, orderedLog: { channels: new Set(['msg']), members: names } };
    const inputs = names.flatMap((name) => names.map((to) => put(name, [to, name])));
    const { run: ran } = await run(forwarding, { inputs, program }, names);
    expect(ran.end).toEqual({ kind: 'quiet' });
    const orders = names.map((name) => ran.query(name, 'msg').map(([, x]) => x));
    expect(orders[0]).toHaveLength(3);
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
  });
});
