/**
 * Rules that wait for a seal whose moment, or whose very coming, the schedule may decide.
 *
 * A producer keeps the values for which the condition of the seal has ever held, and tells them. So
 * what `sealed p(k)` comes to is the same under every schedule if what the condition ever holds of
 * is: if it is data, or derived from data by rules of which each run shows the same. A condition
 * that comes out differently, or that may be taken back, is latched by the seal, and a rule that
 * reads such a seal is not proved. Nor is one that waits for a seal which no producer can keep.
 * (That a condition may hold too early is another matter: the promise is then broken, and told.)
 */
import { nameOfSealed } from '../semantics/builtin-relations.js';
import type { Defect, Known } from './find-defects.js';
import { showsLattice } from './lattice-reads.js';
import { relationOf } from './program-index.js';
import { sealRefusal } from './unsealable.js';

/** One defect for each rule that reads a seal which is not proved; `spoiled` are relations that come out differently. */
export function findUnprovedSeals(known: Known, spoiled: ReadonlySet<string>): readonly Defect[] {
  const { index, growth } = known;
  const { seals } = index.program.remarks;
  if (seals.length === 0) return [];
  const replaced = new Set([...known.registers.values()].map(({ table }) => table));
  const isProved = (condition: string): boolean => {
    if (replaced.has(condition) || showsLattice(relationOf(index, condition))) return false;
    const mayFall =
      growth.growthByRelation.get(condition) === 'volatile' ||
      growth.movementOf(condition, 'value').falls;
    const isEvent = growth.growthByRelation.get(condition) === 'event';
    return !spoiled.has(condition) && (isEvent || !mayFall);
  };
  return index.clauses.flatMap((clause) =>
    clause.atoms.flatMap((atom): readonly Defect[] => {
      const sealed = nameOfSealed(atom.relation);
      const seal = seals.find(({ relation }) => relation === sealed);
      if (seal === undefined) return [];
      const isRefused = sealRefusal(index.program, seal) !== null;
      if (!isRefused && isProved(seal.when.relation)) return [];
      const reason = isRefused ? 'unsealable' : 'reads-changing-state';
      return [{ relation: clause.head, clause, atom, reason, latched: false }];
    }),
  );
}
