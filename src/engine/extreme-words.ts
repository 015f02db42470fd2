/**
 * Words of `lmin` and `lmax` values. In columns and variables of these types a value goes by the
 * word of what it holds, and its bottom by `BOTTOM_WORD`: `lmin(5)` is the word 5. So merging is
 * comparing two words, and a value that grows a million times makes no object. This is called the
 * bare form; everywhere else (inside other values, as an argument of a function) the value has a
 * dictionary word of its own, as every other value, and is called boxed. Types tell which is which.
 */
import { assert } from '../base/assert.js';
import { compareValues, isLattice, latticeValue, type Value } from '../base/value.js';
import { mergeLatticeValues, NoPlainValue } from '../builtins/lattice.js';
import { boundedValue } from '../builtins/value-size.js';
import { builtinFunctions } from '../builtins/functions.js';
import { BOTTOM_WORD } from './value-dictionary.js';
import type { Encoding } from './word-operations.js';

/** Names of the lattices whose values have a bare form. */
export type ExtremeName = 'lmin' | 'lmax';

type Unary = (word: number) => number;
type Binary = (a: number, b: number) => number;
type Test = (a: number, b: number) => boolean;

/** Helpers of generated code over bare words, by the names that it knows them by. */
export type ExtremeOperations = Readonly<Record<string, Unary | Binary | Test>>;

const MOST_DIRECT = 2 ** 31 - 1;

/** The value of a bare word. */
export function extremeValue(name: ExtremeName, word: number, decode: Encoding['decode']): Value {
  return latticeValue(name, word === BOTTOM_WORD ? [] : [decode(word)]);
}

/** The bare word of a value of `lmin` or `lmax`. */
export function bareWord(value: Value, encode: Encoding['encode']): number {
  assert(isLattice(value), 'only a lattice value has a bare form');
  const [held] = value.arguments;
  return held === undefined ? BOTTOM_WORD : encode(held);
}

/** Whether merging `word` into `held` gives more than `held`; both bare. */
function growthTest(name: ExtremeName, { decode }: Encoding): Test {
  const direction = name === 'lmax' ? 1 : -1;
  const slow = (held: number, word: number): boolean => {
    if (held === word || word === BOTTOM_WORD) return false;
    if (held === BOTTOM_WORD) return true;
    return compareValues(decode(word), decode(held)) * direction > 0;
  };
  return name === 'lmax'
    ? (held, word) => ((held | word) >= 0 ? word > held : slow(held, word))
    : (held, word) => ((held | word) >= 0 ? word < held : slow(held, word));
}

/** Merges words as a column holds them: bare ones of `lmin` and `lmax`, boxed ones of all others. */
export function mergeWords(bare: ExtremeName | null, encoding: Encoding): Binary {
  const { encode, decode } = encoding;
  if (bare === null)
    return (held, word) =>
      held === word ? held : encode(mergeLatticeValues(decode(held), decode(word)));
  const grows = growthTest(bare, encoding);
  return (held, word) => (grows(held, word) ? word : held);
}

export function createExtremeOperations(encoding: Encoding): ExtremeOperations {
  const { encode, decode } = encoding;
  return {
    revealed: (word: number): number => {
      if (word === BOTTOM_WORD) throw new NoPlainValue();
      return word;
    },
    bare: (word: number): number => bareWord(decode(word), encode),
    ...operationsOf('lmin', encoding),
    ...operationsOf('lmax', encoding),
  };
}

function operationsOf(name: ExtremeName, encoding: Encoding): ExtremeOperations {
  const { encode, decode } = encoding;
  const compare = (
    method: string,
    holds: (order: number) => boolean,
    atBottom: boolean,
  ): Record<string, Test> => ({
    [`${name}_${method}`]: (word, bound) => {
      if (word === BOTTOM_WORD) return atBottom;
      if ((word | bound) >= 0) return holds(word - bound);
      return holds(compareValues(decode(word), decode(bound)));
    },
  });
  const isMin = name === 'lmin';
  return {
    [`box_${name}`]: (word: number): number => encode(extremeValue(name, word, decode)),
    [`${name}_hold`]: (word: number): number => {
      if (word >= 0) return word;
      const value = decode(word);
      if (isLattice(value) && value.lattice === name) return bareWord(value, encode);
      boundedValue(latticeValue(name, [value]));
      return word;
    },
    [`${name}_merge`]: mergeWords(name, encoding),
    [`${name}_plus`]: shift(name, 'plus', encoding),
    [`${name}_minus`]: shift(name, 'minus', encoding),
    ...compare('at_least', (order) => order >= 0, isMin),
    ...compare('above', (order) => order > 0, isMin),
    ...compare('at_most', (order) => order <= 0, !isMin),
    ...compare('below', (order) => order < 0, !isMin),
    [`${name}_has_value`]: (word: number): boolean => word !== BOTTOM_WORD,
  };
}

/** A number added to the value, or taken off. */
function shift(name: ExtremeName, method: 'plus' | 'minus', encoding: Encoding): Binary {
  const { evaluate } = builtinFunctions.get(`${name}.${method}`)!;
  const { encode, decode } = encoding;
  const slow: Binary = (word, by) =>
    bareWord(evaluate(extremeValue(name, word, decode), decode(by)), encode);
  return method === 'plus'
    ? (word, by) => {
        const result = word + by;
        return (word | by) >= 0 && result <= MOST_DIRECT ? result : slow(word, by);
      }
    : (word, by) => ((word | by) >= 0 && word >= by ? word - by : slow(word, by));
}
