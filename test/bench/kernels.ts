/**
 * What a patient programmer would write by hand for one workload: semi-naive evaluation over dense
 * vertices, a set and a vector for each of them. Nothing is general about it; it is the limit that
 * generated code is measured against. Each gives the sizes of what it derives.
 */
import type { Columns } from './graphs.js';
import { countVertices, HandPairs, rowsOf, type Rows } from './hand-pairs.js';

export type Facts = Readonly<Record<string, Columns>>;
type Pairs = readonly [Int32Array, Int32Array];
export type Sizes = Readonly<Record<string, number>>;

/** Vertices as 0 .. n-1, in order of appearance, where they are far apart. */
function dense([from, to]: readonly [Int32Array, Int32Array]): [Int32Array, Int32Array] {
  if (countVertices(from, to) <= 4 * from.length + 1000) return [from, to];
  const ids = new Map<number, number>();
  const idOf = (v: number): number => {
    let id = ids.get(v);
    if (id === undefined) ids.set(v, (id = ids.size));
    return id;
  };
  return [from.map(idOf), to.map(idOf)];
}

export function closureByHand({ edge }: Facts): Sizes {
  const [from, to] = dense(edge as [Int32Array, Int32Array]);
  const vertices = countVertices(from, to);
  const { offsets, words } = rowsOf(from, to, vertices);
  const path = new HandPairs(vertices);
  for (let x = 0; x < vertices; x++) path.addRun(x, words, offsets[x]!, offsets[x + 1]!);
  while (path.advance()) {
    for (let i = 0; i < path.currentCount; i++) {
      const x = path.current[i]!;
      for (let d = path.oldEnd[x]!; d < path.deltaEnd[x]!; d++) {
        const y = path.values[path.base[x]! + d]!;
        path.addRun(x, words, offsets[y]!, offsets[y + 1]!);
      }
    }
  }
  return { r: path.total };
}

export function sameGenerationByHand({ edge }: Facts): Sizes {
  const [from, to] = edge as [Int32Array, Int32Array];
  const vertices = countVertices(from, to);
  const { offsets, words } = rowsOf(from, to, vertices);
  const same = new HandPairs(vertices);
  for (let p = 0; p < vertices; p++) {
    for (let i = offsets[p]!; i < offsets[p + 1]!; i++)
      for (let j = offsets[p]!; j < offsets[p + 1]!; j++)
        if (words[i] !== words[j]) same.add(words[i]!, words[j]!);
  }
  while (same.advance()) {
    for (let i = 0; i < same.currentCount; i++) {
      const a = same.current[i]!;
      for (let p = offsets[a]!; p < offsets[a + 1]!; p++) {
        for (let d = same.oldEnd[a]!; d < same.deltaEnd[a]!; d++) {
          const b = same.values[same.base[a]! + d]!;
          same.addRun(words[p]!, words, offsets[b]!, offsets[b + 1]!);
        }
      }
    }
  }
  return { r: same.total };
}

/** `via` holds all edges along which values go: those assigned, and those found behind pointers. */
export function pointsToByHand({ addressOf, assign, load, store }: Facts): Sizes {
  const [address, assigned, loaded, stored] = [addressOf, assign, load, store] as unknown as [
    Pairs,
    Pairs,
    Pairs,
    Pairs,
  ];
  const vertices = countVertices(...address, ...assigned, ...loaded, ...stored);
  const loads = rowsOf(loaded[1], loaded[0], vertices);
  const stores = rowsOf(stored[0], stored[1], vertices);
  const points = new HandPairs(vertices);
  const via = new HandPairs(vertices);
  for (let i = 0; i < address[0].length; i++) points.add(address[0][i]!, address[1][i]!);
  for (let i = 0; i < assigned[0].length; i++) via.add(assigned[1][i]!, assigned[0][i]!);
  for (;;) {
    const changes = [points.advance(), via.advance()];
    if (!changes.includes(true)) return { r: points.total };
    for (let i = 0; i < via.currentCount; i++) {
      const z = via.current[i]!;
      for (let d = via.oldEnd[z]!; d < via.deltaEnd[z]!; d++)
        addPart(points, via.values[via.base[z]! + d]!, points, z, 0);
    }
    for (let i = 0; i < points.currentCount; i++) {
      const z = points.current[i]!;
      const old = points.oldEnd[z]!;
      for (let d = 0; d < via.oldEnd[z]!; d++)
        addPart(points, via.values[via.base[z]! + d]!, points, z, old);
      addAll(via, points, z, loads);
      for (let k = stores.offsets[z]!; k < stores.offsets[z + 1]!; k++)
        addPart(via, stores.words[k]!, points, z, old);
    }
  }
}

