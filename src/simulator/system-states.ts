/**
 * A cluster as the checker of all schedules sees it: where its nodes are (`local-states.ts`), what is
 * in flight, and what has been shown, all as small numbers; equal things have one number.
 *
 * A message that was delivered may come again, as long as the schedule has repetitions left. Which
 * ones were delivered is part of the state, that one will come again is not: a repetition is a
 * choice of the turn that takes it.
 *
 * Where a program has an ordered log, what nodes put forward waits to be decided (checked-log.ts);
 * where rules wait for a barrier, inputs are held back until an epoch opens (checked-barrier.ts).
 */
import { defined } from '../base/assert.js';
import { rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { ComparableEvaluator, NodeIdentity, RelationRows } from '../evaluator/evaluator.js';
import type { Part } from '../node/group-sends.js';
import type { Batch } from '../node/inbox.js';
import { nodeOfInput } from '../node/workload.js';
import { CheckedBarrier } from './checked-barrier.js';
import type { NextStep, NodeTold } from './checked-barrier.js';
import { CheckedLog, emptyLog, isPassedByAll, nextFor, pass, proposing } from './checked-log.js';
import type { LoggedParts, LogProgress } from './checked-log.js';
import { Flying } from './flying.js';
import { LocalStates } from './local-states.js';
import type { LocalState, LocalStep } from './local-states.js';
import { ascending, sameNumbers, union, without } from './number-lists.js';
import type { SimulationSubject } from './outcome.js';

/** One timestep of a schedule: what it takes, by content. */
export interface Move {
  readonly node: string;
  /** By the clock that all nodes share. */
  readonly atMs: number;
  readonly batches: readonly TakenBatch[];
}

export interface TakenBatch {
  readonly batch: Batch;
  /** Of an input, its place in the workload. */
  readonly input: number | null;
  /** A second time. */
  readonly again: boolean;
}

export interface SystemState {
  readonly locals: readonly LocalState[];
  /** Numbers of what is in flight, ascending; a number twice is there twice. */
  readonly pool: readonly number[];
  /** Numbers of messages that may come again, ascending; none once repetitions are used up. */
  readonly delivered: readonly number[];
  /** Numbers of what was shown, ascending. */
  readonly ever: readonly number[];
  /** Firings so far, by node and periodic. */
  readonly fired: readonly number[];
  readonly log: LogProgress;
  /** By node, where there is a barrier: whether it was quiet since it last did something for it. */
  readonly told: readonly boolean[];
  /** Repetitions and firings that the schedule has left. */
  readonly duplicates: number;
  readonly firings: number;
  /** How often the clock has gone on, and may still. */
  readonly clock: number;
  readonly advances: number;
  /** Whether a turn broke a promise of the program: nobody goes on from there. */
  readonly isBroken: boolean;
  /** How the state came about. */
  readonly from: SystemState | null;
  readonly node: number;
  readonly taken: readonly number[];
}

type Inputs = SimulationSubject['workload']['inputs'];

/** What one schedule may use up. */
interface Allowances {
  readonly duplicates: number;
  readonly firings: number;
  readonly advances: number;
}

/** By which the clock goes on. */
const advanceMs = 1000;

/** What a timestep brings about in the system. */
interface Brought {
  readonly to: LocalState;
  readonly sent: readonly number[];
  /** Entries of the ordered log. */
  readonly proposed: readonly number[];
  readonly shown: readonly number[];
  readonly isBroken: boolean;
}

/** All states of the systems that differ in nothing but their inputs. */
export class SystemStates {
  readonly locals: readonly LocalStates[];
  readonly #subject: SimulationSubject;
  readonly #indexByNode: ReadonlyMap<string, number>;
  readonly #flying: Flying;
  readonly #shown: { readonly relation: string; readonly row: Row }[] = [];
  readonly #shownByKey = new Map<string, number>();
  readonly #log = new CheckedLog();
  readonly #barrier: CheckedBarrier | null;
  readonly #brought = new WeakMap<LocalStep, Brought>();
  #watched: ReadonlySet<string> | null = null;

  constructor(
    subject: SimulationSubject,
    makeEvaluator: (identity: NodeIdentity) => ComparableEvaluator,
  ) {
    this.#subject = subject;
    const { barrier } = subject.program;
    this.#barrier = barrier === null ? null : new CheckedBarrier(barrier);
    this.#flying = new Flying(subject.program, this.#barrier);
    this.locals = subject.nodes.map((node) => new LocalStates(subject, node, makeEvaluator));
    this.#indexByNode = new Map(subject.nodes.map((node, index) => [node, index]));
  }

  /** Timesteps evaluated so far. */
  get evaluated(): number {
    return this.locals.reduce((sum, { evaluated }) => sum + evaluated, 0);
  }

  /** From now on states are told apart by what these relations showed, and no others. */
  watch(relations: ReadonlySet<string>): void {
    this.#watched = relations;
  }

  /** Nothing has happened yet: no node has booted, and the inputs wait. */
  start(inputs: Inputs, { duplicates, firings, advances }: Allowances): SystemState {
    const { nodes, program } = this.#subject;
    return {
      locals: nodes.map(() => 0),
      pool: this.#inputNumbers(inputs)
        .filter((number) => number !== null)
        .sort(ascending),
      delivered: [],
      ever: [],
      fired: nodes.flatMap(() => program.periodics.map(() => 0)),
      log: emptyLog(nodes.length),
      told: program.barrier === null ? [] : nodes.map(() => false),
      duplicates,
      firings: program.periodics.length === 0 ? 0 : firings,
      clock: 0,
      advances,
      isBroken: false,
      from: null,
      node: 0,
      taken: [],
    };
  }

  /** Equal exactly for states with the same futures and pasts that show the same. */
  keyOf(state: SystemState): string {
    const { locals, pool, delivered, ever, fired, duplicates, firings, clock, advances } = state;
    const left = `${duplicates},${firings},${advances},${clock}`;
    const { proposed, decided, passed } = state.log;
    const log = this.hasLog ? `|${proposed.join()}|${decided.join()}|${passed.join()}` : '';
    const told = state.told.map(Number).join('');
    return `${locals.join()}|${pool.join()}|${delivered.join()}|${ever.join()}|${fired.join()}|${left}${log}|${told}`;
  }

  /** The clock goes on; nodes see it in their next timesteps. */
  advance(state: SystemState): SystemState {
    return { ...state, clock: state.clock + 1, advances: state.advances - 1 };
  }

  /** What a node may take now. */
  waiting(state: SystemState, node: number): readonly number[] {
    return state.pool.filter((number) => {
      const { to, hasEntered, part } = this.#flying.of(number);
      return to === node && !hasEntered && (part !== 'held' || !this.isBooted(state, node));
    });
  }

  /** The inputs that may enter when an epoch opens. */
  heldBack(state: SystemState): readonly number[] {
    return state.pool.filter((number) => this.#isHeldBack(state, number));
  }

  #isHeldBack(state: SystemState, number: number): boolean {
    const { to, part, hasEntered } = this.#flying.of(number);
    return part === 'held' && !hasEntered && this.isBooted(state, to);
  }

  /** What a node must take in its next timestep: it has heard that an epoch is open. */
  #entering({ pool }: SystemState, node: number): readonly number[] {
    if (this.#barrier === null) return [];
    const own = pool.filter((number) => this.#flying.of(number).to === node);
    if (own.some((number) => this.#flying.of(number).part === 'feed')) return [];
    return own.filter((number) => this.#flying.of(number).hasEntered);
  }

  /** Messages to the node that may come again. */
  repeatable({ delivered }: SystemState, node: number): readonly number[] {
    return delivered.filter((number) => this.#flying.of(number).to === node);
  }

  isRestless(state: SystemState, node: number): boolean {
    const isRestless = this.locals[node]!.isRestless(state.locals[node]!);
    return isRestless || this.#entering(state, node).length > 0;
  }

  /** Whether the node may run a timestep over nothing: where it talks about a barrier, whenever it likes. */
  mayRunIdle(state: SystemState, node: number): boolean {
    return this.isRestless(state, node) || (this.#barrier !== null && this.isBooted(state, node));
  }

  isHalted({ locals }: SystemState, node: number): boolean {
    return this.locals[node]!.isHalted(locals[node]!);
  }

  isBooted({ locals }: SystemState, node: number): boolean {
    return this.locals[node]!.isBooted(locals[node]!);
  }

  isAtRest(state: SystemState): boolean {
    const { pool, locals, log } = state;
    if (!isPassedByAll(log) || locals.some((_, node) => this.isRestless(state, node))) return false;
    return pool.every((number) => this.#isHeldBack(state, number)) && this.nextStep(state) === null;
  }

  /** Whether timers are held back, of which the checker knows nothing. */
  get holdsTimers(): boolean {
    return this.#barrier?.holdsTimers(this.#subject.program.periodics) === true;
  }

  /** What the barrier lets come now; null if it waits for something. */
  nextStep(state: SystemState): NextStep | null {
    if (this.#barrier === null || !this.#isWorkedOff(state)) return null;
    const told = this.locals.map((_, node) => this.#ask(state, node));
    return told.includes(null)
      ? null
      : this.#barrier.after(
          told.filter((each) => each !== null),
          this.heldBack(state).length > 0,
        );
  }

  /** Where that leads; `entering`: of what is held back, the inputs of the epoch that opens. */
  goOn(state: SystemState, next: NextStep, entering: readonly number[]): SystemState {
    const barrier = defined(this.#barrier, 'a barrier');
    const isFed = entering.length > 0;
    const messages = this.locals.map(({ node }, to) =>
      this.#flying.number(to, barrier.messageTo(node, next, isFed)),
    );
    const entered = entering.map((number) => this.#flying.entered(number));
    const pool = [...without(state.pool, entering), ...entered, ...messages].sort(ascending);
    return { ...state, pool, told: state.told.map(() => false) };
  }

  /** Whether nothing that the barrier waits for is under way. */
  #isWorkedOff(state: SystemState): boolean {
    const { told, pool, locals } = state;
    return (
      told.every(Boolean) &&
      !locals.some((_, node) => this.isHalted(state, node)) &&
      pool.every((number) => {
        const { part } = this.#flying.of(number);
        return part === 'none' || this.#isHeldBack(state, number);
      }) &&
      !this.#isLogged(state)
    );
  }

  /** Whether a node has still to pass something of the ordered log that the barrier counts. */
  #isLogged({ log: { proposed, decided, passed } }: SystemState): boolean {
    const counts = (entry: number, node: string | null): boolean =>
      [...this.#log.partsOf(entry)].some(
        ([to, content]) => (node ?? to) === to && this.#barrier?.counts(content) === true,
      );
    return (
      proposed.some((entry) => counts(entry, null)) ||
      this.locals.some(({ node }, i) => decided.slice(passed[i]).some((e) => counts(e, node)))
    );
  }

  /** What a node's rules answer, as things stand. */
  #ask(state: SystemState, node: number): NodeTold | null {
    const barrier = defined(this.#barrier, 'a barrier');
    const question = this.#flying.number(node, barrier.question);
    const answers = this.#step(state, node, [question]).sent.map((number) =>
      barrier.answerIn(this.#flying.of(number).batch.content),
    );
    return answers.find((answer) => answer !== null) ?? null;
  }

  get hasLog(): boolean {
    return this.#subject.program.orderedLog !== null;
  }

  /** The entries of the log of which the node may pass one now: it must have come to rest. */
  nextEntries(state: SystemState, node: number): readonly number[] {
    if (!this.hasLog || this.isRestless(state, node) || this.isHalted(state, node)) return [];
    return nextFor(state.log, node);
  }

  /** The turn in which a node applies its part of the next entry, and nothing else. */
  pass(state: SystemState, node: number, entry: number): SystemState {
    const batch = this.#log.batchFor(entry, this.locals[node]!.node);
    const part = this.#flying.number(node, batch);
    return this.take({ ...state, log: pass(state.log, node, entry) }, node, [part], state);
  }

  /** What was decided so far, in order. */
  decided({ log }: SystemState): readonly LoggedParts[] {
    return log.decided.map((entry) => this.#log.partsOf(entry));
  }

  /** Where a turn leads; `from`: where the schedule stood before it. */
  take(
    state: SystemState,
    node: number,
    chosen: readonly number[],
    from: SystemState = state,
  ): SystemState {
    const taken = [...chosen, ...this.#entering(state, node)];
    const { to, sent, proposed, shown, isBroken } = this.#step(state, node, taken);
    const locals = state.locals.with(node, to);
    const hasHalted = (number: number): boolean => {
      const receiver = this.#flying.of(number).to;
      return this.locals[receiver]!.isHalted(locals[receiver]!);
    };
    let pool = without(state.pool, taken);
    if (sent.length > 0) pool = [...pool, ...sent].sort(ascending);
    if (pool.some(hasHalted)) pool = pool.filter((number) => !hasHalted(number));
    const { fired, duplicates, firings, clock, advances } = state;
    const delivered = this.#delivered(state, taken);
    const ever = this.#showing(state, shown);
    const broken = state.isBroken || isBroken;
    const left = { fired, duplicates, firings, clock, advances, isBroken: broken };
    const log = proposing(state.log, proposed);
    const after = { locals, pool, delivered, ever, log, ...left, from, node, taken };
    return { ...after, told: this.#told({ ...after, told: state.told }, sent, proposed) };
  }

  /** After a turn: a node that comes to rest tells, and what it does for the barrier makes that old. */
  #told(
    state: SystemState,
    sent: readonly number[],
    proposed: readonly number[],
  ): readonly boolean[] {
    const { told, node, taken } = state;
    const barrier = this.#barrier;
    if (barrier === null) return told;
    const takes = taken.some((number) => {
      const { part, again } = this.#flying.of(number);
      return !again && part !== 'none';
    });
    const sends =
      sent.some((number) => this.#flying.of(number).part === 'counted') ||
      proposed.some((entry) =>
        [...this.#log.partsOf(entry).values()].some((content) => barrier.counts(content)),
      );
    const isTold = !this.isRestless(state, node) || (told[node]! && !takes && !sends);
    return isTold === told[node] ? told : told.with(node, isTold);
  }

  /**
   * The turn with a message that comes again; null where that is as if it did not come again: then
   * the schedule could do without, and has a repetition more to go on with.
   */
  takeAgain(
    state: SystemState,
    node: number,
    chosen: readonly number[],
    again: number,
  ): SystemState | null {
    const taken = [...chosen, ...this.#entering(state, node)];
    const repeated = this.#flying.repeated(again);
    const brought = this.#step(state, node, [...taken, repeated]);
    const isTurn = taken.length > 0 || this.isRestless(state, node);
    const alone = isTurn
      ? this.#step(state, node, taken)
      : { to: state.locals[node]!, sent: [], proposed: [], shown: [], isBroken: false };
    if (
      brought.isBroken === alone.isBroken &&
      brought.to === alone.to &&
      sameNumbers(brought.sent, alone.sent) &&
      sameNumbers(brought.proposed, alone.proposed) &&
      sameNumbers(this.#showing(state, brought.shown), this.#showing(state, alone.shown))
    )
      return null;
    const duplicates = state.duplicates - 1;
    const after = this.take(state, node, [...chosen, repeated]);
    return { ...after, duplicates, delivered: duplicates === 0 ? [] : after.delivered };
  }

  /** The turn with one firing more, of the periodic at this place. */
  fire(state: SystemState, node: number, taken: readonly number[], index: number): SystemState {
    const { periodics } = this.#subject.program;
    const place = node * periodics.length + index;
    const count = state.fired[place]! + 1;
    const after = this.take(state, node, [...taken, this.#flying.firing(node, index, count)]);
    return { ...after, fired: state.fired.with(place, count), firings: state.firings - 1 };
  }

  /**
   * Every timer of every node, once, up to a count at least, and no two in one timestep: nothing makes
   * timers meet.
   */
  fireAll(state: SystemState, count: number): SystemState {
    const { periodics } = this.#subject.program;
    let now = state;
    for (const [node, local] of this.locals.entries()) {
      for (const index of periodics.keys()) {
        if (local.isHalted(now.locals[node]!)) break;
        const place = node * periodics.length + index;
        const next = Math.max(count, now.fired[place]! + 1);
        const after = this.take(now, node, [this.#flying.firing(node, index, next)]);
        now = { ...after, fired: now.fired.with(place, next) };
      }
    }
    return now;
  }

  /** What stands behind the numbers of what was shown. */
  shownRow(number: number): { readonly relation: string; readonly row: Row } {
    return this.#shown[number]!;
  }

  /** Rows of a relation at all nodes; each begins with its node unless the relation is located. */
  content({ locals }: SystemState, relation: string): readonly Row[] {
    return locals.flatMap((at, node) =>
      this.locals[node]!.content(at, relation).map((row) => this.#place(node, relation, row)),
    );
  }

  /** The schedule that led to a state, from a start with these inputs. */
  movesTo(end: SystemState, inputs: Inputs): readonly Move[] {
    const path: SystemState[] = [];
    for (let state = end; state.from !== null; state = state.from) path.push(state);
    const left: (number | null)[] = [...this.#inputNumbers(inputs)];
    return path.reverse().map(({ node, taken, clock }) => ({
      node: this.locals[node]!.node,
      atMs: clock * advanceMs,
      batches: taken.map((number) => {
        const { batch, again } = this.#flying.of(number);
        const given = this.#flying.given(number);
        const input = batch.origin.kind === 'insert' ? left.indexOf(given) : null;
        if (input !== null) left[input] = null;
        return { batch, input, again };
      }),
    }));
  }

  /** Null for one that enters at no node. */
  #inputNumbers(inputs: Inputs): readonly (number | null)[] {
    const { nodes, program } = this.#subject;
    return inputs.map((input) => {
      const to = this.#indexByNode.get(nodeOfInput(input, nodes, program.locationByRelation));
      if (to === undefined) return null;
      const { relation, row } = input;
      const batch: Batch = { origin: { kind: 'insert' }, content: [{ relation, rows: [row] }] };
      return this.#flying.number(to, batch);
    });
  }

  #step({ locals, clock }: SystemState, node: number, taken: readonly number[]): Brought {
    const local = this.locals[node]!;
    const batches = taken.map((number) => this.#flying.of(number).batch);
    const step = local.step(locals[node]!, batches, taken.join(), clock * advanceMs);
    let brought = this.#brought.get(step);
    if (brought === undefined) {
      const sent = step.sends.flatMap(({ receiver, content }) =>
        this.#send(node, receiver, content),
      );
      const shown = step.shown.flatMap(({ relation, rows }) =>
        rows.map((row) => this.#numberShown(relation, this.#place(node, relation, row))),
      );
      const proposed = step.proposals.flatMap((parts) => this.#propose(parts));
      const { to, isBroken } = step;
      brought = { to, sent, proposed, shown: [...new Set(shown)].sort(ascending), isBroken };
      this.#brought.set(step, brought);
    }
    return brought;
  }

  #send(node: number, receiver: string, content: readonly RelationRows[]): readonly number[] {
    const to = this.#indexByNode.get(receiver);
    if (to === undefined) return [];
    const origin: Batch['origin'] =
      to === node ? { kind: 'loop' } : { kind: 'peer', peer: this.locals[node]!.node };
    return [this.#flying.number(to, { origin, content })];
  }

  /** None if nobody is to get anything of it. */
  #propose(parts: readonly Part[]): readonly number[] {
    const known = parts.filter(({ receiver }) => this.#indexByNode.has(receiver));
    return known.length === 0 ? [] : [this.#log.number(known)];
  }

  #showing({ ever }: SystemState, shown: readonly number[]): readonly number[] {
    const watched = this.#watched;
    if (watched === null) return union(ever, shown);
    const isWatched = (number: number): boolean => watched.has(this.#shown[number]!.relation);
    const kept = ever.every(isWatched) ? ever : ever.filter(isWatched);
    return shown.length === 0 ? kept : union(kept, shown.filter(isWatched));
  }

  #delivered({ delivered, duplicates }: SystemState, taken: readonly number[]): readonly number[] {
    if (duplicates === 0) return delivered;
    const messages = taken.filter((number) => this.#flying.of(number).canRepeat);
    return union(delivered, messages);
  }

  #place(node: number, relation: string, row: Row): Row {
    const isLocated = this.#subject.program.locationByRelation.has(relation);
    return isLocated ? row : [this.locals[node]!.node, ...row];
  }

  #numberShown(relation: string, row: Row): number {
    const key = `${relation}\n${rowKey(row)}`;
    let number = this.#shownByKey.get(key);
    if (number === undefined) {
      number = this.#shown.push({ relation, row }) - 1;
      this.#shownByKey.set(key, number);
    }
    return number;
  }
}
