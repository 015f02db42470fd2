/**
 * Values as words. A non-negative int below 2^31 is the word itself; every other value gets an id,
 * and its word is `~id`, which is negative. Equal type and value, equal word: joins, sets and
 * negation compare words and never look at values. `1` and `1.0` differ, and so do words.
 *
 * Ids 1 to 3 are null, false and true for good; id 4 stands for a bottom (see extreme-words.ts); id 0
 * is never given out (its word is `NO_WORD`).
 *
 * Ids are reclaimed between timesteps, by marking from roots that the owner of the words names: a
 * node that lives for months on fresh strings must not grow. When to do so is a matter of counts,
 * never of the clock, so that a run repeats exactly: once the values in use have doubled since the
 * last mark. With `checks` freed ids are not given out again, and decoding one is an error.
 */
import { assert } from '../base/assert.js';
import { latticeValue, type Value } from '../base/value.js';
import { CompositeIds } from './composite-ids.js';
import { ShardedMap } from './sharded-map.js';
import { StorageLimitError } from './storage-limit.js';
import { StringIds } from './string-ids.js';

const MOST_DIRECT = 2 ** 31 - 1;
const FIRST_ID = 5;
const LEAST_MARKED = 4096;
/** What one array of values can hold. */
const MOST_IDS = 2 ** 26;

export const NULL_WORD = ~1;
export const FALSE_WORD = ~2;
export const TRUE_WORD = ~3;
export const BOTTOM_WORD = ~4;

/** What ids are entered in. */
interface IdsOf<K> {
  set(key: K, id: number): void;
}

/** Calls `mark` with every word that is to stay valid. */
export type MarkRoots = (mark: (word: number) => void) => void;

export class ValueDictionary {
  /** By id; undefined where the id is free. */
  readonly #values: (Value | undefined)[] = [
    undefined,
    null,
    false,
    true,
    latticeValue('bottom', []),
  ];
  readonly #strings = new StringIds((id) => this.#values[id] as string);
  readonly #ints = new ShardedMap<number>();
  readonly #floats = new ShardedMap<number>();
  /** Composite values and bytes. */
  readonly #composites = new CompositeIds((id) => this.#values[id]!);
  readonly #free: number[] = [];
  readonly #checks: boolean;
  #live = 0;
  #markFrom = LEAST_MARKED;

  constructor(options: { readonly checks?: boolean } = {}) {
    this.#checks = options.checks ?? false;
  }

  /** Values that have an id, apart from null and the booleans. */
  get size(): number {
    return this.#live;
  }

  /** The word of a value. */
  encode(value: Value): number {
    if (typeof value === 'number') {
      if (value >= 0 && value <= MOST_DIRECT) return value;
      return this.#wordOf(this.#ints, value, value);
    }
    if (typeof value === 'string') {
      const known = this.#strings.get(value);
      return ~(known === 0 ? this.#add(this.#strings, value, value) : known);
    }
    if (value === null) return NULL_WORD;
    if (typeof value === 'boolean') return value ? TRUE_WORD : FALSE_WORD;
    if (value.kind === 'float') return this.#wordOf(this.#floats, value.value, value);
    const known = this.#composites.get(value);
    return ~(known === 0 ? this.#add(this.#composites, value, value) : known);
  }

  /** The word of a value if it has one; else `NO_WORD`, which no relation holds. */
  find(value: Value): number {
    if (typeof value === 'number') {
      return value >= 0 && value <= MOST_DIRECT ? value : ~(this.#ints.get(value) ?? 0);
    }
    if (typeof value === 'string') return ~this.#strings.get(value);
    if (value === null || typeof value === 'boolean') return this.encode(value);
    if (value.kind === 'float') return ~(this.#floats.get(value.value) ?? 0);
    return ~this.#composites.get(value);
  }

  /** The value of a word. */
  decode(word: number): Value {
    if (word >= 0) return word;
    const value = this.#values[~word];
    assert(value !== undefined, `word ${word} stands for a value`);
    return value;
  }

  /** Whether a mark is due. */
  get wantsReclaiming(): boolean {
    return this.#live >= this.#markFrom;
  }

  /** Frees every value whose word is not marked; how many. All other holders of words are then wrong. */
  reclaim(markRoots: MarkRoots): number {
    const marked = new Uint8Array(this.#values.length);
    markRoots((word) => {
      if (word < 0) marked[~word] = 1;
    });
    const before = this.#live;
    for (let id = FIRST_ID; id < this.#values.length; id++) {
      const value = this.#values[id];
      if (marked[id] === 1 || value === undefined) continue;
      this.#forget(value, id);
      this.#values[id] = undefined;
      if (!this.#checks) this.#free.push(id);
      this.#live--;
    }
    this.#strings.shrink();
    this.#markFrom = Math.max(LEAST_MARKED, 2 * this.#live);
    return before - this.#live;
  }

  #wordOf<K>(ids: ShardedMap<K>, key: K, value: Value): number {
    return ~(ids.get(key) ?? this.#add(ids, key, value));
  }

  /** Gives an id to a value that has none. */
  #add<K>(ids: IdsOf<K>, key: K, value: Value): number {
    const id = this.#free.at(-1) ?? this.#values.length;
    if (id >= MOST_IDS)
      throw new StorageLimitError(`there are more than ${MOST_IDS} different values`);
    ids.set(key, id);
    this.#free.pop();
    this.#values[id] = value;
    this.#live++;
    return id;
  }

  #forget(value: Value, id: number): void {
    if (typeof value === 'string') this.#strings.delete(value);
    else if (typeof value === 'number') this.#ints.delete(value);
    else if (typeof value === 'object' && value !== null && value.kind === 'float')
      this.#floats.delete(value.value);
    else this.#composites.delete(value, id);
  }
}
