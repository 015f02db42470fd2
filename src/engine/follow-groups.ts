/** Brings the large groups of an aggregate up to date by the bindings that come and go. */
import type { PlannedRule } from '../plan/physical-plan.js';
import { createRelation } from './create-relation.js';
import { insertGroup, type GroupParts } from './finish-groups.js';
import type { Relation } from './relation.js';
import { RunningGroups } from './running-groups.js';

export class Following {
  /** The relation whose tuples the bindings are. */
  readonly slot: number;
  readonly running: RunningGroups;
  readonly #rule: PlannedRule;
  readonly #collect: (change: Relation) => void;
  readonly #parts: GroupParts;

  /** `collect` collects the bindings of a change; groups of fewer than `least` are left to be computed. */
  constructor(
    rule: PlannedRule,
    slot: number,
    collect: (change: Relation) => void,
    parts: GroupParts,
    least: number,
  ) {
    [this.#rule, this.slot, this.#collect, this.#parts] = [rule, slot, collect, parts];
    const { aggregateColumns } = parts.runtime.groupsOf(rule.rule.id);
    this.running = new RunningGroups(aggregateColumns, least);
  }

  /** Inserts the tuples of the given groups that follow; gives the others. */
  update(groups: Relation, { gone, come }: { gone: Relation; come: Relation }): Relation {
    if (this.running.isEmpty) return groups;
    // What has come first: where it is the greatest value, that the one before goes says nothing.
    this.#follow(come, 1);
    this.#follow(gone, -1);
    const others = createRelation(groups.arity);
    this.#parts.runtime.finishing(this.#rule.rule.id, () =>
      groups.forEach('visible', (group) => {
        const values = this.running.valuesOf(group);
        if (values === null) others.insert(group);
        else if (values !== 'empty') insertGroup(this.#rule, this.#parts, group, values);
      }),
    );
    others.settle();
    return others;
  }

  #follow(change: Relation, sign: 1 | -1): void {
    if (change.size === 0) return;
    const { runtime } = this.#parts;
    const { id } = this.#rule.rule;
    this.#collect(change);
    runtime.finishing(id, () =>
      runtime
        .groupsOf(id)
        .drain(runtime, (group, bindings) => this.running.follow(group, bindings, sign)),
    );
  }
}
