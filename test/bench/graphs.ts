/** Inputs of benchmarks, the same in every run: columns of ints, one array a column. */

export type Columns = readonly Int32Array[];

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

function columnsOf(rows: readonly (readonly number[])[], width: number): Columns {
  return Array.from({ length: width }, (_, i) => Int32Array.from(rows, (row) => row[i]!));
}

export function chain(length: number): Columns {
  return columnsOf(
    Array.from({ length }, (_, i) => [i, i + 1]),
    2,
  );
}

/** Right and down through a square. */
export function grid(side: number): Columns {
  const edges: number[][] = [];
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      const at = row * side + column;
      if (column + 1 < side) edges.push([at, at + 1]);
      if (row + 1 < side) edges.push([at, at + side]);
    }
  }
  return columnsOf(edges, 2);
}

/** Every pair of different vertices with the given probability, by geometric skipping. */
export function randomGraph(vertices: number, probability: number, seed: number): Columns {
  const next = numbers(seed);
  const edges: number[][] = [];
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
  return columnsOf(edges, 2);
}

/** Many small graphs without cycles, 24 vertices each, whose vertices are random 31-bit ints. */
export function sparseGraph(vertices: number, seed: number): Columns {
  const next = numbers(seed);
  const distinct = new Set<number>();
  while (distinct.size < vertices) distinct.add(Math.floor(next() * 2147483647));
  const id = [...distinct];
  const edges: number[][] = [];
  for (let i = 1; i < vertices; i++) {
    const degree = next() < 0.8 ? 2 : 1;
    const span = i % 24;
    for (let j = 0; j < degree; j++)
      if (span > 0) edges.push([id[i - 1 - Math.floor(next() * span)]!, id[i]!]);
  }
  return columnsOf(edges, 2);
}

/** A vertex of the same block of `size` as `v`. */
function near(v: number, size: number, vertices: number, next: () => number): number {
  const block = Math.floor(v / size) * size;
  return Math.min(vertices - 1, block + Math.floor(next() * size));
}

/** A program for a points-to analysis (Andersen): modules of 60 variables, a few edges between them. */
export function pointsTo(
  variables: number,
  counts: readonly [addresses: number, assigns: number, each: number],
  seed: number,
): Readonly<Record<string, Columns>> {
  const next = numbers(seed);
  const size = 60;
  const any = (): number => Math.floor(next() * variables);
  const nearby = (v: number): number => near(v, size, variables, next);
  const pairs = (count: number, other: (v: number) => number): number[][] =>
    Array.from({ length: count }, () => {
      const v = any();
      return [v, other(v)];
    });
  const [addresses, assigns, each] = counts;
  const addressOf = pairs(addresses, nearby);
  const assign = pairs(assigns, (v) =>
    next() >= 0.005 ? nearby(v) : Math.max(0, v - size - Math.floor(next() * size * 3)),
  ).filter(([y, z]) => y !== z);
  return {
    addressOf: columnsOf(addressOf, 2),
    assign: columnsOf(assign, 2),
    load: columnsOf(pairs(each, nearby), 2),
    store: columnsOf(pairs(each, nearby), 2),
  };
}

/** A program for a context-sensitive points-to analysis. */
export function pointerProgram(
  variables: number,
  count: number,
  seed: number,
): Readonly<Record<string, Columns>> {
  const next = numbers(seed);
  const nearby = (v: number): number => near(v, 40, variables, next);
  const any = (): number => Math.floor(next() * variables);
  const assign: number[][] = [];
  const dereference: number[][] = [];
  for (let i = 0; i < count; i++) {
    const x = any();
    const y = next() < 0.93 ? nearby(x) : any();
    if (x !== y) assign.push([x, y]);
  }
  for (let i = 0; i < count; i++) {
    const x = any();
    dereference.push([x, nearby(x)]);
  }
  return { assign: columnsOf(assign, 2), dereference: columnsOf(dereference, 2) };
}

/** Edges in both directions between random vertices. */
export function bothWays(vertices: number, count: number, seed: number): Columns {
  const next = numbers(seed);
  const edges: number[][] = [];
  for (let i = 0; i < count; i++) {
    const [a, b] = [Math.floor(next() * vertices), Math.floor(next() * vertices)];
    edges.push([a, b], [b, a]);
  }
  return columnsOf(edges, 2);
}

/** Random edges of lengths 1 to 100. */
export function weighted(vertices: number, count: number, seed: number): Columns {
  const next = numbers(seed);
  const edge = (): number[] => [
    Math.floor(next() * vertices),
    Math.floor(next() * vertices),
    1 + Math.floor(next() * 100),
  ];
  return columnsOf(Array.from({ length: count }, edge), 3);
}
