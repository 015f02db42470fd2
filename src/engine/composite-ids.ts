/**
 * The ids of composite values and bytes, by the text that is equal exactly for equal values; of sets,
 * maps and bags that grow by a digest that grows with them (`lattice/digest.ts`), for the text of a
 * large set that has got one more element costs all its elements. Two values that share a digest are
 * told apart by a look at all they hold, and the one that comes later goes by its text.
 */
import { valueKey, type Value } from '../base/value.js';
import { areSameDigested, digestOf } from '../lattice/digest.js';
import { ShardedMap } from './sharded-map.js';

export class CompositeIds {
  /** By digest or by text; no text begins as a digest does. */
  readonly #ids = new ShardedMap<string>();
  readonly #valueOf: (id: number) => Value;
  readonly #digestOf: (value: Value) => string | null;
  /** How many have a digest and go by their text. */
  #late = 0;

  /** `valueOf`: the value that has been given an id. */
  constructor(valueOf: (id: number) => Value, digest = digestOf) {
    [this.#valueOf, this.#digestOf] = [valueOf, digest];
  }

  /** The id of a value; 0 if it has none. */
  get(value: Value): number {
    const digest = this.#digestOf(value);
    if (digest === null) return this.#ids.get(valueKey(value)) ?? 0;
    const id = this.#ids.get(digest) ?? 0;
    if (id !== 0 && areSameDigested(this.#valueOf(id), value)) return id;
    return this.#late === 0 ? 0 : (this.#ids.get(valueKey(value)) ?? 0);
  }

  /** Gives an id, which is not 0, to a value that has none. */
  set(value: Value, id: number): void {
    const digest = this.#digestOf(value);
    const isLate = digest !== null && this.#ids.get(digest) !== undefined;
    this.#ids.set(digest === null || isLate ? valueKey(value) : digest, id);
    if (isLate) this.#late++;
  }

  /** Forgets a value and its id. */
  delete(value: Value, id: number): void {
    const digest = this.#digestOf(value);
    if (digest !== null && this.#ids.get(digest) === id) this.#ids.delete(digest);
    else if (this.#ids.delete(valueKey(value)) && digest !== null) this.#late--;
  }
}