/** Adds to `v` what `key` has in `source` from place `start` on. */
function addPart(into: HandPairs, v: number, source: HandPairs, key: number, start: number): void {
  const base = source.base[key]!;
  into.addRun(v, source.values, base + start, base + source.deltaEnd[key]!);
}

/** Adds to each new value of `z` all of a row. */
function addAll(into: HandPairs, source: HandPairs, z: number, { offsets, words }: Rows): void {
  if (offsets[z] === offsets[z + 1]) return;
  for (let d = source.oldEnd[z]!; d < source.deltaEnd[z]!; d++)
    into.addRun(source.values[source.base[z]! + d]!, words, offsets[z]!, offsets[z + 1]!);
}

/** Keys by value, as far as earlier rounds have found them. */
function fillBackwards(pairs: HandPairs, backwards: HandPairs): void {
  for (let i = 0; i < pairs.currentCount; i++) {
    const x = pairs.current[i]!;
    for (let d = pairs.oldEnd[x]!; d < pairs.deltaEnd[x]!; d++)
      backwards.add(pairs.values[pairs.base[x]! + d]!, x);
  }
}

/** `through` holds `vf(z, x), ma(z, w)` as (x, w). */
export function aliasesByHand({ assign, dereference }: Facts): Sizes {
  const [to, from] = assign as [Int32Array, Int32Array];
  const [pointer, target] = dereference as [Int32Array, Int32Array];
  const vertices = countVertices(to, from, pointer, target);
  const assigns = rowsOf(from, to, vertices);
  const derefs = rowsOf(pointer, target, vertices);
  const pairs = (): HandPairs => new HandPairs(vertices);
  const [flow, memory, value, through, flowBack, throughBack] = [
    pairs(),
    pairs(),
    pairs(),
    pairs(),
    pairs(),
    pairs(),
  ];
  for (let i = 0; i < to.length; i++) {
    flow.add(to[i]!, from[i]!);
    for (const each of [to[i]!, from[i]!]) {
      flow.add(each, each);
      memory.add(each, each);
    }
  }
  for (;;) {
    const changes = [flow, memory, value, through].map((each) => each.advance());
    if (!changes.includes(true)) return { vf: flow.total, ma: memory.total, va: value.total };
    for (let i = 0; i < memory.currentCount; i++) {
      const z = memory.current[i]!;
      for (let k = assigns.offsets[z]!; k < assigns.offsets[z + 1]!; k++)
        addPart(flow, assigns.words[k]!, memory, z, memory.oldEnd[z]!);
      for (let k = 0; k < flow.deltaEnd[z]!; k++)
        addPart(through, flow.values[flow.base[z]! + k]!, memory, z, memory.oldEnd[z]!);
    }
    for (let i = 0; i < flow.currentCount; i++)
      followFlow(flow.current[i]!, { flow, memory, value, through, flowBack, throughBack });
    for (let i = 0; i < through.currentCount; i++) {
      const x = through.current[i]!;
      for (let d = through.oldEnd[x]!; d < through.deltaEnd[x]!; d++)
        addPart(value, x, flow, through.values[through.base[x]! + d]!, 0);
    }
    for (let i = 0; i < value.currentCount; i++) {
      const y = value.current[i]!;
      for (let d = value.oldEnd[y]!; d < value.deltaEnd[y]!; d++) {
        const z = value.values[value.base[y]! + d]!;
        for (let j = derefs.offsets[y]!; j < derefs.offsets[y + 1]!; j++)
          memory.addRun(derefs.words[j]!, derefs.words, derefs.offsets[z]!, derefs.offsets[z + 1]!);
      }
    }
    fillBackwards(flow, flowBack);
    fillBackwards(through, throughBack);
  }
}

