/**
 * Looks for two schedules that make an observable come out differently, in the program as written
 * (nothing inserted): first on the workload at hand, then, where that cannot expose the fault, on
 * inputs made up for it (`make-inputs.ts`).
 *
 * Where the claim is that it diverges for good, the contents at quiescence must differ; of an output
 * they may also be empty in both runs, as those of a momentary one are. Of what is convergent it is
 * every tuple ever shown: a view may keep its promise so, and yet show what is taken back. On
 * replicated state, a run in which two replicas differ is preferred: it shows most plainly what the
 * matter is.
 */
import type { ObservableReport } from '../analysis/confluence-report.js';
import type { Program } from '../semantics/program.js';
import { findDivergence, makeSmall } from '../simulator/find-divergence.js';
import type { Divergence } from '../simulator/find-divergence.js';
import { comparedIn, findPair } from '../simulator/find-pair.js';
import type { DifferenceKind, DivergenceSearch } from '../simulator/find-pair.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import { makeInputs, makeSetting } from './make-inputs.js';
import type { Witness } from './monotonicity-report.js';

/** How much to try before giving up, for each observable. */
export interface WitnessBudget {
  /** Timesteps that the search may run; to make the witness small may take twice as many. */
  readonly turns: number;
  readonly seed?: number;
  /** Called as a search begins: gives what says whether its time is up. Without it the turns decide alone. */
  readonly startClock?: () => () => boolean;
}

/**
 * A witness against the observable's verdict; null if none was found within the budget: half of it
 * goes to the workload at hand, and where that shows nothing, the rest to inputs made up. An output
 * that is called divergent has broken its promise already if more was shown in one run than in
 * another: half as much again goes to that, where nothing worse was found.
 */
export function findWitness(
  program: Program,
  subject: SimulationSubject,
  observable: ObservableReport,
  { turns, seed = 1, startClock }: WitnessBudget,
): Witness | null {
  if (observable.proved) return null;
  const search: DivergenceSearch = {
    observable: observable.relation,
    kinds: kindsOf(observable),
    offenders: offendersOf(observable),
    turns: Math.ceil(turns / 2),
    seed,
    ...(startClock === undefined ? {} : { isOverdue: startClock() }),
  };
  const found = searchBoth(program, subject, observable, search);
  if (found !== null || observable.kind === 'view' || search.kinds[0] === 'ever') return found;
  const lesser = { ...search, kinds: ['ever'], turns: Math.ceil(turns / 4) } as const;
  return searchBoth(program, subject, observable, lesser);
}

function searchBoth(
  program: Program,
  subject: SimulationSubject,
  observable: ObservableReport,
  search: DivergenceSearch,
): Witness | null {
  const given = findDivergence(subject, search);
  if (given !== null) return makeWitness(observable.relation, given, false);
  const madeUp = searchMadeUp(program, subject, observable, search);
  return madeUp === null ? null : makeWitness(observable.relation, madeUp, true);
}

/** Drafts of inputs, and plans for the schedules of each. */
const mostDrafts = 60;
const plansPerDraft = 40;

function searchMadeUp(
  program: Program,
  subject: SimulationSubject,
  { relation, blame }: ObservableReport,
  search: DivergenceSearch,
): Divergence | null {
  const { turns, seed = 1, isOverdue = (): boolean => false } = search;
  const { nodes, workload } = makeSetting(program, subject);
  const setting = { ...subject, nodes, workload };
  const rules = blame.map(({ ruleId }) => ruleId);
  const purse = { turns, isOverdue };
  let drafts = 0;
  for (const inputs of makeInputs(program, setting, relation, rules, seed)) {
    if (drafts === mostDrafts || purse.turns <= 0 || isOverdue()) return null;
    drafts += 1;
    const drafted = { ...setting, workload: { ...workload, inputs } };
    const pair = findPair(drafted, search, purse, { maxPlans: plansPerDraft });
    if (pair !== null) return makeSmall(drafted, search, pair);
  }
  return null;
}

/** The differences that refute what is promised or claimed, the most telling first. */
function kindsOf({
  kind,
  verdict,
  replicated,
  agrees,
  blame,
}: ObservableReport): readonly DifferenceKind[] {
  if (verdict === 'convergent') return ['ever'];
  const lasting: readonly DifferenceKind[] =
    replicated && !agrees ? ['replicas', 'final'] : ['final'];
  if (kind === 'view') return lasting;
  // Epochs differ in what they show on the way, and mostly in nothing else.
  const isByEpoch = blame.every(({ reason }) => reason === 'closes-epoch');
  return isByEpoch ? [...lasting, 'moment', 'ever'] : [...lasting, 'moment'];
}

/** Relations whose timing decides, by the blame. */
function offendersOf({ blame }: ObservableReport): readonly string[] {
  return [...new Set(blame.flatMap(({ relation, path }) => [relation, ...path.slice(0, 2)]))];
}

function makeWitness(relation: string, divergence: Divergence, madeUp: boolean): Witness {
  const { a, b, kind } = divergence;
  const compared = comparedIn(kind, relation, a.outcome);
  return {
    kind,
    divergence,
    compared,
    outcomes: [a.outcome[compared].get(relation) ?? [], b.outcome[compared].get(relation) ?? []],
    madeUp,
    file: null,
  };
}
