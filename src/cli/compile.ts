/** `trellis compile FILE --emit STAGE`: what a pass left, as text, as JSON or as a graph. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { defined } from '../base/assert.js';
import { stationName } from '../analysis/made-up-relations.js';
import { buildDependencyGraph } from '../analysis/dependency-graph.js';
import { generateModule, type GeneratedModule } from '../codegen/generate-module.js';
import type { Compilation, CompiledProgram } from '../compiler/compile-source.js';
import { explainPlan } from '../plan/explain-plan.js';
import type { PhysicalPlan } from '../plan/physical-plan.js';
import { planProgram } from '../plan/plan-program.js';
import { planUpkeep, upkeepUnits } from '../plan/plan-upkeep.js';
import type { Target } from '../files/load-target.js';
import { programToDedalus } from '../semantics/program-to-dedalus.js';
import type { Program } from '../semantics/program.js';
import type { Module } from '../syntax/ast.js';
import type { DedalusModule } from '../syntax/dedalus-ast.js';
import { printDedalus } from '../syntax/print-dedalus.js';
import { printModule } from '../syntax/print.js';
import { renderGraphDot } from '../viz/graph-dot.js';
import { renderGraphText } from '../viz/graph-text.js';
import { renderPlanDot } from '../viz/plan-dot.js';
import { renderTreeDot } from '../viz/tree-dot.js';
import { demand, showDiagnostics, usageError, writeJson, writeOut } from './console.js';
import { bloomText } from './bloom-text.js';
import { addProgramOptions, coordinateOption, nameList } from './options.js';
import { compileWithRows, requireTarget } from './prepare.js';
import type { SubjectOptions } from './prepare.js';

type Stage = 'ast' | 'program' | 'graph' | 'coordinated' | 'plan' | 'js';
interface EmitOptions extends SubjectOptions {
  readonly emit: Stage;
  readonly format: 'text' | 'json' | 'dot';
  readonly dialect?: 'bloom' | 'ded';
}

export function addCompileCommand(program: Command): void {
  const command = program
    .command('compile')
    .description('show what a compiler stage made of a program')
    .argument('<file>', 'program, cluster file or folder')
    .addOption(
      new Option('--emit <stage>', 'the stage')
        .choices(['ast', 'program', 'graph', 'coordinated', 'plan', 'js'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option(
        '--format <format>',
        'output format; dot for every stage but js, whose picture is that of the plan',
      )
        .choices(['text', 'json', 'dot'])
        .default('text'),
    )
    .addOption(
      new Option(
        '--dialect <dialect>',
        'the program in the Dedalus dialect (ded), or as .bloom text, which nodes run (bloom)',
      ).choices(['bloom', 'ded']),
    )
    .option('--nodes <names>', 'of --dialect ded: the nodes at which facts stand', nameList)
    .addOption(coordinateOption());
  addProgramOptions(command).action(emit);
}

function emit(path: string, options: EmitOptions): void {
  if (options.format === 'dot' && options.emit === 'js')
    usageError('--emit js has no --format dot; --emit plan shows what the code does');
  const target = requireTarget(path);
  const compilation = compileWithRows(target, options);
  if (options.nodes !== undefined && options.dialect !== 'ded')
    usageError('--nodes goes with --dialect ded: other stages are the same at every node');
  if (options.dialect === 'ded' && options.emit !== 'ast' && options.emit !== 'program')
    usageError('--dialect ded goes with --emit ast and --emit program');
  const { dedalus } = compilation;
  const isDed = dedalus !== null && options.dialect !== 'bloom';
  if (isDed && (options.emit === 'ast' || options.dialect === 'ded')) {
    const isSyntax = options.emit === 'ast';
    demand(compilation.diagnostics.filter((d) => !isSyntax || d.code.startsWith('TRL01')));
    return emitSyntax(options, dedalus.module, () => printDedalus(dedalus.module));
  }
  if (options.dialect === 'ded' && options.emit === 'ast')
    usageError('--emit ast shows what was written; --emit program shows it in the dialect');
  if (options.emit === 'ast') {
    demand(compilation.diagnostics.filter((d) => d.code.startsWith('TRL01')));
    return emitSyntax(options, compilation.module, () => printModule(compilation.module));
  }
  demand(compilation.diagnostics.filter((d) => d.severity === 'error'));
  showDiagnostics(compilation.diagnostics.filter((d) => d.severity !== 'error'));
  if (compilation.compiled === null) demand(compilation.obstacles);
  const compiled = defined(compilation.compiled, 'a program without errors');
  if (options.emit === 'graph') return emitGraph(compiled, options);
  if (options.emit === 'plan' || options.emit === 'js') return emitForEngine(compiled, options);
  if (options.dialect === 'ded') return emitInDialect(compiled.written, target, options);
  if (options.emit === 'program') return emitProgram(compiled.written, compilation, options, null);
  emitProgram(compiled.coordinated, compilation, options, compiled.plan);
}

/** A `.bloom` program in the Dedalus dialect, its facts at the nodes given. */
function emitInDialect(program: Program, { cluster }: Target, options: EmitOptions): void {
  const nodes = options.nodes ?? cluster?.nodes.map(({ name }) => name) ?? null;
  const { value, diagnostics } = programToDedalus(program, nodes);
  demand(diagnostics);
  const module = defined(value, 'a program that the dialect can say');
  emitSyntax(options, module, () => printDedalus(module));
}

