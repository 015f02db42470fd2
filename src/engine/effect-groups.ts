/**
 * What the rules with `@next`, `@async`, `delete` and `upsert` ask for. Rules that fill one bag
 * are a group: all `@next` rules of a relation, all `upsert` rules of one, each `@async` rule and
 * each `delete` rule by itself. A group none of whose relations has changed since it was evaluated
 * asks for the same again, so it is not evaluated; its tuples count all the same.
 */
import type { PhysicalPlan, PlanHeadMode, PlannedRule } from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
import { createRelation } from './create-relation.js';
import type { Relation } from './relation.js';
import { Target } from './runtime.js';

export interface EffectGroup {
  readonly mode: Exclude<PlanHeadMode, 'now'>;
  /** Of the heads' relation. */
  readonly slot: number;
  readonly rules: readonly PlannedRule[];
  readonly reads: readonly number[];
  /** Of a `delete` rule, the columns that its tuples have; else all. */
  readonly columns: readonly number[];
  /** Whether it reads an event-driven relation. */
  readonly eventDriven: boolean;
  /** What it asks for, and asked for in the timestep before if that may differ. */
  wanted: Relation;
  former: Relation;
  isRenewed: boolean;
  /** Whether it has been evaluated in a timestep that was committed. */
  hasRun: boolean;
  /** Versions of `reads` when it was evaluated. */
  readonly stamps: Float64Array;
  /** One a rule. */
  readonly targets: ReadonlyMap<number, Target>;
}

export function groupEffects(plan: PhysicalPlan, budget: Budget): readonly EffectGroup[] {
  const byKey = new Map<string, PlannedRule[]>();
  for (const rule of plan.effects) {
    const { mode } = rule.rule.head;
    const key = mode === 'next' || mode === 'upsert' ? `${mode} ${rule.head}` : `${rule.rule.id}`;
    const rules = byKey.get(key);
    if (rules === undefined) byKey.set(key, [rule]);
    else rules.push(rule);
  }
  return [...byKey.values()].map((rules) => makeGroup(rules, budget));
}

function makeGroup(rules: readonly PlannedRule[], budget: Budget): EffectGroup {
  const [first] = rules as readonly [PlannedRule];
  const { head } = first.rule;
  const columns = head.arguments.flatMap((argument, column) =>
    argument.kind === 'term' && argument.term.kind === 'wildcard' ? [] : [column],
  );
  const reads = [...new Set(rules.flatMap((rule) => rule.reads))].sort((a, b) => a - b);
  const wanted = createRelation(columns.length);
  const counts = head.mode !== 'delete';
  return {
    mode: head.mode as EffectGroup['mode'],
    slot: first.head,
    rules,
    reads,
    columns,
    eventDriven: first.rule.eventDriven,
    wanted,
    former: createRelation(columns.length),
    isRenewed: false,
    hasRun: false,
    stamps: new Float64Array(reads.length),
    targets: new Map(
      rules.map(
        ({ rule }) => [rule.id, new Target(wanted, columns.length, budget, counts)] as const,
      ),
    ),
  };
}
