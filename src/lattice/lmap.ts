/**
 * `lmap<K, L>`: a map whose keys only come and whose values, of a lattice type, only grow. Merge
 * joins the keys and merges values of one key. A key with a bottom value is there; one that is
 * absent is not.
 */
import { Map as ImmutableMap } from 'immutable';
import { map, valueKey, type LatticeValue, type Value } from '../base/value.js';
import { isOneMap, latticeOf, mapOf, setOf } from './arguments.js';
import { carriage } from './carried-value.js';
import { addDigested, grow, type Digested, type EntryChange } from './digest.js';
import { method, type Algebra, type Lattice } from './lattice.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { lset } from './lset.js';

type Entry = readonly [Value, Value];
type Entries = ImmutableMap<string, Entry>;

const name = 'lmap';
const own = 'lmap<K, L>';
const digested: Digested<Entry> = {
  carried: carriage<Entries>(
    name,
    ([entries]) =>
      ImmutableMap(mapOf(entries).entries.map((entry) => [valueKey(entry[0]), entry] as const)),
    (entries) => [map(entries.values())],
  ),
  isReadable: isOneMap,
  partsOf: (entry) => entry,
};
addDigested(name, digested);
const { carried } = digested;
const read = (value: Value | undefined): Entries => carried.read(latticeOf(name, value));

/** Plain values where there are any: a key whose value has none is left out. */
function reveal(value: LatticeValue, algebra: Algebra): Value {
  const shown: [Value, Value][] = [];
  for (const [key, held] of read(value).values()) {
    const plain = algebra.reveal(held);
    if (plain !== undefined) shown.push([key, plain]);
  }
  return map(shown);
}

/** The lattice of maps, over the lattices of their values. */
export function lmapLattice(algebra: Algebra): Lattice {
  const merge = (a: LatticeValue, entries: Iterable<readonly [string, Entry]>): LatticeValue => {
    const held = read(a);
    const changes: EntryChange<Entry>[] = [];
    for (const [key, entry] of entries) {
      const before = held.get(key);
      const value = before === undefined ? entry[1] : algebra.merge(before[1], entry[1]);
      if (before === undefined || value !== before[1])
        changes.push({ key, before, now: [entry[0], value] });
    }
    return grow(a, changes, digested);
  };
  const bottom = carried.make(ImmutableMap());
  return {
    name,
    parameters: ['plain', 'lattice'],
    constructors: [
      { parameters: [], result: own },
      { parameters: [own], result: own },
      { parameters: ['map<K, L>'], result: own },
    ],
    summary: 'A map whose keys only come and whose values only grow.',
    bottom,
    construct: (value) => {
      if (value === undefined) return bottom;
      if (typeof value === 'object' && value?.kind === 'lattice') return latticeOf(name, value);
      const { entries } = mapOf(value);
      return carried.make(
        ImmutableMap(entries.map((entry) => [valueKey(entry[0]), entry] as const)),
      );
    },
    accepts: ([entries, ...others]) =>
      others.length === 0 &&
      typeof entries === 'object' &&
      entries?.kind === 'map' &&
      entries.entries.every(([, held]) => algebra.isLatticeValue(held)),
    merge: (a, b) => merge(a, read(b)),
    lessOrEqual: (a, b) => {
      const other = read(b);
      return read(a).every(([, held], key) => {
        const there = other.get(key);
        return there !== undefined && algebra.lessOrEqual(held, there[1]);
      });
    },
    reveal: (value) => reveal(value, algebra),
    methods: [
      method(
        'at',
        [
          [own, 'morphism'],
          ['K', 'plain'],
          ['L', 'morphism'],
        ],
        'L',
        'The value of a key, merged with the last argument if there is one; bottom while there is neither.',
        (a, key, bottomValue) => {
          const held = read(a).get(valueKey(key));
          return held === undefined ? bottomValue! : algebra.merge(bottomValue, held[1]);
        },
        { takesBottom: true },
      ),
      method(
        'has_key',
        [
          [own, 'morphism'],
          ['K', 'plain'],
        ],
        'lbool',
        'Whether there is a key.',
        (a, key) => lbool(read(a).has(valueKey(key))),
      ),
      method('keys', [[own, 'morphism']], 'lset<K>', 'The keys.', (a) =>
        lset([...read(a).values()].map(([key]) => key)),
      ),
      method('size', [[own, 'monotone']], 'lmax<int>', 'How many keys it has.', (a) =>
        lmax(read(a).size),
      ),
      method(
        'with',
        [
          [own, 'morphism'],
          ['K', 'plain'],
          ['L', 'morphism'],
        ],
        own,
        'The map with a value merged in at a key.',
        (a, key, held) => merge(latticeOf(name, a), [[valueKey(key), [key!, held!]]]),
      ),
      method(
        'without',
        [
          [own, 'morphism'],
          ['set<K>', 'plain'],
        ],
        own,
        'The map but the keys of a set that is given.',
        (a, keys) => carried.make(read(a).deleteAll(setOf(keys).items.map(valueKey))),
      ),
      method(
        'intersect',
        [
          [own, 'morphism'],
          [own, 'morphism'],
        ],
        own,
        'The keys that both have, with their values merged.',
        (a, b) => {
          const [mine, other] = [read(a), read(b)];
          const shared = mine.filter((_, key) => other.has(key));
          return carried.make(
            shared.map(([key, held], at) => [key, algebra.merge(held, other.get(at)![1])] as const),
          );
        },
      ),
    ],
  };
}
