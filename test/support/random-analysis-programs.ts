/**
 * Random small distributed programs for holding verdicts against all schedules: one to three nodes,
 * inputs, channels that fan out, located tables, loopbacks, timers, the clock, tables with keys,
 * deletes and upserts, lattices, negation, aggregates, thresholds, modules, functions from
 * TypeScript. Values are small, so that joins meet and races show.
 *
 * A program is a list of clauses over a fixed vocabulary; what a clause mentions is declared. So one
 * shrinks by leaving clauses out.
 */
import { Prng } from '../../src/base/prng.js';
import type { ScriptFunction } from '../../src/compiler/bind-functions.js';
import type { WorkloadInput } from '../../src/node/workload.js';

export interface AnalysisCase {
  readonly nodes: readonly string[];
  readonly clauses: readonly string[];
  readonly inputs: readonly WorkloadInput[];
}

/** What the functions that cases declare do. */
export const caseFunctions: ReadonlyMap<string, ScriptFunction> = new Map<string, ScriptFunction>([
  ['odd', (x) => Number(x) % 2],
  ['code', (x) => Number(x) + 10],
  ['dose', (x) => Math.trunc(Number(x) / 2)],
]);

/** The file that declares them, as far as the compiler reads it. */
export const caseFunctionsText = `export function odd(x: number): number { return x % 2; }
export function code(x: number): number { return x + 10; }
export function dose(x: number): number { return Math.trunc(x / 2); }
`;

const declarations: Readonly<Record<string, string>> = {
  odd: 'extern function odd(x: int): int from "./functions.ts";',
  code: 'extern function code(x: int): int from "./functions.ts" injective;',
  dose: 'extern function dose(x: int): int from "./functions.ts" monotone;',
  i: 'input i(x: int, y: int);',
  j: 'input j(x: int, y: int);',
  e: 'input e(x: int);',
  f: 'scratch f(x: int);',
  s: 'static s(x: int, y: int); s(0, 1); s(1, 1); s(1, 2);',
  peer: 'static peer(n: addr);',
  c: 'channel c(@to: addr, x: int, y: int);',
  d: 'channel d(@to: addr, x: int, y: int);',
  w: 'table w(@at: addr, x: int, y: int);',
  l: 'loopback l(x: int, y: int);',
  tick: 'periodic tick(50ms);',
  t: 'table t(x: int, y: int);',
  u: 'table u(x: int, y: int);',
  k: 'table k(x: int => y: int);',
  q: 'table q(x: int => y: lmax<int>);',
  r: 'table r(x: int => y: lset<int>);',
  low: 'lattice low: lmin<int>;',
  all: 'lattice all: lset<int>;',
  flag: 'lattice flag: lbool;',
  a: 'scratch a(x: int, y: int);',
  b: 'scratch b(x: int, y: int);',
  n: 'scratch n(x: int, y: int);',
  m: 'scratch m(x: int, y: int);',
  h: 'scratch h(x: int => y: int);',
  keep: 'module Keep { input put(x: int, y: int); view has(x: int, y: int); table held(x: int, y: int); held(x, y) :- put(x, y); has(x, y) :- held(x, y); } use Keep as keep;',
  fan: 'module Fan { input put(x: int, y: int); output got(x: int, y: int); channel f(@to: addr, x: int, y: int); f(n, x, y)@async :- put(x, y), cluster(n); got(x, y) :- f(_, x, y); } use Fan as fan;',
  o: 'output o(x: int, y: int);',
  v: 'view v(x: int, y: int);',
};

