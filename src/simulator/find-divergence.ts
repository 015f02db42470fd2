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
 */
import { rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import { simulateRun } from './simulate-run.js';
import { defaultSimulationOptions } from './outcome.js';
import type { SimulationOptions, SimulationRun, SimulationSubject } from './outcome.js';

export interface DivergenceSearch {
  readonly observable: string;
  /** What is compared: every tuple ever shown, the content at quiescence, or that of a stored relation. */
  readonly kind: 'ever' | 'final' | 'stored';
  /** Runs to try before giving up. */
  readonly maxRuns: number;
  /** Events that all runs together may dispatch, those of shrinking included. */
  readonly budget: number;
  readonly firstSeed?: number;
  readonly simulation?: Partial<Omit<SimulationOptions, 'seed'>>;
}

/** Two runs that differ, with their traces. */
export interface Divergence {
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
  const shrunk = shrinkInputs(subject, found, (smaller, pair) =>
    findPair(smaller, search, options, purse, { firstSeed, runs: seedsPerShrink, before: pair }),
  );
  const replay = (seed: number) => simulateRun(shrunk.subject, { ...options, seed, trace: true });
  return {
    a: replay(shrunk.pair.a.seed),
    b: replay(shrunk.pair.b.seed),
    subject: shrunk.subject,
    options,
    runs: found.runs,
  };
}

interface Pair {
  readonly a: { readonly seed: number; readonly steps: number };
  readonly b: { readonly seed: number; readonly steps: number };
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
  const shortest = new Map<string, { seed: number; steps: number }>();
  const seeds = [
    before?.a.seed,
    before?.b.seed,
    ...Array.from({ length: runs }, (_, index) => firstSeed + index),
  ];
  let tried = 0;
  let foundAfter: number | null = null;
  for (const seed of seeds) {
    if (seed === undefined) continue;
    if (purse.steps <= 0) break;
    if (foundAfter !== null && (before !== undefined || tried >= foundAfter + runsAfterSuccess))
      break;
    const run = simulateRun(subject, { ...options, seed, trace: false });
    tried += 1;
    purse.steps -= run.steps;
    if (!run.quiescent) continue;
    const key = contentKey(run, search);
    const known = shortest.get(key);
    if (known === undefined || run.steps < known.steps)
      shortest.set(key, { seed, steps: run.steps });
    if (shortest.size > 1) foundAfter ??= tried;
  }
  const [a, b] = [...shortest.values()].sort((x, y) => x.steps - y.steps || x.seed - y.seed);
  return a === undefined || b === undefined ? null : { a, b, runs: foundAfter ?? tried };
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
