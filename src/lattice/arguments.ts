/**
 * Reading the parts of lattice values. The type checker keeps wrong kinds out; should one pass all
 * the same, from rows that an embedding program hands in, it is a failure of that binding and not
 * of the process.
 */
import {
  isFloat,
  isLattice,
  type FloatValue,
  type LatticeValue,
  type MapValue,
  type SetValue,
  type Value,
} from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { LatticeFailure } from './lattice.js';

export function wrongArgument(expected: string, value: Value | undefined): LatticeFailure {
  const text = value === undefined ? 'nothing' : valueText(value);
  const shown = text.length <= 80 ? text : `${text.slice(0, 77)}...`;
  return new LatticeFailure('wrong-argument', `${expected} is expected, not ${shown}`);
}

export function latticeOf(name: string, value: Value | undefined): LatticeValue {
  if (value !== undefined && isLattice(value) && value.lattice === name) return value;
  throw wrongArgument(`an ${name}`, value);
}
export function setOf(value: Value | undefined): SetValue {
  if (typeof value === 'object' && value !== null && value.kind === 'set') return value;
  throw wrongArgument('a set', value);
}
export function mapOf(value: Value | undefined): MapValue {
  if (typeof value === 'object' && value !== null && value.kind === 'map') return value;
  throw wrongArgument('a map', value);
}
/** Whether these are the arguments of a lattice of maps. */
export function isOneMap([entries, ...others]: readonly Value[]): boolean {
  return typeof entries === 'object' && entries?.kind === 'map' && others.length === 0;
}
export function isNumber(value: Value | undefined): value is number | FloatValue {
  return typeof value === 'number' || (value !== undefined && isFloat(value));
}
export function numberOf(value: Value | undefined): number | FloatValue {
  if (isNumber(value)) return value;
  throw wrongArgument('a number', value);
}
export function stringOf(value: Value | undefined): string {
  if (typeof value === 'string') return value;
  throw wrongArgument('a string', value);
}
