/**
 * `npm run fuzz:engine [-- CASES [SEED [STEPS]]]`: random programs and random timesteps (50 for each
 * unless told) under the engine and the reference evaluator. A case is a seed: CASES cases from SEED
 * on, so that a range of seeds can be split over several runs. Every ten seconds a line on stderr
 * tells how far it is; at the end stands what the programs had in them. A case ends early where it cannot show more: when it does not get through its first
 * timesteps, or when its values have grown so large that comparing them takes the time of many cases.
 *
 * What differs is shrunk and kept as `seed-SEED.bloom` in test/fuzz/regressions, which a test runs.
 */
import { writeFileSync } from 'node:fs';
import { valueSize } from '../../src/builtins/value-size.js';
import type { Program } from '../../src/semantics/program.js';
import { Comparison } from '../support/compare-evaluators.js';
import { EngineCoverage } from '../support/engine-coverage.js';
import { keptCaseText } from '../support/kept-cases.js';
import { randomCase } from '../support/random-case.js';
import { mixedText, type MixedCase } from '../support/random-mixed-programs.js';
import { programOf } from '../support/reference-node.js';
import { shrinkCase } from '../support/shrink-case.js';

const [cases, firstSeed, timesteps] = [1000, 1, 50].map((otherwise, i) =>
  Number(process.argv[2 + i] ?? otherwise),
) as [number, number, number];
/** Small, so that a recursion without end is found to be one soon. */
const MOST_TUPLES = 200;
/** Timesteps that may fail before the first that commits. */
const MOST_TRIES = 3;
/** Units of size of one value beyond which a case ends. */
const MOST_UNITS = 20_000;
const PROGRESS_MS = 10_000;

const coverage = new EngineCoverage();

function compiled(one: MixedCase): Program | null {
  try {
    return programOf(mixedText(one));
  } catch {
    return null;
  }
}

interface Outcome {
  /** The difference that the program shows; null for none. */
  readonly difference: string | null;
  readonly commits: number;
  readonly timesteps: number;
}

function outcomeOf(program: Program, { steps }: MixedCase): Outcome {
  let done = 0;
  let comparison: Comparison | null = null;
  const ended = (difference: string | null): Outcome => ({
    difference,
    commits: comparison?.commits ?? 0,
    timesteps: done,
  });
  try {
    comparison = new Comparison(program, { maxTuples: MOST_TUPLES, linker: coverage.linker });
    for (const step of steps) {
      const difference = comparison.step(step);
      done++;
      if (difference !== null) return ended(difference);
      if (done >= MOST_TRIES && comparison.commits === 0) break;
      if (holdsLargeValues(program, comparison)) break;
    }
    const restarts = steps.slice(1, done).some(({ boot }) => boot === true);
    coverage.add(program, comparison, done, restarts);
    return ended(null);
  } catch (error) {
    return ended(error instanceof Error ? (error.stack ?? error.message) : String(error));
  }
}

function holdsLargeValues(program: Program, comparison: Comparison): boolean {
  for (const name of program.relations.keys())
    for (const row of comparison.rowsOf(name))
      for (const value of row)
        if (typeof value === 'object' && valueSize(value).units > MOST_UNITS) return true;
  return false;
}

function differenceOf(one: MixedCase): string | null {
  const program = compiled(one);
  return program === null ? null : outcomeOf(program, one).difference;
}

function report(seed: number, found: MixedCase): void {
  const small = shrinkCase(found, (one) => differenceOf(one) !== null);
  Error.stackTraceLimit = 10;
  const difference = differenceOf(small) ?? '';
  Error.stackTraceLimit = 0;
  const path = `test/fuzz/regressions/seed-${seed}.bloom`;
  const remarks = [`seed ${seed}`, ...difference.split('\n')];
  writeFileSync(path, keptCaseText({ text: mixedText(small), steps: small.steps }, remarks));
  console.log(
    `seed ${seed} differs, see ${path}; again: npm run fuzz:engine -- 1 ${seed} ${timesteps}`,
  );
}

interface Tally {
  compared: number;
  rejected: number;
  timesteps: number;
  commits: number;
  differences: number;
}

function progress({ compared, rejected, ...rest }: Tally, seed: number, begin: number): void {
  const rate = ((compared + rejected) / (performance.now() - begin)) * 1000;
  console.error(
    `seed ${seed}: ${compared} compared in ${rest.timesteps} timesteps, ${rejected} rejected, ${rest.differences} differences, ${rate.toFixed(1)} cases a second`,
  );
}

function runCase(seed: number, tally: Tally): void {
  const one = randomCase(seed, timesteps);
  const program = compiled(one);
  if (program === null) {
    tally.rejected++;
    return;
  }
  const outcome = outcomeOf(program, one);
  tally.compared++;
  tally.timesteps += outcome.timesteps;
  tally.commits += outcome.commits;
  if (outcome.difference === null) return;
  tally.differences++;
  report(seed, one);
}

/** Whether all cases agree. */
function run(): boolean {
  // Failures are thrown all the time, and their stacks are nothing that differs.
  Error.stackTraceLimit = 0;
  const tally: Tally = { compared: 0, rejected: 0, timesteps: 0, commits: 0, differences: 0 };
  const begin = performance.now();
  let toldMs = begin;
  for (let seed = firstSeed; seed < firstSeed + cases; seed++) {
    runCase(seed, tally);
    if (performance.now() - toldMs < PROGRESS_MS) continue;
    toldMs = performance.now();
    progress(tally, seed, begin);
  }
  const { compared, rejected, differences } = tally;
  const msEach = process.cpuUsage().user / 1000 / cases;
  const share = ((100 * rejected) / cases).toFixed(2);
  console.log(
    [
      `seeds ${firstSeed} to ${firstSeed + cases - 1}: the checks accepted ${compared} programs and rejected ${rejected} (${share} %)`,
      `${tally.timesteps} timesteps compared, of which ${tally.commits} committed; ${differences} differences; ${msEach.toFixed(1)} ms each`,
      ...coverage.lines(),
    ].join('\n'),
  );
  return differences === 0;
}

process.exitCode = run() ? 0 : 1;
