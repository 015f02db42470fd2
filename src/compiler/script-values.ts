/**
 * Values as TypeScript knows them, and back.
 *
 *     int nat float   number          list tuple   array        null    null
 *     string addr     string          set          Set          any     by what the value is
 *     bool            boolean         map          Map          bytes   Uint8Array
 *     a lattice       what it holds, or null while it holds nothing
 */
import { bytes, float, list, map, set, tuple, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { MAX_VALUE_DEPTH } from '../builtins/failure.js';
import type { Type } from '../semantics/types.js';

/** Text that fits into a message. */
export function brief(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 197)}...`;
}

/** What was thrown, in words. */
export function reasonOf(error: unknown): string {
  try {
    return error instanceof Error ? `${error.name}: ${error.message}` : describe(error);
  } catch {
    return 'something that cannot be shown';
  }
}

/** A value as TypeScript sees it. */
export function toScript(value: Value): unknown {
  if (value === null || typeof value !== 'object') return value;
  switch (value.kind) {
    case 'float':
      return value.value;
    case 'bytes':
      return Uint8Array.from(value.hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    case 'tuple':
    case 'list':
      return value.items.map(toScript);
    case 'set':
      return new Set(value.items.map(toScript));
    case 'map':
      return new Map(value.entries.map(([key, item]) => [toScript(key), toScript(item)]));
    case 'lattice':
      // What it holds; null while it holds nothing.
      return value.arguments[0] === undefined ? null : toScript(value.arguments[0]);
  }
}

/** A value, or that there is none of the type. */
export type Read = { readonly kind: 'value'; readonly value: Value } | { readonly kind: 'misfit' };

const misfit: Read = { kind: 'misfit' };
const read = (value: Value): Read => ({ kind: 'value', value });
/** Deeper than any value may be: a structure that contains itself ends here. */
const mostDepth = 70;

/** What TypeScript gave, as a value of the type; a misfit if it is none. */
export function fromScript(outcome: unknown, type: Type, depth = 0): Read {
  if (depth > mostDepth) return misfit;
  switch (type.kind) {
    case 'int':
      return isSafe(outcome) ? read(outcome === 0 ? 0 : outcome) : misfit;
    case 'nat':
      return isSafe(outcome) && outcome >= 0 ? read(outcome === 0 ? 0 : outcome) : misfit;
    case 'float':
      return typeof outcome === 'number' ? read(float(outcome)) : misfit;
    case 'string':
    case 'addr':
      return typeof outcome === 'string' ? read(outcome) : misfit;
    case 'bool':
      return typeof outcome === 'boolean' ? read(outcome) : misfit;
    case 'null':
      return outcome === null ? read(null) : misfit;
    case 'bytes':
      return outcome instanceof Uint8Array ? read(bytes(hexOf(outcome))) : misfit;
    case 'list':
      return Array.isArray(outcome) ? all(outcome, () => type.item, depth, list) : misfit;
    case 'tuple':
      return Array.isArray(outcome) && outcome.length === type.items.length
        ? all(outcome, (i) => type.items[i]!, depth, tuple)
        : misfit;
    case 'set':
      return outcome instanceof Set ? all([...outcome], () => type.item, depth, set) : misfit;
    case 'map':
      return outcome instanceof Map ? readMap(outcome, type.key, type.value, depth) : misfit;
    case 'any':
      return fromScript(outcome, typeOf(outcome), depth);
    default:
      return misfit;
  }
}

function hexOf(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join('');
}

function isSafe(outcome: unknown): outcome is number {
  return typeof outcome === 'number' && Number.isSafeInteger(outcome);
}

function all(
  items: readonly unknown[],
  typeAt: (index: number) => Type,
  depth: number,
  make: (values: readonly Value[]) => Value,
): Read {
  const values: Value[] = [];
  // A hole of a sparse array is undefined here, and no value.
  for (const [i, item] of Array.from(items).entries()) {
    const one = fromScript(item, typeAt(i), depth + 1);
    if (one.kind === 'misfit') return misfit;
    values.push(one.value);
  }
  return read(make(values));
}

function readMap(
  outcome: ReadonlyMap<unknown, unknown>,
  keyType: Type,
  valueType: Type,
  depth: number,
): Read {
  const entries: (readonly [Value, Value])[] = [];
  for (const [key, item] of outcome) {
    const [k, v] = [fromScript(key, keyType, depth + 1), fromScript(item, valueType, depth + 1)];
    if (k.kind === 'misfit' || v.kind === 'misfit') return misfit;
    entries.push([k.value, v.value]);
  }
  return read(map(entries));
}

/** The type that says most of what TypeScript gave, where any will do. */
function typeOf(outcome: unknown): Type {
  const any: Type = { kind: 'any' };
  if (outcome === null) return { kind: 'null' };
  if (typeof outcome === 'number') return { kind: Number.isSafeInteger(outcome) ? 'int' : 'float' };
  if (typeof outcome === 'string') return { kind: 'string' };
  if (typeof outcome === 'boolean') return { kind: 'bool' };
  if (outcome instanceof Uint8Array) return { kind: 'bytes' };
  if (Array.isArray(outcome)) return { kind: 'list', item: any };
  if (outcome instanceof Set) return { kind: 'set', item: any };
  return outcome instanceof Map ? { kind: 'map', key: any, value: any } : { kind: 'unknown' };
}

/** Anything, in words for a message. */
export function describe(outcome: unknown): string {
  if (outcome === undefined) return 'undefined';
  if (typeof outcome === 'function') return 'a function';
  if (typeof outcome === 'symbol') return 'a symbol';
  if (typeof outcome === 'bigint') return `the bigint ${outcome}n`;
  if (outcome === null) return 'null';
  if (typeof outcome === 'string') return valueText(outcome);
  if (typeof outcome !== 'object') return `${outcome as number | boolean}`;
  if (outcome instanceof Promise) return 'a Promise, which a timestep cannot wait for';
  if (nestsTooDeep(outcome))
    return `${Array.isArray(outcome) ? 'an array' : outcome instanceof Set ? 'a Set' : 'a Map'} that contains itself or nests deeper than values may (${MAX_VALUE_DEPTH})`;
  if (Array.isArray(outcome)) return 'an array with something else in it, or of another length';
  if (outcome instanceof Set || outcome instanceof Map)
    return `a ${outcome instanceof Set ? 'Set' : 'Map'} with something else in it`;
  const kind = Object.prototype.toString.call(outcome).slice('[object '.length, -1);
  return kind === 'Object' ? 'an object' : `a ${kind}`;
}

/** Whether what is in it goes on and on. Looks level by level, at each thing once a level. */
function nestsTooDeep(outcome: unknown): boolean {
  let level = new Set([outcome]);
  for (let depth = 0; depth <= mostDepth && level.size > 0; depth++)
    level = new Set([...level].flatMap(partsOf).filter((part) => partsOf(part).length > 0));
  return level.size > 0;
}

function partsOf(outcome: unknown): readonly unknown[] {
  if (Array.isArray(outcome) || outcome instanceof Set) return [...(outcome as Iterable<unknown>)];
  return outcome instanceof Map ? [...outcome].flat() : [];
}
