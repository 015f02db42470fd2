/** Graphs for benchmarks, the same in every run. */

export type Edges = readonly (readonly [number, number])[];

/** A generator of numbers in [0, 1) (Mulberry32). */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function chain(length: number): Edges {
  return Array.from({ length }, (_, i) => [i, i + 1] as const);
}

/** Right and down through a square. */
export function grid(side: number): Edges {
  const edges: (readonly [number, number])[] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      if (column + 1 < side) edges.push([at, at + 1]);
      if (row + 1 < side) edges.push([at, at + side]);
    }
  }
  return edges;
}

/** Every pair of different vertices with the given probability, by geometric skipping. */
export function randomGraph(vertices: number, probability: number, seed: number): Edges {
  const next = numbers(seed);
  const edges: (readonly [number, number])[] = [];
  const scale = Math.log(1 - probability);
  let [v, w] = [0, -1];
  while (v < vertices) {
    w += 1 + Math.floor(Math.log(1 - next()) / scale);
    while (w >= vertices && v < vertices) {
      w -= vertices;
      v++;
    }
    if (v < vertices && v !== w) edges.push([v, w]);
  }
  return edges;
}

/** Edges between random vertices, both ways each, column by column. */
export function randomLinks(vertices: number, links: number, seed: number): Int32Array[] {
  const next = numbers(seed);
  const [from, to] = [new Int32Array(2 * links), new Int32Array(2 * links)];
  for (let i = 0; i < 2 * links; i += 2) {
    from[i] = to[i + 1] = Math.floor(next() * vertices);
    to[i] = from[i + 1] = Math.floor(next() * vertices);
  }
  return [from, to];
}

/** Edges between random vertices with weights from 1 to 100, column by column. */
export function randomRoads(vertices: number, roads: number, seed: number): Int32Array[] {
  const next = numbers(seed);
  const columns = [0, 1, 2].map(() => new Int32Array(roads));
  for (let i = 0; i < roads; i++) {
    columns[0]![i] = Math.floor(next() * vertices);
    columns[1]![i] = Math.floor(next() * vertices);
    columns[2]![i] = 1 + Math.floor(next() * 100);
  }
  return columns;
}
