/**
 * `--format json` and `--format sarif` promise one document, whatever comes. A command that ends
 * before it has written its own writes this one: what it has said on standard error, as data.
 */
import type { Command } from 'commander';
import { codeTable } from '../diagnostics/code-table.js';
import { renderJson } from '../diagnostics/render-json.js';
import { renderSarif } from '../diagnostics/render-sarif.js';
import { keptComplaints, writeJson } from './console.js';

export type DocumentFormat = 'json' | 'sarif';

/** The format of the document that these words ask for; null if the command has none. */
export function documentFormat(program: Command, words: readonly string[]): DocumentFormat | null {
  const verb = words.find((word) => !word.startsWith('-'));
  const command = program.commands.find((c) => c.name() === verb);
  const choices = command?.options.find(({ long }) => long === '--format')?.argChoices ?? [];
  const named = words.flatMap((word, i) => {
    if (word.startsWith('--format=')) return [word.slice('--format='.length)];
    return word === '--format' ? [words[i + 1]] : [];
  });
  const last = named.at(-1);
  return (last === 'json' || last === 'sarif') && choices.includes(last) ? last : null;
}

/** Writes the document if the command still owes it; `message`: of an error without a diagnostic. */
export function writeFailure(
  format: DocumentFormat,
  exitCode: number,
  message: string | null,
): void {
  const complaints = keptComplaints();
  if (complaints === null) return;
  const { diagnostics } = complaints;
  const failure = { exitCode, message: complaints.message ?? message };
  if (format === 'sarif') writeJson(renderSarif(diagnostics, codeTable, failure));
  else
    writeJson({
      schema: 'trellis/failure/1',
      ...failure,
      diagnostics: renderJson(diagnostics),
    });
}
