/**
 * What a patient programmer would write by hand for one workload: semi-naive evaluation over dense
 * vertices, a bitset and a vector for each of them. Nothing is general about it; it is the limit
 * that generated code is measured against.
 */
import type { Edges } from './graphs.js';

interface Adjacency {
  readonly vertices: number;
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
}

function adjacencyOf(edges: Edges): Adjacency {
  let vertices = 0;
  for (const [x, y] of edges) vertices = Math.max(vertices, x + 1, y + 1);
  const offsets = new Int32Array(vertices + 1);
  for (const [x] of edges) offsets[x + 1]!++;
  for (let x = 0; x < vertices; x++) offsets[x + 1]! += offsets[x]!;
  const next = offsets.slice();
  const targets = new Int32Array(edges.length);
  for (const [x, y] of edges) targets[next[x]!++] = y;
  return { vertices, offsets, targets };
}

/** Pairs under construction, with the ones of the last round apart. */
class Pairs {
  readonly #words: number;
  readonly #bits: Int32Array;
  readonly values: number[][];
  readonly deltaStart: Int32Array;
  readonly deltaEnd: Int32Array;
  total = 0;

  constructor(vertices: number) {
    this.#words = (vertices + 31) >>> 5;
    this.#bits = new Int32Array(this.#words * vertices);
    this.values = Array.from({ length: vertices }, () => []);
    this.deltaStart = new Int32Array(vertices);
    this.deltaEnd = new Int32Array(vertices);
  }

  insert(x: number, targets: Int32Array, from: number, to: number): void {
    const row = x * this.#words;
    const values = this.values[x]!;
    for (let i = from; i < to; i++) {
      const y = targets[i]!;
      const at = row + (y >>> 5);
      const bit = 1 << (y & 31);
      if ((this.#bits[at]! & bit) !== 0) continue;
      this.#bits[at]! |= bit;
      values.push(y);
      this.total++;
    }
  }

  advance(): boolean {
    let any = false;
    for (let x = 0; x < this.values.length; x++) {
      this.deltaStart[x] = this.deltaEnd[x]!;
      this.deltaEnd[x] = this.values[x]!.length;
      any ||= this.deltaStart[x]! < this.deltaEnd[x]!;
    }
    return any;
  }
}

/** How many pairs the transitive closure has. */
export function closureByHand(edges: Edges): number {
  const { vertices, offsets, targets } = adjacencyOf(edges);
  const path = new Pairs(vertices);
  for (let x = 0; x < vertices; x++) path.insert(x, targets, offsets[x]!, offsets[x + 1]!);
  while (path.advance()) {
    for (let x = 0; x < vertices; x++) {
      const values = path.values[x]!;
      for (let d = path.deltaStart[x]!; d < path.deltaEnd[x]!; d++) {
        const y = values[d]!;
        path.insert(x, targets, offsets[y]!, offsets[y + 1]!);
      }
    }
  }
  return path.total;
}

/** How many pairs are of the same generation. */
export function sameGenerationByHand(edges: Edges): number {
  const { vertices, offsets, targets } = adjacencyOf(edges);
  const pairs = new Pairs(vertices);
  for (let p = 0; p < vertices; p++) {
    for (let i = offsets[p]!; i < offsets[p + 1]!; i++) {
      for (let j = offsets[p]!; j < offsets[p + 1]!; j++)
        if (targets[i] !== targets[j]) pairs.insert(targets[i]!, targets, j, j + 1);
    }
  }
  while (pairs.advance()) {
    for (let a = 0; a < vertices; a++) {
      for (let d = pairs.deltaStart[a]!; d < pairs.deltaEnd[a]!; d++) {
        const b = pairs.values[a]![d]!;
        for (let i = offsets[a]!; i < offsets[a + 1]!; i++)
          pairs.insert(targets[i]!, targets, offsets[b]!, offsets[b + 1]!);
      }
    }
  }
  return pairs.total;
}
