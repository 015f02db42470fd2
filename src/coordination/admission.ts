/**
 * Registration of incarnations: a member that has forgotten is not a member.
 *
 * Acceptors keep their promises in memory only. If a member that restarts kept voting, it could
 * help to choose a second value for a slot in which its earlier self had already voted. It cannot
 * know by itself that it forgot, so before its first vote it registers its incarnation with other
 * members. A member remembers the first incarnation that it registered for each name and answers
 * `stranger` to any other; one `stranger` makes a learner for good.
 *
 * Why it is safe, with n members of which at most a minority f = floor((n-1)/2) ever forget. A
 * member votes once q = ceil((n-1+f)/2) of the n-1 others have answered `joined`. If two
 * incarnations of one member both voted, their two quorums would share at least 2q-(n-1) >= f
 * members. The twice incarnate member has itself forgotten, so at most f-1 of the shared ones have;
 * some shared member remembers the first incarnation and answered `stranger` to the second: a
 * contradiction. (A bare majority of the others is the same number up to n = 5 and too little from
 * n = 6 on, where all the shared members may have forgotten.) So all votes under one name come from
 * one memory, as Paxos asks.
 *
 * The price in liveness: each member must have reached q others once, so a group of three must be
 * complete once before it decides anything; a restarted member never votes again; and when a
 * majority has restarted, nothing more is decided until all nodes of the cluster, those that only
 * learn too, start afresh. A group of one has nobody to ask and no protection.
 */
import { Map, Set } from 'immutable';
import type { LogConfiguration } from './log-types.js';

/**
 * `outsider`: no member; `unasked`: nothing has needed a vote yet; `stranger`: a learner for good.
 */
export type Standing = 'outsider' | 'unasked' | 'asking' | 'admitted' | 'stranger';

/** What a process knows of its own registration and of the other members' incarnations. */
export interface Admission {
  readonly standing: Standing;
  /** Members that have registered this incarnation. */
  readonly joinedBy: Set<string>;
  /** Whether something waits for the admission, so that an unanswered `join` is worth repeating. */
  readonly demanded: boolean;
  readonly attempts: number;
  /** The first incarnation seen of each other member. */
  readonly incarnationByMember: Map<string, string>;
}

/** The number of other members that must have registered an incarnation before it may vote. */
export function registrationQuorum(memberCount: number): number {
  const mayForget = Math.floor((memberCount - 1) / 2);
  return Math.ceil((memberCount - 1 + mayForget) / 2);
}

/** The standing of a process that has just started. */
export function createAdmission(configuration: LogConfiguration): Admission {
  const isMember = configuration.members.includes(configuration.self);
  const alone = registrationQuorum(configuration.members.length) === 0;
  return {
    standing: !isMember ? 'outsider' : alone ? 'admitted' : 'unasked',
    joinedBy: Set(),
    demanded: false,
    attempts: 0,
    incarnationByMember: Map(),
  };
}

/**
 * Remembers the incarnation of `member` unless one is known, and says whether it is the known one.
 */
export function register(
  admission: Admission,
  member: string,
  incarnation: string,
): { readonly admission: Admission; readonly known: boolean } {
  const first = admission.incarnationByMember.get(member);
  if (first !== undefined) return { admission, known: first === incarnation };
  const incarnationByMember = admission.incarnationByMember.set(member, incarnation);
  return { admission: { ...admission, incarnationByMember }, known: true };
}

/** Counts the `joined` of a member; a quorum of them admits. */
export function countJoined(
  admission: Admission,
  member: string,
  configuration: LogConfiguration,
): Admission {
  if (admission.standing !== 'asking') return admission;
  const joinedBy = admission.joinedBy.add(member);
  const admitted = joinedBy.size >= registrationQuorum(configuration.members.length);
  return { ...admission, joinedBy, standing: admitted ? 'admitted' : 'asking' };
}