/** How inputs get into the system. */
const entrances = [
  't(x, y) :- i(x, y);',
  'u(x, y)@next :- j(x, y);',
  'u(x, y) :- j(x, y), s(x, _);',
  'c(to, x, y)@async :- i(x, y), peer(to);',
  'c(to, x, y)@async :- t(x, y), peer(to);',
  'c(to, x, y)@async :- t(x, y), peer(to), tick(_, _);',
  'c(to, x, y)@async :- j(x, y), peer(to), notin self(to);',
  'd(to, x, y)@async :- j(x, y), peer(to);',
  'd("n1", x, y)@async :- i(x, y);',
  'd("n1", x, y)@async :- c(_, x, y);',
  'd(to, y, x)@async :- u(x, y), peer(to);',
  'w(to, x, y)@async :- i(x, y), peer(to);',
  'w(to, x, y)@async :- t(x, y), peer(to);',
  'w("n1", x, y)@async :- j(x, y);',
  'u(x, y) :- w(_, x, y);',
  't(x, y) :- c(_, x, y);',
  't(x, y) :- d(_, x, y);',
  'u(y, x)@next :- c(_, x, y);',
  'u(x, y) :- l(x, y);',
  'l(x, y)@async :- t(x, y);',
  'l(x, y)@async :- j(x, y);',
  'n(x, y)@next :- i(x, y);',
  'm(x, y)@next :- n(x, y);',
  'k(x, x + 1)@next :- i(x, _);',
  'k(x, y) :- d(_, x, y);',
  'upsert k(x, y) :- n(x, y);',
  'k(x, min<y>)@next :- u(x, y), notin k(x, _);',
  'q(x, y) :- i(x, y);',
  'q(x, y) :- c(_, x, y);',
  'q(x, max<y>) :- t(x, y);',
  'q(x, count<y>) :- u(x, y);',
  'r(x, {y}) :- t(x, y);',
  'r(x, {y}) :- d(_, x, y);',
  'low(y) :- j(_, y);',
  'low(v) :- r(_, w), v in w;',
  'all({x}) :- c(_, x, _);',
  'all(w) :- r(_, w);',
  'flag(true) :- all(w), w.size() >= 2;',
  'flag(true) :- n(_, _);',
  'keep.put(x, y) :- i(x, y);',
  'keep.put(x, y) :- c(_, x, y);',
  't(x, y) :- keep.has(x, y);',
  'fan.put(x, y) :- i(x, y);',
  'fan.put(x, y) :- t(x, y);',
  'u(x, y) :- fan.got(x, y);',
  'k(x, y) :- fan.got(x, y);',
  't(x, z) :- i(x, _), now(z);',
  'u(x, y) :- j(x, y), now(z), z >= 1000;',
  't(0, 0) :- tick(w, _), w >= 2;',
  'u(x, y) :- t(x, y), tick(_, _);',
  'n(x, y) :- j(x, y), tick(_, _);',
  'u(x, code(y)) :- i(x, y);',
];

const updates = [
  'delete t(x, _) :- j(x, _);',
  'delete u(x, y) :- n(x, y);',
  'delete t(x, y) :- d(_, x, y);',
  'delete k(x, _) :- c(_, x, _);',
  'delete q(x, _) :- j(x, _);',
  'upsert k(x, y + 1) :- k(x, y), j(x, _);',
  'upsert k(x, y) :- c(_, x, y);',
  'upsert q(x, y) :- j(x, y);',
  't(x, y)@next :- t(x, y), u(x, _);',
  'u(x, y) :- t(x, y), notin c(_, x, _);',
  'u(x, count<y>) :- t(x, y);',
  't(x, y) :- u(x, y), notin k(x, _);',
  'k(x, y)@next :- j(x, y);',
  'k(x, v.size()) :- r(x, v);',
  'n(x, 2 / (y - 1)) :- c(_, x, y);',
  'm(x, 2 / y)@next :- n(x, y);',
];

export interface Style {
  /** Fewer rules. */
  readonly isSmall: boolean;
  /** Fewer of the constructs that cost a verdict: or hardly any program would be confluent. */
  readonly isPlain: boolean;
}

