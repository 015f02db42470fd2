import { describe, expect, it } from 'vitest';
import type { Row } from '../../../src/base/value.js';
import { scheduleStyles } from '../../../src/simulator/schedule.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import { traceLines, traceText } from '../../../src/simulator/trace.js';
import type { SimulationRun } from '../../../src/simulator/outcome.js';
import { gossip, overwrite, trio } from './scripted-programs.js';
import { options, scriptedSubject, union } from './scripted-subject.js';

function textOf(run: SimulationRun): string {
  return JSON.stringify(run, (_, value: unknown) => (value instanceof Map ? [...value] : value));
}

describe('a simulated run', () => {
  it('is the same, byte for byte, under the same seed, and another under another', () => {
    for (let seed = 1; seed <= 18; seed++) {
      expect(textOf(simulateRun(overwrite(), options(seed)))).toBe(
        textOf(simulateRun(overwrite(), options(seed))),
      );
    }
    const traces = [1, 10, 19, 28].map((seed) =>
      JSON.stringify(simulateRun(gossip(), options(seed)).trace),
    );
    expect(new Set(traces).size).toBe(4);
  });

  it('comes to the same outcome without its trace', () => {
    const traced = simulateRun(overwrite(), options(5));
    const bare = simulateRun(overwrite(), options(5, { trace: false }));
    expect(bare.trace).toEqual([]);
    expect(textOf({ ...traced, trace: [] })).toBe(textOf(bare));
  });

  it('loses no input and no message, in any style', () => {
    for (const style of scheduleStyles) {
      const run = simulateRun(gossip(), options(3, { style, duplicate: 0 }));
      expect(run.quiescent).toBe(true);
      expect(run.trace.filter((step) => step.event === 'input')).toHaveLength(9);
      const sent = run.trace.filter((step) => step.event === 'send' && step.text.includes('tell('));
      const delivered = run.trace.filter(
        (step) => step.event === 'deliver' && step.text.includes('tell('),
      );
      expect(sent.length).toBe(run.dataFrames);
      expect(delivered.length).toBe(sent.length);
      expect(run.outcome.stored.get('known')).toHaveLength(27);
      expect(run.outcome.ever.get('heard')).toHaveLength(27);
    }
  });

  it('begins rows with the node unless their relation is located, and sorts them', () => {
    const run = simulateRun(
      scriptedSubject({
        nodes: ['b', 'a'],
        located: { at: 1 },
        observables: { at: 'view', here: 'view' },
        script: ({ node }) => ({ views: { at: [['x', node]], here: [[2], [1]] } }),
      }),
      options(1),
    );
    expect(run.outcome.final.get('at')).toEqual([
      ['x', 'a'],
      ['x', 'b'],
    ]);
    expect(run.outcome.final.get('here')).toEqual([
      ['a', 1],
      ['a', 2],
      ['b', 1],
      ['b', 2],
    ]);
  });

  it('feeds an input at its time, and at the boot of a node that is not up by then', () => {
    const subject = gossip({
      inputs: [
        { node: 'n1', relation: 'learn', row: ['late'], atMs: 700 },
        { node: 'n2', relation: 'learn', row: ['early'], atMs: 0 },
      ],
    });
    const { trace } = simulateRun(subject, options(1, { style: 'even' }));
    const at = (node: string, event: string) =>
      trace.findIndex((step) => step.node === node && step.event === event);
    expect(trace[at('n1', 'input')]?.atMs).toBe(700);
    expect(trace[at('n2', 'input')]?.atMs).toBe(trace[at('n2', 'boot')]?.atMs);
    expect(at('n2', 'input')).toBeGreaterThan(at('n2', 'boot'));
  });

  it('drops and counts inputs and messages for nodes that are not there', () => {
    const run = simulateRun(
      scriptedSubject({
        nodes: ['a'],
        located: { to: 0, ask: 0 },
        inputs: [
          { relation: 'ask', row: ['nobody', 1] },
          { node: 'a', relation: 'go', row: [] },
        ],
        script: ({ read }) => ({ sends: { to: read('go').map((): Row => ['nobody', 1]) } }),
      }),
      options(1),
    );
    expect(run.warnings.map(({ diagnostic, count }) => [diagnostic.code, count])).toContainEqual([
      'TRL0901',
      1,
    ]);
    expect(run.unknownAddresses).toBe(1);
    expect(run.violations).toEqual([]);
    expect(run.quiescent).toBe(true);
  });
});

