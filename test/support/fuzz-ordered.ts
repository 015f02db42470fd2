/**
 * Fuzzing of the ordered log: random programs that get one inserted, held against all schedules with
 * it (judge-ordered.ts), and without it, to see whether it was needed.
 */
import { Prng } from '../../src/base/prng.js';
import {
  boundsFor,
  compileCaseText,
  take,
  withoutFacts,
  wholeScope,
  type FuzzScope,
} from './fuzz-verdicts.js';
import { judgeOrdered, pointsShownNecessary } from './judge-ordered.js';
import type { OrderedJudgement } from './judge-ordered.js';
import { moreWorkloads } from './more-workloads.js';
import { caseFunctions, caseText, randomInputs } from './random-analysis-programs.js';
import { orderedCase } from './random-ordered-cases.js';

/** Sets of inputs tried beside a case's own. */
const drawnInputs = 3;

export interface FuzzedOrder extends OrderedJudgement {
  readonly seed: number;
  readonly text: string;
  /** Observables for whose sake the log was inserted. */
  readonly points: readonly string[];
  /** Those on which replicas disagree under some schedule without the log. */
  readonly necessary: ReadonlySet<string>;
}

/** The case of a seed, judged; null where no log is inserted. */
export function fuzzOrdered(
  seed: number,
  { secondLook }: Pick<FuzzScope, 'secondLook'> = wholeScope,
): FuzzedOrder | null {
  const { nodes, clauses, inputs } = orderedCase(seed);
  const text = caseText({ clauses, nodes });
  const compiled = compileCaseText(text, 'auto');
  if (compiled === null || compiled.plan.orderedLog === null) return null;
  const prng = new Prng(seed).fork('more inputs');
  const drawn = Array.from({ length: drawnInputs }, () => randomInputs(prng, nodes, clauses));
  const workloads = [inputs, ...drawn].map(withoutFacts);
  const program = { compiled, nodes, functions: caseFunctions };
  const limits = boundsFor(clauses);
  const blamed = compiled.confluence.observables
    .filter(({ proved }) => !proved)
    .map(({ relation, blame }) => ({ relation, rules: blame.map(({ ruleId }) => ruleId) }));
  const more = take(moreWorkloads(compiled, nodes, blamed, seed), secondLook);
  return {
    ...judgeOrdered(program, workloads, limits),
    seed,
    text,
    points: compiled.plan.points.map(({ relation }) => relation),
    necessary: pointsShownNecessary(program, workloads, more, limits),
  };
}

/** What a fuzzing run has come to so far. */
export class OrderTally {
  programs = 0;
  logs = 0;
  exhaustive = 0;
  faults = 0;
  ends = 0;
  longestLog = 0;
  points = 0;
  necessary = 0;

  add(done: FuzzedOrder | null): void {
    this.programs += 1;
    if (done === null) return;
    this.logs += 1;
    if (done.isExhaustive) this.exhaustive += 1;
    if (done.fault !== null) this.faults += 1;
    this.ends += done.ends;
    this.longestLog = Math.max(this.longestLog, done.longestLog);
    this.points += done.points.length;
    this.necessary += done.necessary.size;
  }

  lines(): readonly string[] {
    const share = this.points === 0 ? 0 : (100 * this.necessary) / this.points;
    return [
      `${this.programs} programs, ${this.logs} given an ordered log, ${this.exhaustive} of these under all schedules of their inputs, the others under random ones`,
      `${this.ends} ends of schedules, after up to ${this.longestLog} entries; ${this.faults} programs whose replicas disagree, or differ from a run one entry at a time`,
      `${this.points} observables have a log for their sake; for ${this.necessary} of them replicas disagree without it (${share.toFixed(1)} %), for the others it is not shown necessary`,
    ];
  }
}
