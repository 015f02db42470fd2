/**
 * Random programs for long runs: tables that events fill, empty and overwrite, and everything that
 * can be derived from them and must be brought up to date: joins, recursion that supports itself,
 * negation, aggregates whose groups come and go, tables that are derived and deleted from, effects
 * that stand, values that merge, also in tables and over aggregates. Small values, so that joins meet and what is lost is often derived
 * otherwise.
 */
import type { Row } from '../../src/base/value.js';
import type { ComparedStep } from './compare-evaluators.js';
import type { MixedCase } from './random-mixed-programs.js';

type Draw = (below: number) => number;

interface LongRelation {
  readonly name: string;
  readonly kind: string;
  readonly arity: number;
  /** Columns right of `=>`. */
  readonly valued: number;
  readonly level: number;
}

function pick<T>(items: readonly T[], draw: Draw): T {
  return items[draw(items.length)]!;
}

const inputs: readonly LongRelation[] = [
  { name: 'put2', kind: 'input', arity: 2, valued: 0, level: 0 },
  { name: 'cut2', kind: 'input', arity: 2, valued: 0, level: 0 },
  { name: 'put1', kind: 'input', arity: 1, valued: 0, level: 0 },
  { name: 'cut1', kind: 'input', arity: 1, valued: 0, level: 0 },
  { name: 'put3', kind: 'input', arity: 3, valued: 0, level: 0 },
  { name: 'set2', kind: 'input', arity: 2, valued: 0, level: 0 },
];
const tables: readonly LongRelation[] = [
  { name: 'e', kind: 'table', arity: 2, valued: 0, level: 0 },
  { name: 'n', kind: 'table', arity: 1, valued: 0, level: 0 },
  { name: 'w', kind: 'table', arity: 3, valued: 0, level: 0 },
  { name: 'kv', kind: 'table', arity: 2, valued: 1, level: 0 },
];
/** What fills and empties the tables. */
const moves = [
  'e(x, y)@next :- put2(x, y);',
  'e(x, y) :- put2(x, y);',
  'delete e(x, y) :- cut2(x, y);',
  'delete e(x, _) :- cut1(x);',
  'n(x)@next :- put1(x);',
  'n(x) :- put2(x, x);',
  'delete n(x) :- cut1(x);',
  'w(x, y, z)@next :- put3(x, y, z);',
  'w(x, y, x) :- put2(x, y);',
  'delete w(_, y, _) :- cut1(y);',
  'upsert kv(k, v) :- set2(k, v);',
  'delete kv(k, _) :- cut1(k);',
  'delete kv(_, v) :- cut2(v, _);',
];

