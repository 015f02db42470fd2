/**
 * What to say of a timestep that went beyond a bound: the relation that grew most, and by how much.
 * Sizes are taken before the timestep is undone and once more after.
 */
import { defined } from '../base/assert.js';
import type { Failure } from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlanRelationSchema } from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
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

type Labels = NonNullable<Failure['diagnostic']['secondary']>;

interface Grown {
  /** In words. */
  readonly what: string;
  readonly schema: PlanRelationSchema;
  readonly by: number;
  readonly to: number;
}

interface Raised {
  readonly schema: PlanRelationSchema;
  readonly times: number;
}

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
  most(): Grown {
    const grown = this.#plan.relations.map(({ slot, schema, storage, isSupplementary }): Grown => {
      const before = storage === 'ephemeral' ? 0 : this.#store.current[slot]!.size;
      const what = isSupplementary ? `what rules of ${this.#servedBy(schema)} join` : schema.name;
      return { what, schema, by: this.#sizes[slot]! - before, to: this.#sizes[slot]! };
    });
    grown.sort((a, b) => b.by - a.by || (a.what < b.what ? -1 : 1));
    return defined(grown[0], 'a relation');
  }

  /** After the timestep has been undone: what grew, where values of a relation grew so often. */
  raised({ slot, times }: NonNullable<Budget['mostRaised']>): Raised | null {
    const planned = this.#plan.relations[slot];
    return planned === undefined ? null : { schema: planned.schema, times };
  }

  /** Where a rule of the program is, by its id. */
  ruleAt(id: number | null): Labels {
    const { strata, effects } = this.#plan;
    const rules = [...strata.flatMap((stratum) => stratum.rules), ...effects];
    const found = rules.find(({ rule }) => rule.id === id);
    if (found === undefined) return [];
    return [{ span: found.rule.origin.span, text: 'this rule was being evaluated' }];
  }

  /** The program's relation that a relation of the planner's serves; it stands where that does. */
  #servedBy({ span }: PlanRelationSchema): string {
    const own = this.#plan.relations.filter(({ isSupplementary }) => !isSupplementary);
    return defined(
      own.find(({ schema }) => schema.span === span),
      'a relation of the program',
    ).schema.name;
  }
}

/** `why`: `storage` when an array would have become too large. */
export function boundFailure(
  growth: Growth,
  maxTuples: number,
  {
    why,
    limit,
    rule,
  }: Pick<TimestepEnds, 'limit' | 'rule'> & { why: TimestepEnds['why'] | 'storage' },
  mostRaised: Budget['mostRaised'] = null,
): Failure {
  const { what, schema, by, to } = growth.most();
  const raised = why !== 'raises' || mostRaised === null ? null : growth.raised(mostRaised);
  const at = growth.ruleAt(rule);
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
      message:
        raised !== null
          ? `${says}: ${raised.schema.name} grew ${raised.times} times`
          : by > 0
            ? `${says}: ${what} grew by ${by}, to ${to} tuples`
            : `${says}, in which nothing grew`,
      primary: {
        span: (raised?.schema ?? schema).span,
        text: raised !== null || by > 0 ? 'this relation grew most' : 'in this program',
      },
      ...(at.length === 0 ? {} : { secondary: at }),
      notes: ['the timestep was undone; nothing of it was stored or released'],
      help: helpByBound[kind],
    },
  };
}
