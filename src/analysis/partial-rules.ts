/**
 * Rules whose expressions may fail, and their timestep with them: divisions, conversions, functions
 * from TypeScript, maps collected from rows that disagree, ints that a column of naturals refuses.
 * What fails by outgrowing a limit counts among the bounds of a run, not here.
 */
import { builtinFunctions } from '../builtins/functions.js';
import type { HeadArgument, Literal, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import { relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

/** Whether some expression of the clause may fail. */
export function mayFail(index: ProgramIndex, clause: Clause): boolean {
  const { columns } = relationOf(index, clause.head);
  const inBody = clause.body.literals.some((literal) => literalTerms(literal).some(termMayFail));
  return (
    inBody ||
    clause.rule.head.arguments.some(
      (argument, column) => argumentMayFail(argument) || mayMisfit(argument, columns[column]!.type),
    )
  );
}

function argumentMayFail(argument: HeadArgument): boolean {
  if (argument.kind === 'term') return termMayFail(argument.term);
  // A map of rows that give one key two values; a list of so many of the greatest, and of another many.
  const [first] = argument.arguments;
  const isPartial =
    argument.function === 'map' || (argument.function === 'top' && first?.kind !== 'constant');
  return isPartial || argument.arguments.some(termMayFail);
}

/** Whether a column may refuse what comes: naturals are the one type that is checked at run time. */
function mayMisfit(argument: HeadArgument, type: Type): boolean {
  if (!mentions(type, 'nat')) return false;
  if (argument.kind === 'term') return misfits(argument.term, type);
  const counts = argument.function === 'count' || argument.function === 'count_distinct';
  return !counts && argument.arguments.some((term) => mentions(term.type, 'int'));
}

function misfits(term: Term, type: Type): boolean {
  if (!mentions(type, 'nat')) return false;
  if (term.kind === 'constant' && typeof term.value === 'number') return term.value < 0;
  if (term.kind === 'if') return misfits(term.then, type) || misfits(term.else, type);
  if (term.kind === 'tuple' && type.kind === 'tuple')
    return term.items.some((item, i) => misfits(item, type.items[i]!));
  if ((term.kind === 'list' || term.kind === 'set') && term.kind === type.kind)
    return term.items.some((item) => misfits(item, type.item));
  // The type of a call that gives a lattice value is the one that is expected, whatever it is made of.
  if (term.kind === 'apply' && type.kind === 'lattice')
    return term.function.endsWith('.minus') || term.arguments.some(mayBeNegative);
  return mentions(term.type, 'int') && JSON.stringify(term.type) !== JSON.stringify(type);
}

/** Whether something in the value may be an int below 0. */
function mayBeNegative(term: Term): boolean {
  if (term.kind === 'constant' && typeof term.value === 'number') return term.value < 0;
  if (term.kind === 'apply' && term.type.kind === 'lattice') return misfits(term, term.type);
  if (term.kind === 'list' || term.kind === 'set' || term.kind === 'tuple')
    return term.items.some(mayBeNegative);
  return term.kind !== 'wildcard' && mentions(term.type, 'int');
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

function termMayFail(term: Term): boolean {
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return false;
    case 'apply':
      return callMayFail(term) || term.arguments.some(termMayFail);
    case 'if':
      return [term.condition, term.then, term.else].some(termMayFail);
    case 'map':
      return term.entries.flat().some(termMayFail);
    default:
      return term.items.some(termMayFail);
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

function callMayFail(call: Term & { kind: 'apply' }): boolean {
  if (boundOnly.includes(call.function)) return false;
  if (['lpset', 'lbag', 'lvclock'].includes(call.function))
    return !call.arguments.every(isNeverNegative);
  if (latticeSums.includes(call.function)) return call.arguments.some(holdsFloat);
  if (call.function === '/' || call.function === '%') {
    const divisor = call.arguments[1];
    const safe = divisor?.kind === 'constant' && divisor.value !== 0;
    return call.type.kind !== 'float' && !safe;
  }
  return builtinFunctions.get(call.function)?.partial ?? true;
}
