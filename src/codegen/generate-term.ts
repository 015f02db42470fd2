/**
 * Terms as JavaScript expressions over words. Arithmetic and comparison of ints that stand for
 * themselves are helpers small enough to be inlined; everything else decodes its arguments, calls
 * the builtin and encodes the result. Conditions are JavaScript booleans as long as nobody needs
 * them as values.
 */
import { BugError, defined } from '../base/assert.js';
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
    terms.map((part) => generateTerm(part, scope, unit)).join(', ');
  switch (term.kind) {
    case 'variable':
      return defined(scope.get(term.name), `the variable ${term.name}`);
    case 'constant':
      return generateConstant(term.value, unit);
    case 'apply': {
      const helper = arithmetic.get(term.function);
      if (comparisons.has(term.function))
        return `${unit.helper('truth')}(${generateCondition(term, scope, unit)})`;
      const callee = helper === undefined ? unit.function(term.function) : unit.helper(helper);
      return `${callee}(${words(term.arguments)})`;
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

/** An expression that is true or false, for a term of type bool. */
export function generateCondition(term: PlanTerm, scope: Scope, unit: CodeUnit): string {
  if (term.kind === 'apply') {
    const helper = comparisons.get(term.function);
    const [left, right] = term.arguments;
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
  const [a, b] = [generateTerm(left, scope, unit), generateTerm(right, scope, unit)];
  // Equality of values is equality of words, but for an int and a float of one magnitude.
  if (helper === 'equal' && meetsAsWords(left.type, right.type)) return `(${a} === ${b})`;
  if (helper === 'differ' && meetsAsWords(left.type, right.type)) return `(${a} !== ${b})`;
  return `${unit.helper(helper)}(${a}, ${b})`;
}

const numbers = new Set(['float', 'any', 'unknown']);

function meetsAsWords(left: PlanType, right: PlanType): boolean {
  return !numbers.has(left.kind) && !numbers.has(right.kind);
}

function generateConstant(value: Parameters<CodeUnit['constant']>[0], unit: CodeUnit): string {
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
      return !comparisons.has(term.function) || term.arguments.some(mayThrow);
    default:
      return true;
  }
}
