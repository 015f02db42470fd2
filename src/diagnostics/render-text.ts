/**
 * Diagnostics as text for people: a line that says what happened, a code frame that shows where,
 * and lines that say why and what to do. The layout is that of rustc; every diagnostic is one
 * block, blocks are separated by blank lines.
 */
import pc from 'picocolors';

import { codeFrame, gutterWidth, type FrameStyle } from './code-frame.js';
import type { Diagnostic, Severity } from './diagnostic.js';
import { displayMessage } from './display-text.js';
import { sortDiagnostics } from './sort-diagnostics.js';

export interface TextOptions {
  readonly color: boolean;
  /** How many diagnostics are shown; the rest is counted. 100 unless said otherwise. */
  readonly limit?: number;
}

/** All diagnostics in order; the text ends in a line feed unless there are none. */
export function renderText(diagnostics: readonly Diagnostic[], options: TextOptions): string {
  const limit = options.limit ?? 100;
  const sorted = sortDiagnostics(diagnostics);
  const blocks = sorted.slice(0, limit).map((diagnostic) => renderOne(diagnostic, options.color));
  const rest = sorted.slice(limit);
  if (rest.length > 0) blocks.push(`${restLine(rest)}\n`);
  return blocks.join('\n');
}

function renderOne(diagnostic: Diagnostic, color: boolean): string {
  const colors = pc.createColors(color);
  const paint = { error: colors.red, warning: colors.yellow, note: colors.cyan }[
    diagnostic.severity
  ];
  const { primary, secondary = [] } = diagnostic;
  const style: FrameStyle = {
    gutter: (text) => colors.blue(text),
    primary: (text) => paint(text),
    secondary: (text) => colors.blue(text),
  };
  const title = `${diagnostic.severity}[${diagnostic.code}]`;
  const rows = [
    `${colors.bold(paint(title))}${colors.bold(`: ${displayMessage(diagnostic.message)}`)}`,
  ];
  const width = primary === undefined ? 1 : gutterWidth([primary, ...secondary]);
  if (primary !== undefined) rows.push(...codeFrame(primary, secondary, width, style));
  const remarks = remarkRows(
    diagnostic,
    width,
    (text) => colors.blue(text),
    (text) => colors.bold(text),
  );
  if (remarks.length > 0 && primary !== undefined)
    rows.push(`${' '.repeat(width)} ${style.gutter('|')}`);
  return `${[...rows, ...remarks].join('\n')}\n`;
}

type Paint = (text: string) => string;

function remarkRows(
  { notes = [], help }: Diagnostic,
  width: number,
  gutter: Paint,
  bold: Paint,
): string[] {
  const remarks = notes.map((note) => ['note', note] as const);
  const all = help === undefined ? remarks : [...remarks, ['help', help] as const];
  return all.map(([kind, text]) => {
    const indent = ' '.repeat(width + 5 + kind.length);
    return `${' '.repeat(width)} ${gutter('=')} ${bold(`${kind}:`)} ${displayMessage(text).replaceAll('\n', `\n${indent}`)}`;
  });
}

const plurals: Readonly<Record<Severity, string>> = {
  error: 'errors',
  warning: 'warnings',
  note: 'notes',
};

function restLine(rest: readonly Diagnostic[]): string {
  const parts: string[] = [];
  for (const severity of ['error', 'warning', 'note'] as const) {
    const count = rest.filter((diagnostic) => diagnostic.severity === severity).length;
    if (count > 0) parts.push(`${count} more ${count === 1 ? severity : plurals[severity]}`);
  }
  return `${parts.join(' and ')} not shown`;
}
