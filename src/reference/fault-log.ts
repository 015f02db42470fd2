/**
 * The failed evaluations of a part of a timestep, of which the least is reported: by rule, then
 * by its bindings in the order of values, then by place. Evaluation goes on after a fault, so that
 * which one is least does not depend on the order in which rules and rows were tried.
 */
import { compareRows, compareValues, type Value } from '../base/value.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type { Rule } from '../semantics/program.js';
import type { Bindings } from './evaluate-term.js';
import type { Fault } from './join-body.js';

export interface RuleFault extends Fault {
  readonly rule: Rule;
  /** Of the variables that the user named, by name. */
  readonly bindings: readonly (readonly [string, Value])[];
}

export class FaultLog {
  readonly #onFirst: () => void;
  #least: RuleFault | null = null;

  constructor(onFirst: () => void) {
    this.#onFirst = onFirst;
  }

  get least(): RuleFault | null {
    return this.#least;
  }

  add(rule: Rule, fault: Fault, bindings: Bindings): void {
    if (this.#least === null) this.#onFirst();
    const named = [...bindings].filter(([name]) => !isMadeUp(name));
    const sorted = named.sort(([a], [b]) => (a < b ? -1 : 1));
    const found: RuleFault = { ...fault, rule, bindings: sorted };
    if (this.#least === null || compareFaults(found, this.#least) < 0) this.#least = found;
  }
}

function compareFaults(a: RuleFault, b: RuleFault): number {
  return (
    a.rule.id - b.rule.id ||
    compareRows(a.bindings.flat(), b.bindings.flat()) ||
    a.place.span.start - b.place.span.start ||
    compareValues(a.error.message, b.error.message)
  );
}
