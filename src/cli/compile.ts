/** `trellis compile FILE --emit STAGE`: what a pass left, as text or JSON. */
import type { Command } from 'commander';
import { Option } from 'commander';
import { defined } from '../base/assert.js';
import { buildDependencyGraph } from '../analysis/dependency-graph.js';
import type { CompiledProgram } from '../compiler/compile-source.js';
import { programToModule } from '../semantics/program-to-module.js';
import type { Program } from '../semantics/program.js';
import type { Module } from '../syntax/ast.js';
import { printModule } from '../syntax/print.js';
import { renderGraphDot } from '../viz/graph-dot.js';
import { renderGraphText } from '../viz/graph-text.js';
import { demand, showDiagnostics, usageError, writeJson, writeOut } from './console.js';
import { addProgramOptions, coordinateOption } from './options.js';
import { compileTarget, requireTarget } from './prepare.js';
import type { SubjectOptions } from './prepare.js';

type Stage = 'ast' | 'program' | 'graph' | 'coordinated';
interface EmitOptions extends SubjectOptions {
  readonly emit: Stage;
  readonly format: 'text' | 'json' | 'dot';
}

export function addCompileCommand(program: Command): void {
  const command = program
    .command('compile')
    .description('show what a compiler stage made of a program')
    .argument('<file>', 'program, cluster file or folder')
    .addOption(
      new Option('--emit <stage>', 'the stage')
        .choices(['ast', 'program', 'graph', 'coordinated'])
        .makeOptionMandatory(),
    )
    .addOption(
      new Option('--format <format>', 'output format; dot for --emit graph')
        .choices(['text', 'json', 'dot'])
        .default('text'),
    )
    .addOption(coordinateOption());
  addProgramOptions(command).action(emit);
}

function emit(path: string, options: EmitOptions): void {
  if (options.format === 'dot' && options.emit !== 'graph')
    usageError('--format dot goes with --emit graph');
  const compilation = compileTarget(requireTarget(path), options);
  if (options.emit === 'ast') {
    demand(compilation.diagnostics.filter((d) => d.code.startsWith('TRL01')));
    return emitModule(compilation.module, options);
  }
  demand(compilation.diagnostics.filter((d) => d.severity === 'error'));
  showDiagnostics(compilation.diagnostics.filter((d) => d.severity !== 'error'));
  const compiled = defined(compilation.compiled, 'a program without errors');
  if (options.emit === 'graph') return emitGraph(compiled, options);
  if (options.emit === 'program') return emitProgram(compiled.program, options, null);
  emitProgram(compiled.coordinated, options, compiled.plan);
}

function emitModule(module: Module, options: EmitOptions): void {
  if (options.format === 'json') writeJson(withoutSource(module));
  else writeOut(printModule(module));
}

function emitGraph({ program }: CompiledProgram, options: EmitOptions): void {
  const graph = buildDependencyGraph(program);
  if (options.format === 'json') writeJson(withoutSource(graph));
  else writeOut(options.format === 'dot' ? renderGraphDot(graph) : renderGraphText(graph));
}

function emitProgram(
  program: Program,
  options: EmitOptions,
  plan: CompiledProgram['plan'] | null,
): void {
  if (options.format === 'json')
    return writeJson(withoutSource(plan === null ? program : { program, plan }));
  if (plan !== null) {
    const channels = plan.orderedLog?.channels ?? [];
    writeOut(
      channels.length === 0
        ? '// coordination: none\n\n'
        : `// coordination: one ordered log carries ${channels.join(', ')}\n\n`,
    );
  }
  writeOut(printModule(programToModule(program)));
}

/** Plain JSON of a stage: maps and sets as arrays, and source files by their path alone. */
function withoutSource(stage: unknown): unknown {
  return JSON.parse(
    JSON.stringify(stage, (key, value: unknown) => {
      if (key === 'file' && typeof value === 'object' && value !== null && 'path' in value)
        return value.path;
      if (value instanceof Map || value instanceof Set) return [...(value as Iterable<unknown>)];
      return value;
    }),
  );
}
