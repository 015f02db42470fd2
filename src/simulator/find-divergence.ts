/**
 * The search for a witness that an observable is not confluent: two runs of one subject that
 * differ only in their schedule and yet differ in the observable.
 *
 * Schedules come from plans, the directed ones first (`schedule-plans.ts`). What is found is a
 * proof; that nothing is found proves nothing. Runs that did not come to rest are left out: where a
 * run was cut off is no property of the program. What is found is made small: first the inputs and
 * facts, then the schedules (`shrink-pair.ts`).
 *
 * The budget counts turns, so that the same subject, seed and budget give the same witness whatever
 * the machine.
 */
import type { Disagreement } from './compare-replicas.js';
import { disagreementIn, findPair } from './find-pair.js';
import type { DifferenceKind, DivergenceSearch, Pair } from './find-pair.js';
import type { SimulationSubject } from './outcome.js';
import { shrinkPair } from './shrink-pair.js';
import type { PlayedRun } from './turns.js';

/** Two runs that differ. */
export interface Divergence {
  readonly kind: DifferenceKind;
  /** Of kind `replicas`: the nodes that differ within run `a`. */
  readonly disagreement: Disagreement | null;
  readonly a: PlayedRun;
  readonly b: PlayedRun;
  /** The subject of both: the one given, with as few inputs and facts as shrinking left. */
  readonly subject: SimulationSubject;
  /** Turns by which each schedule deviates from the plainest one. */
  readonly deviations: readonly [number, number];
  /** Plans played before the first difference. */
  readonly plans: number;
}

const defaultMaxPlans = 250;

/** Two runs whose outcomes differ in the observable, or null if none were found within the budget. */
export function findDivergence(
  subject: SimulationSubject,
  search: DivergenceSearch,
): Divergence | null {
  const isOverdue = search.isOverdue ?? ((): boolean => false);
  const purse = { turns: search.turns, isOverdue };
  const found = findPair(subject, search, purse, { maxPlans: search.maxPlans ?? defaultMaxPlans });
  return found === null ? null : makeSmall(subject, search, found);
}

/** The divergence of a pair, made small, for which it may play twice as many turns as the search. */
export function makeSmall(
  subject: SimulationSubject,
  search: DivergenceSearch,
  found: Pair,
): Divergence {
  const small = shrinkPair(subject, search, found);
  const [a, b] = small.runs;
  return {
    kind: found.kind,
    disagreement: found.kind === 'replicas' ? disagreementIn(search.observable, a) : null,
    a,
    b,
    subject: small.subject,
    deviations: small.deviations,
    plans: found.tried,
  };
}
