/**
 * The aggregates. They range over distinct bindings, so two bindings with equal arguments count
 * twice in `sum`, `count` and `list`; `set` and `count_distinct` look at the arguments alone.
 * Sums are exact: of ints overflow is judged on the total, of floats the total is rounded once.
 */
import { compareValues, float, isInt, list, set, valueKey, type Value } from '../base/value.js';
import { numberOf, signature } from './arguments.js';
import type { BuiltinAggregate } from './aggregate.js';
import { sumFloats, sumInts } from './exact-sum.js';
import { intOverflow } from './failure.js';
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
  | 'argmax';
type Rows = readonly (readonly Value[])[];

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
]);
