/** Groups of an aggregate into tuples of its head. */
import type { Value } from '../base/value.js';
import type { PhysicalPlan, PlannedRule } from '../plan/physical-plan.js';
import type { Words } from './relation.js';
import type { RunningGroups } from './running-groups.js';
import type { Runtime, Target } from './runtime.js';

export interface GroupParts {
  readonly plan: PhysicalPlan;
  readonly runtime: Runtime;
  readonly targetOf: (rule: number) => Target;
}

/** Turns the groups that an aggregated rule has collected into tuples; large ones are kept in `running`. */
export function finishGroups(
  rule: PlannedRule,
  parts: GroupParts,
  running: RunningGroups | null,
): void {
  const { runtime } = parts;
  const { id } = rule.rule;
  runtime.finishing(id, () =>
    runtime.groupsOf(id).finish(runtime, (group, values, size) => {
      insertGroup(rule, parts, group, values);
      running?.computed(group, size, values);
    }),
  );
}

/** Inserts the tuple of a group. */
export function insertGroup(
  { rule: { id }, head }: PlannedRule,
  { plan, runtime, targetOf }: GroupParts,
  group: Words,
  values: readonly Value[],
): void {
  const { columns } = plan.relations[head]!.schema;
  const target = targetOf(id);
  target.row.set(
    runtime
      .groupsOf(id)
      .headOf(group, values, (value, column) =>
        runtime.columnWord(value, head, column, columns[column]!.type),
      ),
  );
  target.insert();
}
