/** Programs under all schedules of a few inputs, for tests of what nodes do. */
import type { Row } from '../../src/base/value.js';
import { bareSubject } from '../../src/cli/subject.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeComparableFactory } from '../../src/compiler/node-program.js';
import { checkSchedules, usualScheduleBounds } from '../../src/simulator/check-schedules.js';
import type { CheckedSchedules } from '../../src/simulator/check-schedules.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';

/** Node, relation, row. */
export type Put = readonly [node: string, relation: string, row: Row];

const bounds = { maxTuples: 2000 };

/** The program as written at these nodes, nothing inserted. */
function subjectOf(
  compiled: CompiledProgram,
  nodes: readonly string[],
  puts: readonly Put[],
): SimulationSubject {
  const inputs = puts.map(([node, relation, row]) => ({ node, relation, row, atMs: null }));
  return bareSubject(
    { compiled, nodes, members: nodes, workload: { facts: [], inputs } },
    bounds,
    'reference',
  );
}

export function allSchedules(
  compiled: CompiledProgram,
  nodes: readonly string[],
  puts: readonly Put[],
): CheckedSchedules {
  const evaluators = makeComparableFactory(compiled, bounds);
  return checkSchedules(subjectOf(compiled, nodes, puts), evaluators, {
    ...usualScheduleBounds,
    states: 40_000,
  });
}

/** What each of the outcomes ever showed of a relation, as text, each once. */
export function everShown(checked: CheckedSchedules, relation: string): readonly string[] {
  return [
    ...new Set(checked.outcomes.map(({ ever }) => JSON.stringify(ever.get(relation)))),
  ].sort();
}
