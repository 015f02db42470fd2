/**
 * The JavaScript of a whole program: a function for each version of each rule. What to do behind
 * an evaluation that fails is generated when one does, which is seldom: written out beforehand it
 * would double with every literal that may fail.
 */
import { defined } from '../base/assert.js';
import { orderRest, type OrderingFacts } from '../plan/order-literals.js';
import type { PhysicalPlan, PlannedRule } from '../plan/physical-plan.js';
import { CodePools } from './code-pools.js';
import { CodeUnit } from './code-unit.js';
import { VersionGenerator } from './generate-version.js';
import { quoteComment } from './quote.js';

export interface GeneratedModule {
  /** The body of a function of the runtime `$`; returns functions by `versionKey`. */
  readonly source: string;
  /** Grow when `rest` is called. */
  readonly pools: CodePools;
  /** The body of a function of `$` that returns `rest`, for one failure site. */
  readonly rest: (site: number) => string;
}

/** The key of a version's function: of a delta version by the atom's position. */
function versionKey(rule: number, body: number, delta: number | null): string {
  return `r${rule}b${body}${delta === null ? 'full' : `d${delta}`}`;
}

/** `counts`: for a profile. */
export function generateModule(plan: PhysicalPlan, counts = false): GeneratedModule {
  const pools = new CodePools();
  const unit = new CodeUnit(pools, counts);
  const rules = [...plan.strata.flatMap((stratum) => stratum.rules), ...plan.effects];
  unit.writer.line(quoteComment(`program ${plan.program}`));
  for (const rule of rules) {
    for (const [body, { full, deltas }] of rule.bodies.entries()) {
      for (const version of [full, ...deltas]) {
        const generator = new VersionGenerator(unit, plan, rule, body);
        generator.version(version, versionKey(rule.rule.id, body, version.delta));
      }
    }
  }
  const byId = new Map(rules.map((rule) => [rule.rule.id, rule] as const));
  return { source: unit.source(), pools, rest: (site) => generateRest(plan, byId, pools, site) };
}

function generateRest(
  plan: PhysicalPlan,
  rules: ReadonlyMap<number, PlannedRule>,
  pools: CodePools,
  site: number,
): string {
  const { rule: id, body, others, bound } = defined(pools.sites[site], 'a failure site');
  const rule = defined(rules.get(id), 'a rule');
  const facts: OrderingFacts = {
    slotOf: (name) => defined(plan.slotByName.get(name), `relation ${name}`),
    estimateOf: (name) => plan.relations[plan.slotByName.get(name)!]!.estimate,
  };
  const steps = orderRest(rule.bodies[body]!.body, others, bound, facts);
  const unit = new CodeUnit(pools);
  new VersionGenerator(unit, plan, rule, body).rest(steps, bound, 'rest');
  return unit.source();
}
