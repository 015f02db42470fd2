/**
 * Rows of one relation as text: a table for people, CSV, TSV and JSON Lines for programs. What is
 * written as CSV, TSV or JSON Lines reads back as the same rows under the same column types; but
 * under `any` a cell says no more than its looks (the string `12` comes back as an int), and half of a
 * surrogate pair has no bytes in CSV and TSV.
 */
import type { Row, Value } from '../base/value.js';
import { plainJson } from '../base/value-json.js';
import { valueText } from '../base/value-text.js';
import { delimitedPieces, type NoteReplaced } from './delimited-text.js';

export const outputFormats = ['table', 'csv', 'tsv', 'jsonl'] as const;
export type OutputFormat = (typeof outputFormats)[number];

export interface NamedRows {
  readonly relation: string;
  readonly columns: readonly string[];
  readonly rows: readonly Row[];
}

/** Characters of one piece of a text, about. */
const PIECE = 1 << 16;

/**
 * Text, or its bytes, piece by piece: a large relation is more text than one string can hold.
 * `limit`: rows of a table that are shown; the other formats always show all. `note` hears of cells
 * that a format has no bytes for.
 */
export function renderPieces(
  named: NamedRows,
  format: OutputFormat,
  limit: number,
  note: NoteReplaced = () => undefined,
): Iterable<string | Uint8Array> {
  if (format === 'table') return [renderTable(named, limit)];
  if (format === 'jsonl') return jsonLines(named);
  const delimiter = format === 'csv' ? ',' : '\t';
  return delimitedPieces({ ...named, delimiter, cellText }, note);
}

function* jsonLines({ rows }: NamedRows): Iterable<string> {
  let text = '';
  for (const row of rows) {
    text += `${JSON.stringify(row.map(plainJson))}\n`;
    if (text.length < PIECE) continue;
    yield text;
    text = '';
  }
  yield text;
}

/** A value as a cell: strings bare, composite values as JSON. */
function cellText(value: Value): string {
  if (typeof value === 'string') return value;
  if (value === null || typeof value !== 'object') return String(value);
  if (value.kind === 'bytes') return value.hex;
  if (value.kind === 'float')
    return Number.isFinite(value.value) ? valueText(value) : String(value.value);
  // A lattice value as what it holds, which is how it is read again.
  if (value.kind === 'lattice' && value.arguments.length === 1)
    return cellText(value.arguments[0]!);
  return JSON.stringify(plainJson(value));
}

const widestCell = 60;

function renderTable({ relation, columns, rows }: NamedRows, limit: number): string {
  const shown = rows.slice(0, limit);
  const cells = [columns, ...shown.map((row) => row.map(tableCell))];
  const widths = columns.map((_, i) => Math.max(...cells.map((line) => displayWidth(line[i]!))));
  const numeric = columns.map(
    (_, i) => shown.length > 0 && shown.every((row) => typeof row[i] === 'number'),
  );
  const line = (texts: readonly string[]): string =>
    `  ${texts.map((text, i) => pad(text, widths[i]!, numeric[i]!)).join('  ')}`.trimEnd() + '\n';
  const title = `${relation} (${rows.length} ${rows.length === 1 ? 'row' : 'rows'})\n`;
  if (columns.length === 0 || rows.length === 0) return title;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  const more =
    rows.length > shown.length
      ? `  ... ${rows.length - shown.length} more rows; --all shows them\n`
      : '';
  return (
    title + line(columns) + rule + shown.map((row) => line(row.map(tableCell))).join('') + more
  );
}

/** For people: strings bare, and composite values, which JSON cannot tell apart, as the language writes them. */
function tableCell(value: Value): string {
  const isScalar =
    value === null || typeof value !== 'object' || value.kind === 'bytes' || value.kind === 'float';
  const bare = isScalar ? cellText(value) : valueText(value);
  // Control characters, and halves of surrogate pairs, which no encoding of text has.
  const text = bare.replaceAll(/[\u0000-\u001f\u007f]|\p{Cs}/gu, (c) =>
    JSON.stringify(c).slice(1, -1),
  );
  const characters = [...text];
  return characters.length <= widestCell
    ? text
    : `${characters.slice(0, widestCell - 3).join('')}...`;
}

/** Columns on a terminal, near enough: one a code point. */
function displayWidth(text: string): number {
  return [...text].length;
}

function pad(text: string, width: number, right: boolean): string {
  const gap = ' '.repeat(width - displayWidth(text));
  return right ? gap + text : text + gap;
}