/** Relations whose values merge, and what is derived from them: declarations, then some of the clauses. */
const growing: readonly {
  readonly declarations: readonly string[];
  readonly clauses: readonly string[];
}[] = [
  {
    declarations: ['scratch far(k: int => d: lmin<int>);', 'view lone(k: int, d: int);'],
    clauses: [
      'far(x, lmin(y)) :- kv(x, y);',
      'far(y, d + 1) :- far(x, d), e(x, y);',
      'far(x, d) :- w(x, y, _), far(y, d), d < 3;',
      'far(x % 3, lmin(z)) :- w(x, _, z);',
      'lone(x, 0) :- n(x), notin far(x, _);',
      'lone(x, d.reveal()) :- far(x, d), n(x);',
    ],
  },
  {
    declarations: ['scratch reach(k: int => s: lset<int>);', 'view sizes(k: int, n: int);'],
    clauses: [
      'reach(x, lset({y})) :- e(x, y);',
      'reach(x, s) :- e(x, y), reach(y, s);',
      'reach(x, s.merge(t)) :- reach(x, s), e(y, x), reach(y, t), n(y);',
      'sizes(x, s.size()) :- reach(x, s);',
      'sizes(x, count<y>) :- reach(x, s), y in s.reveal();',
    ],
  },
  {
    declarations: [
      'table peak(k: int => m: lmax<int>);',
      'view peaks(k: int, v: int);',
      'view best(g: int => m: lmax<int>);',
      'view sums(g: int, s: int);',
    ],
    clauses: [
      'peak(x, lmax(y)) :- put2(x, y);',
      'peak(x, lmax(y)) :- e(x, y);',
      'peak(x, lmax(v))@next :- set2(x, v);',
      'upsert peak(x, lmax(z)) :- put3(x, _, z);',
      'delete peak(x, _) :- cut1(x);',
      'peaks(k, m.reveal()) :- peak(k, m);',
      'peaks(k, m.reveal() + l.reveal()) :- peak(k, m), e(k, y), peak(y, l);',
      'best(x % 2, m) :- peak(x, m), notin n(x);',
      'sums(x % 2, sum<m.reveal()>) :- peak(x, m);',
      'n(x)@next :- peak(x, m), m > 3;',
    ],
  },
  {
    declarations: [
      'table dist(k: int => d: lmin<int>);',
      'scratch via(k: int => d: lmin<int>);',
      'view dists(k: int, d: int);',
      'view spans(k: int, l: int, s: int);',
      'lattice least: lmin<int>;',
      'output first(d: int);',
    ],
    clauses: [
      'dist(x, lmin(y)) :- kv(x, y);',
      'dist(y, d + 1) :- dist(x, d), e(x, y), d < 9;',
      'dist(x, d) :- via(x, d), n(x);',
      'dist(x, d)@next :- via(x, d), n(x);',
      'upsert dist(x, lmin(y)) :- set2(x, y);',
      'upsert dist(x, d + 2) :- via(x, d), n(x);',
      'delete dist(x, _) :- cut1(x);',
      'delete dist(x, _) :- via(x, d), n(x), d > 3;',
      'delete dist(x, d) :- via(x, d), n(x);',
      'via(x, d)@next :- dist(x, d), n(x);',
      'dist(y % 3, lmin(x))@next :- kv(x, y), notin n(x);',
      'via(y, d + 2) :- dist(x, d), w(x, y, _), d < 9;',
      'via(x, min<z>) :- w(x, _, z);',
      'dists(k, d.reveal()) :- dist(k, d), e(k, _);',
      'spans(k, l, d.reveal() + c.reveal()) :- dist(k, d), via(l, c);',
      'least(d) :- dist(_, d);',
      'least(min<z + 1>) :- w(_, _, z);',
      'first(d.reveal()) :- least(d);',
    ],
  },
  {
    declarations: [
      'view tall(g: int => m: lmax<int>, s: lset<int>);',
      'table top(n: int => m: lmax<int>);',
      'view tops(n: int, m: int);',
    ],
    clauses: [
      'tall(x, max<y>, set<y>) :- e(x, y);',
      'tall(x % 2, sum<y>, lset({y})) :- kv(x, y);',
      'tall(y, m, s) :- tall(x, m, s), e(x, y);',
      'tall(count<y>, lmax(x), {x}) :- e(x, y), notin n(y);',
      'top(x, sum<z>) :- w(x, _, z), notin n(x);',
      'top(count<x>, max<y>) :- kv(x, y), n(y);',
      'top(x, max<m.reveal()>)@next :- tall(x, m, _);',
      'top(x, lmax(y)) :- e(x, y), n(y);',
      'delete top(x, _) :- cut1(x);',
      'delete top(x, _) :- e(x, x);',
      'top(x, lmax(y))@next :- kv(x, y), notin n(x);',
      'upsert top(x, lmax(y)) :- kv(x, y), n(x);',
      'upsert top(x % 2 + 4, max<12 / (y + 1)>) :- kv(x, y), x != 2;',
      'tops(x, m.reveal()) :- top(x, m);',
      'tops(x, s.size().reveal()) :- tall(x, _, s);',
    ],
  },
];

export function makeLongCase(draw: Draw, timesteps = 50): MixedCase {
  const kinds = ['scratch', 'scratch', 'scratch', 'view', 'output', 'table'];
  const derived = Array.from({ length: 2 + draw(4) }, (_, i): LongRelation => {
    const kind = pick(kinds, draw);
    const arity = 1 + draw(3);
    const valued = arity > 1 && draw(12) === 0 ? 1 : 0;
    return { name: `d${i}`, kind, arity, valued, level: 1 + Math.floor(i / 2) };
  });
  const relations = [...inputs, ...tables, ...derived];
  const rules = derived.flatMap((head) => [
    ...(isPair(head) && draw(2) === 0 ? closureOf(head.name, draw) : []),
    ...Array.from({ length: 1 + draw(2) }, () => makeRule(head, relations, draw)),
  ]);
  const effects = draw(2) === 0 ? [makeEffect(relations, draw)] : [];
  const grown = growing.filter(() => draw(3) === 0);
  const steps = Array.from({ length: timesteps }, () => makeStep(draw));
  return {
    declarations: [
      ...relations.map(declarationOf),
      ...grown.flatMap(({ declarations }) => declarations),
    ],
    clauses: [
      ...moves.filter(() => draw(5) > 0),
      ...grown.flatMap(({ clauses }) => clauses).filter(() => draw(4) > 0),
      ...[...rules, ...effects].map((rule, i) => `r${i}: ${rule}`),
    ],
    steps,
  };
}

function isPair({ kind, arity, valued }: LongRelation): boolean {
  return kind !== 'table' && arity === 2 && valued === 0;
}

/** A recursion of one of the shapes that have a plan of their own. */
function closureOf(name: string, draw: Draw): readonly string[] {
  const base = `${name}(x, y) :- e(x, y);`;
  const steps = [
    `${name}(x, z) :- ${name}(x, y), e(y, z);`,
    `${name}(x, y) :- ${name}(z, x), e(z, w), ${name}(w, y);`,
    `${name}(x, z) :- ${name}(x, y), ${name}(y, z);`,
  ];
  return [base, pick(steps, draw)];
}

