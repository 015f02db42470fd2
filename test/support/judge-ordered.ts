/**
 * Holds a program that was given an ordered log against all its schedules: at every end its replicas
 * hold the same, what nodes hold is what a sequential run of the decided log leaves, and schedules
 * with one log show what the analysis says of them given the log. And with the log taken out, does
 * some schedule leave replicas that disagree? Otherwise nothing shows that it was needed.
 */
import { rowKey } from '../../src/base/value.js';
import type { Row } from '../../src/base/value.js';
import { analyzeConfluence, findConfluenceFacts } from '../../src/analysis/confluence.js';
import type { ObservableReport } from '../../src/analysis/confluence-report.js';
import { simulationSubject } from '../../src/cli/subject.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import {
  makeComparableFactory,
  makeEvaluatorFactory,
  makeNodeProgram,
} from '../../src/compiler/node-program.js';
import type { ScriptFunction } from '../../src/compiler/bind-functions.js';
import type { Workload } from '../../src/node/workload.js';
import { ScheduleChecker } from '../../src/simulator/check-schedules.js';
import type { ScheduleBounds, ScheduleOutcome } from '../../src/simulator/check-schedules.js';
import { findDisagreement } from '../../src/simulator/compare-replicas.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';
import { sequentialDifference } from '../../src/simulator/replay-sequentially.js';
import { SystemStates } from '../../src/simulator/system-states.js';

export interface OrderedProgram {
  readonly compiled: CompiledProgram;
  readonly nodes: readonly string[];
  readonly functions?: ReadonlyMap<string, ScriptFunction>;
}

/** What is wrong with an end of some schedule. */
interface Fault {
  readonly what: string;
  readonly workload: Workload;
}

export interface OrderedJudgement {
  readonly fault: Fault | null;
  /** Whether every schedule of the small workloads was tried. */
  readonly isExhaustive: boolean;
  /** Ends of schedules that were looked at, and how many entries the longest log had. */
  readonly ends: number;
  readonly longestLog: number;
}

export interface OrderedBounds extends ScheduleBounds {
  /** Inputs of a workload of which all schedules are tried. */
  readonly inputs: number;
}

const bounds = { maxTuples: 2000 };
const sequentialLimits = { untilMs: 1500, maxTimesteps: 400 };

/** The program over its log; nothing is put in. Compared are the relations that its order is for. */
export function loggedSubject({
  compiled,
  nodes,
  functions = new Map(),
}: OrderedProgram): SimulationSubject {
  const choice = { kind: 'reference', implementations: functions } as const;
  const subject = simulationSubject({
    compiled,
    nodeProgram: makeNodeProgram(compiled, nodes),
    functions,
    makeEvaluator: makeEvaluatorFactory(compiled, bounds, choice),
    nodes,
    workload: { facts: [], inputs: [] },
  });
  const alike = alikeRelations(compiled);
  return { ...subject, replicated: subject.replicated.filter((name) => alike.has(name)) };
}

/** Relations that pass through the same states at all replicas, given the log; of what is shown, what is met. */
function alikeRelations({ guarded, plan }: CompiledProgram): ReadonlySet<string> {
  const ordered = plan.orderedLog?.channels ?? [];
  const { known, replication } = findConfluenceFacts(guarded, new Set(ordered));
  const { observables } = analyzeConfluence(guarded, { ordered });
  const unmet = new Set(observables.filter(({ met }) => !met).map(({ relation }) => relation));
  const names = [...known.sequenced].filter(
    (name) => replication.replicated.has(name) && !known.unlike.has(name) && !unmet.has(name),
  );
  return new Set([...names, ...plan.points.map(({ relation }) => relation)]);
}

type MakeChecker = (
  workload: Workload,
  note: (outcomes: readonly ScheduleOutcome[]) => boolean,
) => ScheduleChecker;

/** `note` says whether there is still something to find out. */
function checkersOf(
  program: OrderedProgram,
  subject: SimulationSubject,
  limits: ScheduleBounds,
): MakeChecker {
  const running = { ...program.compiled, bare: program.compiled.coordinated };
  const evaluators = makeComparableFactory(running, bounds, program.functions);
  const withoutFacts = new SystemStates(subject, evaluators);
  const all = new Set(subject.program.observables.keys());
  return (workload, note) => {
    const one = { ...subject, workload };
    const system = workload.facts.length === 0 ? withoutFacts : new SystemStates(one, evaluators);
    return new ScheduleChecker(one, system, limits, (outcomes) =>
      note(outcomes) ? { ever: all, final: all } : { ever: new Set(), final: new Set() },
    );
  };
}

/** Every end of the schedules of these workloads, until one is wrong. */
export function judgeOrdered(
  program: OrderedProgram,
  workloads: readonly Workload[],
  limits: OrderedBounds,
): OrderedJudgement {
  const subject = loggedSubject(program);
  const makeChecker = checkersOf(program, subject, limits);
  const { compiled } = program;
  const { observables } = analyzeConfluence(compiled.guarded, {
    ordered: compiled.plan.orderedLog?.channels ?? [],
  });
  let fault: Fault | null = null;
  let [ends, longestLog, isExhaustive] = [0, 0, true];
  for (const workload of workloads) {
    const judge = new EndJudge({ ...subject, workload }, observables);
    const checker = makeChecker(workload, (outcomes) => {
      const last = outcomes.at(-1);
      const what = last === undefined ? null : judge.faultOf(last);
      if (what !== null) fault = { what, workload };
      return fault === null;
    });
    checker.probe();
    if (workload.inputs.length <= limits.inputs && fault === null) {
      const { isComplete } = checker.exhaust();
      if (!isComplete) isExhaustive = false;
    }
    ends += judge.ends;
    longestLog = Math.max(longestLog, judge.longestLog);
    if (fault !== null) break;
  }
  return { fault, isExhaustive, ends, longestLog };
}

