/**
 * `npm run fuzz:engine [-- CASES [SEED [STEPS]]]`: random programs and random timesteps (50 for each
 * unless told) under the engine and the reference evaluator, until a difference is found or all
 * cases have run. A case is a seed: CASES cases from SEED on, so that a range of seeds can be split
 * over several runs. Every ten seconds a line on stderr tells how far it is.
 *
 * What differs is shrunk, clause by clause, timestep by timestep and tuple by tuple, and written to
 * `fuzz-SEED.bloom`. Mended, the file belongs into test/fuzz/regressions, which a test runs.
 */
import { writeFileSync } from 'node:fs';
import { Prng } from '../../src/base/prng.js';
import type { Program } from '../../src/semantics/program.js';
import { compareEvaluators, type ComparedStep } from '../support/compare-evaluators.js';
import { keptCaseText } from '../support/kept-cases.js';
import { makeCase, mixedText, type MixedCase } from '../support/random-mixed-programs.js';
import { programOf } from '../support/reference-node.js';

const [cases, firstSeed, mostSteps] = [1000, 1, 50].map((otherwise, i) =>
  Number(process.argv[2 + i] ?? otherwise),
) as [number, number, number];
/** Small, so that a recursion without end is found to be one soon. */
const MOST_TUPLES = 200;
const PROGRESS_MS = 10_000;

function caseOf(seed: number): MixedCase {
  const prng = new Prng(seed);
  return makeCase((below) => prng.int(0, below - 1), mostSteps);
}

function compiled(one: MixedCase): Program | null {
  try {
    return programOf(mixedText(one));
  } catch {
    return null;
  }
}

/** The difference that a program shows under these timesteps; null for none. */
function differenceOf(program: Program, steps: readonly ComparedStep[]): string | null {
  try {
    return compareEvaluators(program, steps, MOST_TUPLES);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function differs(one: MixedCase): boolean {
  const program = compiled(one);
  return program !== null && differenceOf(program, one.steps) !== null;
}

/** Leaves out whatever the difference does not need. */
function shrink(found: MixedCase): MixedCase {
  let smallest = found;
  const leaveOut = (smallerOf: (one: MixedCase) => Iterable<MixedCase>): void => {
    for (let goesOn = true; goesOn;) {
      goesOn = false;
      for (const tried of smallerOf(smallest)) {
        if (!differs(tried)) continue;
        [smallest, goesOn] = [tried, true];
        break;
      }
    }
  };
  for (let before = ''; before !== JSON.stringify(sizesOf(smallest));) {
    before = JSON.stringify(sizesOf(smallest));
    leaveOut(withFewerSteps);
    leaveOut((one) =>
      one.clauses.map((_, i) => ({ ...one, clauses: one.clauses.toSpliced(i, 1) })),
    );
    leaveOut(withFewerEvents);
    leaveOut((one) =>
      one.declarations.map((_, i) => ({ ...one, declarations: one.declarations.toSpliced(i, 1) })),
    );
  }
  return smallest;
}

function sizesOf({ declarations, clauses, steps }: MixedCase): readonly number[] {
  const tuples = steps.flatMap(({ events }) => Object.values(events)).flat();
  return [declarations.length, clauses.length, steps.length, tuples.length];
}

/** Halves first: most timesteps have no part in a difference. */
function* withFewerSteps(one: MixedCase): Generator<MixedCase> {
  const { steps } = one;
  const half = Math.floor(steps.length / 2);
  if (half > 0) yield { ...one, steps: steps.slice(0, half) };
  if (half > 0) yield { ...one, steps: steps.slice(half) };
  for (let i = steps.length - 1; i >= 0; i--) yield { ...one, steps: steps.toSpliced(i, 1) };
}

function* withFewerEvents(one: MixedCase): Generator<MixedCase> {
  for (const [i, step] of one.steps.entries()) {
    const instead = (changed: ComparedStep): MixedCase => ({
      ...one,
      steps: one.steps.with(i, changed),
    });
    if (step.twice === true) yield instead({ ...step, twice: false });
    if (step.boot === true) yield instead({ ...step, boot: false });
    for (const [name, rows] of Object.entries(step.events))
      for (const [j] of rows.entries())
        yield instead({ ...step, events: { ...step.events, [name]: rows.toSpliced(j, 1) } });
  }
}

function report(seed: number, found: MixedCase): void {
  Error.stackTraceLimit = 10;
  const small = shrink(found);
  const program = compiled(small);
  const difference = program === null ? '' : (differenceOf(program, small.steps) ?? '');
  const path = `fuzz-${seed}.bloom`;
  const remarks = [`seed ${seed}`, ...difference.split('\n')];
  writeFileSync(path, keptCaseText({ text: mixedText(small), steps: small.steps }, remarks));
  console.log(
    `seed ${seed} differs, see ${path}; again: npm run fuzz:engine -- 1 ${seed} ${mostSteps}`,
  );
}

interface Tally {
  compared: number;
  rejected: number;
  timesteps: number;
}

function progress({ compared, rejected, timesteps }: Tally, seed: number, begin: number): void {
  const rate = ((compared + rejected) / (performance.now() - begin)) * 1000;
  console.error(
    `seed ${seed}: ${compared} compared in ${timesteps} timesteps, ${rejected} rejected, ${rate.toFixed(1)} cases a second`,
  );
}

/** Whether all cases agree. */
function run(): boolean {
  // Failures are thrown all the time, and their stacks are nothing that differs.
  Error.stackTraceLimit = 0;
  const tally: Tally = { compared: 0, rejected: 0, timesteps: 0 };
  const begin = performance.now();
  let toldMs = begin;
  let differing: number | null = null;
  let seed = firstSeed;
  for (; seed < firstSeed + cases && differing === null; seed++) {
    const one = caseOf(seed);
    const program = compiled(one);
    if (program === null) tally.rejected++;
    else {
      tally.compared++;
      tally.timesteps += one.steps.length;
      if (differenceOf(program, one.steps) !== null) report((differing = seed), one);
    }
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    progress(tally, seed, begin);
  }
  progress(tally, seed - 1, begin);
  const { compared, rejected, timesteps } = tally;
  const share = ((100 * rejected) / (compared + rejected)).toFixed(2);
  console.log(
    `seeds ${firstSeed} to ${seed - 1}: the checks accepted ${compared} programs and rejected ${rejected} (${share} %); ${timesteps} timesteps compared, ${differing === null ? 'no difference' : '1 difference'}`,
  );
  return differing === null;
}

process.exitCode = run() ? 0 : 1;
