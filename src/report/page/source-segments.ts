/**
 * Source text cut into the pieces that the page lights up: heads, literals and declared names. Pieces
 * of one line do not overlap; a place that spans lines is one piece in each.
 */
import { lineStarts, positionAt } from '../../base/span.js';
import type { SourceFile, Span } from '../../base/span.js';
import type { Program } from '../../semantics/program.js';
import type { AnnotatedFile, AnnotatedLine, LineMark } from '../annotate-source.js';

export interface LinePiece {
  readonly text: string;
  /** The place that it belongs to; null for what lies between places. */
  readonly segment: string | null;
  /** The costly mark that covers it. */
  readonly mark: LineMark | null;
}

/** The name of a place, unique among all files of a page. */
export function segmentOf(files: readonly AnnotatedFile[], span: Span): string {
  return `f${files.findIndex(({ file }) => file === span.file)}-${span.start}-${span.end}`;
}

/** The id of the row of a line. */
export function lineId(files: readonly AnnotatedFile[], span: Span): string {
  const index = files.findIndex(({ file }) => file === span.file);
  return `f${index}-L${positionAt(span.file, span.start).line}`;
}

/** All places of a program in a file, from left to right, the outer of two that overlap left out. */
export function placesOf(program: Program, file: SourceFile): readonly Span[] {
  const spans = [
    ...[...program.relations.values()].filter(({ declared }) => declared).map(({ span }) => span),
    ...program.rules.flatMap(({ head, bodies }) => [
      head.span,
      ...bodies.flatMap(({ literals }) => literals.map(({ span }) => span)),
    ]),
  ].filter((span) => span.file === file && span.end > span.start);
  const sorted = spans.sort((a, b) => a.start - b.start || a.end - b.end);
  const places: Span[] = [];
  for (const span of sorted) {
    const last = places.at(-1);
    if (last === undefined || span.start >= last.end) places.push(span);
  }
  return places;
}

/** The pieces of a line, which together are its text. */
export function cutLine(
  files: readonly AnnotatedFile[],
  file: SourceFile,
  line: AnnotatedLine,
  places: readonly Span[],
): readonly LinePiece[] {
  const start = lineStarts(file)[line.number - 1]!;
  const end = start + line.text.length;
  const here = places.filter((place) => place.start < end && place.end > start);
  const cuts = new Set([0, line.text.length]);
  const add = (at: number): void => void cuts.add(Math.max(0, Math.min(line.text.length, at)));
  for (const place of here) [place.start - start, place.end - start].forEach(add);
  for (const { from, to } of line.marks) [from, to].forEach(add);
  const sorted = [...cuts].sort((a, b) => a - b);
  return sorted.slice(1).map((to, i) => {
    const from = sorted[i]!;
    const place = here.find((p) => p.start - start <= from && p.end - start >= to);
    return {
      text: line.text.slice(from, to),
      segment: place === undefined ? null : segmentOf(files, place),
      mark: line.marks.find((mark) => mark.from <= from && mark.to >= to) ?? null,
    };
  });
}
