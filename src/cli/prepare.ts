/**
 * What nearly every command does first: find out what FILE names, compile it, read its facts and
 * inputs. Diagnostics are shown here; with an error the command ends.
 */
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defined } from '../base/assert.js';
import type { SourceFile } from '../base/span.js';
import type { Value } from '../base/value.js';
import { findGivenRows } from '../compiler/given-rows.js';
import { checkAlikeData } from '../compiler/check-alike-data.js';
import { compileSource } from '../compiler/compile-source.js';
import { noFunctions, type ScriptFunction } from '../compiler/bind-functions.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import type { SourceLoader } from '../compiler/source-loader.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../compiler/node-program.js';
import type { EvaluatorKind } from '../compiler/node-program.js';
import type { EvaluatorFactory } from '../evaluator/evaluator.js';
import { readCell } from '../files/cell-value.js';
import type { ClusterFile } from '../files/cluster-file.js';
import { diskLoader } from '../files/disk-loader.js';
import { isFolder, loadTarget } from '../files/load-target.js';
import type { Target } from '../files/load-target.js';
import { loadWorkload, specInFolder } from '../files/load-workload.js';
import type { LoadedWorkload } from '../files/load-workload.js';
import type { HeaderMode } from '../files/read-delimited.js';
import { loadFunctions } from '../host/load-functions.js';
import { preciseMs, realClock } from '../host/clock.js';
import type { TimestepWatch } from '../host/timestep-watch.js';
import type { NodeProgram } from '../node/configuration.js';
import type { Workload } from '../node/workload.js';
import { standardLibraryUrl } from '../std/standard-library.js';
import type { Type } from '../semantics/types.js';
import { parseModule } from '../syntax/parse.js';
import { demand, usageError } from './console.js';
import { percentOf, type Progress } from './progress.js';

/** Options that several commands share, as commander hands them over. */
export interface SubjectOptions {
  /** Inputs come one by one. */
  readonly stream?: boolean;
  readonly set?: readonly string[];
  readonly observe?: readonly string[];
  readonly coordinate?: 'auto' | 'none';
  readonly nodes?: readonly string[];
  readonly facts?: readonly string[];
  readonly input?: readonly string[];
  readonly header?: HeaderMode;
  readonly maxTuples?: number;
  /** Of commands that run in real time: watches their timesteps. */
  readonly timestepWatch?: TimestepWatch;
  readonly progress?: Progress;
  /** Whether the engine is to keep accounts. */
  readonly isProfiled?: boolean;
  readonly evaluator?: EvaluatorKind;
  /** A cluster file for a FILE that is a program: all that it says holds but its `program`. */
  readonly cluster?: string;
  /** Told of every file that the program names, whether there is one or not. */
  readonly heardOf?: (path: string) => void;
}

export interface Prepared {
  readonly target: Target;
  readonly compilation: Compilation;
  readonly compiled: CompiledProgram;
  /** Sorted. */
  readonly nodes: readonly string[];
  readonly members: readonly string[];
  readonly workload: Workload;
  readonly nodeProgram: NodeProgram;
  /** What the program's functions are in TypeScript. */
  readonly functions: ReadonlyMap<string, ScriptFunction>;
  readonly evaluator: EvaluatorKind;
  readonly makeEvaluator: EvaluatorFactory;
  /** Distinct tuples that a timestep may insert. */
  readonly maxTuples: number;
  /** Time spent on reading program, facts and inputs. */
  readonly loadMs: number;
  /** On diagnostics, analysis, coordination, plan and code. */
  readonly compileMs: number;
}

/** Distinct tuples that one timestep may insert beside the facts given, unless the user says otherwise. */
const mostTuples: Readonly<Record<EvaluatorKind, number>> = {
  engine: 10_000_000,
  reference: 1_000_000,
};

export function defaultMaxTuples(kind: EvaluatorKind, facts: LoadedWorkload['facts']): number {
  return facts.reduce((sum, { rows }) => sum + rows.length, mostTuples[kind]);
}

/** How many tuples a node is given at most of each relation, at its start; a stream comes one by one. */
function givenSizes(
  { facts, inputs }: Omit<LoadedWorkload, 'nodes'>,
  isStream: boolean,
): ReadonlyMap<string, number> {
  const byNode = new Map<string, Map<string | null, number>>();
  const add = (relation: string, node: string | null, rows: number): void => {
    const counts = byNode.get(relation) ?? new Map<string | null, number>();
    byNode.set(relation, counts.set(node, (counts.get(node) ?? 0) + rows));
  };
  for (const { relation, node, rows } of facts) add(relation, node, rows.length);
  if (!isStream)
    for (const { relation, node, atMs } of inputs) if (atMs === null) add(relation, node, 1);
  return new Map(
    [...byNode].map(([relation, counts]) => {
      const own = [...counts].flatMap(([node, rows]) => (node === null ? [] : [rows]));
      return [relation, (counts.get(null) ?? 0) + Math.max(0, ...own)];
    }),
  );
}