const risky = /^upsert|^k\(|^fan|notin|now\(|odd\(|^[nm]\(.*@next|^u.* n\(/;

/** A case that is a function of the seed; the checker of programs may refuse it. */
export function randomCase(seed: number): AnalysisCase {
  const prng = new Prng(seed);
  const style: Style = { isSmall: prng.chance(0.5), isPlain: prng.chance(0.4) };
  const entries = style.isPlain ? entrances.filter((clause) => !risky.test(clause)) : entrances;
  const below: string[] = [];
  for (let more = style.isSmall ? prng.int(1, 3) : prng.int(2, 6); more > 0; more--)
    addLive(prng, below, entries);
  if (prng.chance(style.isPlain ? 0.1 : 0.5)) addLive(prng, below, updates);
  const counts = new Prng(seed).fork('counts');
  const clauses = withDerived(prng, below, style).map((clause) => withCount(counts, clause));
  const nodes = allNodes.slice(0, pick(prng, [1, 2, 2, 2, 2, 2, 2, 3]));
  return { nodes, clauses, inputs: randomInputs(prng.fork('inputs'), nodes, clauses) };
}

const allNodes: readonly string[] = ['n1', 'n2', 'n3'];

/** Some clauses with a timer ask how often it has fired. */
function withCount(prng: Prng, clause: string): string {
  const tests = ['w >= 2', 'w > x', 'x <= w', 'w < 3', 'w >= y'];
  const isNamed = /\(x, y\)|\(_, x, y\)/.test(clause);
  if (!isNamed || !clause.includes('tick(_, _)') || !prng.chance(0.5)) return clause;
  return clause.replace('tick(_, _)', `tick(w, _), ${pick(prng, tests)}`);
}

/** What seals close well: messages and inputs that are stored as they come. */
const sealable = [
  ['c(to, x, y)@async :- i(x, y), peer(to);', 't(x, y) :- c(_, x, y);'],
  ['c(to, x, y)@async :- i(x, y), peer(to);', 'u(y, x) :- c(_, x, y);'],
  ['d("n1", x, y)@async :- i(x, y);', 't(x, y) :- d(_, x, y);'],
  ['t(x, y) :- i(x, y);', 'c(to, x, y)@async :- t(x, y), peer(to);', 'u(x, y) :- c(_, x, y);'],
  ['w(to, x, y)@async :- i(x, y), peer(to);', 'u(x, y) :- w(_, x, y);'],
  ['t(x, y) :- i(x, y);'],
  ['u(x, y)@next :- i(x, y);'],
];

/** The same with a seal, for which some rules wait. */
export function sealedCase(seed: number): AnalysisCase {
  const base = randomCase(seed);
  const prng = new Prng(seed).fork('seals');
  const below = prng.chance(0.7) ? pick(prng, sealable) : base.clauses;
  const stored = headOf(below.at(-1)!);
  const clauses =
    below === base.clauses
      ? [...below]
      : prng.chance(0.3)
        ? [...withDerived(prng, below, unlike)]
        : [...below, ...pick(prng, complete).map((rule) => rule.replaceAll('T(', `${stored}(`))];
  const known = ['c', 'd', 'w', 't', 'u', 'i'].filter((name) => mentions(clauses, name));
  const received = receivedIn(clauses);
  const own = known.filter((name) => !received.has(name));
  const sealed = pick(prng, own.length === 0 ? known : own);
  const key = pick(prng, ['x', 'x', 'y', null]);
  const from = mentions(clauses, 'peer') && prng.chance(0.5) ? ' from peer(p)' : '';
  const condition = prng.chance(0.8) ? 'e' : 'f';
  if (condition === 'f') clauses.push(pick(prng, conditions));
  clauses.push(
    `seal ${sealed}${key === null ? '' : ` on (${key})`}${from} when ${condition}(${key ?? '_'});`,
  );
  const guarded = clauses.map((clause) => {
    if (!/^[ovabh]\(/.test(clause) || !prng.chance(/^[ov]/.test(clause) ? 0.9 : 0.2)) return clause;
    const asked = key === null ? '' : pick(prng, [key, key, 'x', 'y']);
    return clause.replace(/;$/, `, sealed ${sealed}(${asked});`);
  });
  const { nodes } = base;
  return { nodes, clauses: guarded, inputs: randomInputs(prng.fork('inputs'), nodes, guarded) };
}

/** What nodes derive from messages: no condition of these programs tells when all of it is there. */
function receivedIn(clauses: readonly string[]): ReadonlySet<string> {
  const received = new Set<string>();
  const sent = ['c', 'd', 'w'];
  for (let before = -1; before < received.size;) {
    before = received.size;
    for (const clause of clauses) {
      const comesOf = bodyOf(clause).some((name) => sent.includes(name) || received.has(name));
      if (comesOf && !clause.includes('@async')) received.add(headOf(clause));
    }
  }
  return received;
}

/** What asks for all that is in a table. */
const complete = [
  ['o(x, count<y>) :- T(x, y);'],
  ['o(x, max<y>) :- T(x, y);', 'v(x, y) :- T(x, y);'],
  ['o(y, count<x>) :- T(x, y);'],
  ['a(x, sum<y>) :- T(x, y);', 'o(x, y) :- a(x, y);'],
  ['a(x, count<y>) :- T(x, y);', 'o(x, y) :- a(x, y), s(x, _);', 'v(x, y) :- a(x, y);'],
  ['o(x, y) :- T(x, y), notin T(x, 0);'],
  ['o(x, y) :- T(x, y), notin T(y, _);'],
  ['o(x, y) :- s(x, y), notin T(x, y);'],
  ['o(x, y) :- j(x, _), T(x, y), notin T(x, 0);'],
  ['b(x, y) :- T(x, y), s(x, _);', 'o(x, min<y>) :- b(x, y);'],
  ['o(x, y) :- j(x, _), s(x, y), notin T(x, y);'],
];
const unlike: Style = { isSmall: true, isPlain: false };
/** What a derived condition may be. */
const conditions = ['f(x) :- e(x);', 'f(x) :- e(x), i(x, _);', 'f(x) :- e(x), notin t(x, _);'];

/** One of the clauses that read only what there is so far: rules over what is always empty test nothing. */
export function addLive(prng: Prng, below: string[], from: readonly string[]): void {
  const live = new Set([...given, 'peer', 'tick', ...caseFunctions.keys(), ...below.map(headOf)]);
  const fitting = from.filter(
    (clause) => !below.includes(clause) && bodyOf(clause).every((name) => live.has(name)),
  );
  if (fitting.length > 0) below.push(pick(prng, fitting));
}

/** The relations that a clause reads, and of a delete what it deletes from. */
function bodyOf(clause: string): readonly string[] {
  const [head = '', body = ''] = clause.split(' :- ');
  const names = [...body.matchAll(/(\w+)(?:\.has|\.got)?\(/g)].map(([, name]) => name!);
  const read = names.filter((name) => declarations[name] !== undefined);
  return head.startsWith('delete ') ? [...read, headOf(clause)] : read;
}

/** A few inputs; fewer where more nodes make more schedules. */
export function randomInputs(
  prng: Prng,
  nodes: readonly string[],
  clauses: readonly string[],
): readonly WorkloadInput[] {
  const used = ['i', 'j'].filter((name) => mentions(clauses, name));
  if (used.length === 0) return [];
  const isSealed = mentions(clauses, 'e');
  const count = isSealed ? prng.int(1, 2) : nodes.length > 2 ? 2 : prng.int(2, 3);
  const inputs = Array.from({ length: count }, () => ({
    node: pick(prng, nodes),
    relation: pick(prng, used),
    row: [prng.int(0, 1), prng.int(0, 2)],
    atMs: null,
  }));
  if (!isSealed) return inputs;
  // All nodes seal, most often what has been put in.
  const value = prng.chance(0.8) ? pick(prng, inputs).row[prng.int(0, 1)]! : prng.int(0, 1);
  const ends = nodes.map((node) => ({ node, relation: 'e', row: [value], atMs: null }));
  return [...inputs, ...ends];
}

/** The program's text: what its clauses mention is declared. */
export function caseText({ clauses, nodes }: Pick<AnalysisCase, 'clauses' | 'nodes'>): string {
  const used = Object.keys(declarations).filter((name) => mentions(clauses, name));
  const roster = used.includes('peer') ? [nodes.map((node) => `peer("${node}");`).join(' ')] : [];
  return [...used.map((name) => declarations[name]!), ...roster, ...clauses].join('\n');
}

export function mentions(clauses: readonly string[], name: string): boolean {
  const use = new RegExp(`(^|[^\\w.])${name}[(.]`);
  return clauses.some((clause) => use.test(clause));
}

const given: readonly string[] = ['i', 'j', 's'];

export function withDerived(prng: Prng, below: readonly string[], style: Style): readonly string[] {
  const { isSmall } = style;
  const live = new Set([...given, ...below.map(headOf)]);
  const rules = [...below];
  const levels = isSmall
    ? [
        ['a', 'b', 'h'],
        ['o', 'v'],
      ]
    : [['a'], ['b', 'h'], ['o', 'v'], ['o', 'v']];
  for (const level of levels) {
    if (level.length !== 2 && prng.chance(isSmall ? 0.6 : 0.4)) continue;
    const readable = [...live].filter((name) => name !== 'o' && name !== 'v');
    const rule = derivedRule(prng, pick(prng, level), readable, style);
    rules.push(rule);
    live.add(headOf(rule));
  }
  return [...new Set(rules)];
}

function headOf(rule: string): string {
  return /^(?:delete |upsert )?(\w+)[.(]/.exec(rule)?.[1] ?? '';
}

export function pick<T>(prng: Prng, from: readonly T[]): T {
  return from[prng.int(0, from.length - 1)]!;
}

function derivedRule(
  prng: Prng,
  relation: string,
  live: readonly string[],
  { isPlain }: Style,
): string {
  const rarely = isPlain ? 0.15 : 1;
  const readable = live.filter((name) => name !== relation);
  const stored = readable.filter(
    (name) => !['i', 'j', 'c', 'd', 'l', 'n', 'm', 's', 'fan'].includes(name),
  );
  const from =
    stored.length > 0 && prng.chance(isPlain ? 0.9 : 0.7)
      ? stored
      : readable.filter((n) => n !== 's');
  const first = pick(prng, from);
  const literals = [literal(prng, first, pick(prng, ['x, y', 'x, y', 'y, x']))];
  if (prng.chance(0.35)) {
    const args = pick(prng, ['x, y', 'x, _', '_, y', '_, x', 'y, _']);
    literals.push(literal(prng, pick(prng, isPlain ? from : readable), args));
  }
  const others = readable.filter((name) => literals.every((text) => !text.startsWith(`${name}(`)));
  if (others.length > 0 && prng.chance(0.35 * rarely))
    literals.push(negated(prng, pick(prng, others)));
  if (prng.chance(0.06)) literals.push('tick(_, _)');
  if (prng.chance(0.04)) literals.push('boot(_)');
  if (prng.chance(0.05)) literals.push(pick(prng, ['odd(y) == 1', 'dose(y) >= 1', 'code(y) > 10']));
  if (prng.chance(0.35))
    literals.push(`y ${pick(prng, ['>=', '<=', '!=', '>', '<'])} ${prng.int(0, 2)}`);
  const shown = prng.chance(0.3 * rarely)
    ? `x, ${pick(prng, aggregates)}`
    : pick(prng, projections);
  return `${relation}(${shown}) :- ${literals.join(', ')};`;
}

const aggregates = ['count<y>', 'min<y>', 'max<y>', 'sum<y>', 'choose<y>', 'argmin<y, x>'];
const projections = 'x, y|x, y|x, y|x, y|x, y|y, x|y, x|x, x|x, 0|0, 0|x, code(y)|x, y + 1'.split(
  '|',
);

/** What is read binds x and y; of lattices by thresholds and elements, and now and then openly. */
function literal(prng: Prng, relation: string, args: string): string {
  const [first = '_', second = '_'] = args.split(', ');
  const wild = second === '_' ? 'w' : second;
  switch (relation) {
    case 'c':
    case 'd':
    case 'w':
      return `${relation}(_, ${args})`;
    case 'keep':
      return `keep.has(${args})`;
    case 'fan':
      return `fan.got(${args})`;
    case 'q':
      return pick(prng, [
        `q(x, v), v >= ${prng.int(0, 2)}, s(x, y)`,
        `q(x, v), y = reveal(v)`,
        `q(x, v), v < 2, s(x, y)`,
      ]);
    case 'r':
      return pick(prng, [
        `r(x, v), y in v`,
        `r(x, v), v.size() >= ${prng.int(1, 2)}, s(x, y)`,
        `r(x, v), y = v.size()`,
        `r(x, v), ${prng.int(0, 1)} notin v, s(x, y)`,
      ]);
    case 'low':
      return pick(prng, [`low(v), v <= 1, s(x, y)`, `low(v), y = reveal(v), x = 0`]);
    case 'all':
      return pick(prng, [`all(v), x in v, y = 0`, `all(v), v.size() >= 2, s(x, y)`]);
    case 'flag':
      return pick(prng, [`flag(v), v.when_true(), s(x, y)`, `flag(v), !reveal(v), s(x, y)`]);
    default:
      return `${relation}(${first}, ${second === '_' ? '_' : wild})`;
  }
}

function negated(prng: Prng, relation: string): string {
  const args = pick(prng, ['x, y', 'x, _', '_, x', '_, _', 'y, _']);
  switch (relation) {
    case 'c':
    case 'd':
    case 'w':
      return `notin ${relation}(_, ${args})`;
    case 'keep':
      return `notin keep.has(${args})`;
    case 'fan':
      return `notin fan.got(${args})`;
    case 'q':
    case 'r':
      return `notin ${relation}(x, _)`;
    case 'low':
    case 'all':
    case 'flag':
      return 'notin s(x, y)';
    default:
      return `notin ${relation}(${args})`;
  }
}
