/**
 * The bounded checker of all schedules: every outcome that a small system can come to.
 *
 * A schedule is a list of turns (`turns.ts`), and a node a function of its state and of what a turn
 * takes (`local-states.ts`). A system is then where its nodes are, what is in flight, and what has
 * been shown (`system-states.ts`); schedules that meet in the same such state have the same futures,
 * so each state is gone on from once. That is the first reduction: of the interleavings of steps at
 * different nodes, which commute, only the states between remain, and of the orders of delivery that
 * a monotone program cannot tell apart, one state (state matching; Godefroid, Partial-Order Methods,
 * 1996, chapter 2, on why that covers every outcome). Two more: a message comes again only where
 * that makes a difference, and nodes that cannot reach each other go one after the other.
 *
 * Explored are all orders of delivery, all ways to take several batches in one timestep, all moments
 * of boots and inputs, up to `duplicates` messages that come twice, up to `firings` timers at any
 * moment, and up to `advances` moments at which the clock goes on. Then the timers fire in rounds
 * until a round changes nothing. Of an ordered log, all orders of its entries and all moments at which
 * each node passes them (checked-log.ts); a halt beside a log is not covered. Of a barrier, all moments
 * at which it lets each node go on, and all ways to spread the inputs over its epochs
 * (checked-barrier.ts). Left out are schedules in which a producer breaks a promise that the program
 * states (promises.ts).
 *
 * Invariant: if the result is complete, every schedule within those bounds has one of its outcomes.
 */
import { Prng } from '../base/prng.js';
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { ComparableEvaluator, NodeIdentity } from '../evaluator/evaluator.js';
import type { SimulationSubject } from './outcome.js';
import { farCountOf } from './far-count.js';
import type { LoggedParts } from './checked-log.js';
import { SystemStates } from './system-states.js';
import type { Move, SystemState } from './system-states.js';
import { runTimerRounds } from './timer-rounds.js';

export interface ScheduleBounds {
  /** States of the system to go on from. */
  readonly states: number;
  /** Messages that come twice, in one schedule. */
  readonly duplicates: number;
  /** Firings of timers at any moment, in one schedule. */
  readonly firings: number;
  /** Moments at which the clock goes on, in one schedule; more than none for programs that read it. */
  readonly advances: number;
  /** Random schedules tried first: where outcomes differ, they mostly show it at once. */
  readonly probes: number;
}

export const usualScheduleBounds: ScheduleBounds = {
  states: 20_000,
  duplicates: 1,
  firings: 1,
  advances: 0,
  probes: 24,
};

/** What a schedule can come to. */
export interface ScheduleOutcome {
  /** By observable: what was ever shown, and the content at quiescence; rows as in `Outcome`. */
  readonly ever: ReadonlyMap<string, readonly Row[]>;
  readonly final: ReadonlyMap<string, readonly Row[]>;
  /** A schedule that comes to it; of a barrier it has the word to go on, and no other message. */
  readonly moves: readonly Move[];
  /** Null for a program without an ordered log. Schedules with different logs are never one outcome. */
  readonly underLog: DecidedLog | null;
}

/** What was decided, and what the nodes hold of it. */
export interface DecidedLog {
  readonly entries: readonly LoggedParts[];
  /** Final content of replicated stored relations; rows as in `Outcome`. */
  readonly stored: ReadonlyMap<string, readonly Row[]>;
}

/** The observables of which outcomes are still to be told apart, by either part. */
export interface OpenQuestions {
  readonly ever: ReadonlySet<string>;
  readonly final: ReadonlySet<string>;
}

export interface CheckedSchedules {
  /** Whether all schedules within the bounds were covered. */
  readonly isComplete: boolean;
  /** Why not; null if they were. */
  readonly limit: 'states' | 'batches' | 'timers' | 'halts' | 'held' | 'answered' | null;
  readonly outcomes: readonly ScheduleOutcome[];
  readonly states: number;
  /** Timesteps evaluated. */
  readonly timesteps: number;
}