/** What was seen at the ends of the schedules of one workload. */
class EndJudge {
  ends = 0;
  longestLog = 0;
  readonly #subject: SimulationSubject;
  readonly #observables: readonly ObservableReport[];
  readonly #firstByLog = new Map<string, ScheduleOutcome>();

  constructor(subject: SimulationSubject, observables: readonly ObservableReport[]) {
    this.#subject = subject;
    this.#observables = observables;
  }

  faultOf(outcome: ScheduleOutcome): string | null {
    const { underLog } = outcome;
    if (underLog === null) return 'there is no log';
    const { entries, stored } = underLog;
    this.ends += 1;
    this.longestLog = Math.max(this.longestLog, entries.length);
    const log = JSON.stringify(entries.map((entry) => [...entry]));
    const apart = findApart(this.#subject, outcome);
    if (apart !== null) return `replicas disagree on ${apart} after ${log}`;
    const first = this.#firstByLog.get(log);
    if (first !== undefined) return this.#difference(first, outcome, log);
    this.#firstByLog.set(log, outcome);
    const beside = sequentialDifference(this.#subject, entries, stored, sequentialLimits);
    return beside === null ? null : `${beside.relation} is not as one by one after ${log}`;
  }

  /** What two schedules with one log may not differ in. */
  #difference(a: ScheduleOutcome, b: ScheduleOutcome, log: string): string | null {
    const differs = (part: 'ever' | 'final', relation: string): boolean =>
      keyOf(a[part].get(relation)) !== keyOf(b[part].get(relation));
    for (const { relation, kind, verdict } of this.#observables) {
      // Of outputs it is what they released that counts.
      const isWrong =
        (verdict === 'confluent' && differs('ever', relation)) ||
        (verdict === 'convergent' && differs('final', relation)) ||
        (verdict === 'confluent' && kind === 'view' && differs('final', relation));
      if (isWrong) return `${relation}, ${verdict} given the log, varies with ${log}`;
    }
    for (const [relation, rows] of a.underLog?.stored ?? [])
      if (keyOf(rows) !== keyOf(b.underLog?.stored.get(relation)))
        return `${relation} varies with ${log}`;
    return null;
  }
}

function keyOf(rows: readonly Row[] | undefined): string {
  return (rows ?? []).map(rowKey).join(';');
}

/** A relation on which replicas disagree at this end. */
function findApart(
  subject: SimulationSubject,
  outcome: ScheduleOutcome,
  of: readonly string[] = subject.replicated,
): string | null {
  const received = receivedIn(outcome);
  const { observables } = subject.program;
  const apart = of.find((relation) => {
    // What outputs once released stands; views and tables are as they are at the end.
    const shown = observables.get(relation) === 'output' ? outcome.ever : outcome.final;
    const rows = shown.get(relation) ?? outcome.underLog?.stored.get(relation) ?? [];
    return findDisagreement(subject, relation, rows, received) !== null;
  });
  return apart ?? null;
}

/** By node, the channels from which it took something in. */
function receivedIn({ moves }: ScheduleOutcome): ReadonlyMap<string, ReadonlySet<string>> {
  const received = new Map<string, Set<string>>();
  for (const { node, batches } of moves) {
    const channels = received.get(node) ?? new Set();
    received.set(node, channels);
    for (const { batch } of batches)
      if (batch.origin.kind !== 'insert')
        for (const { relation } of batch.content) channels.add(relation);
  }
  return received;
}

/**
 * The points of the plan at which replicas disagree under some schedule once the log is taken out.
 * `more`: workloads of which random schedules are tried, for those in doubt.
 */
export function pointsShownNecessary(
  program: OrderedProgram,
  workloads: readonly Workload[],
  more: Iterable<Workload>,
  limits: OrderedBounds,
): ReadonlySet<string> {
  const logged = loggedSubject(program);
  const subject = { ...logged, program: { ...logged.program, orderedLog: null } };
  const makeChecker = checkersOf(program, subject, limits);
  const open = new Set(program.compiled.plan.points.map(({ relation }) => relation));
  const shown = new Set<string>();
  const look = (workload: Workload, isSmall: boolean): boolean => {
    const checker = makeChecker(workload, (outcomes) => {
      const last = outcomes.at(-1);
      for (const relation of open) {
        if (last === undefined || findApart(subject, last, [relation]) === null) continue;
        shown.add(relation);
        open.delete(relation);
      }
      return open.size > 0;
    });
    checker.probe();
    if (open.size > 0 && isSmall) checker.exhaust();
    return open.size > 0;
  };
  const isOpen = workloads.every((workload) =>
    look(workload, workload.inputs.length <= limits.inputs),
  );
  if (isOpen) for (const workload of more) if (!look(workload, false)) break;
  return shown;
}