function declarationOf({ name, kind, arity, valued }: LongRelation): string {
  const columns = Array.from({ length: arity }, (_, i) => `c${i}: int`);
  const key = columns.slice(0, arity - valued).join(', ');
  return `${kind} ${name}(${key}${valued > 0 ? ` => ${columns.at(-1)!}` : ''});`;
}

const variables = ['x', 'y', 'z', 'u'];

interface LongBody {
  readonly literals: readonly string[];
  readonly terms: readonly string[];
}

function makeBody(
  readable: readonly LongRelation[],
  below: readonly LongRelation[],
  draw: Draw,
): LongBody {
  const bound = new Set<string>();
  const literals = Array.from({ length: 1 + draw(3) }, () => {
    const { name, arity } = pick(readable, draw);
    const written = Array.from({ length: arity }, () => {
      const choice = draw(12);
      if (choice === 0) return '_';
      if (choice === 1) return String(draw(5));
      const variable = pick(variables, draw);
      bound.add(variable);
      return variable;
    });
    return `${name}(${written.join(', ')})`;
  });
  const terms = bound.size === 0 ? ['0'] : [...bound];
  for (let i = draw(3); i > 0; i--) {
    const { name, arity } = pick(below, draw);
    const written = Array.from({ length: arity }, () => (draw(4) === 0 ? '_' : pick(terms, draw)));
    if (draw(2) === 0) literals.push(`notin ${name}(${written.join(', ')})`);
  }
  const [one, two] = [pick(terms, draw), pick(terms, draw)];
  const test = draw(14);
  if (test === 0) literals.push(`${one} < ${two}`);
  if (test === 1) literals.push(`${one} != ${two}`);
  if (test === 2) literals.push(`s = ${one} % 3 + ${two} % 2`);
  if (test === 3) literals.push(`s in [${one}, 1]`);
  if (test === 4) literals.push(`s = 12 / (${one} - ${two} + ${draw(6)})`);
  return { literals, terms: test > 1 && test < 5 ? [...terms, 's'] : terms };
}

function makeRule(head: LongRelation, relations: readonly LongRelation[], draw: Draw): string {
  const isAggregated = draw(4) === 0;
  const mayRead = ({ kind, level }: LongRelation): boolean =>
    kind !== 'output' && (kind !== 'input' || draw(6) === 0) && level < head.level;
  const below = relations.filter(mayRead);
  const readable = isAggregated
    ? below
    : [
        ...below,
        ...relations.filter(({ kind, level }) => kind !== 'output' && level === head.level),
      ];
  const bodies = Array.from({ length: draw(6) === 0 ? 2 : 1 }, () =>
    makeBody(readable, below, draw),
  );
  const shared = bodies[0]!.terms.filter((term) =>
    bodies.every(({ terms }) => terms.includes(term)),
  );
  const terms = shared.length === 0 ? ['0'] : shared;
  const columns = Array.from({ length: head.arity }, () => {
    const choice = draw(12);
    if (choice === 0) return String(draw(4));
    if (choice === 1) return `${pick(terms, draw)} % 3`;
    if (isAggregated && choice < 5)
      return `${choice === 2 ? 12 : 3} / (${pick(terms, draw)} + ${choice - 1})`;
    return pick(terms, draw);
  });
  if (isAggregated) {
    const aggregate = pick(['count', 'min', 'max', 'sum', 'count_distinct'], draw);
    columns[draw(head.arity)] = `${aggregate}<${pick(terms, draw)}>`;
  }
  const body = bodies.map(({ literals }) => literals.join(', ')).join(' | ');
  return `${head.name}(${columns.join(', ')}) :- ${body};`;
}

/** An effect over what is derived, so that it may stand for many timesteps. */
function makeEffect(relations: readonly LongRelation[], draw: Draw): string {
  const readable = relations.filter(({ kind }) => kind !== 'output' && kind !== 'input');
  const { literals, terms } = makeBody(readable, readable, draw);
  const any = (): string => pick(terms, draw);
  const head = pick(
    [
      `upsert kv(${any()}, ${any()})`,
      `delete e(${any()}, _)`,
      `delete n(${any()})`,
      `n(${any()})@next`,
      `upsert kv(${any()}, max<${any()}>)`,
      `upsert kv(6 / (${any()} + 1), max<${any()}>)`,
      `w(${any()} % 3, ${any()}, count<${any()}>)@next`,
      `w(${any()}, ${any()}, ${any()})@next`,
    ],
    draw,
  );
  return `${head} :- ${literals.join(', ')};`;
}

function makeStep(draw: Draw): ComparedStep {
  const events: Record<string, readonly Row[]> = {};
  for (const { name, arity } of inputs) {
    if (draw(3) > 0) continue;
    const row = (): Row => Array.from({ length: arity }, () => draw(5));
    events[name] = Array.from({ length: 1 + draw(2) }, row);
  }
  return { events, boot: draw(40) === 0, twice: draw(25) === 0 };
}
