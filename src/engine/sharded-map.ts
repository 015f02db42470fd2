/**
 * A map from keys to numbers that may hold more than the 2^24 entries at which a `Map` of
 * JavaScript ends: a list of maps, each filled before the next is begun. A lookup asks them in
 * turn; nearly always there is one.
 */
const MOST_ENTRIES = 2 ** 23;

export class ShardedMap<K> {
  readonly #mostEntries: number;
  readonly #shards: Map<K, number>[] = [new Map<K, number>()];

  constructor(mostEntries = MOST_ENTRIES) {
    this.#mostEntries = mostEntries;
  }

  get(key: K): number | undefined {
    for (const shard of this.#shards) {
      const found = shard.get(key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Adds a key that is not there. */
  set(key: K, value: number): void {
    let shard = this.#shards.find((each) => each.size < this.#mostEntries);
    if (shard === undefined) {
      shard = new Map<K, number>();
      this.#shards.push(shard);
    }
    shard.set(key, value);
  }

  /** Whether the key was there. */
  delete(key: K): boolean {
    return this.#shards.some((shard) => shard.delete(key));
  }
}
