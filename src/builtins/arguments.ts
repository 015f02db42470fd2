/**
 * Reading arguments by kind. The type checker keeps wrong kinds out. Should one pass all the same,
 * say from rows that an embedding program hands in against their declaration, it is a failure of
 * that binding like a division by zero, and not of the process.
 */
import {
  isFloat,
  isInt,
  type ListValue,
  type MapValue,
  type SetValue,
  type Value,
} from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { wrongArgument } from './failure.js';
import type { PartialError, Signature } from './function.js';

/** `signature(['int', 'int'], 'int')`. */
export function signature(parameters: readonly string[], result: string): Signature {
  return { parameters, result };
}

/** A value as it may stand in a message: whole if short. */
export function shown(value: Value): string {
  const text = valueText(value);
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}

function wrongKind(name: string, expected: string, value: Value | undefined): PartialError {
  return wrongArgument(
    `${name} expects ${expected}, not ${value === undefined ? 'nothing' : shown(value)}`,
  );
}

export function intOf(name: string, value: Value): number {
  if (isInt(value)) return value;
  throw wrongKind(name, 'an int', value);
}
/** The magnitude of an int or a float. */
export function numberOf(name: string, value: Value): number {
  if (isInt(value)) return value;
  if (isFloat(value)) return value.value;
  throw wrongKind(name, 'a number', value);
}
export function stringOf(name: string, value: Value): string {
  if (typeof value === 'string') return value;
  throw wrongKind(name, 'a string', value);
}
export function boolOf(name: string, value: Value): boolean {
  if (typeof value === 'boolean') return value;
  throw wrongKind(name, 'true or false', value);
}
export function isList(value: Value): value is ListValue {
  return typeof value === 'object' && value !== null && value.kind === 'list';
}
export function isSet(value: Value): value is SetValue {
  return typeof value === 'object' && value !== null && value.kind === 'set';
}
export function isMap(value: Value): value is MapValue {
  return typeof value === 'object' && value !== null && value.kind === 'map';
}
export function listOf(name: string, value: Value): ListValue {
  if (isList(value)) return value;
  throw wrongKind(name, 'a list', value);
}
export function setOf(name: string, value: Value): SetValue {
  if (isSet(value)) return value;
  throw wrongKind(name, 'a set', value);
}
export function mapOf(name: string, value: Value): MapValue {
  if (isMap(value)) return value;
  throw wrongKind(name, 'a map', value);
}
/** For a function over several kinds that has tried them all. */
export function noSuchKind(name: string, expected: string, value: Value): PartialError {
  return wrongKind(name, expected, value);
}
