/**
 * The passes in order, and what each of them left: the one entry that tools call.
 *
 * source -> AST -> Program -> Program of single nodes -> ConfluenceReport -> coordinated Program and
 * its plan. A stage whose predecessor had errors is null; nothing throws on what a user wrote.
 */
import { once } from '../base/once.js';
import type { SourceFile } from '../base/span.js';
import type { Value } from '../base/value.js';
import { analyzeConfluence } from '../analysis/confluence.js';
import { describeRaces } from '../analysis/describe-races.js';
import type { ConfluenceReport } from '../analysis/confluence-report.js';
import { compileDedalus, isDedalus } from './compile-dedalus.js';
import type { CompiledDedalus, DedalusAssertions } from './compile-dedalus.js';
import { limitAssertions, withAssertions, withoutAssertions } from './join-assertions.js';
import { durableBesideLog } from './durable-beside-log.js';
import { withGivenRows } from './given-rows.js';
import { findObstacles } from './find-obstacles.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { coordinateProgram } from '../rewrite/coordinate.js';
import type { Exchange } from '../rewrite/exchange-report.js';
import type { Entry } from '../rewrite/exchange-facts.js';
import { exchangeRelations } from '../rewrite/exchange-relations.js';
import { planBarrier } from '../rewrite/plan-barrier.js';
import type { CoordinationPlan } from '../rewrite/coordination-plan.js';
import { lowerBarriers, type BarrierPlan } from '../rewrite/lower-barriers.js';
import { lowerSeals } from '../rewrite/lower-seals.js';
import { findLints } from '../semantics/find-lints.js';
import { checkModule } from '../semantics/check-module.js';
import type { Program } from '../semantics/program.js';
import type { Module } from '../syntax/ast.js';
import type { LatticeDefinition } from './define-lattice.js';
import { lendLattices } from './lend-lattices.js';
import { loadSources } from './load-sources.js';
import { noOtherFiles, type SourceLoader } from './source-loader.js';
import { parseModule } from '../syntax/parse.js';

export interface CompileOptions {
  /** Values for the program's params. */
  readonly params: ReadonlyMap<string, Value>;
  /** Relations to observe instead of the program's outputs and views; null for those. */
  readonly observe: readonly string[] | null;
  readonly coordinate: 'auto' | 'none';
  /** Members of the ordered log, should one be needed; null for every node. */
  readonly members: readonly string[] | null;
  /**
   * Relations to which nodes are given rows of which the program does not tell (given-rows.ts); by
   * default none. What is said of the program holds for nodes that are given no others.
   */
  readonly given?: ReadonlySet<string>;
  /** Lattices from TypeScript that the program may name. */
  readonly lattices?: readonly LatticeDefinition[];
}

export const defaultCompileOptions: CompileOptions = {
  params: new Map(),
  observe: null,
  coordinate: 'auto',
  members: null,
};

export interface Compilation {
  readonly source: SourceFile;
  readonly module: Module;
  readonly diagnostics: readonly Diagnostic[];
  /** What is probably not meant and what the confluence analysis could not prove, as warnings and notes; `check` shows them. Found when first asked for: whoever just runs a program has no use for them. */
  readonly findings: readonly Diagnostic[];
  /** What it asks for and this version does not do, as errors: whoever would run it refuses. */
  readonly obstacles: readonly Diagnostic[];
  /** Null if there are errors; in the Dedalus dialect also if no node can run it by itself. */
  readonly compiled: CompiledProgram | null;
  /** Set for a `.ded` program. */
  readonly dedalus: Pick<CompiledDedalus, 'module' | 'dedalus'> | null;
}
export interface CompiledProgram {
  /** As written: cluster-wide relations are whole in it. */
  readonly written: Program;
  /** Where what is given at start for a cluster-wide relation goes in, by its name. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** Statics that rules over cluster-wide relations take to be the same at every node. */
  readonly alike: ReadonlySet<string>;
  /** What travels for cluster-wide relations. */
  readonly exchanges: readonly Exchange[];
  /** As single nodes evaluate it; what was written, unless that has cluster-wide relations. */
  readonly program: Program;
  readonly confluence: ConfluenceReport;
  /** The program that nodes run. */
  readonly coordinated: Program;
  /** The same without coordination: `program`, less what is evaluated over all nodes. */
  readonly onNodes: Program;
  /** What nodes run if nothing is inserted: `onNodes` with the seals that it reads carried out. */
  readonly bare: Program;
  /** `program` with the seals for which rules are made to wait: what the plan was checked on. */
  readonly guarded: Program;
  readonly plan: CoordinationPlan;
  /** What nodes have to know of the barriers at which rules wait; null without. */
  readonly barrier: BarrierPlan | null;
  /** What carries a channel whose seal is carried out, by the channel's name. */
  readonly carriers: ReadonlyMap<string, string>;
}

