/**
 * From an entry that a node wants decided to a leader that proposes it.
 *
 * A node keeps what it proposed, and a member what was forwarded to it, until it is decided. It
 * sends new entries to the member it believes leads, and watches. There are no heartbeats: a leader
 * is suspected only by a node that waits for something, when a whole delay has passed without any
 * decision. A member whose turn it is then starts a ballot; a node that cannot vote tells all
 * members, one of which will. Delays double while nothing moves. With nothing pending there is no
 * timer.
 *
 * Entries carry ids, so that forwarding or proposing them again is always safe. "Paxos Made
 * Moderately Complex", sections 2.1 (replicas propose again until decided) and 3 (timeouts).
 */
import { isBehind, learnedCount } from './learner.js';
import { backoffMs } from './log-ballots.js';
import { demandAdmission } from './log-admission.js';
import { askToCatchUp, batchLimit, sendDecisions } from './log-decisions.js';
import { beginBallot, prepareAgain, proposeAgain, proposeEntry } from './log-leading.js';
import {
  believedLeader,
  decidedCount,
  forwardTarget,
  otherMembers,
  send,
  turnToLead,
  update,
  type LogState,
  type Turn,
} from './log-state.js';
import type { LogEntry, LogMessageOf } from './log-types.js';

/** Takes up an entry of this node's own. */
export function propose(turn: Turn, entry: LogEntry): void {
  if (hold(turn, entry)) forwardToLeader(turn, [entry]);
}

/**
 * Takes up the entries of another node, and passes on what is new to the leader, if that is not
 * this node.
 */
export function receiveForward(turn: Turn, from: string, message: LogMessageOf<'forward'>): void {
  const { members, self } = turn.state.configuration;
  if (!members.includes(self)) return;
  demandAdmission(turn);
  const fresh = message.entries.filter((entry) => hold(turn, entry));
  if (forwardTarget(turn.state) !== from) forwardToLeader(turn, fresh);
  // The sender waits for something that it could know: it has missed a decision.
  const { ids } = turn.state.learner;
  const missed = message.entries.some(({ id }) => ids.has(id));
  if (missed && message.next < decidedCount(turn.state)) sendDecisions(turn, from, message.next);
}

/** Keeps an entry until it is decided; false if it is known already. */
function hold(turn: Turn, entry: LogEntry): boolean {
  const { learner, nextOrder, waiting } = turn.state;
  if (learner.ids.has(entry.id) || waiting.has(entry.id)) return false;
  update(turn, {
    waiting: waiting.set(entry.id, { entry, order: nextOrder }),
    nextOrder: nextOrder + 1,
  });
  proposeEntry(turn, entry);
  return true;
}

/** Sends entries to the believed leader, unless this node will propose them itself. */
function forwardToLeader(turn: Turn, entries: readonly LogEntry[]): void {
  const target = forwardTarget(turn.state);
  if (turn.state.campaign.phase !== 'idle' || willClaim(turn.state)) return;
  if (target !== undefined) forward(turn, entries, target);
}

function forward(turn: Turn, entries: readonly LogEntry[], target: string): void {
  const next = decidedCount(turn.state);
  for (let start = 0; start < entries.length; start += batchLimit) {
    const batch = entries.slice(start, start + batchLimit);
    send(turn, target, { kind: 'forward', next, entries: batch });
  }
}

/** Whether all look to this member for the lead and it is, or will soon be, able to take it. */
function willClaim(state: LogState): boolean {
  const { standing } = state.admission;
  if (standing === 'outsider' || standing === 'stranger') return false;
  return believedLeader(state) === state.configuration.self;
}

/**
 * With an entry waiting, a member gets admitted, and takes the lead if it is believed to have it.
 */
export function claimLead(turn: Turn): void {
  if (turn.state.waiting.isEmpty()) return;
  demandAdmission(turn);
  const { admission, campaign } = turn.state;
  if (admission.standing !== 'admitted' || campaign.phase !== 'idle') return;
  if (willClaim(turn.state)) beginBallot(turn);
}

/** Whether anything here waits for a decision. */
export function wantsWatch(state: LogState): boolean {
  if (!state.waiting.isEmpty()) return true;
  if (state.admission.standing !== 'admitted') return false;
  const { campaign } = state;
  const inFlight = campaign.phase === 'leading' && !campaign.flights.isEmpty();
  return inFlight || !state.acceptor.votes.isEmpty();
}

/** The delay of the watch: members that would take over wait for their turn. */
export function watchDelayMs(state: LogState): number {
  const { admission, campaign, configuration, timers } = state;
  const takesTurns = admission.standing === 'admitted' && campaign.phase === 'idle';
  const turns = takesTurns ? turnToLead(state) + 1 : 1;
  return turns * backoffMs(configuration.timing.retryMs, timers.watchAttempts);
}

/** Something has waited for a whole delay: repeats what may be lost, and suspects who is silent. */
export function expireWatch(turn: Turn): void {
  const { admission, campaign, learner, timers } = turn.state;
  const moved = learnedCount(learner) > timers.watchedCount;
  if (campaign.phase === 'leading') repeatFlights(turn);
  else if (campaign.phase === 'preparing') repeatPrepares(turn);
  else if (moved) forwardToLeader(turn, overdue(turn.state));
  else if (admission.standing === 'admitted') suspectLeader(turn);
  else for (const member of otherMembers(turn.state)) forward(turn, overdue(turn.state), member);
  const watchAttempts = moved ? 0 : timers.watchAttempts + 1;
  update(turn, { timers: { ...turn.state.timers, watchAttempts } });
}

/** The entries that have waited at least since the watch was set. */
function overdue(state: LogState): readonly LogEntry[] {
  const old = [...state.waiting.values()].filter(({ order }) => order < state.timers.watchedOrder);
  return old.map(({ entry }) => entry);
}

function repeatFlights(turn: Turn): void {
  const { campaign, timers } = turn.state;
  if (campaign.phase !== 'leading') return;
  for (const [slot, flight] of campaign.flights) {
    if (flight.order >= timers.watchedOrder) continue;
    for (const member of otherMembers(turn.state)) proposeAgain(turn, slot, member);
  }
}

function repeatPrepares(turn: Turn): void {
  for (const member of otherMembers(turn.state)) prepareAgain(turn, member);
}

/** A vote without a decision may only have missed the decision: that is asked for first. */
function suspectLeader(turn: Turn): void {
  const { learner, timers, waiting } = turn.state;
  const mayJustLack = waiting.isEmpty() || isBehind(learner);
  const leader = forwardTarget(turn.state);
  if (mayJustLack && timers.watchAttempts === 0 && leader !== undefined) askToCatchUp(turn, leader);
  else beginBallot(turn);
}

/** A link is there again: what its other end may have missed is sent once more, without waiting. */
export function repeatTo(turn: Turn, peer: string): void {
  const { campaign } = turn.state;
  if (!otherMembers(turn.state).includes(peer)) return;
  prepareAgain(turn, peer);
  if (campaign.phase === 'leading') {
    for (const slot of campaign.flights.keys()) proposeAgain(turn, slot, peer);
  }
  if (peer === forwardTarget(turn.state)) forwardWaiting(turn);
}

/** Sends all that waits here to a leader that has not heard of it, or may not have. */
export function forwardWaiting(turn: Turn): void {
  forwardToLeader(
    turn,
    [...turn.state.waiting.values()].map(({ entry }) => entry),
  );
}
