/**
 * The passes in order, and what each of them left: the one entry that tools call.
 *
 * source -> AST -> Program -> ConfluenceReport -> coordinated Program and its plan. A stage whose
 * predecessor had errors is null; nothing throws on what a user wrote.
 */
import type { SourceFile } from '../base/span.js';
import type { Value } from '../base/value.js';
import { analyzeConfluence } from '../analysis/confluence.js';
import { describeRaces } from '../analysis/describe-races.js';
import type { ConfluenceReport } from '../analysis/confluence-report.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { coordinateProgram } from '../rewrite/coordinate.js';
import type { CoordinationPlan } from '../rewrite/coordination-plan.js';
import { checkModule } from '../semantics/check-module.js';
import type { Program } from '../semantics/program.js';
import type { Module } from '../syntax/ast.js';
import { parseModule } from '../syntax/parse.js';

export interface CompileOptions {
  /** Values for the program's params. */
  readonly params: ReadonlyMap<string, Value>;
  /** Relations to observe instead of the program's outputs and views; null for those. */
  readonly observe: readonly string[] | null;
  readonly coordinate: 'auto' | 'none';
  /** Members of the ordered log, should one be needed; null for every node. */
  readonly members: readonly string[] | null;
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
  /** What the confluence analysis could not prove, as warnings and notes; `check` shows them. */
  readonly findings: readonly Diagnostic[];
  /** Null if there are errors. */
  readonly compiled: CompiledProgram | null;
}
export interface CompiledProgram {
  readonly program: Program;
  readonly confluence: ConfluenceReport;
  /** The program that nodes run. */
  readonly coordinated: Program;
  readonly plan: CoordinationPlan;
}

export function compileSource(source: SourceFile, options: CompileOptions): Compilation {
  const parsed = parseModule(source);
  const checked = checkModule(parsed.value, { params: options.params, observe: options.observe });
  const diagnostics = [...parsed.diagnostics, ...checked.diagnostics];
  const failed = checked.value === null || hasErrors(diagnostics);
  const compiled = failed || checked.value === null ? null : compileProgram(checked.value, options);
  const findings = compiled === null ? [] : describeRaces(compiled.confluence);
  return { source, module: parsed.value, diagnostics, findings, compiled };
}

function compileProgram(program: Program, options: CompileOptions): CompiledProgram {
  const confluence = analyzeConfluence(program);
  const { mode, members } = { mode: options.coordinate, members: options.members };
  const coordinated = coordinateProgram(program, confluence, { mode, members });
  return { program, confluence, coordinated: coordinated.program, plan: coordinated.plan };
}