export function requireTarget(path: string, clusterPath?: string): Target {
  const { value, diagnostics } = loadTarget(path);
  demand(diagnostics);
  const target = defined(value, 'a target without errors');
  if (clusterPath === undefined) return target;
  if (target.cluster !== null)
    usageError(`--cluster goes with a program; ${path} names a cluster already`);
  const { cluster, folder } = requireTarget(clusterPath);
  if (cluster === null)
    usageError(`--cluster ${clusterPath}: this is a program, not a cluster file`);
  return { source: target.source, cluster, folder };
}

/** Whether a FILE argument names a program itself, and not a cluster file or its folder. */
export function namesProgram(path: string): boolean {
  return !path.endsWith('.toml') && !isFolder(path);
}

/** Compiles, whatever comes of it; diagnostics are the caller's to show. */
export function compileTarget(
  target: Target,
  options: SubjectOptions,
  given: ReadonlySet<string> = new Set(),
): Compilation {
  const settings = options.set ?? [];
  const names = settings.length === 0 ? new Set<string>() : stringParamsOf(target.source);
  const compileOptions = {
    params: paramValues(target.cluster, settings, names),
    observe: options.observe ?? null,
    coordinate: options.coordinate ?? 'auto',
    members: target.cluster?.members ?? null,
    given,
  };
  const disk = diskLoader(fileURLToPath(standardLibraryUrl));
  const { heardOf } = options;
  const loader: SourceLoader = {
    keyOf: disk.keyOf,
    load: (path, from) => {
      const loaded = disk.load(path, from);
      if (loaded.kind === 'source') heardOf?.(loaded.key);
      else if (path.startsWith('.')) heardOf?.(join(dirname(from.path), path));
      return loaded;
    },
  };
  return compileSource(target.source, compileOptions, loader);
}

/**
 * The same with the rows in mind that the workload gives, for who looks at a program without running
 * it. Trouble with the rows themselves is of those who load them.
 */
export function compileWithRows(target: Target, options: SubjectOptions): Compilation {
  const ofText = compileTarget(target, options);
  const { compiled } = ofText;
  if (compiled === null) return ofText;
  const { written } = compiled;
  if (findGivenRows(written, written.relations.keys()).size === 0) return ofText;
  const { value } = readWorkload(target, ofText, compiled, options);
  return withRows(ofText, written, value.facts, target, options);
}

function withRows(
  ofText: Compilation,
  written: CompiledProgram['written'],
  facts: LoadedWorkload['facts'],
  target: Target,
  options: SubjectOptions,
): Compilation {
  const given = findGivenRows(
    written,
    facts.map(({ relation }) => relation),
  );
  return given.size === 0 ? ofText : compileTarget(target, options, given);
}

/** Everything that a run needs, or a report, which may be on a program that cannot be run yet. */
export async function prepare(
  path: string,
  options: SubjectOptions,
  purpose: 'run' | 'report' = 'run',
): Promise<Prepared> {
  const beginMs = realClock.nowMs();
  let compileMs = 0;
  const compiling = <T>(pass: () => T): T => {
    const fromMs = realClock.nowMs();
    const made = pass();
    compileMs += realClock.nowMs() - fromMs;
    return made;
  };
  const target = requireTarget(path, options.cluster);
  const ofText = compiling(() => compileTarget(target, options));
  demand(ofText.diagnostics);
  if (purpose === 'run' || ofText.compiled === null) demand(ofText.obstacles);
  const textCompiled = defined(ofText.compiled, 'a program without errors');
  const { nodes, ...workload } = loadSubjectWorkload(target, ofText, textCompiled, options);
  const compilation = compiling(() =>
    withRows(ofText, textCompiled.written, workload.facts, target, options),
  );
  const compiled = defined(compilation.compiled, 'the same program with its rows');
  demand(checkAlikeData(compiled, nodes, workload.facts));
  const members = target.cluster?.members ?? nodes;
  const absent = members.find((member) => !nodes.includes(member));
  if (absent !== undefined && compiled.plan.orderedLog !== null)
    usageError(`--nodes: ${absent} is a member of the ordered log, and has to be among them`);
  const nodeProgram = makeNodeProgram(compiled, members);
  const functions = await loadProgramFunctions(compiled);
  const kind = options.evaluator ?? 'engine';
  const { timestepWatch: watch } = options;
  const bounds = {
    maxTuples: options.maxTuples ?? defaultMaxTuples(kind, workload.facts),
    ...(watch === undefined ? {} : { checkpoint: watch.checkpoint }),
  };
  const factory = compiling(() =>
    makeEvaluatorFactory(compiled, bounds, {
      implementations: functions,
      kind,
      profileMs: options.isProfiled === true ? preciseMs : null,
      given: givenSizes(workload, options.stream === true),
    }),
  );
  const makeEvaluator: EvaluatorFactory = (identity) =>
    watch === undefined ? factory(identity) : watch.over(factory(identity));
  const loadMs = realClock.nowMs() - beginMs - compileMs;
  return {
    target,
    compilation,
    compiled,
    nodes,
    members,
    workload,
    nodeProgram,
    functions,
    evaluator: kind,
    makeEvaluator,
    maxTuples: bounds.maxTuples,
    loadMs,
    compileMs,
  };
}

