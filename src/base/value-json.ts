/**
 * Values as JSON, in two forms. The exact form (`encodeValue`, `decodeValue`) travels between nodes
 * and into traces and loses nothing: null, booleans, strings and ints stand for themselves, the
 * rest is an object with one tag (`f` float, `b` bytes, `t` tuple, `l` list, `s` set, `m` map,
 * `v` a lattice value: its name and arguments).
 * The plain form (`plainJson`) is for people and other programs: floats are numbers, composite
 * values arrays, and types are the reader's business.
 */
import { bytes, float, latticeValue, list, map, set, tuple } from './value.js';
import type { Row, Value } from './value.js';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Values nested deeper than this are refused when decoded, so that no peer can exhaust the stack. */
const maxNesting = 200;

function encodeValue(value: Value): Json {
  if (value === null || typeof value !== 'object') return value;
  switch (value.kind) {
    case 'float':
      return { f: Number.isFinite(value.value) ? value.value : String(value.value) };
    case 'bytes':
      return { b: value.hex };
    case 'tuple':
      return { t: value.items.map(encodeValue) };
    case 'list':
      return { l: value.items.map(encodeValue) };
    case 'set':
      return { s: value.items.map(encodeValue) };
    case 'map':
      return { m: value.entries.map(([k, v]) => [encodeValue(k), encodeValue(v)]) };
    case 'lattice':
      return { v: [value.lattice, ...value.arguments.map(encodeValue)] };
  }
}
export function encodeRow(row: Row): readonly Json[] {
  return row.map(encodeValue);
}

/** The value that was encoded; undefined for anything that `encodeValue` does not produce. */
function decodeValue(json: unknown, depth = 0): Value | undefined {
  if (depth > maxNesting) return undefined;
  if (json === null || typeof json === 'string' || typeof json === 'boolean') return json;
  if (typeof json === 'number')
    return Number.isSafeInteger(json) ? (json === 0 ? 0 : json) : undefined;
  if (typeof json !== 'object' || Array.isArray(json)) return undefined;
  const entries = Object.entries(json);
  const [tag, content] = entries[0] ?? [];
  return entries.length === 1 ? decodeTagged(tag!, content, depth + 1) : undefined;
}

function decodeTagged(tag: string, content: unknown, depth: number): Value | undefined {
  if (tag === 'f') return decodeFloat(content);
  if (tag === 'b')
    return typeof content === 'string' && /^([0-9a-f]{2})*$/.test(content)
      ? bytes(content)
      : undefined;
  if (!Array.isArray(content)) return undefined;
  if (tag === 'm') return decodeEntries(content, depth);
  if (tag === 'v') {
    const [name, ...encoded] = content as readonly unknown[];
    const arguments_ = typeof name === 'string' ? decodeItems(encoded, depth) : undefined;
    return arguments_ === undefined ? undefined : latticeValue(name as string, arguments_);
  }
  const items = decodeItems(content, depth);
  if (items === undefined) return undefined;
  if (tag === 't') return tuple(items);
  if (tag === 'l') return list(items);
  return tag === 's' ? set(items) : undefined;
}

function decodeFloat(content: unknown): Value | undefined {
  if (typeof content === 'number') return float(content);
  return content === 'NaN' || content === 'Infinity' || content === '-Infinity'
    ? float(Number(content))
    : undefined;
}

function decodeItems(content: readonly unknown[], depth: number): Value[] | undefined {
  const items: Value[] = [];
  for (const item of content) {
    const value = decodeValue(item, depth);
    if (value === undefined) return undefined;
    items.push(value);
  }
  return items;
}

function decodeEntries(content: readonly unknown[], depth: number): Value | undefined {
  const entries: [Value, Value][] = [];
  for (const pair of content) {
    const items = Array.isArray(pair) && pair.length === 2 ? decodeItems(pair, depth) : undefined;
    if (items === undefined) return undefined;
    entries.push([items[0]!, items[1]!]);
  }
  return map(entries);
}

/** Undefined unless `json` is an array of encoded values. */
export function decodeRow(json: unknown): Row | undefined {
  return Array.isArray(json) ? decodeItems(json, 1) : undefined;
}

/** The plain form; NaN and infinities are strings. */
export function plainJson(value: Value): Json {
  if (value === null || typeof value !== 'object') return value;
  switch (value.kind) {
    case 'float':
      return Number.isFinite(value.value) ? value.value : String(value.value);
    case 'bytes':
      return value.hex;
    case 'map':
      return value.entries.map(([k, v]) => [plainJson(k), plainJson(v)]);
    case 'lattice':
      // What it holds: one thing, or nothing yet.
      return value.arguments.length === 0
        ? null
        : value.arguments.length === 1
          ? plainJson(value.arguments[0]!)
          : value.arguments.map(plainJson);
    default:
      return value.items.map(plainJson);
  }
}
