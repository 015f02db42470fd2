/**
 * Looks for two schedules that make an observable come out differently, in the program as written
 * (nothing inserted), on the workload at hand.
 *
 * For a view its content at quiescence must differ. For an output it is every tuple ever shown; where
 * the claim is that it diverges for good, the final contents must differ as well, or be empty in both
 * runs, as those of a momentary output are. On replicated state, a run in which two replicas differ
 * is preferred: it shows most plainly what the matter is.
 */
import type { ObservableReport } from '../analysis/confluence-report.js';
import { findDivergence } from '../simulator/find-divergence.js';
import type { Divergence } from '../simulator/find-divergence.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import type { Witness } from './monotonicity-report.js';

/** How much to try before giving up. */
export interface WitnessBudget {
  readonly maxRuns: number;
  /** Events that all runs together may dispatch. */
  readonly steps: number;
}

export const usualWitnessBudget: WitnessBudget = { maxRuns: 300, steps: 200_000 };

/** A witness against the observable's obligation; null if none was found within the budget. */
export function findWitness(
  subject: SimulationSubject,
  observable: ObservableReport,
  budget: WitnessBudget,
): Witness | null {
  if (observable.proved) return null;
  const { relation, kind, verdict } = observable;
  const search = {
    observable: relation,
    maxRuns: budget.maxRuns,
    budget: budget.steps,
    preferDisagreement: observable.replicated,
  };
  if (kind === 'view' || verdict === 'divergent') {
    const final = findDivergence(subject, { ...search, kind: 'final' });
    if (final !== null) return makeWitness(relation, 'final', final);
    if (kind === 'view') return null;
  }
  const ever = findDivergence(subject, { ...search, kind: 'ever' });
  if (ever === null) return null;
  const isMomentary = [ever.a, ever.b].every(
    (run) => (run.outcome.final.get(relation) ?? []).length === 0,
  );
  return verdict === 'convergent' || isMomentary ? makeWitness(relation, 'ever', ever) : null;
}

function makeWitness(relation: string, kind: Witness['kind'], divergence: Divergence): Witness {
  const { a, b } = divergence;
  return {
    kind,
    divergence,
    outcomes: [a.outcome[kind].get(relation) ?? [], b.outcome[kind].get(relation) ?? []],
    file: null,
  };
}
