/**
 * Calls of TypeScript from rules: arguments are turned into what TypeScript knows, the result into
 * a value of the declared type. Whatever a function does that it must not (throw, answer later,
 * give something else) is a `PartialError`, which fails the timestep with the rule and its bindings.
 */
import type { Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { PartialError } from '../builtins/function.js';
import { boundedValue } from '../builtins/value-size.js';
import { bottomOf, latticeValueFor, revealedType } from '../semantics/lattice-types.js';
import { typeText } from '../semantics/relate-types.js';
import type { Type } from '../semantics/types.js';
import { brief, describe, fromScript, reasonOf, toScript } from './script-values.js';

/** A function threw. */
const FUNCTION_THROWS = 'TRL0810';
/** A function gave what its declaration does not promise. */
const WRONG_RESULT = 'TRL0811';

/** As TypeScript has it, whatever its parameters. */
type Script = (...values: never[]) => unknown;

/** A function over values; `called` is its name in messages. */
export function scriptCall(
  called: string,
  implementation: Script,
  result: Type,
): (...values: readonly Value[]) => Value {
  return (...values) => {
    const call = (): string => brief(`${called}(${values.map(valueText).join(', ')})`);
    let value: Value | undefined;
    let words = '';
    try {
      const outcome = implementation(...(values.map(toScript) as never[]));
      // Nobody waits for it, so that it fails is nobody's business.
      if (outcome instanceof Promise) void outcome.catch(() => undefined);
      // What a getter or a proxy throws while its result is read, the function throws.
      value = resultValue(outcome, result);
      if (value === undefined) words = brief(describe(outcome));
    } catch (error) {
      throw new PartialError(FUNCTION_THROWS, `\`${call()}\` threw ${brief(reasonOf(error))}`);
    }
    if (value !== undefined) return boundedValue(value);
    throw new PartialError(
      WRONG_RESULT,
      `\`${call()}\` gave ${words}, but it is declared ${typeText(result)}`,
    );
  };
}

/** The value of the type; of a lattice, the one that holds what was given. Undefined for a misfit. */
function resultValue(outcome: unknown, type: Type): Value | undefined {
  if (outcome === null && type.kind === 'lattice') return bottomOf(type) ?? undefined;
  const read = fromScript(outcome, revealedType(type));
  if (read.kind === 'misfit') return undefined;
  if (read.value === null) return null;
  return latticeValueFor(read.value, type) ?? undefined;
}
