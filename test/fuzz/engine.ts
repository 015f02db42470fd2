/**
 * `npm run fuzz:engine [-- CASES [SEED]]`: random programs and random timesteps under the engine
 * and the reference evaluator, until a difference is found or all cases have run. What it finds it
 * shrinks, clause by clause and timestep by timestep, and writes to `fuzz-SEED.bloom` with the
 * timesteps in comments.
 */
import { writeFileSync } from 'node:fs';
import { Prng } from '../../src/base/prng.js';
import type { Program } from '../../src/semantics/program.js';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { makeCase, mixedText, type MixedCase } from '../support/random-mixed-programs.js';
import { programOf } from '../support/reference-node.js';

const cases = Number(process.argv[2] ?? 1000);
const firstSeed = Number(process.argv[3] ?? 1);

function caseOf(seed: number): MixedCase {
  const prng = new Prng(seed);
  return makeCase((below) => prng.int(0, below - 1));
}

function compiled(one: MixedCase): Program | null {
  try {
    return programOf(mixedText(one));
  } catch {
    return null;
  }
}

/** The difference that a case shows; null for none, also where the program does not compile. */
function differenceOf(one: MixedCase): string | null {
  const program = compiled(one);
  if (program === null) return null;
  try {
    return compareEvaluators(program, one.steps);
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

/** Leaves out whatever the difference does not need. */
function shrink(found: MixedCase): MixedCase {
  let smallest = found;
  for (let before = -1; before !== sizeOf(smallest);) {
    before = sizeOf(smallest);
    for (let i = smallest.clauses.length - 1; i >= 0; i--)
      smallest = smaller(smallest, { ...smallest, clauses: smallest.clauses.toSpliced(i, 1) });
    for (let i = smallest.steps.length - 1; i >= 0; i--)
      smallest = smaller(smallest, { ...smallest, steps: smallest.steps.toSpliced(i, 1) });
  }
  return smallest;
}

function sizeOf({ clauses, steps }: MixedCase): number {
  return clauses.length + steps.length;
}

function smaller(now: MixedCase, tried: MixedCase): MixedCase {
  return differenceOf(tried) === null ? now : tried;
}

function report(seed: number, found: MixedCase): void {
  const small = shrink(found);
  const difference = differenceOf(small) ?? '';
  const comments = [...small.steps.map((step) => JSON.stringify(step)), ...difference.split('\n')];
  const path = `fuzz-${seed}.bloom`;
  writeFileSync(path, `${comments.map((line) => `// ${line}`).join('\n')}\n${mixedText(small)}\n`);
  console.log(`seed ${seed} differs, see ${path}; again: npm run fuzz:engine -- 1 ${seed}`);
}

let run = 0;
let found = false;
for (let seed = firstSeed; seed < firstSeed + cases && !found; seed++) {
  const one = caseOf(seed);
  if (compiled(one) === null) continue;
  run += 1;
  found = differenceOf(one) !== null;
  if (found) report(seed, one);
}
console.log(`${run} of ${cases} programs compiled and ran${found ? '' : ', without a difference'}`);
process.exitCode = found ? 1 : 0;
