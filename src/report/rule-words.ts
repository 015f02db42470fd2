/**
 * A rule's letter in words: why it is monotone, or what each of its marked places does; and what it
 * hands on, for a monotone rule over a divergent relation is no remedy.
 */
import type { MonotoneBy } from '../analysis/classify-rules.js';
import type { RuleReport } from '../analysis/confluence-report.js';
import { reasonText } from '../analysis/reason-text.js';
import type { OwnCause, RuleLetter } from '../analysis/classify-rules.js';
import { sourceName } from '../analysis/made-up-relations.js';
import { listPhrase } from './mechanism-words.js';
import type { MonotonicityReport } from './monotonicity-report.js';

/** The letter in the margin. */
export const letterOf: Readonly<Record<RuleLetter, 'M' | 'C' | 'D'>> = {
  monotone: 'M',
  convergent: 'C',
  divergent: 'D',
};

export const letterMeanings: readonly (readonly ['M' | 'C' | 'D', string])[] = [
  ['M', 'monotone: no schedule shows through'],
  ['C', 'convergent: what it shows may be taken back, and ends the same'],
  ['D', 'divergent: the order of events decides, and what they decided stays'],
];

const monotoneTexts: Readonly<Record<MonotoneBy, string>> = {
  static: 'reads only what never changes',
  'own-steps': 'a function of the node’s own timesteps',
  'single-event': 'a map over single events',
  threshold: 'a bound of a value that only moves one way',
  'even-negation': 'negates what only shrinks',
  growing: 'joins: more in, no less out',
};

const noteTexts: Readonly<Record<RuleReport['notes'][number], string>> = {
  subsumed: 'makes no difference: another rule derives all that it does',
  'never-fires': 'never fires: it reads what nothing ever comes to',
  'contradicts-itself': 'never fires: what it asks for and what it denies never hold together',
  unobserved: 'nothing that is shown depends on it',
};

/** Why the rule has its letter, in one line. */
export function whyText(report: MonotonicityReport, rule: RuleReport): string {
  return whyParts(report, rule).join('; ');
}

/** Why the rule has its letter, what it hands on, and what else is to be said of it. */
export function whyParts(report: MonotonicityReport, rule: RuleReport): readonly string[] {
  const notes = rule.notes.map((note) => noteTexts[note]);
  // A rule that was left out of the analysis has no other reason.
  if (rule.notes.some((note) => note !== 'unobserved')) return notes;
  const own =
    rule.monotoneBy === null
      ? [...new Set(rule.causes.map(causeText))]
      : [monotoneTexts[rule.monotoneBy]];
  const handedOn = inheritedBy(report, rule);
  if (handedOn === null) return [...own, ...notes];
  const { relations, verdict } = handedOn;
  const hands = `hands on ${listPhrase(relations)}, which ${relations.length === 1 ? 'is' : 'are'} ${verdict}`;
  return [...own, hands, ...notes];
}

/** What a marked place does; a rule that keeps another's passing results names it. */
export function causeText({ reason, keeps }: OwnCause): string {
  return keeps === null ? reasonText(reason) : `${reasonText(reason)}: that of rule \`${keeps}\``;
}

/** What it reads that is worse than the rule itself makes anything; null if nothing is. */
function inheritedBy(
  report: MonotonicityReport,
  { literals, letter, monotoneBy, id }: RuleReport,
): { readonly relations: readonly string[]; readonly verdict: string } | null {
  const head = report.program.rules[id]?.head.relation;
  const read = [...new Set(literals.map(({ relation }) => relation))].sort();
  const holding = (determinism: string): readonly string[] =>
    read.filter((n) => n !== head && report.relationByName.get(n)?.determinism === determinism);
  const asWritten = (names: readonly string[]): readonly string[] => [
    ...new Set(names.map((name) => sourceName(report.program, name))),
  ];
  const divergent = letter === 'divergent' ? [] : holding('D3');
  if (divergent.length > 0) return { relations: asWritten(divergent), verdict: 'divergent' };
  // A bound stays true, and what negates twice what may shrink only grows.
  const isProof = monotoneBy === 'threshold' || monotoneBy === 'even-negation';
  const convergent = letter === 'monotone' && !isProof ? holding('D2') : [];
  return convergent.length > 0 ? { relations: asWritten(convergent), verdict: 'convergent' } : null;
}
