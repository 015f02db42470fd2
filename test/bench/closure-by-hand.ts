/**
 * The transitive closure as one would write it by hand in JavaScript for vertices 0 .. n-1, with no
 * engine behind it: for each vertex an open-addressing set and a vector of what it reaches, both in
 * arrays that hold all vertices, and the edges as compressed sparse rows.
 */
const GOLDEN = 0x9e3779b1 | 0;

interface Reached {
  sets: Int32Array;
  setTop: number;
  values: Int32Array;
  valueTop: number;
  readonly setBase: Int32Array;
  readonly bits: Uint8Array;
  readonly valueBase: Int32Array;
  readonly capacity: Int32Array;
  readonly count: Int32Array;
}

/** How many pairs of vertices are joined by a path. */
export function closeByHand(from: Int32Array, to: Int32Array, vertices: number): number {
  const { offsets, targets } = edgeRows(from, to, vertices);
  const reached = nothingReached(vertices);
  const start = new Int32Array(vertices);
  for (let x = 0; x < vertices; x++) add(reached, x, targets, offsets[x]!, offsets[x + 1]!);
  for (let changed = true; changed;) {
    changed = false;
    for (let x = 0; x < vertices; x++) {
      const end = reached.count[x]!;
      for (let d = start[x]!; d < end; d++) {
        const y = reached.values[reached.valueBase[x]! + d]!;
        add(reached, x, targets, offsets[y]!, offsets[y + 1]!);
      }
      if (end > start[x]!) changed = true;
      start[x] = end;
    }
  }
  return reached.count.reduce((sum, count) => sum + count, 0);
}

function edgeRows(
  from: Int32Array,
  to: Int32Array,
  vertices: number,
): { readonly offsets: Int32Array; readonly targets: Int32Array } {
  const offsets = new Int32Array(vertices + 1);
  for (const x of from) offsets[x + 1]!++;
  for (let x = 0; x < vertices; x++) offsets[x + 1]! += offsets[x]!;
  const next = offsets.slice();
  const targets = new Int32Array(from.length);
  for (let i = 0; i < from.length; i++) targets[next[from[i]!]!++] = to[i]!;
  return { offsets, targets };
}

function nothingReached(vertices: number): Reached {
  return {
    sets: new Int32Array(2 ** 18),
    setTop: 0,
    values: new Int32Array(2 ** 18),
    valueTop: 0,
    setBase: new Int32Array(vertices),
    bits: new Uint8Array(vertices),
    valueBase: new Int32Array(vertices),
    capacity: new Int32Array(vertices),
    count: new Int32Array(vertices),
  };
}

function add(reached: Reached, x: number, source: Int32Array, start: number, end: number): void {
  let { sets, values } = reached;
  let bits = reached.bits[x]!;
  let base = reached.setBase[x]!;
  let count = reached.count[x]!;
  for (let i = start; i < end; i++) {
    if (count === reached.capacity[x]) {
      reached.count[x] = count;
      grow(reached, x);
      ({ sets, values } = reached);
      bits = reached.bits[x]!;
      base = reached.setBase[x]!;
    }
    const stored = source[i]! + 1;
    const mask = (1 << bits) - 1;
    let cell = Math.imul(stored, GOLDEN) >>> (32 - bits);
    let held = sets[base + cell]!;
    while (held !== 0 && held !== stored) {
      cell = (cell + 1) & mask;
      held = sets[base + cell]!;
    }
    if (held === stored) continue;
    sets[base + cell] = stored;
    values[reached.valueBase[x]! + count++] = stored - 1;
  }
  reached.count[x] = count;
}

/** Twice the room for a vertex: as many values as three quarters of its set's cells. */
function grow(reached: Reached, x: number): void {
  const bits = reached.bits[x] === 0 ? 3 : reached.bits[x]! + 1;
  const cells = 1 << bits;
  const capacity = (cells * 3) >> 2;
  if (reached.setTop + cells > reached.sets.length) reached.sets = longer(reached.sets);
  if (reached.valueTop + capacity > reached.values.length) reached.values = longer(reached.values);
  const { sets, values } = reached;
  const [set, vector] = [reached.setTop, reached.valueTop];
  for (let i = 0; i < reached.count[x]!; i++) {
    const value = values[reached.valueBase[x]! + i]!;
    values[vector + i] = value;
    let cell = Math.imul(value + 1, GOLDEN) >>> (32 - bits);
    while (sets[set + cell] !== 0) cell = (cell + 1) & (cells - 1);
    sets[set + cell] = value + 1;
  }
  [reached.setBase[x], reached.valueBase[x]] = [set, vector];
  [reached.bits[x], reached.capacity[x]] = [bits, capacity];
  reached.setTop += cells;
  reached.valueTop += capacity;
}

function longer(words: Int32Array): Int32Array {
  const copy = new Int32Array(2 * words.length);
  copy.set(words);
  return copy;
}
