/**
 * What the rules with `@next`, `@async`, `delete` and `upsert` ask for. Rules that fill one bag
 * are a group: all `@next` rules of a relation, all `upsert` rules of one, each `@async` rule and
 * each `delete` rule by itself. A group's bag is a relation of the store like any other, in a slot
 * behind those of the program's relations, and derived like them.
 */
import type { PhysicalPlan, PlanHeadMode, PlannedRule } from '../plan/physical-plan.js';

export interface EffectGroup {
  readonly mode: Exclude<PlanHeadMode, 'now'>;
  /** Of the heads' relation. */
  readonly slot: number;
  /** Of what is asked for. */
  readonly wanted: number;
  readonly rules: readonly PlannedRule[];
  readonly reads: readonly number[];
  /** Of a `delete` rule, the columns that its tuples have; else all. */
  readonly columns: readonly number[];
  /** Whether it reads an event-driven relation. */
  readonly eventDriven: boolean;
  readonly isMaintained: boolean;
}

export function groupEffects(plan: PhysicalPlan): readonly EffectGroup[] {
  const byKey = new Map<string, PlannedRule[]>();
  for (const rule of plan.effects) {
    const { mode } = rule.rule.head;
    const key = mode === 'next' || mode === 'upsert' ? `${mode} ${rule.head}` : `${rule.rule.id}`;
    const rules = byKey.get(key);
    if (rules === undefined) byKey.set(key, [rule]);
    else rules.push(rule);
  }
  return [...byKey.values()].map((rules, i) => makeGroup(plan, rules, plan.relations.length + i));
}

function makeGroup(plan: PhysicalPlan, rules: readonly PlannedRule[], wanted: number): EffectGroup {
  const [first] = rules as readonly [PlannedRule];
  const { head } = first.rule;
  return {
    mode: head.mode as EffectGroup['mode'],
    slot: first.head,
    wanted,
    rules,
    reads: [...new Set(rules.flatMap((rule) => rule.reads))].sort((a, b) => a - b),
    columns: head.arguments.flatMap((argument, column) =>
      argument.kind === 'term' && argument.term.kind === 'wildcard' ? [] : [column],
    ),
    eventDriven: first.rule.eventDriven,
    isMaintained: rules.some(({ rule }) => plan.maintainedEffects.has(rule.id)),
  };
}
