/**
 * Lost frames and partitions: what a system comes to once they are over. Delivery stays fair, so
 * verdicts hold under them, and an ordered log keeps what it promises.
 */
import { describe, expect, it } from 'vitest';
import { simulationSubject } from '../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import { explore } from '../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';
import type { Outcome, SimulationSubject, TraceStep } from '../../src/simulator/outcome.js';
import { simulateRun } from '../../src/simulator/simulate-run.js';
import { compileSound } from '../support/compile-text.js';
import { simulatedProgram } from './simulated-program.js';

const nodes = ['a', 'b', 'c'];
const usual = { ...defaultSimulationOptions, firstSeed: 1 };
const faults = { drop: 0.3, partition: true };

/** Everybody tells everybody what it knows; who knows most is a matter of time. */
const gossip = simulatedProgram(
  `input put(x: int);
  channel tell(@to: addr, x: int);
  table known(x: int);
  output seen(x: int);
  output most(n: int);
  known(x) :- put(x);
  known(x) :- tell(_, x);
  tell(n, x)@async :- known(x), cluster(n), notin self(n);
  seen(x) :- known(x);
  most(count<x>) :- known(x);`,
  {
    nodes,
    inputsAt: { a: { put: [[1], [2]] }, b: { put: [[3]] }, c: { put: [[4], [5], [6]] } },
  },
);

/** The first ask that a desk hears of gets the seat. */
function desks(ordered: boolean): SimulationSubject {
  return simulatedProgram(
    `input want(id: int);
    channel ask(@desk: addr, id: int);
    table sold(id: int);
    output grant(id: int);
    ask(n, id)@async :- want(id), cluster(n);
    scratch win(id: int);
    win(min<id>) :- ask(_, id), notin sold(_);
    sold(id)@next :- win(id);
    grant(id) :- sold(id);`,
    {
      nodes,
      replicated: ['sold'],
      inputsAt: { a: { want: [[1]] }, b: { want: [[2]] }, c: { want: [[3]] } },
      ...(ordered ? { ordered: ['ask'] } : {}),
    },
  );
}

const traceOf = (subject: SimulationSubject, seed: number, options: object): readonly TraceStep[] =>
  simulateRun(subject, { ...defaultSimulationOptions, ...options, seed }).trace;

const seeds = Array.from({ length: 40 }, (_, i) => i + 1);

describe('faults', () => {
  it('are a function of the seed', () => {
    for (const seed of seeds.slice(0, 5))
      expect(traceOf(gossip, seed, faults)).toEqual(traceOf(gossip, seed, faults));
  });

  it('leave a run alone that has none', () => {
    for (const seed of seeds.slice(0, 5)) {
      const plain = traceOf(gossip, seed, {});
      expect(traceOf(gossip, seed, { drop: 0, partition: false })).toEqual(plain);
      expect(plain.some(({ event }) => event === 'link')).toBe(false);
    }
  });

  it('change nothing of what is confluent', () => {
    const calm = explore(gossip, { ...usual, runs: 60 });
    const rough = explore(gossip, { ...usual, ...faults, runs: 60 });
    const seen = ({ outcomes }: typeof calm): ReadonlySet<string> =>
      new Set(outcomes.map(({ outcome }) => JSON.stringify(outcome.ever.get('seen'))));
    expect(seen(rough).size).toBe(1);
    expect(seen(rough)).toEqual(seen(calm));
    expect(rough.outcomes.every(({ quiescent }) => quiescent)).toBe(true);
    expect(rough.violations).toEqual([]);
    // Frames were lost and sent again.
    expect(rough.dataFrames).toBeGreaterThan(calm.dataFrames);
  });

  it('end, even if every frame is lost while they last', () => {
    const { outcomes } = explore(gossip, {
      ...usual,
      drop: 1,
      maxDelayMs: 0,
      untilMs: 2000,
      runs: 10,
    });
    for (const { outcome, quiescent } of outcomes) {
      expect(quiescent).toBe(true);
      expect(outcome.final.get('seen')).toHaveLength(18);
    }
  });

  it('keep apart what is parted, and bring it together', () => {
    let crossings = 0;
    for (const seed of seeds) {
      const parted = new Set<string>();
      const name = (a: string, b: string): string => [a, b].sort().join();
      for (const { node, event, text } of traceOf(gossip, seed, { partition: true })) {
        const peer = /^(?:to|from) (\w+)/.exec(text)?.[1] ?? '';
        if (event === 'link' && text.endsWith('breaks')) parted.add(name(node, peer));
        if (event === 'link' && text.endsWith('is up')) parted.delete(name(node, peer));
        if (event !== 'deliver' || peer === '') continue;
        expect(parted.has(name(node, peer)), `seed ${seed}: ${node} ${text}`).toBe(false);
        crossings += 1;
      }
      expect([...parted]).toEqual([]);
    }
    expect(crossings).toBeGreaterThan(0);
  });

  it('part nodes in most runs', () => {
    const broken = seeds.filter((seed) =>
      traceOf(gossip, seed, { partition: true }).some(({ event }) => event === 'link'),
    );
    expect(broken.length).toBeGreaterThan(seeds.length / 2);
  });

  it('lose messages of the ordered log, which agrees all the same', () => {
    const bare = explore(desks(false), { ...usual, ...faults, runs: 40 });
    expect(bare.outcomes.some(({ replicasAgree }) => !replicasAgree)).toBe(true);
    const logged = explore(desks(true), { ...usual, ...faults, runs: 40, sequential: true });
    expect(logged.violations).toEqual([]);
    for (const { quiescent, replicasAgree, outcome } of logged.outcomes) {
      expect([quiescent, replicasAgree]).toEqual([true, true]);
      expect(outcome.final.get('grant')).toHaveLength(3);
    }
  });

  it('ask nothing of a node that is alone', () => {
    const alone = simulatedProgram('input i(x: int); output o(x: int); o(x) :- i(x);', {
      nodes: ['a'],
      inputs: { i: [[1]] },
    });
    expect(explore(alone, { ...usual, drop: 1, partition: true, runs: 5 }).outcomes).toHaveLength(
      1,
    );
  });
});

