/**
 * Places in source text. A span counts UTF-16 code units from the start of one file; lines and
 * columns are computed from it only when something is shown.
 */
export interface SourceFile {
  /** As the user named it; shown in diagnostics and reports. */
  readonly path: string;
  readonly text: string;
  /** Of an excerpt from a large file: the number of its first line there; 1 unless told. */
  readonly firstLine?: number;
}
export interface Span {
  readonly file: SourceFile;
  readonly start: number;
  readonly end: number;
}
/** 1-based. A column counts UTF-16 code units. */
export interface Position {
  readonly line: number;
  readonly column: number;
}
export interface SpanRange {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}

const lineStartsByFile = new WeakMap<SourceFile, readonly number[]>();

/** Offsets at which the lines of a file begin; line breaks are LF, CR LF and CR. */
export function lineStarts(file: SourceFile): readonly number[] {
  const known = lineStartsByFile.get(file);
  if (known !== undefined) return known;
  const starts = [0];
  for (const match of file.text.matchAll(/\r\n|\n|\r/g)) starts.push(match.index + match[0].length);
  lineStartsByFile.set(file, starts);
  return starts;
}

export function positionAt(file: SourceFile, offset: number): Position {
  const starts = lineStarts(file);
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= offset) low = middle;
    else high = middle - 1;
  }
  return { line: low + (file.firstLine ?? 1), column: offset - starts[low]! + 1 };
}

/** The span as machine-readable output shows it. */
export function rangeOf(span: Span): SpanRange {
  return {
    file: span.file.path,
    start: positionAt(span.file, span.start),
    end: positionAt(span.file, span.end),
  };
}

/** The smallest span that holds both; they lie in one file. */
export function cover(a: Span, b: Span): Span {
  return { file: a.file, start: Math.min(a.start, b.start), end: Math.max(a.end, b.end) };
}
