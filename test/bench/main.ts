/**
 * `npm run bench [-- NAME..] [--json | --markdown] [--rounds N] [--thread] [--kernels DIR] [--data DIR]
 * [--from FILE]`:
 * how far generated code is from a program written by hand for the same data, from other people's
 * kernels in a folder, and from peers. Contenders take turns, each time in a fresh process; medians.
 * Facts are in memory and programs are loaded; encoding, indexes and the warm-up of the JIT are part of
 * what is timed.
 * Ratios count; milliseconds are this machine's, and no table of `--markdown` has them. Cardinalities
 * are checked. `--from` shows what an earlier run has printed with `--json`.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { openBench, type Bench, type Contender, type Measurement } from './contenders.js';
import { workloads, type Workload } from './workloads.js';

interface Figures {
  readonly name: string;
  readonly tuples: number;
  readonly trellisMs: number;
  readonly byHandMs: number;
  /** Of Trellis to what is written by hand. */
  readonly ratio: number;
  /** The better of the given kernels, and the ratio to it. */
  readonly givenMs: number | null;
  readonly givenRatio: number | null;
  readonly bytesPerTuple: number | null;
  readonly rssMb: number;
  readonly peers: Readonly<Record<string, number>>;
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    json: { type: 'boolean', default: false },
    markdown: { type: 'boolean', default: false },
    thread: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    kernels: { type: 'string' },
    data: { type: 'string' },
    from: { type: 'string' },
  },
});
const rounds = Number(values.rounds);

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** What each contender has measured, by turns. */
function takeTurns(
  contenders: ReadonlyMap<string, Contender>,
  isPeer: (name: string) => boolean,
): Map<string, Measurement[]> {
  const found = new Map([...contenders.keys()].map((name) => [name, [] as Measurement[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of contenders) {
      // Peers are so much slower that one look is enough.
      if (round > 0 && isPeer(name)) continue;
      const measured = run();
      if (measured !== null) found.get(name)!.push(measured);
    }
  }
  return found;
}

function measure(workload: Workload, bench: Bench): Figures {
  const { peers } = workload;
  const given = values.kernels === undefined ? [] : bench.given(workload, values.kernels);
  const contenders = new Map<string, Contender>([
    ...['trellis', 'by hand', ...peers].map(
      (name) => [name, bench.contender(workload, name)] as const,
    ),
    ...given.map((run, i) => [`given ${i}`, run] as const),
  ]);
  const found = takeTurns(contenders, (name) => peers.includes(name));
  const msOf = (name: string): number => median(found.get(name)!.map(({ ms }) => ms));
  const [trellisMs, byHandMs] = [msOf('trellis'), msOf('by hand')];
  const givenMs = given.length === 0 ? null : Math.min(...given.map((_, i) => msOf(`given ${i}`)));
  const tuples = Object.values(workload.sizes).reduce((sum, n) => sum + n, 0);
  const bytes = found.get('trellis')![0]?.bytes ?? null;
  return {
    name: workload.name,
    tuples,
    trellisMs,
    byHandMs,
    ratio: trellisMs / byHandMs,
    givenMs,
    givenRatio: givenMs === null ? null : trellisMs / givenMs,
    bytesPerTuple: bytes === null ? null : bytes / tuples,
    rssMb: Math.max(...found.get('trellis')!.map(({ rssMb }) => rssMb)),
    peers: Object.fromEntries(peers.map((name) => [name, msOf(name) / trellisMs])),
  };
}

const cell = (n: number | null, digits = 0): string => (n === null ? '' : n.toFixed(digits));

function rowOf(figures: Figures): string[] {
  const { name, tuples, trellisMs, byHandMs, ratio, givenMs, givenRatio, bytesPerTuple } = figures;
  const peers = Object.entries(figures.peers).map(
    ([peer, times]) => `${peer} ${times.toFixed(0)}x`,
  );
  const given = hasGiven ? [cell(givenMs), cell(givenRatio, 2)] : [];
  const cells = [
    name,
    tuples.toLocaleString('en'),
    cell(trellisMs),
    cell(byHandMs),
    cell(ratio, 2),
    ...given,
    cell(bytesPerTuple),
    ...(hasPeers ? [peers.join(', ')] : []),
  ];
  return values.markdown ? cells.filter((_, i) => !isTime(heads[i]!)) : cells;
}

function isTime(head: string): boolean {
  return head === 'ms' || head === 'by hand' || head === 'given';
}

function printRow(row: readonly string[]): void {
  if (values.markdown) console.log(`| ${row.join(' | ')} |`);
  else console.log(row.map((text, i) => (i === 0 ? text.padEnd(12) : text.padStart(17))).join(''));
}

function geometricMean(numbers: readonly number[]): number {
  return Math.exp(numbers.reduce((sum, n) => sum + Math.log(n), 0) / numbers.length);
}

/** The names that no workload has. */
const unknown = positionals.filter((name) => !workloads.some((each) => each.name === name));
if (unknown.length > 0 || !(rounds >= 1)) {
  const names = workloads.map(({ name }) => name).join(', ');
  console.error(
    unknown.length > 0
      ? `no workload ${unknown.join(', ')}; there are ${names}`
      : 'rounds: 1 or more',
  );
  process.exit(2);
}
const chosen = workloads.filter(({ name, isHuge }) =>
  positionals.length === 0 ? !isHuge : positionals.includes(name),
);

/** What an earlier run has found. */
function readEarlier(file: string): readonly Figures[] {
  const text = readFileSync(file, 'utf8');
  return (JSON.parse(text.slice(text.indexOf('{'))) as { readonly figures: Figures[] }).figures;
}

const earlier = values.from === undefined ? null : readEarlier(values.from);
/** Who is measured beside Trellis and what is written by hand: without anybody there is no column. */
const hasPeers =
  earlier === null
    ? chosen.some(({ peers }) => peers.length > 0)
    : earlier.some(({ peers }) => Object.keys(peers).length > 0);
const hasGiven =
  earlier === null
    ? values.kernels !== undefined
    : earlier.some(({ givenRatio }) => givenRatio !== null);
const heads = [
  'workload',
  'tuples',
  'ms',
  'by hand',
  'ratio to by hand',
  ...(hasGiven ? ['given', 'ratio to given'] : []),
  'bytes a tuple',
  ...(hasPeers ? ['slower than Trellis'] : []),
];

/** Shows each workload's figures as soon as they are there. */
async function measureAll(): Promise<readonly string[]> {
  const bench = await openBench({ thread: values.thread, data: values.data ?? null });
  for (const workload of chosen) add(measure(workload, bench));
  bench.close();
  return bench.problems;
}

function add(figure: Figures): void {
  figures.push(figure);
  if (values.json) console.error(rowOf(figure).join('  '));
  else printRow(rowOf(figure));
}

const figures: Figures[] = [];
if (!values.json) {
  const shown = values.markdown ? heads.filter((head) => !isTime(head)) : heads;
  printRow(shown);
  if (values.markdown) printRow(shown.map((_, i) => (i === 0 ? '---' : '---:')));
}
let problems: readonly string[] = [];
if (earlier === null) problems = await measureAll();
else for (const figure of earlier) add(figure);
const means = {
  byHand: geometricMean(figures.map(({ ratio }) => ratio)),
  given: geometricMean(figures.flatMap(({ givenRatio }) => givenRatio ?? [])),
};
if (values.json) {
  const clock = values.thread ? 'main thread' : 'wall';
  console.log(
    JSON.stringify({ schema: 'trellis/bench/2', rounds, clock, figures, means }, null, 2),
  );
} else {
  const given = hasGiven ? `, to the given kernels ${means.given.toFixed(2)}` : '';
  console.log(`\ngeometric mean of the ratios: ${means.byHand.toFixed(2)}${given}`);
}
for (const problem of new Set(problems)) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
