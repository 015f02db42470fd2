/**
 * What a command prints: results to stdout, diagnostics and progress to stderr, colour only where a
 * person looks. And what it exits with.
 */
import { valueText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { renderText } from '../diagnostics/render-text.js';

export const exitCodes = {
  fine: 0,
  failed: 1,
  usage: 2,
  requirement: 3,
  bound: 4,
  trouble: 5,
} as const;

/** Ends a command early with an exit code; what was to say has been said. */
export class CommandExit extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`exit ${exitCode}`);
    this.name = 'CommandExit';
    // The system keeps eight bits: 256 would come out as success.
    this.exitCode = exitCode >= 0 && exitCode <= 255 ? exitCode : 255;
  }
}

export function writeOut(text: string | Uint8Array): void {
  clearProgress();
  process.stdout.write(text);
}
export function writeError(text: string): void {
  clearProgress();
  process.stderr.write(text);
}

let hasProgress = false;

/** Replaces the line of progress, where a person looks at a terminal. */
export function showProgress(text: string): void {
  if (!process.stderr.isTTY) return;
  hasProgress = true;
  process.stderr.write(`\r\u001b[K${text.slice(0, process.stderr.columns - 1)}`);
}

/** Takes the line of progress away before anything else is written. */
function clearProgress(): void {
  if (hasProgress) process.stderr.write('\r\u001b[K');
  hasProgress = false;
}
/** The line of a tuple of `stdout` or `stderr`. */
export function lineOf(row: Row): string {
  const [line = null] = row;
  return typeof line === 'string' ? line : valueText(line);
}
/** The one document of a command with `--format json` or `sarif`. */
export function writeJson(document: unknown): void {
  kept = null;
  writeOut(JSON.stringify(document, null, 2) + '\n');
}
/** One document of a stream of them: JSON Lines. */
export function writeJsonLine(document: unknown): void {
  kept = null;
  writeOut(JSON.stringify(document) + '\n');
}

/** What has been said on standard error by a command that owes a document. */
export interface KeptComplaints {
  readonly diagnostics: Diagnostic[];
  /** Wrong usage. */
  message: string | null;
}

/** Null unless a document is owed. */
let kept: KeptComplaints | null = null;

/** From now on what is said is kept, until the document is written. */
export function oweDocument(): void {
  kept = { diagnostics: [], message: null };
}
/** Null once the document is written, or if none is owed. */
export function keptComplaints(): KeptComplaints | null {
  return kept;
}

let colorWish: boolean | null = null;

/** `--color` or `--no-color` on the command line, before anything is printed. */
export function wishColor(wish: boolean): void {
  colorWish = wish;
}

/** Whether a stream gets colours: as asked for, else if it is a terminal and `NO_COLOR` is not set. */
export function useColor(stream: 'stdout' | 'stderr'): boolean {
  if (colorWish !== null) return colorWish;
  return process[stream].isTTY && (process.env['NO_COLOR'] ?? '') === '';
}

export function showDiagnostics(diagnostics: readonly Diagnostic[]): void {
  kept?.diagnostics.push(...diagnostics);
  if (diagnostics.length > 0) writeError(renderText(diagnostics, { color: useColor('stderr') }));
}

/** Shows the diagnostics and, if there is an error among them, ends the command. */
export function demand(
  diagnostics: readonly Diagnostic[],
  exitCode: number = exitCodes.failed,
): void {
  showDiagnostics(diagnostics);
  if (hasErrors(diagnostics)) throw new CommandExit(exitCode);
}

/** Ends the command: the command line itself is wrong. */
export function usageError(message: string): never {
  if (kept !== null) kept.message = message;
  writeError(`error: ${message}\n`);
  throw new CommandExit(exitCodes.usage);
}