type Aliases = Readonly<
  Record<'flow' | 'memory' | 'value' | 'through' | 'flowBack' | 'throughBack', HandPairs>
>;

/** What new pairs (x, _) of the flow give. */
function followFlow(
  x: number,
  { flow, memory, value, through, flowBack, throughBack }: Aliases,
): void {
  const [old, end] = [flow.oldEnd[x]!, flow.deltaEnd[x]!];
  for (let k = old; k < end; k++) {
    const z = flow.values[flow.base[x]! + k]!;
    addPart(flow, x, flow, z, 0);
    addPart(value, z, flow, x, 0);
    const base = memory.base[x]!;
    through.addRun(z, memory.values, base, base + memory.oldEnd[x]!);
  }
  for (let k = 0; k < old; k++) addPart(value, flow.values[flow.base[x]! + k]!, flow, x, old);
  for (let k = 0; k < flowBack.count[x]!; k++)
    addPart(flow, flowBack.values[flowBack.base[x]! + k]!, flow, x, old);
  for (let k = 0; k < throughBack.count[x]!; k++)
    addPart(value, throughBack.values[throughBack.base[x]! + k]!, flow, x, old);
}

/** The least label that reaches each vertex with an edge; how many vertices have one. */
export function labelsByHand({ edge }: Facts): Sizes {
  const [from, to] = edge as [Int32Array, Int32Array];
  const vertices = countVertices(from, to);
  const rows = rowsOf(from, to, vertices);
  const least = new Int32Array(vertices).fill(2 ** 31 - 1);
  const start: number[] = [];
  for (let x = 0; x < vertices; x++) if (rows.offsets[x]! < rows.offsets[x + 1]!) start.push(x);
  for (const x of start) least[x] = x;
  relax(least, start, rows, null);
  return { r: least.reduce((count, label) => count + (label < 2 ** 31 - 1 ? 1 : 0), 0) };
}

/** The length of the shortest path from vertex 0; how many vertices have one. */
export function distancesByHand({ edge }: Facts): Sizes {
  const [from, to, length] = edge as [Int32Array, Int32Array, Int32Array];
  const vertices = countVertices(from, to);
  const least = new Int32Array(vertices).fill(2 ** 31 - 1);
  least[0] = 0;
  relax(least, [0], rowsOf(from, to, vertices), rowsOf(from, length, vertices).words);
  return { r: least.reduce((count, each) => count + (each < 2 ** 31 - 1 ? 1 : 0), 0) };
}

/** Hands the least value on along edges, plus their length if they have one, from vertices that changed. */
function relax(
  least: Int32Array,
  start: readonly number[],
  { offsets, words }: Rows,
  lengths: Int32Array | null,
): void {
  let [current, next] = [new Int32Array(least.length), new Int32Array(least.length)];
  const waits = new Uint8Array(least.length);
  current.set(start);
  for (let [count, added] = [start.length, 0]; count > 0; [count, added] = [added, 0]) {
    for (let i = 0; i < count; i++) waits[current[i]!] = 0;
    for (let i = 0; i < count; i++) {
      const x = current[i]!;
      for (let j = offsets[x]!; j < offsets[x + 1]!; j++) {
        const y = words[j]!;
        const value = least[x]! + (lengths === null ? 0 : lengths[j]!);
        if (value >= least[y]!) continue;
        least[y] = value;
        if (waits[y] === 1) continue;
        waits[y] = 1;
        next[added++] = y;
      }
    }
    [current, next] = [next, current];
  }
}
