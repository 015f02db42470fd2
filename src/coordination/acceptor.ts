/**
 * The acceptor: the memory on which the safety of the log rests.
 *
 * It keeps two things: the highest ballot it has promised, and per slot the vote of the highest
 * ballot it has accepted. It promises and accepts nothing below what it has promised. A vote may be
 * dropped once this node knows the decisions of its slot and of all slots before it: a candidate
 * is then told how far this node has come, and does not propose there.
 *
 * Invariant: `promised` only grows, and no vote in `votes` has a ballot above it.
 * "Paxos Made Simple", section 2.2, conditions P1a and P2c.
 */
import { Map } from 'immutable';
import { compareBallots } from './log-ballots.js';
import type { AcceptedSlot, Ballot, SlotContent } from './log-types.js';

/** The memory of an acceptor. */
export interface Acceptor {
  readonly promised: Ballot | null;
  readonly votes: Map<number, AcceptedSlot>;
}

/** An acceptor that has promised nothing. */
export const emptyAcceptor: Acceptor = { promised: null, votes: Map() };

/** The acceptor after it has promised `ballot`, or null if it has promised a higher one. */
export function promise(acceptor: Acceptor, ballot: Ballot): Acceptor | null {
  if (compareBallots(ballot, acceptor.promised) < 0) return null;
  return { ...acceptor, promised: ballot };
}

/**
 * The acceptor after it has voted for `entry` in `slot`, or null if it has promised a higher
 * ballot.
 */
export function accept(
  acceptor: Acceptor,
  ballot: Ballot,
  slot: number,
  entry: SlotContent,
): Acceptor | null {
  if (compareBallots(ballot, acceptor.promised) < 0) return null;
  return { promised: ballot, votes: acceptor.votes.set(slot, { slot, ballot, entry }) };
}

/** The votes for slots from `next` on, in order of slots. */
export function votesFrom(acceptor: Acceptor, next: number): readonly AcceptedSlot[] {
  const votes = [...acceptor.votes.values()].filter((vote) => vote.slot >= next);
  return votes.sort((a, b) => a.slot - b.slot);
}

/** The acceptor without its vote for `slot`, which is decided, as are all slots before it. */
export function dropVote(acceptor: Acceptor, slot: number): Acceptor {
  return { ...acceptor, votes: acceptor.votes.delete(slot) };
}
