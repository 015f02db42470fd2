/**
 * Fuzzing of the analysis: random programs, their verdicts held against all schedules. What comes
 * out wrong is shrunk, clause by clause and input by input.
 */
import { analyzeConfluence } from '../../src/analysis/confluence.js';
import type { ObservableReport } from '../../src/analysis/confluence-report.js';
import { Prng } from '../../src/base/prng.js';
import type { CompiledProgram } from '../../src/compiler/compile-source.js';
import type { Workload, WorkloadInput } from '../../src/node/workload.js';
import { bareSubject } from '../../src/cli/subject.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { memoryLoader } from '../../src/compiler/source-loader.js';
import { findWitness } from '../../src/report/find-witness.js';
import { judgeVerdicts } from './judge-verdicts.js';
import type { JudgeBounds, JudgedObservable } from './judge-verdicts.js';
import { moreWorkloads } from './more-workloads.js';
import {
  caseFunctions,
  caseFunctionsText,
  caseText,
  mentions,
  randomCase,
  randomInputs,
  sealedCase,
} from './random-analysis-programs.js';
import type { AnalysisCase } from './random-analysis-programs.js';

const fuzzBounds: JudgeBounds = {
  states: 4000,
  duplicates: 1,
  firings: 1,
  advances: 0,
  probes: 6,
  inputs: 3,
  moreProbes: 8,
  moreFirings: 3,
};

/** Timesteps that the search for a witness may run, as by default for users. */
const witnessTurns = 10_000;
/** Sets of inputs tried beside a case's own. */
const drawnInputs = 3;
/** What a fuzzing run looks at. */
export interface FuzzScope {
  /**
   * Further workloads before a verdict counts as a false alarm, run at random only; none: nor is a
   * witness looked for.
   */
  readonly secondLook: number;
  /** Verdicts that promise nothing are left alone: for soundness they do not matter. */
  readonly promisesOnly: boolean;
}

export const wholeScope: FuzzScope = { secondLook: 200, promisesOnly: false };

export interface FuzzedCase {
  readonly seed: number;
  readonly fuzzed: AnalysisCase;
  readonly text: string;
  /** Null where the program has errors. */
  readonly judged: readonly JudgedObservable[] | null;
}

/** The case of a seed, judged. */
export function fuzzCase(
  seed: number,
  scope: FuzzScope = wholeScope,
  makeCase: (seed: number) => AnalysisCase = randomCase,
): FuzzedCase {
  const fuzzed = makeCase(seed);
  const text = caseText(fuzzed);
  const compiled = compileCaseText(text);
  const judged = compiled === null ? null : judgeCase(compiled, fuzzed, seed, scope);
  return { seed, fuzzed, text, judged };
}

/**
 * The case of a seed without the guards of its rules, coordinated: judged are the observables for
 * whose sake seals were inserted, over the schedules of what nodes then run. Null where none were,
 * or where a log is needed as well (fuzz-ordered.ts).
 */
export function fuzzInserted(seed: number): readonly JudgedObservable[] | null {
  const guarded = sealedCase(seed);
  const clauses = guarded.clauses.map(withoutGuard);
  const compiled = compileCaseText(caseText({ ...guarded, clauses }), 'auto');
  if (compiled === null || compiled.plan.orderedLog !== null) return null;
  const waiting = new Set(compiled.plan.seals.map(({ relation }) => relation));
  if (waiting.size === 0) return null;
  const observables = analyzeConfluence(compiled.guarded).observables.filter(({ relation }) =>
    waiting.has(relation),
  );
  const prng = new Prng(seed).fork('more inputs');
  const drawn = Array.from({ length: drawnInputs }, () =>
    withoutFacts(randomInputs(prng, guarded.nodes, clauses)),
  );
  const { nodes, inputs } = guarded;
  return judgeVerdicts(
    {
      compiled: { ...compiled, bare: compiled.coordinated },
      nodes,
      functions: caseFunctions,
      observables,
    },
    [withoutFacts(inputs), ...drawn],
    () => [],
    boundsFor(clauses),
  );
}

/** Whether the case's observable owes its verdict to a seal: without guards it has a worse one. */
export function isThanksToSeal({ fuzzed }: FuzzedCase, { relation }: ObservableReport): boolean {
  const text = caseText({ ...fuzzed, clauses: fuzzed.clauses.map(withoutGuard) });
  const { observables } = compileCaseText(text)?.confluence ?? { observables: [] };
  return observables.some((each) => each.relation === relation && !each.proved);
}

function withoutGuard(clause: string): string {
  return clause.replace(/, sealed \w+\([^)]*\)/, '');
}

const functionsLoader = memoryLoader(new Map([['functions.ts', caseFunctionsText]]));

/** Null for a program with errors, or one that this version does not run. */
export function compileCaseText(
  text: string,
  coordinate: 'auto' | 'none' = 'none',
): CompiledProgram | null {
  const options = { ...defaultCompileOptions, coordinate };
  const { compiled, obstacles } = compileSource(
    { path: 'case.bloom', text },
    options,
    functionsLoader,
  );
  return obstacles.length > 0 ? null : compiled;
}

