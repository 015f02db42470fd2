/** What changed between two versions, for a terminal: a sentence for each observable, then the rest. */
import picocolors from 'picocolors';
import type { RelationReport, RuleReport } from '../analysis/confluence-report.js';
import { displayMessage } from '../diagnostics/display-text.js';
import { blameLines, groupBlames } from './blame-text.js';
import { compareReports, isSame } from './compare-reports.js';
import type { Change, ObservableChange, ReportDifference } from './compare-reports.js';
import { listPhrase, mechanismPhrase } from './mechanism-words.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';
import { growthTexts } from './render-explanation-text.js';
import { kindText } from './verdict-words.js';
import { letterOf, whyText } from './rule-words.js';

type Colors = ReturnType<typeof picocolors.createColors>;

export function renderDifferenceText(
  before: MonotonicityReport,
  after: MonotonicityReport,
  options: { readonly color: boolean },
): string {
  const colors = picocolors.createColors(options.color);
  const difference = compareReports(before, after);
  if (isSame(difference))
    return 'the analysis finds no difference: the same verdicts, rules and relations\n';
  const parts = [
    ...difference.observables.map((change) => observableLines(difference, change, colors)),
    listLines(
      'rules',
      difference.rules.map((change) => ruleLine(difference, change, colors)),
      colors,
    ),
    listLines(
      'relations',
      difference.relations.map((change) => relationLine(change)),
      colors,
    ),
    [`coordination: ${logText(difference)}`],
  ];
  return `${parts
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function observableLines(
  { after }: ReportDifference,
  { name, before: old, after: now, newBlame }: ObservableChange,
  colors: Colors,
): readonly string[] {
  const frames = groupBlames(newBlame).flatMap((group) => blameLines(after.program, group, colors));
  const cheapest = now === null || now.met ? undefined : now.suggestions[0];
  return [
    colors.bold(sentence(name, old, now)),
    ...frames,
    ...(cheapest === undefined ? [] : [`  cheapest way out: ${displayMessage(cheapest.title)}`]),
  ];
}

/** `bill` now needs a seal on `action`; it needed nothing (confluent -> convergent) */
function sentence(
  name: string,
  old: ReportedObservable | null,
  now: ReportedObservable | null,
): string {
  if (now === null) return `\`${name}\` is no longer shown (it was ${old?.verdict ?? ''})`;
  const kind = `${now.kind} \`${name}\``;
  if (old === null) return `${kind} is new: ${now.verdict}, ${needText(now)}`;
  const verdicts = old.verdict === now.verdict ? now.verdict : `${old.verdict} -> ${now.verdict}`;
  const [before, after] = [needText(old), needText(now)];
  if (old.kind !== now.kind)
    return `\`${name}\` was ${old.kind === 'output' ? 'an output' : 'a view'} and is ${now.kind === 'output' ? 'an output' : 'a view'}: it ${after}; before, it ${neededText(old)} (${verdicts})`;
  return before === after
    ? `${kind} still ${after}, for more reasons (${verdicts})`
    : `${kind} now ${after}; before, it ${neededText(old)} (${verdicts})`;
}

function needText({ met, mechanism, metWithCoordination }: ReportedObservable): string {
  if (met) return 'needs nothing';
  if (mechanism.provider === 'owner') return 'varies from run to run';
  return `needs ${mechanismPhrase(mechanism)}${metWithCoordination ? ', which is inserted' : ''}`;
}

/** Of the older version. */
function neededText(observable: ReportedObservable): string {
  return needText(observable)
    .replace(/^needs/, 'needed')
    .replace(/^varies/, 'varied');
}

function listLines(title: string, rows: readonly string[], colors: Colors): readonly string[] {
  return rows.length === 0 ? [] : [colors.bold(title), ...rows.map((row) => `  ${row}`)];
}

function ruleLine(
  { before, after }: ReportDifference,
  { name, before: old, after: now }: Change<RuleReport>,
  colors: Colors,
): string {
  const paint = { monotone: colors.green, convergent: colors.yellow, divergent: colors.red };
  const letter = (rule: RuleReport): string => paint[rule.letter](letterOf[rule.letter]);
  if (now === null) return `- ${name}: ${letter(old!)}, ${whyText(before, old!)}`;
  const renamed = old !== null && old.name !== name ? ` (was ${old.name})` : '';
  const letters =
    old === null || old.letter === now.letter ? letter(now) : `${letter(old)} -> ${letter(now)}`;
  return `${old === null ? '+' : '~'} ${name}${renamed}: ${letters}, ${whyText(after, now)}`;
}

function relationLine({ name, before: old, after: now }: Change<RelationReport>): string {
  if (now === null) return `- ${kindText(old!)} ${name}`;
  if (old === null) return `+ ${describe(now)}`;
  return `~ ${describe(old)} -> ${describe(now)}`;
}

function describe(relation: RelationReport): string {
  const { name, growth, determinism, replicated } = relation;
  return `${kindText(relation)} ${name} (${growthTexts[growth]}, ${determinism}${replicated ? ', replicated' : ''})`;
}

function logText({ log }: ReportDifference): string {
  const text = (channels: readonly string[]): string =>
    channels.length === 0 ? 'none inserted' : `one ordered log carries ${listPhrase(channels)}`;
  const [before, after] = [text(log.before), text(log.after)];
  return before === after ? `${after}, as before` : `${before} -> ${after}`;
}
