/** A compiled program on two nodes as a subject of the simulator. */
import type { Row } from '../../../src/base/value.js';
import { simulationSubject } from '../../../src/cli/subject.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../../src/compiler/node-program.js';
import { compileSound } from '../../support/compile-text.js';

/** Inputs by node, relation and row. */
export function subjectOf(text: string, inputs: readonly (readonly [string, string, Row])[]) {
  const compiled = compileSound(text);
  const nodes = ['n1', 'n2'];
  return simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 10_000 }),
    nodes,
    workload: {
      facts: [],
      inputs: inputs.map(([node, relation, row]) => ({ node, relation, row, atMs: null })),
    },
  });
}
