/**
 * Many runs of one subject under consecutive seeds, and what they have in common: the distinct
 * outcomes over the observables, how often each came, and a seed that shows it.
 */
import { simulateRun } from './simulate-run.js';
import { checkSequential } from './replay-sequentially.js';
import type {
  Outcome,
  SimulationOptions,
  SimulationRun,
  SimulationSubject,
  SimulationWarning,
  Violation,
} from './outcome.js';

/** Seeds are `firstSeed` to `firstSeed + runs - 1`. */
export type ExploreOptions = Omit<SimulationOptions, 'seed'> & {
  readonly runs: number;
  readonly firstSeed: number;
  /** Holds every run of an ordered log against a sequential run of its entries (by default not). */
  readonly sequential?: boolean;
};

/** One outcome over the observables and the runs that came to it. */
export interface ExploredOutcome {
  readonly count: number;
  /** The first seed that shows it. */
  readonly seed: number;
  /** Of the run with that seed. */
  readonly outcome: Outcome;
  readonly quiescent: boolean;
  /** Whether replicas agreed in every one of these runs. */
  readonly replicasAgree: boolean;
  /** The first seed in which they did not; null if they always did. */
  readonly disagreementSeed: number | null;
  /** The first seed in which replicas released something different; null if they never did. */
  readonly releasesDifferSeed: number | null;
}

/** What many runs came to. */
export interface Exploration {
  readonly seeds: readonly number[];
  readonly observables: ReadonlyMap<string, 'output' | 'view'>;
  /** The most frequent first, then by seed. */
  readonly outcomes: readonly ExploredOutcome[];
  /** Sums over all runs. */
  readonly coordinationMessages: number;
  readonly dataFrames: number;
  readonly unknownAddresses: number;
  readonly timesteps: number;
  readonly violations: readonly Violation[];
  /** Each matter once, with its count over all runs. */
  readonly warnings: readonly SimulationWarning[];
}

/** Runs the subject once under each seed. */
export function explore(subject: SimulationSubject, options: ExploreOptions): Exploration {
  const { runs, firstSeed, sequential = false, ...simulation } = options;
  const seeds = Array.from({ length: runs }, (_, index) => firstSeed + index);
  const outcomes = new Map<string, ExploredOutcome>();
  const warnings = new Map<string, SimulationWarning>();
  const violations: Violation[] = [];
  const sums = { coordinationMessages: 0, dataFrames: 0, unknownAddresses: 0, timesteps: 0 };
  for (const seed of seeds) {
    const run = simulateRun(subject, { trace: false, ...simulation, seed });
    const disagreementSeed = run.outcome.replicasAgree ? null : seed;
    const known = outcomes.get(run.outcome.key) ?? {
      count: 0,
      seed,
      outcome: run.outcome,
      quiescent: run.quiescent,
      replicasAgree: true,
      disagreementSeed: null,
      releasesDifferSeed: null,
    };
    outcomes.set(run.outcome.key, {
      ...known,
      count: known.count + 1,
      replicasAgree: known.replicasAgree && run.outcome.replicasAgree,
      disagreementSeed: known.disagreementSeed ?? disagreementSeed,
      releasesDifferSeed: known.releasesDifferSeed ?? (run.outcome.releasesAgree ? null : seed),
    });
    sums.coordinationMessages += run.coordinationMessages;
    sums.dataFrames += run.dataFrames;
    sums.unknownAddresses += run.unknownAddresses;
    sums.timesteps += run.timesteps;
    violations.push(
      ...run.violations,
      // What a crash has taken no sequential run lacks.
      ...(sequential && options.crash !== true ? sequentialViolations(subject, run, options) : []),
    );
    run.warnings.forEach((warning) => addWarning(warnings, warning));
  }
  return {
    seeds,
    observables: shownBy(subject),
    outcomes: [...outcomes.values()].sort((a, b) => b.count - a.count || a.seed - b.seed),
    ...sums,
    violations,
    warnings: [...warnings].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, warning]) => warning),
  };
}

function shownBy({ program, assertions }: SimulationSubject): Exploration['observables'] {
  const asserted = (assertions?.relations ?? []).map((relation) => [relation, 'view'] as const);
  return new Map([...program.observables, ...asserted]);
}

function sequentialViolations(
  subject: SimulationSubject,
  run: SimulationRun,
  options: ExploreOptions,
): readonly Violation[] {
  if (subject.program.orderedLog === null) return [];
  const difference = checkSequential(subject, run, options);
  if (difference === null) return [];
  return [
    {
      node: difference.node,
      timestep: 0,
      seed: run.seed,
      diagnostic: difference.diagnostic,
      cause: null,
      bound: false,
    },
  ];
}

function addWarning(warnings: Map<string, SimulationWarning>, warning: SimulationWarning): void {
  const key = `${warning.node}\n${warning.diagnostic.code}\n${warning.diagnostic.message}`;
  const count = (warnings.get(key)?.count ?? 0) + warning.count;
  warnings.set(key, { ...warning, count });
}
