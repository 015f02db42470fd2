/**
 * Pairs as one would keep them by hand for vertices 0 .. n-1: for each vertex an open-addressing set
 * and a vector of its values, in arrays that hold all vertices, with the values of the last round
 * apart. And edges that do not change, as compressed sparse rows.
 */
const GOLDEN = 0x9e3779b1 | 0;

export interface Rows {
  readonly offsets: Int32Array;
  readonly words: Int32Array;
}

/** The values of each key, one after another. */
export function rowsOf(keys: Int32Array, values: Int32Array, vertices: number): Rows {
  const offsets = new Int32Array(vertices + 1);
  for (const key of keys) offsets[key + 1]!++;
  for (let v = 0; v < vertices; v++) offsets[v + 1]! += offsets[v]!;
  const next = offsets.slice();
  const words = new Int32Array(keys.length);
  for (let i = 0; i < keys.length; i++) words[next[keys[i]!]!++] = values[i]!;
  return { offsets, words };
}

/** One more than the largest vertex. */
export function countVertices(...columns: readonly Int32Array[]): number {
  let largest = -1;
  for (const column of columns) for (const v of column) if (v > largest) largest = v;
  return largest + 1;
}

export class HandPairs {
  /** Values by vertex, from `base[v]` on; replaced when it grows. */
  values = new Int32Array(2 ** 16);
  readonly base: Int32Array;
  readonly count: Int32Array;
  /** What the last round has added is at `oldEnd[v] .. deltaEnd[v]`. */
  readonly oldEnd: Int32Array;
  readonly deltaEnd: Int32Array;
  /** Vertices that the last round has added to. */
  current: Int32Array;
  currentCount = 0;
  total = 0;
  #cells = new Int32Array(2 ** 16);
  #cellTop = 0;
  #valueTop = 0;
  readonly #cellBase: Int32Array;
  readonly #bits: Uint8Array;
  #dirty: Int32Array;
  #dirtyCount = 0;
  readonly #single = new Int32Array(1);

  constructor(vertices: number) {
    const array = (): Int32Array => new Int32Array(vertices);
    [this.base, this.count, this.oldEnd, this.deltaEnd] = [array(), array(), array(), array()];
    [this.current, this.#dirty, this.#cellBase] = [array(), array(), array()];
    this.#bits = new Uint8Array(vertices);
  }

  add(v: number, value: number): void {
    this.#single[0] = value;
    this.addRun(v, this.#single, 0, 1);
  }

  /** Adds `source[start .. end)` to the values of `v`. */
  addRun(v: number, source: Int32Array, start: number, end: number): void {
    let bits = this.#bits[v]!;
    let first = this.#cellBase[v]!;
    let base = this.base[v]!;
    let count = this.count[v]!;
    const before = count;
    for (let i = start; i < end; i++) {
      const stored = source[i]! + 1;
      let cell = 0;
      if (bits > 0) {
        cell = Math.imul(stored, GOLDEN) >>> (32 - bits);
        let held = this.#cells[first + cell]!;
        while (held !== 0 && held !== stored) {
          cell = (cell + 1) & ((1 << bits) - 1);
          held = this.#cells[first + cell]!;
        }
        if (held === stored) continue;
      }
      if (bits === 0 || count === (3 << bits) >> 2) {
        this.count[v] = count;
        const isOwn = source === this.values;
        this.#grow(v);
        if (isOwn) source = this.values;
        bits = this.#bits[v]!;
        first = this.#cellBase[v]!;
        base = this.base[v]!;
        cell = this.#emptyCell(first, bits, stored);
      }
      this.#cells[first + cell] = stored;
      this.values[base + count++] = stored - 1;
    }
    if (count === before) return;
    if (before === this.deltaEnd[v]) this.#dirty[this.#dirtyCount++] = v;
    this.count[v] = count;
    this.total += count - before;
  }

  /** What was added becomes the last round's; whether there is any. */
  advance(): boolean {
    for (let i = 0; i < this.currentCount; i++) {
      const v = this.current[i]!;
      this.oldEnd[v] = this.deltaEnd[v]!;
    }
    [this.current, this.#dirty] = [this.#dirty, this.current];
    this.currentCount = this.#dirtyCount;
    this.#dirtyCount = 0;
    for (let i = 0; i < this.currentCount; i++) {
      const v = this.current[i]!;
      this.deltaEnd[v] = this.count[v]!;
    }
    return this.currentCount > 0;
  }

  #emptyCell(first: number, bits: number, stored: number): number {
    let cell = Math.imul(stored, GOLDEN) >>> (32 - bits);
    while (this.#cells[first + cell] !== 0) cell = (cell + 1) & ((1 << bits) - 1);
    return cell;
  }

  /** Twice the room: as many values as three quarters of the set's cells. */
  #grow(v: number): void {
    const bits = this.#bits[v] === 0 ? 3 : this.#bits[v]! + 1;
    const capacity = (3 << bits) >> 2;
    if (this.#cellTop + (1 << bits) > this.#cells.length) this.#cells = longer(this.#cells);
    if (this.#valueTop + capacity > this.values.length) this.values = longer(this.values);
    const [first, base, from] = [this.#cellTop, this.#valueTop, this.base[v]!];
    for (let i = 0; i < this.count[v]!; i++) {
      const value = this.values[from + i]!;
      this.values[base + i] = value;
      this.#cells[first + this.#emptyCell(first, bits, value + 1)] = value + 1;
    }
    [this.#cellBase[v], this.base[v], this.#bits[v]] = [first, base, bits];
    this.#cellTop += 1 << bits;
    this.#valueTop += capacity;
  }
}

function longer(words: Int32Array): Int32Array<ArrayBuffer> {
  const copy = new Int32Array(2 * words.length);
  copy.set(words);
  return copy;
}
