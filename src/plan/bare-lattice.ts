/** Which types' values have a bare form in columns and variables; see the engine's extreme-words.ts. */
import type { BareLattice, PlanType } from './physical-plan.js';

/** The lattice whose values are bare where the type stands; null for every other type. */
export function bareLattice(type: PlanType): BareLattice | null {
  if (type.kind !== 'lattice') return null;
  return type.name === 'lmin' || type.name === 'lmax' ? type.name : null;
}
