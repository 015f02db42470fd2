/**
 * Text cells and JSON documents as values of a column's type. A cell of a composite type holds
 * JSON. Both directions refuse rather than guess: `1.5` is no int, `yes` is no bool. Under `any`
 * a cell is an int or a float if it looks like one, else a string.
 */
import { bytes, float, list, map, set, tuple } from '../base/value.js';
import type { Value } from '../base/value.js';
import { contentType } from '../semantics/lattice-content.js';
import { bottomOf, latticeValueHolding } from '../semantics/lattice-types.js';
import type { Type } from '../semantics/types.js';

/** JSON nested deeper than this is refused, so that no file can exhaust the stack. */
const maxNesting = 200;

/** A value, or why there is none: `expected an int`. */
export type Read = { readonly value: Value } | { readonly problem: string };

const intPattern = /^[+-]?\d+$/;
const floatPattern = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

export function readCell(text: string, type: Type): Read {
  switch (type.kind) {
    case 'string':
    case 'addr':
      return { value: text };
    case 'int':
    case 'nat':
      return readInt(text.trim(), type.kind);
    case 'float':
      return readFloat(text.trim());
    case 'bool':
      return text === 'true' || text === 'false'
        ? { value: text === 'true' }
        : expected('true or false', text);
    case 'bytes':
      return readJson(text, type);
    case 'null':
      return text === 'null' || text === '' ? { value: null } : expected('null', text);
    case 'any':
    case 'unknown':
      return readUntyped(text);
    case 'lattice':
      return readLatticeCell(text, type);
    default:
      return readJsonText(text, type);
  }
}

function expected(what: string, found: string): Read {
  return { problem: `expected ${what}, found ${JSON.stringify(cutShort(found))}` };
}

