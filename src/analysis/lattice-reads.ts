/**
 * Lattice columns as the analysis sees them. A relation with lattice columns rises as its tuples
 * come and as its values grow; whoever reads it by monotone functions only rises with it, and may be
 * stored, sent and compared without coordination (Conway et al., "Logic and lattices for
 * distributed programming", 2012). Whoever reveals a value sees one that is soon replaced by another.
 *
 * In one timestep tuples of several events may merge into one. What a rule gives for the merged
 * tuple and what it gives for its parts is the same for morphisms only.
 */
import { isLatticeType } from '../semantics/lattice-shape.js';
import { latticeUse, type LatticeUse } from '../semantics/lattice-uses.js';
import type { Relation, Term } from '../semantics/program.js';
import { relationOf } from './program-index.js';
import { useWithoutBounds } from './revealed-bounds.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

const useByAtom = new WeakMap<Atom, LatticeUse>();

/** How a clause uses the lattice values that one of its atoms binds. */
export function latticeReading(index: ProgramIndex, clause: Clause, atom: Atom): LatticeUse {
  let use = useByAtom.get(atom);
  if (use === undefined) {
    const { relations } = index.program;
    const seen = latticeUse(clause.rule, clause.body, atom.literal, relations);
    use = useWithoutBounds(index, clause, atom, seen);
    useByAtom.set(atom, use);
  }
  return use;
}

/**
 * Whether the value of a `lattice` only stands in tests that, once they fail, fail for good:
 * `v.size() < 3`, `!v.contains(x)`. There is always exactly one value, from the bottom on, so such a
 * test holds at first and falls once; of a table's lattice column it would first begin to hold.
 */
export function readsAntitone(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  if (relationOf(index, atom.relation).kind !== 'lattice' || atom.negated) return false;
  const [argument] = atom.arguments;
  if (argument?.kind !== 'variable' || clause.rule.aggregated) return false;
  let tests = 0;
  for (const literal of clause.body.literals)
    if (literal.kind === 'condition' && failsForGood(literal.term, argument.name)) tests++;
  return tests > 0 && clause.occurrences.get(argument.name) === tests + 1;
}

const sizes: readonly string[] = ['lset.size', 'lmap.size', 'lbag.size'];
const members: readonly string[] = ['lset.contains', 'lmap.has_key'];

function failsForGood(term: Term, variable: string): boolean {
  if (term.kind !== 'apply') return false;
  const revealed = (part: Term | undefined, names: readonly string[]): boolean => {
    if (part?.kind !== 'apply' || part.function !== 'reveal') return false;
    const [inner] = part.arguments;
    if (inner?.kind !== 'apply' || !names.includes(inner.function)) return false;
    const [value] = inner.arguments;
    return value?.kind === 'variable' && value.name === variable;
  };
  const [left, right] = term.arguments;
  if (term.function === 'not') return revealed(left, members);
  if (term.function === '<' || term.function === '<=') return revealed(left, sizes);
  return (term.function === '>' || term.function === '>=') && revealed(right, sizes);
}

/** Whether the relation has a lattice column. */
function hasLattice({ columns }: Relation): boolean {
  return columns.some(({ type }) => isLatticeType(type));
}

/** Whether no two tuples of the relation can disagree: beside its key it has lattice columns alone. */
export function mergesAll({ columns, keyLength }: Relation): boolean {
  return columns.slice(keyLength).every(({ type }) => isLatticeType(type));
}

/** Whether the relation has no lattice columns. */
export function mergesNothing(relation: Relation): boolean {
  return !hasLattice(relation);
}

/** Whether the outside sees lattice values of the relation, each replaced by the next. */
export function showsLattice(relation: Relation): boolean {
  return relation.observable !== null && hasLattice(relation);
}

const upward: Readonly<Record<string, string>> = {
  count: 'lmax',
  count_distinct: 'lmax',
  max: 'lmax',
  min: 'lmin',
  set: 'lset',
  any: 'lbool',
};

/** Whether an aggregate goes into a lattice in which its value only grows with its set. */
export function mergesUpward(index: ProgramIndex, clause: Clause, column: number): boolean {
  const argument = clause.rule.head.arguments[column];
  const type = relationOf(index, clause.head).columns[column]?.type;
  if (argument?.kind !== 'aggregate' || type?.kind !== 'lattice') return false;
  // A sum of what is never negative only grows.
  if (argument.function === 'sum')
    return type.name === 'lmax' && argument.arguments[0]?.type.kind === 'nat';
  return upward[argument.function] === type.name;
}

/** Whether all aggregates of a clause go into lattices in which they only grow. */
export function aggregatesUpward(index: ProgramIndex, clause: Clause): boolean {
  return clause.rule.head.arguments.every(
    (argument, column) => argument.kind !== 'aggregate' || mergesUpward(index, clause, column),
  );
}
