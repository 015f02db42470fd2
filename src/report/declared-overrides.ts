/**
 * What a program declares about its own rules, as every report shows it. An assumption is the word
 * of whoever wrote the program and no proof: it changes no verdict and takes no coordination away,
 * and it is never left out.
 */
import type { ObservableReport } from '../analysis/confluence-report.js';
import { displayMessage } from '../diagnostics/display-text.js';
import type { Assumption } from '../semantics/remarks.js';
import type { MonotonicityReport } from './monotonicity-report.js';

/** The assumption about a rule, if there is one. */
export function assumptionOf({ program }: MonotonicityReport, rule: string): Assumption | null {
  return program.remarks.assumptions.find((assumption) => assumption.rule === rule) ?? null;
}

/** The assumptions about rules that an observable's verdict blames, in source order. */
export function assumptionsFor(
  { program }: MonotonicityReport,
  { blame }: ObservableReport,
): readonly Assumption[] {
  const blamed = new Set(blame.map(({ rule }) => rule));
  return program.remarks.assumptions.filter(({ rule }) => blamed.has(rule));
}

/** What marks the verdict of an observable that rests on blamed rules with assumptions. */
export function declaredMark(report: MonotonicityReport, observable: ObservableReport): string {
  const rules = assumptionsFor(report, observable).map(({ rule }) => `\`${rule}\``);
  return rules.length === 0 ? '' : `; declared harmless: ${rules.join(', ')}`;
}

/** All assumptions and choices of coordination; empty text if there are none. */
export function declaredLines({ program }: MonotonicityReport): string {
  const { assumptions, coordinations } = program.remarks;
  const columns = (relation: string, key: readonly number[]): string =>
    key.map((index) => program.relations.get(relation)?.columns[index]?.name ?? '').join(', ');
  const lines = [
    ...assumptions.map(
      ({ rule, reason }) =>
        `declared: rule \`${rule}\` is assumed harmless: ${displayMessage(reason)} (the verdicts do not rest on it)`,
    ),
    ...coordinations.map(({ relation, mechanism, key }) => {
      const by = key === null ? '' : ` (${columns(relation, key)})`;
      return `declared: coordinate \`${relation}\` ${mechanism}${by}`;
    }),
  ];
  return lines.map((line) => `${line}\n`).join('');
}
