/**
 * The weakest mechanism that would make an observable meet its obligation.
 *
 * A set that must be complete before it is negated or counted needs a seal: nobody decides
 * anything, the producers say that they are done; where none of them can, because what they send
 * comes from what was sent, a cut is agreed on. Events that must meet need only be kept. Where the
 * order of events decides, somebody must choose one: on replicated state all replicas must choose
 * alike (a log decided by Paxos); with a single owner its own timesteps are the order, which costs
 * nothing, and the outcome varies from run to run. (COORDINATION 2.2 says when each suffices, 2.5
 * what it costs.)
 */
import type { Blame, BlameReason, Mechanism } from './confluence-report.js';

export const noMechanism: Mechanism = {
  kind: 'none',
  on: null,
  key: [],
  provider: null,
  delays: 0,
  messagesPer: null,
  messages: null,
  blocksWhen: null,
};

/** Where a mechanism works. */
export interface Place {
  readonly on: string;
  readonly key: readonly string[];
  readonly replicated: boolean;
  /** No producer of it can promise an end. */
  readonly endless: boolean;
}

/** Keeps events in a table. */
export function persistOf({ on, key }: Place): Mechanism {
  return { ...noMechanism, kind: 'persist', on, key };
}

/** Completes a set: by the word of its producers, or where these have none by a cut. */
export function sealOf({ on, key, endless }: Place): Mechanism {
  if (endless) {
    return {
      kind: 'cut',
      on,
      key: [],
      provider: 'paxos',
      delays: 3,
      messagesPer: 'epoch',
      messages: '2(2f+1) + m',
      blocksWhen: 'a majority of the deciding nodes is out of reach',
    };
  }
  return {
    kind: 'seal',
    on,
    key,
    provider: 'producers',
    delays: 1,
    messagesPer: 'key',
    messages: 'n per consumer',
    blocksWhen: 'a producer is out of reach',
  };
}

/** All nodes find out together that what one epoch took is worked off (COORDINATION 2.10). */
function epochOf({ on }: Place): Mechanism {
  return {
    kind: 'cut',
    on,
    key: [],
    provider: 'producers',
    delays: 4,
    messagesPer: 'epoch',
    messages: '4n a phase',
    blocksWhen: 'a node is out of reach',
  };
}

/** Gives events an order: that of their one owner, or an agreed one. */
export function orderOf({ on, key, replicated }: Place): Mechanism {
  if (!replicated) return { ...noMechanism, kind: 'order', on, key, provider: 'owner' };
  return {
    kind: 'order',
    on,
    key,
    provider: 'paxos',
    delays: 3,
    messagesPer: 'event',
    messages: '2(2f+1) + m',
    blocksWhen: 'a majority of the deciding nodes is out of reach',
  };
}

/** What would discharge one blame by itself. */
export function mechanismFor(reason: BlameReason, place: Place): Mechanism {
  switch (reason) {
    case 'half-guarded-join':
    case 'event-rendezvous':
    case 'momentary':
      return persistOf(place);
    case 'closes-epoch':
      return epochOf(place);
    case 'negates-growing-set':
    case 'aggregates-growing-set':
    case 'reveals-growing-lattice':
    case 'samples-unfinished-set':
    case 'aggregates-events':
    case 'negates-event':
    case 'unsealable':
      return sealOf(place);
    default:
      return orderOf(place);
  }
}

/** What the blamed rules of an unmet obligation need. `convergent`: the final content is the same in all runs. */
export function chooseMechanism(blames: readonly Blame[], convergent: boolean): Mechanism {
  const [first] = blames;
  if (first === undefined) return noMechanism;
  const place = ({ source: on, key, replicated, mechanism }: Blame): Place => ({
    on,
    key,
    replicated,
    endless: mechanism.kind === 'cut',
  });
  if (blames.every(({ reason }) => reason === 'closes-epoch')) return first.mechanism;
  // What waits for a seal that nobody can keep needs one that somebody can.
  if (convergent || blames.every(({ reason }) => reason === 'unsealable'))
    return sealOf(place(blames.find((b) => b.mechanism.kind === 'cut') ?? first));
  const replicated = blames.find((blame) => blame.replicated);
  if (replicated !== undefined) return orderOf(place(replicated));
  return blames.every((blame) => blame.mechanism.kind === 'persist')
    ? persistOf(place(first))
    : orderOf(place(first));
}

/** The mechanism as a rule's line shows it: `order(seat)`. */
export function mechanismText({ kind }: Mechanism, key: readonly string[]): string {
  return kind === 'none' || kind === 'persist' || key.length === 0
    ? kind
    : `${kind}(${key.join(', ')})`;
}
