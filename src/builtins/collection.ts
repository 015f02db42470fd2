/**
 * Functions over lists, sets and maps, and those that strings share with them (`++`, `size`,
 * `contains`, `index_of`). Elements and keys are told apart as values: `1` and `1.0` are two
 * elements. Positions count from 0. `get`, `first` and `last` fail where there is nothing to
 * give; `get_or`, `has_key` and `is_empty` are their total companions.
 */
import { equalValues, list, map, set, compareValues, type Value } from '../base/value.js';
import {
  intOf,
  isList,
  isMap,
  isSet,
  listOf,
  mapOf,
  noSuchKind,
  setOf,
  shown,
  signature,
  stringOf,
} from './arguments.js';
import { ELEMENT_UNITS, MAX_VALUE_UNITS, valueTooLarge, wrongArgument } from './failure.js';
import type { BuiltinFunction, Signature } from './function.js';
import { checkLength } from './string.js';
import { boundedValue } from './value-size.js';

function define(
  name: string,
  signatures: readonly Signature[],
  summary: string,
  evaluate: (...values: Value[]) => Value,
  partial = false,
): BuiltinFunction {
  return {
    name,
    signatures,
    partial,
    method: name !== '++' && name !== 'range',
    summary,
    evaluate,
  };
}

function concatenate(a: Value, b: Value): Value {
  if (typeof a === 'string') {
    const text = stringOf('++', b);
    checkLength('++', a.length + text.length);
    return a + text;
  }
  return boundedValue(list([...listOf('++', a).items, ...listOf('++', b).items]));
}

function size(value: Value): number {
  if (typeof value === 'string') return value.length;
  if (isList(value) || isSet(value)) return value.items.length;
  if (isMap(value)) return value.entries.length;
  if (typeof value === 'object' && value !== null && value.kind === 'bytes')
    return value.hex.length / 2;
  throw noSuchKind('size', 'a string, bytes, list, set or map', value);
}

/** By binary search: sets and maps are kept sorted. */
function positionOf<E>(sorted: readonly E[], keyOf: (element: E) => Value, key: Value): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const order = compareValues(keyOf(sorted[middle]!), key);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

function contains(value: Value, item: Value): boolean {
  if (typeof value === 'string') return value.includes(stringOf('contains', item));
  if (isSet(value)) return positionOf(value.items, (x) => x, item) >= 0;
  return listOf('contains', value).items.some((x) => equalValues(x, item));
}

function indexOf(value: Value, item: Value): number {
  if (typeof value === 'string') return value.indexOf(stringOf('index_of', item));
  return listOf('index_of', value).items.findIndex((x) => equalValues(x, item));
}

function find(name: string, value: Value, key: Value): Value | undefined {
  if (isMap(value)) return value.entries[positionOf(value.entries, ([k]) => k, key)]?.[1];
  return listOf(name, value).items[intOf(name, key)];
}

function get(value: Value, key: Value): Value {
  const found = find('get', value, key);
  if (found !== undefined) return found;
  if (isMap(value))
    throw wrongArgument(`get finds no key ${shown(key)} in the map ${shown(value)}`);
  throw wrongArgument(`get finds no element ${shown(key)} in a list of ${size(value)}`);
}

function getOr(value: Value, key: Value, otherwise: Value): Value {
  const found = find('get_or', value, key);
  return found === undefined ? otherwise : found;
}

function end(name: string, value: Value, position: 0 | -1): Value {
  const found = listOf(name, value).items.at(position);
  if (found === undefined) throw wrongArgument(`${name} of an empty list`);
  return found;
}

function range(low: Value, high: Value): Value {
  const [from, to] = [intOf('range', low), intOf('range', high)];
  const count = Math.max(0, to - from);
  if (count * ELEMENT_UNITS >= MAX_VALUE_UNITS)
    throw valueTooLarge(
      `range would make a list of ${count} ints, more than one value may hold (${MAX_VALUE_UNITS / ELEMENT_UNITS})`,
    );
  return list(Array.from({ length: count }, (_, i) => from + i));
}

function slice(value: Value, from: Value, to: Value): Value {
  const start = Math.max(0, intOf('slice', from));
  return list(listOf('slice', value).items.slice(start, Math.max(start, intOf('slice', to))));
}

function remove(value: Value, key: Value): Value {
  if (isMap(value)) return map(value.entries.filter(([k]) => !equalValues(k, key)));
  return set(setOf('remove', value).items.filter((x) => !equalValues(x, key)));
}

function combine(
  name: string,
  a: Value,
  b: Value,
  keep: (inFirst: boolean, inSecond: boolean) => boolean,
): Value {
  const [first, second] = [setOf(name, a), setOf(name, b)];
  const fromFirst = first.items.filter((x) => keep(true, contains(second, x)));
  const fromSecond = second.items.filter((x) => !contains(first, x) && keep(false, true));
  return boundedValue(set([...fromFirst, ...fromSecond]));
}

