/**
 * `node --import tsx test/bench/storage.ts [--json]`: what the engine's relations cost by
 * themselves. Transitive closures run over `PairRelation` through its API for generated code, and
 * over bare arrays laid out by hand for dense vertices (one open-addressing set and one vector a
 * vertex), interleaved in one run, medians of five; then single operations in nanoseconds. Ratios
 * count; seconds are this machine's. Cardinalities are checked.
 */
import { Prng } from '../../src/base/prng.js';
import { createRelation } from '../../src/engine/create-relation.js';
import { PairRelation } from '../../src/engine/pair-relation.js';
import { DELTA_END, OLD_END, SLOT_SHIFT, VECTOR_BASE } from '../../src/engine/pair-slots.js';
import { closeByHand } from './closure-by-hand.js';

interface Workload {
  readonly name: string;
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** Vertices are 0 .. vertices-1. */
  readonly vertices: number;
  readonly pairs: number | null;
}
type Figure = Readonly<Record<string, string | number>>;

const rounds = 5;

function chain(length: number): Workload {
  return {
    name: `tc_chain${length}`,
    from: Int32Array.from({ length }, (_, i) => i),
    to: Int32Array.from({ length }, (_, i) => i + 1),
    vertices: length + 1,
    pairs: (length * (length + 1)) / 2,
  };
}

function grid(side: number): Workload {
  const [from, to]: [number[], number[]] = [[], []];
  for (let i = 0; i < side * side; i++) {
    const next: number[] = [];
    if (i % side < side - 1) next.push(i + 1);
    if (i < side * (side - 1)) next.push(i + side);
    for (const each of next) {
      from.push(i);
      to.push(each);
    }
  }
  const vertices = side * side;
  const pairs = ((side * (side + 1)) / 2) ** 2 - vertices;
  return {
    name: `tc_grid${side}`,
    from: Int32Array.from(from),
    to: Int32Array.from(to),
    vertices,
    pairs,
  };
}

function random(vertices: number, edges: number): Workload {
  const prng = new Prng(7);
  const some = () => Int32Array.from({ length: edges }, () => prng.int(0, vertices - 1));
  return { name: `tc_random${vertices}`, from: some(), to: some(), vertices, pairs: null };
}

/** path(x, y) :- edge(x, y); path(x, z) :- path(x, y), edge(y, z). */
function closeInRelations({ from, to }: Workload): PairRelation {
  const edge = new PairRelation();
  for (let i = 0; i < from.length; i++) edge.insertValue(edge.slotFor(from[i]!), to[i]!);
  edge.settle();
  const path = new PairRelation();
  const edges = edge.vectors.words;
  for (let slot = 0; slot < edge.directory.count; slot++) {
    const start = edge.slots[(slot << SLOT_SHIFT) + VECTOR_BASE]!;
    const end = start + edge.slots[(slot << SLOT_SHIFT) + DELTA_END]!;
    path.insertRun(path.slotFor(edge.directory.words[slot]!), edges, start, end);
  }
  while (path.advance()) {
    for (let i = 0; i < path.currentCount; i++) extend(path, path.current[i]!, edge, edges);
  }
  return path;
}

function extend(path: PairRelation, slot: number, edge: PairRelation, edges: Int32Array): void {
  const at = slot << SLOT_SHIFT;
  const end = path.slots[at + DELTA_END]!;
  for (let d = path.slots[at + OLD_END]!; d < end; d++) {
    const y = path.vectors.words[path.slots[at + VECTOR_BASE]! + d]!;
    const found = edge.directory.find(y) << SLOT_SHIFT;
    if (found < 0) continue;
    const start = edge.slots[found + VECTOR_BASE]!;
    path.insertRun(slot, edges, start, start + edge.slots[found + DELTA_END]!);
  }
}

function timed<T>(run: () => T): { readonly ms: number; readonly result: T } {
  const start = performance.now();
  const result = run();
  return { ms: performance.now() - start, result };
}

function median(figures: readonly number[]): number {
  return [...figures].sort((a, b) => a - b)[figures.length >> 1]!;
}

function expectCount(name: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${name}: ${found} tuples instead of ${expected}`);
}

function measureClosure(workload: Workload): Figure {
  const ours: number[] = [];
  const byHand: number[] = [];
  let bytes = 0;
  let pairs = workload.pairs;
  for (let round = 0; round < rounds; round++) {
    const hand = timed(() => closeByHand(workload.from, workload.to, workload.vertices));
    const relations = timed(() => closeInRelations(workload));
    pairs ??= hand.result;
    expectCount(workload.name, hand.result, pairs);
    expectCount(workload.name, relations.result.size, pairs);
    byHand.push(hand.ms);
    ours.push(relations.ms);
    bytes = relations.result.bytes() / pairs;
  }
  return {
    name: workload.name,
    tuples: pairs ?? 0,
    ms: median(ours).toFixed(0),
    'by hand, ms': median(byHand).toFixed(0),
    ratio: (median(ours) / median(byHand)).toFixed(2),
    'bytes a tuple': bytes.toFixed(1),
  };
}

/** Nanoseconds of inserting, looking up and removing scattered tuples one by one. */
function measureOperations(arity: number, keys: number): Figure {
  const prng = new Prng(arity);
  const count = 300_000;
  const rows = Array.from({ length: count }, () =>
    Int32Array.from({ length: arity }, () => prng.int(0, keys - 1)),
  );
  const relation = createRelation(arity, arity === 2 ? { indexes: [[1]] } : {});
  const each = (run: (row: Int32Array) => boolean): string => {
    const { ms } = timed(() => rows.reduce((sum, row) => sum + Number(run(row)), 0));
    return ((ms * 1e6) / count).toFixed(0);
  };
  const insert = each((row) => relation.insert(row));
  relation.settle();
  const bytes = relation.bytes() / relation.size;
  const has = each((row) => relation.has(row));
  const remove = each((row) => relation.remove(row));
  expectCount(`arity ${arity}`, relation.size, 0);
  return {
    arity,
    keys,
    'insert, ns': insert,
    'has, ns': has,
    'remove, ns': remove,
    'bytes a tuple': bytes.toFixed(1),
  };
}

const closures = [chain(2000), grid(50), random(1000, 10_000)].map(measureClosure);
const operations = [1, 2, 3, 5].flatMap((arity) => [
  measureOperations(arity, 2000),
  measureOperations(arity, 2 ** 31),
]);
if (process.argv.includes('--json')) console.log(JSON.stringify({ closures, operations }, null, 2));
else {
  console.table(closures);
  console.table(operations);
}
