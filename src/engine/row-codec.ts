/**
 * Rows of values to rows of words and back, as the columns of one relation hold them: an `lmin` or
 * `lmax` value in a column of such a type stands there bare (extreme-words.ts).
 */
import type { Row, Value } from '../base/value.js';
import type { BareLattice } from '../plan/physical-plan.js';
import { bareWord, extremeValue } from './extreme-words.js';
import type { Encoding } from './word-operations.js';

const MOST_DIRECT = 2 ** 31 - 1;

export class RowCodec {
  readonly #bare: readonly (BareLattice | null)[];
  readonly #encoding: Encoding;
  /** Whether no column holds values in bare form. */
  readonly #isPlain: boolean;

  constructor(bare: readonly (BareLattice | null)[], encoding: Encoding) {
    [this.#bare, this.#encoding] = [bare, encoding];
    this.#isPlain = bare.every((name) => name === null);
  }

  /** The word of a value in a column. */
  word(value: Value, column: number): number {
    if (typeof value === 'number' && value >= 0 && value <= MOST_DIRECT) return value;
    if (this.#isPlain) return this.#encoding.encode(value);
    const { encode } = this.#encoding;
    return (this.#bare[column] ?? null) === null ? encode(value) : bareWord(value, encode);
  }

  /** The value of a word in a column. */
  value(word: number, column: number): Value {
    if (this.#isPlain) return word >= 0 ? word : this.#encoding.decode(word);
    const name = this.#bare[column] ?? null;
    const { decode } = this.#encoding;
    return name === null ? decode(word) : extremeValue(name, word, decode);
  }

  words(row: Row): number[] {
    return row.map((value, column) => this.word(value, column));
  }

  /**
   * The row whose words begin at `words[at]`. Written out for the widths that are common: an array that
   * grows takes room for seventeen.
   */
  row(words: Int32Array, at = 0, width = words.length - at): Row {
    if (width === 1) return [this.value(words[at]!, 0)];
    if (width === 2) return [this.value(words[at]!, 0), this.value(words[at + 1]!, 1)];
    if (width !== 3) return this.#wideRow(words, at, width);
    const [first, second, third] = [words[at]!, words[at + 1]!, words[at + 2]!];
    return [this.value(first, 0), this.value(second, 1), this.value(third, 2)];
  }

  #wideRow(words: Int32Array, at: number, width: number): Row {
    return Array.from({ length: width }, (_, column) => this.value(words[at + column]!, column));
  }
}
