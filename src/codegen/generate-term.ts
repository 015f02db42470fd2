/**
 * Terms as JavaScript expressions over words. Arithmetic and comparison of ints that stand for
 * themselves are helpers small enough to be inlined; everything else decodes its arguments, calls
 * the builtin and encodes the result. Conditions are JavaScript booleans as long as nobody needs
 * them as values.
 *
 * A term whose type has a bare form (plan/bare-lattice.ts) gives its word in that form; whatever
 * takes words apart, or takes them in, is given the boxed form.
 */
import { BugError, defined } from '../base/assert.js';
import { bareLattice } from '../plan/bare-lattice.js';
import type { PlanTerm, PlanType } from '../plan/physical-plan.js';
import type { CodeUnit } from './code-unit.js';

/** Names of the JavaScript variables that hold the words of the program's. */
export type Scope = Map<string, string>;

const comparisons: ReadonlyMap<string, string> = new Map([
  ['==', 'equal'],
  ['!=', 'differ'],
  ['<', 'less'],
  ['<=', 'atMost'],
  ['>', 'greater'],
  ['>=', 'atLeast'],
]);
const arithmetic: ReadonlyMap<string, string> = new Map([
  ['+', 'plus'],
  ['-', 'minus'],
  ['*', 'times'],
]);

/** An expression for the term's word. */
export function generateTerm(term: PlanTerm, scope: Scope, unit: CodeUnit): string {
  const words = (terms: readonly PlanTerm[]): string =>
    terms.map((part) => generateBoxed(part, scope, unit)).join(', ');
  switch (term.kind) {
    case 'variable':
      return defined(scope.get(term.name), `the variable ${term.name}`);
    case 'constant':
      return generateConstant(term, unit);
    case 'apply': {
      const helper = arithmetic.get(term.function);
      if (comparisons.has(term.function))
        return `${unit.helper('truth')}(${generateCondition(term, scope, unit)})`;
      const bare = generateBareCall(term, scope, unit);
      if (bare !== null) return bare;
      const callee = helper === undefined ? unit.function(term.function) : unit.helper(helper);
      const call = `${callee}(${words(term.arguments)})`;
      return bareLattice(term.type) === null ? call : `${unit.helper('bare')}(${call})`;
    }
    case 'if':
      return `(${generateCondition(term.condition, scope, unit)} ? ${generateTerm(term.then, scope, unit)} : ${generateTerm(term.else, scope, unit)})`;
    case 'tuple':
    case 'list':
    case 'set':
      return `${unit.helper(`${term.kind}Of`)}([${words(term.items)}])`;
    case 'map':
      return `${unit.helper('mapOf')}([${words(term.entries.flat())}])`;
    case 'wildcard':
      throw new BugError('a wildcard stands where a value is needed');
  }
}

/** An expression for the term's word in boxed form. */
export function generateBoxed(term: PlanTerm, scope: Scope, unit: CodeUnit): string {
  return boxed(generateTerm(term, scope, unit), term.type, unit);
}

/** A word of the type as other values hold it. */
function boxed(word: string, type: PlanType, unit: CodeUnit): string {
  const name = bareLattice(type);
  return name === null ? word : `${unit.helper(`box_${name}`)}(${word})`;
}

/** A word of type `from` as a place of type `to` holds it. */
export function converted(word: string, from: PlanType, to: PlanType, unit: CodeUnit): string {
  const [bareBefore, bareAfter] = [bareLattice(from) !== null, bareLattice(to) !== null];
  if (bareBefore === bareAfter) return word;
  return bareAfter ? `${unit.helper('bare')}(${word})` : boxed(word, from, unit);
}

/** Whether every value of the type is its own word or a plain entry of the dictionary. */
const scalars = new Set(['int', 'nat', 'float', 'bool', 'null']);

/** Calls that are done with bare words; null for any other. */
function generateBareCall(
  { function: name, arguments: parts }: PlanTerm & { kind: 'apply' },
  scope: Scope,
  unit: CodeUnit,
): string | null {
  const [first, second] = parts;
  if (first === undefined) return null;
  const word = (term: PlanTerm): string => generateTerm(term, scope, unit);
  const bare = bareLattice(first.type);
  if (name === 'lmin' || name === 'lmax') {
    if (bare !== null) return bare === name ? word(first) : null;
    return scalars.has(first.type.kind)
      ? word(first)
      : `${unit.helper(`${name}_hold`)}(${word(first)})`;
  }
  if (bare === null) return null;
  if (name === 'reveal') return `${unit.helper('revealed')}(${word(first)})`;
  if (second === undefined) return null;
  if (name === 'merge') return `${unit.helper(`${bare}_merge`)}(${word(first)}, ${word(second)})`;
  if (name === `${bare}.plus` || name === `${bare}.minus`)
    return `${unit.helper(name.replace('.', '_'))}(${word(first)}, ${word(second)})`;
  return null;
}

