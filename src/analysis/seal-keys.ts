/**
 * By which columns of an event a literal may be closed part by part.
 *
 * A seal by some columns serves a group of an aggregate, or a binding that asks for an absence, if each
 * lies inside one part: if it determines these columns in all tuples that it reads. So the rules are
 * unfolded from the literal down to the event, and the columns are those that the group determines on
 * every way (tableau.ts): carried along, computed by a function of what is carried, looked up under it, or
 * constant (ANALYSIS 1.8). A recursion proves nothing here, nor a way that is too long.
 */
import { groupTerms, determinedVariables } from './functional-keys.js';
import { clausesOf, isStatic } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { enterClause } from './sealed-reads.js';
import type { Read } from './sealed-reads.js';
import { isEventSource } from './sequencing.js';
import { Tableau } from './tableau.js';
import type { Cell, Cells } from './tableau.js';

const mostDepth = 5;

/** Literals that are looked at for all questions together, and for one of them. */
const [mostOfAll, mostReads] = [2000, 24];

/** How many literals may still be looked at. */
export interface SealKeyBudget {
  left: number;
}

export function newSealKeyBudget(): SealKeyBudget {
  return { left: mostOfAll };
}

/** Columns of the event, in their order; none where the way from it is not followed. */
export function sealColumns(
  index: ProgramIndex,
  clause: Clause,
  atom: Atom,
  source: string,
  budget: SealKeyBudget,
): readonly number[] {
  const tableau = new Tableau(index);
  const cells: Cells = new Map();
  const columns = tableau.columnsOf(atom, cells);
  tableau.addBody(clause, cells, true);
  const from = [...cells].flatMap(([name, cell]) => (isGiven(index, clause, name) ? [cell] : []));
  const read = { relation: atom.relation, columns, tableau, depth: mostDepth };
  if (from.length === 0 || budget.left <= 0) return [];
  const own = { left: Math.min(mostReads, budget.left) };
  const found = columnsAt({ index, source, from, budget: own }, read) ?? [];
  budget.left -= mostReads - own.left;
  return own.left < 0 ? [] : found;
}

/** Whether the variable is the same for all tuples that the literal reads at once. */
function isGiven(index: ProgramIndex, clause: Clause, name: string): boolean {
  if (clause.rule.aggregated)
    return determinedVariables(index, clause, groupTerms(clause), 'node').has(name);
  return clause.atoms.some(
    ({ negated, arguments: given }) =>
      !negated && given.some((each) => each.kind === 'variable' && each.name === name),
  );
}

interface Asked {
  readonly index: ProgramIndex;
  readonly source: string;
  readonly from: readonly Cell[];
  readonly budget: SealKeyBudget;
}

/** Columns of the source that are determined on all ways from it; null where none comes from it. */
function columnsAt(asked: Asked, read: Read): readonly number[] | null {
  const { index, source, from, budget } = asked;
  budget.left -= 1;
  if (budget.left < 0) return [];
  const clauses = clausesOf(index, read.relation);
  if (read.relation === source) {
    const known = ({ tableau, columns }: Read): readonly number[] => {
      const isKnown = tableau.determinedBy(from);
      return columns.flatMap((cell, column) => (isKnown(cell) ? [column] : []));
    };
    const own = known(read);
    const sent = clauses.map((clause) =>
      known({ ...read, tableau: enterClause(index, read, clause).tableau }),
    );
    return [...new Set([...own, ...(common(sent) ?? [])])].sort((a, b) => a - b);
  }
  if (isEventSource(index, read.relation) || isStatic(index, read.relation)) return null;
  if (read.depth === 0) return [];
  return common(
    clauses.flatMap((clause) => {
      const { readOf } = enterClause(index, read, clause);
      return clause.atoms.flatMap((atom) => {
        const found = columnsAt(asked, readOf(atom));
        return found === null ? [] : [found];
      });
    }),
  );
}

/** What all of them have; null of none. */
function common(lists: readonly (readonly number[])[]): readonly number[] | null {
  const [first, ...others] = lists;
  if (first === undefined) return null;
  return first.filter((column) => others.every((list) => list.includes(column)));
}
