/**
 * Rules that wait for a seal whose moment, or whose very coming, the schedule may decide.
 *
 * `sealed p(k)` is filled from outside the rules, like an input. What it comes to is the same under
 * every schedule if the condition of the seal is data: an input or a static, which no rule derives.
 * Any other condition depends on rules, which may race, and on the moments at which it holds, so a
 * rule that reads such a seal is not proved.
 */
import { nameOfSealed } from '../semantics/builtin-relations.js';
import type { Defect, Known } from './find-defects.js';
import { clausesOf, relationOf } from './program-index.js';

/** One defect for each rule that reads a seal which is not plain data. */
export function findUnprovedSeals(known: Known): readonly Defect[] {
  const { index } = known;
  const isData = (relation: string): boolean => {
    const { kind } = relationOf(index, relation);
    return (kind === 'input' || kind === 'static') && clausesOf(index, relation).length === 0;
  };
  const isProved = (sealed: string): boolean =>
    index.program.remarks.seals.every(
      ({ relation, when }) => relation !== sealed || isData(when.relation),
    );
  return index.clauses.flatMap((clause) =>
    clause.atoms.flatMap((atom): readonly Defect[] => {
      const sealed = nameOfSealed(atom.relation);
      if (sealed === null || isProved(sealed)) return [];
      return [
        { relation: clause.head, clause, atom, reason: 'reads-changing-state', latched: false },
      ];
    }),
  );
}
