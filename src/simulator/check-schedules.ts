/**
 * The bounded checker of all schedules: every outcome that a small system can come to.
 *
 * A schedule is a list of turns (`turns.ts`), and a node a function of its state and of what a turn
 * takes (`local-states.ts`). A system is then where its nodes are, what is in flight, and what has
 * been shown; schedules that meet in the same such state have the same futures, so each state is
 * gone on from once. That is the reduction: of the interleavings of steps at different nodes, which
 * commute, only the states between remain, and of the orders of delivery that a monotone program
 * cannot tell apart, one state (state matching; Godefroid, Partial-Order Methods, 1996, chapter 2,
 * on why that covers every outcome).
 *
 * Explored are all orders of delivery, all ways to take several batches in one timestep, all moments
 * of boots and inputs, up to `duplicates` messages that come twice and up to `firings` timers at any
 * moment. Then the timers fire in rounds until a round changes nothing. The clock stands still.
 *
 * Invariant: if the result is complete, every schedule within those bounds has one of its outcomes.
 */
import { assert } from '../base/assert.js';
import { Prng } from '../base/prng.js';
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { ComparableEvaluator, NodeIdentity, RelationRows } from '../evaluator/evaluator.js';
import type { Batch } from '../node/inbox.js';
import { nodeOfInput } from '../node/workload.js';
import { LocalStates } from './local-states.js';
import type { LocalState } from './local-states.js';
import type { SimulationSubject } from './outcome.js';

export interface ScheduleBounds {
  /** States of the system to go on from. */
  readonly states: number;
  /** Messages that come twice, in one schedule. */
  readonly duplicates: number;
  /** Firings of timers at any moment, in one schedule. */
  readonly firings: number;
  /** Random schedules tried first: where outcomes differ, they mostly show it at once. */
  readonly probes: number;
}

export const usualScheduleBounds: ScheduleBounds = {
  states: 20_000,
  duplicates: 1,
  firings: 1,
  probes: 24,
};

/** What a schedule can come to. */
export interface ScheduleOutcome {
  /** By observable: what was ever shown, and the content at quiescence; rows as in `Outcome`. */
  readonly ever: ReadonlyMap<string, readonly Row[]>;
  readonly final: ReadonlyMap<string, readonly Row[]>;
  /** A schedule that comes to it. */
  readonly moves: readonly Move[];
}

/** One timestep of a schedule: what it takes, by content. */
export interface Move {
  readonly node: string;
  readonly batches: readonly TakenBatch[];
}

export interface TakenBatch {
  readonly batch: Batch;
  /** Of an input, its place in the workload. */
  readonly input: number | null;
  /** A second time. */
  readonly again: boolean;
}

export interface CheckedSchedules {
  /** Whether all schedules within the bounds were covered. */
  readonly isComplete: boolean;
  /** Why not; null if they were. */
  readonly limit: 'states' | 'batches' | 'timers' | 'stopped' | null;
  readonly outcomes: readonly ScheduleOutcome[];
  readonly states: number;
  /** Timesteps evaluated. */
  readonly timesteps: number;
}

/** Batches waiting at one node of which all subsets are tried. */
const mostWaiting = 6;
/** Turns of a random schedule. */
const longestProbe = 200;
/** Rounds of firings at the end. */
const mostRounds = 12;

/** `isEnough`: asked at each new outcome, with all of them; true stops the search. */
export function checkSchedules(
  subject: SimulationSubject,
  makeEvaluator: (identity: NodeIdentity) => ComparableEvaluator,
  bounds: ScheduleBounds = usualScheduleBounds,
  isEnough: (outcomes: readonly ScheduleOutcome[]) => boolean = () => false,
): CheckedSchedules {
  assert(subject.program.orderedLog === null, 'schedules of an ordered log are not checked');
  return new ScheduleChecker(subject, makeEvaluator, bounds, isEnough).check();
}

/** Something in flight; equal things have one number. */
interface Flying extends TakenBatch {
  readonly to: number;
  readonly canRepeat: boolean;
}

