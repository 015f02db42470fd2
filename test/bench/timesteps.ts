/**
 * `npm run bench:timesteps [-- NAME.. --keys N --json] [--kernels DIR]`: what one timestep costs when it
 * changes little of what a node holds, for a thousand keys and for a million. `flat` is the ratio of the
 * two, which is to stay below 2; `by hand` is what a patient programmer's store takes for the same puts.
 * Processor time, medians of three.
 *
 * With `--kernels` stores are set beside a folder's `kvs.mjs` (`int` or `str`) with a million keys: by
 * turns, each time in a fresh process, by the wall, the median of what both print, the first round of
 * each process included; as there, what comes in is made as it is taken.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Row, Value } from '../../src/base/value.js';
import { compileSource, defaultCompileOptions } from '../../src/compiler/compile-source.js';
import { makeEvaluatorFactory } from '../../src/compiler/node-program.js';
import type { Evaluator } from '../../src/evaluator/evaluator.js';
import { lset } from '../../src/lattice/lset.js';
import { bundle } from './bundle.js';
import { storeByHand } from './store-by-hand.js';

interface Figures {
  readonly name: string;
  /** Microseconds a timestep with a thousand keys, and with many. */
  readonly fewUs: number;
  readonly manyUs: number;
  readonly flat: number;
  readonly byHandUs: number | null;
}

interface Given {
  /** Its argument. */
  readonly mode: string;
  /** Puts a timestep. */
  readonly each: number;
  readonly asKey: (key: number) => Value;
}

interface Workload {
  readonly name: string;
  readonly text: string;
  /** What the node holds at start, by relation. */
  readonly facts: (keys: number) => Readonly<Record<string, readonly Row[]>>;
  /** What timestep `t` takes. */
  readonly events: (t: number, keys: number) => Readonly<Record<string, readonly Row[]>>;
  readonly timesteps: number;
  readonly byHand: ((keys: number, timesteps: number) => number) | null;
  /** How a given kernel does the same. */
  readonly given: Given | null;
}

const store = `input put(id: int, k: any, v: int); output got(id: int, v: int);
  table kv(k: any => v: int); got(i, v) :- put(i, k, _), kv(k, v); upsert kv(k, v) :- put(_, k, v);`;
/** How often a store and a kernel take turns. */
const TURNS = 7;
/** As many keys as the given kernels have. */
const MANY = 1_000_000;
const keyAt = (t: number, keys: number): number => (Math.imul(t, 1_103_515_245) >>> 4) % keys;
const textKey = (key: number): string => `key:${key}`;

function puts(name: string, asKey: (key: number) => Value, each: number): Workload {
  const mode = typeof asKey(0) === 'string' ? 'str' : 'int';
  return {
    name,
    text: store,
    facts: (keys) => ({ kv: Array.from({ length: keys }, (_, i) => [asKey(i), i]) }),
    events: (t, keys) => ({
      put: Array.from({ length: each }, (_, i) => {
        const put = t * each + i;
        // The keys of one timestep differ.
        return [put, asKey((keyAt(t, keys) + i) % keys), t];
      }),
    }),
    timesteps: Math.ceil(40_000 / each ** 0.7),
    byHand: (keys, timesteps) => storeByHand(keys, timesteps, each, asKey),
    given: { mode, each, asKey },
  };
}

/** A table of `keys` tuples, one of which is overwritten in each timestep, and a view of it. */
function overwritten(name: string, rules: string, valueOf: (i: number) => number): Workload {
  return {
    name,
    text: `input put(k: int, v: int); table kv(k: int => v: int); static label(v: int, s: string);
      upsert kv(k, v) :- put(k, v); ${rules}`,
    facts: (keys) => ({
      kv: Array.from({ length: keys }, (_, i) => [i, valueOf(i)]),
      label: Array.from({ length: 100 }, (_, i) => [i, `label ${i}`]),
    }),
    events: (t, keys) => ({ put: [[keyAt(t, keys), valueOf(t * 31)]] }),
    timesteps: 10_000,
    byHand: null,
    given: null,
  };
}

/** Chains of ten edges; each timestep cuts one in the middle and mends the one before. */
const closure: Workload = {
  name: 'closure',
  text: `input put(x: int, y: int); input cut(x: int, y: int); table edge(x: int, y: int);
    view path(x: int, y: int); edge(x, y)@next :- put(x, y); delete edge(x, y) :- cut(x, y);
    path(x, y) :- edge(x, y); path(x, z) :- path(x, y), edge(y, z);`,
  facts: (keys) => ({
    edge: Array.from({ length: keys }, (_, i) => i)
      .filter((i) => i % 11 < 10)
      .map((i) => [i, i + 1]),
  }),
  events: (t, keys) => {
    const edgeOf = (time: number): Row => {
      const start = keyAt(time, Math.floor(keys / 11)) * 11 + 5;
      return [start, start + 1];
    };
    return t === 0 ? { cut: [edgeOf(0)] } : { put: [edgeOf(t - 1)], cut: [edgeOf(t)] };
  },
  timesteps: 2_000,
  byHand: null,
  given: null,
};

