/**
 * `lvclock`: a vector clock, for each node the number of its latest event that is known (Fidge 1988,
 * Mattern 1989). Merge takes the greater number of each node. As every number counts the events of
 * one node alone, it is also the counter that every replica may count up without asking.
 */
import { Map as ImmutableMap } from 'immutable';
import { map, type LatticeValue, type Value } from '../base/value.js';
import { latticeOf, mapOf, stringOf, wrongArgument } from './arguments.js';
import { carriage } from './carried-value.js';
import { method, type Lattice } from './lattice.js';
import { lbool } from './lbool.js';
import { lmax } from './lmax.js';
import { lset } from './lset.js';
import { checkedInt } from './numbers.js';

type Clock = ImmutableMap<string, number>;

const name = 'lvclock';
const carried = carriage<Clock>(
  name,
  ([entries]) => ImmutableMap(mapOf(entries).entries as [string, number][]),
  (clock) => [map(clock.entries())],
);
const read = (value: Value | undefined): Clock => carried.read(latticeOf(name, value));

function isEntry([node, n]: readonly [Value, Value]): boolean {
  return typeof node === 'string' && typeof n === 'number' && n > 0;
}

function lvclock(value: Value): LatticeValue {
  const { entries } = mapOf(value);
  const misfit = entries.find((entry) => entry[1] !== 0 && !isEntry(entry));
  if (misfit !== undefined) throw wrongArgument('a number of at least 0', misfit[1]);
  return carried.make(ImmutableMap(entries.filter(isEntry) as [string, number][]));
}

function lessOrEqual(a: Clock, b: Clock): boolean {
  return a.every((n, node) => n <= (b.get(node) ?? 0));
}

export const lvclockLattice: Lattice = {
  name,
  parameters: [],
  constructors: [
    { parameters: [], result: 'lvclock' },
    { parameters: ['lvclock'], result: 'lvclock' },
    { parameters: ['map<addr, int>'], result: 'lvclock' },
  ],
  summary: 'A vector clock: the number of the latest known event of each node.',
  bottom: carried.make(ImmutableMap()),
  construct: (value) => {
    if (value === undefined) return lvclockLattice.bottom;
    if (typeof value === 'object' && value?.kind === 'lattice') return latticeOf(name, value);
    return lvclock(value);
  },
  accepts: ([entries, ...others]) =>
    others.length === 0 &&
    typeof entries === 'object' &&
    entries?.kind === 'map' &&
    entries.entries.every(isEntry),
  merge: (a, b) => carried.make(read(a).mergeWith((m, n) => Math.max(m, n), read(b))),
  lessOrEqual: (a, b) => lessOrEqual(read(a), read(b)),
  reveal: (value) => value.arguments[0],
  methods: [
    method(
      'at',
      [
        ['lvclock', 'morphism'],
        ['addr', 'plain'],
      ],
      'lmax<int>',
      'The number of a node; 0 while it is not known.',
      (a, node) => lmax(read(a).get(stringOf(node)) ?? 0),
    ),
    method(
      'tick',
      [
        ['lvclock', 'morphism'],
        ['addr', 'plain'],
      ],
      'lvclock',
      'The clock with one more event of a node.',
      (a, node) => carried.make(read(a).update(stringOf(node), 0, (n) => checkedInt((n ?? 0) + 1))),
      { partial: true },
    ),
    method(
      'sum',
      [['lvclock', 'monotone']],
      'lmax<int>',
      'How many events it knows of, all nodes together.',
      (a) => lmax(read(a).reduce((total, n) => checkedInt(total + n), 0)),
      { partial: true },
    ),
    method(
      'dominates',
      [
        ['lvclock', 'monotone'],
        ['lvclock', 'antitone'],
      ],
      'lbool',
      'Whether it knows of every event that the other knows of.',
      (a, b) => lbool(lessOrEqual(read(b), read(a))),
    ),
    method(
      'concurrent',
      [
        ['lvclock', 'non-monotone'],
        ['lvclock', 'non-monotone'],
      ],
      'lbool',
      'Whether each knows of an event that the other does not know of.',
      (a, b) => lbool(!lessOrEqual(read(a), read(b)) && !lessOrEqual(read(b), read(a))),
    ),
    method('nodes', [['lvclock', 'morphism']], 'lset<addr>', 'The nodes that it knows.', (a) =>
      lset(read(a).keys()),
    ),
  ],
};