describe('duplicates', () => {
  // Counts arrivals in state: what a program must not do if batches may come twice.
  const counting = () =>
    scriptedSubject({
      nodes: ['a', 'b'],
      located: { hit: 0 },
      observables: { hits: 'view' },
      inputs: [{ node: 'a', relation: 'go', row: [1] }],
      script: ({ read }) => {
        const hits = union(
          read('hits'),
          read('hit').map((): Row => [read('hits').length + 1]),
        );
        return {
          tables: { hits },
          views: { hits },
          sends: { hit: read('go').map((row): Row => ['b', ...row]) },
        };
      },
    });

  it('are batches of their own that programs see', () => {
    const run = simulateRun(counting(), options(1, { duplicate: 1, style: 'prompt' }));
    expect(run.dataFrames).toBe(1);
    expect(run.outcome.final.get('hits')).toEqual([
      ['b', 1],
      ['b', 2],
    ]);
  });

  it('do not occur when none are wanted, even if nodes boot at different times', () => {
    for (let seed = 1; seed <= 45; seed++) {
      const run = simulateRun(counting(), options(seed, { duplicate: 0, bootJitterMs: 200 }));
      expect(run.outcome.final.get('hits')).toEqual([['b', 1]]);
    }
  });

  it('do not disturb what is sent on', () => {
    const plain = simulateRun(overwrite(), options(4, { duplicate: 0 }));
    const doubled = simulateRun(overwrite(), options(4, { duplicate: 1 }));
    const firsts = ({ trace }: SimulationRun) =>
      trace.filter((step) => step.event === 'boot' || step.event === 'input');
    expect(firsts(doubled)).toEqual(firsts(plain));
  });
});

describe('periodics', () => {
  const beating = () =>
    scriptedSubject({
      nodes: trio,
      periodics: { beat: 100 },
      observables: { beats: 'output' },
      script: ({ read }) => ({ outputs: { beats: read('beat').map((row): Row => [row[0]!]) } }),
    });

  it('end at the horizon, after which the run drains; boot jitter costs no firing', () => {
    for (let seed = 1; seed <= 18; seed++) {
      const run = simulateRun(beating(), options(seed, { untilMs: 1000, maxDelayMs: 10 }));
      expect(run.quiescent).toBe(true);
      expect(run.outcome.ever.get('beats')).toHaveLength(30);
    }
  });
});

describe('bounds', () => {
  it('stop a node that never comes to rest, and let the others finish', () => {
    const subject = scriptedSubject({
      nodes: ['busy', 'calm'],
      observables: { seen: 'view' },
      inputs: [{ node: 'calm', relation: 'go', row: ['x'] }],
      script: ({ node, read }) =>
        node === 'busy'
          ? { tables: { count: [[((read('count')[0]?.[0] as number | undefined) ?? 0) + 1]] } }
          : {
              tables: { kept: union(read('kept'), read('go')) },
              views: { seen: union(read('kept'), read('go')) },
            },
    });
    const run = simulateRun(subject, options(1, { maxTimesteps: 50 }));
    expect(run.quiescent).toBe(false);
    expect(run.outcome.final.get('seen')).toEqual([['calm', 'x']]);
    expect(run.warnings.map(({ node, diagnostic }) => [node, diagnostic.code])).toEqual([
      ['busy', 'TRL0902'],
    ]);
    expect(run.timesteps).toBeLessThan(60);
  });

  it('stop a run of nodes that keep one another busy', () => {
    const subject = scriptedSubject({
      nodes: ['a', 'b'],
      located: { ball: 0 },
      script: ({ node, boot, read }) => ({
        sends: {
          ball:
            (boot && node === 'a') || read('ball').length > 0 ? [[node === 'a' ? 'b' : 'a']] : [],
        },
      }),
    });
    const run = simulateRun(subject, options(2, { maxSteps: 300, maxTimesteps: 1_000_000 }));
    expect(run.quiescent).toBe(false);
    expect(run.steps).toBe(300);
    expect(run.warnings.map(({ diagnostic }) => diagnostic.code)).toEqual(['TRL0903']);
  });
});

