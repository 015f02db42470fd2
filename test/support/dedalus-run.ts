/** Runs texts of the Dedalus dialect in lockstep and tells what relations hold at each time. */
import { valueText } from '../../src/base/value-text.js';
import type { Value } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import type { Compilation, CompileOptions } from '../../src/compiler/compile-source.js';
import type { DedalusCompilation } from '../../src/compiler/compile-dedalus.js';
import { makeAssertionCheck } from '../../src/compiler/dedalus-assertions.js';
import { makeEvaluatorFactory, makeNodeProgram } from '../../src/compiler/node-program.js';
import { memoryLoader } from '../../src/compiler/source-loader.js';
import { renderText } from '../../src/diagnostics/render-text.js';
import { runLockstep } from '../../src/host/run-lockstep.js';
import type { LockstepEnd } from '../../src/host/run-lockstep.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { nodeRelation } from '../../src/semantics/dedalus-syntax.js';
import { explore } from '../../src/simulator/explore.js';
import type { Exploration } from '../../src/simulator/explore.js';
import { defaultSimulationOptions } from '../../src/simulator/outcome.js';

export interface DedalusSettings {
  /** Other files, by path. */
  readonly files?: Readonly<Record<string, string>>;
  readonly path?: string;
  readonly options?: Partial<CompileOptions>;
}

export function compileDed(
  text: string,
  { files = {}, path = 'test.ded', options = {} }: DedalusSettings = {},
): Compilation {
  return compileSource(
    { path, text },
    { ...defaultCompileOptions, coordinate: 'none', ...options },
    memoryLoader(new Map(Object.entries(files))),
  );
}

export function soundDed(text: string, settings: DedalusSettings = {}): DedalusCompilation {
  const { dedalus, diagnostics } = compileDed(text, settings);
  if (dedalus?.dedalus === null || dedalus === null)
    throw new Error(`${renderText(diagnostics, { color: false })}\n${text}`);
  return dedalus.dedalus;
}

export interface Timeline {
  readonly end: LockstepEnd['kind'];
  /** Per time from 1, the rows of each relation asked for: `a hello`. */
  readonly at: readonly Readonly<Record<string, readonly string[]>>[];
}

/** What the relations hold at each time up to `eot`, or until the run is quiet. */
export async function timeline(
  text: string,
  relations: readonly string[],
  eot: number | null,
  settings: DedalusSettings & { readonly nodes?: readonly string[] } = {},
): Promise<Timeline> {
  const { lockstep, nodes } = soundDed(text, settings);
  const names = settings.nodes ?? nodes;
  const evaluator = createReferenceEvaluator(
    lockstep,
    {
      name: '',
      cluster: names,
      facts: [{ relation: nodeRelation, rows: names.map((name) => [name]) }],
    },
    { maxTuples: 100_000 },
  );
  const at: Record<string, readonly string[]>[] = [];
  const { end } = await runLockstep({
    evaluator,
    inputs: [],
    lastTime: eot,
    observe: () => {},
    afterRound: () => {
      const rows = (name: string): readonly string[] =>
        evaluator.query(name).map((row) => row.map(plain).join(' '));
      at.push(Object.fromEntries(relations.map((name) => [name, rows(name)])));
    },
  });
  return { end: end.kind, at };
}

/** The rows of one relation at each time. */
export async function contents(
  text: string,
  relation: string,
  eot: number,
  settings: Parameters<typeof timeline>[3] = {},
): Promise<readonly (readonly string[])[]> {
  const { at } = await timeline(text, [relation], eot, settings);
  const rows = at.map((each) => each[relation]!);
  // A quiet run stays as it is.
  while (rows.length < eot) rows.push(rows.at(-1)!);
  return rows;
}

function plain(value: Value): string {
  return typeof value === 'string' ? value : valueText(value);
}

export interface DedalusExploration {
  readonly runs: number;
  readonly nodes?: readonly string[];
  /** Timesteps of each node. */
  readonly eot?: number;
  readonly duplicate?: number;
}

/** Runs the nodes of a program under many schedules. */
export function exploreDed(
  text: string,
  { runs, nodes, eot = 60, duplicate = 0.1 }: DedalusExploration,
  settings: DedalusSettings = {},
): Exploration {
  const compilation = compileDed(text, settings);
  const { compiled, dedalus } = compilation;
  if (compiled === null || dedalus?.dedalus === null || dedalus === null)
    throw new Error(
      renderText([...compilation.diagnostics, ...compilation.obstacles], { color: false }),
    );
  const names = nodes ?? dedalus.dedalus.nodes;
  const { assertions } = dedalus.dedalus;
  return explore(
    {
      program: makeNodeProgram(compiled, names),
      makeEvaluator: makeEvaluatorFactory(compiled, { maxTuples: 100_000 }),
      nodes: names,
      workload: { facts: [], inputs: [] },
      replicated: [],
      log: { retryMs: 400, catchUpMs: 200 },
      assertions: assertions === null ? null : makeAssertionCheck(assertions),
    },
    { ...defaultSimulationOptions, duplicate, maxTimesteps: eot, runs, firstSeed: 1 },
  );
}
