/**
 * Verdicts held against runs: what is called confluent shows the same tuples under every schedule
 * tried, and what is called convergent ends with the same content. A failure prints the seed and
 * the program; `randomProgram(seed)` gives the program again.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.js';
import { analyzeConfluence, findConfluenceFacts } from '../../../src/analysis/confluence.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import type { WorkloadInput } from '../../../src/node/workload.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import type { SimulationRun, SimulationSubject } from '../../../src/simulator/outcome.js';
import { compileText } from '../../support/compile-text.js';
import { randomProgram, randomReplicas } from './random-races.js';

const nodes = ['n1', 'n2'];
const nightly = process.env['TRELLIS_NIGHTLY'] !== undefined;
const programs = nightly ? 3000 : 150;
const schedules = 8;

function inputsFor(seed: number, compiled: CompiledProgram): readonly WorkloadInput[] {
  const prng = new Prng(seed * 7 + 1);
  const inputs = Array.from({ length: prng.int(2, 6) }, () => ({
    node: nodes[prng.int(0, 1)]!,
    relation: prng.chance(0.5) ? 'i' : 'j',
    row: [prng.int(0, 2), prng.int(0, 2)],
    atMs: null,
  }));
  return inputs.filter(({ relation }) => compiled.program.relations.has(relation));
}

/** Runs under several schedules; null if some run did not come to rest. */
function runsOf(
  compiled: CompiledProgram,
  seed: number,
  replicated: readonly string[],
): readonly SimulationRun[] | null {
  const subject: SimulationSubject = {
    program: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 2000 }),
    nodes,
    workload: { facts: [], inputs: inputsFor(seed, compiled) },
    replicated,
    log: { retryMs: 600, catchUpMs: 300 },
  };
  const runs: SimulationRun[] = [];
  for (let schedule = 1; schedule <= schedules; schedule++) {
    const run = simulateRun(subject, {
      seed: schedule,
      maxDelayMs: 60,
      duplicate: 0.1,
      bootJitterMs: 60,
      untilMs: 1500,
      maxTimesteps: 400,
      trace: false,
    });
    if (!run.quiescent) return null;
    runs.push(run);
  }
  return runs;
}

const distinct = (values: readonly unknown[]): number =>
  new Set(values.map((value) => JSON.stringify(value))).size;

describe('verdicts hold in runs', () => {
  it('random programs come out as promised', () => {
    const seen = { confluent: 0, convergent: 0, varied: 0 };
    for (let seed = 1; seed <= programs; seed++) {
      const text = randomProgram(seed);
      const { compiled } = compileText(text);
      const runs = compiled === null ? null : runsOf(compiled, seed, []);
      if (compiled === null || runs === null) continue;
      for (const { relation, verdict, kind } of compiled.confluence.observables) {
        const evers = runs.map((run) => run.outcome.ever.get(relation));
        const finals = runs.map((run) => run.outcome.final.get(relation));
        const place = `seed ${seed}, ${verdict} ${relation}:\n${text}`;
        if (verdict === 'confluent') expect(distinct(evers), place).toBe(1);
        if (verdict !== 'divergent' && kind === 'view') expect(distinct(finals), place).toBe(1);
        const shows = evers.some((rows) => rows !== undefined && rows.length > 0);
        if (shows && verdict !== 'divergent') seen[verdict]++;
        if (verdict === 'divergent' && distinct(evers) > 1) seen.varied++;
      }
    }
    // The programs must be worth something: all three kinds occur, and schedules do make a difference.
    expect(seen.confluent).toBeGreaterThan(5);
    expect(seen.convergent).toBeGreaterThan(2);
    expect(seen.varied).toBeGreaterThan(5);
  });

  it('under an ordered log replicas agree in every run', () => {
    let logs = 0;
    let disagreedWithout = 0;
    for (let seed = 1; seed <= programs; seed++) {
      const text = randomReplicas(seed);
      const { compiled } = compileText(text, { coordinate: 'auto' });
      const channels = compiled?.plan.orderedLog?.channels;
      if (compiled === null || channels === undefined) continue;
      const { known, replication } = findConfluenceFacts(compiled.program, new Set(channels));
      const replicated = [...compiled.program.relations.values()]
        .filter(
          ({ kind, name }) =>
            (kind === 'table' || kind === 'view') &&
            known.sequenced.has(name) &&
            replication.replicated.has(name) &&
            !known.unlike.has(name),
        )
        .map(({ name }) => name);
      const runs = runsOf(compiled, seed, replicated);
      if (runs === null) continue;
      logs++;
      const disagreeing = runs.filter((run) => !run.outcome.replicasAgree).map((run) => run.seed);
      expect(disagreeing, `seed ${seed}:\n${text}`).toEqual([]);
      const bare = runsOf(
        { ...compiled, plan: { ...compiled.plan, orderedLog: null } },
        seed,
        replicated,
      );
      if (bare?.some((run) => !run.outcome.replicasAgree) === true) disagreedWithout++;
      const given = analyzeConfluence(compiled.program, { ordered: channels });
      for (const { relation } of compiled.plan.points) {
        expect(given.observables.find((o) => o.relation === relation)?.met, relation).toBe(true);
      }
    }
    expect(logs).toBeGreaterThan(10);
    expect(disagreedWithout).toBeGreaterThan(3);
  });
});
