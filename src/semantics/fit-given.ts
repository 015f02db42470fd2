/**
 * Values of params that come from outside, from a command line or a cluster file. There is one kind
 * of list there, and no bytes and no durations, so the type of the param says what is meant: as in
 * files of facts, `[1, 2]` may be a list, a set or a tuple, and `{}` the empty map or set. Where
 * nothing fits the value stays what it is, and the caller says so.
 */
import { bytes, list, map, set, tuple, type Value } from '../base/value.js';
import { readNumber } from '../syntax/read-literal.js';
import type { Type } from './types.js';

/** The value as the type wants it. */
export function fitGiven(value: Value, type: Type): Value {
  if (typeof value === 'string') return fitText(value, type);
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'list') return fitItems(value.items, type) ?? value;
  if (value.kind !== 'map') return value;
  if (type.kind === 'set' && value.entries.length === 0) return set([]);
  if (type.kind !== 'map') return value;
  return map(value.entries.map(([k, v]) => [fitGiven(k, type.key), fitGiven(v, type.value)]));
}

function fitText(text: string, type: Type): Value {
  if (type.kind === 'bytes' && /^(?:[\da-fA-F]{2})*$/.test(text)) return bytes(text.toLowerCase());
  if (type.kind !== 'int' && type.kind !== 'nat') return text;
  const { value, problems } = readNumber(text);
  return problems.length === 0 && typeof value === 'number' ? value : text;
}

function fitItems(items: readonly Value[], type: Type): Value | null {
  if (type.kind === 'list') return list(items.map((item) => fitGiven(item, type.item)));
  if (type.kind === 'set') return set(items.map((item) => fitGiven(item, type.item)));
  if (type.kind !== 'tuple' || type.items.length !== items.length) return null;
  return tuple(items.map((item, i) => fitGiven(item, type.items[i]!)));
}
