/**
 * Both sides of the lanes that durable channels go through: what is sent stays until the receiver
 * has applied it, over crashes of either end, and what arrives is applied once.
 *
 * The sender numbers frames in its whole life, keeps each in storage, and sends them when a link
 * comes up, so many at a time as a connection can hold, however long the peer was away. With each it says which is the first that it still keeps: those before have
 * been applied, and the receiver need not remember them. The receiver keeps with the changes of a
 * timestep which frames that timestep took; only when both are durable does it say `applied`.
 *
 * Invariant: a frame is in the sender's storage, or its effects are in the receiver's, at every
 * moment from the one at which the sender's timestep is durable.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import { encodeContent } from './content-json.js';
import type { Frame } from './frames.js';
import { Receipts } from './receipts.js';
import type { StoredFrame, StoredReceipt, StoredState } from './storage.js';

type DurableFrame = Extract<Frame, { kind: 'durable' }>;

/** What may be on its way to a peer at a time: so many frames, and characters in all but the first of them. */
const mostFrames = 1000;
const mostLength = 8 * 1024 * 1024;
/** A frame beyond this is never taken: it is sent once a link, to be told of, and holds nothing up. */
const longestFrame = 32 * 1024 * 1024;

interface Lane {
  lastSeq: number;
  isUp: boolean;
  /** The last frame sent over the link that is up. */
  sentSeq: number;
  /** In order of their numbers. */
  readonly kept: Map<number, StoredFrame>;
  /** Characters of those that have been looked at. */
  readonly lengths: Map<number, number>;
}

/** How a batch came through a lane. */
export interface Passage {
  readonly origin: string;
  readonly seq: number;
}

/** The lanes of one node. */
export class DurableLinks {
  readonly #origin: string;
  readonly #lanes = new Map<string, Lane>();
  /** Of frames that have come, also those whose timestep has not run. */
  readonly #arrived = new Receipts();
  readonly #applied = new Receipts();

  /** `origin`: the name of this life, should nothing be stored. */
  constructor(stored: StoredState | null, origin: string) {
    this.#origin = stored?.origin ?? origin;
    for (const { peer, lastSeq } of stored?.lanes ?? []) this.#lane(peer).lastSeq = lastSeq;
    for (const frame of stored?.frames ?? []) this.#lane(frame.peer).kept.set(frame.seq, frame);
    for (const { peer, origin: life, seq, ahead } of stored?.receipts ?? [])
      for (const receipts of [this.#arrived, this.#applied])
        receipts.restore(peer, { incarnation: life, seq, ahead });
  }

  get origin(): string {
    return this.#origin;
  }

  /** Takes charge of a batch. */
  post(peer: string, timestep: number, batch: readonly RelationRows[]): StoredFrame {
    const lane = this.#lane(peer);
    const frame = { peer, seq: (lane.lastSeq += 1), timestep, batch };
    lane.kept.set(frame.seq, frame);
    return frame;
  }

  /** All that is kept for a peer, in order. */
  keptFor(peer: string): readonly StoredFrame[] {
    return [...this.#lane(peer).kept.values()];
  }

  /** How many frames are kept for a peer. */
  countFor(peer: string): number {
    return this.#lane(peer).kept.size;
  }

  /** A new link is up: what was sent over another may be lost. */
  linkUp(peer: string): void {
    const lane = this.#lane(peer);
    [lane.isUp, lane.sentSeq] = [true, 0];
  }

  linkDown(peer: string): void {
    this.#lane(peer).isUp = false;
  }

  /** Gives, once a link, the frames that may now go to a peer. */
  due(peer: string): readonly DurableFrame[] {
    const lane = this.#lane(peer);
    if (!lane.isUp) return [];
    const frames: DurableFrame[] = [];
    const [first = 0] = lane.kept.keys();
    let onTheWay = 0;
    let length = 0;
    for (const { seq, timestep, batch } of lane.kept.values()) {
      const own = lengthOf(lane, seq, batch);
      if (own <= longestFrame) {
        onTheWay += 1;
        length += own;
      }
      if (onTheWay > mostFrames || (onTheWay > 1 && length > mostLength)) break;
      if (seq <= lane.sentSeq) continue;
      lane.sentSeq = seq;
      frames.push({ kind: 'durable', origin: this.#origin, first, seq, timestep, batch });
    }
    return frames;
  }

  /** The peer has applied these; gives those that go for it. */
  settle(peer: string, origin: string, seqs: readonly number[]): readonly number[] {
    if (origin !== this.#origin) return [];
    const { kept, lengths } = this.#lane(peer);
    for (const seq of seqs) lengths.delete(seq);
    return seqs.filter((seq) => kept.delete(seq));
  }

  /**
   * Notes the arrival of a frame: `new`, `waiting` if it has come and its timestep has not run,
   * `applied`, `absurd` if it cannot be a number of the peer's.
   */
  arrive(
    peer: string,
    { origin, first, seq }: DurableFrame,
  ): 'new' | 'waiting' | 'applied' | 'absurd' {
    for (const receipts of [this.#arrived, this.#applied]) {
      receipts.linkUp(peer, origin);
      receipts.skip(peer, Math.min(first, seq) - 1);
    }
    const arrival = this.#arrived.arrive(peer, seq);
    if (arrival !== 'known') return arrival;
    return this.#applied.has(peer, seq) ? 'applied' : 'waiting';
  }

  /** A timestep has taken a frame; gives what is to be stored. Null if the peer's life is another by now. */
  apply(peer: string, { origin, seq }: Passage): StoredReceipt | null {
    if (this.#applied.of(peer).incarnation !== origin) return null;
    this.#applied.arrive(peer, seq);
    const { seq: upTo, ahead } = this.#applied.windowOf(peer);
    return { peer, origin, seq: upTo, ahead };
  }

  #lane(peer: string): Lane {
    let lane = this.#lanes.get(peer);
    if (lane === undefined) {
      lane = { lastSeq: 0, isUp: false, sentSeq: 0, kept: new Map(), lengths: new Map() };
      this.#lanes.set(peer, lane);
    }
    return lane;
  }
}

function lengthOf({ lengths }: Lane, seq: number, batch: readonly RelationRows[]): number {
  const known = lengths.get(seq);
  if (known !== undefined) return known;
  const { length } = JSON.stringify(encodeContent(batch));
  lengths.set(seq, length);
  return length;
}
