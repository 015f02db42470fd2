/**
 * Source files with the letter of each rule at its first line: the data of the margin view. A rule
 * with several heads, or of a module that is used several times, is one statement in the source:
 * it gets the worst of the letters, and what holds for some instances only says for which.
 */
import { positionAt, lineStarts } from '../base/span.js';
import type { SourceFile, Span } from '../base/span.js';
import type { RuleLetter } from '../analysis/classify-rules.js';
import type { RuleReport } from '../analysis/confluence-report.js';
import { isOwnRule } from '../analysis/made-up-relations.js';
import type { MonotonicityReport } from './monotonicity-report.js';
import { causeText, whyParts } from './rule-words.js';

export interface AnnotatedFile {
  readonly file: SourceFile;
  readonly lines: readonly AnnotatedLine[];
}
export interface AnnotatedLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  /** The statements of rules that begin here, in order. */
  readonly rules: readonly AnnotatedRule[];
  /** Places in this line that cost a rule its monotonicity, from left to right. */
  readonly marks: readonly LineMark[];
}
export interface AnnotatedRule {
  readonly letter: RuleLetter;
  /** Names of its rules, one a head and instance. */
  readonly names: readonly string[];
  /** Indices in `Program.rules`. */
  readonly ids: readonly number[];
  readonly why: string;
  readonly span: Span;
}
export interface LineMark {
  /** Code units from the start of the line. */
  readonly from: number;
  readonly to: number;
  readonly letter: RuleLetter;
  readonly text: string;
}

/** The program's own file first, then the others by path; files without rules are left out. */
export function annotateSource(report: MonotonicityReport): readonly AnnotatedFile[] {
  const byFile = new Map<SourceFile, RuleReport[]>();
  for (const rule of report.rules)
    byFile.set(rule.span.file, [...(byFile.get(rule.span.file) ?? []), rule]);
  const isMain = ({ path }: SourceFile): boolean =>
    path === report.program.name || path.endsWith(`/${report.program.name}`);
  return [...byFile]
    .sort(([a], [b]) => Number(isMain(b)) - Number(isMain(a)) || (a.path < b.path ? -1 : 1))
    .map(([file, rules]) => ({ file, lines: annotateLines(report, file, rules) }));
}

function annotateLines(
  report: MonotonicityReport,
  file: SourceFile,
  rules: readonly RuleReport[],
): readonly AnnotatedLine[] {
  const { program } = report;
  const statements = groupBySpan(rules.filter(({ id }) => !isOwnRule(program, program.rules[id]!)));
  const rulesByLine = new Map<number, AnnotatedRule[]>();
  const marksByLine = new Map<number, LineMark[]>();
  for (const group of statements) {
    const statement = annotateStatement(report, group);
    const { line } = positionAt(file, statement.span.start);
    rulesByLine.set(line, [...(rulesByLine.get(line) ?? []), statement]);
    for (const { line: at, mark } of marksOf(group))
      marksByLine.set(at, [...(marksByLine.get(at) ?? []), mark]);
  }
  const starts = lineStarts(file);
  const count = file.text.endsWith('\n') ? starts.length - 1 : starts.length;
  return Array.from({ length: count }, (_, i) => ({
    number: i + 1,
    text: file.text.slice(starts[i], starts[i + 1] ?? file.text.length).replace(/[\r\n]+$/, ''),
    rules: rulesByLine.get(i + 1) ?? [],
    marks: (marksByLine.get(i + 1) ?? []).sort((a, b) => a.from - b.from || a.to - b.to),
  }));
}

function groupBySpan(rules: readonly RuleReport[]): readonly (readonly RuleReport[])[] {
  const groups = new Map<string, RuleReport[]>();
  for (const rule of rules) {
    const key = `${rule.span.start} ${rule.span.end}`;
    groups.set(key, [...(groups.get(key) ?? []), rule]);
  }
  return [...groups.values()].sort((a, b) => a[0]!.span.start - b[0]!.span.start);
}

const byBadness: readonly RuleLetter[] = ['divergent', 'convergent', 'monotone'];

function worstLetter(group: readonly RuleReport[]): RuleLetter {
  return byBadness.find((letter) => group.some((rule) => rule.letter === letter)) ?? 'monotone';
}

function annotateStatement(
  report: MonotonicityReport,
  group: readonly RuleReport[],
): AnnotatedRule {
  const letter = worstLetter(group);
  const worst = group.filter((rule) => rule.letter === letter);
  const rulesByPart = new Map<string, RuleReport[]>();
  for (const rule of worst)
    for (const part of whyParts(report, rule))
      rulesByPart.set(part, [...(rulesByPart.get(part) ?? []), rule]);
  const reasons = [...rulesByPart].map(([part, rules]) =>
    rules.length < group.length ? `${part} (${namesOf(rules)})` : part,
  );
  return {
    letter,
    names: [...new Set(group.map(({ name }) => name))],
    ids: group.map(({ id }) => id),
    why: reasons.join('; '),
    span: group[0]!.span,
  };
}

function namesOf(rules: readonly RuleReport[]): string {
  return `in ${[...new Set(rules.map(({ name }) => `\`${name}\``))].join(', ')}`;
}

/** The places of all causes; one that not every rule of the statement has says whose it is. */
function marksOf(
  group: readonly RuleReport[],
): readonly { readonly line: number; readonly mark: LineMark }[] {
  const byPlace = new Map<string, { cause: RuleReport['causes'][number]; rules: RuleReport[] }>();
  for (const rule of group) {
    for (const cause of rule.causes) {
      const key = `${cause.span.start} ${cause.span.end} ${causeText(cause)}`;
      const known = byPlace.get(key);
      if (known === undefined) byPlace.set(key, { cause, rules: [rule] });
      else known.rules.push(rule);
    }
  }
  return [...byPlace.values()].map(({ cause, rules }) => {
    const { span } = cause;
    const start = positionAt(span.file, span.start);
    const end = positionAt(span.file, span.end);
    const lineEnd = (lineStarts(span.file)[start.line] ?? span.file.text.length + 1) - 1;
    const width = (end.line === start.line ? span.end : lineEnd) - span.start;
    const from = start.column - 1;
    const partly = rules.length < group.length ? ` (${namesOf(rules)})` : '';
    const text = causeText(cause) + partly;
    return {
      line: start.line,
      mark: { from, to: from + Math.max(1, width), letter: worstLetter(rules), text },
    };
  });
}
