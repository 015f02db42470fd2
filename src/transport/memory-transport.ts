/**
 * A network within one process. Frames wait in one queue in the order in which they were sent, and
 * whoever owns the network delivers them, so that a run is a function of its events.
 *
 * A link between two attached nodes is always up; it breaks when one of them is detached or the
 * owner cuts it, and what was on its way is lost, as with sockets.
 */
import type { Frame } from '../node/frames.js';
import { countFrame, startCounters } from './transport.js';
import type { Transport, TransportListener } from './transport.js';

interface Attached {
  readonly incarnation: string;
  readonly listener: TransportListener;
}

/** Connects the nodes of one process. */
export class MemoryNetwork {
  readonly #nodes = new Map<string, Attached>();
  readonly #cut = new Set<string>();
  readonly #whenPending: () => void;
  #queue: (() => void)[] = [];
  /** Grows with every change of a link: what was sent before over the link is lost. */
  readonly #eraByLink = new Map<string, number>();

  /** `whenPending` is called whenever the queue stops being empty. */
  constructor(whenPending: () => void = () => {}) {
    this.#whenPending = whenPending;
  }

  /** Whether something waits to be delivered. */
  get isPending(): boolean {
    return this.#queue.length > 0;
  }

  attach(name: string, incarnation: string, listener: TransportListener): Transport {
    this.#nodes.set(name, { incarnation, listener });
    for (const other of this.#nodes.keys()) if (other !== name) this.#changeLink(name, other, true);
    const counters = startCounters();
    return {
      counters,
      send: (peer, frame) => {
        if (!this.#isUp(name, peer)) return;
        countFrame(counters, frame);
        this.#carry(name, peer, frame);
      },
      close: () => {
        this.detach(name);
        return Promise.resolve();
      },
    };
  }

  detach(name: string): void {
    if (!this.#nodes.delete(name)) return;
    for (const other of this.#nodes.keys()) this.#changeLink(name, other, false);
  }

  /** Breaks or mends the link between two nodes. */
  setLink(a: string, b: string, isUp: boolean): void {
    if (isUp) this.#cut.delete(linkOf(a, b));
    else this.#cut.add(linkOf(a, b));
    this.#changeLink(a, b, isUp);
  }

  /** Delivers what is in the queue now; what this causes waits for the next time. */
  deliver(): void {
    const deliveries = this.#queue;
    this.#queue = [];
    for (const delivery of deliveries) delivery();
  }

  #isUp(a: string, b: string): boolean {
    return this.#nodes.has(a) && this.#nodes.has(b) && !this.#cut.has(linkOf(a, b));
  }

  #carry(from: string, to: string, frame: Frame): void {
    const link = linkOf(from, to);
    const era = this.#eraByLink.get(link);
    this.#enqueue(() => {
      if (this.#eraByLink.get(link) === era) this.#nodes.get(to)?.listener.frame(from, frame);
    });
  }

  #changeLink(a: string, b: string, isUp: boolean): void {
    const link = linkOf(a, b);
    const era = (this.#eraByLink.get(link) ?? 0) + 1;
    this.#eraByLink.set(link, era);
    for (const [self, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      this.#enqueue(() => {
        if (this.#eraByLink.get(link) === era) this.#tellLink(self, peer, isUp);
      });
    }
  }

  #tellLink(self: string, peer: string, isUp: boolean): void {
    const own = this.#nodes.get(self);
    const other = this.#nodes.get(peer);
    if (own === undefined) return;
    if (!isUp || other === undefined) return own.listener.linkDown(peer);
    const { incarnation, seq } = other.listener.receiptOf(self);
    own.listener.linkUp(peer, other.incarnation, incarnation === own.incarnation ? seq : 0);
  }

  #enqueue(delivery: () => void): void {
    this.#queue.push(delivery);
    if (this.#queue.length === 1) this.#whenPending();
  }
}

function linkOf(a: string, b: string): string {
  return JSON.stringify([a, b].sort());
}