interface GlobalState {
  readonly locals: readonly LocalState[];
  /** Numbers of what is in flight, ascending; a number twice is there twice. */
  readonly pool: readonly number[];
  /** Numbers of what was shown, ascending. */
  readonly ever: readonly number[];
  /** Firings so far, by node and periodic. */
  readonly fired: readonly number[];
  readonly duplicates: number;
  readonly firings: number;
  readonly from: GlobalState | null;
  readonly node: number;
  readonly taken: readonly number[];
}

class ScheduleChecker {
  readonly #subject: SimulationSubject;
  readonly #bounds: ScheduleBounds;
  readonly #isEnough: (outcomes: readonly ScheduleOutcome[]) => boolean;
  readonly #locals: readonly LocalStates[];
  readonly #indexByNode: ReadonlyMap<string, number>;
  readonly #flying: Flying[] = [];
  readonly #flyingByKey = new Map<string, number>();
  readonly #shown: { readonly relation: string; readonly row: Row }[] = [];
  readonly #shownByKey = new Map<string, number>();
  readonly #seen = new Set<string>();
  readonly #stack: GlobalState[] = [];
  readonly #outcomes: ScheduleOutcome[] = [];
  readonly #outcomeKeys = new Set<string>();
  #limit: CheckedSchedules['limit'] = null;

  constructor(
    subject: SimulationSubject,
    makeEvaluator: (identity: NodeIdentity) => ComparableEvaluator,
    bounds: ScheduleBounds,
    isEnough: (outcomes: readonly ScheduleOutcome[]) => boolean,
  ) {
    this.#subject = subject;
    this.#bounds = bounds;
    this.#isEnough = isEnough;
    this.#locals = subject.nodes.map((node) => new LocalStates(subject, node, makeEvaluator));
    this.#indexByNode = new Map(subject.nodes.map((node, index) => [node, index]));
  }

