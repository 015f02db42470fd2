/**
 * The values of the language and their one total order.
 *
 * An int is a JavaScript number (always a safe integer, never -0); every other number is a
 * `FloatValue`, because `1` and `1.0` are different values. Strings, booleans and null are
 * themselves. Composite values are frozen objects whose sets and maps are kept sorted, so that
 * equal values have equal structure and one text form.
 *
 * Order: null < bool < numbers < string < bytes < tuple < list < set < map < lattice. Ints and floats are
 * ordered by magnitude (the int first where they are equal, NaN last); strings by UTF-16 code units.
 */
import { assert } from './assert.js';

export interface FloatValue {
  readonly kind: 'float';
  readonly value: number;
}
export interface BytesValue {
  readonly kind: 'bytes';
  /** Lower-case hexadecimal digits, two per byte: comparable and hashable as it is. */
  readonly hex: string;
}
export interface TupleValue {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}
export interface ListValue {
  readonly kind: 'list';
  readonly items: readonly Value[];
}
export interface SetValue {
  readonly kind: 'set';
  /** Distinct, ascending. */
  readonly items: readonly Value[];
}
export interface MapValue {
  readonly kind: 'map';
  /** One entry a key, ascending by key. */
  readonly entries: readonly (readonly [Value, Value])[];
}
/**
 * A value that is merged. What merging means is its lattice's business; here it is a name and the
 * canonical arguments from which the constructor of that name makes it again.
 */
export interface LatticeValue {
  readonly kind: 'lattice';
  readonly lattice: string;
  /** Equal exactly for equal lattice values. */
  readonly arguments: readonly Value[];
}
export type Value =
  | null
  | boolean
  | number
  | string
  | FloatValue
  | BytesValue
  | TupleValue
  | ListValue
  | SetValue
  | MapValue
  | LatticeValue;

/** A tuple of a relation: one value a column. */
export type Row = readonly Value[];

/** A float; `-0` becomes `0` and there is one NaN. */
export function float(value: number): FloatValue {
  return { kind: 'float', value: value === 0 ? 0 : value };
}
export function bytes(hex: string): BytesValue {
  return { kind: 'bytes', hex };
}
export function tuple(items: readonly Value[]): TupleValue {
  return { kind: 'tuple', items };
}
export function list(items: readonly Value[]): ListValue {
  return { kind: 'list', items };
}
export function latticeValue(lattice: string, arguments_: readonly Value[]): LatticeValue {
  return { kind: 'lattice', lattice, arguments: arguments_ };
}
/** A set of the given values, duplicates dropped. */
export function set(items: Iterable<Value>): SetValue {
  const sorted = [...items].sort(compareValues);
  return {
    kind: 'set',
    items: sorted.filter((v, i) => i === 0 || compareValues(sorted[i - 1]!, v) !== 0),
  };
}
/** A map of the given entries; of two entries with one key the later wins. */
export function map(entries: Iterable<readonly [Value, Value]>): MapValue {
  const byKey = new Map<string, readonly [Value, Value]>();
  for (const entry of entries) byKey.set(valueKey(entry[0]), entry);
  return { kind: 'map', entries: [...byKey.values()].sort((a, b) => compareValues(a[0], b[0])) };
}

/** Whether a number is an int of the language: a safe integer. */
export function isInt(value: Value): value is number {
  return typeof value === 'number';
}
export function isLattice(value: Value): value is LatticeValue {
  return typeof value === 'object' && value !== null && value.kind === 'lattice';
}
export function isFloat(value: Value): value is FloatValue {
  return typeof value === 'object' && value !== null && value.kind === 'float';
}

function rank(value: Value): number {
  if (value === null) return 0;
  switch (typeof value) {
    case 'boolean':
      return 1;
    case 'number':
      return 2;
    case 'string':
      return 3;
    default:
      return { float: 2, bytes: 4, tuple: 5, list: 6, set: 7, map: 8, lattice: 9 }[value.kind];
  }
}

/** The total order: negative, zero (exactly for equal values) or positive. */
export function compareValues(a: Value, b: Value): number {
  if (a === b) return 0;
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const byRank = rank(a) - rank(b);
  if (byRank !== 0) return byRank;
  if (typeof a === 'string') return a < (b as string) ? -1 : 1;
  if (typeof a === 'boolean') return a ? 1 : -1;
  if (typeof a === 'number' || isFloat(a)) return compareNumbers(a, b as number | FloatValue);
  assert(a !== null && typeof b === 'object' && b !== null, 'equal ranks mean equal kinds');
  if (a.kind === 'bytes')
    return a.hex < (b as BytesValue).hex ? -1 : a.hex === (b as BytesValue).hex ? 0 : 1;
  if (a.kind === 'map') {
    return compareRows(a.entries.flat(), (b as MapValue).entries.flat());
  }
  if (a.kind === 'lattice') {
    const other = b as LatticeValue;
    if (a.lattice !== other.lattice) return a.lattice < other.lattice ? -1 : 1;
    return compareRows(a.arguments, other.arguments);
  }
  return compareRows(a.items, (b as ListValue).items);
}

function compareNumbers(a: number | FloatValue, b: number | FloatValue): number {
  const x = typeof a === 'number' ? a : a.value;
  const y = typeof b === 'number' ? b : b.value;
  if (x < y) return -1;
  if (x > y) return 1;
  if (x === y) return (typeof a === 'number' ? 0 : 1) - (typeof b === 'number' ? 0 : 1);
  return (Number.isNaN(x) ? 1 : 0) - (Number.isNaN(y) ? 1 : 0);
}

/** Lexicographic order of rows; a proper prefix comes first. */
export function compareRows(a: Row, b: Row): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) {
    const order = compareValues(a[i]!, b[i]!);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

export function equalValues(a: Value, b: Value): boolean {
  return a === b || compareValues(a, b) === 0;
}

/** A text that is equal exactly for equal values: the key under which a value is hashed. */
export function valueKey(value: Value): string {
  if (value === null) return 'n';
  switch (typeof value) {
    case 'boolean':
      return value ? 't' : 'f';
    case 'number':
      return `i${value}`;
    case 'string':
      return `s${value.length}:${value}`;
    default:
      break;
  }
  switch (value.kind) {
    case 'float':
      return `d${value.value}`;
    case 'bytes':
      return `x${value.hex}`;
    case 'tuple':
      return `(${rowKey(value.items)})`;
    case 'list':
      return `[${rowKey(value.items)}]`;
    case 'set':
      return `{${rowKey(value.items)}}`;
    case 'map':
      return `<${rowKey(value.entries.flat())}>`;
    case 'lattice':
      return `^${value.lattice}(${rowKey(value.arguments)})`;
  }
}

/** `valueKey` of a whole row; injective for rows of one length. */
export function rowKey(row: Row): string {
  let key = '';
  for (const value of row) key += valueKey(value) + ',';
  return key;
}
