/**
 * What to say of a timestep that went beyond a bound: the relation that grew most, and by how much.
 * Sizes are taken before the timestep is undone and once more after.
 */
import { defined } from '../base/assert.js';
import type { Failure } from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlanRelationSchema } from '../plan/physical-plan.js';
import type { EffectGroup } from './effect-groups.js';
import type { RelationStore } from './relation-store.js';
import type { TimestepEnds } from './timestep-ends.js';

const TOO_MUCH = 'TRL0808';

const helpByBound: Readonly<Record<'tuples' | 'storage' | 'host', string>> = {
  tuples:
    'a recursion that makes new values needs a condition that ends it; if the result really is so large, raise the bound: --max-tuples N',
  storage:
    'a recursion that makes new values needs a condition that ends it; no bound can be raised here: spread the tuples over several relations',
  host: 'a recursion that makes new values needs a condition that ends it; if the timestep really needs so much, raise the bound',
};

/** How large everything is in the middle of a timestep. */
export class Growth {
  readonly #plan: PhysicalPlan;
  readonly #store: RelationStore;
  readonly #sizes: number[];

  constructor(plan: PhysicalPlan, store: RelationStore, groups: readonly EffectGroup[]) {
    [this.#plan, this.#store] = [plan, store];
    this.#sizes = plan.relations.map(({ slot, storage }) =>
      storage !== 'ephemeral' || store.isRenewed(slot) ? store.current[slot]!.size : 0,
    );
    for (const { slot, wanted } of groups)
      if (store.isRenewed(wanted)) this.#sizes[slot]! += store.current[wanted]!.size;
  }

  /** After the timestep has been undone: the relation that had grown most, the least name among equals. */
  most(): { readonly schema: PlanRelationSchema; readonly by: number; readonly to: number } {
    const grown = this.#plan.relations.map(({ slot, schema, storage }) => {
      const before = storage === 'ephemeral' ? 0 : this.#store.current[slot]!.size;
      return { schema, by: this.#sizes[slot]! - before, to: this.#sizes[slot]! };
    });
    grown.sort((a, b) => b.by - a.by || (a.schema.name < b.schema.name ? -1 : 1));
    return defined(grown[0], 'a relation');
  }
}

/** `why`: `storage` when an array would have become too large. */
export function boundFailure(
  growth: Growth,
  maxTuples: number,
  why: TimestepEnds['why'] | 'storage',
  limit: string,
): Failure {
  const { schema, by, to } = growth.most();
  const kind = why === 'host' || why === 'storage' ? why : 'tuples';
  const ofNumber =
    why === 'raises'
      ? `lattice values grew more often than the bound of ${maxTuples} new tuples allows`
      : `the timestep went beyond ${maxTuples} new tuples`;
  const says = kind === 'tuples' ? ofNumber : limit;
  return {
    kind: 'failure',
    bound: true,
    ...(kind === 'host' ? { isOfHost: true } : {}),
    diagnostic: {
      code: TOO_MUCH,
      severity: 'error',
      message: `${says}: ${schema.name} grew by ${by}, to ${to} tuples`,
      primary: { span: schema.span, text: 'this relation grew most' },
      notes: ['the timestep was undone; nothing of it was stored or released'],
      help: helpByBound[kind],
    },
  };
}
