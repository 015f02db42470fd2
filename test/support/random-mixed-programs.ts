/**
 * Random programs over relations of every arity from 0 to 8 whose columns hold values of every
 * type and lattices of many: recursion, also mutual and through lattice values, negation,
 * aggregates, alternatives, several heads, statics, tables with keys, `@next`, `@async`, `delete`
 * and `upsert`, and random events for them. Few different values, so that joins meet; and every
 * table has rules that fill it, every derived relation some that look below. The text is made so
 * that the checks let it pass: what is not monotone looks at lower levels only, and terms have the
 * types of their columns.
 */
import fc from 'fast-check';
import type { Row } from '../../src/base/value.js';
import { valueText } from '../../src/base/value-text.js';
import type { ComparedStep } from './compare-evaluators.js';
import type { MixedRelation } from './random-body.js';
import { isLattice, latticeTypes, pick, plainTypes, type Draw } from './random-columns.js';
import { makeClosure } from './random-closures.js';
import { contentText, randomOf } from './random-lattices.js';
import { makeRule } from './random-rules.js';
import { makeTotals } from './random-totals.js';

export type { Draw };

/** One program with its events. */
export interface MixedCase {
  readonly declarations: readonly string[];
  readonly clauses: readonly string[];
  readonly steps: readonly ComparedStep[];
}

export function mixedText({ declarations, clauses }: MixedCase): string {
  return [...declarations, ...clauses].join('\n');
}

export const randomMixedCase: fc.Arbitrary<MixedCase> = fc
  .infiniteStream(fc.nat({ max: 2 ** 30 }))
  .map((stream) => {
    const draw: Draw = (below) => Number(stream.next().value) % below;
    return makeCase(draw, 1 + draw(8));
  });

