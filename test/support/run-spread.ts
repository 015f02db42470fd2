/** One simulated run of a program with cluster-wide relations, and what its nodes show together. */
import { rowKey, type Row } from '../../src/base/value.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import { simulationSubject } from '../../src/cli/subject.js';
import type { Workload } from '../../src/node/workload.js';
import { defaultSimulationOptions, type Outcome } from '../../src/simulator/outcome.js';
import { simulateRun } from '../../src/simulator/simulate-run.js';

export function nodeNames(count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => `n${i + 1}`);
}

/** Even seeds run the engine, odd ones the reference. */
export function runSpread(
  compiled: CompiledProgram,
  nodes: readonly string[],
  workload: Workload,
  seed: number,
): Outcome {
  const subject = simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(
      compiled,
      { maxTuples: 100_000 },
      { kind: seed % 2 === 0 ? 'engine' : 'reference' },
    ),
    nodes,
    workload,
  });
  const run = simulateRun(subject, {
    ...defaultSimulationOptions,
    duplicate: 0.2,
    seed,
    // What waits for barriers takes many small timesteps.
    maxTimesteps: 20_000,
    trace: false,
  });
  // A run that does not come to rest has none to compare.
  return run.quiescent ? run.outcome : { ...run.outcome, error: run.outcome.error ?? 'no rest' };
}

/** The rows of every view, whichever node shows them. */
export function shownBy({
  final,
}: Pick<Outcome, 'final'>): Readonly<Record<string, readonly string[]>> {
  const parts = (rows: readonly Row[]): string[] => rows.map((row) => rowKey(row.slice(1)));
  return Object.fromEntries(
    [...final].map(([name, rows]) => [name, [...new Set(parts(rows))].sort()]),
  );
}
