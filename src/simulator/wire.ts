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
 * Invariant: a sender is told that 1..n have arrived only when each of them has.
 */
import { assert } from '../base/assert.js';

export class Wire {
  /** Sender's numbers in order of arrival; the receiver's number is the index plus one. */
  readonly #arrivals: number[] = [];
  readonly #acknowledged = new Set<number>();
  #translated = 0;
  #complete = 0;

  /** The number under which the receiver gets the sender's frame `seq`, which now arrives. */
  arrive(seq: number): number {
    return this.#arrivals.push(seq);
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
