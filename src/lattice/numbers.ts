/** Sums of numbers as the language has them: ints within their bounds, floats never NaN. */
import { float, type FloatValue } from '../base/value.js';
import { LatticeFailure } from './lattice.js';

/** An int as the language has them, or a failure. */
export function checkedInt(value: number): number {
  if (Number.isSafeInteger(value)) return value === 0 ? 0 : value;
  throw new LatticeFailure('overflow', `int overflow: ${value} lies beyond ±(2^53 − 1)`);
}

/** `a + b`, or `a - b` with sign -1; a float as soon as one of the two is. NaN has no place in an order that grows. */
export function addNumbers(
  a: number | FloatValue,
  b: number | FloatValue,
  sign: 1 | -1 = 1,
): number | FloatValue {
  if (typeof a === 'number' && typeof b === 'number') return checkedInt(a + sign * b);
  const sum = (typeof a === 'number' ? a : a.value) + sign * (typeof b === 'number' ? b : b.value);
  if (Number.isNaN(sum)) throw new LatticeFailure('wrong-argument', 'the sum is not a number');
  return float(sum);
}
