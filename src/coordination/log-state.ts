/**
 * The state of one node of the log, and the turn in which one event changes it.
 *
 * The state is plain and immutable: a step makes a new one. While a step runs, its parts share a
 * `Turn`, which holds the state so far and the effects so far; it never outlives the step, so that
 * from outside `stepLog` is a function.
 */
import { OrderedMap, Set, type Map } from 'immutable';
import { emptyAcceptor, type Acceptor } from './acceptor.js';
import { createAdmission, register, type Admission } from './admission.js';
import { emptyLearner, nextSlot, type Learner } from './learner.js';
import { compareBallots, turnAfter } from './log-ballots.js';
import type {
  AcceptedSlot,
  Ballot,
  LogConfiguration,
  LogEffect,
  LogEntry,
  LogMessageBody,
  LogRole,
  SlotContent,
} from './log-types.js';

/** An entry that this node wants decided; `order` counts entries and flights as they begin. */
export interface Waiting {
  readonly entry: LogEntry;
  readonly order: number;
}

/** A slot for which this leader collects votes. */
export interface Flight {
  readonly entry: SlotContent;
  readonly votes: Set<string>;
  readonly order: number;
}

/** A member's own attempt to lead; any higher ballot ends it. */
export type Campaign =
  | { readonly phase: 'idle' }
  | {
      readonly phase: 'preparing';
      readonly ballot: Ballot;
      readonly promisedBy: Set<string>;
      /** All slots before it are decided, as some promise has said. */
      readonly base: number;
      /** The vote of the highest ballot for each slot, over all promises. */
      readonly votes: Map<number, AcceptedSlot>;
    }
  | {
      readonly phase: 'leading';
      readonly ballot: Ballot;
      /** The first slot that this leader has not proposed in. */
      readonly free: number;
      /** The first slot whose decision this leader has yet to tell. */
      readonly told: number;
      readonly flights: Map<number, Flight>;
      /** The ids proposed under this ballot that are not yet released. */
      readonly flying: Set<string>;
    };

/** Which timers are running, and what their delays grow by. */
export interface Timers {
  readonly armed: Set<string>;
  /** A running watch whose delay no longer fits is set anew. */
  readonly watchIsStale: boolean;
  /** What the watch compares with when it fires: learned so far, and the next order. */
  readonly watchedCount: number;
  readonly watchedOrder: number;
  readonly watchAttempts: number;
  readonly catchUpAttempts: number;
}

/** The whole state of a node of the log. */
export interface LogState {
  readonly configuration: LogConfiguration;
  readonly role: LogRole;
  readonly admission: Admission;
  readonly acceptor: Acceptor;
  readonly learner: Learner;
  readonly campaign: Campaign;
  /** Proposed here or forwarded to here, and not yet released, in order of arrival. */
  readonly waiting: OrderedMap<string, Waiting>;
  readonly nextOrder: number;
  /** The highest ballot seen anywhere; its owner is believed to lead. */
  readonly highest: Ballot | null;
  /** A prepare that came before this member was admitted. */
  readonly deferred: {
    readonly from: string;
    readonly ballot: Ballot;
    readonly next: number;
  } | null;
  readonly timers: Timers;
}

/** One step in progress. */
export interface Turn {
  state: LogState;
  readonly effects: LogEffect[];
}

/** The state of a process that has just started; it sends nothing until the log is used. */
export function startLog(configuration: LogConfiguration): LogState {
  return {
    configuration,
    role: 'follower',
    admission: createAdmission(configuration),
    acceptor: emptyAcceptor,
    learner: emptyLearner,
    campaign: { phase: 'idle' },
    waiting: OrderedMap(),
    nextOrder: 0,
    highest: null,
    deferred: null,
    timers: {
      armed: Set(),
      watchIsStale: false,
      watchedCount: 0,
      watchedOrder: 0,
      watchAttempts: 0,
      catchUpAttempts: 0,
    },
  };
}

/** Changes some fields of the state. */
export function update(turn: Turn, change: Partial<LogState>): void {
  turn.state = { ...turn.state, ...change };
}

/** Sends a message in this node's envelope. */
export function send(turn: Turn, to: string, body: LogMessageBody): void {
  const message = { ...body, incarnation: turn.state.configuration.incarnation };
  turn.effects.push({ kind: 'send', to, message });
}

/** The members of the log without this node. */
export function otherMembers(state: LogState): readonly string[] {
  const { members, self } = state.configuration;
  return members.filter((member) => member !== self);
}

/** Whether `name` is another member of the log. */
export function isOtherMember(state: LogState, name: string): boolean {
  return name !== state.configuration.self && state.configuration.members.includes(name);
}

/**
 * The member that is believed to lead; the first one before any ballot, undefined if there are
 * none.
 */
export function believedLeader(state: LogState): string | undefined {
  return state.highest?.member ?? state.configuration.members[0];
}

/**
 * The member to which entries go: the believed leader, or the next in turn if that is this node.
 */
export function forwardTarget(state: LogState): string | undefined {
  const { members, self } = state.configuration;
  const leader = believedLeader(state);
  if (leader !== self) return leader;
  const next = members[(members.indexOf(self) + 1) % members.length];
  return next === self ? undefined : next;
}

/** The number of members that take over before this one if the believed leader is silent. */
export function turnToLead(state: LogState): number {
  const { members, self } = state.configuration;
  return turnAfter(members, believedLeader(state) ?? self, self);
}

/** Whether `incarnation` may vote as `member`; the first one seen is registered. */
export function mayVoteAs(turn: Turn, member: string, incarnation: string): boolean {
  if (!isOtherMember(turn.state, member)) return false;
  const { admission, known } = register(turn.state.admission, member, incarnation);
  update(turn, { admission });
  return known;
}

/** Takes up a role, and says so if it is another one. */
export function takeRole(turn: Turn, role: LogRole): void {
  if (turn.state.role === role) return;
  update(turn, { role });
  turn.effects.push({ kind: 'role', role, ballot: turn.state.highest });
}

/** Takes note of a member's ballot: a higher one than any before ends this node's own campaign. */
export function observeBallot(turn: Turn, ballot: Ballot | null): void {
  if (ballot === null || compareBallots(ballot, turn.state.highest) <= 0) return;
  if (!turn.state.configuration.members.includes(ballot.member)) return;
  update(turn, {
    highest: ballot,
    campaign: { phase: 'idle' },
    // The turns have changed, and with them how long this member has to wait for its own.
    timers: { ...turn.state.timers, watchIsStale: true },
  });
  if (turn.state.role === 'leader') takeRole(turn, 'follower');
}

/** How many decisions this node can hand on: the first slot that it lacks. */
export function decidedCount(state: LogState): number {
  return nextSlot(state.learner);
}
