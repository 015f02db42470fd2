/**
 * The periodics of a node: when each fires, and which count it then has.
 *
 * The n-th firing is due at boot + n * period, whenever the timer that announces it fires, so that
 * delays do not add up. Firings that were missed coalesce into the latest.
 */
import type { Row } from '../base/value.js';

/** A firing, if one is due, and the time until the next. */
export interface Firing {
  /** `(count, at)`; null when the timer was early. */
  readonly row: Row | null;
  readonly nextAfterMs: number;
}

/** One periodic of one node. */
export class Periodic {
  readonly #periodMs: number;
  readonly #bootMs: number;
  #count = 0;

  constructor(periodMs: number, bootMs: number) {
    this.#periodMs = periodMs;
    this.#bootMs = bootMs;
  }

  /** What is due at `nowMs`. */
  at(nowMs: number): Firing {
    const count = Math.floor((nowMs - this.#bootMs) / this.#periodMs);
    const isDue = count > this.#count;
    if (isDue) this.#count = count;
    return {
      row: isDue ? [count, this.#bootMs + count * this.#periodMs] : null,
      nextAfterMs: this.#bootMs + (this.#count + 1) * this.#periodMs - nowMs,
    };
  }
}
