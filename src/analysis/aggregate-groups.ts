/**
 * What of a rule's body an aggregate ranges over, and what only says which groups there are.
 *
 * `need(q, count<m>) :- ask(q), member(m);` counts the members, once for each question: `ask` *opens
 * the group* and adds no binding to it. An atom opens groups if the group binds all its variables, by
 * itself or through the atom's key, and nothing but its own conditions reads those that it adds. Then each
 * group has one row of the atom or none, and the aggregate is a function of the other literals: as the
 * atom's relation moves, groups come and go, and no value changes. Where the aggregate takes no notice
 * of how often a value occurs (`min`, `set`, ..), several rows do no harm either.
 */
import { countsBindings } from '../builtins/aggregates.js';
import { literalVariables, relationOf, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** Whether an aggregate of the clause ranges over the atom. */
export function isAggregated(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  return clause.rule.aggregated && !opensGroups(index, clause, atom);
}

const opensByAtom = new WeakMap<Atom, boolean>();

/** Whether the atom of an aggregating clause only decides which groups there are. */
function opensGroups(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  let opens = opensByAtom.get(atom);
  if (opens === undefined) opensByAtom.set(atom, (opens = findOpening(index, clause, atom)));
  return opens;
}

function findOpening(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  // The bindings of several alternatives go into one aggregate.
  if (clause.rule.bodies.length > 1) return false;
  const group = groupVariables(clause);
  const added = atom.arguments.flatMap((argument) =>
    argument.kind === 'variable' && !group.has(argument.name) ? [argument.name] : [],
  );
  if (added.length === 0) return true;
  return (
    !atom.negated &&
    (ignoresRepeats(clause) || isOneRow(index, group, atom)) &&
    added.every((name) => isOnlyTested(clause, group, atom, name))
  );
}

/** Variables that are whole columns of the group. */
export function groupVariables({ rule }: Clause): ReadonlySet<string> {
  return new Set(
    rule.head.arguments.flatMap((argument) =>
      argument.kind === 'term' && argument.term.kind === 'variable' ? [argument.term.name] : [],
    ),
  );
}

function ignoresRepeats({ rule }: Clause): boolean {
  return rule.head.arguments.every(
    (argument) => argument.kind === 'term' || !countsBindings(argument.function),
  );
}

/** Whether the group says which row of the atom's relation it is. */
function isOneRow(index: ProgramIndex, group: ReadonlySet<string>, atom: Atom): boolean {
  const { hasKey, keyLength, kind } = relationOf(index, atom.relation);
  if (kind === 'lattice') return true;
  return (
    hasKey &&
    atom.arguments
      .slice(0, keyLength)
      .every((a) => a.kind === 'constant' || (a.kind === 'variable' && group.has(a.name)))
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
