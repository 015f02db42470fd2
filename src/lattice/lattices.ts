/**
 * The one table of built-in lattices, and what is done with lattice values whatever their lattice:
 * merge, the partial order, reveal. A tuple of lattice values is the product of their lattices.
 */
import { isLattice, type TupleValue, type Value } from '../base/value.js';
import { defined } from '../base/assert.js';
import { wrongArgument } from './arguments.js';
import { lbagLattice } from './lbag.js';
import { lboolLattice } from './lbool.js';
import { ldomLattice } from './ldom.js';
import { lmapLattice } from './lmap.js';
import { lmaxLattice } from './lmax.js';
import { lminLattice } from './lmin.js';
import { lpsetLattice } from './lpset.js';
import { lsetLattice } from './lset.js';
import { lvclockLattice } from './lvclock.js';
import type { Algebra, Lattice } from './lattice.js';
import { mergeProducts, productLessOrEqual, revealProduct } from './product.js';

const algebra: Algebra = {
  merge: mergeValues,
  lessOrEqual: isLessOrEqual,
  reveal: revealValue,
  isLatticeValue,
};

/** Every built-in lattice by name. */
export const lattices: ReadonlyMap<string, Lattice> = new Map(
  [
    lboolLattice,
    lmaxLattice,
    lminLattice,
    lsetLattice,
    lpsetLattice,
    lbagLattice,
    lmapLattice(algebra),
    ldomLattice(algebra),
    lvclockLattice,
  ].map((lattice) => [lattice.name, lattice]),
);

/**
 * Lattices that an embedding program defined, by name. Values travel by the name of their lattice,
 * so one process knows one lattice of a name.
 */
const outerLattices = new Map<string, Lattice>();

/** Makes values of a lattice known; false if another has that name. Contract: it keeps the laws. */
export function addOuterLattice(lattice: Lattice): boolean {
  const known = lattices.get(lattice.name) ?? outerLattices.get(lattice.name);
  if (known === undefined) outerLattices.set(lattice.name, lattice);
  return known === undefined || known === lattice;
}

/** The lattice of that name, built in or defined outside. */
export function findLattice(name: string): Lattice | undefined {
  return lattices.get(name) ?? outerLattices.get(name);
}

function latticeNamed(name: string): Lattice {
  return defined(findLattice(name), `lattice ${name}`);
}

function isTuple(value: Value): value is TupleValue {
  return typeof value === 'object' && value !== null && value.kind === 'tuple';
}

/** Whether a value belongs to some lattice, and is one that its constructor makes. */
export function isLatticeValue(value: Value): boolean {
  if (isLattice(value)) return findLattice(value.lattice)?.accepts(value.arguments) ?? false;
  return isTuple(value) && value.items.length > 0 && value.items.every(isLatticeValue);
}

/** The least value above both; they are of one lattice. Throws `LatticeFailure` if they are not. */
export function mergeValues(a: Value, b: Value): Value {
  if (a === b) return a;
  if (isLattice(a) && isLattice(b) && a.lattice === b.lattice)
    return latticeNamed(a.lattice).merge(a, b);
  if (isTuple(a) && isTuple(b) && a.items.length === b.items.length)
    return mergeProducts(a, b, algebra);
  throw wrongArgument('a value of the same lattice', b);
}

/** Whether a merge b = b. */
export function isLessOrEqual(a: Value, b: Value): boolean {
  if (isLattice(a) && isLattice(b) && a.lattice === b.lattice)
    return latticeNamed(a.lattice).lessOrEqual(a, b);
  if (isTuple(a) && isTuple(b) && a.items.length === b.items.length)
    return productLessOrEqual(a, b, algebra);
  throw wrongArgument('a value of the same lattice', b);
}

/** The plain value; undefined for a bottom that has none. A plain value is its own. */
export function revealValue(value: Value): Value | undefined {
  if (isLattice(value)) return latticeNamed(value.lattice).reveal(value);
  return isTuple(value) ? revealProduct(value, algebra) : value;
}
