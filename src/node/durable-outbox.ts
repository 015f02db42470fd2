/**
 * The sending side of the lanes that durable channels go through: what is sent stays until the
 * receiver has applied it, over crashes of either end.
 *
 * Each process of a node numbers what it sends by itself, keeps each frame in storage, and sends it
 * when a link comes up, so many at a time as a connection can hold, however long the peer was away.
 * What an earlier process has left is sent on under the numbers of that process. With each frame goes
 * the first of its lane that is still kept: those before have been applied.
 *
 * Invariant: a frame is in the sender's storage, or its effects are in the receiver's, at every
 * moment from the one at which the sender's timestep is durable.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import { encodeContent } from './content-json.js';
import type { Passage } from './durable-receipts.js';
import { mostFrameLength } from './frames.js';
import type { Frame } from './frames.js';
import type { StoredFrame, StoredLane, StoredState } from './storage.js';

type DurableFrame = Extract<Frame, { kind: 'durable' }>;

/** What may be on its way to a peer at a time. */
export interface LaneBounds {
  readonly mostFrames: number;
  /** Characters in all frames but the first. */
  readonly mostLength: number;
  /** A frame beyond this is never taken: it is sent once a link, to be told of, and holds nothing up. */
  readonly longestFrame: number;
}

const usualBounds: LaneBounds = {
  mostFrames: 1000,
  mostLength: 8 * 1024 * 1024,
  // What stands around the rows has a length, too.
  longestFrame: mostFrameLength - 10_000,
};

/** All lanes to one peer. */
interface Receiver {
  isOpen: boolean;
  /** The frames kept, by lane and number, both in the order in which they began. */
  readonly kept: Map<string, Map<number, StoredFrame>>;
  waiting: number;
  /** The last frame of each lane that was sent over the link that is up. */
  readonly sent: Map<string, number>;
  readonly lanes: Map<string, StoredLane>;
  /** How many batches it has said to have applied, and the process of it that said so. */
  applied: number;
  incarnation: string | null;
  saidBy: string | null;
}

/** What one node sends through durable channels. */
export class DurableOutbox {
  readonly #origin: string;
  readonly #bounds: LaneBounds;
  readonly #receivers = new Map<string, Receiver>();
  /** Characters of frames, as far as they have been looked at. */
  readonly #lengths = new WeakMap<StoredFrame, number>();

