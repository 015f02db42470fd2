/**
 * The one order in which diagnostics are shown: by file, position, code, message. Those without a
 * place come first. Passes may find matters in any order; what users see does not depend on it.
 */
import type { Diagnostic } from './diagnostic.js';

export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(compareDiagnostics);
}

function compareDiagnostics(a: Diagnostic, b: Diagnostic): number {
  const spanA = a.primary?.span;
  const spanB = b.primary?.span;
  return (
    compareTexts(spanA?.file.path ?? '', spanB?.file.path ?? '') ||
    // Excerpts of one large file count from their own first lines.
    (spanA?.file.firstLine ?? 1) - (spanB?.file.firstLine ?? 1) ||
    (spanA?.start ?? -1) - (spanB?.start ?? -1) ||
    (spanA?.end ?? -1) - (spanB?.end ?? -1) ||
    compareTexts(a.code, b.code) ||
    compareTexts(a.message, b.message)
  );
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
