/** Where a term's type tells that its word fits a column, so that nothing need be tested. */
import { bareLattice } from './bare-lattice.js';
import type { PlanTerm, PlanType } from './physical-plan.js';

/** Whether every word that the term may give fits a column of the type. */
export function fitsSurely(term: PlanTerm, type: PlanType): boolean {
  if (type.kind === 'any' || type.kind === 'unknown') return true;
  if (term.kind === 'variable' || term.kind === 'constant')
    return JSON.stringify(term.type) === JSON.stringify(type);
  return holdsInt(type) && holdsInt(term.type);
}

/** Whether a type is `int`, or a bare lattice over ints: then every word that is computed fits. */
function holdsInt(type: PlanType): boolean {
  if (type.kind === 'lattice' && bareLattice(type) !== null)
    return type.arguments[0]?.kind === 'int';
  return type.kind === 'int';
}
