/**
 * Functions over numbers. What rounds a float gives an int, and fails where no int is near: for
 * NaN, the infinities, and beyond ±(2^53 − 1).
 */
import { float, isFloat, isInt, type Value } from '../base/value.js';
import { intOf, numberOf, shown, signature } from './arguments.js';
import { intOverflow, wrongArgument } from './failure.js';
import type { BuiltinFunction } from './function.js';

/** An integral JavaScript number as an int; `what` is what the user wrote. */
export function toSafeInt(what: string, value: number): number {
  if (Number.isNaN(value)) throw wrongArgument(`${what}: there is no int for it`);
  if (!Number.isSafeInteger(value)) throw intOverflow(what);
  return value + 0;
}

function rounding(name: string, summary: string, round: (x: number) => number): BuiltinFunction {
  return {
    name,
    signatures: [signature(['int'], 'int'), signature(['float'], 'int')],
    partial: true,
    method: true,
    summary,
    evaluate: (x) => toSafeInt(`${name}(${shown(x)})`, round(numberOf(name, x))),
  };
}

function roundHalfAway(x: number): number {
  const down = Math.floor(Math.abs(x));
  // Not floor(x + 0.5): the sum would round 0.49999999999999994 up.
  return Math.sign(x) * (Math.abs(x) - down >= 0.5 ? down + 1 : down);
}

function intPower(base: number, exponent: number): number {
  if (exponent < 0)
    throw wrongArgument(
      `pow expects an exponent of 0 or more between ints, not ${exponent}; write pow(to_float(x), y) for fractions`,
    );
  if (base === 0 || base === 1) return exponent === 0 ? 1 : base;
  if (base === -1) return exponent % 2 === 0 ? 1 : -1;
  let result = 1;
  // Beyond 53 factors of at least 2 the result has overflowed.
  for (let i = 0; i < exponent; i++) result = toSafeInt(`pow(${base}, ${exponent})`, result * base);
  return result;
}

function power(base: Value, exponent: Value): Value {
  if (isInt(base) && isInt(exponent)) return intPower(base, exponent);
  return float(numberOf('pow', base) ** numberOf('pow', exponent));
}

/** The functions over numbers beyond the operators. */
export const mathFunctions: readonly BuiltinFunction[] = [
  {
    name: 'abs',
    signatures: [signature(['int'], 'int'), signature(['float'], 'float')],
    partial: false,
    method: true,
    summary: 'The magnitude of a number.',
    evaluate: (x) => (isFloat(x) ? float(Math.abs(x.value)) : Math.abs(intOf('abs', x))),
  },
  rounding('floor', 'The greatest int that is not greater.', Math.floor),
  rounding('ceil', 'The least int that is not less.', Math.ceil),
  rounding('round', 'The nearest int; halves go away from zero.', roundHalfAway),
  {
    name: 'sqrt',
    signatures: [signature(['float'], 'float'), signature(['int'], 'float')],
    partial: false,
    method: true,
    summary: 'The square root as a float; NaN for a negative number.',
    evaluate: (x) => float(Math.sqrt(numberOf('sqrt', x))),
  },
  {
    name: 'pow',
    signatures: [
      signature(['int', 'int'], 'int'),
      signature(['float', 'float'], 'float'),
      signature(['float', 'int'], 'float'),
      signature(['int', 'float'], 'float'),
    ],
    partial: true,
    method: true,
    summary: 'The first to the power of the second.',
    evaluate: (base, exponent) => power(base, exponent),
  },
  {
    name: 'is_nan',
    signatures: [signature(['float'], 'bool')],
    partial: false,
    method: true,
    summary: 'Whether a float is NaN.',
    evaluate: (x) => Number.isNaN(numberOf('is_nan', x)),
  },
  {
    name: 'nan',
    signatures: [signature([], 'float')],
    partial: false,
    method: false,
    summary: 'The float that is not a number.',
    evaluate: () => float(Number.NaN),
  },
  {
    name: 'infinity',
    signatures: [signature([], 'float')],
    partial: false,
    method: false,
    summary: 'The greatest float; its negation is the least.',
    evaluate: () => float(Number.POSITIVE_INFINITY),
  },
];
