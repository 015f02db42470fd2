/**
 * `npm run bench [-- NAME] [--json]`: how far the evaluator that nodes run is from a hand-written
 * JavaScript closure on the same data, interleaved in one run, medians of five. Ratios count;
 * seconds are this machine's. Cardinalities are checked.
 */
import { Prng } from '../../src/base/prng.js';
import type { Row } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../src/compiler/node-program.js';

interface Workload {
  readonly name: string;
  readonly edges: readonly (readonly [number, number])[];
}
interface Figures {
  readonly name: string;
  readonly tuples: number;
  readonly trellisMs: number;
  readonly handWrittenMs: number;
  readonly ratio: number;
}

const rounds = 5;
const source = {
  path: 'closure.bloom',
  text: 'static edge(x: int, y: int); view path(x: int, y: int); path(x, y) :- edge(x, y); path(x, z) :- path(x, y), edge(y, z);',
};

function chain(length: number): Workload {
  return {
    name: `tc_chain${length}`,
    edges: Array.from({ length }, (_, i) => [i, i + 1] as const),
  };
}

function randomGraph(vertices: number, count: number): Workload {
  const prng = new Prng(7);
  const edges = Array.from(
    { length: count },
    () => [prng.int(0, vertices - 1), prng.int(0, vertices - 1)] as const,
  );
  return { name: `tc_random${vertices}x${count}`, edges };
}

function grid(side: number): Workload {
  const at = (x: number, y: number): number => y * side + x;
  const cells = Array.from(
    { length: side * side },
    (_, i) => [i % side, Math.floor(i / side)] as const,
  );
  const edges = cells.flatMap(([x, y]) => [
    ...(x + 1 < side ? [[at(x, y), at(x + 1, y)] as const] : []),
    ...(y + 1 < side ? [[at(x, y), at(x, y + 1)] as const] : []),
  ]);
  return { name: `tc_grid${side}`, edges };
}

const workloads = [chain(500), grid(20), randomGraph(300, 900)];

/** Time and size of one closure by the evaluator that nodes run. */
function runTrellis(edges: Workload['edges']): { ms: number; tuples: number } {
  const { compiled } = compileSource(source, defaultCompileOptions);
  if (compiled === null) throw new Error('the program compiles');
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 10_000_000 });
  const rows: readonly Row[] = edges;
  const start = performance.now();
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [{ relation: 'edge', rows }] });
  evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot: { first: true } });
  return { ms: performance.now() - start, tuples: evaluator.query('path').length };
}

/** The same by hand: semi-naive over maps of sets. */
function runByHand(edges: Workload['edges']): { ms: number; tuples: number } {
  const start = performance.now();
  const successors = new Map<number, number[]>();
  for (const [x, y] of edges) successors.set(x, [...(successors.get(x) ?? []), y]);
  const reached = new Map<number, Set<number>>();
  let recent: [number, number][] = [];
  let tuples = 0;
  const add = (x: number, y: number, into: [number, number][]): void => {
    const known = reached.get(x) ?? new Set<number>();
    reached.set(x, known);
    if (known.has(y)) return;
    known.add(y);
    tuples += 1;
    into.push([x, y]);
  };
  for (const [x, y] of edges) add(x, y, recent);
  while (recent.length > 0) {
    const next: [number, number][] = [];
    for (const [x, y] of recent) for (const z of successors.get(y) ?? []) add(x, z, next);
    recent = next;
  }
  return { ms: performance.now() - start, tuples };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function measure({ name, edges }: Workload): Figures {
  const trellis: number[] = [];
  const byHand: number[] = [];
  let tuples = 0;
  for (let round = 0; round < rounds; round++) {
    const ours = runTrellis(edges);
    const theirs = runByHand(edges);
    if (ours.tuples !== theirs.tuples)
      throw new Error(`${name}: ${ours.tuples} tuples, not ${theirs.tuples}`);
    tuples = ours.tuples;
    trellis.push(ours.ms);
    byHand.push(theirs.ms);
  }
  const trellisMs = median(trellis);
  const handWrittenMs = median(byHand);
  return { name, tuples, trellisMs, handWrittenMs, ratio: trellisMs / handWrittenMs };
}

const words = process.argv.slice(2).filter((word) => word !== '--json');
const figures = workloads
  .filter(({ name }) => words.length === 0 || words.includes(name))
  .map(measure);
if (process.argv.includes('--json'))
  console.log(JSON.stringify({ schema: 'trellis/bench/1', rounds, figures }, null, 2));
else {
  for (const { name, tuples, trellisMs, handWrittenMs, ratio } of figures) {
    console.log(
      `${name.padEnd(18)} ${String(tuples).padStart(8)} tuples  ${trellisMs.toFixed(1).padStart(8)} ms  by hand ${handWrittenMs.toFixed(1).padStart(7)} ms  ratio ${ratio.toFixed(1)}`,
    );
  }
}
if (figures.length === 0) {
  console.error(`no such workload; there are ${workloads.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
}