/** Chains of ten edges as in `closure`, and how far each vertex is from the beginning of its own. */
const shortest: Workload = {
  ...closure,
  name: 'shortest',
  text: `input put(x: int, y: int); input cut(x: int, y: int); table edge(x: int, y: int);
    view far(x: int => d: lmin<int>); edge(x, y)@next :- put(x, y); delete edge(x, y) :- cut(x, y);
    far(x, 0) :- edge(x, _), x % 11 == 0; far(y, d + 1) :- far(x, d), edge(x, y);`,
};

/** A set in a lattice column that gets one element more in each timestep, and a test of its size. */
const growing: Workload = {
  name: 'growing set',
  text: `input put(a: string); output big(a: string); table seen(k: int => s: lset<string>);
    seen(0, lset({a})) :- put(a); big(a) :- put(a), seen(0, s), s.size() >= 3;`,
  // One value may be no larger.
  facts: (keys) => {
    const length = Math.min(keys, 500_000);
    return { seen: [[0, lset(Array.from({ length }, (_, i) => textKey(i)))]] };
  },
  events: (t) => ({ put: [[`new:${t}`]] }),
  timesteps: 2_000,
  byHand: null,
  given: null,
};

const workloads: readonly Workload[] = [
  puts('kvs int', (key) => key, 1),
  puts('kvs str', textKey, 1),
  puts('kvs int x100', (key) => key, 100),
  overwritten(
    'join',
    'view shown(k: int, s: string); shown(k, s) :- kv(k, v), label(v, s);',
    (i) => i % 100,
  ),
  overwritten(
    'negation',
    'view low(k: int); scratch high(k: int); high(k) :- kv(k, v), v > 50; low(k) :- kv(k, _), notin high(k);',
    (i) => i % 100,
  ),
  overwritten(
    'count',
    'view n(g: int, n: int); n(k / 10, count<k>) :- kv(k, v), v > 50;',
    (i) => i % 100,
  ),
  overwritten(
    'one group',
    'view all(n: int, s: int, least: int); all(count<k>, sum<v>, min<k>) :- kv(k, v);',
    (i) => i % 100,
  ),
  overwritten(
    'count of a join',
    'view n(g: int, n: int); n((k + v) / 10, count<s>) :- kv(k, v), label(v, s);',
    (i) => i % 100,
  ),
  overwritten(
    'lattice',
    'view most(v: int => k: lmax<int>); most(v, k) :- kv(k, v), v > 98;',
    (i) => i % 100_000,
  ),
  overwritten(
    'lattice tables',
    `table most(v: int => k: lmax<int>); most(v, k) :- kv(k, v), v > 98;
      view least(v: int => k: lmin<int>); least(v, min<k>) :- kv(k, v);
      table last(k: int => v: lmax<int>); upsert last(k, lmax(v)) :- kv(k, v);`,
    (i) => i % 100_000,
  ),
  closure,
  shortest,
  growing,
];

function startNode({ text, facts }: Workload, keys: number): Evaluator {
  const source = { path: 'bench.bloom', text };
  const { compiled } = compileSource(source, defaultCompileOptions);
  if (compiled === null) throw new Error('the program compiles');
  const factory = makeEvaluatorFactory(compiled, { maxTuples: 100_000_000 }, { kind: 'engine' });
  const rows = Object.entries(facts(keys)).map(([relation, each]) => ({ relation, rows: each }));
  const evaluator = factory({ name: 'n1', cluster: ['n1'], facts: rows });
  const first = evaluator.timestep({ events: [], nextTuples: [], nowMs: 0, boot: { first: true } });
  if (first.kind === 'failure') throw new Error(first.diagnostic.message);
  return evaluator;
}

/** Microseconds of processor time that `run` takes. */
function microsecondsOf(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user } = process.cpuUsage(before);
  return user;
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

/** Microseconds a timestep, after a warm-up. */
function measure(workload: Workload, keys: number): number {
  const evaluator = startNode(workload, keys);
  let t = 0;
  const round = (timesteps: number): number => {
    const inputs = Array.from({ length: timesteps }, () => {
      const events = Object.entries(workload.events(t++, keys));
      return events.map(([relation, rows]) => ({ relation, rows }));
    });
    const microseconds = microsecondsOf(() => {
      for (const events of inputs) {
        const result = evaluator.timestep({ events, nextTuples: [], nowMs: t, boot: null });
        if (result.kind === 'failure') throw new Error(result.diagnostic.message);
      }
    });
    return microseconds / timesteps;
  };
  round(workload.timesteps);
  return median([1, 2, 3].map(() => round(workload.timesteps)));
}

