/**
 * `== != < <= > >=`, and the lesser and the greater of two values. Two numbers compare by
 * magnitude, so `1 == 1.0` holds although they are different values; everything else compares by
 * the one total order of values. NaN follows that order too, unlike IEEE 754: it equals itself and
 * is greater than every other number, so that comparison is total and `!=`, `>` and `>=` are
 * exactly the negations of `==`, `<=` and `<`.
 */
import { compareValues, isFloat, isInt, type Value } from '../base/value.js';
import { signature } from './arguments.js';
import type { BuiltinFunction } from './function.js';

/** Negative, zero or positive, as the comparison operators see it. */
function compareLoosely(a: Value, b: Value): number {
  if ((isInt(a) && isFloat(b)) || (isFloat(a) && isInt(b))) {
    const x = isInt(a) ? a : a.value;
    const y = isInt(b) ? b : b.value;
    if (x === y) return 0;
  }
  return compareValues(a, b);
}

function comparison(
  symbol: string,
  summary: string,
  holds: (order: number) => boolean,
): BuiltinFunction {
  return {
    name: symbol,
    signatures: [
      signature(['T', 'T'], 'bool'),
      signature(['int', 'float'], 'bool'),
      signature(['float', 'int'], 'bool'),
    ],
    partial: false,
    method: false,
    summary,
    evaluate: (a, b) => holds(compareLoosely(a, b)),
  };
}

function choice(name: string, summary: string, sign: 1 | -1): BuiltinFunction {
  return {
    name,
    signatures: [signature(['T', 'T'], 'T')],
    partial: false,
    method: false,
    summary,
    evaluate: (a, b) => (compareValues(a, b) * sign > 0 ? a! : b!),
  };
}

/** The comparison operators, `least` and `greatest`. */
export const comparisonFunctions: readonly BuiltinFunction[] = [
  comparison(
    '==',
    'Whether two values are equal; an int and a float by magnitude.',
    (order) => order === 0,
  ),
  comparison('!=', 'Whether two values differ.', (order) => order !== 0),
  comparison(
    '<',
    'Whether the first comes before the second in the order of values.',
    (order) => order < 0,
  ),
  comparison('<=', 'Whether the first does not come after the second.', (order) => order <= 0),
  comparison('>', 'Whether the first comes after the second.', (order) => order > 0),
  comparison('>=', 'Whether the first does not come before the second.', (order) => order >= 0),
  choice('least', 'The lesser of two values.', -1),
  choice('greatest', 'The greater of two values.', 1),
];
