/**
 * Diagnostics as plain data for other programs: every field is always there, absent matters are
 * null or empty lists. Lines and columns count from 1, columns in UTF-16 code units; an end is the
 * position behind the last unit.
 */
import { rangeOf, type Position, type Span } from '../base/span.js';
import type { Diagnostic, Severity } from './diagnostic.js';
import { sortDiagnostics } from './sort-diagnostics.js';

export interface JsonPlace {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Null, as `start` and `end`, for matters without a place in a file. */
  readonly file: string | null;
  readonly start: Position | null;
  readonly end: Position | null;
  /** The primary place first. */
  readonly labels: readonly (JsonPlace & {
    readonly primary: boolean;
    readonly text: string | null;
  })[];
  readonly notes: readonly string[];
  readonly help: string | null;
  readonly fixes: readonly {
    readonly title: string;
    readonly edits: readonly (JsonPlace & { readonly text: string })[];
  }[];
  /** Ways by which it comes about, from origin to effect. */
  readonly trails: readonly (readonly (JsonPlace & { readonly text: string | null })[])[];
}

/** The diagnostics in the order in which text shows them. */
export function renderJson(diagnostics: readonly Diagnostic[]): readonly JsonDiagnostic[] {
  return sortDiagnostics(diagnostics).map(renderOne);
}

function renderOne(diagnostic: Diagnostic): JsonDiagnostic {
  const {
    code,
    severity,
    message,
    primary,
    secondary = [],
    notes = [],
    help = null,
    fixes = [],
    trails = [],
  } = diagnostic;
  const place = primary === undefined ? null : placeOf(primary.span);
  const labels = [...(primary === undefined ? [] : [primary]), ...secondary];
  return {
    code,
    severity,
    message,
    file: place?.file ?? null,
    start: place?.start ?? null,
    end: place?.end ?? null,
    labels: labels.map((label) => ({
      ...placeOf(label.span),
      primary: label === primary,
      text: label.text ?? null,
    })),
    notes: [...notes],
    help,
    fixes: fixes.map(({ title, edits }) => ({
      title,
      edits: edits.map(({ span, text }) => ({ ...placeOf(span), text })),
    })),
    trails: trails.map((trail) =>
      trail.map(({ span, text = null }) => ({ ...placeOf(span), text })),
    ),
  };
}

function placeOf(span: Span): JsonPlace {
  return rangeOf(span);
}
