/**
 * Holds the verdicts of a small program against all its schedules: is what is called confluent or
 * convergent so under every one of them, and does what is not called confluent really come out
 * differently?
 *
 * Several workloads are tried: random schedules of each first, which is where most differences
 * show; then, for what is still open, all schedules of those that are small.
 *
 * Of what replicas are said to agree on, every outcome is looked at: all nodes must end alike. (So
 * the messages that fan out must go to all nodes of the program.)
 */
import { rowKey } from '../../src/base/value.js';
import type { ObservableReport } from '../../src/analysis/confluence-report.js';
import { bareSubject } from '../../src/cli/subject.js';
import type { ScriptFunction } from '../../src/compiler/bind-functions.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import { makeComparableFactory } from '../../src/compiler/node-program.js';
import type { Workload } from '../../src/node/workload.js';
import { SystemStates } from '../../src/simulator/system-states.js';
import { ScheduleChecker } from '../../src/simulator/check-schedules.js';
import type {
  CheckedSchedules,
  OpenQuestions,
  ScheduleBounds,
} from '../../src/simulator/check-schedules.js';

/**
 * `confirmed`: nothing contradicts the verdict, which is confluent, or schedules were seen to differ
 * as it says they may; `unsound`: schedules contradict what was proved; `false-alarm`: not called
 * confluent, and yet all schedules of the small sets of inputs have one outcome; `unknown`: not
 * called confluent, no difference was seen, and not all schedules could be tried.
 */
export type Judgement = 'confirmed' | 'unsound' | 'false-alarm' | 'unknown';

export interface JudgedObservable {
  readonly observable: ObservableReport;
  readonly judgement: Judgement;
  /** Whether every schedule of the small sets of inputs was tried; false: random ones alone. */
  readonly isExhaustive: boolean;
  /** A workload that shows what refutes or confirms it; null if none does. */
  readonly workload: Workload | null;
}

export interface JudgedProgram {
  readonly compiled: CompiledProgram;
  readonly nodes: readonly string[];
  readonly functions?: ReadonlyMap<string, ScriptFunction>;
  /** Those to judge; by default all. */
  readonly observables?: readonly ObservableReport[];
}

export interface JudgeBounds extends ScheduleBounds {
  /** Inputs of a set of which all schedules are tried. */
  readonly inputs: number;
  /** Random schedules of larger ones, where nothing has shown a difference. */
  readonly moreProbes: number;
  /** Firings of timers at any moment in one of these. */
  readonly moreFirings: number;
}

const bounds = { maxTuples: 2000 };

/** What schedules come to, until every verdict is judged. `more`: workloads for those in doubt. */
export function judgeVerdicts(
  program: JudgedProgram,
  workloads: readonly Workload[],
  more: () => Iterable<Workload>,
  limits: JudgeBounds,
): readonly JudgedObservable[] {
  const { observables = program.compiled.confluence.observables } = program;
  const judge = new Judge(program, observables);
  const checkerOf = checkersOf(program, limits, judge);
  const checkers = workloads.map((workload) => ({ workload, checker: checkerOf(workload) }));
  for (const { checker } of checkers) if (judge.isOpen()) checker.probe();
  let isExhaustive = true;
  for (const { checker, workload } of checkers) {
    if (!judge.isOpen() || workload.inputs.length > limits.inputs) continue;
    const { isComplete, limit } = checker.exhaust();
    if (!isComplete && limit !== 'answered') isExhaustive = false;
  }
  if (judge.isInDoubt()) {
    const closerOf = checkersOf(program, { ...limits, firings: limits.moreFirings }, judge);
    for (const workload of more()) {
      closerOf(workload).probe(limits.moreProbes);
      if (!judge.isInDoubt()) break;
    }
  }
  return observables.map((observable) => judge.judged(observable, isExhaustive));
}

/** The program as written, without coordination, ready to be checked on any workload. */
function checkersOf(
  { compiled, nodes, functions }: JudgedProgram,
  limits: ScheduleBounds,
  judge: Judge,
): (workload: Workload) => ScheduleChecker {
  const parts = { compiled, nodes, members: nodes, workload: { facts: [], inputs: [] } };
  const subject = bareSubject(
    functions === undefined ? parts : { ...parts, functions },
    bounds,
    'reference',
  );
  const evaluators = makeComparableFactory(compiled, bounds, functions);
  const withoutFacts = new SystemStates(subject, evaluators);
  return (workload) => {
    const one = { ...subject, workload };
    const system = workload.facts.length === 0 ? withoutFacts : new SystemStates(one, evaluators);
    return new ScheduleChecker(one, system, limits, (found) => judge.note(found, workload));
  };
}

