/** The versions of one rule: each body in full, and once for each atom that recursion feeds. */
import { headVariables } from '../analysis/program-index.js';
import { defined } from '../base/assert.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type { Body, Rule } from '../semantics/program.js';
import { boundBy } from './literal-variables.js';
import { orderBody, type OrderingFacts } from './order-literals.js';
import type { BodyVersion, Part, PlannedBody, PlannedRule } from './physical-plan.js';

/**
 * `recursive` holds the relations of the head's stratum for a deductive rule, and none otherwise;
 * `hasLattice` tells whether one of them has a lattice column.
 */
export function planRule(
  rule: Rule,
  recursive: ReadonlySet<string>,
  hasLattice: boolean,
  facts: OrderingFacts,
): PlannedRule {
  const reads = new Set<number>();
  for (const { literals } of rule.bodies)
    for (const literal of literals)
      if (literal.kind === 'atom') reads.add(facts.slotOf(literal.relation));
  const bodies = rule.bodies.map((body) => planBody(body, recursive, facts));
  return {
    rule,
    head: facts.slotOf(rule.head.relation),
    bodies,
    reads: [...reads].sort((a, b) => a - b),
    variables: rule.aggregated ? sharedVariables(rule) : [],
    readsGrowing: hasLattice && bodies.some(({ deltas }) => deltas.length > 0),
  };
}

function planBody(body: Body, recursive: ReadonlySet<string>, facts: OrderingFacts): PlannedBody {
  const fed = body.literals.flatMap((literal, index) =>
    literal.kind === 'atom' && !literal.negated && recursive.has(literal.relation) ? [index] : [],
  );
  const full: BodyVersion = {
    delta: null,
    // What the recursion feeds is small at first.
    steps: orderBody(body, fed[0] ?? null, () => 'visible', facts),
  };
  const deltas = fed.map((delta): BodyVersion => {
    const partOf = (index: number): Part => {
      if (index === delta) return 'delta';
      return index < delta && fed.includes(index) ? 'old' : 'visible';
    };
    return { delta, steps: orderBody(body, delta, partOf, facts) };
  });
  return { body, full, deltas };
}

/** What an aggregate ranges over: of the variables that all bodies bind, those that the user named and those that the head shows. */
export function sharedVariables(rule: Rule): readonly string[] {
  const shown = new Set(headVariables(rule));
  const [first, ...others] = rule.bodies.map(
    ({ literals }) =>
      new Set(
        literals
          .flatMap((l) => [...boundBy(l)])
          .filter((name) => !isMadeUp(name) || shown.has(name)),
      ),
  );
  return [...defined(first, 'the body of a rule')]
    .filter((name) => others.every((names) => names.has(name)))
    .sort();
}
