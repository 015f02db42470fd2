/** `lset<T>`: a set that only grows; merge is union. */
import type { Value } from '../base/value.js';
import { tuple, type LatticeValue } from '../base/value.js';
import { latticeOf, setOf } from './arguments.js';
import {
  elementsOf,
  isSubset,
  mergeSets,
  setDigested,
  setMethods,
  type Elements,
} from './element-set.js';
import { method, type Lattice } from './lattice.js';

const name = 'lset';
const digested = setDigested(name);
const { carried } = digested;
const read = (value: Value | undefined): Elements => carried.read(latticeOf(name, value));

/** The `lset` of some values. */
export function lset(items: Iterable<Value>): LatticeValue {
  return carried.make(elementsOf(items));
}

export const lsetLattice: Lattice = {
  name,
  parameters: ['plain'],
  constructors: [
    { parameters: [], result: 'lset<T>' },
    { parameters: ['lset<T>'], result: 'lset<T>' },
    { parameters: ['set<T>'], result: 'lset<T>' },
  ],
  summary: 'A set that only grows.',
  bottom: lset([]),
  construct: (value) => {
    if (value === undefined) return lsetLattice.bottom;
    if (typeof value === 'object' && value?.kind === 'lattice') return latticeOf(name, value);
    return lset(setOf(value).items);
  },
  accepts: (arguments_) => arguments_.length === 1,
  merge: (a, b) => mergeSets(digested, a, b),
  lessOrEqual: (a, b) => isSubset(read(a), read(b)),
  reveal: (value) => value.arguments[0],
  methods: [
    ...setMethods(name, carried),
    method(
      'with',
      [
        ['lset<T>', 'morphism'],
        ['T', 'plain'],
      ],
      'lset<T>',
      'The set with one more element.',
      (a, item) => mergeSets(digested, latticeOf(name, a), lset([item])),
    ),
    method(
      'product',
      [
        ['lset<T>', 'morphism'],
        ['lset<U>', 'morphism'],
      ],
      'lset<(T, U)>',
      'All pairs of an element of the one and an element of the other.',
      (a, b) => {
        const others = [...read(b).values()];
        return lset([...read(a).values()].flatMap((x) => others.map((y) => tuple([x, y]))));
      },
    ),
  ],
};