const thresholds = new Set(['at_least', 'above', 'at_most', 'below']);

/** A threshold on a bare word that stands as a condition; null for anything else. */
function generateThreshold(term: PlanTerm, scope: Scope, unit: CodeUnit): string | null {
  if (term.kind !== 'apply') return null;
  const [first, second] = term.arguments;
  const bare = first === undefined ? null : bareLattice(first.type);
  if (first === undefined || bare === null || !term.function.startsWith(`${bare}.`)) return null;
  const method = term.function.slice(bare.length + 1);
  const word = generateTerm(first, scope, unit);
  if (method === 'has_value') return `${unit.helper(`${bare}_has_value`)}(${word})`;
  if (!thresholds.has(method) || second === undefined) return null;
  return `${unit.helper(`${bare}_${method}`)}(${word}, ${generateTerm(second, scope, unit)})`;
}

/** An expression that is true or false, for a term of type bool. */
export function generateCondition(term: PlanTerm, scope: Scope, unit: CodeUnit): string {
  if (term.kind === 'apply') {
    const helper = comparisons.get(term.function);
    const [left, right] = term.arguments;
    if (term.function === 'lbool.when_true' && left !== undefined) {
      const threshold = generateThreshold(left, scope, unit);
      if (threshold !== null) return threshold;
    }
    if (helper !== undefined && left !== undefined && right !== undefined)
      return generateComparison(helper, left, right, scope, unit);
    if (term.function === 'not' && left !== undefined)
      return `!${generateCondition(left, scope, unit)}`;
  }
  if (term.kind === 'if')
    return `(${generateCondition(term.condition, scope, unit)} ? ${generateCondition(term.then, scope, unit)} : ${generateCondition(term.else, scope, unit)})`;
  if (term.kind === 'constant' && typeof term.value === 'boolean') return String(term.value);
  return `${unit.helper('isTrue')}(${generateTerm(term, scope, unit)})`;
}

function generateComparison(
  helper: string,
  left: PlanTerm,
  right: PlanTerm,
  scope: Scope,
  unit: CodeUnit,
): string {
  const [a, b] = [generateBoxed(left, scope, unit), generateBoxed(right, scope, unit)];
  // Equality of values is equality of words, but for an int and a float of one magnitude.
  if (helper === 'equal' && meetsAsWords(left.type, right.type)) return `(${a} === ${b})`;
  if (helper === 'differ' && meetsAsWords(left.type, right.type)) return `(${a} !== ${b})`;
  return `${unit.helper(helper)}(${a}, ${b})`;
}

const numbers = new Set(['float', 'any', 'unknown']);

function meetsAsWords(left: PlanType, right: PlanType): boolean {
  return !numbers.has(left.kind) && !numbers.has(right.kind);
}

function generateConstant(
  { value, type }: PlanTerm & { kind: 'constant' },
  unit: CodeUnit,
): string {
  if (bareLattice(type) !== null) return unit.bareConstant(value);
  const isOwnWord = typeof value === 'number' && value >= 0 && value < 2 ** 31;
  return isOwnWord ? String(value) : unit.constant(value);
}

/** Whether evaluating the term can throw: if not, its literal needs no guard. */
export function mayThrow(term: PlanTerm): boolean {
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return false;
    case 'apply':
      return (
        !isThreshold(term) && (!comparisons.has(term.function) || term.arguments.some(mayThrow))
      );
    default:
      return true;
  }
}

/** Whether a call is a threshold on a variable, or asks whether one holds: neither fails. */
function isThreshold({ function: name, arguments: parts }: PlanTerm & { kind: 'apply' }): boolean {
  const [first, second] = parts;
  if (first?.kind === 'apply' && name === 'lbool.when_true') return isThreshold(first);
  return (
    first?.kind === 'variable' &&
    bareLattice(first.type) !== null &&
    thresholds.has(name.slice(5)) &&
    second !== undefined &&
    !mayThrow(second)
  );
}

/** Whether a term may show a lattice value at its bottom, which gives no tuple. */
export function mayReveal(term: PlanTerm): boolean {
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return false;
    case 'apply':
      return term.function === 'reveal' || term.arguments.some(mayReveal);
    case 'if':
      return [term.condition, term.then, term.else].some(mayReveal);
    case 'map':
      return term.entries.flat().some(mayReveal);
    default:
      return term.items.some(mayReveal);
  }
}
