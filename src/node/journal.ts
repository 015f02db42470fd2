/**
 * What waits for storage: changes on their way into the next batch, batches that are not yet known
 * to be durable, and whatever depends on those.
 *
 * State grows from commit to commit, so everything that leaves a node depends on all batches that it
 * has handed over before, and waits until the last of them is durable. Timesteps go on meanwhile: a
 * slow disk costs delay, and one write takes what many timesteps have to say.
 *
 * That a peer has applied a frame is no haste: it goes into the next batch that there is, or with
 * many others. A crash before that repeats the frame, which the peer knows.
 */
import type { RelationChange } from '../evaluator/evaluator.js';
import type { StoredBatch, StoredFrame, StoredLane, StoredReceipt } from './storage.js';

/** Batches that may wait; beyond it the node runs no timestep. */
const mostWaiting = 256;
/** Frames that have been applied and are still stored. */
const mostSettled = 1000;

export class Journal {
  readonly #isKept: boolean;
  #origin: string | null = null;
  #relations: readonly RelationChange[] = [];
  #posted: StoredFrame[] = [];
  readonly #lanes = new Map<string, StoredLane>();
  #settled: StoredBatch['settled'][number][] = [];
  readonly #answers = new Map<string, number>();
  #isDue = false;
  #hasBegun = false;
  /** By peer and lane. */
  readonly #receipts = new Map<string, StoredReceipt>();
  #lastSeq = 0;
  #durableSeq = 0;
  #waiting: { readonly after: number; readonly act: () => void }[] = [];

  /** `isKept`: whether there is storage; without it there are no batches, and nothing waits. */
  constructor(isKept: boolean) {
    this.#isKept = isKept;
  }

  /** Whether so much waits that the node should, too. */
  get isFull(): boolean {
    return this.#lastSeq - this.#durableSeq >= mostWaiting;
  }

  /**
   * The first timestep of a process has committed: its batch says which process it is. There is none
   * before it, or a crash between the two would leave a node that has booted without its facts.
   */
  begin(origin: string): void {
    if (this.#hasBegun || !this.#isKept) return;
    [this.#origin, this.#hasBegun] = [origin, true];
  }

  changed(relations: readonly RelationChange[]): void {
    if (this.#isKept) this.#relations = relations;
  }

  posted(frame: StoredFrame, lane: StoredLane): void {
    this.#posted.push(frame);
    this.#lanes.set(lane.peer, lane);
  }

  settled(peer: string, origin: string, seqs: readonly number[]): void {
    if (this.#isKept) for (const seq of seqs) this.#settled.push({ peer, origin, seq });
  }

  /** A frame that the node sent itself has been applied: that may not be forgotten. */
  settledHere(self: string, origin: string, seq: number): void {
    this.settled(self, origin, [seq]);
    this.#isDue = true;
  }

  /** A peer has said how much it has applied; that is worth no batch of its own. */
  answered(peer: string, applied: number): void {
    if (this.#isKept) this.#answers.set(peer, applied);
  }

  received(receipt: StoredReceipt): void {
    const lane = JSON.stringify([receipt.peer, receipt.origin]);
    if (this.#isKept) this.#receipts.set(lane, receipt);
  }

  /** The next batch and its number; null if there is nothing that must be written now. */
  close(): { readonly seq: number; readonly batch: StoredBatch } | null {
    const isDue =
      this.#isDue ||
      this.#settled.length >= mostSettled ||
      this.#origin !== null ||
      this.#relations.length > 0 ||
      this.#posted.length > 0 ||
      this.#receipts.size > 0;
    if (!this.#hasBegun || !isDue) return null;
    const batch = {
      origin: this.#origin,
      relations: this.#relations,
      posted: this.#posted,
      lanes: inOrder(this.#lanes).map(([, lane]) => lane),
      settled: this.#settled,
      answers: inOrder(this.#answers).map(([peer, applied]) => ({ peer, applied })),
      receipts: inOrder(this.#receipts).map(([, receipt]) => receipt),
    };
    [this.#origin, this.#relations] = [null, []];
    [this.#posted, this.#settled, this.#isDue] = [[], [], false];
    for (const map of [this.#lanes, this.#answers, this.#receipts]) map.clear();
    this.#lastSeq += 1;
    return { seq: this.#lastSeq, batch };
  }

  /** Acts when all batches so far are durable: now, if they are. */
  whenDurable(act: () => void): void {
    if (this.#durableSeq === this.#lastSeq) act();
    else this.#waiting.push({ after: this.#lastSeq, act });
  }

  /** All batches up to and with `seq` are durable. */
  persisted(seq: number): void {
    this.#durableSeq = Math.max(this.#durableSeq, seq);
    const ready = this.#waiting.findIndex(({ after }) => after > this.#durableSeq);
    const acts = this.#waiting.splice(0, ready < 0 ? this.#waiting.length : ready);
    for (const { act } of acts) act();
  }
}

function inOrder<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
