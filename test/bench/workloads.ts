/** The workloads: what goes in, the program, how many tuples come out, who else can do it. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import {
  bothWays,
  chain,
  grid,
  pointerProgram,
  pointsTo,
  randomGraph,
  sparseGraph,
  weighted,
  type Columns,
} from './graphs.js';
import {
  aliasesByHand,
  closureByHand,
  distancesByHand,
  labelsByHand,
  pointsToByHand,
  sameGenerationByHand,
  type Facts,
  type Sizes,
} from './kernels.js';

export interface Workload {
  readonly name: string;
  readonly rules: string;
  readonly facts: () => Facts;
  /** What the ints of the facts stand for, if that is strings. */
  readonly names: (() => readonly string[]) | null;
  readonly byHand: (facts: Facts) => Sizes;
  readonly sizes: Sizes;
  /** Files and arguments for kernels of a folder given with `--kernels`, one a way to run it. */
  readonly given: readonly (readonly string[])[];
  /** Who of npm can do it in reasonable time. */
  readonly peers: readonly string[];
  /** Left out unless it is named. */
  readonly isHuge: boolean;
}

const usual = { names: null, peers: [], isHuge: false } as const;

const statics = (names: readonly string[], type = 'int'): string =>
  names.map((name) => `static ${name}(x: ${type}, y: ${type});`).join(' ');

const closure = 'r(x, y) :- edge(x, y); r(x, z) :- r(x, y), edge(y, z);';

function tc(name: string, edge: () => Columns, r: number): Workload {
  return {
    ...usual,
    name,
    rules: `${statics(['edge'])} scratch r(x: int, y: int); ${closure}`,
    facts: () => ({ edge: edge() }),
    byHand: closureByHand,
    sizes: { r },
    given: ['0', '1'].map((bits) => ['grp.mjs', 'tci', bits]),
  };
}

function sg(name: string, edge: () => Columns, r: number): Workload {
  return {
    ...usual,
    name,
    rules: `${statics(['edge'])} scratch r(x: int, y: int);
      r(x, y) :- edge(p, x), edge(p, y), x != y; r(x, y) :- edge(a, x), r(a, b), edge(b, y);`,
    facts: () => ({ edge: edge() }),
    byHand: sameGenerationByHand,
    sizes: { r },
    given: ['0', '1'].map((bits) => ['grp.mjs', 'sg', bits]),
  };
}

function pt(name: string, facts: () => Facts, r: number): Workload {
  return {
    ...usual,
    name,
    rules: `${statics(['addressOf', 'assign', 'load', 'store'])} scratch r(x: int, y: int);
      r(y, x) :- addressOf(y, x); r(y, x) :- assign(y, z), r(z, x);
      r(y, w) :- load(y, x), r(x, z), r(z, w); r(z, w) :- store(y, x), r(y, z), r(x, w);`,
    facts,
    byHand: pointsToByHand,
    sizes: { r },
    given: ['0', '1'].map((bits) => ['grp.mjs', 'pt', bits]),
  };
}

function cspa(name: string, facts: () => Facts, sizes: Sizes): Workload {
  return {
    ...usual,
    name,
    rules: `${statics(['assign', 'dereference'])}
      scratch vf(x: int, y: int); scratch ma(x: int, y: int); scratch va(x: int, y: int);
      vf(y, x) :- assign(y, x); vf(x, x), ma(x, x) :- assign(x, _) | assign(_, x);
      vf(x, y) :- assign(x, z), ma(z, y); vf(x, y) :- vf(x, z), vf(z, y);
      ma(x, w) :- dereference(y, x), va(y, z), dereference(z, w);
      va(x, y) :- vf(z, x), vf(z, y); va(x, y) :- vf(z, x), ma(z, w), vf(w, y);`,
    facts,
    byHand: aliasesByHand,
    sizes,
    given: ['0', '1'].map((bits) => ['cspa.mjs', bits]),
  };
}

/** What the packages of a Debian release depend on; see data/README.md. */
function readDebian(): { readonly names: readonly string[]; readonly edge: Columns } {
  const ids = new Map<string, number>();
  const idOf = (name: string): number => {
    let id = ids.get(name);
    if (id === undefined) ids.set(name, (id = ids.size));
    return id;
  };
  const text = gunzipSync(readFileSync('test/bench/data/debian-12-depends.tsv.gz')).toString();
  const rows = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t').map(idOf));
  const edge = [0, 1].map((column) => Int32Array.from(rows, (row) => row[column]!));
  return { names: [...ids.keys()], edge };
}

const debian: Workload = {
  ...tc('tc_debian', () => readDebian().edge, 3_412_257),
  rules: `${statics(['edge'], 'string')} scratch r(x: string, y: string); ${closure}`,
  names: () => readDebian().names,
  given: [],
};

export const workloads: readonly Workload[] = [
  { ...tc('tc_chain300', () => chain(300), 45_150), peers: ['d2ts', 'datascript'] },
  { ...tc('tc_g300', () => randomGraph(300, 0.01, 7), 79_806), peers: ['d2ts'] },
  tc('tc_chain', () => chain(2000), 2_001_000),
  tc('tc_grid50', () => grid(51), 1_755_675),
  tc('tc_sparse', () => sparseGraph(300_000, 21), 1_431_030),
  tc('tc_g1k', () => randomGraph(1000, 0.01, 1), 1_000_000),
  tc('tc_g2k', () => randomGraph(2000, 0.005, 2), 4_000_000),
  tc('tc_g5k', () => randomGraph(5000, 0.001, 3), 24_666_082),
  { ...tc('tc_grid150', () => grid(151), 131_675_775), isHuge: true },
  debian,
  sg('sg_g500', () => randomGraph(500, 0.01, 11), 243_049),
  sg('sg_grid150', () => grid(151), 2_295_050),
  pt('pt_small', () => pointsTo(12_000, [9_000, 20_000, 1_000], 31), 830_433),
  pt('pt_100k', () => pointsTo(60_000, [50_000, 100_000, 5_000], 32), 4_990_764),
  cspa('cspa', () => pointerProgram(40_000, 17_000, 41), {
    vf: 157_989,
    ma: 120_744,
    va: 537_980,
  }),
  cspa('cspa_big', () => pointerProgram(40_000, 18_000, 41), {
    vf: 316_121,
    ma: 245_010,
    va: 1_159_913,
  }),
  {
    ...usual,
    name: 'cc',
    rules: `${statics(['edge'])} scratch r(x: int => l: lmin<int>);
      r(x, x) :- edge(x, _); r(y, l) :- r(x, l), edge(x, y);`,
    facts: () => ({ edge: bothWays(200_000, 300_000, 51) }),
    byHand: labelsByHand,
    sizes: { r: 190_009 },
    given: [['lat.mjs', 'cc']],
  },
  {
    ...usual,
    name: 'sssp',
    rules: `static edge(x: int, y: int, w: int); static start(x: int); start(0);
      scratch r(x: int => d: lmin<int>); r(x, 0) :- start(x); r(y, d + w) :- r(x, d), edge(x, y, w);`,
    facts: () => ({ edge: weighted(100_000, 500_000, 61) }),
    byHand: distancesByHand,
    sizes: { r: 99_316 },
    given: [['lat.mjs', 'sssp']],
  },
];
