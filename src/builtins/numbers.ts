/**
 * More functions over numbers and over lists and sets: what programs otherwise write out by hand.
 * Bits are those of ints of 0 or more, all 53 of them.
 */
import { compareValues, float, isFloat, isInt, list, type Value } from '../base/value.js';
import { intOf, listOf, noSuchKind, numberOf, setOf, shown, signature } from './arguments.js';
import { sumFloats, sumInts } from '../base/exact-sum.js';
import { divisionByZero, intOverflow, wrongArgument } from './failure.js';
import type { BuiltinFunction } from './function.js';
import { boundedValue } from './value-size.js';

function bits(
  name: string,
  summary: string,
  combine: (a: bigint, b: bigint) => bigint,
): BuiltinFunction {
  const natOf = (value: Value): bigint => {
    const int = intOf(name, value);
    if (int < 0) throw wrongArgument(`${name} expects ints of 0 or more, not ${int}`);
    return BigInt(int);
  };
  return {
    name,
    signatures: [signature(['int', 'int'], 'int')],
    partial: true,
    method: true,
    summary,
    evaluate: (a, b) => Number(combine(natOf(a), natOf(b))),
  };
}

function modulo(a: number, b: number): number {
  if (b === 0) throw divisionByZero('mod', String(a));
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest + 0;
}

function sign(value: Value): Value {
  if (isInt(value)) return Math.sign(value);
  if (isFloat(value)) return float(Math.sign(value.value));
  throw noSuchKind('sign', 'a number', value);
}

function clamp(value: Value, low: Value, high: Value): Value {
  if (compareValues(low, high) > 0)
    throw wrongArgument(
      `clamp: the lower bound ${shown(low)} lies above the upper one, ${shown(high)}`,
    );
  return compareValues(value, low) < 0 ? low : compareValues(value, high) > 0 ? high : value;
}

function total(values: readonly Value[]): Value {
  if (!values.every(isInt))
    return float(sumFloats(values.map((value) => numberOf('sum_of', value))));
  const sum = sumInts(values);
  if (!Number.isSafeInteger(Number(sum))) throw intOverflow(`the sum ${sum}`);
  return Number(sum);
}

/** Signs, bounds, bits, and sums and shapes of collections. */
export const numberFunctions: readonly BuiltinFunction[] = [
  {
    name: 'sign',
    signatures: [signature(['int'], 'int'), signature(['float'], 'float')],
    partial: false,
    method: true,
    summary: 'On which side of 0 a number lies: -1, 0 or 1.',
    evaluate: (value) => sign(value),
  },
  {
    name: 'mod',
    signatures: [signature(['int', 'int'], 'int')],
    partial: true,
    method: true,
    summary: 'The remainder with the sign of the divisor: what is left on a clock face.',
    evaluate: (a, b) => modulo(intOf('mod', a), intOf('mod', b)),
  },
  {
    name: 'clamp',
    signatures: [signature(['T', 'T', 'T'], 'T')],
    partial: true,
    method: true,
    summary: 'The value, or the bound that it lies beyond.',
    evaluate: (value, low, high) => clamp(value, low, high),
  },
  bits('bit_and', 'The bits that both ints have.', (a, b) => a & b),
  bits('bit_or', 'The bits that either int has.', (a, b) => a | b),
  bits('bit_xor', 'The bits that one of the ints has and the other has not.', (a, b) => a ^ b),
  {
    name: 'sum_of',
    signatures: [signature(['list<int>'], 'int'), signature(['list<float>'], 'float')],
    partial: true,
    method: true,
    summary: 'The exact sum of a list; 0 of an empty one.',
    evaluate: (values) => total(listOf('sum_of', values).items),
  },
  {
    name: 'flatten',
    signatures: [signature(['list<list<T>>'], 'list<T>')],
    partial: true,
    method: true,
    summary: 'The lists of a list, one after the other.',
    evaluate: (values) =>
      boundedValue(
        list(listOf('flatten', values).items.flatMap((item) => listOf('flatten', item).items)),
      ),
  },
  {
    name: 'is_subset',
    signatures: [signature(['set<T>', 'set<T>'], 'bool')],
    partial: false,
    method: true,
    summary: 'Whether every element of the first set lies in the second.',
    evaluate: (part, whole) =>
      isSubset(setOf('is_subset', part).items, setOf('is_subset', whole).items),
  },
];

/** Both are sorted: one walk over the two. */
function isSubset(part: readonly Value[], whole: readonly Value[]): boolean {
  let at = 0;
  for (const item of part) {
    while (at < whole.length && compareValues(whole[at]!, item) < 0) at++;
    if (at === whole.length || compareValues(whole[at]!, item) !== 0) return false;
  }
  return true;
}