/** Batches waiting at one node of which all subsets are tried. */
const mostWaiting = 6;
/** Turns of a random schedule. */
const longestProbe = 200;

/** All schedules of a subject, random ones first. */
export function checkSchedules(
  subject: SimulationSubject,
  makeEvaluator: (identity: NodeIdentity) => ComparableEvaluator,
  bounds: ScheduleBounds = usualScheduleBounds,
): CheckedSchedules {
  const system = new SystemStates(subject, makeEvaluator);
  const checker = new ScheduleChecker(subject, system, bounds);
  checker.probe();
  return checker.exhaust();
}

/**
 * Looks for outcomes first at random, then everywhere.
 *
 * `stillOpen` is asked at each new outcome, with all of them: what is answered is no longer told
 * apart, and left out of further outcomes; if nothing is open, the search stops.
 *
 * Contract: `system` is of the same program, nodes and facts; checkers that share one know what the
 * others have evaluated.
 */
export class ScheduleChecker {
  readonly #subject: SimulationSubject;
  readonly #system: SystemStates;
  readonly #bounds: ScheduleBounds;
  readonly #start: SystemState;
  readonly #stillOpen: (outcomes: readonly ScheduleOutcome[]) => OpenQuestions;
  readonly #seen = new Set<string>();
  readonly #stack: SystemState[] = [];
  readonly #outcomes: ScheduleOutcome[] = [];
  readonly #outcomeKeys = new Set<string>();
  readonly #prng = new Prng(1);
  #open: OpenQuestions;
  #limit: CheckedSchedules['limit'] = null;

  constructor(
    subject: SimulationSubject,
    system: SystemStates,
    bounds: ScheduleBounds,
    stillOpen?: (outcomes: readonly ScheduleOutcome[]) => OpenQuestions,
  ) {
    this.#subject = subject;
    this.#bounds = bounds;
    this.#system = system;
    this.#start = system.start(subject.workload.inputs, bounds);
    if (system.holdsTimers) this.#limit = 'held';
    const all = new Set(subject.program.observables.keys());
    this.#open = { ever: all, final: all };
    this.#stillOpen = stillOpen ?? ((): OpenQuestions => ({ ever: all, final: all }));
  }

  /** So many random schedules; by default as many as the bounds say. */
  probe(probes = this.#bounds.probes): CheckedSchedules {
    this.#ask();
    for (let n = 0; n < probes && !this.#isAnswered() && this.#limit !== 'held'; n++) this.#probe();
    return this.#result();
  }

  /** Every schedule within the bounds. */
  exhaust(): CheckedSchedules {
    this.#ask();
    if (this.#limit === null) this.#visit(this.#start);
    for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) {
      if (this.#seen.size > this.#bounds.states) this.#limit = 'states';
      if (this.#limit === 'states' || this.#isAnswered()) break;
      if (this.#system.isAtRest(state)) this.#close(state);
      this.#goOn(state);
    }
    return this.#result();
  }

  #result(): CheckedSchedules {
    return {
      isComplete: this.#limit === null,
      limit: this.#limit,
      outcomes: this.#outcomes,
      states: this.#seen.size,
      timesteps: this.#system.evaluated,
    };
  }

  #isAnswered(): boolean {
    return this.#limit === 'answered';
  }

  #visit(state: SystemState): void {
    if (state.isBroken) return;
    if (this.#system.hasLog && this.#system.isHalted(state, state.node)) this.#limit ??= 'halts';
    const key = this.#system.keyOf(state);
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#stack.push(state);
  }

  /** One schedule at random. */
  #probe(): void {
    const prng = this.#prng;
    const system = this.#system;
    const repeats = prng.chance(0.4);
    const [isLate, isAlone] = [prng.int(0, system.locals.length), prng.chance(0.5)];
    let state = this.#start;
    for (let turns = 0; turns < longestProbe; turns++) {
      const again = repeats ? this.#chooseAgain(state) : null;
      if (state.isBroken || (again === null && system.isAtRest(state))) break;
      const next = again ?? this.#chooseTurn(state, isLate, isAlone);
      if (next === null) return;
      state = next;
      if (state.advances > 0 && prng.chance(0.3)) state = system.advance(state);
    }
    if (!state.isBroken && system.isAtRest(state)) this.#close(state);
  }

  /** Now and then a message comes again. */
  #chooseAgain(state: SystemState): SystemState | null {
    const prng = this.#prng;
    if (state.duplicates === 0 || state.delivered.length === 0 || !prng.chance(0.4)) return null;
    const nodes = [...this.#system.locals.keys()].filter(
      (node) =>
        !this.#system.isHalted(state, node) && this.#system.repeatable(state, node).length > 0,
    );
    if (nodes.length === 0) return null;
    const node = nodes[prng.int(0, nodes.length - 1)]!;
    const repeatable = this.#system.repeatable(state, node);
    const again = repeatable[prng.int(0, repeatable.length - 1)]!;
    const taken = this.#system.waiting(state, node).filter(() => prng.chance(0.5));
    return this.#system.takeAgain(state, node, taken, again);
  }

