/**
 * What the two lattices of sets share: elements by their keys in a persistent map, merged by union.
 */
import { Map as ImmutableMap } from 'immutable';
import { set, valueKey, type LatticeValue, type Value } from '../base/value.js';
import { latticeOf, setOf } from './arguments.js';
import { carriage, type Carriage } from './carried-value.js';
import { addDigested, grow, type Digested } from './digest.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { method, type LatticeMethod } from './lattice.js';

export type Elements = ImmutableMap<string, Value>;

export function elementsOf(items: Iterable<Value>): Elements {
  return ImmutableMap([...items].map((item) => [valueKey(item), item] as const));
}

/** How a lattice of sets holds its elements. */
export function setDigested(name: string): Digested<Value> {
  const digested: Digested<Value> = {
    carried: carriage(
      name,
      ([items]) => elementsOf(setOf(items).items),
      (elements) => [set(elements.values())],
    ),
    isReadable: ([items, ...others]) =>
      typeof items === 'object' && items?.kind === 'set' && others.length === 0,
    partsOf: (item) => [item],
  };
  addDigested(name, digested);
  return digested;
}

/** The union; one of the two operands itself if it holds the other. */
export function mergeSets(
  digested: Digested<Value>,
  a: LatticeValue,
  b: LatticeValue,
): LatticeValue {
  const { read } = digested.carried;
  const [from, other] = read(a).size >= read(b).size ? [a, b] : [b, a];
  const held = read(from);
  const added = [...read(other)].filter(([key]) => !held.has(key));
  const changes = added.map(([key, now]) => ({ key, before: undefined, now }));
  return grow(from, changes, digested);
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