/** What comes in anywhere is told everybody, who keeps it, over crashes or not. */
function keeping(durable: string): SimulationSubject {
  const compiled = compileSound(
    `input put(x: int);
    ${durable} channel tell(@to: addr, x: int);
    ${durable} table known(x: int);
    view shown(x: int);
    tell(n, x)@async :- put(x), cluster(n);
    known(x) :- tell(_, x);
    shown(x) :- known(x);`,
  );
  const inputs = nodes.flatMap((node, i) =>
    [1, 2, 3].map((x) => ({ node, relation: 'put', row: [10 * i + x], atMs: null })),
  );
  return simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }),
    nodes,
    workload: { facts: [], inputs },
  });
}

describe('late faults', () => {
  it('happen as long as there is something to break', () => {
    const slow = simulatedProgram(
      'periodic beat(700ms); table n(x: int); view v(x: int); n(x) :- beat(x, _); v(x) :- n(x);',
      {
        nodes: ['a'],
      },
    );
    const { outcomes } = explore(slow, { ...usual, crash: true, untilMs: 5000, runs: 40 });
    // What was counted before a crash is gone, whenever that was.
    const counts = outcomes.map(({ outcome }) => outcome.final.get('v')!.length);
    expect(new Set(counts).size).toBeGreaterThan(3);
    expect(Math.max(...counts)).toBe(7);
  });
});

describe('crashes', () => {
  const crash = { crash: true };

  it('are a function of the seed, and happen', () => {
    const traces = seeds.map((seed) => traceOf(keeping('durable'), seed, crash));
    for (const [i, trace] of traces.slice(0, 5).entries())
      expect(traceOf(keeping('durable'), seeds[i]!, crash)).toEqual(trace);
    const crashed = traces.filter((trace) => trace.some(({ event }) => event === 'crash'));
    expect(crashed.length).toBeGreaterThan(seeds.length / 2);
    const lives = traces.map((trace) => trace.filter(({ event }) => event === 'boot').length);
    expect(Math.max(...lives)).toBeGreaterThan(nodes.length + 1);
  });

  it('take nothing of what is durable: what one node keeps all have in the end', () => {
    const { outcomes, violations } = explore(keeping('durable'), { ...usual, ...crash, runs: 60 });
    expect(violations).toEqual([]);
    for (const { quiescent, replicasAgree, seed } of outcomes)
      expect([quiescent, replicasAgree, seed]).toEqual([true, true, seed]);
    // What a node had taken and not yet written is gone with it.
    const sizes = outcomes.map(({ outcome }) => outcome.final.get('shown')!.length);
    expect(Math.max(...sizes)).toBe(27);
  });

  it('take the rest, and what was on its way', () => {
    const { outcomes } = explore(keeping(''), { ...usual, ...crash, runs: 60 });
    expect(outcomes.some(({ replicasAgree }) => !replicasAgree)).toBe(true);
  });

  it('leave an ordered log that agrees, as long as a majority lives', () => {
    const { outcomes, violations } = explore(desks(true), {
      ...usual,
      ...crash,
      ...faults,
      runs: 40,
    });
    expect(violations).toEqual([]);
    for (const { quiescent, replicasAgree, seed } of outcomes)
      expect([quiescent, replicasAgree, seed]).toEqual([true, true, seed]);
  });

  it('may come between the disk and whoever waits for it', () => {
    const text = `input put(x: int); durable table kept(x: int); output told(x: int);
      kept(x) :- put(x); told(x) :- put(x);`;
    const compiled = compileSound(text);
    const inputs = Array.from({ length: 8 }, (_, x) => ({
      node: 'a',
      relation: 'put',
      row: [x],
      atMs: 20 * x,
    }));
    const subject = simulationSubject({
      compiled,
      nodeProgram: makeNodeProgram(compiled, ['a']),
      makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 1000 }),
      nodes: ['a'],
      workload: { facts: [], inputs },
    });
    const kept = ({ outcome }: { outcome: Outcome }): number =>
      outcome.stored.get('kept')!.length - outcome.ever.get('told')!.length;
    const lags = explore(subject, { ...usual, ...crash, runs: 150 }).outcomes.map(kept);
    // Nothing is told that is not kept; something is kept of which nothing was told.
    expect(Math.min(...lags)).toBe(0);
    expect(Math.max(...lags)).toBeGreaterThan(0);
  });
});
