/**
 * Code frames: the source lines that a diagnostic speaks of, with its places marked below them, in
 * the manner of rustc. `^^^` marks the primary place, `---` the others.
 *
 * A span over several lines is marked in its first and its last line. Long lines are clipped to a
 * window around the mark; a mark is never wider than its window and never empty.
 */
import { lineStarts, positionAt, type SourceFile, type Span } from '../base/span.js';
import { displayLine, displayMessage } from './display-text.js';
import type { Label } from './diagnostic.js';

/** How the parts of a frame are coloured. */
export interface FrameStyle {
  readonly gutter: (text: string) => string;
  readonly primary: (text: string) => string;
  readonly secondary: (text: string) => string;
}

/** A place in one line, in code units from the line's start. */
interface Mark {
  /** Counted from 0. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly isPrimary: boolean;
  readonly text: string;
}

/** How many code units of a line are shown. */
const windowLength = 100;

/** Number of digits of the greatest line number that the labels name. */
export function gutterWidth(labels: readonly Label[]): number {
  return Math.max(
    1,
    ...labels.map(({ span }) => String(positionAt(span.file, clamp(span).end).line).length),
  );
}

/** The rows of the frame, the line with the file's name included. */
export function codeFrame(
  primary: Label,
  secondary: readonly Label[],
  width: number,
  style: FrameStyle,
): string[] {
  const { file } = primary.span;
  const rows = frameOfFile(file, primary, secondary, '-->', width, style);
  const others = new Map<string, Label[]>();
  for (const label of secondary) {
    if (label.span.file === file) continue;
    const path = label.span.file.path;
    others.set(path, [...(others.get(path) ?? []), label]);
  }
  for (const [, labels] of [...others].sort(([a], [b]) => (a < b ? -1 : 1))) {
    rows.push(...frameOfFile(labels[0]!.span.file, null, labels, ':::', width, style));
  }
  return rows;
}

function frameOfFile(
  file: SourceFile,
  primary: Label | null,
  secondary: readonly Label[],
  arrow: string,
  width: number,
  style: FrameStyle,
): string[] {
  const own = secondary.filter(({ span }) => span.file === file);
  const first = primary ?? own[0]!;
  const { line, column } = positionAt(file, clamp(first.span).start);
  const marks = [
    ...(primary === null ? [] : marksOf(primary, true)),
    ...own.flatMap((label) => marksOf(label, false)),
  ];
  const margin = ' '.repeat(width);
  const bar = style.gutter('|');
  const rows = [
    `${margin}${style.gutter(arrow)} ${displayMessage(file.path)}:${line}:${column}`,
    `${margin} ${bar}`,
  ];
  const lines = [...new Set(marks.map((mark) => mark.line))].sort((a, b) => a - b);
  let before: number | null = null;
  for (const at of lines) {
    if (before !== null && at - before > 2) rows.push(style.gutter('...'));
    else if (before !== null && at - before === 2)
      rows.push(...sourceRows(file, before + 1, [], width, style));
    rows.push(
      ...sourceRows(
        file,
        at,
        marks.filter((mark) => mark.line === at),
        width,
        style,
      ),
    );
    before = at;
  }
  return rows;
}

function clamp({ file, start, end }: Span): { readonly start: number; readonly end: number } {
  const from = Math.max(0, Math.min(start, file.text.length));
  return { start: from, end: Math.max(from, Math.min(end, file.text.length)) };
}

function marksOf(label: Label, isPrimary: boolean): Mark[] {
  const { file } = label.span;
  const { start, end } = clamp(label.span);
  const first = positionAt(file, start);
  // A span that ends with a line feed ends in the line that it ends.
  const lastOffset = end > start && isLineStart(file, end) ? end - 1 : end;
  const last = positionAt(file, lastOffset);
  const text = label.text ?? '';
  const from = first.column - 1;
  if (first.line === last.line)
    return [
      { line: first.line - 1, from, to: Math.max(from, end - start + from), isPrimary, text },
    ];
  const lastText = lineText(file, last.line - 1);
  const indent = lastText.length - lastText.trimStart().length;
  const to = last.column - 1 + end - lastOffset;
  return [
    { line: first.line - 1, from, to: lineText(file, first.line - 1).length, isPrimary, text: '' },
    { line: last.line - 1, from: Math.min(indent, to), to, isPrimary, text },
  ];
}

function isLineStart(file: SourceFile, offset: number): boolean {
  return positionAt(file, offset).column === 1;
}

function lineText(file: SourceFile, line: number): string {
  const starts = lineStarts(file);
  const own = line + 1 - (file.firstLine ?? 1);
  return file.text.slice(starts[own], starts[own + 1] ?? file.text.length).replace(/[\r\n]+$/, '');
}

/** A source line and, below it, a row for each of its marks. */
function sourceRows(
  file: SourceFile,
  line: number,
  marks: readonly Mark[],
  width: number,
  style: FrameStyle,
): string[] {
  const text = lineText(file, line);
  const sorted = [...marks].sort(
    (a, b) => Number(b.isPrimary) - Number(a.isPrimary) || a.from - b.from,
  );
  const isOneWindow = text.length <= windowLength || sorted.length <= 1;
  const views = isOneWindow ? [sorted] : sorted.map((mark) => [mark]);
  return views.flatMap((view) => windowRows(text, line, view, width, style));
}

function windowRows(
  text: string,
  line: number,
  marks: readonly Mark[],
  width: number,
  style: FrameStyle,
): string[] {
  const [start, end] = windowAround(text, marks[0]?.from ?? 0);
  const left = start > 0 ? '…' : '';
  const { text: shown, cells } = displayLine(text.slice(start, end));
  const number = style.gutter(String(line + 1).padStart(width));
  const bar = style.gutter('|');
  const source = `${left}${shown}${end < text.length ? '…' : ''}`.trimEnd();
  const rows = [`${number} ${bar}${source === '' ? '' : ` ${source}`}`];
  for (const mark of marks) {
    const from = cells[Math.max(0, Math.min(mark.from, end) - start)]! + left.length;
    const to = cells[Math.max(0, Math.min(mark.to, end) - start)]! + left.length;
    const paint = mark.isPrimary ? style.primary : style.secondary;
    const sign = (mark.isPrimary ? '^' : '-').repeat(Math.max(1, to - from));
    const label = mark.text === '' ? '' : ` ${displayMessage(mark.text)}`;
    rows.push(`${' '.repeat(width)} ${bar} ${' '.repeat(from)}${paint(sign + label)}`);
  }
  return rows;
}

/** The part of a line that is shown: all of it, or a window in which `mark` stands. */
function windowAround(text: string, mark: number): readonly [number, number] {
  if (text.length <= windowLength) return [0, text.length];
  const wanted = Math.max(0, Math.min(mark - 40, text.length - windowLength));
  const start = splitsPair(text, wanted) ? wanted - 1 : wanted;
  const end = Math.min(text.length, start + windowLength);
  return [start, splitsPair(text, end) ? end + 1 : end];
}

function splitsPair(text: string, offset: number): boolean {
  const code = text.charCodeAt(offset);
  return offset > 0 && code >= 0xdc00 && code <= 0xdfff;
}
