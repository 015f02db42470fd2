/**
 * What the two lattices of sets share: elements by their keys in a persistent map, merged by union.
 */
import { Map as ImmutableMap } from 'immutable';
import { set, valueKey, type LatticeValue, type Value } from '../base/value.js';
import { latticeOf, setOf } from './arguments.js';
import { carriage, isCarried, type Carriage } from './carried-value.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { method, type LatticeMethod } from './lattice.js';

export type Elements = ImmutableMap<string, Value>;

export function elementsOf(items: Iterable<Value>): Elements {
  return ImmutableMap([...items].map((item) => [valueKey(item), item] as const));
}

/** How a lattice of sets holds its elements. */
export function setCarriage(name: string): Carriage<Elements> {
  const carried = carriage(
    name,
    ([items]) => elementsOf(setOf(items).items),
    (elements: Elements) => [set(elements.values())],
  );
  carriages.set(name, carried);
  return carried;
}

/** The union; one of the two operands itself if it holds the other. */
export function mergeSets(
  carried: Carriage<Elements>,
  a: LatticeValue,
  b: LatticeValue,
): LatticeValue {
  const isLarger = carried.read(a).size >= carried.read(b).size;
  const [from, other] = isLarger ? [a, b] : [b, a];
  const held = carried.read(from);
  const added = [...carried.read(other)].filter(([key]) => !held.has(key));
  if (added.length === 0) return from;
  const all = held.withMutations((elements) => {
    for (const [key, item] of added) elements.set(key, item);
  });
  const keys = added.map(([key]) => key);
  sums.set(all, withKeys(sumsOf(held), keys));
  return carried.make(all, { from, added: added.map(([, item]) => item) });
}

/** Sums of hashes of the elements: the same in whatever order they came. */
interface Sums {
  readonly low: number;
  readonly high: number;
}

const sums = new WeakMap<Elements, Sums>();

function sumsOf(elements: Elements): Sums {
  let known = sums.get(elements);
  if (known === undefined) {
    known = withKeys({ low: 0, high: 0 }, elements.keys());
    sums.set(elements, known);
  }
  return known;
}

function withKeys({ low, high }: Sums, keys: Iterable<string>): Sums {
  let [all, others] = [low, high];
  for (const key of keys) {
    let [first, second] = [0, 0];
    for (let i = 0; i < key.length; i++) {
      const code = key.charCodeAt(i);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second + code, 0x5bd1e995) ^ (second >>> 15);
    }
    all = (all + mixed(first)) | 0;
    others = (others + mixed(second)) | 0;
  }
  return { low: all, high: others };
}

/** Every bit depends on every bit (the end of MurmurHash3). */
function mixed(hash: number): number {
  const half = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  const whole = Math.imul(half ^ (half >>> 13), 0xc2b2ae35);
  return whole ^ (whole >>> 16);
}

const carriages = new Map<string, Carriage<Elements>>();

/** The elements of a value that is a lattice of a set; null of any other. */
function elementsIn(value: Value): Elements | null {
  if (typeof value !== 'object' || value?.kind !== 'lattice') return null;
  const carried = carriages.get(value.lattice);
  if (carried === undefined) return null;
  // What comes from outside may have any arguments.
  const [items, ...others] = isCarried(value) ? [] : value.arguments;
  const isSet = typeof items === 'object' && items?.kind === 'set' && others.length === 0;
  return isCarried(value) || isSet ? carried.read(value) : null;
}

/** A text that is equal for equal lattices of sets, and hardly ever for others; null of other values. */
export function setDigest(value: Value): string | null {
  const elements = elementsIn(value);
  if (elements === null) return null;
  const { low, high } = sumsOf(elements);
  return `#${(value as LatticeValue).lattice} ${elements.size} ${low} ${high}`;
}

/** Whether two values are the same lattice of the same set. */
export function areSameSets(a: Value, b: Value): boolean {
  if (a === b) return true;
  const [x, y] = [elementsIn(a), elementsIn(b)];
  if (x === null || y === null) return false;
  const isOne = (a as LatticeValue).lattice === (b as LatticeValue).lattice;
  return isOne && (x === y || (x.size === y.size && isSubset(x, y)));
}

export function isSubset(a: Elements, b: Elements): boolean {
  return a.size <= b.size && a.every((_, key) => b.has(key));
}

/** The methods that every lattice of sets has. */
export function setMethods(name: string, carried: Carriage<Elements>): readonly LatticeMethod[] {
  const own = `${name}<T>`;
  const read = (value: Value | undefined): Elements => carried.read(latticeOf(name, value));
  return [
    method('size', [[own, 'monotone']], 'lmax<int>', 'How many elements it has.', (a) =>
      lmax(read(a).size),
    ),
    method(
      'contains',
      [
        [own, 'morphism'],
        ['T', 'plain'],
      ],
      'lbool',
      'Whether it has an element.',
      (a, item) => lbool(read(a).has(valueKey(item))),
    ),
    method(
      'contains_all',
      [
        [own, 'monotone'],
        ['set<T>', 'plain'],
      ],
      'lbool',
      'Whether it has all elements of a set.',
      (a, items) => lbool(setOf(items).items.every((item) => read(a).has(valueKey(item)))),
    ),
    method(
      'overlaps',
      [
        [own, 'morphism'],
        [own, 'morphism'],
      ],
      'lbool',
      'Whether the two have an element in common.',
      (a, b) => lbool(read(a).some((_, key) => read(b).has(key))),
    ),
    method(
      'intersect',
      [
        [own, 'morphism'],
        [own, 'morphism'],
      ],
      own,
      'The elements that both have.',
      (a, b): LatticeValue => {
        const other = read(b);
        return carried.make(read(a).filter((_, key) => other.has(key)));
      },
    ),
    method(
      'without',
      [
        [own, 'morphism'],
        ['set<T>', 'plain'],
      ],
      own,
      'Its elements but those of a set that is given.',
      (a, items) => carried.make(read(a).deleteAll(setOf(items).items.map(valueKey))),
    ),
    method(
      'minus',
      [
        [own, 'morphism'],
        [own, 'antitone'],
      ],
      own,
      'Its elements but those of the other, which may still grow.',
      (a, b) => {
        const other = read(b);
        return carried.make(read(a).filter((_, key) => !other.has(key)));
      },
    ),
    method('is_empty', [[own, 'antitone']], 'lbool', 'Whether it has no element yet.', (a) =>
      lbool(read(a).isEmpty()),
    ),
  ];
}
