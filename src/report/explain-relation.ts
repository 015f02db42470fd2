/**
 * Why a relation has its verdict: the relations and rules upstream of it, nearest first, each with
 * what the analysis found of it, and what would have to change. Any relation can be asked about;
 * one that is not shown to the outside is treated as a view, and carries no obligation.
 */
import { analyzeConfluence } from '../analysis/confluence.js';
import type {
  ObservableReport,
  RelationReport,
  RuleReport,
} from '../analysis/confluence-report.js';
import { defined } from '../base/assert.js';
import type { HeadMode } from '../semantics/program.js';
import type { MonotonicityReport, ReportedObservable } from './monotonicity-report.js';

export interface Explanation {
  readonly relation: RelationReport;
  /** As if it were shown, for a relation that is not. */
  readonly verdict: ObservableReport;
  /** Null for a relation that is not shown. */
  readonly observable: ReportedObservable | null;
  /** The relation itself and all upstream of it. */
  readonly cone: readonly ConeRelation[];
}
export interface ConeRelation {
  readonly relation: RelationReport;
  /** Rules between it and the explained relation, on the shortest way. */
  readonly distance: number;
  /** The rules that derive it, or delete from it, in program order. */
  readonly rules: readonly ConeRule[];
  /** Facts that the program states. */
  readonly facts: number;
}
export interface ConeRule {
  readonly rule: RuleReport;
  readonly mode: HeadMode;
}

/** The relation must be one of the program's. */
export function explainRelation(report: MonotonicityReport, name: string): Explanation {
  const { program } = report;
  const observable = report.observables.find(({ relation }) => relation === name) ?? null;
  const asked = { ...program, observables: [...new Set([...program.observables, name])].sort() };
  const verdict =
    observable ?? analyzeConfluence(asked).observables.find(({ relation }) => relation === name);
  return {
    relation: defined(report.relationByName.get(name), `relation ${name}`),
    verdict: defined(verdict, `the verdict of ${name}`),
    observable,
    cone: coneOf(report, name),
  };
}

function coneOf(
  { program, rules, relationByName }: MonotonicityReport,
  name: string,
): readonly ConeRelation[] {
  const rulesByHead = new Map<string, ConeRule[]>();
  for (const rule of rules) {
    const { mode, relation } = program.rules[rule.id]!.head;
    rulesByHead.set(relation, [...(rulesByHead.get(relation) ?? []), { rule, mode }]);
  }
  const cone: ConeRelation[] = [];
  const seen = new Set([name]);
  const queue = [{ name, distance: 0 }];
  for (const next of queue) {
    const own = rulesByHead.get(next.name) ?? [];
    cone.push({
      relation: defined(relationByName.get(next.name), `relation ${next.name}`),
      distance: next.distance,
      rules: own,
      facts: program.facts.filter(({ relation }) => relation === next.name).length,
    });
    for (const { rule } of own) {
      for (const { relation } of rule.literals) {
        if (seen.has(relation)) continue;
        seen.add(relation);
        queue.push({ name: relation, distance: next.distance + 1 });
      }
    }
  }
  return cone;
}
