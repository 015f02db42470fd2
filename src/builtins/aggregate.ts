/** What the language knows of an aggregate: how to type it and how to compute it over one group. */
import type { Value } from '../base/value.js';
import type { Signature } from './function.js';

export interface BuiltinAggregate {
  readonly name: string;
  /** Tried in order; the first that fits types the aggregate. `count<*>` has no arguments. */
  readonly signatures: readonly Signature[];
  /** Whether some arguments of the right types make it fail. */
  readonly partial: boolean;
  /** One line for `explain functions`. */
  readonly summary: string;
  /**
   * The value of one group, which is never empty: one row of argument values a distinct binding,
   * in any order. The result does not depend on that order. Throws `PartialError`.
   */
  readonly evaluate: (rows: readonly (readonly Value[])[]) => Value;
}
