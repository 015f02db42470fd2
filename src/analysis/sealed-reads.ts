/**
 * What a seal makes complete. Where `sealed r(k)` holds, every tuple of `r` with that key that will
 * ever be is stored here, so a literal of the same body that reads only those tuples reads a set that
 * does not change any more: it may be negated, counted and shown like a static one (ANALYSIS 1.8,
 * COORDINATION 2.4).
 *
 * A literal reads only those tuples if it is over `r` itself, or over a relation that rules derive from
 * such literals alone: a table that takes the tuples of `r` in the timestep in which they come, or a
 * scratch; and if the sealed columns of each of those tuples must be the ones asked for, by what the
 * bodies on the way say: that they carry the columns, compute them by the same functions, look them
 * up under the same key (tableau.ts). A cycle proves nothing. Whole relations are sealed by no columns
 * at all.
 */
import type { Seal } from '../semantics/remarks.js';
import { isExact } from './exact-types.js';
import { clausesOf, isRemoval, isStatic, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { barrierName, nameOfSealed } from '../semantics/builtin-relations.js';
import { Tableau } from './tableau.js';
import type { Cell, Cells } from './tableau.js';

const mostDepth = 4;

/** What is sealed, and for which values. */
interface Promised {
  readonly index: ProgramIndex;
  readonly seal: Seal;
  readonly asked: readonly Cell[];
}

/** Some tuples of a relation, by what is known of their columns. */
export interface Read {
  readonly relation: string;
  readonly columns: readonly Cell[];
  readonly tableau: Tableau;
  readonly depth: number;
}

/** Whether the atom reads a set that a seal of the same body has closed, or a barrier all that it reads. */
export function isFrozen(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  if (waitsForBarrier(index, clause)) return atom.relation !== barrierName;
  const { seals } = index.program.remarks;
  if (seals.length === 0) return false;
  return clause.atoms.some((guard) => {
    const sealed = guard.negated ? null : nameOfSealed(guard.relation);
    const seal = seals.find(({ relation }) => relation === sealed);
    if (seal === undefined || guard.arguments.some(({ kind }) => kind === 'wildcard')) return false;
    const tableau = new Tableau(index);
    const cells: Cells = new Map();
    const asked = tableau.columnsOf(guard, cells);
    const columns = tableau.columnsOf(atom, cells);
    tableau.addBody(clause, cells, true);
    const read = { relation: atom.relation, columns, tableau, depth: mostDepth };
    return isClosed({ index, seal, asked }, read);
  });
}

/** Whether the clause fires once everything that it reads is complete at all nodes. */
export function waitsForBarrier(index: ProgramIndex, clause: Clause): boolean {
  if (!index.program.relations.has(barrierName)) return false;
  return clause.atoms.some(({ relation }) => relation === barrierName);
}

/** Whether what is read comes of the sealed tuples alone, which are all there. */
function isClosed(promised: Promised, read: Read): boolean {
  const { index, seal } = promised;
  const { kind } = relationOf(index, read.relation);
  const clauses = clausesOf(index, read.relation);
  if (read.relation === seal.relation)
    return kind === 'table' && !clauses.some(isRemoval) && isWithin(promised, read);
  if (kind === 'table') return keepsSealed(promised, read);
  if (kind !== 'scratch' || !isDefined(index, read)) return false;
  return clauses.every((clause) => {
    const { readOf } = enterClause(index, read, clause);
    return movingAtoms(index, clause).every((atom) => isClosed(promised, readOf(atom)));
  });
}

/** Whether a table takes nothing but sealed tuples, each in the timestep in which it comes. */
function keepsSealed(promised: Promised, read: Read): boolean {
  const { index, seal } = promised;
  if (!isDefined(index, read)) return false;
  return clausesOf(index, read.relation).every((clause) => {
    const [atom, ...others] = movingAtoms(index, clause);
    if (atom === undefined) return true;
    if (others.length > 0 || atom.negated || clause.rule.aggregated) return false;
    const inside = enterClause(index, read, clause).readOf(atom);
    if (atom.relation === seal.relation) return isWithin(promised, inside);
    const { kind } = relationOf(index, atom.relation);
    return (kind === 'table' || kind === 'scratch') && keepsSealed(promised, inside);
  });
}

/** Whether the relation is what its deductive rules make it, as far as they are followed. */
function isDefined(index: ProgramIndex, { relation, depth }: Read): boolean {
  const clauses = clausesOf(index, relation);
  if (depth === 0 || clauses.length === 0 || index.factCounts.has(relation)) return false;
  return clauses.every(({ rule }) => rule.head.mode === 'now');
}

/** Whether all tuples of the sealed relation that are read have the sealed values. */
function isWithin(promised: Promised, read: Read): boolean {
  const { index, seal, asked } = promised;
  const places = seal.columns ?? [];
  const isAsked = ({ columns, tableau }: Read): boolean =>
    places.every((place, i) => tableau.isSame(columns[place]!, asked[i]!));
  if (isAsked(read)) return true;
  const clauses = clausesOf(index, read.relation);
  if (clauses.length === 0 || index.factCounts.has(read.relation)) return false;
  return clauses.every((clause) =>
    isAsked({ ...read, tableau: enterClause(index, read, clause).tableau }),
  );
}

interface Inside {
  readonly tableau: Tableau;
  readonly readOf: (atom: Atom) => Read;
}

/** With what a rule's body adds, if it has derived the tuples. */
export function enterClause(index: ProgramIndex, read: Read, clause: Clause): Inside {
  const tableau = read.tableau.copy();
  const cells: Cells = new Map();
  const { columns: declared } = relationOf(index, read.relation);
  for (const [column, argument] of clause.rule.head.arguments.entries())
    if (argument.kind === 'term' && isExact(declared[column]!.type))
      tableau.equate(tableau.cellOf(argument.term, cells), read.columns[column]!);
  // What a sender looks up is another node's.
  const isHere = clause.rule.head.mode !== 'async';
  tableau.addBody(clause, cells, isHere);
  const readOf = (atom: Atom): Read => ({
    relation: atom.relation,
    columns: tableau.columnsOf(atom, cells),
    tableau,
    depth: read.depth - 1,
  });
  return { tableau, readOf };
}

function movingAtoms(index: ProgramIndex, clause: Clause): readonly Atom[] {
  return clause.atoms.filter(({ relation }) => !isStatic(index, relation));
}
