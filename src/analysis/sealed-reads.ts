/**
 * What a seal makes complete. Where `sealed r(k)` holds, every tuple of `r` with that key that will
 * ever be is stored here, so a literal of the same body that reads only those tuples reads a set that
 * does not change any more: it may be negated, counted and shown like a static one (ANALYSIS 1.8,
 * COORDINATION 2.4).
 *
 * A literal reads only those tuples if it is over `r` itself and its sealed columns are the ones
 * asked for, or over a relation that rules derive from such literals alone, carrying these columns:
 * a table that takes the tuples of `r` in the timestep in which they come, or a scratch. Two ways to
 * carry a column, or a cycle, prove nothing. Whole relations are sealed by no columns at all.
 */
import type { Seal } from '../semantics/remarks.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';

const mostDepth = 4;

/** Whether the atom reads a set that a seal of the same body has closed. */
export function isFrozen(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  const { seals } = index.program.remarks;
  if (seals.length === 0) return false;
  return clause.atoms.some((guard) => {
    const sealed = guard.negated ? null : nameOfSealed(guard.relation);
    const seal = seals.find(({ relation }) => relation === sealed);
    if (seal === undefined) return false;
    const places = guard.arguments.map((argument) => {
      if (argument.kind !== 'variable') return null;
      const at = atom.arguments.findIndex(
        (each) => each.kind === 'variable' && each.name === argument.name,
      );
      return at === -1 ? null : at;
    });
    if (places.includes(null)) return false;
    return readsSealed(index, seal, atom.relation, places as readonly number[], mostDepth);
  });
}

/** Whether the relation holds, for these values of these columns, what comes of the sealed tuples alone. */
function readsSealed(
  index: ProgramIndex,
  seal: Seal,
  name: string,
  places: readonly number[],
  depth: number,
): boolean {
  const { kind } = relationOf(index, name);
  const clauses = clausesOf(index, name);
  const asked = seal.columns ?? [];
  if (name === seal.relation && places.every((place, i) => place === asked[i]))
    return kind === 'table' && clauses.every(({ rule }) => isInsert(rule.head.mode));
  if (depth === 0 || clauses.length === 0 || index.factCounts.has(name)) return false;
  if (kind !== 'table' && kind !== 'scratch') return false;
  return clauses.every((clause) => {
    if (clause.rule.head.mode !== 'now') return false;
    return clause.atoms.every((atom) => {
      if (isStatic(index, atom.relation)) return true;
      const inner = places.map((place) => carried(clause, atom, place));
      if (inner.includes(null)) return false;
      const columns = inner as readonly number[];
      if (kind === 'scratch') return readsSealed(index, seal, atom.relation, columns, depth - 1);
      // A table that keeps the very events.
      return (
        !atom.negated &&
        clause.atoms.every((each) => each === atom || isStatic(index, each.relation)) &&
        (atom.relation === seal.relation
          ? columns.every((column, i) => column === asked[i])
          : false)
      );
    });
  });
}

function isStatic(index: ProgramIndex, name: string): boolean {
  const { kind, builtin } = relationOf(index, name);
  return kind === 'static' && builtin !== 'now' && builtin !== 'boot';
}

function isInsert(mode: string): boolean {
  return mode !== 'delete' && mode !== 'upsert';
}

/** The column of the atom under the variable that the head shows in a column. */
function carried(clause: Clause, atom: Atom, column: number): number | null {
  const argument = clause.rule.head.arguments[column];
  if (argument?.kind !== 'term' || argument.term.kind !== 'variable') return null;
  const { name } = argument.term;
  const at = atom.arguments.findIndex((each) => each.kind === 'variable' && each.name === name);
  return at === -1 ? null : at;
}
