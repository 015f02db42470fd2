/**
 * Two runs of one subject that differ in an observable, by trying schedules: the plans in their
 * order (`schedule-plans.ts`), until two outcomes differ in a way that counts.
 *
 * Runs that did not come to rest are left out: where a run was cut off is no property of the
 * program; and so are those in which a producer broke a promise, on which the verdicts rest. An
 * exception are those that timers keep going for ever, of which what one showed early on can be
 * held against all that the other ever showed.
 */
import { rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import { findDisagreement } from './compare-replicas.js';
import type { Disagreement } from './compare-replicas.js';
import type { Outcome, SimulationSubject } from './outcome.js';
import { usualPlayBounds } from './play-turns.js';
import { playPlan, schedulePlans } from './schedule-plans.js';
import type { SchedulePlan } from './schedule-plans.js';
import type { PlayedRun } from './turns.js';

/**
 * What differs: two nodes within one run, which agree in the other; the content at quiescence; all
 * that a momentary output ever showed, of which nothing is left at the end; all that was ever
 * shown.
 */
export type DifferenceKind = 'replicas' | 'final' | 'moment' | 'ever';

export interface DivergenceSearch {
  readonly observable: string;
  /** The differences that count, the most telling first. */
  readonly kinds: readonly DifferenceKind[];
  /** Relations whose timing is blamed. */
  readonly offenders?: readonly string[];
  /** Turns that the search may play; making it small may take twice as many. */
  readonly turns: number;
  readonly seed?: number;
  /** Plans to try before giving up. */
  readonly maxPlans?: number;
  /** Whether to stop whatever the budget says. A search that is stopped so may find less. */
  readonly isOverdue?: () => boolean;
}

/** What is left to spend. */
export interface Purse {
  turns: number;
  readonly isOverdue: () => boolean;
}

/** Two runs and the plans that they came from. */
export interface Pair {
  readonly kind: DifferenceKind;
  readonly a: PlayedRun;
  readonly b: PlayedRun;
  readonly plans: readonly [SchedulePlan, SchedulePlan];
  readonly tried: number;
}

/** Plans after which the next best kind of difference is good enough. */
const plansForTheBest = 60;

interface KnownRun {
  readonly run: PlayedRun;
  readonly plan: SchedulePlan;
}

/** Tries plans, `first` before all others, until two runs differ. */
export function findPair(
  subject: SimulationSubject,
  search: DivergenceSearch,
  purse: Purse,
  { first = [], maxPlans }: { readonly first?: readonly SchedulePlan[]; readonly maxPlans: number },
): Pair | null {
  const known = new Map<string, KnownRun>();
  let tried = 0;
  let best: Pair | null = null;
  for (const plan of allPlans(subject, search, first)) {
    if (tried === maxPlans || purse.turns <= 0 || purse.isOverdue()) break;
    const run = playPlan(subject, plan, usualPlayBounds);
    tried += 1;
    purse.turns -= run.turns.length + 1;
    const look = lookOf(search.observable, run);
    if (run.outcome.broken || !(run.quiescent || run.early !== null) || known.has(look)) continue;
    const kinds: readonly DifferenceKind[] =
      best === null ? search.kinds : search.kinds.slice(0, search.kinds.indexOf(best.kind));
    best = pairWith([...known.values()], { run, plan }, kinds, search.observable, tried) ?? best;
    if (best !== null && (best.kind === search.kinds[0] || tried >= plansForTheBest)) break;
    known.set(look, { run, plan });
  }
  return best;
}

function* allPlans(
  subject: SimulationSubject,
  { offenders = [], seed = 1 }: DivergenceSearch,
  first: readonly SchedulePlan[],
): Generator<SchedulePlan> {
  yield* first;
  yield* schedulePlans(subject, offenders, seed);
}

/** A new run beside an earlier one that differs from it in the most telling way there is. */
function pairWith(
  known: readonly KnownRun[],
  added: KnownRun,
  kinds: readonly DifferenceKind[],
  observable: string,
  tried: number,
): Pair | null {
  for (const kind of kinds) {
    for (const earlier of known) {
      for (const [x, y] of [
        [earlier, added],
        [added, earlier],
      ] as const) {
        if (differ(kind, observable, x.run, y.run))
          return { kind, a: x.run, b: y.run, plans: [x.plan, y.plan], tried };
        if (kind !== 'replicas') break;
      }
    }
  }
  return null;
}

/** Whether two runs differ in this way; none does that was cut off, or that breaks a promise. */
export function differ(
  kind: DifferenceKind,
  observable: string,
  a: PlayedRun,
  b: PlayedRun,
): boolean {
  if (a.outcome.broken || b.outcome.broken) return false;
  if (kind === 'ever') return lacksShown(observable, a, b) || lacksShown(observable, b, a);
  if (kind !== 'moment' && !(a.quiescent && b.quiescent)) return false;
  switch (kind) {
    case 'final':
      return (
        contentKey(a.outcome.final.get(observable)) !== contentKey(b.outcome.final.get(observable))
      );
    case 'moment': {
      const leaves = [a, b].some(({ outcome }) => (outcome.final.get(observable) ?? []).length > 0);
      return !leaves && differ('ever', observable, a, b);
    }
    case 'replicas':
      return disagreementIn(observable, a) !== null && disagreementIn(observable, b) === null;
  }
}

/** Whether one run never showed what the other showed, in good time if that one has no end. */
function lacksShown(observable: string, one: PlayedRun, other: PlayedRun): boolean {
  const shown = one.quiescent ? one.outcome.ever : one.early;
  if (shown === null || !(other.quiescent || other.early !== null)) return false;
  const keys = new Set((other.outcome.ever.get(observable) ?? []).map(rowKey));
  return (shown.get(observable) ?? []).some((row) => !keys.has(rowKey(row)));
}

/**
 * The replicas of an observable that differ in a run: in what they hold at its end, or, of a
 * momentary output, in what they ever showed.
 */
export function disagreementIn(
  observable: string,
  { subject, outcome }: PlayedRun,
): Disagreement | null {
  if (!subject.replicated.includes(observable)) return null;
  const rows = outcome[comparedIn('replicas', observable, outcome)].get(observable) ?? [];
  return findDisagreement(subject, observable, rows, outcome.received);
}

/** Which part of an outcome a kind of difference is about. */
export function comparedIn(
  kind: DifferenceKind,
  observable: string,
  { final, ever }: Outcome,
): 'ever' | 'final' {
  if (kind !== 'replicas') return kind === 'final' ? 'final' : 'ever';
  const isMomentary = (final.get(observable) ?? []).length === 0;
  return isMomentary && (ever.get(observable) ?? []).length > 0 ? 'ever' : 'final';
}

/** All of a run that a difference can be about, as one text. */
function lookOf(observable: string, run: PlayedRun): string {
  const content = (kind: 'ever' | 'final'): string => contentKey(run.outcome[kind].get(observable));
  const parts = disagreementIn(observable, run) === null ? 'agree' : 'part';
  return `${parts}|${content('ever')}|${content('final')}`;
}

function contentKey(rows: readonly Row[] | undefined): string {
  return (rows ?? []).map(rowKey).join(';');
}
