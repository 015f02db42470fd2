/**
 * Rules whose expressions may fail, and their timestep with them: divisions, conversions, functions
 * from TypeScript without a declared property, maps collected from rows that disagree, ints that a
 * column of naturals refuses.
 * What fails by outgrowing a limit counts among the bounds of a run, not here.
 */
import { builtinFunctions } from '../builtins/functions.js';
import { findLattice } from '../lattice/lattices.js';
import type { HeadArgument, Literal, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import { relationOf, termVariables } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

/** Whether some expression of the clause may fail. */
export function mayFail(index: ProgramIndex, clause: Clause): boolean {
  const { columns } = relationOf(index, clause.head);
  const guarded = guardsOf(index, clause);
  const fails = (term: Term): boolean => termMayFail(term, guarded);
  return (
    clause.body.literals.some((literal) => literalTerms(literal).some(fails)) ||
    clause.rule.head.arguments.some((argument, column) => {
      const terms = argument.kind === 'term' ? [argument.term] : argument.arguments;
      return (
        terms.some(fails) ||
        collectsDisagreement(index, clause, argument) ||
        mayMisfit(argument, columns[column]!.type, guarded)
      );
    })
  );
}

/** A map of rows that may give one key two values; a list of so many of the greatest, and of another many. */
function collectsDisagreement(
  index: ProgramIndex,
  clause: Clause,
  argument: HeadArgument,
): boolean {
  if (argument.kind === 'term') return false;
  const [first, second] = argument.arguments;
  if (argument.function === 'top') return first?.kind !== 'constant';
  if (argument.function !== 'map') return false;
  return !isOneByKey(index, clause, [first, second]);
}

/** Whether the first term gives the key of a row, or all that is asked of one, that shows the second. */
function isOneByKey(
  index: ProgramIndex,
  clause: Clause,
  [first, second]: readonly (Term | undefined)[],
): boolean {
  if (first === undefined || second === undefined || clause.rule.bodies.length > 1) return false;
  const known = new Set(injectiveParts(first));
  for (let before = -1; before !== known.size;) {
    before = known.size;
    for (const { relation, arguments: given, negated } of clause.atoms) {
      const { hasKey, keyLength } = relationOf(index, relation);
      const isKnown = given
        .slice(0, keyLength)
        .every((a) => a.kind === 'constant' || (a.kind === 'variable' && known.has(a.name)));
      if (negated || !hasKey || !isKnown) continue;
      for (const a of given) if (a.kind === 'variable') known.add(a.name);
    }
  }
  return termVariables(second).every((name) => known.has(name));
}

/** Variables that the value of a term determines. */
function injectiveParts(term: Term): readonly string[] {
  if (term.kind === 'variable') return [term.name];
  return term.kind === 'tuple' ? term.items.flatMap(injectiveParts) : [];
}

interface Guarded {
  /** Functions from TypeScript that are ones in the mathematical sense, by the author's word. */
  readonly total: ReadonlySet<string>;
  readonly nonZero: ReadonlySet<string>;
  readonly nonNegative: ReadonlySet<string>;
}

/** What the conditions of a body say of its ints: `y != 0`, `y > 0`, `y >= 1`. */
function guardsOf({ program }: ProgramIndex, clause: Clause): Guarded {
  const nonZero = new Set<string>();
  const nonNegative = new Set<string>();
  for (const literal of clause.body.literals) {
    if (literal.kind !== 'condition' || literal.term.kind !== 'apply') continue;
    const [left, right] = literal.term.arguments;
    const [variable, bound] = left?.kind === 'variable' ? [left, right] : [right, left];
    if (variable?.kind !== 'variable' || bound?.kind !== 'constant') continue;
    if (variable.type.kind !== 'int' && variable.type.kind !== 'nat') continue;
    if (typeof bound.value !== 'number') continue;
    const { name } = variable;
    const least = leastOf(literal.term.function, variable === left, bound.value);
    if (least !== null && least >= 0) nonNegative.add(name);
    if ((least ?? 0) > 0 || (literal.term.function === '!=' && bound.value === 0))
      nonZero.add(name);
  }
  const declared = program.functions.filter(({ properties }) => properties.length > 0);
  return { nonZero, nonNegative, total: new Set(declared.map(({ name }) => name)) };
}

/** The least int of which a comparison with a constant holds; null if there is none. */
function leastOf(comparison: string, isLeft: boolean, bound: number): number | null {
  if (comparison === (isLeft ? '>=' : '<=')) return bound;
  return comparison === (isLeft ? '>' : '<') ? bound + 1 : null;
}

/** Whether a column may refuse what comes: naturals are the one type that is checked at run time. */
function mayMisfit(argument: HeadArgument, type: Type, guarded: Guarded): boolean {
  if (!mentions(type, 'nat')) return false;
  if (argument.kind === 'term') return misfits(argument.term, type, guarded);
  const counts = argument.function === 'count' || argument.function === 'count_distinct';
  return !counts && argument.arguments.some((term) => mentions(term.type, 'int'));
}

function misfits(term: Term, type: Type, guarded: Guarded): boolean {
  if (!mentions(type, 'nat')) return false;
  const misfit = (part: Term, of: Type): boolean => misfits(part, of, guarded);
  if (term.kind === 'if') return misfit(term.then, type) || misfit(term.else, type);
  if (term.kind === 'tuple' && type.kind === 'tuple')
    return term.items.some((item, i) => misfit(item, type.items[i]!));
  if ((term.kind === 'list' || term.kind === 'set') && term.kind === type.kind)
    return term.items.some((item) => misfit(item, type.item));
  if (type.kind === 'nat' || (term.kind === 'apply' && type.kind === 'lattice'))
    return mayBeNegative(term, guarded);
  return mentions(term.type, 'int') && JSON.stringify(term.type) !== JSON.stringify(type);
}

/** Functions that give nothing below 0 for what is not, and those that give nothing below 0 at all. */
const upright: readonly string[] = ['+', '*', '/', '%', 'greatest', 'least'];
const sizes: readonly string[] = ['abs', 'length', 'size'];

/** Whether something in the value may be an int below 0. */
function mayBeNegative(term: Term, guarded: Guarded): boolean {
  const negative = (part: Term): boolean => mayBeNegative(part, guarded);
  switch (term.kind) {
    case 'wildcard':
      return false;
    case 'constant':
      return typeof term.value === 'number' ? term.value < 0 : mentions(term.type, 'int');
    case 'variable':
      return mentions(term.type, 'int') && !guarded.nonNegative.has(term.name);
    case 'apply':
      if (sizes.includes(term.function)) return false;
      if (upright.includes(term.function)) return term.arguments.some(negative);
      // The type of a call that gives a lattice value is the one that is expected, whatever it is made of.
      if (term.type.kind === 'lattice')
        return term.function.endsWith('.minus') || term.arguments.some(negative);
      return mentions(term.type, 'int');
    case 'if':
      return negative(term.then) || negative(term.else);
    case 'map':
      return term.entries.flat().some(negative);
    default:
      return term.items.some(negative);
  }
}

function mentions(type: Type, kind: 'int' | 'nat'): boolean {
  switch (type.kind) {
    case 'tuple':
      return type.items.some((item) => mentions(item, kind));
    case 'list':
    case 'set':
      return mentions(type.item, kind);
    case 'map':
      return mentions(type.key, kind) || mentions(type.value, kind);
    case 'lattice':
      return type.arguments.some((part) => mentions(part, kind));
    default:
      return type.kind === kind;
  }
}

function literalTerms(literal: Literal): readonly Term[] {
  switch (literal.kind) {
    case 'atom':
      return [];
    case 'member':
      return [literal.collection];
    default:
      return [literal.term];
  }
}

/** Ints and texts that outgrow their limits count among the bounds of a run, like memory, not among its races. */
const boundOnly: readonly string[] = ['+', '-', '*', 'neg', '++', 'join', 'replace', 'to_string'];

function termMayFail(term: Term, guarded: Guarded): boolean {
  const fails = (part: Term): boolean => termMayFail(part, guarded);
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return false;
    case 'apply':
      return callMayFail(term, guarded) || term.arguments.some(fails);
    case 'if':
      return [term.condition, term.then, term.else].some(fails);
    case 'map':
      return term.entries.flat().some(fails);
    default:
      return term.items.some(fails);
  }
}

