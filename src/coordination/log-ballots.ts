/**
 * Arithmetic of ballots and of the members' turns.
 *
 * Ballots are totally ordered by (round, member), and no two members ever share one: a member only
 * uses ballots that carry its own name. The believed leader is the owner of the highest ballot
 * seen, and before any ballot the first member. When it is silent, the members take over in the
 * order in which they follow it, each waiting one base delay longer than the one before, so that
 * duelling candidates drift apart without any randomness ("Paxos Made Moderately Complex", section
 * 3, asks for the same by growing timeouts).
 */
import type { Ballot } from './log-types.js';

/** A doubling that stops here keeps the longest delay at 32 times the base. */
const maximumDoublings = 5;

/**
 * Negative, zero or positive as `a` is below, equal to or above `b`; null is below every ballot.
 */
export function compareBallots(a: Ballot | null, b: Ballot | null): number {
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  if (a.round !== b.round) return a.round - b.round;
  return Number(a.member > b.member) - Number(a.member < b.member);
}

/** The lowest ballot of `member` above `highest`. */
export function ballotAbove(highest: Ballot | null, member: string): Ballot {
  return { round: (highest?.round ?? 0) + 1, member };
}

/** The number of votes that decides among `memberCount` acceptors. */
export function majorityOf(memberCount: number): number {
  return Math.floor(memberCount / 2) + 1;
}

/** How many members come between `leader` and `member` when turns are taken: 0 for the next one. */
export function turnAfter(members: readonly string[], leader: string, member: string): number {
  const distance = members.indexOf(member) - members.indexOf(leader) - 1;
  return (distance + members.length) % members.length;
}

/** The delay before attempt number `attempts` (from 0): doubled by each, up to a cap. */
export function backoffMs(baseMs: number, attempts: number): number {
  return baseMs * 2 ** Math.min(attempts, maximumDoublings);
}
