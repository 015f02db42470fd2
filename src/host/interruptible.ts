/**
 * Ctrl-C within a timestep. A timestep is synchronous, so that no handler of signals runs before it
 * has ended, which may be never. V8 can break off a script, though: timesteps that may take long run
 * inside one. What is broken off is left as it is: the evaluator may still tell how far it had come,
 * and nothing else may be asked of it.
 *
 * Watching for the signal takes a thread and some 30 microseconds, in which handlers of the signal
 * are taken off and put on again: one that comes just then ends the process without a word. So only
 * timesteps that may well be long are watched: the first ones, which take the facts given, and each
 * that follows a long one. Others end by their bounds.
 */
import { createContext, Script } from 'node:vm';
import type { Commit, Evaluator, Failure } from '../evaluator/evaluator.js';

const ALWAYS_WATCHED = 2;
/** A timestep is long from here on. */
const LONG_MS = 50;

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

/** The evaluator; `interrupted` is called when a timestep was broken off, before it returns. */
export function interruptible(evaluator: Evaluator, interrupted: () => void): Interruptible {
  const scope: { run: () => Commit | Failure } = { run: () => broken };
  const context = createContext(scope);
  let isBroken = false;
  let timesteps = 0;
  let lastMs = 0;
  return {
    get isBroken() {
      return isBroken;
    },
    timestep: (input) => {
      const begunMs = performance.now();
      const isWatched = timesteps++ < ALWAYS_WATCHED || lastMs >= LONG_MS;
      scope.run = () => evaluator.timestep(input);
      try {
        return isWatched
          ? (runIt.runInContext(context, { breakOnSigint: true }) as Commit | Failure)
          : evaluator.timestep(input);
      } catch (error) {
        if (!isInterruption(error)) throw error;
        isBroken = true;
        interrupted();
        return broken;
      } finally {
        lastMs = performance.now() - begunMs;
      }
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
