/**
 * More functions over strings: padding, parts, characters and their codes, and text as bytes.
 * Characters are Unicode code points here, so that none is cut in half; positions and sizes of the
 * other functions count UTF-16 code units.
 */
import { bytes, list, type Value } from '../base/value.js';
import { intOf, listOf, noSuchKind, shown, signature, stringOf } from './arguments.js';
import { wrongArgument } from './failure.js';
import type { BuiltinFunction, Signature } from './function.js';
import { checkLength } from './string.js';
import { bytesOfHex, hexOfBytes, utf8Bytes, utf8Text } from './utf8.js';
import { boundedValue } from './value-size.js';

function define(
  name: string,
  signatures: readonly Signature[],
  summary: string,
  evaluate: (...values: Value[]) => Value,
  partial = false,
): BuiltinFunction {
  return { name, signatures, partial, method: true, summary, evaluate };
}

function pad(name: 'pad_start' | 'pad_end'): (...values: Value[]) => Value {
  return (value, size, filler) => {
    const [text, length] = [stringOf(name, value), intOf(name, size)];
    const by = stringOf(name, filler);
    if (length > text.length) checkLength(name, length);
    return name === 'pad_start' ? text.padStart(length, by) : text.padEnd(length, by);
  };
}

function codesOf(value: Value): Value {
  const codes = [...stringOf('char_codes', value)].map((character) => character.codePointAt(0)!);
  return boundedValue(list(codes));
}

function fromCodes(value: Value): Value {
  let text = '';
  for (const item of listOf('from_char_codes', value).items) {
    const code = intOf('from_char_codes', item);
    if (code < 0 || code > 0x10ffff)
      throw wrongArgument(`from_char_codes: ${code} is no character (0 to 1114111)`);
    text += String.fromCodePoint(code);
  }
  checkLength('from_char_codes', text.length);
  return text;
}

function fromUtf8(value: Value): Value {
  if (typeof value !== 'object' || value === null || value.kind !== 'bytes')
    throw noSuchKind('from_utf8', 'bytes', value);
  const text = utf8Text(bytesOfHex(value.hex));
  if (text === null) throw wrongArgument(`from_utf8(${shown(value)}): the bytes are no UTF-8`);
  return text;
}

function words(value: Value): Value {
  const parts = stringOf('split_words', value).match(/[\p{L}\p{N}\p{M}']+/gu) ?? [];
  return boundedValue(list([...parts]));
}

function parseDigits(value: Value, base: Value): Value {
  const [text, radix] = [
    stringOf('parse_int', value).trim().toLowerCase(),
    intOf('parse_int', base),
  ];
  if (radix < 2 || radix > 36)
    throw wrongArgument(`parse_int expects a base from 2 to 36, not ${radix}`);
  const digits = /^[+-]?([0-9a-z]+)$/.exec(text)?.[1] ?? '';
  const numbers = [...digits].map((digit) => Number.parseInt(digit, 36));
  if (digits === '' || numbers.some((number) => number >= radix))
    throw wrongArgument(
      `parse_int(${shown(text)}, ${radix}): not the digits of an int in base ${radix}`,
    );
  const size = numbers.reduce((total, digit) => total * radix + digit, 0);
  if (!Number.isSafeInteger(size))
    throw wrongArgument(`parse_int(${shown(text)}, ${radix}): beyond the range of int`);
  return text.startsWith('-') ? 0 - size : size;
}

function inBase(value: Value, base: Value): Value {
  const [number, radix] = [intOf('to_base', value), intOf('to_base', base)];
  if (radix < 2 || radix > 36)
    throw wrongArgument(`to_base expects a base from 2 to 36, not ${radix}`);
  return number.toString(radix);
}

/** Strings, characters and bytes. */
export const textFunctions: readonly BuiltinFunction[] = [
  define(
    'pad_start',
    [signature(['string', 'int', 'string'], 'string')],
    'The string with filler before it, up to a size.',
    pad('pad_start'),
    true,
  ),
  define(
    'pad_end',
    [signature(['string', 'int', 'string'], 'string')],
    'The string with filler behind it, up to a size.',
    pad('pad_end'),
    true,
  ),
  define(
    'trim_start',
    [signature(['string'], 'string')],
    'The string without white space at its beginning.',
    (text) => stringOf('trim_start', text).trimStart(),
  ),
  define(
    'trim_end',
    [signature(['string'], 'string')],
    'The string without white space at its end.',
    (text) => stringOf('trim_end', text).trimEnd(),
  ),
  define(
    'split_words',
    [signature(['string'], 'list<string>')],
    'The runs of letters, digits and apostrophes of a string.',
    (text) => words(text),
    true,
  ),
  define(
    'split_lines',
    [signature(['string'], 'list<string>')],
    'The lines of a string, without their ends.',
    (text) =>
      boundedValue(
        list(
          stringOf('split_lines', text)
            .replace(/\r?\n$/, '')
            .split(/\r?\n/),
        ),
      ),
    true,
  ),
  define(
    'char_codes',
    [signature(['string'], 'list<int>')],
    'The code points of the characters of a string.',
    (text) => codesOf(text),
    true,
  ),
  define(
    'from_char_codes',
    [signature(['list<int>'], 'string')],
    'The string of these code points.',
    (codes) => fromCodes(codes),
    true,
  ),
  define(
    'parse_int',
    [signature(['string', 'int'], 'int')],
    'The int that digits in a base from 2 to 36 spell.',
    (text, base) => parseDigits(text, base),
    true,
  ),
  define(
    'to_base',
    [signature(['int', 'int'], 'string')],
    'The digits of an int in a base from 2 to 36.',
    (value, base) => inBase(value, base),
    true,
  ),
  define(
    'to_utf8',
    [signature(['string'], 'bytes')],
    'The bytes of a string in UTF-8.',
    (text) => boundedValue(bytes(hexOfBytes(utf8Bytes(stringOf('to_utf8', text))))),
    true,
  ),
  define(
    'from_utf8',
    [signature(['bytes'], 'string')],
    'The string that bytes spell in UTF-8.',
    (value) => fromUtf8(value),
    true,
  ),
];
