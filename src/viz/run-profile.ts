/**
 * The profile of a run as data: what its phases took, and what rules and relations cost, summed over
 * nodes. `trellis run --profile` shows it as a table, as JSON and as a page.
 */
import { rangeOf } from '../base/span.js';
import type { EvaluatorStatistics, VersionStatistics } from '../evaluator/evaluator.js';

export interface RunProfile {
  readonly schema: 'trellis/profile/1';
  readonly program: string;
  /** Whether the run was ended from outside. */
  readonly interrupted: boolean;
  readonly phases: readonly { readonly phase: string; readonly ms: number }[];
  readonly timesteps: number;
  /** Of all timesteps; what is not of rules is inputs, indexes and commits. */
  readonly evaluateMs: number;
  /** The most expensive first. */
  readonly rules: readonly RuleProfile[];
  readonly relations: readonly RelationProfile[];
}
interface Costs {
  readonly ms: number;
  readonly calls: number;
  readonly derivations: number;
  readonly inserts: number;
  readonly probes: number;
}
export interface RuleProfile extends Costs {
  readonly rule: string;
  readonly relation: string;
  /** `file:line`. */
  readonly place: string;
  readonly parts: readonly (Costs & { readonly part: string })[];
}
export interface RelationProfile {
  readonly relation: string;
  readonly tuples: number;
  readonly bytes: number;
  /** Null without tuples. */
  readonly bytesPerTuple: number | null;
  /** Of its rules. */
  readonly ms: number;
  readonly derivations: number;
  readonly inserts: number;
  readonly probes: number;
}

export interface ProfiledRun {
  readonly program: string;
  readonly interrupted: boolean;
  readonly phases: RunProfile['phases'];
  /** One a node. */
  readonly statistics: readonly EvaluatorStatistics[];
}

export function makeRunProfile({
  program,
  interrupted,
  phases,
  statistics,
}: ProfiledRun): RunProfile {
  const profiles = statistics.flatMap(({ profile }) => profile ?? []);
  const rules = ruleProfiles(profiles.flatMap(({ versions }) => versions));
  return {
    schema: 'trellis/profile/1',
    program,
    interrupted,
    phases,
    timesteps: total(profiles, 'timesteps'),
    evaluateMs: rounded(total(profiles, 'ms')),
    rules,
    relations: relationProfiles(statistics, rules),
  };
}

function ruleProfiles(versions: readonly VersionStatistics[]): readonly RuleProfile[] {
  const byRule = groupBy(versions, ({ rule }) => rule);
  const rules = [...byRule].map(([rule, own]): RuleProfile => {
    const { relation, span } = own[0]!;
    const { file, start } = rangeOf(span);
    const parts = [...groupBy(own, ({ part }) => part)].map(([part, same]) => ({
      part,
      ...sum(same),
    }));
    return { rule, relation, place: `${file}:${start.line}`, ...sum(own), parts };
  });
  return rules.sort((a, b) => b.ms - a.ms || (a.rule < b.rule ? -1 : 1));
}

function relationProfiles(
  statistics: readonly EvaluatorStatistics[],
  rules: readonly RuleProfile[],
): readonly RelationProfile[] {
  const all = groupBy(
    statistics.flatMap(({ relations }) => relations),
    ({ relation }) => relation,
  );
  const profiles = [...all].map(([relation, own]): RelationProfile => {
    const [tuples, bytes] = [total(own, 'tuples'), total(own, 'bytes')];
    const { ms, derivations, inserts, probes } = sum(
      rules.filter((rule) => rule.relation === relation),
    );
    const bytesPerTuple = tuples === 0 ? null : Math.round((10 * bytes) / tuples) / 10;
    return { relation, tuples, bytes, bytesPerTuple, ms, derivations, inserts, probes };
  });
  return profiles
    .filter(({ tuples, ms }) => tuples > 0 || ms > 0)
    .sort((a, b) => b.bytes - a.bytes || (a.relation < b.relation ? -1 : 1));
}

function sum(costs: readonly Costs[]): Costs {
  return {
    ms: rounded(total(costs, 'ms')),
    calls: total(costs, 'calls'),
    derivations: total(costs, 'derivations'),
    inserts: total(costs, 'inserts'),
    probes: total(costs, 'probes'),
  };
}

function total<K extends string>(items: readonly Readonly<Record<K, number>>[], key: K): number {
  return items.reduce((all, item) => all + item[key], 0);
}

/** To microseconds. */
function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): ReadonlyMap<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return groups;
}
