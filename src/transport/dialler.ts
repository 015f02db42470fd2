/**
 * Keeps trying to reach one peer: at once, then at intervals that double up to a bound. Whether an
 * attempt is called for (no link, not closing) is asked each time.
 */
import type { Scheduler } from './transport.js';

/** Milliseconds between attempts. */
export interface Backoff {
  readonly firstMs: number;
  readonly longestMs: number;
}

/** The attempts to reach one peer. */
export class Dialler {
  readonly #dial: () => void;
  readonly #isWanted: () => boolean;
  readonly #backoff: Backoff;
  readonly #scheduler: Scheduler;
  #failures = 0;
  #callOff: (() => void) | null = null;
  #isDialling = false;

  /** `dial` begins an attempt, whose end is told by `failed` or `succeeded`. */
  constructor(dial: () => void, isWanted: () => boolean, backoff: Backoff, scheduler: Scheduler) {
    this.#dial = dial;
    this.#isWanted = isWanted;
    this.#backoff = backoff;
    this.#scheduler = scheduler;
  }

  /** Begins an attempt now, unless one is under way or none is wanted. */
  start(): void {
    this.stop();
    if (this.#isDialling || !this.#isWanted()) return;
    this.#isDialling = true;
    this.#dial();
  }

  /** The attempt has failed; gives how many have, one after the other. */
  failed(): number {
    this.#isDialling = false;
    const waitMs = Math.min(this.#backoff.firstMs * 2 ** this.#failures, this.#backoff.longestMs);
    this.#failures += 1;
    this.#wait(waitMs);
    return this.#failures;
  }

  succeeded(): void {
    this.#isDialling = false;
    this.#failures = 0;
  }

  /** The link that there was is gone. */
  linkLost(): void {
    this.#wait(this.#backoff.firstMs);
  }

  /** No further attempt is made by itself. */
  stop(): void {
    this.#callOff?.();
    this.#callOff = null;
  }

  #wait(ms: number): void {
    this.stop();
    this.#callOff = this.#scheduler.after(ms, () => {
      this.#callOff = null;
      this.start();
    });
  }
}