const setPair = [signature(['set<T>', 'set<T>'], 'set<T>')];

/** The functions over collections. */
export const collectionFunctions: readonly BuiltinFunction[] = [
  define(
    '++',
    [signature(['string', 'string'], 'string'), signature(['list<T>', 'list<T>'], 'list<T>')],
    'Two strings or lists, one after the other.',
    (a, b) => concatenate(a, b),
    true,
  ),
  define(
    'size',
    ['string', 'bytes', 'list<T>', 'set<T>', 'map<K, V>'].map((of) => signature([of], 'int')),
    'How many UTF-16 units, bytes, elements or entries.',
    (value) => size(value),
  ),
  define(
    'is_empty',
    ['string', 'bytes', 'list<T>', 'set<T>', 'map<K, V>'].map((of) => signature([of], 'bool')),
    'Whether the size is 0.',
    (value) => size(value) === 0,
  ),
  define(
    'contains',
    [
      signature(['string', 'string'], 'bool'),
      signature(['list<T>', 'T'], 'bool'),
      signature(['set<T>', 'T'], 'bool'),
    ],
    'Whether a string has a part, or a list or set an element.',
    (value, item) => contains(value, item),
  ),
  define(
    'index_of',
    [signature(['string', 'string'], 'int'), signature(['list<T>', 'T'], 'int')],
    'The first position of a part or element; -1 where there is none.',
    (value, item) => indexOf(value, item),
  ),
  define(
    'get',
    [signature(['list<T>', 'int'], 'T'), signature(['map<K, V>', 'K'], 'V')],
    'The element at a position or the value of a key; fails where there is none.',
    (value, key) => get(value, key),
    true,
  ),
  define(
    'get_or',
    [signature(['list<T>', 'int', 'T'], 'T'), signature(['map<K, V>', 'K', 'V'], 'V')],
    'As get, but gives the third argument where there is nothing.',
    (value, key, otherwise) => getOr(value, key, otherwise),
  ),
  define(
    'first',
    [signature(['list<T>'], 'T')],
    'The first element; fails on an empty list.',
    (value) => end('first', value, 0),
    true,
  ),
  define(
    'last',
    [signature(['list<T>'], 'T')],
    'The last element; fails on an empty list.',
    (value) => end('last', value, -1),
    true,
  ),
  define(
    'slice',
    [signature(['list<T>', 'int', 'int'], 'list<T>')],
    'From a position up to, not including, another; positions outside are clamped.',
    (value, from, to) => slice(value, from, to),
  ),
  define(
    'reverse',
    [signature(['list<T>'], 'list<T>')],
    'The list from its end to its beginning.',
    (value) => list(listOf('reverse', value).items.toReversed()),
  ),
  define('sort', [signature(['list<T>'], 'list<T>')], 'The list in the order of values.', (value) =>
    list(listOf('sort', value).items.toSorted(compareValues)),
  ),
  define(
    'range',
    [signature(['int', 'int'], 'list<int>')],
    'The ints from the first up to, not including, the second.',
    (low, high) => range(low, high),
    true,
  ),
  define(
    'union',
    setPair,
    'What lies in either set.',
    (a, b) => combine('union', a, b, () => true),
    true,
  ),
  define('intersect', setPair, 'What lies in both sets.', (a, b) =>
    combine('intersect', a, b, (x, y) => x && y),
  ),
  define('difference', setPair, 'What lies in the first set and not in the second.', (a, b) =>
    combine('difference', a, b, (x, y) => x && !y),
  ),
  define(
    'add',
    [signature(['set<T>', 'T'], 'set<T>')],
    'The set with one more element.',
    (value, item) => boundedValue(set([...setOf('add', value).items, item!])),
    true,
  ),
  define(
    'remove',
    [signature(['set<T>', 'T'], 'set<T>'), signature(['map<K, V>', 'K'], 'map<K, V>')],
    'The set without an element, or the map without a key.',
    (value, key) => remove(value, key),
  ),
  define(
    'with_entry',
    [signature(['map<K, V>', 'K', 'V'], 'map<K, V>')],
    'The map with this value at this key.',
    (value, key, to) => boundedValue(map([...mapOf('with_entry', value).entries, [key!, to!]])),
    true,
  ),
  define(
    'has_key',
    [signature(['map<K, V>', 'K'], 'bool')],
    'Whether a map has a key.',
    (value, key) => positionOf(mapOf('has_key', value).entries, ([k]) => k, key) >= 0,
  ),
  define('keys', [signature(['map<K, V>'], 'set<K>')], 'The keys of a map.', (value) =>
    set(mapOf('keys', value).entries.map(([k]) => k)),
  ),
  define(
    'values',
    [signature(['map<K, V>'], 'list<V>')],
    'The values of a map, in the order of its keys.',
    (value) => list(mapOf('values', value).entries.map(([, v]) => v)),
  ),
];
