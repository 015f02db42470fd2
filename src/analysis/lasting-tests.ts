/**
 * Tests that, once they are true of a value that only moves one way, stay true: `n >= 3` of one that
 * rises, `n < 3` of one that falls, membership and size of one that takes in elements.
 */
import { isFloat } from '../base/value.js';
import type { Literal, Term } from '../semantics/program.js';
import { termVariables } from './program-index.js';
import type { ProgramIndex } from './program-index.js';

/** The way in which a value moves; `set`: a set or list that takes in elements. */
export type Direction = 'up' | 'down' | 'set';

/** The way in which the values of a lattice move, as plain ones. */
export const latticeDirections: Readonly<Record<string, Direction>> = {
  lbool: 'up',
  lmax: 'up',
  lmin: 'down',
  lset: 'set',
};

/** Whether a literal that holds goes on to hold while the variable moves in its direction. */
export function lasts(
  index: ProgramIndex,
  literal: Literal,
  variable: string,
  direction: Direction,
): boolean {
  if (literal.kind === 'condition') return staysTrue(index, literal.term, variable, direction);
  if (literal.kind !== 'member' || literal.negated || direction !== 'set') return false;
  return literal.collection.kind === 'variable' && literal.collection.name === variable;
}

function staysTrue(
  index: ProgramIndex,
  term: Term,
  variable: string,
  direction: Direction,
): boolean {
  if (term.kind === 'if') return staysTrueByCase(index, term, variable, direction);
  if (direction === 'set') return staysTrueOfSet(index, term, variable);
  const rising = direction === 'up' ? 1 : -1;
  if (term.kind === 'variable') return rising === 1;
  if (term.kind !== 'apply') return false;
  const [left, right] = [term.arguments[0], term.arguments[1]];
  if (left === undefined) return false;
  // What fails for good on the way up is what holds for good on the way down.
  if (term.function === 'not')
    return staysTrue(index, left, variable, direction === 'up' ? 'down' : 'up');
  if (right === undefined || term.arguments.length !== 2) return false;
  if (term.function === '==') {
    const value =
      left.kind === 'constant' ? left.value : right.kind === 'constant' ? right.value : null;
    const plain = left.kind === 'variable' || right.kind === 'variable';
    return plain && typeof value === 'boolean' && value === (rising === 1);
  }
  const turn = term.function === '>=' || term.function === '>' ? 1 : -1;
  if (turn === -1 && term.function !== '<=' && term.function !== '<') return false;
  const onLeft = termVariables(left).includes(variable);
  const moved = sense(index, onLeft ? left : right, variable) * (onLeft ? 1 : -1);
  return moved * turn * rising === 1;
}

/** `a && b` and `a || b` are such terms, too: the variable stands in one of the three parts. */
function staysTrueByCase(
  index: ProgramIndex,
  { condition, then, else: otherwise }: Term & { kind: 'if' },
  variable: string,
  direction: Direction,
): boolean {
  if (!termVariables(condition).includes(variable)) {
    const branch = termVariables(then).includes(variable) ? then : otherwise;
    return staysTrue(index, branch, variable, direction);
  }
  const is = (term: Term, value: boolean): boolean =>
    term.kind === 'constant' && term.value === value;
  return (
    (is(then, true) || is(otherwise, false)) && staysTrue(index, condition, variable, direction)
  );
}

/** `x.contains(e)`, `x.size() >= k`, `a.is_subset(x)`: true of every larger set. */
function staysTrueOfSet(index: ProgramIndex, term: Term, variable: string): boolean {
  if (term.kind !== 'apply') return false;
  const is = (part: Term | undefined): boolean =>
    part?.kind === 'variable' && part.name === variable;
  const [first, second] = term.arguments;
  if (term.function === 'contains') return is(first);
  if (term.function === 'is_subset') return is(second);
  const isSize = (part: Term | undefined): boolean =>
    part?.kind === 'apply' && part.function === 'size' && is(part.arguments[0]);
  if (term.function === '>=' || term.function === '>') return isSize(first);
  if (term.function === '<=' || term.function === '<') return isSize(second);
  return false;
}

/**
 * Whether a term grows (1) or falls (-1), weakly, as the variable grows: `v`, `v + t`, `v - t`, `2 * v`,
 * `t - v`, a function from TypeScript that is declared monotone or antitone; 0: neither is known.
 * Of floats, NaN is the greatest, and stays so where it is turned round or meets infinity: they keep
 * their order only under positive constants, and what is added of these.
 */
export function sense(index: ProgramIndex, term: Term, variable: string): -1 | 0 | 1 {
  if (term.kind === 'variable') return term.name === variable ? 1 : 0;
  if (term.kind !== 'apply') return 0;
  const place = term.arguments.findIndex((part) => termVariables(part).includes(variable));
  const inner = term.arguments[place];
  if (inner === undefined) return 0;
  const moved = sense(index, inner, variable);
  const other = term.arguments[1 - place];
  if (term.type.kind === 'float' && !keepsOrderOfFloats(term.function, place, other)) return 0;
  switch (term.function) {
    case '+':
    case 'greatest':
    case 'least':
    case 'to_float':
      return moved;
    case '-':
      return turned(moved, place === 0 ? 1 : -1);
    case 'neg':
      return turned(moved, -1);
    case '*':
      return turned(moved, signOfConstant(other));
    case '/':
      return place === 0 ? turned(moved, signOfConstant(other)) : 0;
    default:
      return turned(moved, declaredSense(index, term.function));
  }
}

function turned(moved: -1 | 0 | 1, by: -1 | 0 | 1): -1 | 0 | 1 {
  return (moved * by || 0) as -1 | 0 | 1;
}

function signOfConstant(term: Term | undefined): -1 | 0 | 1 {
  const value = constantOf(term);
  return value === null ? 0 : value > 0 ? 1 : value < 0 ? -1 : 0;
}

/** A finite number. */
function constantOf(term: Term | undefined): number | null {
  if (term?.kind !== 'constant') return null;
  const value = isFloat(term.value) ? term.value.value : term.value;
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

function keepsOrderOfFloats(name: string, place: number, other: Term | undefined): boolean {
  if (name === '*' || name === '/') return signOfConstant(other) === 1;
  if (name === '+' || (name === '-' && place === 0)) return constantOf(other) !== null;
  return name !== '-' && name !== 'neg';
}

/** What the author of a function of one argument promises. */
function declaredSense(index: ProgramIndex, name: string): -1 | 0 | 1 {
  const declared = index.program.functions.find((each) => each.name === name);
  if (declared?.parameters.length !== 1) return 0;
  if (declared.properties.includes('monotone') || declared.properties.includes('morphism'))
    return 1;
  return declared.properties.includes('antitone') ? -1 : 0;
}
