/**
 * How decisions reach every node.
 *
 * A leader tells all nodes what has been decided, in order, as soon as it knows. What gets lost on
 * the way is found in three ways, none of which costs an idle message: a later decision that leaves
 * a gap; an own entry that stays undecided (log-proposals.ts); and the links. When a link comes up,
 * and when the link to a member goes down, each member that knows decisions says how far it has
 * come; who is behind asks for the rest in bounded batches. A log that has decided nothing says
 * nothing.
 *
 * So a message may be lost without a trace only together with its link, as on a WebSocket. "Paxos
 * Made Simple", section 2.3 (learning a chosen value).
 */
import { dropVote } from './acceptor.js';
import { hearOfEnd, isBehind, learn, learnedCount, release, slice } from './learner.js';
import { backoffMs } from './log-ballots.js';
import {
  believedLeader,
  decidedCount,
  isOtherMember,
  observeBallot,
  otherMembers,
  send,
  update,
  type LogState,
  type Turn,
} from './log-state.js';
import type { LogMessageOf, SlotContent } from './log-types.js';

/** No message holds more entries than this. */
export const batchLimit = 64;

/** Notes the decision of a slot and releases what has become known without gaps. */
export function learnSlot(turn: Turn, slot: number, entry: SlotContent): void {
  const before = learnedCount(turn.state.learner);
  update(turn, { learner: learn(turn.state.learner, slot, entry) });
  if (learnedCount(turn.state.learner) === before) return;
  endFlight(turn, slot);
  const { timers } = turn.state;
  if (timers.watchAttempts > 0) {
    update(turn, { timers: { ...timers, watchAttempts: 0, watchIsStale: true } });
  }
  let released = releaseNext(turn);
  while (released) released = releaseNext(turn);
}

function releaseNext(turn: Turn): boolean {
  const step = release(turn.state.learner);
  if (step === null) return false;
  const { slot, chosen, entry } = step.released;
  update(turn, { learner: step.learner, acceptor: dropVote(turn.state.acceptor, slot) });
  if (chosen !== null) forgetWaiting(turn, chosen.id);
  const { timers } = turn.state;
  if (timers.catchUpAttempts > 0) update(turn, { timers: { ...timers, catchUpAttempts: 0 } });
  turn.effects.push({ kind: 'decided', slot, entry });
  return true;
}

function forgetWaiting(turn: Turn, id: string): void {
  const { campaign, waiting } = turn.state;
  if (waiting.has(id)) update(turn, { waiting: waiting.delete(id) });
  if (campaign.phase === 'leading' && campaign.flying.has(id)) {
    update(turn, { campaign: { ...campaign, flying: campaign.flying.delete(id) } });
  }
}

/**
 * A slot that is decided needs no more votes. What was proposed there is what was decided: a node
 * that tells of another leader's decision tells its ballot too, and that has ended this campaign.
 */
function endFlight(turn: Turn, slot: number): void {
  const { campaign } = turn.state;
  if (campaign.phase !== 'leading' || !campaign.flights.has(slot)) return;
  update(turn, { campaign: { ...campaign, flights: campaign.flights.delete(slot) } });
}

/**
 * Sends `to` the decisions from slot `from` on, in one batch; without any, how far this node is.
 */
export function sendDecisions(turn: Turn, to: string, from: number): void {
  const { highest, learner } = turn.state;
  const next = decidedCount(turn.state);
  const entries = slice(learner, from, batchLimit);
  send(turn, to, { kind: 'decisions', ballot: highest, from, entries, next });
}

/** A leader tells all nodes what has been decided under its ballot since it last did. */
export function tellDecisions(turn: Turn): void {
  const { campaign, configuration } = turn.state;
  const end = decidedCount(turn.state);
  if (campaign.phase !== 'leading' || campaign.told >= end) return;
  for (let from = campaign.told; from < end; from += batchLimit) {
    for (const node of configuration.nodes) {
      if (node !== configuration.self) sendDecisions(turn, node, from);
    }
  }
  update(turn, { campaign: { ...campaign, told: end } });
}

/** Asks a member for the decisions that this node lacks. */
export function askToCatchUp(turn: Turn, member: string): void {
  if (!isOtherMember(turn.state, member)) return;
  send(turn, member, { kind: 'catch-up', from: decidedCount(turn.state) });
}

/** Answers a node that is behind; one that is not needs no answer. */
export function receiveCatchUp(turn: Turn, from: string, message: LogMessageOf<'catch-up'>): void {
  if (message.from < decidedCount(turn.state)) sendDecisions(turn, from, message.from);
}

/** Learns from a member, and asks it on while that helps. */
export function receiveDecisions(
  turn: Turn,
  from: string,
  message: LogMessageOf<'decisions'>,
): void {
  if (!isOtherMember(turn.state, from)) return;
  observeBallot(turn, message.ballot);
  const before = decidedCount(turn.state);
  update(turn, { learner: hearOfEnd(turn.state.learner, message.next) });
  message.entries.forEach((entry, offset) => learnSlot(turn, message.from + offset, entry));
  // A gap that did not shrink is left to the timer: what fills it may just have been overtaken.
  const helped = decidedCount(turn.state) > before || message.entries.length === 0;
  if (helped && message.next > decidedCount(turn.state)) askToCatchUp(turn, from);
}

/** Whether decisions exist that no flight of this node will bring. */
export function wantsCatchUp(state: LogState): boolean {
  const { campaign, learner } = state;
  if (campaign.phase === 'leading' && decidedCount(state) >= campaign.told) return false;
  return isBehind(learner) && otherMembers(state).length > 0;
}

/** The delay of the catch-up timer. */
export function catchUpDelayMs(state: LogState): number {
  return backoffMs(state.configuration.timing.catchUpMs, state.timers.catchUpAttempts);
}

/** The gap is still there: asks the believed leader, then the other members in turn. */
export function expireCatchUp(turn: Turn): void {
  const { timers } = turn.state;
  const leader = believedLeader(turn.state) ?? '';
  const others = otherMembers(turn.state);
  const start = Math.max(others.indexOf(leader), 0);
  const member = others[(start + timers.catchUpAttempts) % others.length];
  if (member !== undefined) askToCatchUp(turn, member);
  update(turn, { timers: { ...timers, catchUpAttempts: timers.catchUpAttempts + 1 } });
}

/** A member that knows decisions tells a node, or every node, how far it has come. */
export function tellProgress(turn: Turn, nodes: readonly string[]): void {
  const { members, self } = turn.state.configuration;
  const next = decidedCount(turn.state);
  if (next === 0 || !members.includes(self)) return;
  for (const node of nodes) {
    if (node !== self) sendDecisions(turn, node, next);
  }
}
