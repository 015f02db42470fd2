/**
 * What of a rule's body an aggregate ranges over, and what only says which groups there are.
 *
 * `need(q, count<m>) :- ask(q), member(m);` counts the members, once for each question: `ask` *opens
 * the group* and adds no binding to it. An atom opens groups if the group determines all its variables
 * for good (functional-keys.ts); or if it determines them within each timestep and nothing but conditions
 * over the atom and the group reads those that may change. Then each group has one row of the atom or none,
 * and the aggregate is a function of the other literals: as the atom's relation moves, groups come and go,
 * and no value changes. Where the aggregate takes no notice of how often a value occurs (`min`, `set`, ..),
 * several rows do no harm either.
 */
import { countsValues } from '../semantics/lattice-uses.js';
import { determinedVariables, groupTerms } from './functional-keys.js';
import { literalVariables, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** Whether an aggregate of the clause ranges over the atom. */
export function isAggregated(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  return clause.rule.aggregated && !opensGroups(index, clause, atom);
}

const openingByIndex = new WeakMap<ProgramIndex, Map<Atom, boolean>>();

/** Whether the atom of an aggregating clause only decides which groups there are. */
function opensGroups(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  const openingByAtom = openingByIndex.get(index) ?? new Map<Atom, boolean>();
  openingByIndex.set(index, openingByAtom);
  const opens = openingByAtom.get(atom) ?? findOpening(index, clause, atom);
  openingByAtom.set(atom, opens);
  return opens;
}

function findOpening(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  // The bindings of several alternatives go into one aggregate.
  if (clause.rule.bodies.length > 1) return false;
  const terms = groupTerms(clause);
  const group = determinedVariables(index, clause, terms, 'node');
  const added = atom.arguments.flatMap((argument) =>
    argument.kind === 'variable' && !group.has(argument.name) ? [argument.name] : [],
  );
  if (added.length === 0) return true;
  if (atom.negated) return false;
  const now = determinedVariables(index, clause, terms, 'timestep');
  return (
    (!countsValues(clause.rule) || added.every((name) => now.has(name))) &&
    added.every((name) => isOnlyTested(clause, group, atom, name))
  );
}

/** Whether only conditions over the atom and the group read the variable. */
function isOnlyTested(
  { rule, body }: Clause,
  group: ReadonlySet<string>,
  atom: Atom,
  name: string,
): boolean {
  const own = body.literals[atom.literal]!;
  const known = new Set([...group, ...literalVariables(own)]);
  const isRead = body.literals.some((literal) => {
    const read = literal === own ? [] : literalVariables(literal);
    if (!read.includes(name)) return false;
    return literal.kind !== 'condition' || !read.every((each) => known.has(each));
  });
  const isShown = rule.head.arguments.some((argument) =>
    (argument.kind === 'term' ? [argument.term] : argument.arguments).some((term) =>
      termVariables(term).includes(name),
    ),
  );
  return !isRead && !isShown;
}
