/**
 * Ctrl-C within a timestep. A timestep is synchronous, so that no handler of signals runs before it
 * has ended, which may be never. V8 can break off a script, though: timesteps that may take long run
 * inside one. What is broken off is left as it is: the evaluator may still tell how far it had come,
 * and nothing else may be asked of it.
 *
 * Watching for the signal takes a thread and some 30 microseconds, in which handlers of the signal
 * are taken off and put on again: one that comes just then ends the process without a word. So only
 * timesteps that may well be long are watched: the first ones, which take the facts given, and those
 * that come soon after a long one. Any other that turns out to be long is undone and begun again,
 * watched. Meanwhile SIGTERM, which no handler would hear of, does what it does by default.
 */
import { createContext, Script } from 'node:vm';
import type { Commit, Evaluator, Failure } from '../evaluator/evaluator.js';
import type { TimestepWatch } from './timestep-watch.js';

const ALWAYS_WATCHED = 2;
/** A timestep is long from here on. */
const LONG_MS = 50;
/** So many that follow a long one are watched. */
const WATCHED_AFTER = 100;

const broken: Failure = {
  kind: 'failure',
  bound: false,
  isOfHost: true,
  diagnostic: {
    code: 'TRL0808',
    severity: 'error',
    message: 'interrupted within a timestep, of which nothing was stored or released',
  },
};

const runIt = new Script('run()');

export interface Interruptible extends Evaluator {
  /** Whether a timestep was broken off: what relations hold is then not known any more. */
  readonly isBroken: boolean;
}

/** An evaluator that `watch` is over; `interrupted` is called when a timestep was broken off, before it returns. */
export function interruptible(
  evaluator: Evaluator,
  watch: TimestepWatch,
  interrupted: () => void,
): Interruptible {
  const scope: { run: () => Commit | Failure } = { run: () => broken };
  const context = createContext(scope);
  let isBroken = false;
  let watchedLeft = ALWAYS_WATCHED;
  const watched = (timestep: () => Commit | Failure): Commit | Failure => {
    scope.run = timestep;
    const handlers = process.listeners('SIGTERM');
    process.removeAllListeners('SIGTERM');
    try {
      return runIt.runInContext(context, { breakOnSigint: true }) as Commit | Failure;
    } catch (error) {
      if (!isInterruption(error)) throw error;
      isBroken = true;
      interrupted();
      return broken;
    } finally {
      for (const handler of handlers) process.on('SIGTERM', handler);
    }
  };
  return {
    get isBroken() {
      return isBroken;
    },
    timestep: (input) => {
      const timestep = (): Commit | Failure => evaluator.timestep(input);
      if (watchedLeft === 0) {
        const brief = watch.within(LONG_MS, timestep);
        if (brief !== null) return brief;
      }
      const begunMs = performance.now();
      const result = watched(timestep);
      const isLong = performance.now() - begunMs >= LONG_MS;
      watchedLeft = isLong ? WATCHED_AFTER : Math.max(0, watchedLeft - 1);
      return result;
    },
    load: (content) => evaluator.load(content),
    snapshot: () => evaluator.snapshot(),
    restore: (snapshot) => evaluator.restore(snapshot),
    query: (relation) => (isBroken ? [] : evaluator.query(relation)),
    statistics: () => evaluator.statistics?.() ?? { relations: [], profile: null },
    close: () => {
      if (!isBroken) evaluator.close();
    },
  };
}

/** The error is one of the script's world, and no `Error` of ours. */
function isInterruption(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED';
}
