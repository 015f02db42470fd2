/**
 * Negation of booleans. `&&` and `||` are no functions: they evaluate their right side only when
 * they need it, and stand in a program as conditionals.
 */
import { boolOf, signature } from './arguments.js';
import type { BuiltinFunction } from './function.js';

/** The boolean operators that are functions. */
export const booleanFunctions: readonly BuiltinFunction[] = [
  {
    name: 'not',
    signatures: [signature(['bool'], 'bool')],
    partial: false,
    method: false,
    summary: 'The opposite of a boolean.',
    evaluate: (a) => !boolOf('!', a),
  },
];
