/**
 * Values from the clock that serve as ids only (ANALYSIS 1.7).
 *
 * A value that is stored, sent and joined, but never compared with anything but other such values,
 * never ordered, computed with, aggregated or shown, says nothing beyond being the same or another one.
 * Where that is so of all values that rules take from `now`, outcomes agree up to renaming them, as long
 * as no two events get the same one (ids made of the content, or of node and local sequence, need no
 * such proviso, and are better). The verdict stays what it is; this is a remark beside it.
 *
 * A message may come twice and get two ids. So where ids are told apart or counted, they must be those
 * of inputs.
 */
import { countsValues } from '../semantics/lattice-uses.js';
import { clausesOf, literalVariables, relationOf, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** The atoms of `now` whose values are ids only; none if one of them is anything else. */
export function findFreshIds(index: ProgramIndex): ReadonlySet<Atom> {
  const clocks = index.clauses.flatMap(({ atoms }) => atoms.filter((atom) => isClock(index, atom)));
  if (clocks.length === 0) return new Set();
  const ids = new Map<string, Set<number>>();
  for (let changed = true; changed;) {
    changed = false;
    for (const clause of index.clauses) {
      const names = idsIn(index, clause, ids);
      clause.rule.head.arguments.forEach((argument, column) => {
        if (argument.kind !== 'term' || argument.term.kind !== 'variable') return;
        if (!names.has(argument.term.name) || ids.get(clause.head)?.has(column) === true) return;
        ids.set(clause.head, (ids.get(clause.head) ?? new Set<number>()).add(column));
        changed = true;
      });
    }
  }
  const hidden = index.program.observables.every((name) => !ids.has(name));
  const pure = [...ids].every(([name, columns]) => takesIdsOnly(index, name, columns, ids));
  const once = index.clauses.every((clause) => takesIdOnce(index, clause));
  const opaque = index.clauses.every(
    (clause) => usesAsId(index, clause, ids) && (once || !tellsIdsApart(index, clause, ids)),
  );
  return new Set(hidden && pure && opaque ? clocks : []);
}

type Ids = ReadonlyMap<string, ReadonlySet<number>>;

function isClock(index: ProgramIndex, { relation, negated }: Atom): boolean {
  return !negated && relationOf(index, relation).builtin === 'now';
}

/** Variables of a clause that stand for ids. */
function idsIn(index: ProgramIndex, clause: Clause, ids: Ids): ReadonlySet<string> {
  const names = new Set<string>();
  for (const atom of clause.atoms)
    atom.arguments.forEach((argument, column) => {
      const isId = isClock(index, atom) || (!atom.negated && ids.get(atom.relation)?.has(column));
      if (argument.kind === 'variable' && isId === true) names.add(argument.name);
    });
  return names;
}

/** Whether nothing but ids comes to these columns. */
function takesIdsOnly(
  index: ProgramIndex,
  name: string,
  columns: ReadonlySet<number>,
  ids: Ids,
): boolean {
  if (index.factCounts.has(name)) return false;
  return clausesOf(index, name).every((clause) => {
    const names = idsIn(index, clause, ids);
    return [...columns].every((column) => {
      const argument = clause.rule.head.arguments[column];
      if (argument?.kind !== 'term') return false;
      const { term } = argument;
      return term.kind === 'wildcard' || (term.kind === 'variable' && names.has(term.name));
    });
  });
}

/** Whether a clause that asks for the time does so for one input: a message may come twice, and get two ids. */
function takesIdOnce(index: ProgramIndex, { atoms }: Clause): boolean {
  if (!atoms.some((atom) => isClock(index, atom))) return true;
  const kinds = atoms.flatMap((atom) =>
    isClock(index, atom) ? [] : [relationOf(index, atom.relation).kind],
  );
  const inputs = kinds.filter((kind) => kind === 'input').length;
  return inputs === 1 && kinds.every((kind) => kind === 'input' || kind === 'static');
}

/** Whether the clause tells one id from two: by `!=`, or by counting bindings that show them. */
function tellsIdsApart(index: ProgramIndex, clause: Clause, ids: Ids): boolean {
  const names = idsIn(index, clause, ids);
  const counts = countsValues(clause.rule);
  const compares = clause.body.literals.some(
    (literal) =>
      literal.kind === 'condition' && termVariables(literal.term).some((name) => names.has(name)),
  );
  return names.size > 0 && (counts || compares);
}

/** Whether the clause does nothing with ids but to pass them on and to join them with each other. */
function usesAsId(index: ProgramIndex, clause: Clause, ids: Ids): boolean {
  const names = idsIn(index, clause, ids);
  const isId = (name: string): boolean => names.has(name);
  const inAtoms = clause.atoms.every((atom) =>
    atom.arguments.every((argument, column) => {
      const isColumn = isClock(index, atom) || ids.get(atom.relation)?.has(column) === true;
      if (argument.kind === 'wildcard') return true;
      return argument.kind === 'variable' ? isId(argument.name) === isColumn : !isColumn;
    }),
  );
  const inOthers = clause.body.literals.every((literal) => {
    if (literal.kind === 'atom' || !literalVariables(literal).some(isId)) return true;
    const { term } = literal.kind === 'condition' ? literal : { term: null };
    if (term?.kind !== 'apply' || (term.function !== '==' && term.function !== '!=')) return false;
    return term.arguments.every((part) => part.kind === 'variable' && isId(part.name));
  });
  const inHead = clause.rule.head.arguments.every((argument) =>
    argument.kind === 'term'
      ? argument.term.kind === 'variable' || !termVariables(argument.term).some(isId)
      : !argument.arguments.flatMap(termVariables).some(isId),
  );
  return inAtoms && inOthers && inHead;
}
