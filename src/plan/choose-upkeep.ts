/**
 * Which relations are kept from timestep to timestep and brought up to date, and which are derived
 * anew. A relation is momentary if each of its tuples needs an event of the timestep: it comes in
 * from outside, or every body that derives it has a positive atom over a momentary relation. Such
 * relations are small and wholly other in every timestep, so they are derived anew, from the event
 * on. Everything else that is derived may be large while little of it changes.
 *
 * A greatest fixpoint: relations are taken to be momentary until a body tells otherwise.
 */
import type { Body, Program, Relation, Rule } from '../semantics/program.js';

/** Whether a relation keeps nothing by its kind. */
function isTransient({ kind }: Relation): boolean {
  return kind !== 'table' && kind !== 'static' && kind !== 'lattice';
}

/** Names of the relations that are momentary. */
export function momentaryRelations(program: Program): ReadonlySet<string> {
  const momentary = new Set(
    [...program.relations.values()].filter(isTransient).map(({ name }) => name),
  );
  const rules = program.rules.filter(({ head }) => head.mode === 'now');
  for (let before = -1; before !== momentary.size;) {
    before = momentary.size;
    for (const rule of rules)
      if (!isMomentary(rule, momentary)) momentary.delete(rule.head.relation);
  }
  return momentary;
}

/** Whether every body of the rule waits for an event. */
function isMomentary({ bodies }: Rule, momentary: ReadonlySet<string>): boolean {
  return bodies.every((body) => waitsForEvent(body, momentary));
}

function waitsForEvent({ literals }: Body, momentary: ReadonlySet<string>): boolean {
  return literals.some(
    (literal) => literal.kind === 'atom' && !literal.negated && momentary.has(literal.relation),
  );
}

/** Whether rules that run together are worth being brought up to date. */
export function isWorthUpkeep(rules: readonly Rule[], momentary: ReadonlySet<string>): boolean {
  return !rules.every((rule) => isMomentary(rule, momentary));
}