/** `lpset`, `lbag` and `lvclock` refuse negative numbers, which some arguments plainly have none of. */
function isNeverNegative(term: Term): boolean {
  switch (term.kind) {
    case 'constant':
      return typeof term.value !== 'number' || term.value >= 0;
    case 'map':
      return term.entries.every(([, held]) => isNeverNegative(held));
    case 'set':
      return term.items.every(isNeverNegative);
    default:
      return term.type.kind === 'nat' || term.type.kind === 'lattice';
  }
}

/** Sums of lattice values: of ints they only overflow. */
const latticeSums: readonly string[] = [
  'lmax.plus',
  'lmax.minus',
  'lmax.sum',
  'lmin.plus',
  'lmin.minus',
  'lmin.sum',
  'lpset.sum',
  'lbag.size',
  'lbag.plus',
  'lvclock.tick',
  'lvclock.sum',
];

function holdsFloat({ type }: Term): boolean {
  return type.kind === 'float' || (type.kind === 'lattice' && type.arguments[0]?.kind === 'float');
}

function callMayFail(call: Term & { kind: 'apply' }, { nonZero, total }: Guarded): boolean {
  if (boundOnly.includes(call.function)) return false;
  if (['lpset', 'lbag', 'lvclock'].includes(call.function))
    return !call.arguments.every(isNeverNegative);
  if (latticeSums.includes(call.function)) return call.arguments.some(holdsFloat);
  if (call.function === '/' || call.function === '%') {
    const divisor = call.arguments[1];
    const safe =
      (divisor?.kind === 'constant' && divisor.value !== 0) ||
      (divisor?.kind === 'variable' && nonZero.has(divisor.name));
    return call.type.kind !== 'float' && !safe;
  }
  const known = builtinFunctions.get(call.function);
  if (known !== undefined) return known.partial;
  // Lattices from TypeScript keep their laws, and functions their declared properties, by the author's word.
  return !total.has(call.function) && findLattice(call.function.split('.')[0]!) === undefined;
}
