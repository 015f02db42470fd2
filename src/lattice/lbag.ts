/**
 * `lbag<T>`: how often each value has been seen, at least. Merge takes the greater count of each
 * value, so merging a bag with itself, as a duplicated message does, changes nothing.
 */
import { Map as ImmutableMap } from 'immutable';
import { map, valueKey, type LatticeValue, type Value } from '../base/value.js';
import { isOneMap, latticeOf, mapOf, wrongArgument } from './arguments.js';
import { carriage } from './carried-value.js';
import { addDigested, grow, type Digested, type EntryChange } from './digest.js';
import { method, type Lattice } from './lattice.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { lset } from './lset.js';
import { checkedInt } from './numbers.js';

type Count = readonly [Value, number];
type Counts = ImmutableMap<string, Count>;

const name = 'lbag';
const digested: Digested<Count> = {
  carried: carriage<Counts>(
    name,
    ([counts]) =>
      ImmutableMap(
        mapOf(counts).entries.map(([item, n]) => [valueKey(item), [item, n as number]] as const),
      ),
    (counts) => [map(counts.values())],
  ),
  isReadable: isOneMap,
  partsOf: (count) => count,
};
addDigested(name, digested);
const { carried } = digested;
const read = (value: Value | undefined): Counts => carried.read(latticeOf(name, value));

function isCount(value: Value): value is number {
  return typeof value === 'number' && value > 0;
}

function lbag(counts: Value): LatticeValue {
  const { entries } = mapOf(counts);
  const misfit = entries.find(([, n]) => !(n === 0 || isCount(n)));
  if (misfit !== undefined) throw wrongArgument('a count of at least 0', misfit[1]);
  const kept = entries.filter(([, n]) => isCount(n)) as [Value, number][];
  return carried.make(ImmutableMap(kept.map((entry) => [valueKey(entry[0]), entry] as const)));
}

function combine(
  a: LatticeValue,
  b: Counts,
  count: (x: number, y: number) => number,
): LatticeValue {
  const held = read(a);
  const changes: EntryChange<Count>[] = [];
  for (const [key, [item, n]] of b) {
    const before = held.get(key);
    const now = before === undefined ? n : count(before[1], n);
    if (now !== before?.[1]) changes.push({ key, before, now: [item, now] });
  }
  return grow(a, changes, digested);
}

function size(counts: Counts): number {
  return counts.reduce((total, [, n]) => checkedInt(total + n), 0);
}

export const lbagLattice: Lattice = {
  name,
  parameters: ['plain'],
  constructors: [
    { parameters: [], result: 'lbag<T>' },
    { parameters: ['lbag<T>'], result: 'lbag<T>' },
    { parameters: ['map<T, int>'], result: 'lbag<T>' },
  ],
  summary: 'How often each value has been seen, at least.',
  bottom: carried.make(ImmutableMap()),
  construct: (value) => {
    if (value === undefined) return lbagLattice.bottom;
    if (typeof value === 'object' && value?.kind === 'lattice') return latticeOf(name, value);
    return lbag(value);
  },
  accepts: ([counts, ...others]) =>
    others.length === 0 &&
    typeof counts === 'object' &&
    counts?.kind === 'map' &&
    counts.entries.every(([, n]) => isCount(n)),
  merge: (a, b) => combine(a, read(b), Math.max),
  lessOrEqual: (a, b) => {
    const other = read(b);
    return read(a).every(([, n], key) => n <= (other.get(key)?.[1] ?? 0));
  },
  reveal: (value) => value.arguments[0],
  methods: [
    method(
      'count',
      [
        ['lbag<T>', 'morphism'],
        ['T', 'plain'],
      ],
      'lmax<int>',
      'How often it has a value.',
      (a, item) => lmax(read(a).get(valueKey(item))?.[1] ?? 0),
    ),
    method(
      'contains',
      [
        ['lbag<T>', 'morphism'],
        ['T', 'plain'],
      ],
      'lbool',
      'Whether it has a value at all.',
      (a, item) => lbool(read(a).has(valueKey(item))),
    ),
    method(
      'size',
      [['lbag<T>', 'monotone']],
      'lmax<int>',
      'How many values it has, each as often as it has it.',
      (a) => lmax(size(read(a))),
      { partial: true },
    ),
    method('elements', [['lbag<T>', 'morphism']], 'lset<T>', 'The different values.', (a) =>
      lset([...read(a).values()].map(([item]) => item)),
    ),
    method(
      'plus',
      [
        ['lbag<T>', 'morphism'],
        ['lbag<T>', 'morphism'],
      ],
      'lbag<T>',
      'Both bags together: counts are added. Not idempotent, unlike merge.',
      (a, b) => combine(latticeOf(name, a), read(b), (x, y) => checkedInt(x + y)),
      { partial: true },
    ),
    method(
      'intersect',
      [
        ['lbag<T>', 'morphism'],
        ['lbag<T>', 'morphism'],
      ],
      'lbag<T>',
      'The values that both have, as often as both have them.',
      (a, b) => {
        const other = read(b);
        const shared = read(a).filter((_, key) => other.has(key));
        return carried.make(
          shared.map(([item, n], key) => [item, Math.min(n, other.get(key)![1])] as const),
        );
      },
    ),
  ],
};
