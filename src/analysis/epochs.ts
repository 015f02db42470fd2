/**
 * Rules that wait for a barrier fire once an epoch, over all that the epoch's inputs led to. Given these
 * inputs what they derive is a function of them. Where everything is there from the start there is one
 * epoch, and nothing else to it; where inputs or timers come while the program runs, the schedule decides
 * which of them an epoch takes.
 */
import { barrierName } from '../semantics/builtin-relations.js';
import type { Relation } from '../semantics/program.js';
import type { Defect } from './find-defects.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { waitsForBarrier } from './sealed-reads.js';

/** One defect for each clause that shows what an epoch took. */
export function findEpochs(index: ProgramIndex): readonly Defect[] {
  if (!index.program.relations.has(barrierName)) return [];
  const entered = findEntered(index);
  return index.clauses.flatMap((clause): readonly Defect[] => {
    if (!waitsForBarrier(index, clause)) return [];
    const atom = clause.atoms.find(({ relation }) => entered.has(relation));
    return atom === undefined ? [] : [blameEpoch(clause, atom)];
  });
}

function blameEpoch(clause: Clause, atom: Atom): Defect {
  return { relation: clause.head, clause, atom, reason: 'closes-epoch', latched: false };
}

/** Everything that inputs or timers reach. */
function findEntered(index: ProgramIndex): ReadonlySet<string> {
  const entered = new Set(index.relations.filter(mayComeLater).map(({ name }) => name));
  for (const name of entered)
    for (const { clause } of index.usesByRelation.get(name) ?? []) entered.add(clause.head);
  return entered;
}

/** What the world or a clock gives, and may give at any time. */
export function mayComeLater({ kind, builtin }: Relation): boolean {
  return kind === 'periodic' || (kind === 'input' && (builtin === null || builtin === 'stdin'));
}
