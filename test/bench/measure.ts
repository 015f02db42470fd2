/**
 * One measurement, in a process of its own: `measure.mjs WORKLOAD CONTENDER` prints a line of JSON.
 * The clock runs from facts in memory to the fixpoint: encoding, indexes and the warm-up of the JIT
 * count. What is there before any fact, a node with its program loaded, is made beforehand, as a
 * kernel's module is loaded beforehand; what has been derived is counted afterwards.
 */
import { Table } from '../../src/base/table.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../src/compiler/node-program.js';
import type { Facts, Sizes } from './kernels.js';
import { closureByD2ts, closureByDatascript } from './peers.js';
import { workloads, type Workload } from './workloads.js';

interface Result {
  readonly sizes: Sizes;
  readonly bytes?: number;
}

/** Does what is timed; what it gives tells the result. */
type Run = () => () => Result;

/** `shown` is observed instead of what is derived, so that showing tuples is not what is timed. */
const observed = ' static nothing(x: int); view shown(x: int); shown(x) :- nothing(x);';

function prepareTrellis({ rules, names, sizes }: Workload, facts: Facts): Run {
  const source = { path: 'bench.bloom', text: rules + observed };
  const { compiled } = compileSource(source, defaultCompileOptions);
  if (compiled === null) throw new Error('the program compiles');
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 1_000_000_000 });
  const called = names?.();
  const given = Object.entries(facts).map(([relation, columns]) => {
    const cells = called === undefined ? columns : columns.map((ids) => ids.map((id) => ~id));
    return { relation, rows: new Table(cells[0]!.length, cells, called ?? []) };
  });
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: given });
  return () => {
    const boot = { first: true };
    const commit = evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot });
    if (commit.kind !== 'commit') throw new Error(commit.diagnostic.message);
    return () => {
      const all = evaluator.statistics?.().relations ?? [];
      const measured = Object.keys(sizes).map((name) =>
        all.find((each) => each.relation === name)!,
      );
      return {
        sizes: Object.fromEntries(measured.map(({ relation, tuples }) => [relation, tuples])),
        bytes: measured.reduce((sum, { bytes }) => sum + bytes, 0),
      };
    };
  };
}

const peers: Readonly<Record<string, (facts: Facts) => Sizes>> = {
  d2ts: closureByD2ts,
  datascript: closureByDatascript,
};

function prepare(workload: Workload, contender: string): Run {
  const facts = workload.facts();
  if (contender === 'trellis') return prepareTrellis(workload, facts);
  const run = contender === 'by hand' ? workload.byHand : peers[contender];
  if (run === undefined) throw new Error(`nobody is called ${contender}`);
  return () => {
    const sizes = run(facts);
    return () => ({ sizes });
  };
}

const [name, contender] = process.argv.slice(2);
const workload = workloads.find((each) => each.name === name);
if (workload === undefined || contender === undefined) throw new Error('WORKLOAD CONTENDER');
const run = prepare(workload, contender);
const start = performance.now();
const tell = run();
const ms = performance.now() - start;
console.log(JSON.stringify({ ms, ...tell(), rssMb: process.resourceUsage().maxRSS / 1024 }));