interface Differs {
  ever: boolean;
  final: boolean;
  /** Nodes of one run ended differently in what they are said to agree on. */
  among: boolean;
  workload: Workload | null;
}

/** What was seen to differ so far, of every observable. */
class Judge {
  readonly #observables: readonly ObservableReport[];
  readonly #differs: ReadonlyMap<string, Differs>;
  readonly #nodes: readonly string[];
  readonly #locations: ReadonlyMap<string, number>;

  constructor({ compiled, nodes }: JudgedProgram, observables: readonly ObservableReport[]) {
    this.#observables = observables;
    this.#differs = new Map(
      observables.map(({ relation }) => [
        relation,
        { ever: false, final: false, among: false, workload: null },
      ]),
    );
    this.#nodes = nodes;
    const { relations } = compiled.program;
    this.#locations = new Map(
      observables.map(({ relation }) => [relation, relations.get(relation)?.location ?? 0]),
    );
  }

  isOpen(): boolean {
    const { ever, final } = this.#open();
    return ever.size + final.size > 0;
  }

  /** Whether something that is not called confluent has had one outcome so far. */
  isInDoubt(): boolean {
    const { ever } = this.#open();
    return this.#observables.some(
      ({ relation, verdict }) => verdict !== 'confluent' && ever.has(relation),
    );
  }

  /** Takes in the outcomes on some inputs; says what more of them could still change. */
  note(outcomes: CheckedSchedules['outcomes'], workload: Workload): OpenQuestions {
    const [first, ...others] = outcomes;
    const last = others.at(-1);
    this.#compareNodes((last ?? first)?.final, workload);
    if (first === undefined || last === undefined) return this.#open();
    for (const [relation, differing] of this.#differs) {
      for (const part of ['ever', 'final'] as const) {
        const [a, b] = [first[part].get(relation), last[part].get(relation)];
        if (a === undefined || b === undefined) continue;
        if (a.map(rowKey).join(';') === b.map(rowKey).join(';')) continue;
        if (!differing.ever && !differing.final) differing.workload = workload;
        if (part === 'final' && !differing.final) differing.workload = workload;
        differing[part] = true;
      }
    }
    return this.#open();
  }

  #compareNodes(
    final: CheckedSchedules['outcomes'][number]['final'] | undefined,
    workload: Workload,
  ): void {
    for (const { relation, agrees } of this.#observables) {
      const rows = final?.get(relation);
      const differing = this.#differs.get(relation)!;
      if (!agrees || rows === undefined || differing.among) continue;
      const place = this.#locations.get(relation)!;
      const contents = this.#nodes.map((node) =>
        rows
          .filter((row) => row[place] === node)
          .map((row) => rowKey(row.toSpliced(place, 1)))
          .sort()
          .join(';'),
      );
      if (new Set(contents).size < 2) continue;
      differing.among = true;
      differing.workload = workload;
    }
  }

  /** Differences that would change a judgement. */
  #open(): OpenQuestions {
    const open = { ever: new Set<string>(), final: new Set<string>() };
    for (const { relation, verdict, agrees } of this.#observables) {
      const { ever, final, among } = this.#differs.get(relation)!;
      if (agrees && !among) open.final.add(relation);
      if (verdict === 'convergent') {
        if (!final) open.final.add(relation);
        if (!final && !ever) open.ever.add(relation);
      } else if (!ever && !final) {
        open.ever.add(relation);
        open.final.add(relation);
      }
    }
    return open;
  }

  judged(observable: ObservableReport, isExhaustive: boolean): JudgedObservable {
    const { ever, final, among, workload } = this.#differs.get(observable.relation)!;
    return {
      observable,
      judgement: among ? 'unsound' : judgementOf(observable, ever, final, isExhaustive),
      isExhaustive,
      workload,
    };
  }
}

function judgementOf(
  { verdict }: ObservableReport,
  ever: boolean,
  final: boolean,
  isExhaustive: boolean,
): Judgement {
  if (verdict === 'confluent') return ever || final ? 'unsound' : 'confirmed';
  if (verdict === 'convergent' && final) return 'unsound';
  if (ever || final) return 'confirmed';
  return isExhaustive ? 'false-alarm' : 'unknown';
}
