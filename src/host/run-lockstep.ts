/**
 * A program whose nodes move in lockstep: one evaluator holds all of them, and a round is one
 * timestep of it. Time starts at 1. The run ends at the asked time, or when a round has changed
 * nothing: then no later one does.
 *
 * Rounds give way to the event loop, so that a signal can end a run that never comes to rest.
 */
import type { Evaluator, Failure, RelationRows } from '../evaluator/evaluator.js';
import type { Observation } from './node-driver.js';

export interface LockstepOptions {
  readonly evaluator: Evaluator;
  /** Rows of inputs, all at time 1. */
  readonly inputs: readonly RelationRows[];
  /** The last time; null: as long as something changes. */
  readonly lastTime: number | null;
  readonly observe: (observation: Observation) => void;
  /** Called after each round, with its time. */
  readonly afterRound?: (time: number) => void;
  readonly abort?: AbortSignal;
}

export type LockstepEnd =
  | { readonly kind: 'quiet' }
  | { readonly kind: 'time' }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'stopped' };

export interface LockstepRun {
  readonly end: LockstepEnd;
  /** Rounds that committed. */
  readonly rounds: number;
}

/** Rounds between two looks at the event loop. */
const roundsAtOnce = 64;

export async function runLockstep(options: LockstepOptions): Promise<LockstepRun> {
  const { evaluator, inputs, lastTime, observe, afterRound, abort } = options;
  let nextTuples: readonly RelationRows[] = [];
  for (let time = 1; ; time++) {
    if (lastTime !== null && time > lastTime) return { end: { kind: 'time' }, rounds: time - 1 };
    if (abort?.aborted === true) return { end: { kind: 'stopped' }, rounds: time - 1 };
    const commit = evaluator.timestep({
      events: time === 1 ? inputs : [],
      nextTuples,
      nowMs: time,
      boot: time === 1 ? { first: true } : null,
    });
    if (commit.kind === 'failure')
      return { end: { kind: 'failed', failure: commit }, rounds: time - 1 };
    for (const { relation, rows } of commit.released)
      observe({ node: '', timestep: time, relation, added: rows, removed: [] });
    for (const change of commit.viewChanges) observe({ node: '', timestep: time, ...change });
    afterRound?.(time);
    nextTuples = commit.nextTuples;
    // What held at boot alone is gone only after the second round.
    if (time > 1 && !commit.stateChanged && !commit.nextChanged)
      return { end: { kind: 'quiet' }, rounds: time };
    if (time % roundsAtOnce === 0) await new Promise((resolve) => setImmediate(resolve));
  }
}
