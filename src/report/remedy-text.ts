/**
 * What was done about an unmet obligation, what it costs, and what the user can do instead: for a
 * terminal. Edits are shown as the lines that would be there.
 */
import type { Suggestion } from '../analysis/confluence-report.js';
import {
  costOf,
  costText,
  listPhrase,
  gainPhrase,
  insertedPhrase,
  mechanismName,
  mechanismOfSeal,
  sealPhrase,
} from './mechanism-words.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';

export function remedyLines(
  observable: ReportedObservable,
  report: MonotonicityReport,
): readonly string[] {
  const { suggestions } = observable;
  const lines = ['', ...mechanismLines(observable, report)];
  if (suggestions.length === 0) return lines;
  return [...lines, '  what you can do, cheapest first:', ...suggestions.flatMap(suggestionLines)];
}

function mechanismLines(
  observable: ReportedObservable,
  { plan, nodeCount }: MonotonicityReport,
): readonly string[] {
  const { mechanism, metWithCoordination, met, unmetBecause, waitsFor } = observable;
  if (waitsFor.length > 0)
    return waitsFor.flatMap((point) => [
      `  inserted: ${sealPhrase(point)}; every run shows the same`,
      `  cost: ${costText(costOf(mechanismOfSeal(point), nodeCount))}`,
    ]);
  if (met) return [];
  if (mechanism.provider === 'owner')
    return ['  nothing is inserted: one node decides, in the order of its own timesteps'];
  const cost = `  cost: ${costText(costOf(mechanism, nodeCount))}`;
  if (!metWithCoordination) {
    const why = unmetBecause === null ? [] : [`  not inserted: ${unmetBecause}`];
    return [`  needs: ${mechanismName(mechanism)}`, ...why, cost];
  }
  const apart =
    mechanism.key.length === 0 || mechanism.on === null
      ? []
      : [
          `  (what differs in ${listPhrase(mechanism.key)} of \`${mechanism.on}\` could be decided separately)`,
        ];
  return [
    `  inserted: ${insertedPhrase(observable, plan)}; ${gainPhrase(observable, plan)}`,
    cost,
    ...apart,
  ];
}

function suggestionLines({ title, edit, promises }: Suggestion): readonly string[] {
  const text = edit === null ? [] : edit.trimEnd().split('\n');
  const then = promises === null ? [] : [`      and it is ${promises}`];
  return [`    - ${title}`, ...text.map((line) => `        | ${line}`), ...then];
}
