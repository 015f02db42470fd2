/**
 * Rules whose expressions may fail, and their timestep with them: divisions, conversions, functions
 * from TypeScript without a declared property, maps collected from rows that disagree, ints that a
 * column of naturals refuses.
 * What fails by outgrowing a limit counts among the bounds of a run, not here.
 */
import { isFloat } from '../base/value.js';
import { builtinFunctions } from '../builtins/functions.js';
import { findLattice } from '../lattice/lattices.js';
import type { HeadArgument, Literal, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import { determinedVariables } from './functional-keys.js';
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
  const known = determinedVariables(index, clause, [first], 'timestep');
  return termVariables(second).every((name) => known.has(name));
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
  if (term.kind === 'map' && type.kind === 'map')
    return term.entries.some(([key, value]) => misfit(key, type.key) || misfit(value, type.value));
  if (type.kind === 'nat' || (term.kind === 'apply' && type.kind === 'lattice'))
    return mayBeNegative(term, guarded, holdsInts);
  return mentions(term.type, 'int') && JSON.stringify(term.type) !== JSON.stringify(type);
}

/** Functions that give nothing below 0 for what is not, and those that give nothing below 0 at all. */
const upright: readonly string[] = ['+', '*', '/', '%', 'greatest', 'least'];
const sizes: readonly string[] = ['abs', 'length', 'size'];

/** Whether something in the value, of a type that counts, may be a number below 0. */
function mayBeNegative(term: Term, guarded: Guarded, isSigned: (type: Type) => boolean): boolean {
  const negative = (part: Term): boolean => mayBeNegative(part, guarded, isSigned);
  switch (term.kind) {
    case 'wildcard':
      return false;
    case 'constant':
      if (isFloat(term.value)) return !(term.value.value >= 0);
      return typeof term.value === 'number' ? term.value < 0 : isSigned(term.type);
    case 'variable':
      return isSigned(term.type) && !guarded.nonNegative.has(term.name);
    case 'apply':
      if (sizes.includes(term.function)) return false;
      if (upright.includes(term.function)) return term.arguments.some(negative);
      // The type of a call that gives a lattice value is the one that is expected, whatever it is made of.
      if (term.type.kind === 'lattice')
        return term.function.endsWith('.minus') || term.arguments.some(negative);
      return isSigned(term.type);
    case 'if':
      return negative(term.then) || negative(term.else);
    case 'map':
      return term.entries.flat().some(negative);
    default:
      return term.items.some(negative);
  }
}

function holdsInts(type: Type): boolean {
  return mentions(type, 'int');
}

function holdsSigned(type: Type): boolean {
  return holdsInts(type) || mentions(type, 'float') || mentions(type, 'any');
}

function mentions(type: Type, kind: 'int' | 'nat' | 'float' | 'any'): boolean {
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
/** Verdicts rest on the promises of a program: what follows when one is broken is beside them. */
const restedOn: readonly string[] = ['promised'];

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

/** Lattices that refuse negative numbers; of a map, those that it holds. */
const refusing: readonly string[] = ['lpset', 'lbag', 'lvclock'];

function mayHoldNegative(term: Term, guarded: Guarded): boolean {
  const { type } = term;
  const negative = (part: Term): boolean => mayBeNegative(part, guarded, holdsSigned);
  if (term.kind === 'map') return term.entries.some(([, held]) => negative(held));
  if (type.kind === 'map') return holdsSigned(type.value);
  return !(type.kind === 'lattice' && refusing.includes(type.name)) && negative(term);
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

function callMayFail(call: Term & { kind: 'apply' }, guarded: Guarded): boolean {
  const { nonZero, total } = guarded;
  if (boundOnly.includes(call.function) || restedOn.includes(call.function)) return false;
  if (refusing.includes(call.function))
    return call.arguments.some((argument) => mayHoldNegative(argument, guarded));
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
