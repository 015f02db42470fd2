/**
 * What the language knows of a function: how to type a call of it, whether it may fail, and how to
 * compute it. Operators are functions named by their symbol.
 */
import type { Value } from '../base/value.js';

/**
 * A function failed on its arguments (division by zero, overflow). Thrown by implementations and
 * caught where a rule is evaluated, which knows the rule and its bindings.
 */
export class PartialError extends Error {
  /** The diagnostic code of this failure. */
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.name = 'PartialError';
    this.code = code;
  }
}

/**
 * How arguments determine a result, in a small language of type names: `int`, `float`, `string`,
 * `bool`, `bytes`, `any`, `number` (int or float, the same in all places of one signature, an int
 * literal being taken for a float beside a float), `T`, `K`, `V` (type variables), `list<T>`,
 * `set<T>`, `map<K, V>`.
 */
export interface Signature {
  readonly parameters: readonly string[];
  readonly result: string;
}

export interface BuiltinFunction {
  readonly name: string;
  /** Tried in order; the first that fits types the call. */
  readonly signatures: readonly Signature[];
  /** Whether some arguments of the right types make it fail. */
  readonly partial: boolean;
  /** Whether it may be written as a method of its first argument: `xs.size()`. */
  readonly method: boolean;
  /** One line for `explain functions`. */
  readonly summary: string;
  /** Total on well-typed arguments unless `partial`, then throws `PartialError`. */
  readonly evaluate: (...values: Value[]) => Value;
}
