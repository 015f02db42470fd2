/** `trellis run FILE.ded`: all nodes in lockstep, up to `--eot`; then what they showed. */
import { valueText } from '../base/value-text.js';
import { compareRows, type Row } from '../base/value.js';
import type { CompiledDedalus, DedalusCompilation } from '../compiler/compile-dedalus.js';
import { isDedalus } from '../compiler/compile-dedalus.js';
import { createReferenceEvaluator } from '../reference/reference-evaluator.js';
import type { Evaluator, RelationFacts } from '../evaluator/evaluator.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Target } from '../files/load-target.js';
import { loadWorkload } from '../files/load-workload.js';
import type { LoadedWorkload } from '../files/load-workload.js';
import { runLockstep } from '../host/run-lockstep.js';
import type { LockstepRun } from '../host/run-lockstep.js';
import { realClock } from '../host/clock.js';
import type { Program } from '../semantics/program.js';
import { lostRelation, nodeRelation } from '../semantics/dedalus-syntax.js';
import { demand, showDiagnostics, usageError } from './console.js';
import { compileTarget, defaultMaxTuples, requireTarget, workloadPaths } from './prepare.js';
import type { SubjectOptions } from './prepare.js';
import { ShownRelations } from './shown-relations.js';
import { interrupted } from './signals.js';
import { warnOfPlaces, type PlacedFact } from './workload-warnings.js';

export interface LockstepOptions extends SubjectOptions {
  readonly eot?: number;
  readonly ticks?: number;
}

export interface LockstepResult {
  readonly program: Program;
  readonly nodes: readonly string[];
  readonly shown: ShownRelations;
  readonly run: LockstepRun;
  /** Relations to print. */
  readonly names: readonly string[];
  readonly times: {
    readonly loadMs: number;
    readonly compileMs: number;
    readonly evaluateMs: number;
  };
  readonly query: (relation: string) => readonly Row[];
}

/** The target, if it is a program of the Dedalus dialect. */
export function dedalusTarget(path: string): Target | null {
  const target = requireTarget(path);
  return isDedalus(target.source) ? target : null;
}

/**
 * Compiles, loads and runs; diagnostics are shown, and errors end the command. `choose` names the
 * relations to print.
 */
export async function runDedalus(
  target: Target,
  options: LockstepOptions,
  choose: (program: Program) => readonly string[],
): Promise<LockstepResult> {
  const startMs = realClock.nowMs();
  const compilation = compileTarget(target, options);
  demand(compilation.diagnostics);
  showDiagnostics(compilation.obstacles.map((d) => ({ ...d, severity: 'warning' })));
  const dedalus = soundDedalus(compilation.dedalus);
  const program = dedalus.lockstep;
  const compiledMs = realClock.nowMs();
  const names = choose(program);
  const lastTime = options.eot ?? options.ticks ?? null;
  if (lastTime === null && dedalus.lastTime === null)
    usageError('this program reads `clock` and never comes to rest: say when it ends with --eot N');
  const workload = lockstepWorkload(target, program, options);
  const nodes = nodeNames(target, dedalus, workload, options);
  warnOfPlaces(placedFacts(dedalus), nodes);
  const { timestepWatch: watch } = options;
  const reference = createReferenceEvaluator(
    program,
    { name: '', cluster: nodes, facts: factsOf(workload, nodes) },
    {
      maxTuples: options.maxTuples ?? defaultMaxTuples('reference', workload.facts),
      ...(watch === undefined ? {} : { checkpoint: watch.checkpoint }),
    },
  );
  const evaluator = watch === undefined ? reference : watch.over(reference);
  const shown = new ShownRelations(program, ['']);
  const loadedMs = realClock.nowMs();
  const lost = new Set<string>();
  const run = await runLockstep({
    evaluator,
    inputs: workload.inputs.map(({ relation, row }) => ({ relation, rows: [row] })),
    lastTime,
    observe: (observation) => shown.observe(observation),
    afterRound: () => noteLost(program, evaluator, lost),
    abort: interrupted(),
  });
  showDiagnostics([...lost].sort().map(lostWarning));
  const times = {
    loadMs: loadedMs - compiledMs,
    compileMs: compiledMs - startMs,
    evaluateMs: realClock.nowMs() - loadedMs,
  };
  const query = (relation: string): readonly Row[] => evaluator.query(relation);
  return { program, nodes, shown, run, names, times, query };
}

/** The facts with the names in their location columns. */
function placedFacts({ module, nodes }: DedalusCompilation): readonly PlacedFact[] {
  return module.statements.flatMap((statement): PlacedFact[] => {
    if (statement.kind !== 'clause' || statement.body !== null) return [];
    const [place] = statement.head.arguments;
    if (place?.kind !== 'term' || place.term.kind !== 'constant') return [];
    const { value } = place.term;
    const isName = typeof value === 'string' && nodes.includes(value);
    return isName
      ? [{ relation: statement.head.relation.text, place: value, span: statement.span }]
      : [];
  });
}

/** Takes down the names that tuples were sent to in vain. */
function noteLost(program: Program, evaluator: Evaluator, lost: Set<string>): void {
  if (!program.relations.has(lostRelation)) return;
  for (const [name] of evaluator.query(lostRelation)) lost.add(valueText(name ?? null));
}

function lostWarning(name: string): Diagnostic {
  return {
    code: 'TRL0854',
    severity: 'warning',
    message: `tuples are sent to ${name}, which is no node of this run`,
    notes: ['they are dropped'],
    help: 'name all nodes with --nodes, or mend the address; by default nodes are what stands in the first columns of facts',
  };
}

function soundDedalus(compiled: Pick<CompiledDedalus, 'dedalus'> | null): DedalusCompilation {
  const dedalus = compiled?.dedalus ?? null;
  if (dedalus === null) throw new Error('a program without errors is compiled');
  return dedalus;
}

function lockstepWorkload(
  target: Target,
  program: Program,
  options: SubjectOptions,
): LoadedWorkload {
  const { value, diagnostics } = loadWorkload({
    program,
    nodes: null,
    cluster: target.cluster,
    ...workloadPaths(target, options),
    header: options.header ?? 'auto',
  });
  demand(diagnostics);
  return value;
}

/** As given, or else every value of a location column in the facts. */
function nodeNames(
  target: Target,
  dedalus: DedalusCompilation,
  { facts }: LoadedWorkload,
  options: SubjectOptions,
): readonly string[] {
  if (options.nodes !== undefined) return [...new Set(options.nodes)].sort();
  if (target.cluster !== null) return target.cluster.nodes.map(({ name }) => name);
  const names = new Set(dedalus.nodes);
  for (const { rows } of facts)
    for (const [place] of rows) if (typeof place === 'string') names.add(place);
  return names.size === 0 ? ['n1'] : [...names].sort();
}

function factsOf({ facts }: LoadedWorkload, nodes: readonly string[]): readonly RelationFacts[] {
  const own = facts.map(({ relation, rows }) => ({ relation, rows }));
  return [...own, { relation: nodeRelation, rows: nodes.map((node) => [node]).sort(compareRows) }];
}
