/**
 * Real time, the one place where it enters: the clock that stamps a node's events, and the timers
 * that a node and a transport ask for.
 *
 * The clock shows milliseconds since 1970 as they were at the start of the process plus what has
 * gone by since; it never goes back, whatever happens to the clock of the machine.
 */
import type { Scheduler } from '../transport/transport.js';

export interface Clock {
  /** Whole milliseconds. */
  nowMs(): number;
}

export const realClock: Clock = {
  nowMs: () => Math.floor(performance.timeOrigin + performance.now()),
};

/** Fractions of milliseconds from anywhere, to take the time of things. */
export const preciseMs = (): number => performance.now();

/** The longest delay that a timer of the platform takes. */
const longestMs = 2 ** 31 - 1;

/** Timers of the platform. A longer delay than they take ends early, which callers must bear. */
export const realScheduler: Scheduler = {
  after: (ms, action) => {
    const timer = setTimeout(action, Math.min(Math.max(ms, 0), longestMs));
    return () => clearTimeout(timer);
  },
};
