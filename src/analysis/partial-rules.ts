/**
 * Rules whose expressions may fail, and their timestep with them: divisions, conversions, functions
 * from TypeScript. What fails by outgrowing a limit counts among the bounds of a run, not here.
 */
import { builtinFunctions } from '../builtins/functions.js';
import type { Literal, Term } from '../semantics/program.js';
import type { Clause } from './program-index.js';

/** Whether some expression of the clause may fail. */
export function mayFail(clause: Clause): boolean {
  const inBody = clause.body.literals.some((literal) => literalTerms(literal).some(termMayFail));
  return (
    inBody ||
    clause.rule.head.arguments.some((argument) =>
      argument.kind === 'term' ? termMayFail(argument.term) : argument.arguments.some(termMayFail),
    )
  );
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
