/**
 * The sending side of a node's links: numbers data frames, and keeps each until it is acknowledged.
 *
 * What lies in a connection's buffers is lost when it breaks. Every frame therefore stays here until
 * the peer says that it has it, and all that stay are sent again when a link comes up. The number
 * of frames kept for a peer is bounded; beyond it the oldest is dropped, and `skip` tells the peer
 * not to wait for it, so that its acknowledgements can move on.
 *
 * Invariant: the frames kept for a peer are numbered without gaps up to the last one sent.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Frame } from './frames.js';

type DataFrame = Extract<Frame, { kind: 'data' }>;

interface Lane {
  /** Of the last frame posted. */
  lastSeq: number;
  readonly kept: Map<number, DataFrame>;
  /** A link of which nothing is known is tried: a network without links just takes frames. */
  isDown: boolean;
}

/** What is to be sent now, and how many frames were dropped for it. */
export interface Posted {
  readonly frames: readonly Frame[];
  readonly dropped: number;
}

/** The frames on their way to each peer. */
export class Outbox {
  readonly #lanes = new Map<string, Lane>();
  readonly #bound: number;

  /** `bound`: frames kept for one peer. */
  constructor(bound: number) {
    this.#bound = bound;
  }

  /** Takes charge of a batch for a peer. */
  post(peer: string, timestep: number, batch: readonly RelationRows[]): Posted {
    const lane = this.#lane(peer);
    const frame: DataFrame = { kind: 'data', seq: (lane.lastSeq += 1), timestep, batch };
    lane.kept.set(frame.seq, frame);
    let dropped = 0;
    while (lane.kept.size > this.#bound) {
      lane.kept.delete(firstKept(lane));
      dropped += 1;
    }
    if (lane.isDown) return { frames: [], dropped };
    const skips: Frame[] = dropped === 0 ? [] : [{ kind: 'skip', seq: firstKept(lane) - 1 }];
    return { frames: [...skips, ...(lane.kept.has(frame.seq) ? [frame] : [])], dropped };
  }

  /** The peer has everything up to and with `seq`. An acknowledgement of what was never sent counts for nothing. */
  acknowledge(peer: string, seq: number): void {
    const lane = this.#lanes.get(peer);
    if (lane === undefined || seq > lane.lastSeq) return;
    for (let kept = firstKept(lane); kept <= seq; kept++) lane.kept.delete(kept);
  }

  /** A link is up, and the peer has what it says: gives all that has to be sent over it. */
  linkUp(peer: string, lastSeq: number): readonly Frame[] {
    const lane = this.#lane(peer);
    lane.isDown = false;
    this.acknowledge(peer, lastSeq);
    const gone = firstKept(lane) - 1;
    const skips: Frame[] = gone > lastSeq ? [{ kind: 'skip', seq: gone }] : [];
    return [...skips, ...lane.kept.values()];
  }

  linkDown(peer: string): void {
    this.#lane(peer).isDown = true;
  }

  /** The peers that frames may be sent to now, in order of their names. */
  peersInReach(): readonly string[] {
    return [...this.#lanes].flatMap(([peer, { isDown }]) => (isDown ? [] : [peer])).sort();
  }

  /** Frames kept for the peer. */
  countFor(peer: string): number {
    return this.#lanes.get(peer)?.kept.size ?? 0;
  }

  #lane(peer: string): Lane {
    let lane = this.#lanes.get(peer);
    if (lane === undefined) {
      lane = { lastSeq: 0, kept: new Map(), isDown: false };
      this.#lanes.set(peer, lane);
    }
    return lane;
  }
}

/** The number of the oldest frame kept, or of the next one if none is. */
function firstKept(lane: Lane): number {
  return lane.lastSeq - lane.kept.size + 1;
}
