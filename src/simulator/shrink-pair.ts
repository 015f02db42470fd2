/**
 * Makes a pair of runs that differ small: first the inputs, then the facts, then the schedules.
 *
 * Inputs and facts are left out in ever smaller chunks as long as two runs without them still
 * differ in the same way, until none can be left out by itself (delta debugging: Zeller and
 * Hildebrandt, Simplifying and Isolating Failure-Inducing Input, 2002). Of the few that are left
 * all subsets are tried, the smallest first: two may have to go together. Of the schedules one
 * becomes the plainest one, where that differs from the other; the other keeps as few turns as it
 * needs to deviate from it, because whatever a schedule does not say happens in the plainest way
 * (`play-turns.ts`).
 */
import type { Workload } from '../node/workload.js';
import { differ, findPair } from './find-pair.js';
import type { DivergenceSearch, Pair, Purse } from './find-pair.js';
import type { SimulationSubject } from './outcome.js';
import { playTurns } from './play-turns.js';
import type { PlayedRun, Turn } from './turns.js';

/** Plans tried for every workload that something has been left out of. */
const plansPerShrink = 14;
/** Rows of facts beyond which none is left out. */
const mostFacts = 400;
/** Inputs, or rows of facts, of which all subsets are tried. */
const mostForSubsets = 7;

/** A small pair of runs, and by how many turns each deviates from the plainest schedule. */
export interface SmallPair extends SmallSchedules {
  readonly subject: SimulationSubject;
}

/**
 * The same difference on a small subject, with schedules that deviate little. May play
 * `search.turns` for making it small, and as many again for looking whether there is a smaller one.
 */
export function shrinkPair(
  subject: SimulationSubject,
  search: DivergenceSearch,
  found: Pair,
): SmallPair {
  const isOverdue = search.isOverdue ?? ((): boolean => false);
  const purse = { turns: search.turns, isOverdue };
  const small = shrinkWorkload(subject, search, found, [purse, { ...purse }]);
  const differs = (a: PlayedRun, b: PlayedRun): boolean =>
    differ(found.kind, search.observable, a, b);
  const shrinker = new ScheduleShrinker(small.subject, purse, differs);
  return { subject: small.subject, ...shrinker.shrink(small.pair.a, small.pair.b) };
}

interface Small {
  readonly subject: SimulationSubject;
  readonly pair: Pair;
}

function shrinkWorkload(
  subject: SimulationSubject,
  search: DivergenceSearch,
  found: Pair,
  [purse, forSubsets]: readonly [Purse, Purse],
): Small {
  let best: Small = { subject, pair: found };
  const attempt = (workload: Workload, from: Purse): boolean => {
    const smaller = { ...best.subject, workload };
    const first = best.pair.plans;
    const wish = { ...search, kinds: [found.kind] };
    const pair = findPair(smaller, wish, from, { first, maxPlans: plansPerShrink });
    if (pair !== null) best = { subject: smaller, pair };
    return pair !== null;
  };
  const withInputs =
    (from: Purse) =>
    (inputs: Workload['inputs']): boolean =>
      attempt({ ...best.subject.workload, inputs }, from);
  const withFacts =
    (from: Purse) =>
    (fewer: Workload['facts']): boolean =>
      attempt({ ...best.subject.workload, facts: fewer }, from);
  const inputs = leaveOut(best.subject.workload.inputs, withInputs(purse));
  const facts = best.subject.workload.facts.flatMap(({ rows, ...fact }) =>
    Array.from(rows, (row) => ({ ...fact, rows: [row] })),
  );
  const isShort = facts.length <= mostFacts;
  const needed = isShort ? leaveOut(facts, withFacts(purse)) : facts;
  findSmallest(inputs, withInputs(forSubsets));
  findSmallest(needed, withFacts(forSubsets));
  return best;
}

