/**
 * The report for a terminal and a code review: verdicts first, then for each unmet obligation what
 * kind of difference it makes, the blamed place and the way to the observable, the two outcomes
 * side by side, what was inserted or is needed and at what cost, and what the user can do.
 */
import picocolors from 'picocolors';
import type { Blame } from '../analysis/confluence-report.js';
import { displayMessage } from '../diagnostics/display-text.js';
import { blameLines, groupBlames, shortBlameLines } from './blame-text.js';
import { assumptionsFor, declaredLines } from './declared-overrides.js';
import { clusterWideLines } from './cluster-wide-words.js';
import { insertions, listPhrase, mechanismPhrase } from './mechanism-words.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';
import { remedyLines } from './remedy-text.js';
import {
  differenceText,
  freshIdsText,
  summaryOf,
  verdictCells,
  verdictHeadings,
} from './verdict-words.js';
import { witnessLines } from './witness-text.js';

type Colors = ReturnType<typeof picocolors.createColors>;

export function renderReportText(
  report: MonotonicityReport,
  options: { readonly color: boolean },
): string {
  const colors = picocolors.createColors(options.color);
  const explainedAt = new Map<string, string>();
  const unmet = report.observables.filter(({ met }) => !met);
  const remarks = declaredLines(report);
  const parts = [
    verdictTable(report, colors),
    ...unmet.map((observable) => observableText(report, observable, explainedAt, colors)),
    ...(remarks === '' ? [] : [remarks]),
    ...clusterWideLines(report),
    conclusion(report),
    ...togetherLines(report),
    ...exceptions(report),
  ];
  return parts.join('\n');
}

/** Why a program shows nothing, and what to do about it. */
function nothingToObserve({ program }: MonotonicityReport): string {
  const read = new Set(
    program.rules.flatMap(({ bodies }) =>
      bodies.flatMap(({ literals }) =>
        literals.flatMap((literal) => (literal.kind === 'atom' ? [literal.relation] : [])),
      ),
    ),
  );
  const unread = [...program.relations.values()]
    .filter(({ kind, name }) => ['channel', 'loopback'].includes(kind) && !read.has(name))
    .map(({ name }) => name);
  const sent =
    unread.length === 0
      ? ''
      : `  no rule reads ${listPhrase(unread)}: store what arrives in a table, and it is shown\n`;
  return `nothing to observe: the program has no outputs or views\n${sent}  declare an \`output\` or a \`view\`, or name relations with --observe\n`;
}

function verdictTable(report: MonotonicityReport, colors: Colors): string {
  const { observables } = report;
  if (observables.length === 0) return nothingToObserve(report);
  const rows = observables.map(verdictCells);
  const widths = verdictHeadings.map((heading, i) =>
    rows.reduce((most, row) => Math.max(most, row[i]!.length), heading.length),
  );
  const paint = { confluent: colors.green, convergent: colors.yellow, divergent: colors.red };
  const line = (cells: readonly string[], verdict: (text: string) => string): string =>
    cells
      .map((cell, i) => (i === 2 ? verdict : String)(cell.padEnd(widths[i] ?? 0)))
      .join('  ')
      .trimEnd();
  const head = colors.dim(line(verdictHeadings, String));
  const lines = observables.map((observable, i) =>
    line([...rows[i]!, summaryOf(observable, report)], paint[observable.verdict]),
  );
  return [head, ...lines].map((each) => `${each}\n`).join('');
}

/** Everything about one observable; what `explainedAt` knows from before is not said again. */
export function observableText(
  report: MonotonicityReport,
  observable: ReportedObservable,
  explainedAt: Map<string, string>,
  colors: Colors,
): string {
  const { relation, verdict, obligation, kind, status, blame, witness } = observable;
  const promise = `${kind === 'output' ? 'an' : 'a'} ${kind} must be ${obligation}`;
  const blames = groupBlames(blame).flatMap((group, i) => {
    const key = blameKey(group[0]);
    const before = explainedAt.get(key);
    if (before !== undefined || i >= mostFrames)
      return shortBlameLines(report.program, group, before, colors);
    explainedAt.set(key, relation);
    return blameLines(report.program, group, colors);
  });
  const declared = assumptionsFor(report, observable).map(
    ({ rule, reason }) =>
      `  ${colors.bold('declared')} harmless, not proved: rule \`${rule}\`: ${displayMessage(reason)}`,
  );
  return [
    colors.bold(`${relation}: ${verdict} (${status}); ${promise}`),
    `  ${differenceText(observable)}`,
    ...(observable.modulo === null ? [] : [`  ${freshIdsText}`]),
    ...declared,
    ...blames,
    ...(witness === null ? [] : witnessLines(report.program, relation, witness, colors)),
    ...remedyLines(observable, report),
    '',
  ].join('\n');
}

/** Blamed places of one observable that are shown in the source; the others are named. */
const mostFrames = 6;

/** Two observables that suffer by one literal need not both show it. */
function blameKey({ rule, reason, span }: Blame): string {
  return [rule, reason, span.file.path, span.start, span.end].join(' ');
}

/** What stands outside the verdicts, where the program can run into it. */
function exceptions({ program }: MonotonicityReport): readonly string[] {
  const sums = program.rules.some(({ head }) =>
    head.arguments.some(
      (a) => a.kind === 'aggregate' && a.function === 'sum' && a.type.kind === 'int',
    ),
  );
  return sums
    ? [
        'a `sum` of ints that leaves their range fails its timestep: that stands outside the verdicts\n',
      ]
    : [];
}

/** What all obligations need between them, where that is not what one of them needs by itself. */
function togetherLines({ coordination, observables }: MonotonicityReport): readonly string[] {
  const { cheapest } = coordination;
  const isPlain = cheapest.length < 2 && cheapest.every(({ meets }) => meets.length < 2);
  if (isPlain || observables.every(({ metWithCoordination }) => metWithCoordination)) return [];
  const lines = cheapest.map(({ mechanism, meets }) => {
    const { kind, on } = mechanism;
    const what =
      kind === 'persist' ? `the events of \`${on}\` kept in a table` : mechanismPhrase(mechanism);
    return `  ${what}: for ${listPhrase(meets)}\n`;
  });
  return [`the cheapest that meets every obligation:\n${lines.join('')}`];
}

function conclusion({ plan, observables }: MonotonicityReport): string {
  const inserted = insertions(plan);
  if (inserted.length > 0) return `coordination: ${inserted.join('; ')}\n`;
  return observables.every(({ met }) => met)
    ? 'coordination: none needed, none inserted\n'
    : 'coordination: none inserted\n';
}
