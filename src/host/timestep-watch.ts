/**
 * Bounds on the time of a timestep and the memory of the process. Both are measured here, where the
 * clock is, and reach an evaluator as the one question whether it may go on. What they decide is no
 * function of state and events: a timestep that is stopped this way is undone, and the run or the
 * node ends. The simulator has no such watch.
 */
import type { Commit, Evaluator, EvaluatorBounds, Failure } from '../evaluator/evaluator.js';

export interface WatchOptions {
  /** Seconds that one timestep may take. */
  readonly maxSeconds?: number;
  /** Mebibytes that the process may hold in memory. */
  readonly maxMemory?: number;
  /** Told now and then while a timestep takes long. */
  readonly tell?: (inserted: number, elapsedMs: number) => void;
  /** Told now and then how many timesteps there have been. */
  readonly tellTimesteps?: (timesteps: number) => void;
  /** Milliseconds from anywhere; the process's own unless told. */
  readonly nowMs?: () => number;
  /** Bytes that the process holds; the system's answer unless told. */
  readonly memory?: () => number;
}

/** Asking the system for the process's memory costs some ten microseconds. */
const MEMORY_EVERY_MS = 5;
/** Nobody wants to be told more often. */
const TELL_EVERY_MS = 100;

export class TimestepWatch {
  readonly #options: WatchOptions;
  readonly #nowMs: () => number;
  readonly #memory: () => number;
  #beganMs = 0;
  /** A timestep that takes longer is cut off. */
  #cutMs = Number.POSITIVE_INFINITY;
  #isCut = false;
  #askedMs = 0;
  #toldMs = 0;
  #timesteps = 0;

  constructor(options: WatchOptions = {}) {
    this.#options = options;
    this.#nowMs = options.nowMs ?? (() => performance.now());
    this.#memory = options.memory ?? (() => process.memoryUsage.rss());
  }

  /** For the bounds of the evaluators that are watched. */
  readonly checkpoint: NonNullable<EvaluatorBounds['checkpoint']> = (inserted) => {
    const { maxSeconds, maxMemory, tell } = this.#options;
    const now = this.#nowMs();
    const elapsedMs = now - this.#beganMs;
    if (elapsedMs > this.#cutMs) {
      this.#isCut = true;
      return `the timestep took more than ${this.#cutMs} ms`;
    }
    if (maxSeconds !== undefined && elapsedMs > maxSeconds * 1000)
      return `the timestep took more than ${maxSeconds} s`;
    if (maxMemory !== undefined && now - this.#askedMs >= MEMORY_EVERY_MS) {
      this.#askedMs = now;
      if (this.#memory() > maxMemory * 2 ** 20)
        return `the process went beyond ${maxMemory} MiB of memory`;
    }
    if (tell !== undefined && now - this.#toldMs >= TELL_EVERY_MS) {
      this.#toldMs = now;
      tell(inserted, elapsedMs);
    }
    return null;
  };

  /** Runs a timestep of such an evaluator, which is undone if it takes longer than so many milliseconds: null then. */
  within(ms: number, timestep: () => Commit | Failure): Commit | Failure | null {
    this.#cutMs = ms;
    this.#isCut = false;
    try {
      const result = timestep();
      return this.#isCut ? null : result;
    } finally {
      this.#cutMs = Number.POSITIVE_INFINITY;
    }
  }

  /** The evaluator, with the beginning of each timestep noted. */
  over(evaluator: Evaluator): Evaluator {
    return {
      timestep: (input) => {
        this.#beganMs = this.#nowMs();
        this.#countTimestep();
        return evaluator.timestep(input);
      },
      load: (content) => evaluator.load(content),
      snapshot: () => evaluator.snapshot(),
      restore: (snapshot) => evaluator.restore(snapshot),
      query: (relation) => evaluator.query(relation),
      statistics: () => evaluator.statistics?.() ?? { relations: [], profile: null },
      close: () => evaluator.close(),
    };
  }

  /** Counts what is about to begin. */
  #countTimestep(): void {
    const { tellTimesteps } = this.#options;
    if (tellTimesteps !== undefined && this.#beganMs - this.#toldMs >= TELL_EVERY_MS) {
      this.#toldMs = this.#beganMs;
      tellTimesteps(this.#timesteps);
    }
    this.#timesteps++;
  }
}
