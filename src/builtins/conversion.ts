/**
 * From one type to another. `to_string` shows a string as itself and every other value as the
 * literal that reads back as it. What parses text fails on text that is no such literal.
 */
import { bytes, float, isFloat, isInt, list, set, tuple, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import {
  isList,
  isMap,
  listOf,
  noSuchKind,
  setOf,
  shown,
  signature,
  stringOf,
} from './arguments.js';
import { wrongArgument } from './failure.js';
import type { BuiltinFunction } from './function.js';
import { toSafeInt } from './math.js';
import { checkLength } from './string.js';

function toText(value: Value): Value {
  if (typeof value === 'string') return value;
  const text = valueText(value);
  checkLength('to_string', text.length);
  return text;
}

function toInt(value: Value): Value {
  if (isInt(value)) return value;
  if (isFloat(value)) return toSafeInt(`to_int(${shown(value)})`, Math.trunc(value.value));
  const text = stringOf('to_int', value);
  if (!/^\s*[+-]?\d+\s*$/.test(text))
    throw wrongArgument(`to_int(${shown(text)}): not the decimal digits of an int`);
  return toSafeInt(`to_int(${shown(text)})`, Number(text));
}

function toFloat(value: Value): Value {
  if (isFloat(value)) return value;
  if (isInt(value)) return float(value);
  const text = stringOf('to_float', value);
  if (!/^\s*[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?\s*$/.test(text)) {
    throw wrongArgument(`to_float(${shown(text)}): not the decimal digits of a number`);
  }
  return float(Number(text));
}

function toList(value: Value): Value {
  if (isList(value)) return value;
  if (isMap(value)) return list(value.entries.map(([k, v]) => tuple([k, v])));
  return list(setOf('to_list', value).items);
}

function toBytes(value: Value): Value {
  const text = stringOf('bytes', value);
  if (!/^([0-9a-fA-F]{2})*$/.test(text)) {
    throw wrongArgument(`bytes(${shown(text)}): expects hexadecimal digits, two a byte`);
  }
  return bytes(text.toLowerCase());
}

function toHex(value: Value): Value {
  if (typeof value === 'object' && value !== null && value.kind === 'bytes') return value.hex;
  throw noSuchKind('to_hex', 'bytes', value);
}

/** The conversions. */
export const conversionFunctions: readonly BuiltinFunction[] = [
  {
    name: 'to_string',
    signatures: [signature(['any'], 'string')],
    partial: true,
    method: true,
    summary: 'A string as itself, any other value as its literal.',
    evaluate: (value) => toText(value),
  },
  {
    name: 'to_int',
    signatures: [
      signature(['int'], 'int'),
      signature(['float'], 'int'),
      signature(['string'], 'int'),
    ],
    partial: true,
    method: true,
    summary: 'A float truncated towards zero, or the int that decimal digits spell.',
    evaluate: (value) => toInt(value),
  },
  {
    name: 'to_float',
    signatures: [
      signature(['float'], 'float'),
      signature(['int'], 'float'),
      signature(['string'], 'float'),
    ],
    partial: true,
    method: true,
    summary: 'An int as a float, or the float that decimal digits spell.',
    evaluate: (value) => toFloat(value),
  },
  {
    name: 'to_list',
    signatures: [signature(['list<T>'], 'list<T>'), signature(['set<T>'], 'list<T>')],
    partial: false,
    method: true,
    summary: 'The elements of a set, ascending.',
    evaluate: (value) => toList(value),
  },
  {
    name: 'to_set',
    signatures: [signature(['list<T>'], 'set<T>')],
    partial: false,
    method: true,
    summary: 'The distinct elements of a list.',
    evaluate: (value) => set(listOf('to_set', value).items),
  },
  {
    name: 'to_addr',
    signatures: [signature(['string'], 'addr')],
    partial: false,
    method: true,
    summary: 'The string as the name of a node.',
    evaluate: (value) => stringOf('to_addr', value),
  },
  {
    name: 'bytes',
    signatures: [signature(['string'], 'bytes')],
    partial: true,
    method: false,
    summary: 'The bytes that hexadecimal digits spell, two a byte.',
    evaluate: (value) => toBytes(value),
  },
  {
    name: 'to_hex',
    signatures: [signature(['bytes'], 'string')],
    partial: false,
    method: true,
    summary: 'The hexadecimal digits of bytes, two a byte.',
    evaluate: (value) => toHex(value),
  },
];
