/**
 * `+ - * / %` and unary minus. Two ints give an int, or an error beyond ±(2^53 − 1): never a silent
 * wrap or a rounded result. With a float on either side both are floats, and those follow IEEE 754
 * except that there is one NaN and no -0. Int `/` truncates towards zero and `%` takes the
 * dividend's sign, so that `(a / b) * b + a % b == a` wherever b is not 0.
 */
import { float, isFloat, isInt, type Value } from '../base/value.js';
import { numberOf, shown, signature } from './arguments.js';
import { divisionByZero, intOverflow } from './failure.js';
import type { BuiltinFunction, Signature } from './function.js';

const numeric: readonly Signature[] = [
  signature(['int', 'int'], 'int'),
  signature(['float', 'float'], 'float'),
  signature(['int', 'float'], 'float'),
  signature(['float', 'int'], 'float'),
];

function binary(
  symbol: string,
  summary: string,
  ofInts: (a: number, b: number) => number,
  ofFloats: (a: number, b: number) => number,
): BuiltinFunction {
  const evaluate = (a: Value, b: Value): Value => {
    if (!isInt(a) || !isInt(b)) return float(ofFloats(numberOf(symbol, a), numberOf(symbol, b)));
    const result = ofInts(a, b);
    // A product or sum beyond the safe range rounds to something beyond it too.
    if (!Number.isSafeInteger(result)) throw intOverflow(`${shown(a)} ${symbol} ${shown(b)}`);
    return result + 0;
  };
  return { name: symbol, signatures: numeric, partial: true, method: false, summary, evaluate };
}

function quotient(a: number, b: number): number {
  if (b === 0) throw divisionByZero('/', String(a));
  return (a - (a % b)) / b;
}

function remainder(a: number, b: number): number {
  if (b === 0) throw divisionByZero('%', String(a));
  return a % b;
}

const negation: BuiltinFunction = {
  name: 'neg',
  signatures: [signature(['int'], 'int'), signature(['float'], 'float')],
  partial: false,
  method: false,
  summary: 'Unary minus.',
  evaluate: (a) => (isFloat(a) ? float(-a.value) : 0 - numberOf('-', a)),
};

/** The arithmetic operators. */
export const arithmeticFunctions: readonly BuiltinFunction[] = [
  binary(
    '+',
    'Sum of two numbers.',
    (a, b) => a + b,
    (a, b) => a + b,
  ),
  binary(
    '-',
    'Difference of two numbers.',
    (a, b) => a - b,
    (a, b) => a - b,
  ),
  binary(
    '*',
    'Product of two numbers.',
    (a, b) => a * b,
    (a, b) => a * b,
  ),
  binary('/', 'Quotient; of ints truncated towards zero.', quotient, (a, b) => a / b),
  binary('%', 'Remainder, with the sign of the dividend.', remainder, (a, b) => a % b),
  negation,
];
