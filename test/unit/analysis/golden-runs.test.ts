/**
 * The golden analyses held against runs, on their own workload and on random inputs: what is called
 * confluent shows the same tuples under every schedule tried, what is called convergent ends the same.
 * Only random schedules, with duplicates and boot jitter: a check, no proof.
 */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../../src/base/prng.js';
import type { Row, Value } from '../../../src/base/value.js';
import type { CompiledProgram } from '../../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import type { WorkloadInput } from '../../../src/node/workload.js';
import type { Relation } from '../../../src/semantics/program.js';
import { simulateRun } from '../../../src/simulator/simulate-run.js';
import type { SimulationRun } from '../../../src/simulator/outcome.js';
import { analysisCases } from '../../support/analysis-case.js';
import type { AnalysisCase } from '../../support/analysis-case.js';
import { compileSound } from '../../support/compile-text.js';

const nightly = process.env['TRELLIS_NIGHTLY'] !== undefined;
const rounds = nightly ? 10 : 2;
const schedules = nightly ? 12 : 4;
const pick = <T>(prng: Prng, from: readonly T[]): T => from[prng.int(0, from.length - 1)]!;
const words = ['tea', 'glass jar', 'hello'];

function randomInputs(
  { inputs, nodes }: AnalysisCase,
  program: CompiledProgram['program'],
  round: number,
): readonly WorkloadInput[] {
  const given = inputs.map(([node, relation, row]) => ({ node, relation, row, atMs: null }));
  if (round === 0) return given;
  const prng = new Prng(round);
  const random = ({ columns }: Relation): Row =>
    columns.map(({ type }): Value => {
      if (type.kind === 'bool') return prng.chance(0.5);
      if (type.kind === 'addr') return pick(prng, nodes);
      return type.kind === 'string' ? pick(prng, words) : prng.int(1, 3);
    });
  const relations = [...program.relations.values()].filter(
    ({ kind, builtin }) => kind === 'input' && builtin === null,
  );
  if (relations.length === 0) return given;
  return Array.from({ length: prng.int(2, 6) }, () => {
    const relation = pick(prng, relations);
    return { node: pick(prng, nodes), relation: relation.name, row: random(relation), atMs: null };
  });
}

function runsOf(
  each: AnalysisCase,
  compiled: CompiledProgram,
  round: number,
): readonly SimulationRun[] {
  const subject = {
    program: makeNodeProgram(compiled, each.nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 2000 }),
    nodes: each.nodes,
    workload: { facts: [], inputs: randomInputs(each, compiled.program, round) },
    replicated: [],
    log: { retryMs: 600, catchUpMs: 300 },
  };
  const runs = Array.from({ length: schedules }, (_, i) =>
    simulateRun(subject, {
      seed: i + 1,
      maxDelayMs: 80,
      duplicate: 0.15,
      bootJitterMs: 80,
      untilMs: 3000,
      maxTimesteps: 600,
      trace: false,
    }),
  );
  // Verdicts rest on promises.
  return runs.filter(({ outcome }) => !outcome.broken);
}

const distinct = (values: readonly unknown[]): number =>
  new Set(values.map((value) => JSON.stringify(value))).size;

describe('golden analyses hold in runs', () => {
  const cases = analysisCases().filter(({ text }) => !/^(seal|extern) /m.test(text));

  it.each(cases.map((each) => [each.name, each] as const))('%s', (_, each) => {
    const compiled = compileSound(each.text);
    for (let round = 0; round < rounds; round++) {
      const runs = runsOf(each, compiled, round);
      if (runs.some(({ quiescent }) => !quiescent)) continue;
      for (const { relation, verdict, kind } of compiled.confluence.observables) {
        const place = `${relation}, round ${round}`;
        if (verdict === 'confluent')
          expect(distinct(runs.map((run) => run.outcome.ever.get(relation))), place).toBe(1);
        if (verdict !== 'divergent' && kind === 'view')
          expect(distinct(runs.map((run) => run.outcome.final.get(relation))), place).toBe(1);
      }
    }
  });
});
