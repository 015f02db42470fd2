/**
 * The search for a witness that an observable is not confluent: two runs of one subject that
 * differ only in their schedule and yet differ in the observable.
 *
 * The search is the plain one: random schedules, in turn of every style, under a budget of runs
 * and of events. What it finds is a proof; that it finds nothing proves nothing. Runs that did not
 * come to rest are left out: where a run was cut off is no property of the program. Of the runs
 * found, the two shortest that differ are taken, and then inputs are left out one by one as long
 * as two outcomes can be found without them (delta debugging: Zeller and Hildebrandt, Simplifying
 * and Isolating Failure-Inducing Input, 2002, section 3, in its greedy form).
 *
 * Of a relation that all nodes should hold alike, the more telling witness is a run in which two of
 * them differ, beside one in which they agree. It is looked for with half of the budget.
 */
import { rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import { findDisagreement } from './compare-replicas.js';
import type { Disagreement } from './compare-replicas.js';
import { simulateRun } from './simulate-run.js';
import { defaultSimulationOptions } from './outcome.js';
import type { SimulationOptions, SimulationRun, SimulationSubject } from './outcome.js';

export interface DivergenceSearch {
  readonly observable: string;
  /** What is compared: every tuple ever shown, the content at quiescence, or that of a stored relation. */
  readonly kind: 'ever' | 'final' | 'stored';
  /** Prefers a first run in which nodes differ, and a second in which they agree. */
  readonly preferDisagreement?: boolean;
  /** Runs to try before giving up. */
  readonly maxRuns: number;
  /** Events that all runs together may dispatch, those of shrinking included. */
  readonly budget: number;
  readonly firstSeed?: number;
  readonly simulation?: Partial<Omit<SimulationOptions, 'seed'>>;
}

/** Two runs that differ, with their traces. */
export interface Divergence {
  /** Set if nodes differ within run `a` (and do not within run `b`), as the search preferred. */
  readonly disagreement: Disagreement | null;
  readonly a: SimulationRun;
  readonly b: SimulationRun;
  /** The subject of both: the one given, with as few inputs as shrinking left. */
  readonly subject: SimulationSubject;
  /** What `simulateRun` was given beside the seed: with it, the seeds replay the two runs. */
  readonly options: Omit<SimulationOptions, 'seed'>;
  /** Runs tried before the first difference. */
  readonly runs: number;
}

/** Runs that go on after the first difference, in the hope of shorter traces. */
const runsAfterSuccess = 18;
/** Seeds tried for every input left out: two for each style. */
const seedsPerShrink = 18;

/** Two runs whose outcomes differ in the observable, or null if none were found within the budget. */
export function findDivergence(
  subject: SimulationSubject,
  search: DivergenceSearch,
): Divergence | null {
  const options = { ...defaultSimulationOptions, ...search.simulation };
  const purse = { steps: search.budget };
  const firstSeed = search.firstSeed ?? 1;
  const found = findPair(subject, search, options, purse, { firstSeed, runs: search.maxRuns });
  if (found === null) return null;
  const shrunk = shrinkInputs(subject, found, (smaller, pair) => {
    const seeds = { firstSeed, runs: seedsPerShrink, before: pair };
    const smallerPair = findPair(smaller, search, options, purse, seeds);
    return smallerPair !== null && pair.disagrees && !smallerPair.disagrees ? null : smallerPair;
  });
  const replay = (seed: number) => simulateRun(shrunk.subject, { ...options, seed, trace: true });
  const a = replay(shrunk.pair.a.seed);
  return {
    disagreement: shrunk.pair.disagrees ? disagreementOf(shrunk.subject, a, search) : null,
    a,
    b: replay(shrunk.pair.b.seed),
    subject: shrunk.subject,
    options,
    runs: found.runs,
  };
}

interface FoundRun {
  readonly seed: number;
  readonly steps: number;
  /** Whether nodes differ within it; always false unless such runs are preferred. */
  readonly disagrees: boolean;
}
interface Pair {
  readonly a: FoundRun;
  readonly b: FoundRun;
  /** Whether nodes differ in `a` and agree in `b`. */
  readonly disagrees: boolean;
  readonly runs: number;
}
interface Seeds {
  readonly firstSeed: number;
  readonly runs: number;
  /** Seeds that differed on a larger subject: tried first, and enough if they still differ. */
  readonly before?: Pair;
}

function findPair(
  subject: SimulationSubject,
  search: DivergenceSearch,
  options: Omit<SimulationOptions, 'seed'>,
  purse: { steps: number },
  { firstSeed, runs, before }: Seeds,
): Pair | null {
  const shortest = new Map<string, FoundRun>();
  const seeds = [
    before?.a.seed,
    before?.b.seed,
    ...Array.from({ length: runs }, (_, index) => firstSeed + index),
  ];
  const wish = search.preferDisagreement === true && before?.disagrees !== false;
  let tried = 0;
  let foundAfter: number | null = null;
  for (const seed of seeds) {
    if (seed === undefined) continue;
    const isHalfSpent = before === undefined && purse.steps <= search.budget / 2;
    if (purse.steps <= 0 || (wish && isHalfSpent && shortest.size > 1)) break;
    if (foundAfter !== null && (before !== undefined || tried >= foundAfter + runsAfterSuccess))
      break;
    const run = simulateRun(subject, { ...options, seed, trace: false });
    tried += 1;
    purse.steps -= run.steps;
    if (!run.quiescent) continue;
    const key = contentKey(run, search);
    const known = shortest.get(key);
    if (known === undefined || run.steps < known.steps) {
      const disagrees = known?.disagrees ?? (wish && disagreementOf(subject, run, search) !== null);
      shortest.set(key, { seed, steps: run.steps, disagrees });
    }
    if (choosePair(shortest, wish) !== null) foundAfter ??= tried;
  }
  const chosen = choosePair(shortest, wish) ?? choosePair(shortest, false);
  return chosen === null ? null : { ...chosen, runs: foundAfter ?? tried };
}

/** The two shortest runs that differ; with the wish, the first disagrees within itself and the second does not. */
function choosePair(
  shortest: ReadonlyMap<string, FoundRun>,
  wish: boolean,
): Omit<Pair, 'runs'> | null {
  if (shortest.size < 2) return null;
  const runs = [...shortest.values()].sort((x, y) => x.steps - y.steps || x.seed - y.seed);
  const a = wish ? runs.find(({ disagrees }) => disagrees) : runs[0];
  const b = wish ? runs.find(({ disagrees }) => !disagrees) : runs[1];
  return a === undefined || b === undefined ? null : { a, b, disagrees: wish };
}

function disagreementOf(
  subject: SimulationSubject,
  run: SimulationRun,
  { kind, observable }: DivergenceSearch,
): Disagreement | null {
  const { received } = run.outcome;
  return findDisagreement(subject, observable, run.outcome[kind].get(observable) ?? [], received);
}

function contentKey(run: SimulationRun, search: DivergenceSearch): string {
  const content: readonly Row[] = run.outcome[search.kind].get(search.observable) ?? [];
  return content.map(rowKey).join(';');
}

/** Leaves inputs out, the last first, as long as a pair of runs still differs without them. */
function shrinkInputs(
  subject: SimulationSubject,
  found: Pair,
  findSmaller: (smaller: SimulationSubject, pair: Pair) => Pair | null,
): { readonly subject: SimulationSubject; readonly pair: Pair } {
  let best = { subject, pair: found };
  for (let index = subject.workload.inputs.length - 1; index >= 0; index--) {
    const { workload } = best.subject;
    const smaller = {
      ...best.subject,
      workload: { ...workload, inputs: workload.inputs.toSpliced(index, 1) },
    };
    const pair = findSmaller(smaller, best.pair);
    if (pair !== null) best = { subject: smaller, pair };
  }
  return best;
}