function figuresOf(workload: Workload, most: number): Figures {
  const { name, timesteps, byHand } = workload;
  const [fewUs, manyUs] = [measure(workload, 1000), measure(workload, most)];
  const times = byHand === null ? [] : [1, 2, 3].map(() => byHand(most, timesteps) / timesteps);
  const byHandUs = times.length === 0 ? null : median(times);
  return { name, fewUs, manyUs, flat: manyUs / fewUs, byHandUs };
}

function show({ name, fewUs, manyUs, flat, byHandUs }: Figures): void {
  const hand =
    byHandUs === null
      ? ''
      : `  by hand ${byHandUs.toFixed(2)} us  ratio ${(manyUs / byHandUs).toFixed(1)}`;
  console.log(
    `${name.padEnd(13)} few keys ${fewUs.toFixed(2).padStart(8)} us  many ${manyUs.toFixed(2).padStart(8)} us  flat ${flat.toFixed(2)}${hand}`,
  );
}

const microsecondsATick = /puts\/tick=(\d+) .*us\/tick=([\d.]+)/g;

/** What a process that prints as a kernel does says of so many puts a timestep. */
function timesOf(words: readonly string[], each: number): readonly number[] {
  const all = ['--max-old-space-size=8192', ...words];
  const { status, stdout, stderr } = spawnSync(process.execPath, all, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const found = [...stdout.matchAll(microsecondsATick)];
  return found.flatMap(([, number, us]) => (Number(number) === each ? [Number(us)] : []));
}

/** Runs a store as the kernels of a folder run: three times, each line with what it took. */
function runAsKernel(workload: Workload, { each, asKey }: Given): void {
  const evaluator = startNode(workload, MANY);
  const step = (t: number): void => {
    const rows: Row[] = [];
    for (let i = 0; i < each; i++) rows.push([t * each + i, asKey((keyAt(t, MANY) + i) % MANY), t]);
    const events = [{ relation: 'put', rows }];
    const result = evaluator.timestep({ events, nextTuples: [], nowMs: t, boot: null });
    if (result.kind === 'failure') throw new Error(result.diagnostic.message);
  };
  const timesteps = each === 1 ? 1_000_000 : 20_000;
  for (let round = 0; round < 3; round++) {
    const before = performance.now();
    for (let t = round * timesteps; t < (round + 1) * timesteps; t++) step(t);
    const us = ((performance.now() - before) * 1000) / timesteps;
    console.log(`puts/tick=${each} us/tick=${us.toFixed(3)}`);
  }
}

async function compareToKernels(folder: string): Promise<void> {
  const place = mkdtempSync(
    fileURLToPath(new URL('../../node_modules/.timesteps-', import.meta.url)),
  );
  const program = join(place, 'timesteps.mjs');
  await bundle(fileURLToPath(import.meta.url), program);
  for (const workload of chosen) {
    const { name } = workload;
    if (workload.given === null) continue;
    const { mode, each } = workload.given;
    const [own, given]: [number[], number[]] = [[], []];
    for (let turn = 0; turn < TURNS; turn++) {
      own.push(...timesOf([program, name, '--as-kernel'], each));
      given.push(...timesOf([join(folder, 'kvs.mjs'), mode], each));
    }
    const [trellis, kernel] = [median(own), median(given)];
    console.log(
      `${name.padEnd(13)} a million keys ${trellis.toFixed(2).padStart(7)} us  given ${kernel.toFixed(2)} us  ratio ${(trellis / kernel).toFixed(2)}`,
    );
  }
  rmSync(place, { recursive: true, force: true });
}

const { values, positionals } = parseArgs({
  options: {
    json: { type: 'boolean' },
    keys: { type: 'string', default: String(MANY) },
    kernels: { type: 'string' },
    'as-kernel': { type: 'boolean' },
  },
  allowPositionals: true,
});
const chosen = workloads.filter(
  ({ name }) => positionals.length === 0 || positionals.includes(name),
);
const figures: Figures[] = [];
if (values['as-kernel'] === true) {
  for (const workload of chosen) if (workload.given !== null) runAsKernel(workload, workload.given);
} else if (values.kernels !== undefined) await compareToKernels(values.kernels);
else
  for (const workload of chosen) {
    const figure = figuresOf(workload, Number(values.keys));
    figures.push(figure);
    if (values.json !== true) show(figure);
  }
if (values.json === true)
  console.log(JSON.stringify({ schema: 'trellis/bench-timesteps/1', figures }, null, 2));
if (chosen.length === 0) {
  console.error(`no such workload; there are ${workloads.map(({ name }) => name).join(', ')}`);
  process.exitCode = 2;
}