/** Loads the files that functions come from; what goes wrong there ends the command. */
export async function loadProgramFunctions({
  program,
}: CompiledProgram): Promise<ReadonlyMap<string, ScriptFunction>> {
  const sources = program.functions.flatMap(({ name, exportName, file, path, span }) =>
    file === null ? [] : [{ name, exportName, file: file.key, shown: path, span }],
  );
  if (sources.length === 0) return noFunctions;
  const { value, diagnostics } = await loadFunctions(sources);
  demand(diagnostics);
  return value;
}

function loadSubjectWorkload(
  target: Target,
  compilation: Compilation,
  compiled: CompiledProgram,
  options: SubjectOptions,
): LoadedWorkload {
  const { value, diagnostics } = readWorkload(target, compilation, compiled, options);
  demand(diagnostics);
  return value;
}

export function readWorkload(
  target: Target,
  compilation: Compilation,
  compiled: CompiledProgram,
  options: SubjectOptions,
): ReturnType<typeof loadWorkload> {
  const ofFacts = compilation.dedalus?.dedalus?.nodes ?? [];
  const named = ofFacts.length > 0 ? ofFacts : null;
  return loadWorkload({
    program: compiled.written,
    nodes: options.nodes ?? target.cluster?.nodes.map((node) => node.name) ?? named,
    cluster: target.cluster,
    ...workloadPaths(target, options),
    header: options.header ?? 'auto',
    progress: (file, done, total) =>
      options.progress?.tell(`reading ${file}`, percentOf(done, total)),
  });
}

/** What the command line names, or else the cluster file. */
export function workloadPaths(
  target: Target,
  options: SubjectOptions,
): { readonly facts: readonly string[]; readonly inputs: readonly string[] } {
  const own = target.cluster?.workload;
  const inFolder = (spec: string): string => specInFolder(target.folder, spec);
  return {
    facts: options.facts ?? own?.facts.map(inFolder) ?? [],
    inputs: options.input ?? own?.inputs.map(inFolder) ?? [],
  };
}

function paramValues(
  cluster: ClusterFile | null,
  settings: readonly string[],
  stringParams: ReadonlySet<string>,
): ReadonlyMap<string, Value> {
  const values = new Map(cluster?.params);
  for (const setting of settings) {
    const split = setting.indexOf('=');
    if (split <= 0) usageError(`--set ${setting}: write it as --set NAME=VALUE`);
    const name = setting.slice(0, split);
    const text = setting.slice(split + 1);
    values.set(name, stringParams.has(name) ? text : settingValue(text));
  }
  return values;
}

/** Params that are text by their type or their default: what is set is taken as it stands. */
function stringParamsOf(source: SourceFile): ReadonlySet<string> {
  const names = parseModule(source).value.statements.flatMap((statement) => {
    if (statement.kind !== 'param') return [];
    const { name, type, value } = statement;
    const isString =
      type === null
        ? value?.kind === 'constant' && typeof value.value === 'string'
        : ['string', 'addr', 'bytes'].includes(type.name);
    return isString ? [name.text] : [];
  });
  return new Set(names);
}

/** A value as one writes it on a command line: composite ones as JSON. */
function settingValue(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const any: Type = { kind: 'any' };
  const shapes: Readonly<Record<string, Type>> = {
    '[': { kind: 'list', item: any },
    '{': { kind: 'map', key: any, value: any },
  };
  const shaped = readCell(text, shapes[text[0] ?? ''] ?? any);
  const read = 'value' in shaped ? shaped : readCell(text, any);
  return 'value' in read ? read.value : text;
}
