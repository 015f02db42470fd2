/**
 * Large groups of an aggregate with what its `count`, `sum`, `min` and `max` have come to, which
 * follow as bindings come and go, where each binding is of one tuple: a group of a million is then
 * brought up to date at the cost of what changes. A group that cannot follow is forgotten and computed
 * anew: one whose least or greatest value goes with nothing in its place (in a window that slides that
 * is every time), or whose sum leaves the exact ints. All are when a timestep fails or derives anew.
 *
 * Invariant: of a group that is here, the words stand in its tuple, so that they stay words.
 */
import { compareValues, type Value } from '../base/value.js';
import type { Words } from './relation.js';

/** An aggregate and the position of its argument among a binding's inputs. */
export interface RunningColumn {
  readonly aggregate: string;
  readonly input: number;
}

interface Running {
  size: number;
  /** By column. */
  readonly values: Value[];
}

export class RunningGroups {
  readonly #columns: readonly RunningColumn[];
  /** Smaller groups are computed anew. */
  readonly #least: number;
  readonly #groups = new Map<string, Running>();

  constructor(columns: readonly RunningColumn[], least: number) {
    [this.#columns, this.#least] = [columns, least];
  }

  get isEmpty(): boolean {
    return this.#groups.size === 0;
  }

  /** A group has been computed: so many bindings, these values. */
  computed(group: Words, size: number, values: readonly Value[]): void {
    const follows = this.#columns.every(
      ({ aggregate }, i) => aggregate !== 'sum' || typeof values[i] === 'number',
    );
    if (size >= this.#least && follows)
      this.#groups.set(keyOf(group), { size, values: [...values] });
  }

  /** Bindings with these inputs have come to a group, or gone: `sign`. */
  follow(group: Words, bindings: readonly (readonly Value[])[], sign: 1 | -1): void {
    const key = keyOf(group);
    const running = this.#groups.get(key);
    if (running === undefined) return;
    running.size += sign * bindings.length;
    const follows = this.#columns.every((column, i) =>
      bindings.every((inputs) => {
        const next = followed(column.aggregate, running.values[i]!, inputs[column.input]!, sign);
        if (next !== null) running.values[i] = next;
        return next !== null;
      }),
    );
    if (!follows) this.#groups.delete(key);
  }

  /** What a group has come to; empty where it has no bindings any more, null if it is to be computed. */
  valuesOf(group: Words): readonly Value[] | 'empty' | null {
    const key = keyOf(group);
    const running = this.#groups.get(key);
    if (running === undefined) return null;
    if (running.size > 0) return running.values;
    this.#groups.delete(key);
    return 'empty';
  }

  forget(): void {
    this.#groups.clear();
  }
}

function keyOf(group: Words): string {
  return Array.prototype.join.call(group);
}

/** The value of an aggregate after one binding more or fewer; null if that does not tell. */
function followed(aggregate: string, value: Value, input: Value, sign: 1 | -1): Value | null {
  if (aggregate === 'count') return (value as number) + sign;
  if (aggregate === 'sum') {
    const sum = (value as number) + sign * (input as number);
    return Number.isSafeInteger(sum) ? sum : null;
  }
  const order = compareValues(input, value) * (aggregate === 'min' ? -1 : 1);
  if (sign === 1) return order > 0 ? input : value;
  return order === 0 ? null : value;
}
