/**
 * `lpset<T>`: a set of non-negative numbers that only grows. Because none is negative, its sum only
 * grows too, which is what it has before `lset`.
 */
import { sumFloats, sumInts } from '../base/exact-sum.js';
import {
  float,
  isFloat,
  isInt,
  latticeValue,
  type LatticeValue,
  type Value,
} from '../base/value.js';
import { isNumber, latticeOf, setOf, wrongArgument } from './arguments.js';
import {
  elementsOf,
  isSubset,
  mergeSets,
  setDigested,
  setMethods,
  type Elements,
} from './element-set.js';
import { method, type Lattice } from './lattice.js';
import { lmax } from './lmax.js';
import { checkedInt } from './numbers.js';

const name = 'lpset';
const digested = setDigested(name);
const { carried } = digested;
const read = (value: Value | undefined): Elements => carried.read(latticeOf(name, value));

function isHeld(value: Value): boolean {
  return isNumber(value) && (isFloat(value) ? value.value >= 0 : value >= 0);
}

function lpset(items: readonly Value[]): LatticeValue {
  const misfit = items.find((item) => !isHeld(item));
  if (misfit !== undefined) throw wrongArgument('a number of at least 0', misfit);
  return carried.make(elementsOf(items));
}

/** Exact and rounded once, so that it does not depend on who came first. */
function sum(value: Value | undefined): Value {
  const items = setOf(latticeOf(name, value).arguments[0]).items.filter(isNumber);
  if (items.length === 0) return latticeValue('lmax', []);
  if (items.every(isInt)) return lmax(checkedInt(Number(sumInts(items))));
  return lmax(float(sumFloats(items.map((item) => (isFloat(item) ? item.value : item)))));
}

export const lpsetLattice: Lattice = {
  name,
  parameters: ['plain'],
  constructors: [
    { parameters: [], result: 'lpset<number>' },
    { parameters: ['lpset<number>'], result: 'lpset<number>' },
    { parameters: ['set<number>'], result: 'lpset<number>' },
  ],
  summary: 'A set of non-negative numbers that only grows.',
  bottom: carried.make(elementsOf([])),
  construct: (value) => {
    if (value === undefined) return lpsetLattice.bottom;
    if (typeof value === 'object' && value?.kind === 'lattice') return latticeOf(name, value);
    return lpset(setOf(value).items);
  },
  accepts: ([items, ...others]) =>
    others.length === 0 &&
    typeof items === 'object' &&
    items?.kind === 'set' &&
    items.items.every(isHeld),
  merge: (a, b) => mergeSets(digested, a, b),
  lessOrEqual: (a, b) => isSubset(read(a), read(b)),
  reveal: (value) => value.arguments[0],
  methods: [
    ...setMethods(name, carried),
    method(
      'sum',
      [['lpset<number>', 'monotone']],
      'lmax<number>',
      'The sum of its elements; none while it is empty.',
      sum,
      { partial: true },
    ),
  ],
};
