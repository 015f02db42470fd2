/**
 * Least labels and least costs as a patient programmer would write them by hand: a dense array of
 * values, and rounds over the vertices whose value has fallen. The limit that recursion through
 * `lmin` columns is measured against.
 */

/** Edges column by column: from, to, and for costs a weight. */
export type EdgeColumns = readonly Int32Array[];

const UNREACHED = 0x7fffffff;

/** How many vertices get the least vertex that leads to them as their label. */
export function leastLabelsByHand(columns: EdgeColumns): number {
  const rounds = new Rounds(columns);
  for (let vertex = 0; vertex < rounds.vertices; vertex++)
    if (rounds.hasEdges(vertex)) rounds.offer(vertex, vertex);
  return rounds.run(() => 0);
}

/** How many vertices are reached from vertex 0, each at its least cost. */
export function leastCostsByHand(columns: EdgeColumns): number {
  const rounds = new Rounds(columns);
  rounds.offer(0, 0);
  const weights = rounds.grouped(columns[2]!);
  return rounds.run((edge) => weights[edge]!);
}

class Rounds {
  readonly vertices: number;
  readonly #from: Int32Array;
  readonly #offsets: Int32Array;
  readonly #targets: Int32Array;
  readonly #values: Int32Array;
  readonly #isNext: Uint8Array;
  #next: Int32Array;
  #nextCount = 0;

  constructor([from, to]: EdgeColumns) {
    this.#from = from!;
    let vertices = 0;
    for (const column of [from!, to!])
      for (const vertex of column) vertices = Math.max(vertices, vertex + 1);
    this.vertices = vertices;
    this.#offsets = new Int32Array(vertices + 1);
    for (const vertex of from!) this.#offsets[vertex + 1]!++;
    for (let i = 0; i < vertices; i++) this.#offsets[i + 1]! += this.#offsets[i]!;
    this.#targets = this.grouped(to!);
    this.#values = new Int32Array(vertices).fill(UNREACHED);
    this.#isNext = new Uint8Array(vertices);
    this.#next = new Int32Array(vertices);
  }

  hasEdges(vertex: number): boolean {
    return this.#offsets[vertex + 1]! > this.#offsets[vertex]!;
  }

  /** A column in the order of the edges by their start. */
  grouped(column: Int32Array): Int32Array {
    const next = this.#offsets.slice();
    const result = new Int32Array(column.length);
    for (let i = 0; i < column.length; i++) result[next[this.#from[i]!]!++] = column[i]!;
    return result;
  }

  offer(vertex: number, value: number): void {
    if (value >= this.#values[vertex]!) return;
    this.#values[vertex] = value;
    if (this.#isNext[vertex] === 1) return;
    this.#isNext[vertex] = 1;
    this.#next[this.#nextCount++] = vertex;
  }

  /** Goes on until no value falls; how many vertices have one. */
  run(weightOf: (edge: number) => number): number {
    let current: Int32Array = new Int32Array(this.vertices);
    while (this.#nextCount > 0) {
      [current, this.#next] = [this.#next, current];
      const count = this.#nextCount;
      this.#nextCount = 0;
      for (let i = 0; i < count; i++) this.#isNext[current[i]!] = 0;
      for (let i = 0; i < count; i++) {
        const vertex = current[i]!;
        const value = this.#values[vertex]!;
        for (let edge = this.#offsets[vertex]!; edge < this.#offsets[vertex + 1]!; edge++)
          this.offer(this.#targets[edge]!, value + weightOf(edge));
      }
    }
    return this.#values.reduce((count, value) => count + (value === UNREACHED ? 0 : 1), 0);
  }
}
