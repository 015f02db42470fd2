/** The monotonicity report of a program text on a small workload, as `trellis report` makes it. */
import { simulationSubject } from '../../src/cli/subject.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import type { Row } from '../../src/base/value.js';
import { assembleReport } from '../../src/report/assemble-report.js';
import type { WitnessSearch } from '../../src/report/assemble-report.js';
import type { MonotonicityReport } from '../../src/report/monotonicity-report.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';
import { compileSound } from './compile-text.js';

export interface SmallWorkload {
  readonly nodes: readonly string[];
  /** Node, input, row. */
  readonly inputs: readonly (readonly [string, string, Row])[];
  readonly budget?: WitnessSearch['budget'];
  readonly path?: string;
}

export interface ReportedProgram {
  readonly compiled: CompiledProgram;
  /** The program as written, without coordination. */
  readonly subject: SimulationSubject;
  readonly report: MonotonicityReport;
}

export function reportProgram(
  text: string,
  { nodes, inputs, budget = { turns: 20_000 }, path }: SmallWorkload,
): ReportedProgram {
  const compiled = compileSound(text, { coordinate: 'auto' }, path);
  const bare = {
    ...compiled,
    coordinated: compiled.bare,
    plan: { ...compiled.plan, orderedLog: null },
  };
  const subject = simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(bare, nodes),
    makeEvaluator: makeEvaluatorFactory(bare, { maxTuples: 10_000 }),
    nodes,
    workload: {
      facts: [],
      inputs: inputs.map(([node, relation, row]) => ({ node, relation, row, atMs: null })),
    },
  });
  return { compiled, subject, report: assembleReport(compiled, { subject, budget }) };
}
