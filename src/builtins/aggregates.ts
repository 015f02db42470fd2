/**
 * The aggregates. They range over distinct bindings, so two bindings with equal arguments count
 * twice in `sum`, `count` and `list`; `set` and `count_distinct` look at the arguments alone.
 * Sums are exact: of ints overflow is judged on the total, of floats the total is rounded once.
 */
import {
  compareValues,
  equalValues,
  float,
  isInt,
  list,
  map,
  set,
  valueKey,
  type Value,
} from '../base/value.js';
import { boolOf, intOf, numberOf, shown, signature } from './arguments.js';
import type { BuiltinAggregate } from './aggregate.js';
import { meanOf, sumFloats, sumInts } from '../base/exact-sum.js';
import { intOverflow, wrongArgument } from './failure.js';
import type { Signature } from './function.js';
import { boundedValue } from './value-size.js';

/** The aggregates of the language by the name written before `<`. */
type Name =
  | 'count'
  | 'count_distinct'
  | 'sum'
  | 'min'
  | 'max'
  | 'list'
  | 'set'
  | 'argmin'
  | 'argmax'
  | 'avg'
  | 'choose'
  | 'any'
  | 'every'
  | 'map'
  | 'top';
type Rows = readonly (readonly Value[])[];

/** Aggregates to which bindings with equal arguments are one. */
const overArguments: readonly string[] = [
  'any',
  'argmax',
  'argmin',
  'choose',
  'count_distinct',
  'every',
  'max',
  'min',
  'set',
];

/** Whether bindings that differ in named variables outside its arguments change its value. */
export function countsBindings(aggregate: string): boolean {
  return !overArguments.includes(aggregate);
}

function define(
  name: Name,
  signatures: readonly Signature[],
  summary: string,
  evaluate: (rows: Rows) => Value,
  partial = false,
): readonly [Name, BuiltinAggregate] {
  return [name, { name, signatures, partial, summary, evaluate }];
}

function column(rows: Rows): readonly Value[] {
  return rows.map((row) => row[0]!);
}

function sum(rows: Rows): Value {
  const values = column(rows);
  if (!values.every(isInt)) return float(sumFloats(values.map((value) => numberOf('sum', value))));
  const total = sumInts(values);
  const result = Number(total);
  if (!Number.isSafeInteger(result)) throw intOverflow(`the sum ${total}`);
  return result;
}

function extreme(values: readonly Value[], sign: 1 | -1): Value {
  return values.reduce((best, value) => (compareValues(value, best) * sign > 0 ? value : best));
}

/** The least second argument among the bindings whose first is extreme. */
function extremeArgument(rows: Rows, sign: 1 | -1): Value {
  let best = rows[0]!;
  for (const row of rows) {
    const order = compareValues(row[0]!, best[0]!) * sign;
    if (order > 0 || (order === 0 && compareValues(row[1]!, best[1]!) < 0)) best = row;
  }
  return best[1]!;
}

/** The values by key; two values under one key are two answers to one question. */
function mapOfRows(rows: Rows): Value {
  const byKey = new Map<string, readonly Value[]>();
  for (const row of rows) {
    const [key, value] = [row[0]!, row[1]!];
    const known = byKey.get(valueKey(key));
    if (known !== undefined && !equalValues(known[1]!, value)) {
      const [less, more] = [known[1]!, value].sort(compareValues);
      throw wrongArgument(
        `map finds two values for the key ${shown(key)}: ${shown(less!)} and ${shown(more!)}`,
      );
    }
    byKey.set(valueKey(key), row);
  }
  return boundedValue(map([...byKey.values()].map((row) => [row[0]!, row[1]!] as const)));
}

/** The greatest second arguments, descending, as many as the first argument says. */
function greatest(rows: Rows): Value {
  const counts = [...new Set(rows.map((row) => intOf('top', row[0]!)))].sort((a, b) => a - b);
  const [count, another] = counts;
  if (another !== undefined)
    throw wrongArgument(`top is given two lengths in one group: ${count} and ${another}`);
  if (count! < 0) throw wrongArgument(`top expects how many, 0 or more, not ${count}`);
  const sorted = rows.map((row) => row[1]!).sort((a, b) => compareValues(b, a));
  return boundedValue(list(sorted.slice(0, count)));
}

/** Every aggregate by name. */
export const aggregates: ReadonlyMap<Name, BuiltinAggregate> = new Map([
  define(
    'count',
    [signature([], 'int'), signature(['any'], 'int')],
    'How many bindings.',
    (rows) => rows.length,
  ),
  define(
    'count_distinct',
    [signature(['any'], 'int')],
    'How many different values.',
    (rows) => new Set(column(rows).map(valueKey)).size,
  ),
  define(
    'sum',
    [signature(['int'], 'int'), signature(['float'], 'float')],
    'The exact sum; of floats rounded once.',
    sum,
    true,
  ),
  define('min', [signature(['T'], 'T')], 'The least value.', (rows) => extreme(column(rows), -1)),
  define('max', [signature(['T'], 'T')], 'The greatest value.', (rows) => extreme(column(rows), 1)),
  define(
    'list',
    [signature(['T'], 'list<T>')],
    'The values, sorted, one a binding.',
    (rows) => boundedValue(list(column(rows).toSorted(compareValues))),
    true,
  ),
  define(
    'set',
    [signature(['T'], 'set<T>')],
    'The different values.',
    (rows) => boundedValue(set(column(rows))),
    true,
  ),
  define(
    'argmin',
    [signature(['K', 'T'], 'T')],
    'The second argument where the first is least; the least of them among ties.',
    (rows) => extremeArgument(rows, -1),
  ),
  define(
    'argmax',
    [signature(['K', 'T'], 'T')],
    'The second argument where the first is greatest; the least of them among ties.',
    (rows) => extremeArgument(rows, 1),
  ),
  define(
    'avg',
    [signature(['int'], 'float'), signature(['float'], 'float')],
    'The mean as a float: the exact one, rounded once.',
    (rows) => float(meanOf(column(rows).map((value) => numberOf('avg', value)))),
  ),
  define(
    'choose',
    [signature(['T'], 'T')],
    'One of the values: the least, though which one is nothing to rely on.',
    (rows) => extreme(column(rows), -1),
  ),
  define('any', [signature(['bool'], 'bool')], 'Whether some value is true.', (rows) =>
    column(rows).some((value) => boolOf('any', value)),
  ),
  define('every', [signature(['bool'], 'bool')], 'Whether all values are true.', (rows) =>
    column(rows).every((value) => boolOf('every', value)),
  ),
  define(
    'map',
    [signature(['K', 'V'], 'map<K, V>')],
    'The second arguments by the first; fails where a key has two values.',
    mapOfRows,
    true,
  ),
  define(
    'top',
    [signature(['int', 'T'], 'list<T>')],
    'The greatest values, descending, as many as the first argument says; one a binding.',
    greatest,
    true,
  ),
]);

/** Whether an aggregate has that name. */
export function isAggregateName(name: string): name is Name {
  return (aggregates as ReadonlyMap<string, BuiltinAggregate>).has(name);
}
