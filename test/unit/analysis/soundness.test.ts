/**
 * Verdicts held against all schedules: what is called confluent shows the same tuples under every
 * one, and what is called convergent ends with the same content (`npm run fuzz:analysis` does this
 * at scale). What was found unsound once stays here as a regression. And under an ordered log the
 * replicas of random programs agree.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.js';
import { analyzeConfluence, findConfluenceFacts } from '../../../src/analysis/confluence.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import type { WorkloadInput } from '../../../src/node/workload.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import type { SimulationRun, SimulationSubject } from '../../../src/simulator/outcome.js';
import { compileText } from '../../support/compile-text.js';
import {
  addToTally,
  falseAlarmRate,
  fuzzCase,
  fuzzInserted,
  isThanksToSeal,
  newTally,
  regressionCase,
  strayInputs,
  unsoundVerdicts,
} from '../../support/fuzz-verdicts.js';
import { fuzzOrdered, OrderTally } from '../../support/fuzz-ordered.js';
import { sealedCase } from '../../support/random-analysis-programs.js';
import { randomReplicas } from './random-races.js';

const nodes = ['n1', 'n2'];
const nightly = process.env['TRELLIS_NIGHTLY'] !== undefined;
const programs = nightly ? 150 : 25;
const sealedPrograms = nightly ? 1000 : 60;
const orderedPrograms = nightly ? 2000 : 80;
const replicaPrograms = nightly ? 3000 : 150;
/** Runs at scale are long. */
const patienceMs = nightly ? 3_600_000 : 180_000;
/** Of `npm run fuzz:analysis` as it stands; lower it when the analysis has learned something. */
const falseAlarms = JSON.parse(
  readFileSync(new URL('false-alarms.json', import.meta.url), 'utf8'),
) as Record<'test' | 'nightly', { readonly programs: number; readonly rate: number }>;
const regressionFolder = fileURLToPath(new URL('regressions', import.meta.url));
const regressions = readdirSync(regressionFolder);
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

describe('verdicts hold in runs', { timeout: patienceMs }, () => {
  it(`random programs come out as promised under all schedules (${programs} from seed 1)`, () => {
    const tally = newTally();
    for (let seed = 1; seed <= programs; seed++) {
      const done = fuzzCase(seed);
      addToTally(tally, done);
      for (const { observable, judgement, workload } of done.judged ?? []) {
        const { verdict, relation } = observable;
        const place = `seed ${seed}, ${verdict} ${relation}, ${JSON.stringify(workload)}:\n${done.text}`;
        expect(judgement, place).not.toBe('unsound');
      }
    }
    // The programs must be worth something: most compile, and most verdicts can be judged.
    expect(tally.compiled).toBeGreaterThan(0.9 * programs);
    expect(tally.confirmed).toBeGreaterThan(tally.observables / 2);
    expect(tally.confluent).toBeGreaterThan(tally.observables / 40);
    const known = nightly ? falseAlarms.nightly : falseAlarms.test;
    expect(known.programs, 'the stored rate is of as many programs').toBe(programs);
    expect(falseAlarmRate(tally), 'false alarms may only become fewer').toBeLessThanOrEqual(
      known.rate + 0.0005,
    );
  });

  it('are borne out where rules wait for seals, by all schedules in which promises are kept', () => {
    let thanks = 0;
    let inserted = 0;
    for (let seed = 1; seed <= sealedPrograms; seed++) {
      const done = fuzzCase(seed, { secondLook: 0, promisesOnly: true }, sealedCase);
      for (const { observable, judgement, workload } of done.judged ?? []) {
        const { verdict, relation } = observable;
        const place = `seed ${seed}, ${verdict} ${relation}, ${JSON.stringify(workload)}:\n${done.text}`;
        expect(judgement, place).not.toBe('unsound');
        if (verdict === 'confluent' && isThanksToSeal(done, observable)) thanks++;
      }
      for (const { judgement, observable } of fuzzInserted(seed) ?? []) {
        expect(observable.verdict, `seed ${seed}, inserted`).toBe('confluent');
        expect(judgement, `seed ${seed}, inserted:\n${done.text}`).not.toBe('unsound');
        inserted++;
      }
    }
    expect(thanks).toBeGreaterThan(sealedPrograms / 20);
    expect(inserted).toBeGreaterThan(sealedPrograms / 20);
  });

  it.each(regressions)('%s, which was unsound, no longer is', (file) => {
    const one = regressionCase(readFileSync(join(regressionFolder, file), 'utf8'));
    expect(one.inputs.length, 'inputs in its comments').toBeGreaterThan(0);
    expect(strayInputs(one), 'inputs of no relation or node').toEqual([]);
    expect(unsoundVerdicts(one)).toEqual([]);
  });

  it('under an ordered log replicas agree at the end of all schedules, which equal sequential runs', () => {
    const tally = new OrderTally();
    for (let seed = 1; seed <= orderedPrograms; seed++) {
      const done = fuzzOrdered(seed, { secondLook: nightly ? 80 : 10 });
      tally.add(done);
      expect(done?.fault?.what ?? null, `seed ${seed}:\n${done?.text}`).toBeNull();
    }
    // The programs must be worth something: many get a log, most of these are covered and need it.
    expect(tally.logs).toBeGreaterThan(orderedPrograms / 5);
    expect(tally.exhaustive).toBeGreaterThan(0.9 * tally.logs);
    expect(tally.longestLog).toBeGreaterThan(2);
    expect(tally.necessary).toBeGreaterThan(0.4 * tally.points);
  });

  it('under an ordered log replicas agree in every run', () => {
    let logs = 0;
    let disagreedWithout = 0;
    for (let seed = 1; seed <= replicaPrograms; seed++) {
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