/** A case from any source of numbers, of so many timesteps. */
export function makeCase(draw: Draw, timesteps: number): MixedCase {
  const closure = draw(4) === 0 ? makeClosure(draw) : null;
  const totals = draw(4) === 0 ? makeTotals(draw) : null;
  const given = [closure, totals].filter((each) => each !== null);
  const all = [...makeRelations(draw), ...given.flatMap(({ relations }) => relations)];
  const rules = makeRules(
    all,
    given.flatMap((each) => each.rules),
    draw,
  );
  // Few programs keep what no rule names: it takes time in every timestep and shows little.
  const named = new Set(rules.flatMap((rule) => rule.match(/\b\w+(?=\()/g) ?? []));
  const relations = draw(12) === 0 ? all : all.filter(({ name }) => named.has(name));
  const steps = Array.from({ length: timesteps }, () => makeStep(relations, draw));
  const clauses = [...makeFacts(relations, draw), ...rules];
  return { declarations: relations.map(declarationOf), clauses, steps };
}

const arities = [0, 1, 1, 1, 2, 2, 2, 2, 2, 2, 3, 3, 3, 4, 5, 6, 7, 8];

/** Names, kinds, levels and how many in a hundred have lattice columns. */
const shapes = [
  ['i', 'input', 0, 0],
  ['j', 'input', 0, 0],
  ['e', 'static', -1, 0],
  ['z', 'static', 0, 0],
  ['t', 'table', 0, 20],
  ['u', 'table', 0, 30],
  ['l', 'loopback', 0, 30],
  ['a', 'scratch', 1, 10],
  ['b', 'scratch', 1, 50],
  ['g', 'table', 1, 50],
  ['c', 'scratch', 2, 20],
  ['w', 'table', 2, 30],
  ['o', 'output', 3, 15],
  ['v', 'view', 3, 20],
] as const;

function makeRelations(draw: Draw): readonly MixedRelation[] {
  const relations = shapes.map(([name, kind, level, latticeChance]): MixedRelation => {
    const arity = pick(arities, draw);
    const hasLattice = arity > 0 && draw(100) < latticeChance;
    const isKeyed = hasLattice || (kind === 'table' && arity > 1 && draw(3) > 0);
    const keyLength = isKeyed ? keyLengthFor(arity, draw) : arity;
    const isPlain = (column: number): boolean =>
      !hasLattice || column < keyLength || (column < arity - 1 && draw(8) === 0);
    const columns = Array.from({ length: arity }, (_, i) =>
      pick(isPlain(i) ? plainTypes : latticeTypes, draw),
    );
    return { name, kind, columns, keyLength, isKeyed, level };
  });
  const column = pick(latticeTypes, draw);
  return [
    ...relations,
    { name: 'x1', kind: 'lattice', columns: [column], keyLength: 0, isKeyed: false, level: 1 },
  ];
}

/** Most have a key: without one, any two tuples conflict. */
function keyLengthFor(arity: number, draw: Draw): number {
  return arity === 1 || draw(6) === 0 ? 0 : 1 + draw(Math.min(arity - 1, 3));
}

function declarationOf({ name, kind, columns, keyLength, isKeyed }: MixedRelation): string {
  if (kind === 'lattice') return `lattice ${name}: ${columns[0]!};`;
  const texts = columns.map((type, i) => `c${i}: ${type}`);
  const [key, rest] = [texts.slice(0, keyLength).join(', '), texts.slice(keyLength).join(', ')];
  return `${kind} ${name}(${key}${isKeyed ? ` => ${rest}` : ''});`;
}

/** What fills each relation, and anything beside. */
function makeRules(
  relations: readonly MixedRelation[],
  given: readonly string[],
  draw: Draw,
): readonly string[] {
  const byName = new Map(relations.map((relation) => [relation.name, relation]));
  const one = (...names: readonly string[]): MixedRelation => byName.get(pick(names, draw))!;
  const fill = (name: string, from: MixedRelation): readonly string[] => {
    const head = byName.get(name)!;
    const isTable = head.kind === 'table' && head.level === 0;
    const ways = head.isKeyed ? (['upsert', 'now', 'next'] as const) : (['now', 'next'] as const);
    const mode = isTable ? pick(ways, draw) : 'now';
    return draw(5) < 2 ? [] : [makeRule(relations, draw, '', { mode, head, first: from })];
  };
  const rules = [
    ...given.map((rule) => `: ${rule};`),
    ...fill('t', one('i', 'j')),
    ...fill('u', one('j', 'i', 'l', 't')),
    ...(draw(3) === 0 ? fill('z', one('e')) : []),
    ...fill('a', one('t', 'u', 't', 'e')),
    ...fill('b', one('a', 'u', 't', 'z')),
    ...fill('c', one('a', 'b', 'g', 'x1')),
    ...fill(pick(['o', 'v', 'w'], draw), one('c', 'a', 't', 'w')),
  ];
  for (let more = 1 + draw(4); more > 0; more--) rules.push(makeRule(relations, draw, ''));
  return rules.map((rule, i) => `r${i}${rule}`);
}

/** No two facts of a relation share a key: a program whose first timestep fails shows nothing. */
function makeFacts(relations: readonly MixedRelation[], draw: Draw): readonly string[] {
  const given = relations.filter(({ kind }) =>
    ['table', 'scratch', 'lattice', 'static'].includes(kind),
  );
  const statics = given.filter(({ kind, level }) => kind === 'static' && level < 0);
  const facts = new Map<string, string>();
  const count = 3 + draw(6);
  for (let n = count + 3; n > 0; n--) {
    const from = n > count ? statics : given;
    if (from.length === 0) continue;
    const { name, columns, keyLength, isKeyed } = pick(from, draw);
    const values = columns.map((type) =>
      isLattice(type) ? contentText(type, draw) : valueText(randomOf(type, draw)),
    );
    const key = isKeyed ? values.slice(0, keyLength) : values;
    facts.set(JSON.stringify([name, key]), `${name}(${values.join(', ')});`);
  }
  return [...facts.values()];
}

/** A third of the timesteps are quiet: what stands is kept as it is. */
function makeStep(relations: readonly MixedRelation[], draw: Draw): ComparedStep {
  const events: Record<string, readonly Row[]> = {};
  const isQuiet = draw(3) === 0;
  for (const { name, kind, columns } of relations) {
    if (isQuiet || (kind !== 'input' && kind !== 'loopback')) continue;
    const rows = Array.from({ length: draw(4) }, () => columns.map((type) => randomOf(type, draw)));
    if (rows.length > 0) events[name] = rows;
  }
  return { events, boot: draw(20) === 0, twice: draw(16) === 0 };
}