  check(): CheckedSchedules {
    const prng = new Prng(1);
    for (let n = 0; n < this.#bounds.probes && this.#limit === null; n++) this.#probe(prng);
    if (this.#limit === null) this.#visit(this.#start());
    for (let state = this.#stack.pop(); state !== undefined; state = this.#stack.pop()) {
      if (this.#seen.size > this.#bounds.states) this.#limit = 'states';
      if (this.#limit === 'states' || this.#limit === 'stopped') break;
      if (this.#isAtRest(state)) this.#close(state);
      this.#goOn(state);
    }
    return {
      isComplete: this.#limit === null,
      limit: this.#limit,
      outcomes: this.#outcomes,
      states: this.#seen.size,
      timesteps: this.#locals.reduce((sum, { evaluated }) => sum + evaluated, 0),
    };
  }

  #start(): GlobalState {
    const { workload, nodes, program } = this.#subject;
    const pool = workload.inputs.flatMap((input, index) => {
      const to = this.#indexByNode.get(nodeOfInput(input, nodes, program.locationByRelation));
      if (to === undefined) return [];
      const { relation, row } = input;
      const batch: Batch = { origin: { kind: 'insert' }, content: [{ relation, rows: [row] }] };
      return [this.#number({ to, batch, input: index, again: false, canRepeat: false })];
    });
    return {
      locals: nodes.map(() => 0),
      pool: pool.sort(ascending),
      ever: [],
      fired: nodes.flatMap(() => program.periodics.map(() => 0)),
      duplicates: this.#bounds.duplicates,
      firings: program.periodics.length === 0 ? 0 : this.#bounds.firings,
      from: null,
      node: 0,
      taken: [],
    };
  }

  #visit(state: GlobalState): void {
    const { locals, pool, ever, fired, duplicates, firings } = state;
    const key = `${locals.join()}|${pool.join()}|${ever.join()}|${fired.join()}|${duplicates},${firings}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    this.#stack.push(state);
  }

  /** One schedule at random. */
  #probe(prng: Prng): void {
    let state = this.#start();
    const again = prng.chance(0.3);
    const [isLate, isAlone] = [prng.int(0, this.#locals.length), prng.chance(0.5)];
    for (let turns = 0; turns < longestProbe && !this.#isAtRest(state); turns++) {
      const ready = this.#locals.flatMap((local, node) => {
        const at = state.locals[node]!;
        const isWaiting = state.pool.some((number) => this.#flying[number]!.to === node);
        return !local.isHalted(at) && (isWaiting || local.isRestless(at)) ? [node] : [];
      });
      const chosen = ready.filter((node) => node !== isLate || ready.length === 1);
      const node = chosen[prng.int(0, chosen.length - 1)]!;
      const waiting = state.pool.filter((number) => this.#flying[number]!.to === node);
      const canRest = this.#locals[node]!.isRestless(state.locals[node]!);
      let taken = waiting.filter(() => prng.chance(isAlone ? 0.2 : 0.7));
      if (taken.length === 0 && !canRest) taken = [waiting[prng.int(0, waiting.length - 1)]!];
      const repeated = again ? taken.find((number) => this.#canRepeat(state, number)) : undefined;
      const after = this.#after(state, node, taken, this.#again(repeated), state.fired);
      state = repeated === undefined ? after : { ...after, duplicates: state.duplicates - 1 };
      if (
        state.firings > 0 &&
        this.#locals[node]!.isBooted(state.locals[node]!) &&
        prng.chance(0.2)
      )
        state = this.#fired(state, node, [], 0) ?? state;
    }
    if (this.#isAtRest(state)) this.#close(state);
  }

  #canRepeat(state: GlobalState, number: number): boolean {
    const { canRepeat, again } = this.#flying[number]!;
    return state.duplicates > 0 && canRepeat && !again;
  }

  #again(number: number | undefined): readonly number[] {
    return number === undefined ? [] : [this.#number({ ...this.#flying[number]!, again: true })];
  }

  /**
   * The nodes whose turns are to be tried. Where nodes cannot reach each other, the steps of one
   * commute with all of the others', so they go one after the other (a persistent set).
   */
  #movable(state: GlobalState): readonly number[] {
    const all = this.#locals.map((_, node) => node);
    if (this.#subject.program.receivable.size > 0) return all.reverse();
    const first = all.findIndex(
      (node) =>
        this.#locals[node]!.isRestless(state.locals[node]!) ||
        state.pool.some((number) => this.#flying[number]!.to === node),
    );
    return first < 0 ? all : all.slice(0, first + 1);
  }

  /** Every next turn of every node. */
  #goOn(state: GlobalState): void {
    for (const node of this.#movable(state)) {
      const local = this.#locals[node]!;
      const at = state.locals[node]!;
      if (local.isHalted(at)) continue;
      const waiting = state.pool.filter((number) => this.#flying[number]!.to === node);
      for (const taken of this.#subsets(waiting)) {
        if (taken.length > 0 || local.isRestless(at)) this.#takeAll(state, node, taken);
      }
      if (state.firings > 0 && local.isBooted(at)) {
        for (const taken of this.#subsets(waiting)) this.#fire(state, node, taken);
      }
    }
  }

  #subsets(waiting: readonly number[]): readonly (readonly number[])[] {
    if (waiting.length > mostWaiting) this.#limit ??= 'batches';
    const chosen = waiting.slice(0, mostWaiting);
    let subsets: (readonly number[])[] = [[]];
    for (const number of chosen) subsets = [...subsets, ...subsets.map((set) => [...set, number])];
    // Equal things in flight make equal subsets.
    return [...new Map(subsets.map((set) => [set.join(), set])).values()];
  }

  /** The turn, and where a message may come again, the turn that leaves it in flight. */
  #takeAll(state: GlobalState, node: number, taken: readonly number[]): void {
    this.#visit(this.#after(state, node, taken, [], state.fired));
    for (const number of new Set(taken)) {
      if (!this.#canRepeat(state, number)) continue;
      const after = this.#after(state, node, taken, this.#again(number), state.fired);
      this.#visit({ ...after, duplicates: state.duplicates - 1 });
    }
  }

  #fire(state: GlobalState, node: number, taken: readonly number[]): void {
    for (const index of this.#subject.program.periodics.keys())
      this.#visit(this.#fired(state, node, taken, index)!);
  }

  /** The turn with one firing more; null if there is no such periodic. */
  #fired(
    state: GlobalState,
    node: number,
    taken: readonly number[],
    index: number,
  ): GlobalState | null {
    const { periodics } = this.#subject.program;
    const periodic = periodics[index];
    if (periodic === undefined || this.#locals[node]!.isHalted(state.locals[node]!)) return null;
    const place = node * periodics.length + index;
    const count = state.fired[place]! + 1;
    const number = this.#firing(node, periodic.relation, count, periodic.periodMs);
    const after = this.#after(state, node, [...taken, number], [], state.fired.with(place, count));
    return { ...after, firings: state.firings - 1 };
  }

  #firing(node: number, relation: string, count: number, periodMs: number): number {
    const content = [{ relation, rows: [[count, count * periodMs]] }];
    const batch: Batch = { origin: { kind: 'periodic', relation }, content };
    return this.#number({ to: node, batch, input: null, again: false, canRepeat: false });
  }

  /** Where a turn leads. */
  #after(
    state: GlobalState,
    node: number,
    taken: readonly number[],
    kept: readonly number[],
    fired: readonly number[],
  ): GlobalState {
    const batches = taken.map((number) => this.#flying[number]!.batch);
    const { to, sends, shown } = this.#locals[node]!.step(
      state.locals[node]!,
      batches,
      taken.join(),
    );
    const isHalted = this.#locals[node]!.isHalted(to);
    const left = without(state.pool, taken).filter(
      (number) => !isHalted || this.#flying[number]!.to !== node,
    );
    const sent = sends.flatMap(({ receiver, content }) => this.#send(node, receiver, content));
    const locals = state.locals.with(node, to);
    const arriving = sent.filter((number) => {
      const receiver = this.#flying[number]!.to;
      return !this.#locals[receiver]!.isHalted(locals[receiver]!);
    });
    const pool = [...left, ...(isHalted ? [] : kept), ...arriving].sort(ascending);
    const ever = this.#showing(state.ever, node, shown);
    const { duplicates, firings } = state;
    return { locals, pool, ever, fired, duplicates, firings, from: state, node, taken };
  }

  #send(node: number, receiver: string, content: readonly RelationRows[]): readonly number[] {
    const to = this.#indexByNode.get(receiver);
    if (to === undefined) return [];
    const origin: Batch['origin'] =
      to === node ? { kind: 'loop' } : { kind: 'peer', peer: this.#locals[node]!.node };
    const batch: Batch = { origin, content };
    return [this.#number({ to, batch, input: null, again: false, canRepeat: to !== node })];
  }

  #showing(
    ever: readonly number[],
    node: number,
    shown: readonly RelationRows[],
  ): readonly number[] {
    if (shown.length === 0) return ever;
    const all = new Set(ever);
    for (const { relation, rows } of shown) {
      for (const row of rows)
        all.add(this.#numberShown(relation, this.#place(node, relation, row)));
    }
    return all.size === ever.length ? ever : [...all].sort(ascending);
  }

  #isAtRest({ pool, locals }: GlobalState): boolean {
    return pool.length === 0 && locals.every((at, node) => !this.#locals[node]!.isRestless(at));
  }

  /** An end of a schedule: after it only timers fire, and they change nothing any more. */
  #close(state: GlobalState): void {
    const end = this.#subject.program.periodics.length === 0 ? state : this.#afterTimers(state);
    if (end === null) this.#limit ??= 'timers';
    else this.#come(end);
  }

  /** Rounds of firings, in the plainest way, until one changes nothing; null if that does not come. */
  #afterTimers(state: GlobalState): GlobalState | null {
    let before = state;
    let quietRounds = 0;
    for (let round = 0; round < mostRounds; round++) {
      const after = this.#settle(this.#fireAll(before));
      if (after === null) return null;
      const isSame = after.locals.join() === before.locals.join() && after.ever === before.ever;
      quietRounds = isSame ? quietRounds + 1 : 0;
      before = after;
      if (quietRounds === 1) return after;
    }
    return null;
  }

  #fireAll(state: GlobalState): GlobalState {
    const { periodics } = this.#subject.program;
    let now = state;
    for (const [node, local] of this.#locals.entries()) {
      if (local.isHalted(now.locals[node]!)) continue;
      const places = periodics.map((_, index) => node * periodics.length + index);
      const fired = now.fired.map((count, place) => (places.includes(place) ? count + 1 : count));
      const taken = periodics.map(({ relation, periodMs }, index) =>
        this.#firing(node, relation, fired[places[index]!]!, periodMs),
      );
      now = this.#after(now, node, taken, [], fired);
    }
    return now;
  }

  #settle(state: GlobalState): GlobalState | null {
    let now = state;
    for (let turns = 0; !this.#isAtRest(now); turns++) {
      if (turns > 200) return null;
      for (const [node, local] of this.#locals.entries()) {
        const at = now.locals[node]!;
        if (local.isHalted(at)) continue;
        const taken = now.pool.filter((number) => this.#flying[number]!.to === node);
        if (taken.length > 0 || local.isRestless(at))
          now = this.#after(now, node, taken, [], now.fired);
      }
    }
    return now;
  }

  #come(state: GlobalState): void {
    const observables = [...this.#subject.program.observables.keys()].sort();
    const ever = new Map(observables.map((relation) => [relation, [] as Row[]] as const));
    for (const number of state.ever) {
      const { relation, row } = this.#shown[number]!;
      ever.get(relation)?.push(row);
    }
    for (const rows of ever.values()) rows.sort(compareRows);
    const final = new Map(
      observables.map((relation) => [relation, this.#final(state, relation)] as const),
    );
    const key = JSON.stringify(
      [ever, final].map((contents) => [...contents.values()].map((rows) => rows.map(rowKey))),
    );
    if (this.#outcomeKeys.has(key)) return;
    this.#outcomeKeys.add(key);
    this.#outcomes.push({ ever, final, moves: this.#movesTo(state) });
    if (this.#isEnough(this.#outcomes)) this.#limit = 'stopped';
  }

  #final({ locals }: GlobalState, relation: string): readonly Row[] {
    if (this.#subject.momentary?.has(relation) === true) return [];
    return locals
      .flatMap((at, node) =>
        this.#locals[node]!.content(at, relation).map((row) => this.#place(node, relation, row)),
      )
      .sort(compareRows);
  }

  #movesTo(end: GlobalState): readonly Move[] {
    const moves: Move[] = [];
    for (let state = end; state.from !== null; state = state.from) {
      const batches = state.taken.map((number) => this.#flying[number]!);
      moves.push({ node: this.#locals[state.node]!.node, batches });
    }
    return moves.reverse();
  }

  #place(node: number, relation: string, row: Row): Row {
    const isLocated = this.#subject.program.locationByRelation.has(relation);
    return isLocated ? row : [this.#locals[node]!.node, ...row];
  }

  #number(flying: Flying): number {
    const { to, batch, input, again } = flying;
    const content = batch.content.map(({ relation, rows }) => [relation, rows.map(rowKey)]);
    const key = JSON.stringify([to, batch.origin, input, again, content]);
    return numberOf(this.#flyingByKey, this.#flying, key, flying);
  }

  #numberShown(relation: string, row: Row): number {
    return numberOf(this.#shownByKey, this.#shown, `${relation}\n${rowKey(row)}`, {
      relation,
      row,
    });
  }
}

function numberOf<T>(numberByKey: Map<string, number>, all: T[], key: string, value: T): number {
  const known = numberByKey.get(key);
  if (known !== undefined) return known;
  const number = all.push(value) - 1;
  numberByKey.set(key, number);
  return number;
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** The first, less one of each that the second has. */
function without(all: readonly number[], taken: readonly number[]): readonly number[] {
  if (taken.length === 0) return all;
  const left = [...all];
  for (const number of taken) {
    const place = left.indexOf(number);
    if (place >= 0) left.splice(place, 1);
  }
  return left;
}
