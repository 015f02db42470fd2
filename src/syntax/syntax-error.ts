/**
 * The one way in which this room makes a diagnostic: every syntax error is an error with a place.
 */
import type { Span } from '../base/span.js';
import type { Diagnostic, Fix, Label } from '../diagnostics/diagnostic.js';

/** What a syntax error says beside its message. */
export interface ErrorDetails {
  readonly label?: string;
  readonly secondary?: readonly Label[];
  readonly notes?: readonly string[];
  readonly help?: string;
  readonly fixes?: readonly Fix[];
}

export function syntaxError(
  code: string,
  span: Span,
  message: string,
  details: ErrorDetails = {},
): Diagnostic {
  const { label, ...rest } = details;
  const primary = label === undefined ? { span } : { span, text: label };
  return { code, severity: 'error', message, primary, ...rest };
}

/** A fix that puts one text in the place of a span. */
export function replacement(title: string, span: Span, text: string): Fix {
  return { title, edits: [{ span, text }] };
}

/** Source text in a message: between backquotes, cut where it is long. */
export function quoted(text: string): string {
  const points = Array.from(text.slice(0, 100));
  return points.length <= 40 ? `\`${text}\`` : `\`${points.slice(0, 39).join('')}…\``;
}
