/** `trellis fmt FILE...`: lays programs out canonically, in place; `--check` only says which are not. */
import type { Command } from 'commander';
import type { SourceFile } from '../base/span.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import { loadTarget } from '../files/load-target.js';
import { readStandardInput } from '../files/read-source.js';
import { writeFile } from '../files/write-files.js';
import { isDedalus } from '../compiler/compile-dedalus.js';
import { formatDedalus } from '../syntax/format-dedalus.js';
import { formatSource } from '../syntax/format.js';
import { CommandExit, exitCodes, showDiagnostics, usageError, writeOut } from './console.js';

interface FormatOptions {
  readonly check?: boolean;
}
type Outcome = 'formatted' | 'changed' | 'failed';

export function addFmtCommand(program: Command): void {
  program
    .command('fmt')
    .description('format programs in place; `-` reads standard input and writes standard output')
    .argument('<file...>', 'programs, cluster files or folders, or `-`')
    .option(
      '--check',
      'write nothing; list the files that are not formatted, exit 1 if there are any',
    )
    .action(formatAll);
}

function formatAll(paths: readonly string[], options: FormatOptions): void {
  if (paths.filter((path) => path === '-').length > 1) usageError('`-` can be given once');
  const outcomes = paths.map((path) => formatOne(path, options));
  const isWrong = (outcome: Outcome): boolean =>
    outcome === 'failed' || (outcome === 'changed' && options.check === true);
  if (outcomes.some(isWrong)) throw new CommandExit(exitCodes.failed);
}

function formatOne(path: string, options: FormatOptions): Outcome {
  const loaded = readProgram(path);
  if (loaded.value === null) return failed(loaded);
  const source = loaded.value;
  const formatted = isDedalus(source) ? formatDedalus(source) : formatSource(source);
  if (formatted.value === null) return failed(formatted);
  const changed = formatted.value !== source.text;
  if (options.check === true) {
    if (changed) writeOut(`${source.path}: not formatted\n`);
  } else if (path === '-') writeOut(formatted.value);
  else if (changed) {
    const diagnostics = writeFile(source.path, formatted.value);
    if (hasErrors(diagnostics)) return failed({ diagnostics });
    writeOut(`${source.path}: formatted\n`);
  }
  return changed ? 'changed' : 'formatted';
}

function readProgram(path: string): Checked<SourceFile | null> {
  if (path === '-') return readStandardInput();
  const { value, diagnostics } = loadTarget(path);
  return { value: value?.source ?? null, diagnostics };
}

function failed({ diagnostics }: Pick<Checked<unknown>, 'diagnostics'>): Outcome {
  showDiagnostics(diagnostics);
  return 'failed';
}
