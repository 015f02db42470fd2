/** Time that a test moves by hand. */
import type { Scheduler } from '../../../src/transport/transport.js';

interface Appointment {
  readonly atMs: number;
  readonly action: () => void;
}

export class ManualScheduler implements Scheduler {
  nowMs = 0;
  readonly #appointments = new Set<Appointment>();

  after(ms: number, action: () => void): () => void {
    const appointment = { atMs: this.nowMs + ms, action };
    this.#appointments.add(appointment);
    return () => this.#appointments.delete(appointment);
  }

  get pending(): number {
    return this.#appointments.size;
  }

  /** Moves on, doing what is due in order. */
  advance(ms: number): void {
    const endMs = this.nowMs + ms;
    for (;;) {
      const due = [...this.#appointments].filter(({ atMs }) => atMs <= endMs);
      const next = due.sort((a, b) => a.atMs - b.atMs)[0];
      if (next === undefined) break;
      this.#appointments.delete(next);
      this.nowMs = next.atMs;
      next.action();
    }
    this.nowMs = endMs;
  }
}
