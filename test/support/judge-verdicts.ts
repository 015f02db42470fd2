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
import type { Workload } from '../../src/node/workload.js';
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
  /** A workload that shows what refutes or confirms it; null if none does. */
  readonly workload: Workload | null;
}

/** Sets of inputs whose schedules are too many, after which no more are tried. */
const mostIncomplete = 2;

const bounds = { maxTuples: 2000 };

/** The program as written, on this workload, without coordination. */
function subjectOf(
  compiled: CompiledProgram,
  nodes: readonly string[],
  workload: Workload,
): SimulationSubject {
  const parts = { compiled, nodes, members: nodes, workload };
  return bareSubject(parts, bounds, 'reference');
}

/** What all schedules come to, for each workload in turn, until every verdict is judged. */
export function judgeVerdicts(
  compiled: CompiledProgram,
  nodes: readonly string[],
  workloads: Iterable<Workload>,
  limits: ScheduleBounds,
  observables: readonly ObservableReport[] = compiled.confluence.observables,
): readonly JudgedObservable[] {
  const differs = new Map(observables.map(({ relation }) => [relation, newDiffers()] as const));
  let incomplete = 0;
  for (const workload of workloads) {
    const subject = subjectOf(compiled, nodes, workload);
    const isSettled = (relation: string): boolean => isJudged(observables, differs, relation);
    const open = observables.filter(({ relation }) => !isSettled(relation));
    if (open.length === 0 || incomplete === mostIncomplete) break;
    const checked = checkSchedules(
      subject,
      makeComparableFactory(compiled, bounds),
      limits,
      (found) => {
        noteDifferences(found, differs, workload);
        return observables.every(({ relation }) => isSettled(relation));
      },
    );
    if (!checked.isComplete && checked.limit !== 'stopped') incomplete += 1;
  }
  return observables.map((observable) => ({
    observable,
    judgement: judge(observable, differs.get(observable.relation)!, incomplete === 0),
    workload: differs.get(observable.relation)!.workload,
  }));
}

/**
 * Judgements again, where no difference was seen although the verdict promises none: by further
 * workloads and a few schedules of each.
 */
export function lookAgain(
  compiled: CompiledProgram,
  nodes: readonly string[],
  judged: readonly JudgedObservable[],
  workloads: Iterable<Workload>,
  limits: ScheduleBounds,
): readonly JudgedObservable[] {
  const changed = new Map<ObservableReport, JudgedObservable>();
  let open = judged.filter(isOpen).map(({ observable }) => observable);
  if (open.length === 0) return judged;
  for (const workload of workloads) {
    for (const again of judgeVerdicts(compiled, nodes, [workload], limits, open))
      if (again.workload !== null) changed.set(again.observable, again);
    open = open.filter((observable) => !changed.has(observable));
    if (open.length === 0) break;
  }
  return judged.map((each) => changed.get(each.observable) ?? each);
}

/** Whether it is not called confluent, and nothing has shown why. */
export function isOpen({ observable, judgement }: JudgedObservable): boolean {
  return !observable.proved && (judgement === 'false-alarm' || judgement === 'unknown');
}

interface Differs {
  ever: boolean;
  final: boolean;
  workload: Workload | null;
}

function newDiffers(): Differs {
  return { ever: false, final: false, workload: null };
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
  workload: Workload,
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
      if (!differing[part]) differing.workload = workload;
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