  /** Null if the nodes that have something to do have halted. */
  #chooseTurn(state: SystemState, isLate: number, isAlone: boolean): SystemState | null {
    const prng = this.#prng;
    const system = this.#system;
    const ready = [...system.locals.keys()].filter(
      (node) =>
        !system.isHalted(state, node) &&
        (system.waiting(state, node).length > 0 ||
          system.isRestless(state, node) ||
          system.nextEntries(state, node).length > 0),
    );
    const later = this.#nextSteps(state);
    if (later.length > 0 && (ready.length === 0 || prng.chance(0.5)))
      return later[prng.int(0, later.length - 1)]!;
    if (ready.length === 0) return null;
    const chosen = ready.filter((node) => node !== isLate || ready.length === 1);
    const node = chosen[prng.int(0, chosen.length - 1)]!;
    const waiting = system.waiting(state, node);
    const entries = system.nextEntries(state, node);
    if (entries.length > 0 && (waiting.length === 0 || prng.chance(0.5)))
      return system.pass(state, node, entries[prng.int(0, entries.length - 1)]!);
    let taken = waiting.filter(() => prng.chance(isAlone ? 0.2 : 0.7));
    if (taken.length === 0 && !system.isRestless(state, node))
      taken = [waiting[prng.int(0, waiting.length - 1)]!];
    const fires = state.firings > 0 && system.isBooted(state, node) && prng.chance(0.2);
    if (!fires) return system.take(state, node, taken);
    return system.fire(state, node, prng.chance(0.5) ? taken : [], this.#anyTimer());
  }

