/** `trellis check FILE...`: diagnostics, and one line per observable with its verdict. */
import type { Command } from 'commander';
import { Option } from 'commander';
import type { CompiledProgram } from '../compiler/compile-source.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { codeTable } from '../diagnostics/code-table.js';
import { renderJson } from '../diagnostics/render-json.js';
import { renderSarif } from '../diagnostics/render-sarif.js';
import { loadTarget } from '../files/load-target.js';
import { findScriptErrors } from '../host/load-functions.js';
import { watchFiles } from '../host/watch-files.js';
import {
  CommandExit,
  exitCodes,
  showDiagnostics,
  usageError,
  writeError,
  writeJson,
  writeJsonLine,
  writeOut,
} from './console.js';
import { addProgramOptions, nameList } from './options.js';
import { compileWithRows } from './prepare.js';
import type { SubjectOptions } from './prepare.js';
import { isDischarged, verdictLines } from './verdict-lines.js';

interface CheckOptions extends SubjectOptions {
  readonly format: 'text' | 'json' | 'sarif';
  readonly deny?: readonly string[];
  readonly allow?: readonly string[];
  readonly watch?: boolean;
}
interface CheckedFile {
  readonly path: string;
  readonly diagnostics: readonly Diagnostic[];
  /** Null if there are errors. */
  readonly compiled: CompiledProgram | null;
}

export function addCheckCommand(program: Command): void {
  const command = program
    .command('check')
    .description('check programs: diagnostics, and the verdict of each observable')
    .argument('<file...>', 'programs, cluster files or folders')
    .addOption(
      new Option('--format <format>', 'output format')
        .choices(['text', 'json', 'sarif'])
        .default('text'),
    )
    .option('--deny <codes>', 'treat these diagnostics as errors', nameList)
    .option('--allow <codes>', 'leave these warnings out', nameList)
    .option('--watch', 'check again whenever a file changes');
  addProgramOptions(command).action(async (files: readonly string[], options: CheckOptions) => {
    requireKnownCodes([...(options.deny ?? []), ...(options.allow ?? [])]);
    if (options.watch !== true) return checkAll(files, options);
    const check = (): readonly string[] => {
      const read = files.flatMap(watchedPaths);
      try {
        checkAll(files, { ...options, heardOf: (path) => read.push(path) });
      } catch (error) {
        if (!(error instanceof CommandExit)) throw error;
      }
      writeError('watching; press Ctrl-C to stop\n');
      return read;
    };
    const problem = await watchFiles(files.flatMap(watchedPaths), check);
    writeError(`error: ${problem}\n`);
    throw new CommandExit(exitCodes.failed);
  });
}

/** The file itself, and of a cluster file the program too. */
function watchedPaths(path: string): readonly string[] {
  const target = loadTarget(path).value;
  return target === null ? [path] : [target.cluster?.file.path ?? path, target.source.path];
}

function requireKnownCodes(codes: readonly string[]): void {
  const unknown = codes.find(
    (code) => !codeTable.some((entry) => entry.code === code.toUpperCase()),
  );
  if (unknown !== undefined)
    usageError(`there is no diagnostic ${unknown}; codes look like TRL0203`);
}

function checkAll(files: readonly string[], options: CheckOptions): void {
  const checked = files.map((path) => checkFile(path, options));
  const diagnostics = checked.flatMap((file) => file.diagnostics);
  // Under `--watch` it is a stream: one line a round.
  const write = options.watch === true ? writeJsonLine : writeJson;
  if (options.format === 'sarif') write(renderSarif(diagnostics, codeTable));
  else if (options.format === 'json')
    write({ schema: 'trellis/check/1', files: checked.map(fileJson) });
  else checked.forEach(showFile);
  if (hasErrors(diagnostics)) throw new CommandExit(exitCodes.failed);
}

function checkFile(path: string, options: CheckOptions): CheckedFile {
  const loaded = loadTarget(path);
  if (loaded.value === null) return { path, diagnostics: loaded.diagnostics, compiled: null };
  const { diagnostics, findings, compiled } = compileWithRows(loaded.value, options);
  const scripts = findScriptErrors(
    (compiled?.program.functions ?? []).flatMap(({ file, path: shown, span }) =>
      file === null ? [] : [{ source: file.source, shown, span }],
    ),
  );
  return {
    path,
    diagnostics: applySeverities([...diagnostics, ...scripts, ...findings], options),
    compiled,
  };
}

function applySeverities(
  diagnostics: readonly Diagnostic[],
  options: CheckOptions,
): readonly Diagnostic[] {
  const deny = new Set(options.deny?.map((code) => code.toUpperCase()));
  const allow = new Set(options.allow?.map((code) => code.toUpperCase()));
  return diagnostics
    .filter((d) => d.severity === 'error' || !allow.has(d.code))
    .map((d) => (deny.has(d.code) ? { ...d, severity: 'error' } : d));
}

function fileJson({ path, diagnostics, compiled }: CheckedFile): object {
  const observables = compiled?.confluence.observables.map((observable) => {
    const { relation, kind, verdict, met } = observable;
    return { relation, kind, verdict, met, discharged: isDischarged(observable, compiled.plan) };
  });
  return { file: path, diagnostics: renderJson(diagnostics), observables: observables ?? [] };
}

function showFile({ path, diagnostics, compiled }: CheckedFile): void {
  showDiagnostics(diagnostics);
  const errors = diagnostics.filter((d) => d.severity === 'error').length;
  if (errors > 0) return writeError(`${path}: ${errors} error${errors === 1 ? '' : 's'}\n`);
  const lines = compiled === null ? [] : verdictLines(compiled);
  for (const line of lines) writeOut(`${path}: ${line}\n`);
  if (lines.length === 0) {
    writeOut(
      `${path}: nothing to observe: it has no output or view, and no relation that nothing reads; declare one, or name relations with --observe\n`,
    );
  }
}