/** A program as it was written, in either dialect. */
function emitSyntax(
  { emit: stage, format }: EmitOptions,
  module: Module | DedalusModule,
  print: () => string,
): void {
  if (format === 'json') writeStage(stage, module);
  else writeOut(format === 'dot' ? renderTreeDot(module, module.file.path) : print());
}

function emitGraph({ program }: CompiledProgram, options: EmitOptions): void {
  const graph = buildDependencyGraph(program);
  if (options.format === 'json') writeStage('graph', graph);
  else
    writeOut(
      options.format === 'dot'
        ? renderGraphDot(graph, [], wordsOf(program))
        : renderGraphText(graph),
    );
}

function emitForEngine({ coordinated }: CompiledProgram, options: EmitOptions): void {
  const plan = planProgram(coordinated);
  if (options.emit === 'plan') return emitPlan(plan, coordinated, options);
  const generated = generateModule(plan);
  const upkeep = upkeepUnits(plan).map(({ rules, own }) => generated.upkeep(rules, own).source);
  if (options.format === 'text') return writeOut(withSourceMap(generated, upkeep));
  writeStage('js', { source: generated.source, map: generated.map(), upkeep });
}

/** The code with its source map inside, as debuggers read it; behind it what is linked when changes come. */
function withSourceMap({ source, map }: GeneratedModule, upkeep: readonly string[]): string {
  const json = Buffer.from(JSON.stringify(map())).toString('base64');
  const units = upkeep.map(
    (text, i) =>
      `// linked when a change first comes that it brings rules up to date with\nfunction upkeep${i + 1}($) {\n${text}}\n`,
  );
  return `${source}${units.join('')}//# sourceMappingURL=data:application/json;base64,${json}\n`;
}

function emitPlan(plan: PhysicalPlan, program: Program, options: EmitOptions): void {
  if (options.format === 'json') writeStage('plan', { ...plan, upkeep: upkeepOf(plan) });
  else
    writeOut(options.format === 'dot' ? renderPlanDot(plan, wordsOf(program)) : explainPlan(plan));
}

/** How each rule that is brought up to date is, which is planned when a change first comes. */
function upkeepOf(plan: PhysicalPlan): readonly object[] {
  return upkeepUnits(plan).flatMap(({ rules, own }) =>
    rules.map((rule) => {
      const { bodies, follow } = planUpkeep(plan, rule, own);
      return { rule: rule.rule.id, bodies, follow };
    }),
  );
}

/** What pictures call relations and rules of a program: by what was written. */
function wordsOf(program: Program): (name: string) => string {
  return (name) => stationName(program, name);
}

function emitProgram(
  program: Program,
  compilation: Compilation,
  options: EmitOptions,
  plan: CompiledProgram['plan'] | null,
): void {
  if (options.format === 'json')
    return plan === null
      ? writeStage('program', program)
      : writeStage('coordinated', { program, plan });
  const channels = plan?.orderedLog?.channels ?? [];
  if (options.format === 'dot')
    return writeOut(renderGraphDot(buildDependencyGraph(program), channels, wordsOf(program)));
  if (plan !== null)
    writeOut(`// coordination: ${insertedText(plan)}\n${entriesText(compilation.compiled)}\n`);
  writeOut(bloomText(program, compilation));
}

/** Under which names the program as written takes what is given at start for cluster-wide relations. */
function entriesText(compiled: CompiledProgram | null): string {
  const entries = [...(compiled?.entries ?? [])];
  return entries
    .map(([name, { relation, isFixed }]) => {
      const where = isFixed ? ', each tuple at its owner' : '';
      return `// given at start: ${name} as ${relation}${where}\n`;
    })
    .join('');
}

/** What is inserted, in one line. */
function insertedText({ orderedLog, seals, barrier }: CompiledProgram['plan']): string {
  const waits = seals.map(
    ({ rules, seal, key }) =>
      `${rules.join(', ')} waits for the seal of ${seal}${key.length === 0 ? '' : ` by (${key.join(', ')})`}`,
  );
  const waiting =
    barrier === null
      ? []
      : [
          `${barrier.rules.join(', ')} ${barrier.rules.length === 1 ? 'waits' : 'wait'} for the barrier`,
        ];
  const log =
    orderedLog === null ? [] : [`one ordered log carries ${orderedLog.channels.join(', ')}`];
  const inserted = [...new Set(waits), ...waiting, ...log];
  return inserted.length === 0 ? 'none' : inserted.join('; ');
}

/** One JSON document that says which stage it is. */
function writeStage(stage: Stage, document: object): void {
  writeJson({ schema: `trellis/${stage}/1`, ...(withoutSource(document) as object) });
}

/** Plain JSON of a stage: maps and sets as arrays, and source files by their path alone. */
function withoutSource(stage: unknown): unknown {
  return JSON.parse(
    JSON.stringify(stage, (key, value: unknown) => {
      // JSON has no infinities and no NaN.
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
      if (key === 'file' && typeof value === 'object' && value !== null && 'path' in value)
        return value.path;
      if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
      return value;
    }),
  );
}
