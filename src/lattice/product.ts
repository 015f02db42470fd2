/**
 * Pairs (L1, L2), and products of any width: tuples whose items are all lattice values, merged item
 * by item. They have no constructor and no name of their own: a tuple of lattice values is one.
 */
import { tuple, type TupleValue, type Value } from '../base/value.js';
import { wrongArgument } from './arguments.js';
import { method, type Algebra, type LatticeMethod } from './lattice.js';

function itemsOf(value: Value | undefined): TupleValue {
  if (typeof value === 'object' && value?.kind === 'tuple' && value.items.length > 0) return value;
  throw wrongArgument('a pair', value);
}

/** Merges two products of one width. */
export function mergeProducts(a: TupleValue, b: TupleValue, algebra: Algebra): TupleValue {
  return tuple(a.items.map((item, i) => algebra.merge(item, b.items[i]!)));
}

/** Whether every item is less or equal. */
export function productLessOrEqual(a: TupleValue, b: TupleValue, algebra: Algebra): boolean {
  return a.items.every((item, i) => algebra.lessOrEqual(item, b.items[i]!));
}

/** The plain values of the items; undefined if one has none. */
export function revealProduct(value: TupleValue, algebra: Algebra): Value | undefined {
  const items = value.items.map(algebra.reveal);
  return items.every((item) => item !== undefined) ? tuple(items) : undefined;
}

/** The methods of pairs. */
export const productMethods: readonly LatticeMethod[] = [
  method(
    'first',
    [['(L, M)', 'morphism']],
    'L',
    'The first item of a pair.',
    (pair) => itemsOf(pair).items[0]!,
  ),
  method(
    'second',
    [['(L, M)', 'morphism']],
    'M',
    'The second item of a pair.',
    (pair) => itemsOf(pair).items[1]!,
  ),
];
