/**
 * Delays every outgoing frame of a transport by a random time, so that frames overtake each other:
 * what a wide network does, on one machine and from a seed.
 *
 * Frames on their way when a link changes are lost, as on any link: an acknowledgement of one
 * process must never reach its successor. What a link begins with, a `memory`, is not delayed: it is
 * about all that follows.
 */
import type { Prng } from '../base/prng.js';
import type { Frame } from '../node/frames.js';
import type { Scheduler, Transport, TransportCounters } from './transport.js';

/** Contract: the host calls `linkChanged` for each link that the inner transport reports up or down. */
export class DelayedTransport implements Transport {
  readonly #inner: Transport;
  readonly #maxDelayMs: number;
  readonly #prng: Prng;
  readonly #scheduler: Scheduler;
  readonly #waiting = new Set<Waiting>();

  constructor(inner: Transport, maxDelayMs: number, prng: Prng, scheduler: Scheduler) {
    this.#inner = inner;
    this.#maxDelayMs = maxDelayMs;
    this.#prng = prng;
    this.#scheduler = scheduler;
  }

  get counters(): Readonly<TransportCounters> {
    return this.#inner.counters;
  }

  send(peer: string, frame: Frame): void {
    if (frame.kind === 'memory') return this.#inner.send(peer, frame);
    const waiting: Waiting = { peer, frame, callOff: () => {} };
    this.#waiting.add(waiting);
    waiting.callOff = this.#scheduler.after(this.#prng.int(0, this.#maxDelayMs), () => {
      this.#waiting.delete(waiting);
      this.#inner.send(peer, frame);
    });
  }

  /** Loses what is on its way to the peer. */
  linkChanged(peer: string): void {
    for (const waiting of this.#waiting) {
      if (waiting.peer !== peer) continue;
      waiting.callOff();
      this.#waiting.delete(waiting);
    }
  }

  /** What is on its way arrives first. */
  async close(): Promise<void> {
    const last = [...this.#waiting];
    this.#waiting.clear();
    for (const { peer, frame, callOff } of last) {
      callOff();
      this.#inner.send(peer, frame);
    }
    await this.#inner.close();
  }
}

interface Waiting {
  readonly peer: string;
  readonly frame: Frame;
  callOff: () => void;
}