/** Tries all subsets that leave out two things at least, the smallest first, until one holds. */
function findSmallest<T>(all: readonly T[], holds: (some: readonly T[]) => boolean): void {
  if (all.length > mostForSubsets) return;
  for (let size = 0; size < all.length - 1; size++)
    for (const some of subsetsOf(all, size)) if (holds(some)) return;
}

/** The subsets of so many things, each in their order. */
function* subsetsOf<T>(all: readonly T[], size: number): Generator<readonly T[]> {
  const [first, ...others] = all;
  if (size === 0) yield [];
  else if (first !== undefined && size <= all.length) {
    for (const some of subsetsOf(others, size - 1)) yield [first, ...some];
    yield* subsetsOf(others, size);
  }
}

/**
 * Leaves out chunks, from the end, the large ones first, where `holds` says that it does without;
 * single things until none can go.
 */
function leaveOut<T>(all: readonly T[], holds: (some: readonly T[]) => boolean): readonly T[] {
  let kept = all;
  let size = kept.length;
  while (size >= 1) {
    const { length } = kept;
    for (let end = length; end > 0; end -= size) {
      const from = Math.max(0, end - size);
      const fewer = kept.toSpliced(from, end - from);
      if (holds(fewer)) kept = fewer;
    }
    if (size > 1 || kept.length === length) size = size >> 1;
  }
  return kept;
}

interface SmallSchedules {
  readonly runs: readonly [PlayedRun, PlayedRun];
  readonly deviations: readonly [number, number];
}

class ScheduleShrinker {
  readonly #subject: SimulationSubject;
  readonly #purse: Purse;
  readonly #differ: (a: PlayedRun, b: PlayedRun) => boolean;

  constructor(
    subject: SimulationSubject,
    purse: Purse,
    differs: (a: PlayedRun, b: PlayedRun) => boolean,
  ) {
    [this.#subject, this.#purse, this.#differ] = [subject, purse, differs];
  }

  shrink(a: PlayedRun, b: PlayedRun): SmallSchedules {
    const plain = this.#play([]);
    if (plain !== null && this.#differ(plain, b)) {
      const late = this.#deviate(b, (run) => this.#differ(plain, run));
      return { runs: [plain, late.run], deviations: [0, late.deviations] };
    }
    if (plain !== null && this.#differ(a, plain)) {
      const early = this.#deviate(a, (run) => this.#differ(run, plain));
      return { runs: [early.run, plain], deviations: [early.deviations, 0] };
    }
    const early = this.#deviate(a, (run) => this.#differ(run, b));
    const late = this.#deviate(b, (run) => this.#differ(early.run, run));
    return { runs: [early.run, late.run], deviations: [early.deviations, late.deviations] };
  }

  /** The run with as few written turns, and of those as few picks, as it needs. */
  #deviate(
    given: PlayedRun,
    isGood: (run: PlayedRun) => boolean,
  ): { readonly run: PlayedRun; readonly deviations: number } {
    let best: { run: PlayedRun; deviations: number } = {
      run: given,
      deviations: given.turns.length,
    };
    const attempt = (turns: readonly Turn[]): boolean => {
      const run = this.#play(turns);
      if (run === null || !isGood(run)) return false;
      best = { run, deviations: turns.length };
      return true;
    };
    let turns = leaveOut<Turn>(given.turns, attempt);
    for (let index = turns.length - 1; index >= 0; index--) {
      const { node, picks } = turns[index]!;
      const before = turns;
      const fewer = leaveOut(picks, (some) => attempt(before.with(index, { node, picks: some })));
      turns = before.with(index, { node, picks: fewer });
    }
    return best;
  }

  /** Null once the purse is empty. */
  #play(turns: readonly Turn[]): PlayedRun | null {
    if (this.#purse.turns <= 0 || this.#purse.isOverdue()) return null;
    const run = playTurns(this.#subject, turns);
    this.#purse.turns -= run.turns.length + 1;
    return run;
  }
}
