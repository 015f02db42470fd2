/**
 * The receiving side of the lanes that durable channels go through: what arrives is applied once,
 * over crashes of either end.
 *
 * The receiver keeps with the changes of a timestep which frames that timestep took; only when both
 * are durable does it say `applied`. Of each process that ever sent it something it keeps how far it
 * has come, for good: one number once all that the process sent is applied. A sender cannot release it
 * from that, because a sender that goes on from an older copy of what it kept sends again what it had
 * long settled, and without the mark nobody could tell that from something new. So what is kept grows
 * with the number of processes of the senders, not with what they send.
 */
import type { Frame } from './frames.js';
import { Receipts } from './receipts.js';
import type { StoredReceipt } from './storage.js';

/** How a batch came through a lane. */
export interface Passage {
  /** The incarnation of its sender that has numbered it. */
  readonly origin: string;
  readonly seq: number;
}

/** What is known of the lanes from one peer. */
interface Sender {
  /** The lanes in the order in which they were first heard of; the last one is the newest. */
  readonly nthByOrigin: Map<string, number>;
  newest: string | null;
  /** How many of its frames have been applied. */
  count: number;
}

/** What has come to one node through durable channels. */
export class DurableReceipts {
  /** Of frames that have come, also those whose timestep has not run. */
  readonly #arrived = new Receipts();
  readonly #applied = new Receipts();
  readonly #senders = new Map<string, Sender>();

  /** `stored`: in order of their `nth`. */
  constructor(stored: readonly StoredReceipt[]) {
    for (const { peer, origin, nth, seq, ahead } of stored) {
      const lane = laneOf(peer, origin);
      for (const receipts of [this.#arrived, this.#applied])
        receipts.restore(lane, { incarnation: origin, seq, ahead });
      const sender = this.#sender(peer);
      sender.nthByOrigin.set(origin, nth);
      sender.newest = origin;
      sender.count += this.#applied.countOf(lane);
    }
  }

  /**
   * Notes the arrival of a frame: `new`, `waiting` if it has come and its timestep has not run,
   * `applied`, `absurd` if it cannot be a number of the peer's.
   */
  arrive(
    peer: string,
    { origin, first, seq }: Extract<Frame, { kind: 'durable' }>,
  ): 'new' | 'waiting' | 'applied' | 'absurd' {
    const lane = laneOf(peer, origin);
    const gone = Math.min(first, seq) - 1;
    this.#arrived.skip(lane, gone);
    this.#counting(peer, lane, () => this.#applied.skip(lane, gone));
    const arrival = this.#arrived.arrive(lane, seq);
    const sender = this.#sender(peer);
    if (arrival === 'new' && !sender.nthByOrigin.has(origin)) sender.newest = origin;
    if (arrival !== 'known') return arrival;
    return this.#applied.has(lane, seq) ? 'applied' : 'waiting';
  }

  /** A timestep has taken a frame; gives what is to be stored. */
  apply(peer: string, { origin, seq }: Passage): StoredReceipt {
    const lane = laneOf(peer, origin);
    this.#counting(peer, lane, () => this.#applied.arrive(lane, seq));
    const sender = this.#sender(peer);
    let nth = sender.nthByOrigin.get(origin);
    if (nth === undefined) {
      nth = sender.nthByOrigin.size + 1;
      sender.nthByOrigin.set(origin, nth);
    }
    const { seq: upTo, ahead } = this.#applied.windowOf(lane);
    return { peer, origin, nth, seq: upTo, ahead };
  }

  /** How many frames of a peer have been applied. */
  countOf(peer: string): number {
    return this.#sender(peer).count;
  }

  /** The last frame of the peer's newest process that has come, applied or about to be; null if there is none. */
  newestOf(peer: string): Passage | null {
    const { newest } = this.#sender(peer);
    if (newest === null) return null;
    const { seq, ahead } = this.#arrived.windowOf(laneOf(peer, newest));
    return { origin: newest, seq: ahead.at(-1) ?? seq };
  }

  /** Keeps the count up with what changes in one lane. */
  #counting(peer: string, lane: string, change: () => void): void {
    const before = this.#applied.countOf(lane);
    change();
    this.#sender(peer).count += this.#applied.countOf(lane) - before;
  }

  #sender(peer: string): Sender {
    let sender = this.#senders.get(peer);
    if (sender === undefined) {
      sender = { nthByOrigin: new Map(), newest: null, count: 0 };
      this.#senders.set(peer, sender);
    }
    return sender;
  }
}

function laneOf(peer: string, origin: string): string {
  return JSON.stringify([peer, origin]);
}
