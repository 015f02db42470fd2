/**
 * Runs timesteps on an evaluator and knows what to do when one fails.
 *
 * A timestep takes batches and the `@next` tuples of the last commit. When it fails, nothing has
 * happened, and its batches run again one a timestep, in order; the `@next` tuples count as a batch
 * of their own, which comes first. What fails alone is left out. So a bad batch costs the others
 * nothing, and the outcome is a function of the order of arrival. The `@next` tuples have many
 * origins: of those only the ones are left out without which the others can be taken, judged one
 * after the other in the order of relations and rows.
 *
 * A boot that fails alone ends the node, also after a restart. A node that lives on in a state in which
 * timesteps fail rejects what it takes; one that comes back to such a state had better leave it with
 * its senders until a program that can go on from there is run.
 *
 * A timestep that the host stops, for time or memory, says nothing of its batches: nothing is left
 * out, the node stops.
 *
 * A batch may also fail because of `@next` tuples that the batch before it left. They then run
 * first, and the batch once more.
 */
import type {
  Commit,
  Evaluator,
  Failure,
  RelationRows,
  TimestepInput,
} from '../evaluator/evaluator.js';
import { mergeBatches } from './inbox.js';
import type { Batch } from './inbox.js';
import type { FailedPart } from './node-reports.js';
import { splitNextTuples } from './split-next-tuples.js';

/** What is told of every timestep, in order. */
export interface TimestepListener {
  committed(commit: Commit, batches: readonly Batch[]): void;
  /** A timestep over several parts failed; each is about to run alone. */
  failedTogether(failure: Failure, parts: number): void;
  /** The part is left out. */
  failedAlone(failure: Failure, part: FailedPart): void;
  /** The boot alone fails: there is no state to go on from, or, after a restart, it is what fails. */
  cannotBoot(failure: Failure, isFirst: boolean): void;
  /** The host has stopped a timestep, for time or memory: that says nothing of what it took. */
  stoppedByHost(failure: Failure): void;
}

/** What the succession of timesteps depends on beside the evaluator's state. */
export interface TimestepsState {
  readonly boot: { readonly first: boolean } | null;
  readonly nextTuples: readonly RelationRows[];
  readonly isRestless: boolean;
}

/** The succession of a node's timesteps. */
export class Timesteps {
  readonly #evaluator: Evaluator;
  readonly #listener: TimestepListener;
  #boot: { readonly first: boolean } | null = null;
  #nextTuples: readonly RelationRows[] = [];
  #isRestless = false;
  #isStopped = false;
  #hostFailure: Failure | null = null;

  constructor(evaluator: Evaluator, listener: TimestepListener) {
    this.#evaluator = evaluator;
    this.#listener = listener;
  }

  /** The next timestep is the first after a start. */
  boot(first: boolean): void {
    this.#boot = { first };
    this.#isRestless = true;
  }

  get state(): TimestepsState {
    return { boot: this.#boot, nextTuples: this.#nextTuples, isRestless: this.#isRestless };
  }

  /** Goes on from a state, with the evaluator's state that belongs to it. */
  resume({ boot, nextTuples, isRestless }: TimestepsState): void {
    [this.#boot, this.#nextTuples, this.#isRestless] = [boot, nextTuples, isRestless];
    this.#isStopped = false;
  }

  get isBooting(): boolean {
    return this.#boot !== null;
  }

  /** Whether a timestep is due though no event waits. */
  get isRestless(): boolean {
    return this.#isRestless;
  }

  /** No more timesteps, not even those of a run in progress. */
  stop(): void {
    this.#isStopped = true;
  }

  /** One timestep over all of `batches`, or, if it fails, one for each. */
  run(batches: readonly Batch[], nowMs: number): void {
    this.#runAll(batches, nowMs);
    if (this.#hostFailure !== null) this.#listener.stoppedByHost(this.#hostFailure);
    this.#hostFailure = null;
  }

  #runAll(batches: readonly Batch[], nowMs: number): void {
    const failure = this.#attempt(batches, nowMs);
    if (failure === null || this.#isStopped) return;
    const hasOwnPart = this.#boot !== null || this.#nextTuples.length > 0;
    const parts = batches.length + (hasOwnPart ? 1 : 0);
    if (parts <= 1) return this.#leaveOut(failure, batches[0], nowMs);
    this.#listener.failedTogether(failure, parts);
    if (hasOwnPart) this.#runAlone(undefined, nowMs);
    for (const batch of batches) this.#runAlone(batch, nowMs);
  }

  #runAlone(batch: Batch | undefined, nowMs: number): void {
    if (this.#isStopped) return;
    let failure = this.#attempt(batch === undefined ? [] : [batch], nowMs);
    if (failure !== null && batch !== undefined && this.#nextTuples.length > 0) {
      const ownFailure = this.#attempt([], nowMs);
      if (ownFailure !== null && !this.#isStopped) this.#leaveOut(ownFailure, undefined, nowMs);
      if (this.#isStopped) return;
      failure = this.#attempt([batch], nowMs);
    }
    if (failure !== null && !this.#isStopped) this.#leaveOut(failure, batch, nowMs);
  }

  /** Every timestep goes through here: after one that the host has stopped there is no other. */
  #timestep(input: TimestepInput): Commit | Failure {
    const result = this.#evaluator.timestep(input);
    if (result.kind === 'failure' && result.isOfHost === true) {
      this.#hostFailure ??= result;
      this.#isStopped = true;
    }
    return result;
  }

  /** Null when the timestep committed. */
  #attempt(batches: readonly Batch[], nowMs: number): Failure | null {
    const result = this.#timestep({
      events: mergeBatches(batches),
      nextTuples: this.#nextTuples,
      nowMs,
      boot: this.#boot,
    });
    if (result.kind === 'failure') return result;
    this.#boot = null;
    this.#nextTuples = result.nextTuples;
    this.#isRestless = result.stateChanged || result.nextChanged;
    this.#listener.committed(result, batches);
    return null;
  }

  #leaveOut(failure: Failure, batch: Batch | undefined, nowMs: number): void {
    if (batch !== undefined) {
      this.#listener.failedAlone(failure, { kind: 'batch', batch });
    } else if (this.#boot !== null) {
      this.#listener.cannotBoot(failure, this.#boot.first);
    } else if (this.#nextTuples.length > 0) {
      this.#leaveOutNext(failure, nowMs);
    } else {
      this.#isRestless = false;
      this.#listener.failedAlone(failure, { kind: 'state' });
    }
  }

  /**
   * Runs the timestep over the `@next` tuples that can be taken, and leaves out the others. It runs
   * even if none can: what the last commit stored is to be seen.
   */
  #leaveOutNext(failure: Failure, nowMs: number): void {
    const { taken, left } = splitNextTuples(this.#nextTuples, (nextTuples) =>
      this.#wouldCommit(nextTuples, nowMs),
    );
    if (this.#isStopped) return;
    this.#nextTuples = taken;
    this.#isRestless = false;
    this.#listener.failedAlone(failure, { kind: 'next', content: left });
    const again = this.#isStopped ? null : this.#attempt([], nowMs);
    if (again !== null) this.#listener.failedAlone(again, { kind: 'state' });
  }

  #wouldCommit(nextTuples: readonly RelationRows[], nowMs: number): boolean {
    const before = this.#evaluator.snapshot();
    const result = this.#timestep({ events: [], nextTuples, nowMs, boot: null });
    if (result.kind === 'commit') this.#evaluator.restore(before);
    return result.kind === 'commit';
  }
}
