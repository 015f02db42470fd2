/**
 * Functions over strings. Positions and sizes count UTF-16 code units from 0, as the order of
 * strings does. Positions outside a string are clamped rather than failing, so that most of these
 * are total; those whose result may outgrow the limit on values are partial.
 */
import { list, type Value } from '../base/value.js';
import { intOf, listOf, signature, stringOf } from './arguments.js';
import { ELEMENT_UNITS, MAX_VALUE_UNITS, valueTooLarge, wrongArgument } from './failure.js';
import type { BuiltinFunction } from './function.js';

/** Refuses a string of that many code units before it is built. */
export function checkLength(name: string, length: number): void {
  const most = MAX_VALUE_UNITS - ELEMENT_UNITS;
  if (length > most) {
    throw valueTooLarge(
      `${name} would make a string of ${length} characters, more than one value may hold (${most})`,
    );
  }
}

function test(
  name: string,
  summary: string,
  holds: (text: string, part: string) => boolean,
): BuiltinFunction {
  return {
    name,
    signatures: [signature(['string', 'string'], 'bool')],
    partial: false,
    method: true,
    summary,
    evaluate: (text, part) => holds(stringOf(name, text), stringOf(name, part)),
  };
}

function change(
  name: string,
  summary: string,
  apply: (text: string) => string,
  partial = false,
): BuiltinFunction {
  return {
    name,
    signatures: [signature(['string'], 'string')],
    partial,
    method: true,
    summary,
    evaluate: (text) => apply(stringOf(name, text)),
  };
}

/** Upper case may be longer than what it was made from. */
function upper(text: string): string {
  const result = text.toUpperCase();
  checkLength('to_upper', result.length);
  return result;
}
function lower(text: string): string {
  const result = text.toLowerCase();
  checkLength('to_lower', result.length);
  return result;
}

function split(text: Value, separator: Value): Value {
  const [whole, by] = [stringOf('split', text), stringOf('split', separator)];
  // Without a separator: into characters, never into halves of one.
  return list(by === '' ? [...whole] : whole.split(by));
}

function join(parts: Value, separator: Value): Value {
  const by = stringOf('join', separator);
  const texts = listOf('join', parts).items.map((part) => stringOf('join', part));
  checkLength(
    'join',
    texts.reduce((sum, text) => sum + text.length, 0) + by.length * Math.max(0, texts.length - 1),
  );
  return texts.join(by);
}

function replace(text: Value, what: Value, by: Value): Value {
  const [whole, old, fresh] = [
    stringOf('replace', text),
    stringOf('replace', what),
    stringOf('replace', by),
  ];
  if (old === '') return whole;
  const parts = whole.split(old);
  checkLength('replace', whole.length + (parts.length - 1) * (fresh.length - old.length));
  return parts.join(fresh);
}

function repeat(text: Value, times: Value): Value {
  const [part, count] = [stringOf('repeat', text), intOf('repeat', times)];
  if (count < 0) throw wrongArgument(`repeat expects how often, 0 or more, not ${count}`);
  if (part === '') return '';
  checkLength('repeat', part.length * count);
  return part.repeat(count);
}

/** The functions over strings alone. */
export const stringFunctions: readonly BuiltinFunction[] = [
  test('starts_with', 'Whether a string begins with another.', (text, part) =>
    text.startsWith(part),
  ),
  test('ends_with', 'Whether a string ends with another.', (text, part) => text.endsWith(part)),
  change('to_upper', 'The string in upper case, whatever the locale.', upper, true),
  change('to_lower', 'The string in lower case, whatever the locale.', lower, true),
  change('trim', 'The string without white space at both ends.', (text) => text.trim()),
  {
    name: 'split',
    signatures: [signature(['string', 'string'], 'list<string>')],
    partial: false,
    method: true,
    summary: 'The parts of a string between separators; with an empty separator its characters.',
    evaluate: (text, separator) => split(text, separator),
  },
  {
    name: 'join',
    signatures: [signature(['list<string>', 'string'], 'string')],
    partial: true,
    method: true,
    summary: 'The strings of a list with a separator between them.',
    evaluate: (parts, separator) => join(parts, separator),
  },
  {
    name: 'substring',
    signatures: [signature(['string', 'int', 'int'], 'string')],
    partial: false,
    method: true,
    summary: 'From a position up to, not including, another; positions outside are clamped.',
    evaluate: (text, from, to) => {
      const start = Math.max(0, intOf('substring', from));
      return stringOf('substring', text).slice(start, Math.max(start, intOf('substring', to)));
    },
  },
  {
    name: 'replace',
    signatures: [signature(['string', 'string', 'string'], 'string')],
    partial: true,
    method: true,
    summary: 'The string with every occurrence of the second replaced by the third.',
    evaluate: (text, what, by) => replace(text, what, by),
  },
  {
    name: 'repeat',
    signatures: [signature(['string', 'int'], 'string')],
    partial: true,
    method: true,
    summary: 'The string so many times over.',
    evaluate: (text, times) => repeat(text, times),
  },
];
