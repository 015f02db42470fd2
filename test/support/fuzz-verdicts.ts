/**
 * Fuzzing of the analysis: random programs, their verdicts held against all schedules. What comes
 * out wrong is shrunk, clause by clause and input by input.
 */
import { Prng } from '../../src/base/prng.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import type { Workload, WorkloadInput } from '../../src/node/workload.js';
import type { ScheduleBounds } from '../../src/simulator/check-schedules.js';
import { makeInputs } from '../../src/report/make-inputs.js';
import { compileText } from './compile-text.js';
import { isOpen, judgeVerdicts, lookAgain } from './judge-verdicts.js';
import type { JudgedObservable } from './judge-verdicts.js';
import { moreWorkloads } from './more-workloads.js';
import { caseNodes, caseText, randomCase, randomInputs } from './random-analysis-programs.js';
import type { AnalysisCase } from './random-analysis-programs.js';

const fuzzBounds: ScheduleBounds = { states: 2500, duplicates: 1, firings: 1, probes: 24 };

/** Sets of inputs tried, beside a case's own, where none so far shows a difference: drawn, and made up by unfolding. */
const drawnInputs = 3;
const madeUpInputs = 4;
/** Of a made-up draft; every further input multiplies the schedules. */
const mostMadeUp = 5;
/** Further workloads before a verdict counts as a false alarm, and how they are run: at random only. */
const secondLook = 80;
const quickBounds: ScheduleBounds = { states: 0, duplicates: 1, firings: 1, probes: 24 };

export interface FuzzedCase {
  readonly seed: number;
  readonly fuzzed: AnalysisCase;
  readonly text: string;
  /** Null where the program has errors. */
  readonly judged: readonly JudgedObservable[] | null;
}

/** The case of a seed, judged. */
export function fuzzCase(seed: number): FuzzedCase {
  const fuzzed = randomCase(seed);
  const text = caseText(fuzzed);
  const { compiled } = compileText(text);
  const judged = compiled === null ? null : judgeCase(compiled, fuzzed, seed);
  return { seed, fuzzed, text, judged };
}

function judgeCase(
  compiled: CompiledProgram,
  { clauses, inputs }: AnalysisCase,
  seed: number,
): readonly JudgedObservable[] {
  const prng = new Prng(seed).fork('more inputs');
  const drawn = Array.from({ length: drawnInputs }, () => randomInputs(prng, clauses));
  const workloads = [inputs, ...drawn, ...madeUpFor(compiled, seed)].map(withoutFacts);
  const judged = judgeVerdicts(compiled, caseNodes, workloads, fuzzBounds);
  const blamed = judged.filter(isOpen).map(({ observable: { relation, blame } }) => ({
    relation,
    rules: blame.map(({ ruleId }) => ruleId),
  }));
  const more = take(moreWorkloads(compiled, caseNodes, blamed, seed), secondLook);
  return lookAgain(compiled, caseNodes, judged, more, quickBounds);
}

function withoutFacts(inputs: readonly WorkloadInput[]): Workload {
  return { facts: [], inputs };
}

/** Inputs made up for the verdicts that are not confluent, as the search for witnesses makes them. */
function madeUpFor(compiled: CompiledProgram, seed: number): readonly (readonly WorkloadInput[])[] {
  const open = compiled.confluence.observables.filter(({ proved }) => !proved);
  const subject = { nodes: caseNodes, workload: { facts: [], inputs: [] } };
  return open.flatMap(({ relation, blame }) => {
    const rules = blame.map(({ ruleId }) => ruleId);
    const drafts = makeInputs(compiled.program, subject, relation, rules, seed);
    return [...take(drafts, madeUpInputs)].map((inputs) => inputs.slice(0, mostMadeUp));
  });
}

function* take<T>(from: Iterable<T>, count: number): Generator<T> {
  let taken = 0;
  for (const one of from) {
    yield one;
    if (++taken === count) return;
  }
}

/** What a fuzzing run has come to so far. */
export interface FuzzTally {
  programs: number;
  compiled: number;
  observables: number;
  confluent: number;
  /** Verdicts that all schedules bear out; of those not confluent, that some schedules differ. */
  confirmed: number;
  falseAlarms: number;
  unknown: number;
  unsound: number;
}

export function newTally(): FuzzTally {
  return {
    programs: 0,
    compiled: 0,
    observables: 0,
    confluent: 0,
    confirmed: 0,
    falseAlarms: 0,
    unknown: 0,
    unsound: 0,
  };
}

export function addToTally(tally: FuzzTally, { judged }: FuzzedCase): void {
  tally.programs += 1;
  if (judged === null) return;
  tally.compiled += 1;
  for (const { observable, judgement } of judged) {
    tally.observables += 1;
    if (observable.verdict === 'confluent') tally.confluent += 1;
    if (judgement === 'confirmed') tally.confirmed += 1;
    if (judgement === 'false-alarm') tally.falseAlarms += 1;
    if (judgement === 'unknown') tally.unknown += 1;
    if (judgement === 'unsound') tally.unsound += 1;
  }
}

/** Of the observables that have one outcome over all schedules, the share that is not called confluent. */
export function falseAlarmRate({ falseAlarms, confluent }: FuzzTally): number {
  return falseAlarms + confluent === 0 ? 0 : falseAlarms / (falseAlarms + confluent);
}

/** The unsound verdicts of a text on some inputs, as `verdict relation`. */
export function unsoundVerdicts(text: string, inputs: readonly WorkloadInput[]): readonly string[] {
  const { compiled } = compileText(text);
  if (compiled === null) return [];
  const known = inputs.filter(({ relation }) => compiled.program.relations.has(relation));
  return judgeVerdicts(compiled, caseNodes, [withoutFacts(known)], fuzzBounds)
    .filter(({ judgement }) => judgement === 'unsound')
    .map(({ observable }) => `${observable.verdict} ${observable.relation}`);
}

/** The case with what its unsound verdict does not need left out; null if its own inputs do not show it. */
export function shrinkCase(found: AnalysisCase): AnalysisCase | null {
  const isUnsound = (one: AnalysisCase): boolean =>
    unsoundVerdicts(caseText(one), one.inputs).length > 0;
  if (!isUnsound(found)) return null;
  let smallest = found;
  for (let before = -1; before !== sizeOf(smallest);) {
    before = sizeOf(smallest);
    for (const part of ['clauses', 'inputs'] as const) {
      for (let i = smallest[part].length - 1; i >= 0; i--) {
        const smaller = { ...smallest, [part]: smallest[part].toSpliced(i, 1) };
        if (isUnsound(smaller)) smallest = smaller;
      }
    }
  }
  return smallest;
}

function sizeOf({ clauses, inputs }: AnalysisCase): number {
  return clauses.length + inputs.length;
}

/** A case as a program whose comments hold its inputs: how regressions are kept. */
export function regressionText(one: AnalysisCase): string {
  const inputs = one.inputs.map(
    ({ node, relation, row }) => `// input ${JSON.stringify({ node, rel: relation, row })}\n`,
  );
  const verdicts = unsoundVerdicts(caseText(one), one.inputs);
  return `// was called ${verdicts.join(', ')}\n${inputs.join('')}${caseText(one)}\n`;
}

/** The inputs that the comments of such a program hold. */
export function regressionInputs(text: string): readonly WorkloadInput[] {
  return [...text.matchAll(/^\/\/ input (.*)$/gm)].map(([, json]) => {
    const { node, rel, row } = JSON.parse(json!) as {
      node: string;
      rel: string;
      row: WorkloadInput['row'];
    };
    return { node, relation: rel, row, atMs: null };
  });
}