function judgeCase(
  compiled: CompiledProgram,
  { nodes, clauses, inputs }: AnalysisCase,
  seed: number,
  { secondLook, promisesOnly }: FuzzScope,
): readonly JudgedObservable[] {
  const observables = compiled.confluence.observables.filter(
    ({ verdict, agrees }) => !promisesOnly || verdict !== 'divergent' || agrees,
  );
  if (observables.length === 0) return [];
  const prng = new Prng(seed).fork('more inputs');
  const draw = (): Workload => withoutFacts(randomInputs(prng, nodes, clauses));
  const drawn = Array.from({ length: drawnInputs }, draw);
  const larger = withoutFacts([draw(), draw()].flatMap(({ inputs: some }) => some));
  const dense = take(moreWorkloads(compiled, nodes, [], seed), 1);
  const blamed = observables
    .filter(({ proved }) => !proved)
    .map(({ relation, blame }) => ({ relation, rules: blame.map(({ ruleId }) => ruleId) }));
  const judged = judgeVerdicts(
    { compiled, nodes, functions: caseFunctions, observables },
    [withoutFacts(inputs), ...drawn, larger, ...dense],
    () => take(moreWorkloads(compiled, nodes, blamed, seed), secondLook),
    boundsFor(clauses),
  );
  if (secondLook === 0) return judged;
  return judged.map((one) => {
    const workload = isDoubted(one) ? witnessOf(compiled, nodes, inputs, one.observable) : null;
    return workload === null ? one : { ...one, judgement: 'confirmed', workload };
  });
}

function isDoubted({ judgement }: JudgedObservable): boolean {
  return judgement === 'false-alarm' || judgement === 'unknown';
}

/** Inputs on which the search that users have finds two schedules with two outcomes. */
function witnessOf(
  compiled: CompiledProgram,
  nodes: readonly string[],
  inputs: readonly WorkloadInput[],
  observable: ObservableReport,
): Workload | null {
  const subject = bareSubject(
    { compiled, nodes, members: nodes, workload: withoutFacts(inputs), functions: caseFunctions },
    { maxTuples: 2000 },
    'reference',
  );
  const witness = findWitness(compiled.program, subject, observable, { turns: witnessTurns });
  return witness?.divergence.subject.workload ?? null;
}

export function withoutFacts(inputs: readonly WorkloadInput[]): Workload {
  return { facts: [], inputs };
}

export function boundsFor(clauses: readonly string[]): JudgeBounds {
  // A seal that nobody makes shows nothing: the inputs that make it come on top.
  const bounds = mentions(clauses, 'e') ? { ...fuzzBounds, inputs: 5 } : fuzzBounds;
  return mentions(clauses, 'now') ? { ...bounds, advances: 1 } : bounds;
}

export function* take<T>(from: Iterable<T>, count: number): Generator<T> {
  let left = count;
  if (left <= 0) return;
  for (const one of from) {
    yield one;
    if (--left === 0) return;
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

/** Inputs of a case for which it has no relation or no node; all of them if it does not compile. */
export function strayInputs({
  text,
  nodes,
  inputs,
}: {
  readonly text: string;
  readonly nodes: readonly string[];
  readonly inputs: readonly WorkloadInput[];
}): readonly WorkloadInput[] {
  const known = compileCaseText(text)?.program.relations;
  return inputs.filter(
    ({ node, relation }) => node === null || !nodes.includes(node) || known?.has(relation) !== true,
  );
}

/** The unsound verdicts of a case, as `verdict relation`. */
export function unsoundVerdicts({
  text,
  nodes,
  inputs,
}: {
  readonly text: string;
  readonly nodes: readonly string[];
  readonly inputs: readonly WorkloadInput[];
}): readonly string[] {
  const compiled = compileCaseText(text);
  if (compiled === null) return [];
  const limits = { ...boundsFor([text]), inputs: inputs.length, probes: 24 };
  // Of a case that is being shrunk, some inputs may have nowhere to go.
  const taken = inputs.filter(({ relation }) => compiled.program.relations.has(relation));
  return judgeVerdicts(
    { compiled, nodes, functions: caseFunctions },
    [withoutFacts(taken)],
    () => [],
    limits,
  )
    .filter(({ judgement }) => judgement === 'unsound')
    .map(({ observable }) => `${observable.verdict} ${observable.relation}`);
}

/** The case with what its unsound verdict does not need left out; null if its own inputs do not show it. */
export function shrinkCase(found: AnalysisCase): AnalysisCase | null {
  const isUnsound = (one: AnalysisCase): boolean =>
    unsoundVerdicts({ ...one, text: caseText(one) }).length > 0;
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

/** A case as a program whose comments hold its nodes and inputs: how regressions are kept. */
export function regressionText(one: AnalysisCase): string {
  const inputs = one.inputs.map(
    ({ node, relation, row }) => `// input ${JSON.stringify({ node, rel: relation, row })}\n`,
  );
  const text = caseText(one);
  const verdicts = unsoundVerdicts({ ...one, text });
  const head = `// was called ${verdicts.join(', ')}\n// nodes: ${one.nodes.join(', ')}\n`;
  return `${head}${inputs.join('')}${text}\n`;
}

/** The nodes and inputs that the comments of such a program hold. */
export function regressionCase(text: string): Parameters<typeof unsoundVerdicts>[0] {
  const inputs = [...text.matchAll(/^\/\/ input (.*)$/gm)].map(([, json]) => {
    const { node, rel, row } = JSON.parse(json!) as {
      node: string;
      rel: string;
      row: WorkloadInput['row'];
    };
    return { node, relation: rel, row, atMs: null };
  });
  const nodes = /^\/\/ nodes: (.*)$/m.exec(text)?.[1]?.split(', ') ?? ['n1', 'n2'];
  return { text, nodes, inputs };
}
