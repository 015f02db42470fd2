/**
 * The one table of builtin functions, put together from one file a family. Functions and
 * relations share a namespace, so no name here is that of a common relation or of an aggregate.
 */
import { assert } from '../base/assert.js';
import { arithmeticFunctions } from './arithmetic.js';
import { booleanFunctions } from './boolean.js';
import { collectionFunctions } from './collection.js';
import { comparisonFunctions } from './comparison.js';
import { conversionFunctions } from './conversion.js';
import type { BuiltinFunction } from './function.js';
import { hashFunctions } from './hash.js';
import { latticeFunctions, outerLatticeFunction } from './lattice.js';
import { mathFunctions } from './math.js';
import { numberFunctions } from './numbers.js';
import { promiseFunctions } from './promise.js';
import { stringFunctions } from './string.js';
import { textFunctions } from './text.js';
import { timeFunctions } from './time.js';

function byName(
  families: readonly (readonly BuiltinFunction[])[],
): ReadonlyMap<string, BuiltinFunction> {
  const table = new Map<string, BuiltinFunction>();
  for (const entry of families.flat()) {
    assert(!table.has(entry.name), `two builtin functions are called ${entry.name}`);
    table.set(entry.name, entry);
  }
  return table;
}

/** Every builtin function and operator by name, family by family. */
export const builtinFunctions: ReadonlyMap<string, BuiltinFunction> = byName([
  arithmeticFunctions,
  comparisonFunctions,
  booleanFunctions,
  stringFunctions,
  textFunctions,
  collectionFunctions,
  mathFunctions,
  numberFunctions,
  conversionFunctions,
  hashFunctions,
  timeFunctions,
  promiseFunctions,
  latticeFunctions,
]);

/** Operators with one operand: how programs write what is called so in resolved terms. */
export const prefixOperators: ReadonlyMap<string, string> = new Map([
  ['neg', '-'],
  ['not', '!'],
]);

/** The function of that name as resolved terms call it: built in, or of a lattice from outside. */
export function functionNamed(name: string): BuiltinFunction | undefined {
  return builtinFunctions.get(name) ?? outerLatticeFunction(name);
}