  #anyTimer(): number {
    return this.#prng.int(0, this.#subject.program.periodics.length - 1);
  }

  /**
   * The nodes whose turns are to be tried. Where nodes cannot reach each other, the steps of one
   * commute with all of the others', so they go one after the other (a persistent set).
   */
  #movable(state: SystemState): readonly number[] {
    const all = [...this.#system.locals.keys()];
    if (this.#subject.program.receivable.size > 0) return all.reverse();
    const first = all.findIndex(
      (node) =>
        this.#system.isRestless(state, node) || this.#system.waiting(state, node).length > 0,
    );
    return first < 0 ? all : all.slice(0, first + 1);
  }

  /** Every next turn of every node. */
  #goOn(state: SystemState): void {
    if (state.advances > 0) this.#visit(this.#system.advance(state));
    for (const later of this.#nextSteps(state)) this.#visit(later);
    for (const node of this.#movable(state)) {
      if (this.#system.isHalted(state, node)) continue;
      for (const entry of this.#system.nextEntries(state, node))
        this.#visit(this.#system.pass(state, node, entry));
      const canRest = this.#system.mayRunIdle(state, node);
      const canFire = state.firings > 0 && this.#system.isBooted(state, node);
      const again = state.duplicates > 0 ? this.#system.repeatable(state, node) : [];
      for (const taken of this.#subsets(this.#system.waiting(state, node))) {
        if (taken.length > 0 || canRest) this.#visit(this.#system.take(state, node, taken));
        for (const message of again) {
          const after = this.#system.takeAgain(state, node, taken, message);
          if (after !== null) this.#visit(after);
        }
        if (!canFire) continue;
        for (const index of this.#subject.program.periodics.keys())
          this.#visit(this.#system.fire(state, node, taken, index));
      }
    }
  }

  /** Every way in which the barrier may let the nodes go on. */
  #nextSteps(state: SystemState): readonly SystemState[] {
    const next = this.#system.nextStep(state);
    if (next === null) return [];
    if (!next.opens) return [this.#system.goOn(state, next, [])];
    return this.#subsets(this.#system.heldBack(state))
      .filter((entering) => entering.length > 0 || next.isDue)
      .map((entering) => this.#system.goOn(state, next, entering));
  }

  #subsets(waiting: readonly number[]): readonly (readonly number[])[] {
    if (waiting.length > mostWaiting) this.#limit ??= 'batches';
    const chosen = waiting.slice(0, mostWaiting);
    let subsets: (readonly number[])[] = [[]];
    for (const number of chosen) subsets = [...subsets, ...subsets.map((set) => [...set, number])];
    // Equal things in flight make equal subsets.
    return new Set(chosen).size === chosen.length
      ? subsets
      : [...new Map(subsets.map((set) => [set.join(), set])).values()];
  }

  /** An end of a schedule: after it only timers fire, and they change nothing any more. */
  #close(state: SystemState): void {
    const hasTimers = this.#subject.program.periodics.length > 0;
    const end = hasTimers ? runTimerRounds(this.#system, state, farCountOf(this.#subject)) : state;
    if (end === null) this.#limit ??= 'timers';
    else if (!end.isBroken) this.#come(end);
  }

  #come(state: SystemState): void {
    const ever = new Map([...this.#open.ever].sort().map((relation) => [relation, [] as Row[]]));
    for (const number of state.ever) {
      const { relation, row } = this.#system.shownRow(number);
      ever.get(relation)?.push(row);
    }
    for (const rows of ever.values()) rows.sort(compareRows);
    const final = new Map(
      [...this.#open.final].sort().map((relation) => [relation, this.#final(state, relation)]),
    );
    const underLog = this.#underLog(state);
    const stored: DecidedLog['stored'] = underLog?.stored ?? new Map();
    const key = JSON.stringify([
      [ever, final, stored].map((contents) =>
        [...contents].map(([relation, rows]) => [relation, rows.map(rowKey)]),
      ),
      state.log.decided,
    ]);
    if (this.#outcomeKeys.has(key)) return;
    this.#outcomeKeys.add(key);
    this.#outcomes.push({
      ever,
      final,
      moves: this.#system.movesTo(state, this.#subject.workload.inputs),
      underLog,
    });
    this.#ask();
  }

  #underLog(state: SystemState): DecidedLog | null {
    if (!this.#system.hasLog) return null;
    const { replicated, program } = this.#subject;
    const stored = replicated.filter((relation) => !program.observables.has(relation)).sort();
    return {
      entries: this.#system.decided(state),
      stored: new Map(
        stored.map((name) => [name, this.#system.content(state, name).toSorted(compareRows)]),
      ),
    };
  }

  #ask(): void {
    this.#open = this.#stillOpen(this.#outcomes);
    this.#system.watch(this.#open.ever);
    if (this.#open.ever.size + this.#open.final.size === 0) this.#limit = 'answered';
  }

  #final(state: SystemState, relation: string): readonly Row[] {
    if (this.#subject.momentary?.has(relation) === true) return [];
    return this.#system.content(state, relation).toSorted(compareRows);
  }
}
