/**
 * The precedence of operators, one table for the tree builder and the printer. Binary operators
 * bind to the left; comparisons do not chain at all.
 */
import type { BinaryOperator } from './ast.js';

/** How tightly terms bind, loosest first. */
export const binding = {
  if: 0,
  or: 1,
  and: 2,
  not: 3,
  comparison: 4,
  concatenation: 5,
  additive: 6,
  multiplicative: 7,
  negative: 8,
  postfix: 9,
  atom: 10,
} as const;

export const bindingByOperator: Readonly<Record<BinaryOperator, number>> = {
  '||': binding.or,
  '&&': binding.and,
  '==': binding.comparison,
  '!=': binding.comparison,
  '<': binding.comparison,
  '<=': binding.comparison,
  '>': binding.comparison,
  '>=': binding.comparison,
  '++': binding.concatenation,
  '+': binding.additive,
  '-': binding.additive,
  '*': binding.multiplicative,
  '/': binding.multiplicative,
  '%': binding.multiplicative,
};
