/**
 * Looks for two schedules that make an observable come out differently, in the program as written
 * (nothing inserted): first on the workload at hand.
 *
 * For a view its content at quiescence must differ. For an output it is every tuple ever shown; where
 * the claim is that it diverges for good, the final contents must differ as well, or be empty in both
 * runs, as those of a momentary output are. On replicated state, a run in which two replicas differ
 * is preferred: it shows most plainly what the matter is.
 */
import type { ObservableReport } from '../analysis/confluence-report.js';
import { findDivergence } from '../simulator/find-divergence.js';
import type { Divergence } from '../simulator/find-divergence.js';
import { comparedIn } from '../simulator/find-pair.js';
import type { DifferenceKind } from '../simulator/find-pair.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import type { Witness } from './monotonicity-report.js';

/** How much to try before giving up, for each observable. */
export interface WitnessBudget {
  /** Timesteps that the search may run; to make the witness small may take as many again. */
  readonly turns: number;
  readonly seed?: number;
  /** Called as a search begins: gives what says whether its time is up. Without it the turns decide alone. */
  readonly startClock?: () => () => boolean;
}

/** A witness against the observable's obligation; null if none was found within the budget. */
export function findWitness(
  subject: SimulationSubject,
  observable: ObservableReport,
  { turns, seed, startClock }: WitnessBudget,
): Witness | null {
  if (observable.proved) return null;
  const divergence = findDivergence(subject, {
    observable: observable.relation,
    kinds: kindsOf(observable),
    offenders: offendersOf(observable),
    turns,
    ...(seed === undefined ? {} : { seed }),
    ...(startClock === undefined ? {} : { isOverdue: startClock() }),
  });
  return divergence === null ? null : makeWitness(observable.relation, divergence);
}

/** The differences that refute what is promised or claimed, the most telling first. */
function kindsOf({ kind, verdict, replicated }: ObservableReport): readonly DifferenceKind[] {
  const lasting: readonly DifferenceKind[] = replicated ? ['replicas', 'final'] : ['final'];
  if (kind === 'view') return lasting;
  return verdict === 'divergent' ? [...lasting, 'moment'] : ['ever'];
}

/** Relations whose timing decides, by the blame. */
function offendersOf({ blame }: ObservableReport): readonly string[] {
  return [...new Set(blame.flatMap(({ relation, path }) => [relation, ...path.slice(0, 2)]))];
}

function makeWitness(relation: string, divergence: Divergence): Witness {
  const { a, b, kind } = divergence;
  const compared = comparedIn(kind, relation, a.outcome);
  return {
    kind,
    divergence,
    compared,
    outcomes: [a.outcome[compared].get(relation) ?? [], b.outcome[compared].get(relation) ?? []],
    madeUp: false,
    file: null,
  };
}
