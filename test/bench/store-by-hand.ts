/**
 * A key-value store as a patient programmer writes it for one program alone: values by key in typed
 * arrays, requests answered with the value before, puts applied at the end of a timestep. It is what
 * timesteps of generated code are measured against.
 */
import type { Value } from '../../src/base/value.js';

const GOLDEN = 0x9e3779b1 | 0;

class Store {
  #cells = new Int32Array(1 << 17);
  #keys = new Int32Array(1 << 16);
  values = new Int32Array(1 << 16);
  #count = 0;

  find(key: number): number {
    const cells = this.#cells;
    const mask = cells.length - 1;
    for (let at = placeOf(key) & mask; ; at = (at + 1) & mask) {
      const row = cells[at]!;
      if (row === 0 || this.#keys[row - 1] === key) return row - 1;
    }
  }

  put(key: number, value: number): void {
    const found = this.find(key);
    if (found >= 0) {
      this.values[found] = value;
      return;
    }
    if (this.#count === this.#keys.length) this.#grow();
    this.#keys[this.#count] = key;
    this.values[this.#count] = value;
    this.#place(key, ++this.#count);
  }

  #place(key: number, row: number): void {
    const mask = this.#cells.length - 1;
    let at = placeOf(key) & mask;
    while (this.#cells[at] !== 0) at = (at + 1) & mask;
    this.#cells[at] = row;
  }

  #grow(): void {
    const [keys, values] = [this.#keys, this.values];
    this.#keys = new Int32Array(keys.length * 2);
    this.values = new Int32Array(keys.length * 2);
    this.#keys.set(keys);
    this.values.set(values);
    this.#cells = new Int32Array(keys.length * 4);
    for (let row = 0; row < keys.length; row++) this.#place(keys[row]!, row + 1);
  }
}

function placeOf(key: number): number {
  const hash = Math.imul(key, GOLDEN);
  return hash ^ (hash >>> 15);
}

/** Microseconds of processor time for so many timesteps of `each` puts. */
export function storeByHand(
  keys: number,
  timesteps: number,
  each: number,
  asKey: (key: number) => Value,
): number {
  const store = new Store();
  const ids = new Map<Value, number>();
  const idOf = (key: Value): number => {
    if (typeof key === 'number') return key;
    const known = ids.get(key);
    if (known !== undefined) return known;
    ids.set(key, ids.size);
    return ids.size - 1;
  };
  for (let i = 0; i < keys; i++) store.put(idOf(asKey(i)), i);
  const inputs = Array.from({ length: timesteps }, (_, t) =>
    Array.from({ length: each }, (__, i) => {
      const key = ((Math.imul(t, 1_103_515_245) >>> 4) + i) % keys;
      return [t * each + i, asKey(key % keys), t] as const;
    }),
  );
  const before = process.cpuUsage();
  let answered = 0;
  for (const input of inputs) {
    const wanted: [number, number][] = [];
    for (const [, key, value] of input) {
      const id = idOf(key);
      const row = store.find(id);
      answered += row < 0 ? -1 : store.values[row]!;
      wanted.push([id, value]);
    }
    for (const [id, value] of wanted) store.put(id, value);
  }
  if (!Number.isFinite(answered)) throw new Error('the answers are numbers');
  return process.cpuUsage(before).user;
}
