/**
 * What the network does to the numbering of one directed link.
 *
 * Nodes number their data frames and drop a number that they have seen, so a network that only
 * repeated frames would test the nodes and never the programs; and a receiver may rely on the
 * order that a WebSocket keeps. The language promises programs less: any order between batches,
 * and a batch may arrive twice. The wire therefore numbers frames anew, in the order of arrival:
 * a reordered frame comes in its new place, and a duplicate is a batch of its own, as after a
 * broken link whose acknowledgement was lost. Acknowledgements are translated back.
 *
 * Over a new connection a sender repeats what was not acknowledged, and of that what has arrived
 * already is passed over, as nodes do.
 *
 * Invariant: a sender is told that 1..n have arrived only when each of them has.
 */
import { assert } from '../base/assert.js';

export class Wire {
  /** Sender's numbers in order of arrival; the receiver's number is the index plus one. */
  readonly #arrivals: number[] = [];
  readonly #acknowledged = new Set<number>();
  /** The sender's numbers that have arrived, and those that have arrived `again`. */
  readonly #once = new Set<number>();
  readonly #twice = new Set<number>();
  #translated = 0;
  #complete: number;
  #arrivedThrough: number;
  #told = 0;

  /** `base`: frames of the sender up to this number are no business of this receiver. */
  constructor(base = 0) {
    [this.#complete, this.#arrivedThrough] = [base, base];
  }

  /** The frames up to this number the sender keeps no more. */
  get settled(): number {
    return Math.max(this.#complete, this.#told);
  }

  /** Tells the sender how far it has come: all frames up to this number have arrived. */
  tellArrived(): number {
    while (this.#hasArrived(this.#arrivedThrough + 1)) this.#arrivedThrough += 1;
    this.#told = this.#arrivedThrough;
    return this.#arrivedThrough;
  }

  /**
   * The number under which the receiver gets the sender's frame `seq`, which now arrives, for the
   * second time if `again`; null if it has arrived like this before.
   */
  arrive(seq: number, again: boolean): number | null {
    const known = again ? this.#twice : this.#once;
    if (known.has(seq)) return null;
    known.add(seq);
    return this.#arrivals.push(seq);
  }

  #hasArrived(seq: number): boolean {
    return this.#once.has(seq) || this.#twice.has(seq);
  }

  /** What `ack through` of the receiver means to the sender; null when it is nothing new. */
  acknowledge(through: number): number | null {
    assert(through <= this.#arrivals.length, 'a node acknowledges no frame that it has not got');
    while (this.#translated < through) this.#acknowledged.add(this.#arrivals[this.#translated++]!);
    const before = this.#complete;
    while (this.#acknowledged.delete(this.#complete + 1)) this.#complete += 1;
    return this.#complete > before ? this.#complete : null;
  }
}
