/**
 * The acceptor's side of both phases: whether this member votes, and what it answers.
 *
 * Three guards come before every vote: the member is admitted, so that it has forgotten no earlier
 * vote (admission.ts); the ballot belongs to the member that sends it; and the acceptor has
 * promised nothing higher (acceptor.ts). A vote for a slot that this node knows to be decided is
 * not given: the decision itself is the better answer.
 *
 * "Paxos Made Simple", section 2.2, phases 1(b) and 2(b).
 */
import { accept, promise, votesFrom } from './acceptor.js';
import { compareBallots } from './log-ballots.js';
import { demandAdmission } from './log-admission.js';
import { sendDecisions } from './log-decisions.js';
import {
  decidedCount,
  isOtherMember,
  observeBallot,
  send,
  update,
  type Turn,
} from './log-state.js';
import type { Ballot, LogMessageOf } from './log-types.js';

/** Promises a candidate to vote for no lower ballot, and tells it this member's votes so far. */
export function receivePrepare(turn: Turn, from: string, message: LogMessageOf<'prepare'>): void {
  const { ballot, next } = message;
  if (!isOtherMember(turn.state, from) || ballot.member !== from) return;
  observeBallot(turn, ballot);
  demandAdmission(turn);
  const { standing } = turn.state.admission;
  if (standing === 'asking' && compareBallots(ballot, turn.state.deferred?.ballot ?? null) >= 0) {
    update(turn, { deferred: { from, ballot, next } });
  }
  if (standing === 'admitted') answerPrepare(turn, from, ballot, next);
}

/** Answers the highest prepare that came before this member was admitted. */
export function answerDeferred(turn: Turn): void {
  const { admission, deferred } = turn.state;
  if (admission.standing !== 'admitted' || deferred === null) return;
  update(turn, { deferred: null });
  answerPrepare(turn, deferred.from, deferred.ballot, deferred.next);
}

function answerPrepare(turn: Turn, candidate: string, ballot: Ballot, next: number): void {
  const acceptor = promise(turn.state.acceptor, ballot);
  if (acceptor === null) {
    refuse(turn, candidate, ballot);
    return;
  }
  update(turn, { acceptor });
  send(turn, candidate, {
    kind: 'promise',
    ballot,
    next: decidedCount(turn.state),
    accepted: votesFrom(acceptor, next),
  });
}

/** Votes for a leader's proposal unless a higher ballot has been promised. */
export function receiveAccept(turn: Turn, from: string, message: LogMessageOf<'accept'>): void {
  const { ballot, slot, entry } = message;
  if (!isOtherMember(turn.state, from) || ballot.member !== from) return;
  observeBallot(turn, ballot);
  demandAdmission(turn);
  if (slot < decidedCount(turn.state)) {
    sendDecisions(turn, from, slot);
    return;
  }
  if (turn.state.admission.standing !== 'admitted') return;
  const acceptor = accept(turn.state.acceptor, ballot, slot, entry);
  if (acceptor === null) {
    refuse(turn, from, ballot);
    return;
  }
  update(turn, { acceptor });
  send(turn, from, { kind: 'accepted', ballot, slot });
}

function refuse(turn: Turn, candidate: string, ballot: Ballot): void {
  const { promised } = turn.state.acceptor;
  if (promised !== null) send(turn, candidate, { kind: 'refuse', ballot, promised });
}