function cutShort(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}...` : text;
}

const intWords = { int: 'an int', nat: 'a nat (an int that is not negative)' } as const;

function readInt(text: string, kind: 'int' | 'nat'): Read {
  if (!intPattern.test(text)) return expected(intWords[kind], text);
  const value = Number(text);
  return kind === 'nat' && value < 0 ? expected(intWords.nat, text) : intOf(value, text);
}

/** A whole number, as it was written. */
function intOf(value: number, text: string): Read {
  return Number.isSafeInteger(value)
    ? { value: value === 0 ? 0 : value }
    : { problem: `${text} is beyond the ints of the language, ±(2^53−1)` };
}

function readFloat(text: string): Read {
  if (text === 'NaN' || text === 'Infinity' || text === '-Infinity')
    return { value: float(Number(text)) };
  return floatPattern.test(text) ? { value: float(Number(text)) } : expected('a float', text);
}

function readUntyped(text: string): Read {
  if (intPattern.test(text)) return intOf(Number(text), text);
  return floatPattern.test(text) ? { value: float(Number(text)) } : { value: text };
}

function readJsonText(text: string, type: Type): Read {
  try {
    return readJson(JSON.parse(text), type);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return expected(`JSON for a ${type.kind}`, text);
  }
}

/** A parsed JSON document as a value of the type: arrays for lists, sets and tuples; maps are objects or arrays of pairs. */
export function readJson(json: unknown, type: Type, depth = 0): Read {
  if (depth > maxNesting) return { problem: `nested deeper than ${maxNesting}` };
  switch (type.kind) {
    case 'any':
    case 'unknown':
      return readAnyJson(json, depth);
    case 'null':
      return json === null ? { value: null } : expectedJson('null', json);
    case 'bool':
      return typeof json === 'boolean' ? { value: json } : expectedJson('true or false', json);
    case 'string':
    case 'addr':
      return typeof json === 'string' ? { value: json } : expectedJson('a string', json);
    case 'int':
    case 'nat':
      return Number.isInteger(json) && (type.kind === 'int' || Number(json) >= 0)
        ? intOf(Number(json), String(json))
        : expectedJson(intWords[type.kind], json);
    case 'float':
      return typeof json === 'number'
        ? { value: float(json) }
        : typeof json === 'string'
          ? readFloat(json)
          : expectedJson('a float', json);
    case 'bytes':
      return typeof json === 'string' && /^([0-9a-fA-F]{2})*$/.test(json)
        ? { value: bytes(json.toLowerCase()) }
        : expectedJson('bytes as hexadecimal digits', json);
    case 'map':
      return readMap(json, type.key, type.value, depth);
    case 'lattice':
      return json === null && holdsOne(type)
        ? made(null, type)
        : made(readJson(json, contentType(type), depth + 1), type);
    default:
      return readItems(json, type, depth);
  }
}

type LatticeType = Extract<Type, { kind: 'lattice' }>;

/** `lmax` and `lmin` hold one value, written as itself, or none yet. */
function holdsOne({ name }: LatticeType): boolean {
  return name === 'lmax' || name === 'lmin';
}

/** A cell holds what the lattice holds; one that holds a value may be `null` or empty. */
function readLatticeCell(text: string, type: LatticeType): Read {
  const content = contentType(type);
  const isText = content.kind === 'string' || content.kind === 'addr';
  if (holdsOne(type) && (text === 'null' || (text === '' && !isText))) return made(null, type);
  return made(readCell(text, content), type);
}

/** The lattice value that holds what was read; null is its bottom. */
function made(read: Read | null, type: LatticeType): Read {
  if (read !== null && 'problem' in read) return read;
  const value = read === null ? bottomOf(type) : latticeValueHolding(read.value, type);
  return value === null ? { problem: `this is no content of an ${type.name}` } : { value };
}

function expectedJson(what: string, found: unknown): Read {
  const text = cutShort(typeof found === 'number' ? String(found) : JSON.stringify(found));
  return { problem: `expected ${what}, found ${text}` };
}

function readAnyJson(json: unknown, depth: number): Read {
  const any: Type = { kind: 'any' };
  if (json === null || typeof json === 'boolean' || typeof json === 'string')
    return { value: json };
  if (typeof json === 'number') return readAnyNumber(json);
  return Array.isArray(json)
    ? readItems(json, { kind: 'list', item: any }, depth)
    : readMap(json, any, any, depth);
}

/**
 * JSON knows one kind of number: a whole one is an int. A number with more digits than an int has,
 * `9007199254740993`, has lost some of them by now; from 1e21 on, where numbers are written with an
 * exponent, it is a float.
 */
function readAnyNumber(json: number): Read {
  const isInt = Number.isInteger(json) && Math.abs(json) < 1e21;
  return isInt ? intOf(json, String(json)) : { value: float(json) };
}

function readItems(
  json: unknown,
  type: Extract<Type, { kind: 'tuple' | 'list' | 'set' }>,
  depth: number,
): Read {
  if (!Array.isArray(json)) return expectedJson(`a JSON array for a ${type.kind}`, json);
  if (type.kind === 'tuple' && json.length !== type.items.length) {
    return { problem: `expected ${type.items.length} items for a tuple, found ${json.length}` };
  }
  const values: Value[] = [];
  for (const [i, item] of json.entries()) {
    const read = readJson(item, type.kind === 'tuple' ? type.items[i]! : type.item, depth + 1);
    if ('problem' in read) return read;
    values.push(read.value);
  }
  return {
    value:
      type.kind === 'tuple' ? tuple(values) : type.kind === 'list' ? list(values) : set(values),
  };
}

function readMap(json: unknown, keyType: Type, valueType: Type, depth: number): Read {
  if (json instanceof Date) return { problem: 'a date is no value; write it as a string' };
  if (typeof json !== 'object' || json === null)
    return expectedJson('a JSON object for a map', json);
  const pairs: [Value, Value][] = [];
  for (const pair of Array.isArray(json) ? json : Object.entries(json)) {
    if (!Array.isArray(pair) || pair.length !== 2)
      return expectedJson('pairs [key, value] for a map', pair);
    const key =
      typeof pair[0] === 'string'
        ? readCell(pair[0], keyType)
        : readJson(pair[0], keyType, depth + 1);
    const value = readJson(pair[1], valueType, depth + 1);
    if ('problem' in key) return key;
    if ('problem' in value) return value;
    pairs.push([key.value, value.value]);
  }
  return { value: map(pairs) };
}
