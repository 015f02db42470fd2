/**
 * What Trellis says about a program: one plain value that the text, JSON and SARIF renderers
 * share. Codes are `TRL` and four digits, two for the area and two for the number:
 * 01 syntax, 02 modules and names, 03 schema and types, 04 safety, 05 strata and time,
 * 06 confluence and coordination, 07 plan, 08 run time, 09 simulation, 10 CLI and configuration,
 * 11 statements about a program, 12 habits that look like mistakes.
 */
import type { Span } from '../base/span.js';
import type { Json } from '../base/value-json.js';

export type Severity = 'error' | 'warning' | 'note';

export interface Label {
  readonly span: Span;
  /** What this place has to do with the matter. */
  readonly text?: string;
}
/** An edit that would mend the matter. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
}
export interface Diagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  /** Absent only for matters without a place in a source file (run time, command line). */
  readonly primary?: Label;
  readonly secondary?: readonly Label[];
  readonly notes?: readonly string[];
  /** What to do, in the imperative. */
  readonly help?: string;
  readonly fixes?: readonly Fix[];
  /** Ways by which it comes about, each from its origin to its effect, in the order of reading. */
  readonly trails?: readonly (readonly Label[])[];
  /** What other tools may filter by, as plain data; text does not show it. */
  readonly particulars?: Readonly<Record<string, Json>>;
}

/** What a pass returns: its value (never partial in shape) and what it has to say. */
export interface Checked<T> {
  readonly value: T;
  readonly diagnostics: readonly Diagnostic[];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((d) => d.severity === 'error');
}
