/**
 * What nearly every command does first: find out what FILE names, compile it, read its facts and
 * inputs. Diagnostics are shown here; with an error the command ends.
 */
import type { Value } from '../base/value.js';
import { compileSource } from '../compiler/compile-source.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../compiler/node-program.js';
import type { EvaluatorFactory } from '../evaluator/evaluator.js';
import { readCell, readJson } from '../files/cell-value.js';
import type { ClusterFile } from '../files/cluster-file.js';
import { loadTarget } from '../files/load-target.js';
import type { Target } from '../files/load-target.js';
import { loadWorkload } from '../files/load-workload.js';
import type { HeaderMode } from '../files/read-rows.js';
import { realClock } from '../host/clock.js';
import type { NodeProgram } from '../node/configuration.js';
import type { Workload } from '../node/workload.js';
import { demand, usageError } from './console.js';

/** Options that several commands share, as commander hands them over. */
export interface SubjectOptions {
  readonly set?: readonly string[];
  readonly observe?: readonly string[];
  readonly coordinate?: 'auto' | 'none';
  readonly nodes?: readonly string[];
  readonly facts?: readonly string[];
  readonly input?: readonly string[];
  readonly header?: HeaderMode;
  readonly maxTuples?: number;
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
  readonly makeEvaluator: EvaluatorFactory;
  /** Time spent on reading program, facts and inputs. */
  readonly loadMs: number;
  readonly compileMs: number;
}

const defaultMaxTuples = 1_000_000;

export function requireTarget(path: string): Target {
  const { value, diagnostics } = loadTarget(path);
  demand(diagnostics);
  if (value === null) throw new Error('a target without errors is there');
  return value;
}

/** Compiles, whatever comes of it; diagnostics are the caller's to show. */
export function compileTarget(target: Target, options: SubjectOptions): Compilation {
  return compileSource(target.source, {
    params: paramValues(target.cluster, options.set ?? []),
    observe: options.observe ?? null,
    coordinate: options.coordinate ?? 'auto',
    members: target.cluster?.members ?? null,
  });
}

/** Everything that a run needs. */
export function prepare(path: string, options: SubjectOptions): Prepared {
  const beginMs = realClock.nowMs();
  const target = requireTarget(path);
  const sourceMs = realClock.nowMs();
  const compilation = compileTarget(target, options);
  const compiledMs = realClock.nowMs();
  demand(compilation.diagnostics);
  const { compiled } = compilation;
  if (compiled === null) throw new Error('a program without errors is compiled');
  const nodes = nodeNames(target, compiled, options);
  const members = target.cluster?.members ?? nodes;
  const nodeProgram = makeNodeProgram(compiled, members);
  const workload = loadSubjectWorkload(target, compiled, nodes, options);
  const makeEvaluator = makeEvaluatorFactory(compiled, {
    maxTuples: options.maxTuples ?? defaultMaxTuples,
  });
  const compileMs = compiledMs - sourceMs;
  const loadMs = realClock.nowMs() - beginMs - compileMs;
  return {
    target,
    compilation,
    compiled,
    nodes,
    members,
    workload,
    nodeProgram,
    makeEvaluator,
    loadMs,
    compileMs,
  };
}

function loadSubjectWorkload(
  target: Target,
  compiled: CompiledProgram,
  nodes: readonly string[],
  options: SubjectOptions,
): Workload {
  const own = target.cluster?.workload;
  const inFolder = (path: string): string =>
    path.includes('=') ? path.replace('=', `=${target.folder}/`) : `${target.folder}/${path}`;
  const { value, diagnostics } = loadWorkload({
    program: compiled.coordinated,
    nodes,
    cluster: target.cluster,
    facts: options.facts ?? own?.facts.map(inFolder) ?? [],
    inputs: options.input ?? own?.inputs.map(inFolder) ?? [],
    header: options.header ?? 'auto',
  });
  demand(diagnostics);
  return value;
}

function nodeNames(
  target: Target,
  compiled: CompiledProgram,
  options: SubjectOptions,
): readonly string[] {
  if (options.nodes !== undefined) return [...new Set(options.nodes)].sort();
  if (target.cluster !== null) return target.cluster.nodes.map((node) => node.name);
  return locatedNames(compiled) ?? ['n1'];
}

/** Every node that a located fact of the program names; null if there is none. */
function locatedNames(compiled: CompiledProgram): readonly string[] | null {
  const names = new Set<string>();
  for (const { relation, row } of compiled.coordinated.facts) {
    const location = compiled.coordinated.relations.get(relation)?.location ?? null;
    const place = location === null ? null : row[location];
    if (typeof place === 'string') names.add(place);
  }
  return names.size === 0 ? null : [...names].sort();
}

function paramValues(
  cluster: ClusterFile | null,
  settings: readonly string[],
): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>();
  for (const [name, document] of Object.entries(cluster?.params ?? {})) {
    const read = readJson(document, { kind: 'any' });
    if ('problem' in read) usageError(`param ${name}: ${read.problem}`);
    values.set(name, read.value);
  }
  for (const setting of settings) {
    const split = setting.indexOf('=');
    if (split <= 0) usageError(`--set ${setting}: write it as --set NAME=VALUE`);
    values.set(setting.slice(0, split), settingValue(setting.slice(split + 1)));
  }
  return values;
}

function settingValue(text: string): Value {
  if (text === 'true' || text === 'false') return text === 'true';
  if (text === 'null') return null;
  const read = readCell(text, { kind: 'any' });
  return 'value' in read ? read.value : text;
}
