/**
 * A member's own attempt to lead: collecting promises, then votes for many slots at once.
 *
 * A candidate prepares one ballot for all slots from its first undecided one on. With promises from
 * a majority it leads: every slot that some promise reports a vote for is proposed again with the
 * vote of the highest ballot, gaps between them become no-ops, and new entries get the slots after
 * them, without waiting for one another and without another prepare, until a higher ballot appears.
 *
 * Invariant: a leader proposes at most one content per slot and ballot, and none below `base`,
 * where some promise has said that all is decided. "Paxos Made Simple", section 3; "Paxos Made
 * Moderately Complex", sections 2.3 (scouts, commanders) and 4.2.
 */
import { Map, Set } from 'immutable';
import { accept, promise, votesFrom } from './acceptor.js';
import { hearOfEnd } from './learner.js';
import { ballotAbove, compareBallots, majorityOf } from './log-ballots.js';
import { askToCatchUp, learnSlot } from './log-decisions.js';
import {
  decidedCount,
  mayVoteAs,
  observeBallot,
  otherMembers,
  send,
  takeRole,
  update,
  type Turn,
} from './log-state.js';
import type { AcceptedSlot, Ballot, LogEntry, LogMessageOf, SlotContent } from './log-types.js';

/** Starts a ballot above all others. The member must be admitted. */
export function beginBallot(turn: Turn): void {
  const { acceptor, configuration, highest } = turn.state;
  const ballot = ballotAbove(highest, configuration.self);
  observeBallot(turn, ballot);
  const promised = promise(acceptor, ballot);
  if (promised === null) return;
  const base = decidedCount(turn.state);
  update(turn, {
    acceptor: promised,
    campaign: { phase: 'preparing', ballot, promisedBy: Set(), base, votes: Map() },
  });
  for (const member of otherMembers(turn.state)) prepareAgain(turn, member);
  countPromise(turn, configuration.self, base, votesFrom(promised, base));
}

/** Asks a member for the promise that it still owes to this candidate. */
export function prepareAgain(turn: Turn, member: string): void {
  const { campaign } = turn.state;
  if (campaign.phase !== 'preparing' || campaign.promisedBy.has(member)) return;
  send(turn, member, {
    kind: 'prepare',
    ballot: campaign.ballot,
    next: decidedCount(turn.state),
  });
}

/** Counts a promise for the ballot being prepared. */
export function receivePromise(turn: Turn, from: string, message: LogMessageOf<'promise'>): void {
  if (!mayVoteAs(turn, from, message.incarnation)) return;
  const { campaign } = turn.state;
  if (campaign.phase !== 'preparing') return;
  if (compareBallots(campaign.ballot, message.ballot) !== 0) return;
  countPromise(turn, from, message.next, message.accepted);
  if (message.next > decidedCount(turn.state)) {
    update(turn, { learner: hearOfEnd(turn.state.learner, message.next) });
    askToCatchUp(turn, from);
  }
}

function countPromise(
  turn: Turn,
  member: string,
  next: number,
  accepted: readonly AcceptedSlot[],
): void {
  const { campaign, configuration } = turn.state;
  if (campaign.phase !== 'preparing') return;
  let votes = campaign.votes;
  for (const vote of accepted) {
    const other = votes.get(vote.slot);
    if (compareBallots(vote.ballot, other?.ballot ?? null) > 0) votes = votes.set(vote.slot, vote);
  }
  const promisedBy = campaign.promisedBy.add(member);
  const base = Math.max(campaign.base, next);
  update(turn, { campaign: { ...campaign, promisedBy, base, votes } });
  if (promisedBy.size >= majorityOf(configuration.members.length)) {
    lead(turn, campaign.ballot, base, votes);
  }
}

function lead(turn: Turn, ballot: Ballot, base: number, votes: Map<number, AcceptedSlot>): void {
  const { ahead } = turn.state.learner;
  const start = Math.max(base, decidedCount(turn.state));
  const taken = [...votes.keys(), ...ahead.keys()];
  const free = taken.reduce((end, slot) => Math.max(end, slot + 1), start);
  update(turn, {
    campaign: { phase: 'leading', ballot, free, told: start, flights: Map(), flying: Set() },
  });
  takeRole(turn, 'leader');
  for (let slot = start; slot < free; slot += 1) {
    if (!ahead.has(slot)) proposeInSlot(turn, slot, votes.get(slot)?.entry ?? null);
  }
  for (const { entry } of turn.state.waiting.values()) proposeEntry(turn, entry);
}

/** Proposes an entry in a slot of its own, if this member leads and has not done so yet. */
export function proposeEntry(turn: Turn, entry: LogEntry): void {
  const { campaign } = turn.state;
  if (campaign.phase !== 'leading' || campaign.flying.has(entry.id)) return;
  update(turn, { campaign: { ...campaign, free: campaign.free + 1 } });
  proposeInSlot(turn, campaign.free, entry);
}

function proposeInSlot(turn: Turn, slot: number, entry: SlotContent): void {
  const { acceptor, campaign, configuration, nextOrder } = turn.state;
  if (campaign.phase !== 'leading') return;
  const voted = accept(acceptor, campaign.ballot, slot, entry);
  if (voted === null) return;
  const flight = { entry, votes: Set<string>(), order: nextOrder };
  update(turn, {
    acceptor: voted,
    nextOrder: nextOrder + 1,
    campaign: {
      ...campaign,
      flights: campaign.flights.set(slot, flight),
      flying: entry === null ? campaign.flying : campaign.flying.add(entry.id),
    },
  });
  for (const member of otherMembers(turn.state)) proposeAgain(turn, slot, member);
  countVote(turn, configuration.self, slot);
}

/** Asks a member for the vote that it still owes to a flight. */
export function proposeAgain(turn: Turn, slot: number, member: string): void {
  const { campaign } = turn.state;
  if (campaign.phase !== 'leading') return;
  const flight = campaign.flights.get(slot);
  if (flight === undefined || flight.votes.has(member)) return;
  send(turn, member, { kind: 'accept', ballot: campaign.ballot, slot, entry: flight.entry });
}

/** Counts a vote for a flight of this leader's ballot. */
export function receiveAccepted(turn: Turn, from: string, message: LogMessageOf<'accepted'>): void {
  if (!mayVoteAs(turn, from, message.incarnation)) return;
  const { campaign } = turn.state;
  if (campaign.phase !== 'leading') return;
  if (compareBallots(campaign.ballot, message.ballot) !== 0) return;
  countVote(turn, from, message.slot);
}

function countVote(turn: Turn, member: string, slot: number): void {
  const { campaign, configuration } = turn.state;
  if (campaign.phase !== 'leading') return;
  const flight = campaign.flights.get(slot);
  if (flight === undefined) return;
  const votes = flight.votes.add(member);
  const flights = campaign.flights.set(slot, { ...flight, votes });
  update(turn, { campaign: { ...campaign, flights } });
  if (votes.size >= majorityOf(configuration.members.length)) learnSlot(turn, slot, flight.entry);
}

/** A member has promised a higher ballot: this node's campaign is over. */
export function receiveRefuse(turn: Turn, message: LogMessageOf<'refuse'>): void {
  const { campaign } = turn.state;
  if (campaign.phase === 'idle' || compareBallots(campaign.ballot, message.ballot) !== 0) return;
  observeBallot(turn, message.promised);
}
