/**
 * What changed between two versions of a program, as the analysis sees it. Observables and relations
 * go by name. Rules without a label are numbered and shift when one is put between them: rules with
 * the same text are the same rule, and only of the others does the name decide.
 */
import type { RelationReport, RuleReport } from '../analysis/confluence-report.js';
import type { Blame } from '../analysis/confluence-report.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';

/** One thing before and after; null where it is not there. */
export interface Change<T> {
  readonly name: string;
  readonly before: T | null;
  readonly after: T | null;
}
export interface ObservableChange extends Change<ReportedObservable> {
  /** Blames that the older version did not have. */
  readonly newBlame: readonly Blame[];
}
export interface ReportDifference {
  readonly before: MonotonicityReport;
  readonly after: MonotonicityReport;
  readonly observables: readonly ObservableChange[];
  readonly rules: readonly Change<RuleReport>[];
  readonly relations: readonly Change<RelationReport>[];
  /** Channels of the ordered log; equal lists where nothing changed. */
  readonly log: { readonly before: readonly string[]; readonly after: readonly string[] };
}

export function compareReports(
  before: MonotonicityReport,
  after: MonotonicityReport,
): ReportDifference {
  return {
    before,
    after,
    observables: compareObservables(before, after),
    rules: compareRules(before.rules, after.rules),
    relations: changesByName(before.relations, after.relations, relationKey),
    log: {
      before: before.plan.orderedLog?.channels ?? [],
      after: after.plan.orderedLog?.channels ?? [],
    },
  };
}

/** Whether the two versions are the same to the analysis. */
export function isSame({ observables, rules, relations, log }: ReportDifference): boolean {
  const sameLog = log.before.join(' ') === log.after.join(' ');
  return observables.length + rules.length + relations.length === 0 && sameLog;
}

function compareObservables(
  before: MonotonicityReport,
  after: MonotonicityReport,
): readonly ObservableChange[] {
  const renamed = new Map(
    matchRules(before.rules, after.rules).flatMap(([old, now]) =>
      old === null || now === null ? [] : [[now.name, old.name] as const],
    ),
  );
  const blameKey = ({ rule, reason, relation }: Blame): string => `${rule} ${reason} ${relation}`;
  const oldName = (blame: Blame): Blame => ({
    ...blame,
    rule: blame.rule === null ? null : (renamed.get(blame.rule) ?? blame.rule),
  });
  const known = ({ blame }: ReportedObservable): ReadonlySet<string> =>
    new Set(blame.map(blameKey));
  const key = (o: ReportedObservable): string =>
    [o.kind, o.verdict, o.met, o.metWithCoordination, JSON.stringify(o.mechanism)].join(' ');
  const rows = pairs(
    before.observables.map((o) => [o.relation, o] as const),
    after.observables.map((o) => [o.relation, o] as const),
  );
  return rows.flatMap(({ name, before: old, after: now }) => {
    const olds = old === null ? new Set<string>() : known(old);
    const newBlame = (now?.blame ?? []).filter((blame) => !olds.has(blameKey(oldName(blame))));
    const isChanged = old === null || now === null || key(old) !== key(now) || newBlame.length > 0;
    return isChanged ? [{ name, before: old, after: now, newBlame }] : [];
  });
}

function relationKey({ kind, durable, growth, determinism, replicated }: RelationReport): string {
  return [kind, durable, growth, determinism, replicated].join(' ');
}

function ruleKey({ letter, mechanism }: RuleReport): string {
  return [letter, mechanism].join(' ');
}

function compareRules(
  before: readonly RuleReport[],
  after: readonly RuleReport[],
): readonly Change<RuleReport>[] {
  return matchRules(before, after).flatMap(([old, now]) => {
    const name = now?.name ?? old?.name ?? '';
    const isChanged =
      old === null || now === null || ruleKey(old) !== ruleKey(now) || textOf(old) !== textOf(now);
    return isChanged ? [{ name, before: old, after: now }] : [];
  });
}

/** Every rule of either version once, with its counterpart: the newer version's first, in order. */
function matchRules(
  before: readonly RuleReport[],
  after: readonly RuleReport[],
): readonly (readonly [RuleReport | null, RuleReport | null])[] {
  const left = new Set(before);
  const partner = new Map<RuleReport, RuleReport>();
  const match = (key: (rule: RuleReport) => string): void => {
    for (const now of after) {
      if (partner.has(now)) continue;
      const old = [...left].find((rule) => key(rule) === key(now));
      if (old === undefined) continue;
      left.delete(old);
      partner.set(now, old);
    }
  };
  match((rule) => `${rule.name} ${textOf(rule)}`);
  match(textOf);
  match(({ name }) => name);
  return [
    ...after.map((now) => [partner.get(now) ?? null, now] as const),
    ...[...left].map((old) => [old, null] as const),
  ];
}

/** The text of the statement, without its layout. */
function textOf({ span }: RuleReport): string {
  return span.file.text.slice(span.start, span.end).replace(/\s+/g, ' ').trim();
}

function changesByName<T extends { readonly name: string }>(
  before: readonly T[],
  after: readonly T[],
  key: (value: T) => string,
): readonly Change<T>[] {
  const rows = pairs(
    before.map((value) => [value.name, value] as const),
    after.map((value) => [value.name, value] as const),
  );
  return rows.filter(
    ({ before: old, after: now }) => old === null || now === null || key(old) !== key(now),
  );
}

/** The values of both sides by name, sorted. */
function pairs<T>(
  before: readonly (readonly [string, T])[],
  after: readonly (readonly [string, T])[],
): readonly Change<T>[] {
  const [olds, news] = [new Map(before), new Map(after)];
  const names = [...new Set([...olds.keys(), ...news.keys()])].sort();
  return names.map((name) => ({
    name,
    before: olds.get(name) ?? null,
    after: news.get(name) ?? null,
  }));
}
