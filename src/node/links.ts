/**
 * Both sides of a node's links together: what it sends and keeps (outbox.ts), what has arrived
 * (receipts.ts), and when it says so.
 *
 * Invariant: a frame is acknowledged when the timestep that takes it has run, not before, so that
 * what is acknowledged is never lost with an unfinished timestep. One acknowledgement a timestep
 * and peer covers all frames that it took.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Frame } from './frames.js';
import { Outbox } from './outbox.js';
import { Receipts } from './receipts.js';
import type { Receipt } from './receipts.js';

/** Sends a frame as soon as it may leave, if `isFit` then. */
type SendFrame = (peer: string, frame: Frame, isFit?: () => boolean) => void;

/** The links of one node. */
export class Links {
  readonly #outbox: Outbox;
  readonly #receipts = new Receipts();
  readonly #send: SendFrame;
  /** Peers with frames that wait for their timestep. */
  readonly #due = new Set<string>();
  /** Peers whose frames the timestep in progress has taken. */
  #taken: readonly string[] = [];

  /** `bound`: data frames kept for one peer. */
  constructor(bound: number, send: SendFrame) {
    this.#outbox = new Outbox(bound);
    this.#send = send;
  }

  /** Sends a batch and keeps it until it is acknowledged; gives how many kept frames had to go for it. */
  sendBatch(peer: string, timestep: number, batch: readonly RelationRows[]): number {
    const { frames, dropped } = this.#outbox.post(peer, timestep, batch);
    for (const frame of frames) this.#send(peer, frame);
    return dropped;
  }

  up(peer: string, incarnation: string, lastSeq: number): void {
    this.#receipts.linkUp(peer, incarnation);
    for (const frame of this.#outbox.linkUp(peer, lastSeq)) this.#send(peer, frame);
  }

  down(peer: string): void {
    this.#outbox.linkDown(peer);
  }

  acknowledged(peer: string, seq: number): void {
    this.#outbox.acknowledge(peer, seq);
  }

  skipped(peer: string, seq: number): void {
    this.#receipts.skip(peer, seq);
    this.acknowledge(peer);
  }

  /** Notes that a data frame has arrived; the caller acknowledges it, now or with its timestep. */
  arrived(peer: string, seq: number): 'new' | 'known' | 'absurd' {
    return this.#receipts.arrive(peer, seq);
  }

  acknowledgeWithTimestep(peer: string): void {
    this.#due.add(peer);
  }

  /** Now, unless frames of the peer still wait for their timestep. */
  acknowledge(peer: string): void {
    if (!this.#due.has(peer)) this.#acknowledgeNow(peer);
  }

  /** A timestep takes all frames that wait. */
  beginTimestep(): void {
    this.#taken = [...this.#due].sort();
    this.#due.clear();
  }

  endTimestep(): void {
    for (const peer of this.#taken) this.#acknowledgeNow(peer);
    this.#taken = [];
  }

  farewell(): void {
    for (const peer of this.#outbox.peersInReach()) this.#send(peer, { kind: 'bye' });
  }

  receiptOf(peer: string): Receipt {
    return this.#receipts.of(peer);
  }

  /** Frames that the peer has not acknowledged. */
  countFor(peer: string): number {
    return this.#outbox.countFor(peer);
  }

  #acknowledgeNow(peer: string): void {
    const { seq, incarnation } = this.#receipts.of(peer);
    // Its successor's frames bear the same numbers, and would be taken for acknowledged.
    const isStill = (): boolean => this.#receipts.of(peer).incarnation === incarnation;
    this.#send(peer, { kind: 'ack', seq }, isStill);
  }
}