describe('failures', () => {
  const failing = (isBad: (value: unknown) => boolean) =>
    scriptedSubject({
      nodes: ['a'],
      observables: { kept: 'view' },
      inputs: ['good', 'bad'].map((value) => ({ relation: 'put', row: [value] })),
      script: ({ read }) => {
        if (read('put').some(([value]) => isBad(value))) return { fail: 'put is bad' };
        return {
          tables: { all: union(read('all'), read('put')) },
          views: { kept: union(read('all'), read('put')) },
        };
      },
    });

  it('make the outcome `error` and a violation; the node lives on', () => {
    for (let seed = 1; seed <= 18; seed++) {
      const run = simulateRun(
        failing((value) => value === 'bad'),
        options(seed),
      );
      expect(run.outcome.error).toMatch(/^TRL\d{4} /);
      expect(run.outcome.key).toMatch(/error/);
      expect(run.outcome.final.get('kept')).toEqual([['a', 'good']]);
      expect(run.violations[0]).toMatchObject({ node: 'a', seed });
      expect(run.violations[0]!.timestep).toBeGreaterThan(0);
    }
    expect(
      simulateRun(
        failing(() => false),
        options(1),
      ).outcome.error,
    ).toBeNull();
  });
});

describe('a node that halts', () => {
  it('takes part no more, and the others come to rest', () => {
    const subject = gossip({
      script: ({ node, cluster, read }) => ({
        tables: {
          known: union(
            read('known'),
            read('tell').map((row): Row => [row[1]!]),
          ),
        },
        sends: {
          tell: cluster
            .filter((peer) => peer !== node)
            .flatMap((peer) => read('learn').map((row): Row => [peer, ...row])),
        },
        ...(node === 'n1' && read('learn').length > 0 ? { halt: 3 } : {}),
      }),
    });
    for (let seed = 1; seed <= 18; seed++) {
      // Without jitter: what a node has for one that has not booted dies with it.
      const { trace, quiescent, outcome } = simulateRun(
        subject,
        options(seed, { bootJitterMs: 0 }),
      );
      expect(quiescent).toBe(true);
      const halted = trace.findIndex((step) => step.event === 'halt');
      expect(trace[halted]).toMatchObject({ node: 'n1', text: '3' });
      expect(trace.slice(halted + 1).some((step) => step.node === 'n1')).toBe(false);
      // What it sent in its last timestep still arrives.
      expect(
        outcome.stored
          .get('known')!
          .some(
            ([node, value]) => node === 'n2' && typeof value === 'string' && value.startsWith('n1'),
          ),
      ).toBe(true);
    }
  });
});

describe('traces', () => {
  it('are JSON Lines whose first line names the run', () => {
    const run = simulateRun(gossip(), options(7));
    const lines = traceLines(run).map((line) => JSON.parse(line) as Record<string, unknown>);
    const [head] = lines;
    expect(Object.keys(head!['outcome'] as object)).toEqual(['ever', 'final']);
    expect(head).toMatchObject({
      schema: 'trellis/trace/1',
      seed: 7,
      quiescent: true,
      steps: run.trace.length,
    });
    expect(lines.slice(1)).toEqual(run.trace);
    expect(traceText(run.trace).split('\n')).toHaveLength(run.trace.length + 1);
  });
});
