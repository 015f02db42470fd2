/**
 * `npm run bench [-- NAME..] [--json]`: how far generated code is from a kernel written by hand for
 * the same data, interleaved in one run, medians of five. Facts are in memory; encoding, indexes and
 * the warm-up of the JIT are part of what is timed. Ratios count; seconds are this machine's.
 * Cardinalities are checked.
 */
import { Table } from '../../src/base/table.js';
import type { Row } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../src/compiler/node-program.js';
import { chain, grid, randomGraph, randomLinks, randomRoads, type Edges } from './graphs.js';
import { closureByHand, sameGenerationByHand } from './kernels.js';
import { leastCostsByHand, leastLabelsByHand } from './lattice-kernels.js';

interface Workload {
  readonly name: string;
  readonly declarations: string;
  readonly rules: string;
  /** What `edge` holds. */
  readonly rows: readonly Row[] | Table;
  readonly byHand: () => number;
  readonly tuples: number;
}
interface Figures {
  readonly name: string;
  readonly tuples: number;
  readonly trellisMs: number;
  readonly handWrittenMs: number;
  readonly ratio: number;
}

const rounds = 5;
/** `shown` is observed instead of `r`, so that showing tuples is not what is timed. */
const shown = 'static nothing(x: int); view shown(x: int); shown(x) :- nothing(x);';
const declarations = `static edge(x: int, y: int); scratch r(x: int, y: int); ${shown}`;
const closure = 'r(x, y) :- edge(x, y); r(x, z) :- r(x, y), edge(y, z);';
const sameGeneration =
  'r(x, y) :- edge(p, x), edge(p, y), x != y; r(x, y) :- edge(a, x), r(a, b), edge(b, y);';

const tc = (name: string, edges: Edges, tuples: number): Workload => ({
  name,
  declarations,
  rules: closure,
  rows: edges,
  byHand: () => closureByHand(edges),
  tuples,
});

const generations = randomGraph(500, 0.01, 11);
const links = randomLinks(200_000, 300_000, 51);
const roads = randomRoads(100_000, 500_000, 61);
const tableOf = (columns: readonly Int32Array[]): Table =>
  new Table(columns[0]!.length, columns, []);

const workloads: readonly Workload[] = [
  tc('tc_chain', chain(2000), 2_001_000),
  tc('tc_grid50', grid(51), 1_755_675),
  tc('tc_g1k', randomGraph(1000, 0.01, 1), 1_000_000),
  {
    name: 'sg_g500',
    declarations,
    rules: sameGeneration,
    rows: generations,
    byHand: () => sameGenerationByHand(generations),
    tuples: 243_049,
  },
  {
    name: 'cc',
    declarations: `static edge(x: int, y: int); scratch r(x: int => label: lmin<int>); ${shown}`,
    rules: 'r(x, x) :- edge(x, _); r(y, l) :- r(x, l), edge(x, y);',
    rows: tableOf(links),
    byHand: () => leastLabelsByHand(links),
    tuples: 190_009,
  },
  {
    name: 'sssp',
    declarations: `static edge(x: int, y: int, w: int); scratch r(x: int => cost: lmin<int>); ${shown}`,
    rules: 'r(0, 0); r(y, c + w) :- r(x, c), edge(x, y, w);',
    rows: tableOf(roads),
    byHand: () => leastCostsByHand(roads),
    tuples: 99_316,
  },
];

/** Time that generated code takes, and how many tuples it derives. */
function runTrellis({ declarations: declared, rules, rows }: Workload): {
  ms: number;
  tuples: number;
} {
  const source = { path: 'bench.bloom', text: `${declared} ${rules}` };
  const { compiled } = compileSource(source, defaultCompileOptions);
  if (compiled === null) throw new Error('the program compiles');
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 100_000_000 }, { kind: 'engine' });
  const start = performance.now();
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: [{ relation: 'edge', rows }] });
  evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot: { first: true } });
  const ms = performance.now() - start;
  return { ms, tuples: evaluator.query('r').length };
}

function runByHand({ byHand }: Workload): { ms: number; tuples: number } {
  const start = performance.now();
  const tuples = byHand();
  return { ms: performance.now() - start, tuples };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function measure(workload: Workload): Figures {
  const { name, tuples } = workload;
  const trellis: number[] = [];
  const byHand: number[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const [run, times] of [
      [runTrellis, trellis],
      [runByHand, byHand],
    ] as const) {
      const result = run(workload);
      if (result.tuples !== tuples)
        throw new Error(`${name}: ${run.name} finds ${result.tuples} tuples, not ${tuples}`);
      times.push(result.ms);
    }
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
