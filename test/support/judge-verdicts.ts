/**
 * Holds the verdicts of a small program against all its schedules: is what is called confluent or
 * convergent so under every one of them, and does what is not called confluent really come out
 * differently?
 */
import { rowKey } from '../../src/base/value.js';
import type { ObservableReport } from '../../src/analysis/confluence-report.js';
import { bareSubject } from '../../src/cli/subject.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeComparableFactory } from '../../src/compiler/node-program.js';
import type { WorkloadInput } from '../../src/node/workload.js';
import { checkSchedules } from '../../src/simulator/check-schedules.js';
import type { CheckedSchedules, ScheduleBounds } from '../../src/simulator/check-schedules.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';

/**
 * `confirmed`: nothing contradicts the verdict, which is confluent, or the checker saw it differ as
 * the verdict says it may; `unsound`: schedules contradict what was proved; `false-alarm`: not called
 * confluent, and yet one outcome; `unknown`: the bounds were too narrow to say.
 */
export type Judgement = 'confirmed' | 'unsound' | 'false-alarm' | 'unknown';

export interface JudgedObservable {
  readonly observable: ObservableReport;
  readonly judgement: Judgement;
  /** Inputs that show what refutes or confirms it; null if none do. */
  readonly inputs: readonly WorkloadInput[] | null;
}

/** Sets of inputs whose schedules are too many, after which no more are tried. */
const mostIncomplete = 2;

const bounds = { maxTuples: 2000 };

/** The program as written, on these inputs, without coordination. */
function subjectOf(
  compiled: CompiledProgram,
  nodes: readonly string[],
  inputs: readonly WorkloadInput[],
): SimulationSubject {
  const parts = { compiled, nodes, members: nodes, workload: { facts: [], inputs } };
  return bareSubject(parts, bounds, 'reference');
}

/** What all schedules come to, for each set of inputs in turn, until every verdict is judged. */
export function judgeVerdicts(
  compiled: CompiledProgram,
  nodes: readonly string[],
  workloads: readonly (readonly WorkloadInput[])[],
  limits: ScheduleBounds,
): readonly JudgedObservable[] {
  const { observables } = compiled.confluence;
  const differs = new Map(observables.map(({ relation }) => [relation, newDiffers()] as const));
  let incomplete = 0;
  for (const inputs of workloads) {
    const subject = subjectOf(compiled, nodes, inputs);
    const isSettled = (relation: string): boolean => isJudged(observables, differs, relation);
    const open = observables.filter(({ relation }) => !isSettled(relation));
    if (open.length === 0 || incomplete === mostIncomplete) break;
    const checked = checkSchedules(
      subject,
      makeComparableFactory(compiled, bounds),
      limits,
      (found) => {
        noteDifferences(found, differs, inputs);
        return observables.every(({ relation }) => isSettled(relation));
      },
    );
    if (!checked.isComplete && checked.limit !== 'stopped') incomplete += 1;
  }
  return observables.map((observable) => ({
    observable,
    judgement: judge(observable, differs.get(observable.relation)!, incomplete === 0),
    inputs: differs.get(observable.relation)!.inputs,
  }));
}

interface Differs {
  ever: boolean;
  final: boolean;
  inputs: readonly WorkloadInput[] | null;
}

function newDiffers(): Differs {
  return { ever: false, final: false, inputs: null };
}

/** Whether nothing that more schedules show would change the judgement. */
function isJudged(
  observables: readonly ObservableReport[],
  differs: ReadonlyMap<string, Differs>,
  relation: string,
): boolean {
  const { verdict } = observables.find((one) => one.relation === relation)!;
  const { ever, final } = differs.get(relation)!;
  return verdict === 'confluent' ? ever : verdict === 'convergent' ? final : ever;
}

function noteDifferences(
  outcomes: CheckedSchedules['outcomes'],
  differs: ReadonlyMap<string, Differs>,
  inputs: readonly WorkloadInput[],
): void {
  const [first, ...others] = outcomes;
  const last = others.at(-1);
  if (first === undefined || last === undefined) return;
  for (const [relation, differing] of differs) {
    for (const part of ['ever', 'final'] as const) {
      const [a, b] = [first, last].map((outcome) =>
        (outcome[part].get(relation) ?? []).map(rowKey).join(';'),
      );
      if (a === b) continue;
      if (!differing[part]) differing.inputs = inputs;
      differing[part] = true;
    }
  }
}

function judge(
  { verdict }: ObservableReport,
  { ever, final }: Differs,
  isComplete: boolean,
): Judgement {
  if (verdict === 'confluent' && (ever || final)) return 'unsound';
  if (verdict === 'convergent' && final) return 'unsound';
  if (verdict === 'confluent') return isComplete ? 'confirmed' : 'unknown';
  if (ever || final) return 'confirmed';
  return isComplete ? 'false-alarm' : 'unknown';
}
