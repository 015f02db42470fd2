/** An explanation for a terminal: the verdict with its blames, then what it rests on, then what would change it. */
import picocolors from 'picocolors';
import type { Growth } from '../analysis/growth.js';
import { blameLines, groupBlames } from './blame-text.js';
import { explainRelation } from './explain-relation.js';
import type { ConeRelation, ConeRule, Explanation } from './explain-relation.js';
import { stationName } from '../analysis/made-up-relations.js';
import { listPhrase } from './mechanism-words.js';
import type { MonotonicityReport } from './monotonicity-report.js';
import { observableText } from './render-report-text.js';
import { letterOf, whyText } from './rule-words.js';
import {
  determinismText,
  differenceText,
  holdersText,
  kindText,
  summaryOf,
} from './verdict-words.js';

type Colors = ReturnType<typeof picocolors.createColors>;

export const growthTexts: Readonly<Record<Growth, string>> = {
  static: 'never changes',
  inflationary: 'only grows',
  event: 'holds in the timesteps of events',
  volatile: 'may shrink',
};

export function renderExplanationText(
  report: MonotonicityReport,
  name: string,
  options: { readonly color: boolean },
): string {
  const colors = picocolors.createColors(options.color);
  const explanation = explainRelation(report, name);
  return [
    verdictText(report, explanation, colors),
    coneText(report, explanation, colors),
    changeText(report, explanation),
  ].join('\n');
}

function verdictText(
  report: MonotonicityReport,
  { relation, verdict, observable }: Explanation,
  colors: Colors,
): string {
  if (observable !== null && !observable.met)
    return observableText(report, observable, new Map(), colors);
  if (observable !== null) {
    const { kind, verdict: word, blame } = observable;
    const blames = groupBlames(blame).flatMap((each) => blameLines(report.program, each, colors));
    const lines = [
      colors.bold(`${relation.name}: ${word}; ${kind}: ${summaryOf(observable, report)}`),
      `  ${differenceText(observable)}`,
      ...blames,
    ];
    return `${lines.join('\n')}\n`;
  }
  const blames = groupBlames(verdict.blame).flatMap((each) =>
    blameLines(report.program, each, colors),
  );
  return [
    colors.bold(`${relation.name}: ${verdict.verdict}; it is not shown, so nothing is asked of it`),
    `  ${differenceText(verdict)}`,
    ...blames,
    '',
  ].join('\n');
}

function coneText(
  report: MonotonicityReport,
  { relation, cone }: Explanation,
  colors: Colors,
): string {
  const lines = cone.flatMap((each) => relationLines(report, each, colors));
  return `${colors.bold(`what \`${relation.name}\` rests on, nearest first`)}\n${lines.map((line) => `${line}\n`).join('')}`;
}

function relationLines(
  report: MonotonicityReport,
  { relation, rules, facts }: ConeRelation,
  colors: Colors,
): readonly string[] {
  const { doc, growth, determinism } = relation;
  const name = stationName(report.program, relation.name);
  const paint = { D0: colors.dim, D1: colors.green, D2: colors.yellow, D3: colors.red }[
    determinism
  ];
  const given = facts === 0 ? '' : `; ${facts} fact${facts === 1 ? '' : 's'}`;
  const held = relation.replicated ? `; ${holdersText(relation, report.program)}` : '';
  const verdict = paint(`${determinism} ${determinismText(determinism)}`);
  const said = doc === null ? [] : doc.split('\n');
  return [
    `  ${kindText(relation)} ${colors.bold(name)}: ${growthTexts[growth]}; ${verdict}${held}${given}`,
    ...said.map((line) => `    ${colors.dim(`/// ${line}`)}`),
    ...rules.map((rule) => `    ${ruleLine(report, rule, colors)}`),
  ];
}

function ruleLine(report: MonotonicityReport, { rule, mode }: ConeRule, colors: Colors): string {
  const paint = { monotone: colors.green, convergent: colors.yellow, divergent: colors.red };
  const time = {
    now: '',
    next: '@next',
    async: '@async',
    delete: ' (deletes)',
    upsert: ' (replaces)',
  };
  const literals = rule.literals.map(
    ({ relation, sign }) => `${signText(sign)}${stationName(report.program, relation)}`,
  );
  const reads = literals.length === 0 ? 'reads nothing' : `reads ${literals.join(', ')}`;
  return `${paint[rule.letter](letterOf[rule.letter])} ${stationName(report.program, rule.name)}${time[mode]} ${reads}: ${whyText(report, rule)}`;
}

/** How the head moves as the relation grows. */
function signText(sign: RelationSign): string {
  return sign === '+' ? '+' : sign === '-' ? '-' : '±';
}
type RelationSign = '+' | '-' | '+-';

function changeText(
  { program }: MonotonicityReport,
  { relation, verdict, observable, cone }: Explanation,
): string {
  if (verdict.verdict === 'confluent')
    return `nothing needs to change: \`${relation.name}\` may be shown, stored and sent as it is\n`;
  const blamed = verdict.blame.flatMap(({ rule }) =>
    rule === null ? [] : [stationName(program, rule)],
  );
  const rules = [...new Set(blamed)];
  const free = cone
    .filter(({ relation: { determinism, name } }) => determinism !== 'D3' && name !== relation.name)
    .map(({ relation: { name } }) => name)
    .filter((name) => program.relations.get(name)?.madeFrom === undefined);
  const where =
    rules.length === 0 ? 'its declaration' : `the marked places in ${listPhrase(rules)}`;
  const rest =
    free.length === 0
      ? ''
      : `; ${listPhrase(free)} can stay as ${free.length === 1 ? 'it is' : 'they are'}`;
  const lines = verdict.suggestions.map(({ title }) => `  - ${title}\n`).join('');
  const heading =
    observable?.met === true
      ? 'it meets its obligation; what would make it confluent'
      : 'what would change it';
  return `${heading}: ${where}${rest}\n${lines}`;
}
