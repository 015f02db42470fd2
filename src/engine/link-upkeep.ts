/**
 * Makes the code that brings a unit up to date, when a change first reaches it: programs that run
 * one timestep never pay for it, nor for the indexes that it looks things up by.
 */
import { defined } from '../base/assert.js';
import type { PhysicalPlan, PlannedRule, Step } from '../plan/physical-plan.js';
import type { ChangeVersion, RuleUpkeep } from '../plan/plan-upkeep.js';
import type { Changes } from './changes.js';
import type { EffectGroup } from './effect-groups.js';
import type { LinkedUnit } from './load.js';
import type { RelationStore } from './relation-store.js';
import { finishGroups } from './finish-groups.js';
import { Following } from './follow-groups.js';
import type { Runtime, Target } from './runtime.js';
import { Upkeep, type ChangeCode, type ChangeRun, type UpkeepRule } from './upkeep.js';

export interface LinkParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly runtime: Runtime;
  readonly targetOf: (rule: number) => Target;
  /** Smaller groups of aggregates are computed anew. */
  readonly leastRunning: number;
}

/** `slots`: of the heads of the rules, that of what is asked for where they are effects. */
export function linkUpkeep(
  rules: readonly PlannedRule[],
  slots: readonly number[],
  parts: LinkParts,
): Upkeep {
  const { plan, store, changes, runtime } = parts;
  const isEffect = slots.some((slot) => slot >= plan.relations.length);
  const own = new Set(isEffect ? [] : slots);
  const { rules: planned, linked } = runtime.linkUpkeep(rules, own);
  for (const { bodies } of planned)
    for (const { leave, enter, restore } of bodies)
      for (const steps of [...[...leave, ...enter].map((version) => version.steps), restore])
        keepIndexes(steps, plan, store);
  const ruleOf = (upkeep: RuleUpkeep): UpkeepRule => {
    const head = isEffect ? slots[0]! : upkeep.planned.head;
    return linkRule(upkeep, head, linked, parts);
  };
  const linkedRules = planned.map(ruleOf);
  for (const {
    planned: { rule },
    head,
    merges,
    groupColumns,
  } of linkedRules)
    if ((rule.aggregated || merges) && groupColumns.length > 0)
      store.ensureIndex(head, groupColumns);
  return new Upkeep({
    plan,
    store,
    changes,
    slots,
    rules: linkedRules,
    finishGroups: ({ planned: rule, following }) =>
      finishGroups(rule, parts, following?.running ?? null),
  });
}

function keepIndexes(steps: readonly Step[], plan: PhysicalPlan, store: RelationStore): void {
  for (const { access, literal } of steps) {
    if (access === null || access.changeWidth !== null) continue;
    const { slot, columns } = access;
    const relation = plan.relations[slot]!;
    const arity = relation.schema.columns.length;
    // Given pairs are read as rows, by one column or the other.
    if (relation.isGiven && arity === 2 && literal.kind === 'atom' && !literal.negated) continue;
    if (columns.length > 0 && columns.length < arity) store.ensureIndex(slot, columns);
  }
}

function linkRule(
  { planned, bodies, follow }: RuleUpkeep,
  head: number,
  linked: LinkedUnit,
  parts: LinkParts,
): UpkeepRule {
  const { plan, runtime } = parts;
  const { merged } = plan.relations[planned.head]!;
  const { id, head: stated } = planned.rule;
  const codeOf = (body: number, purpose: string): ChangeCode =>
    defined(linked[`r${id}b${body}${purpose}`], `generated code for ${purpose}`) as ChangeCode;
  const runsOf = (
    versions: readonly ChangeVersion[],
    body: number,
    purpose: string,
  ): readonly ChangeRun[] =>
    versions.map(({ literal, slot, isNegated }) => ({
      slot,
      isNegated,
      run: codeOf(body, `${purpose}${literal}`),
    }));
  const following =
    follow === null
      ? null
      : new Following(
          planned,
          follow.slot,
          codeOf(0, `follow${follow.literal}`),
          parts,
          parts.leastRunning,
        );
  const held = [...stated.arguments.entries()].filter(
    ([, argument]) => argument.kind !== 'term' || argument.term.kind !== 'wildcard',
  );
  return {
    planned,
    head,
    leave: bodies.flatMap(({ leave }, body) => runsOf(leave, body, 'leave')),
    enter: bodies.flatMap(({ enter }, body) => runsOf(enter, body, 'enter')),
    restore: bodies.map((_, body) => codeOf(body, 'restore0')),
    noted: runtime.notedOf(planned),
    following,
    merges: held.some(([column]) => merged.includes(column)),
    groupColumns: held.flatMap(([column, argument], place) =>
      argument.kind === 'term' && !merged.includes(column) ? [place] : [],
    ),
  };
}

/** Tables whose changes some unit starts from. */
export function tablesToWatch(
  plan: PhysicalPlan,
  groups: readonly EffectGroup[],
): ReadonlySet<number> {
  const units = [...plan.strata, ...groups].filter(({ isMaintained }) => isMaintained);
  const slots = units.flatMap((unit) => [
    ...unit.reads,
    ...('relations' in unit ? unit.relations : []),
  ]);
  // A standing `delete` looks at what has come since.
  const deleted = groups.flatMap(({ mode, slot }) => (mode === 'delete' ? [slot] : []));
  return new Set(
    [...slots, ...deleted].filter((slot) => plan.relations[slot]!.storage === 'stored'),
  );
}