/** `loader` finds the files that a program imports, includes, or takes functions from. */
export function compileSource(
  source: SourceFile,
  options: CompileOptions,
  loader: SourceLoader = noOtherFiles,
): Compilation {
  if (isDedalus(source)) return compileDialect(source, options, loader);
  const parsed = parseModule(source);
  const lent = lendLattices(options.lattices ?? []);
  const { value: links, diagnostics: loaded } = loadSources(parsed.value, loader, lent.value);
  const { params, observe } = options;
  const asWritten = checkModule(parsed.value, { params, observe, links });
  const checked = { ...asWritten, value: withGivenRows(asWritten.value, options.given) };
  const diagnostics = [
    ...lent.diagnostics,
    ...parsed.diagnostics,
    ...loaded,
    ...checked.diagnostics,
  ];
  const failed = checked.value === null || hasErrors(diagnostics);
  const exchanged =
    failed || checked.value === null
      ? null
      : exchangeRelations(checked.value, { barriers: options.coordinate === 'auto' });
  diagnostics.push(...(exchanged?.diagnostics ?? []));
  const compiled =
    exchanged === null || checked.value === null || exchanged.diagnostics.length > 0
      ? null
      : {
          ...compileProgram(exchanged.program, options, exchanged.exchanges),
          written: checked.value,
          entries: exchanged.entries,
          alike: exchanged.alike,
          exchanges: exchanged.exchanges,
        };
  const obstacles = compiled === null ? [] : findObstacles(compiled);
  const findings = once(() =>
    compiled === null
      ? []
      : [
          ...findLints(parsed.value, compiled.written, links),
          ...describeRaces(compiled.confluence, compiled.program),
          ...asWarnings([...obstacles, ...durableBesideLog(compiled)]),
        ],
  );
  const module = parsed.value;
  return {
    source,
    module,
    diagnostics,
    get findings() {
      return findings();
    },
    obstacles,
    compiled,
    dedalus: null,
  };
}

function compileDialect(
  source: SourceFile,
  options: CompileOptions,
  loader: SourceLoader,
): Compilation {
  const dialect = compileDedalus(source, options.observe, loader);
  const { module, dedalus, nodeProgram } = dialect;
  const strays = [...options.params.keys()].map(strayParam);
  const diagnostics = [...dialect.diagnostics, ...strays];
  const compiled =
    nodeProgram === null || strays.length > 0
      ? null
      : compileOnNodes(nodeProgram, dedalus?.assertions ?? null, options);
  const obstacles = dedalus?.obstacles ?? [];
  const findings = once(() => [
    ...(compiled === null ? [] : describeRaces(compiled.confluence, compiled.program)),
    ...asWarnings(obstacles),
  ]);
  return {
    source,
    module: { file: source, statements: [] },
    diagnostics,
    get findings() {
      return findings();
    },
    obstacles,
    compiled,
    dedalus: { module, dedalus },
  };
}

function strayParam(name: string): Diagnostic {
  return {
    code: 'TRL0206',
    severity: 'error',
    message: `the program has no param \`${name}\``,
    help: 'the Dedalus dialect has no params',
  };
}

function asWarnings(obstacles: readonly Diagnostic[]): readonly Diagnostic[] {
  return obstacles.map((obstacle) => ({ ...obstacle, severity: 'warning' }));
}

/** What is evaluated over all nodes is analysed with the program, and no part of what nodes run. */
function compileOnNodes(
  nodeProgram: Program,
  assertions: DedalusAssertions | null,
  options: CompileOptions,
): CompiledProgram {
  if (assertions === null) return compileProgram(nodeProgram, options);
  const whole = withAssertions(nodeProgram, assertions);
  const compiled = compileProgram(whole, options);
  const { program, confluence, coordinated } = compiled;
  return {
    ...compiled,
    written: nodeProgram,
    entries: new Map(),
    alike: new Set(),
    exchanges: [],
    confluence: limitAssertions(confluence, program, assertions),
    coordinated: withoutAssertions(coordinated, assertions),
    onNodes: nodeProgram,
    bare: nodeProgram,
  };
}

function compileProgram(
  program: Program,
  options: CompileOptions,
  exchanges: readonly Exchange[] = [],
): CompiledProgram {
  const confluence = analyzeConfluence(program);
  const { mode, members } = { mode: options.coordinate, members: options.members };
  const { program: guarded, plan } = coordinateProgram(program, confluence, { mode, members });
  const common = {
    written: program,
    entries: new Map<string, Entry>(),
    alike: new Set<string>(),
    exchanges: [],
    program,
    confluence,
    onNodes: program,
    guarded,
    plan,
  };
  const noCarriers = new Map<string, string>();
  // What cannot be carried out is refused by whoever would run it.
  if (findObstacles(common).length > 0)
    return { ...common, coordinated: guarded, bare: program, carriers: noCarriers, barrier: null };
  const sealed = lowerSeals(guarded);
  const { program: coordinated, barrier } = lowerBarriers(sealed.program, exchanges);
  const bare =
    guarded === program
      ? coordinated
      : lowerBarriers(lowerSeals(program).program, exchanges).program;
  return {
    ...common,
    coordinated,
    bare,
    carriers: sealed.carriers,
    barrier,
    plan: barrier === null ? plan : planBarrier(plan, guarded, confluence, barrier),
  };
}
