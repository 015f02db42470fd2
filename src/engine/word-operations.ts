/**
 * What generated code does with words beside moving them: arithmetic and comparison with a short
 * way for ints that stand for themselves, values built and taken apart, and builtins by name. All
 * of it agrees with `builtins/`: whatever the short way does not cover goes through them.
 */
import { defined } from '../base/assert.js';
import { list, map, set, tuple, type Value } from '../base/value.js';
import { wrongArgument } from '../builtins/failure.js';
import type { BuiltinFunction } from '../builtins/function.js';
import { functionNamed } from '../builtins/functions.js';
import { growingElements } from '../builtins/lattice.js';
import { boundedValue } from '../builtins/value-size.js';
import { FALSE_WORD, TRUE_WORD } from './value-dictionary.js';

/** Between values and words; the dictionary with whatever its owner wants to know. */
export interface Encoding {
  readonly encode: (value: Value) => number;
  readonly decode: (word: number) => Value;
}

type Binary = (a: number, b: number) => number;
type Test = (a: number, b: number) => boolean;
export type WordFunction = (...words: number[]) => number;

const MOST_DIRECT = 2 ** 31 - 1;

/** The helpers of generated code, by the names that it knows them by. */
export interface WordOperations {
  readonly plus: Binary;
  readonly minus: Binary;
  readonly times: Binary;
  readonly equal: Test;
  readonly differ: Test;
  readonly less: Test;
  readonly atMost: Test;
  readonly greater: Test;
  readonly atLeast: Test;
  readonly truth: (holds: boolean) => number;
  readonly isTrue: (word: number) => boolean;
  readonly tupleOf: (words: readonly number[]) => number;
  readonly listOf: (words: readonly number[]) => number;
  readonly setOf: (words: readonly number[]) => number;
  /** Keys and values in turn. */
  readonly mapOf: (words: readonly number[]) => number;
  readonly tupleItems: (word: number) => readonly number[] | null;
  readonly listItems: (word: number) => readonly number[] | null;
  /** The elements of a collection, those of a map as pairs; throws on anything else. */
  readonly membersOf: (word: number) => readonly number[];
}

/** A function from TypeScript over values; fails with a `PartialError` alone. */
export type OuterFunction = (...values: readonly Value[]) => Value;

/** A builtin, or else a function of the program's own, over words. */
export function wordFunction(
  name: string,
  { encode, decode }: Encoding,
  outer: ReadonlyMap<string, OuterFunction>,
): WordFunction {
  const evaluate = functionNamed(name)?.evaluate ?? defined(outer.get(name), name);
  return (...words) => encode(evaluate(...words.map(decode)));
}

export function createWordOperations(encoding: Encoding): WordOperations {
  return { ...arithmetic(encoding), ...comparison(encoding), ...composites(encoding) };
}

function builtin(name: string): BuiltinFunction {
  return defined(functionNamed(name), `function ${name}`);
}

function arithmetic({
  encode,
  decode,
}: Encoding): Pick<WordOperations, 'plus' | 'minus' | 'times' | 'truth' | 'isTrue'> {
  const [sum, difference, product] = [builtin('+'), builtin('-'), builtin('*')];
  const slow = ({ evaluate }: BuiltinFunction, a: number, b: number): number =>
    encode(evaluate(decode(a), decode(b)));
  return {
    plus(a, b) {
      const result = a + b;
      return (a | b) >= 0 && result <= MOST_DIRECT ? result : slow(sum, a, b);
    },
    minus(a, b) {
      return (a | b) >= 0 && a >= b ? a - b : slow(difference, a, b);
    },
    times(a, b) {
      const result = a * b;
      return (a | b) >= 0 && result <= MOST_DIRECT ? result : slow(product, a, b);
    },
    truth: (holds) => (holds ? TRUE_WORD : FALSE_WORD),
    isTrue(word) {
      if (word === TRUE_WORD) return true;
      if (word === FALSE_WORD) return false;
      throw wrongArgument('a condition is neither true nor false');
    },
  };
}

function comparison({
  decode,
}: Encoding): Pick<WordOperations, 'equal' | 'differ' | 'less' | 'atMost' | 'greater' | 'atLeast'> {
  const test = (name: string, ofInts: Test): Test => {
    const { evaluate } = builtin(name);
    return (a, b) => ((a | b) >= 0 ? ofInts(a, b) : evaluate(decode(a), decode(b)) === true);
  };
  return {
    equal: test('==', (a, b) => a === b),
    differ: test('!=', (a, b) => a !== b),
    less: test('<', (a, b) => a < b),
    atMost: test('<=', (a, b) => a <= b),
    greater: test('>', (a, b) => a > b),
    atLeast: test('>=', (a, b) => a >= b),
  };
}

function composites({
  encode,
  decode,
}: Encoding): Pick<
  WordOperations,
  'tupleOf' | 'listOf' | 'setOf' | 'mapOf' | 'tupleItems' | 'listItems' | 'membersOf'
> {
  const itemsOf = (kind: 'tuple' | 'list', word: number): readonly number[] | null => {
    const value = decode(word);
    if (typeof value !== 'object' || value === null || value.kind !== kind) return null;
    return value.items.map(encode);
  };
  const pairs = (words: readonly number[]): (readonly [Value, Value])[] =>
    Array.from({ length: words.length / 2 }, (_, i) => [
      decode(words[2 * i]!),
      decode(words[2 * i + 1]!),
    ]);
  return {
    tupleOf: (words) => encode(boundedValue(tuple(words.map(decode)))),
    listOf: (words) => encode(boundedValue(list(words.map(decode)))),
    setOf: (words) => encode(boundedValue(set(words.map(decode)))),
    mapOf: (words) => encode(boundedValue(map(pairs(words)))),
    tupleItems: (word) => itemsOf('tuple', word),
    listItems: (word) => itemsOf('list', word),
    membersOf(word) {
      const given = decode(word);
      const value = growingElements(given) ?? given;
      if (typeof value === 'object' && value !== null) {
        if (value.kind === 'list' || value.kind === 'set') return value.items.map(encode);
        if (value.kind === 'map') return value.entries.map((entry) => encode(tuple(entry)));
      }
      throw wrongArgument('only a list, set or map has members');
    },
  };
}
