/**
 * Lattice values that a rule reveals and yet only asks for a bound of: `best(k, v), n = reveal(v), n >= 3`,
 * or of which it only asks that there is one. While the lattice value grows, the plain one moves one
 * way (`lmax` and `lset` up, `lmin` down), a bottom without a plain value is left for good, and a test of
 * the plain value that stays true is a threshold of the lattice value. So these literals are as monotone
 * as `v >= 3`, and what is left of the body decides.
 */
import { latticeUse, type LatticeUse } from '../semantics/lattice-uses.js';
import type { Literal } from '../semantics/program.js';
import { isPlainlyOrdered } from './exact-types.js';
import { lasts, latticeDirections } from './lasting-tests.js';
import { literalVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** Lattices whose values, once they have a plain value, go on to have one; a new version of an `ldom` may be without. */
const plainForGood: readonly string[] = [
  ...Object.keys(latticeDirections),
  'lbag',
  'lmap',
  'lpset',
  'lvclock',
];

type Reveal = Literal & { readonly kind: 'assign' };

/** The use of an atom's lattice values, given how it looks at first sight. */
export function useWithoutBounds(
  index: ProgramIndex,
  clause: Clause,
  atom: Atom,
  use: LatticeUse,
): LatticeUse {
  if (use !== 'revealed' || atom.negated || clause.rule.aggregated) return use;
  const own = new Set(atom.arguments.flatMap((a) => (a.kind === 'variable' ? [a.name] : [])));
  const bounds = clause.body.literals.flatMap((literal) =>
    isReveal(literal, own) ? (boundsOf(index, clause, literal) ?? []) : [],
  );
  if (bounds.length === 0) return use;
  const literals = clause.body.literals.filter((literal) => !bounds.includes(literal));
  const at = literals.findIndex((literal) => literal === clause.body.literals[atom.literal]);
  const left = latticeUse(clause.rule, { ...clause.body, literals }, at, index.program.relations);
  return left === 'revealed' ? 'revealed' : 'monotone';
}

function isReveal(literal: Literal, variables: ReadonlySet<string>): literal is Reveal {
  if (literal.kind !== 'assign' || literal.term.kind !== 'apply') return false;
  const [value] = literal.term.arguments;
  return (
    literal.term.function === 'reveal' && value?.kind === 'variable' && variables.has(value.name)
  );
}

/** The literal that reveals, with the tests of what it reveals; null if that goes anywhere else. */
function boundsOf(index: ProgramIndex, clause: Clause, reveal: Reveal): readonly Literal[] | null {
  const { name } = reveal.variable;
  const type = reveal.term.kind === 'apply' ? reveal.term.arguments[0]?.type : undefined;
  const tests = clause.body.literals.filter(
    (literal) => literal !== reveal && literalVariables(literal).includes(name),
  );
  if (clause.occurrences.get(name) !== 1 + tests.length) return null;
  if (type?.kind !== 'lattice') return null;
  if (tests.length === 0) return plainForGood.includes(type.name) ? [reveal] : null;
  const direction = latticeDirections[type.name];
  if (direction === undefined) return null;
  const content = type.arguments[0];
  const isOrdered = content === undefined || isPlainlyOrdered(content);
  if (direction !== 'set' && !isOrdered) return null;
  return tests.every((literal) => lasts(index, literal, name, direction))
    ? [reveal, ...tests]
    : null;
}
