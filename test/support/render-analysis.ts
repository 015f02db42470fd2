/**
 * What the analysis says of a program, as plain text for golden files: everything in the typed report
 * that a reviewer judges, without witnesses and without the manners of a terminal.
 */
import type {
  Blame,
  ConfluenceReport,
  Mechanism,
  ObservableReport,
  RuleReport,
  Suggestion,
} from '../../src/analysis/confluence-report.js';
import type { Span } from '../../src/base/span.js';

export function renderAnalysis(report: ConfluenceReport): string {
  return [
    ...report.observables.map(observableText),
    'rules',
    ...report.rules.map(ruleLines),
    'relations',
    ...report.relations.map(
      ({ name, growth, determinism, replicated }) =>
        `  ${name}: ${growth} ${determinism}${replicated ? ' replicated' : ''}`,
    ),
    '',
  ].join('\n');
}

const text = ({ file, start, end }: Span): string =>
  file.text.slice(start, end).replaceAll(/\s+/g, ' ');

function observableText(o: ObservableReport): string {
  const marks = [
    o.met ? 'met' : 'NOT MET',
    `right ${o.final}`,
    `complete ${o.complete}`,
    `Blazes ${o.blazes}`,
    ...(o.replicated ? ['replicated'] : []),
    ...(o.modulo === null ? [] : ['confluent modulo fresh ids']),
  ];
  return [
    `${o.kind} ${o.relation}: ${o.verdict}, ${marks.join(', ')}`,
    ...o.blame.map(blameText),
    ...(o.mechanism.kind === 'none' ? [] : [`  needs ${mechanismText(o.mechanism)}`]),
    ...o.suggestions.map(suggestionText),
    '',
  ].join('\n');
}

function blameText({ rule, reason, span, path, mechanism }: Blame): string {
  return [
    `  ${rule ?? 'declaration'}: ${reason} at \`${text(span)}\``,
    `    ${path.join(' -> ')}`,
    `    by itself ${mechanismText(mechanism)}`,
  ].join('\n');
}

function mechanismText({
  kind,
  on,
  key,
  provider,
  delays,
  messagesPer,
  messages,
}: Mechanism): string {
  const by = key.length > 0 ? `(${key.join(', ')})` : '';
  const who = provider === null ? '' : ` by ${provider}`;
  const cost = messagesPer === null ? '' : `, ${messages ?? ''} messages per ${messagesPer}`;
  return `${kind}${by} of ${on ?? '-'}${who}, ${delays} delays${cost}`;
}

function suggestionText({ cost, title, edit, promises }: Suggestion): string {
  const lines = [`  ${cost}. ${title}`];
  for (const line of edit?.split('\n') ?? []) lines.push(`       | ${line}`);
  if (promises !== null) lines.push(`       then ${promises}`);
  return lines.join('\n');
}

function ruleLines(rule: RuleReport): string {
  const { name, letter, monotoneBy, causes, notes, literals, mechanism } = rule;
  const signs = literals.map(({ relation, sign }) => `${sign}${relation}`).join(' ');
  const by = monotoneBy === null ? '' : ` by ${monotoneBy}`;
  const needs = mechanism === 'none' ? '' : `; ${mechanism}`;
  const remarks = notes.length === 0 ? '' : `; ${notes.join(', ')}`;
  return [
    `  ${name}: ${letter}${by} (${signs})${needs}${remarks}`,
    ...causes.map(
      ({ reason, span, keeps }) =>
        `    ${reason} \`${text(span)}\`${keeps === null ? '' : ` of ${keeps}`}`,
    ),
  ].join('\n');
}
