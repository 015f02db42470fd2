/**
 * An ordered log, replicated by Multi-Paxos, as a pure step function.
 *
 * Every node sees the same entries in the same order. `stepLog` maps a state and an event to the
 * next state and the effects it asks for; time, messages and links come in as events and go out as
 * effects, so the same code runs on real sockets and in a simulator, byte for byte alike.
 *
 * - log-proposals.ts: from a node that proposes to a member that leads; suspicion on demand.
 * - log-leading.ts, log-voting.ts over acceptor.ts: the two phases of Paxos.
 * - log-decisions.ts over learner.ts: telling, catching up, releasing in order.
 * - log-admission.ts over admission.ts: who may vote, given that members forget when they restart.
 *
 * Safety: two majorities share a member, whose vote a new leader respects; so at most one content
 * is ever chosen for a slot, and `decided` effects agree at all nodes. Liveness: when a majority of
 * admitted members can talk for long enough, everything proposed is decided. Quiescence: when
 * nothing is pending, no timer runs and nothing is sent; and a log that is never used sends
 * nothing.
 *
 * In the steady state an entry costs n-1 `accept`, n-1 `accepted`, one `decisions` to each node but
 * the leader, and a `forward` if it was not proposed at the leader, for n members.
 *
 * Lamport, "Paxos Made Simple" (2001); van Renesse & Altinbuken, "Paxos Made Moderately Complex"
 * (2015).
 */
import { learnedCount } from './learner.js';
import {
  expireJoin,
  joinDelayMs,
  receiveJoin,
  receiveJoined,
  receiveStranger,
  repeatJoin,
  wantsJoin,
} from './log-admission.js';
import {
  catchUpDelayMs,
  expireCatchUp,
  receiveCatchUp,
  receiveDecisions,
  tellDecisions,
  tellProgress,
  wantsCatchUp,
} from './log-decisions.js';
import { receiveAccepted, receivePromise, receiveRefuse } from './log-leading.js';
import {
  claimLead,
  expireWatch,
  forwardWaiting,
  propose,
  receiveForward,
  repeatTo,
  wantsWatch,
  watchDelayMs,
} from './log-proposals.js';
import { believedLeader, update, type LogState, type Turn } from './log-state.js';
import type { LogEffect, LogEvent, LogMessage } from './log-types.js';
import { answerDeferred, receiveAccept, receivePrepare } from './log-voting.js';

export { logMessageKinds, parseLogMessage } from './log-messages.js';
export { startLog, type LogState } from './log-state.js';
export type * from './log-types.js';

/** A timer of the log: whether the state calls for it, how long it runs, and what it does. */
interface LogTimer {
  readonly wanted: (state: LogState) => boolean;
  readonly delayMs: (state: LogState) => number;
  readonly expire: (turn: Turn) => void;
}

const timerById: ReadonlyMap<string, LogTimer> = new Map([
  ['watch', { wanted: wantsWatch, delayMs: watchDelayMs, expire: expireWatch }],
  ['join', { wanted: wantsJoin, delayMs: joinDelayMs, expire: expireJoin }],
  ['catch-up', { wanted: wantsCatchUp, delayMs: catchUpDelayMs, expire: expireCatchUp }],
]);

/** The next state of a node of the log after one event, and the effects to carry out in order. */
export function stepLog(
  state: LogState,
  event: LogEvent,
): { readonly state: LogState; readonly effects: readonly LogEffect[] } {
  const turn: Turn = { state, effects: [] };
  react(turn, event);
  answerDeferred(turn);
  if (believedLeader(turn.state) !== believedLeader(state)) forwardWaiting(turn);
  claimLead(turn);
  tellDecisions(turn);
  settleTimers(turn);
  return { state: turn.state, effects: turn.effects };
}

function react(turn: Turn, event: LogEvent): void {
  switch (event.kind) {
    case 'start':
      // The log sends nothing before it is needed, not even to register this incarnation.
      return;
    case 'propose':
      propose(turn, event.entry);
      return;
    case 'message':
      receive(turn, event.from, event.message);
      return;
    case 'link':
      changeLink(turn, event.peer, event.up);
      return;
    case 'timer':
      expire(turn, event.id);
      return;
  }
}

function receive(turn: Turn, from: string, message: LogMessage): void {
  const { nodes, self } = turn.state.configuration;
  if (from === self || !nodes.includes(from)) return;
  switch (message.kind) {
    case 'join':
      return receiveJoin(turn, from, message);
    case 'joined':
      return receiveJoined(turn, from, message);
    case 'stranger':
      return receiveStranger(turn, from, message);
    case 'forward':
      return receiveForward(turn, from, message);
    case 'prepare':
      return receivePrepare(turn, from, message);
    case 'promise':
      return receivePromise(turn, from, message);
    case 'refuse':
      return receiveRefuse(turn, message);
    case 'accept':
      return receiveAccept(turn, from, message);
    case 'accepted':
      return receiveAccepted(turn, from, message);
    case 'decisions':
      return receiveDecisions(turn, from, message);
    case 'catch-up':
      return receiveCatchUp(turn, from, message);
  }
}

function changeLink(turn: Turn, peer: string, up: boolean): void {
  const { members, nodes, self } = turn.state.configuration;
  if (peer === self || !nodes.includes(peer)) return;
  if (up) {
    tellProgress(turn, [peer]);
    repeatJoin(turn, peer);
    repeatTo(turn, peer);
  } else if (members.includes(peer)) {
    // It may have died as a leader that had told its last decisions to some nodes only.
    tellProgress(turn, nodes);
  }
}

function expire(turn: Turn, id: string): void {
  const { timers } = turn.state;
  const timer = timerById.get(id);
  // A timer that was cleared may have fired before the node around this log could stop it.
  if (timer === undefined || !timers.armed.has(id)) return;
  update(turn, { timers: { ...timers, armed: timers.armed.delete(id) } });
  timer.expire(turn);
}

/**
 * Timers follow from the state: sets those that it newly calls for and clears those it does not.
 */
function settleTimers(turn: Turn): void {
  for (const [id, timer] of timerById) {
    const { timers } = turn.state;
    const armed = timers.armed.has(id);
    const wanted = timer.wanted(turn.state);
    if (wanted && (!armed || (id === 'watch' && timers.watchIsStale))) {
      turn.effects.push({ kind: 'set-timer', id, afterMs: timer.delayMs(turn.state) });
      update(turn, { timers: { ...timers, armed: timers.armed.add(id) } });
      if (id === 'watch') beginWatch(turn);
    } else if (armed && !wanted) {
      turn.effects.push({ kind: 'clear-timer', id });
      update(turn, { timers: { ...timers, armed: timers.armed.delete(id) } });
    }
  }
}

function beginWatch(turn: Turn): void {
  const { learner, nextOrder, timers } = turn.state;
  update(turn, {
    timers: {
      ...timers,
      watchIsStale: false,
      watchedCount: learnedCount(learner),
      watchedOrder: nextOrder,
    },
  });
}