  /** `origin`: the incarnation of this process. */
  constructor(stored: StoredState | null, origin: string, bounds: LaneBounds = usualBounds) {
    [this.#origin, this.#bounds] = [origin, bounds];
    for (const lane of stored?.lanes ?? []) this.#receiver(lane.peer).lanes.set(lane.origin, lane);
    for (const frame of stored?.frames ?? []) this.#keep(frame);
    for (const { peer, applied } of stored?.answers ?? []) this.#receiver(peer).applied = applied;
  }

  /** Takes charge of a batch. */
  post(
    peer: string,
    timestep: number,
    batch: readonly RelationRows[],
  ): { readonly frame: StoredFrame; readonly lane: StoredLane } {
    const origin = this.#origin;
    const { lanes } = this.#receiver(peer);
    const { nth, lastSeq } = lanes.get(origin) ?? { nth: lanes.size + 1, lastSeq: 0 };
    const lane = { peer, origin, nth, lastSeq: lastSeq + 1 };
    lanes.set(origin, lane);
    const frame = { peer, origin, seq: lane.lastSeq, timestep, batch };
    this.#keep(frame);
    return { frame, lane };
  }

  /** All that is kept for a peer, in order. */
  keptFor(peer: string): readonly StoredFrame[] {
    return [...this.#receiver(peer).kept.values()].flatMap((frames) => [...frames.values()]);
  }

  /** How many frames are kept for a peer. */
  countFor(peer: string): number {
    return this.#receivers.get(peer)?.waiting ?? 0;
  }

  /** A new link is up: what was sent over another may be lost. Nothing goes before it is open. */
  linkUp(peer: string, incarnation: string): void {
    const receiver = this.#receiver(peer);
    [receiver.isOpen, receiver.incarnation] = [false, incarnation];
    receiver.sent.clear();
  }

  open(peer: string): void {
    this.#receiver(peer).isOpen = true;
  }

  linkDown(peer: string): void {
    this.#receiver(peer).isOpen = false;
  }

  /** Gives, once a link, the frames that may now go to a peer. */
  due(peer: string): readonly DurableFrame[] {
    const { isOpen, kept, sent } = this.#receiver(peer);
    const { mostFrames, mostLength, longestFrame } = this.#bounds;
    if (!isOpen) return [];
    const frames: DurableFrame[] = [];
    let onTheWay = 0;
    let length = 0;
    for (const [origin, lane] of kept) {
      const [first = 0] = lane.keys();
      for (const frame of lane.values()) {
        const own = this.#lengthOf(frame);
        if (own <= longestFrame) {
          onTheWay += 1;
          length += own;
        }
        if (onTheWay > mostFrames || (onTheWay > 1 && length > mostLength)) return frames;
        const { seq, timestep, batch } = frame;
        if (seq <= (sent.get(origin) ?? 0)) continue;
        sent.set(origin, seq);
        frames.push({ kind: 'durable', origin, first, seq, timestep, batch });
      }
    }
    return frames;
  }

  /** The peer has applied these; gives those that go for it. */
  settle(peer: string, origin: string, seqs: readonly number[]): readonly number[] {
    const receiver = this.#receiver(peer);
    const lane = receiver.kept.get(origin);
    if (lane === undefined) return [];
    const gone = seqs.filter((seq) => lane.delete(seq));
    receiver.waiting -= gone.length;
    if (lane.size === 0) receiver.kept.delete(origin);
    return gone;
  }

  /**
   * The peer says how many batches it has applied; gives how many that are. From a new process it may
   * be fewer than once, as what it keeps can go back; what one process says only grows, but may be
   * overtaken.
   */
  answered(peer: string, applied: number): number {
    const receiver = this.#receiver(peer);
    const isNews = receiver.saidBy !== receiver.incarnation;
    receiver.applied = isNews ? applied : Math.max(applied, receiver.applied);
    receiver.saidBy = receiver.incarnation;
    return receiver.applied;
  }

  /** How many batches a peer has said to have applied. */
  appliedBy(peer: string): number {
    return this.#receiver(peer).applied;
  }

  /** Whether this node knows that it has sent this to the peer. */
  hasSent(peer: string, { origin, seq }: Passage): boolean {
    return seq <= (this.#receiver(peer).lanes.get(origin)?.lastSeq ?? 0);
  }

  #keep(frame: StoredFrame): void {
    const receiver = this.#receiver(frame.peer);
    const lane = receiver.kept.get(frame.origin) ?? new Map<number, StoredFrame>();
    receiver.kept.set(frame.origin, lane);
    lane.set(frame.seq, frame);
    receiver.waiting += 1;
  }

  #receiver(peer: string): Receiver {
    let receiver = this.#receivers.get(peer);
    if (receiver === undefined) {
      const maps = { kept: new Map(), sent: new Map(), lanes: new Map() };
      const process = { applied: 0, incarnation: null, saidBy: null };
      receiver = { isOpen: false, waiting: 0, ...process, ...maps };
      this.#receivers.set(peer, receiver);
    }
    return receiver;
  }

  #lengthOf(frame: StoredFrame): number {
    const known = this.#lengths.get(frame);
    if (known !== undefined) return known;
    const length = textLength(frame.batch);
    this.#lengths.set(frame, length);
    return length;
  }
}

/** Characters of a batch on the wire; infinite if no text has so many. */
function textLength(batch: readonly RelationRows[]): number {
  try {
    return JSON.stringify(encodeContent(batch)).length;
  } catch (error) {
    if (error instanceof RangeError) return Infinity;
    throw error;
  }
}
