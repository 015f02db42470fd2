/**
 * Random programs over relations of every arity from 0 to 8 whose columns hold values of every
 * type: recursion, negation, aggregates, tables with keys, `@next`, `@async`, `delete` and
 * `upsert`, and random events for them. Few different values, so that joins meet.
 */
import fc from 'fast-check';
import { bytes, float, list, map, set, tuple } from '../../src/base/value.js';
import type { Row, Value } from '../../src/base/value.js';
import { valueText } from '../../src/base/value-text.js';
import type { ComparedStep } from './compare-evaluators.js';

/** Values of all types, those at the edges of their encodings among them. */
const someValues: readonly Value[] = [
  0,
  1,
  2,
  2 ** 31 - 1,
  2 ** 31,
  -1,
  2 ** 53 - 1,
  float(1),
  float(0),
  float(Number.NaN),
  null,
  true,
  false,
  '',
  'a',
  'a\u0000"\\`${b}\u2028',
  bytes('00ff'),
  tuple([1, 'a']),
  list([1, 2]),
  list([]),
  set([2, 1]),
  map([['k', float(1)]]),
];

interface MixedRelation {
  readonly name: string;
  readonly kind: 'input' | 'table' | 'scratch' | 'output' | 'view' | 'loopback';
  readonly arity: number;
  readonly keyLength: number;
  readonly level: number;
}

/** One program with its events. */
export interface MixedCase {
  readonly declarations: readonly string[];
  readonly clauses: readonly string[];
  readonly steps: readonly ComparedStep[];
}

export function mixedText({ declarations, clauses }: MixedCase): string {
  return [...declarations, ...clauses].join('\n');
}

/** Draws numbers below a bound; all choices go through it. */
type Draw = (below: number) => number;

export const randomMixedCase: fc.Arbitrary<MixedCase> = fc
  .infiniteStream(fc.nat({ max: 2 ** 30 }))
  .map((stream) => makeCase((below) => Number(stream.next().value) % below));

/** A case from any source of numbers. */
export function makeCase(draw: Draw): MixedCase {
  const relations = makeRelations(draw);
  const facts = Array.from({ length: 3 + draw(8) }, () => makeFact(relations, draw));
  const rules = Array.from({ length: 3 + draw(8) }, (_, i) => makeRule(relations, draw, i));
  const steps = Array.from({ length: 1 + draw(6) }, () => makeStep(relations, draw));
  return {
    declarations: relations.map(declarationOf),
    clauses: [...facts, ...rules].flatMap((clause) => (clause === null ? [] : [clause])),
    steps,
  };
}

function pick<T>(items: readonly T[], draw: Draw): T {
  return items[draw(items.length)]!;
}

/** Few values, most of them ints. */
function pickValue(draw: Draw): Value {
  return draw(2) === 0 ? draw(3) : pick(someValues, draw);
}

function makeRelations(draw: Draw): readonly MixedRelation[] {
  const arities = [0, 1, 1, 2, 2, 2, 3, 3, 4, 5, 8];
  const relation = (name: string, kind: MixedRelation['kind'], level: number): MixedRelation => {
    const arity = pick(arities, draw);
    const isKeyed = kind === 'table' && arity > 1 && draw(3) === 0;
    return { name, kind, arity, keyLength: isKeyed ? 1 + draw(arity - 1) : arity, level };
  };
  return [
    relation('i', 'input', 0),
    relation('j', 'input', 0),
    relation('t', 'table', 0),
    relation('u', 'table', 0),
    relation('l', 'loopback', 0),
    relation('a', 'scratch', 1),
    relation('b', 'scratch', 1),
    relation('c', 'scratch', 2),
    relation('w', 'table', 2),
    relation('o', 'output', 3),
    relation('v', 'view', 3),
  ];
}

function declarationOf({ name, kind, arity, keyLength }: MixedRelation): string {
  const columns = Array.from({ length: arity }, (_, i) => `c${i}: any`);
  const key = columns.slice(0, keyLength).join(', ');
  const rest = columns.slice(keyLength).join(', ');
  return `${kind} ${name}(${key}${rest === '' ? '' : ` => ${rest}`});`;
}

function makeRow(arity: number, draw: Draw): Row {
  return Array.from({ length: arity }, () => pickValue(draw));
}

function makeFact(relations: readonly MixedRelation[], draw: Draw): string {
  const { name, arity } = pick(
    relations.filter(({ kind }) => kind === 'table' || kind === 'scratch'),
    draw,
  );
  return `${name}(${makeRow(arity, draw).map(valueText).join(', ')});`;
}

const variables = ['x', 'y', 'z', 'p'];

/** A rule that the checks let pass nearly always; null where nothing could be read. */
function makeRule(relations: readonly MixedRelation[], draw: Draw, number: number): string | null {
  const mode = pick(['now', 'now', 'now', 'now', 'next', 'upsert', 'delete', 'async'], draw);
  const heads = relations.filter(({ kind, level }) => {
    if (mode === 'now') return level > 0;
    if (mode === 'next') return kind === 'table' || kind === 'scratch';
    return mode === 'async' ? kind === 'loopback' : kind === 'table';
  });
  const head = pick(heads, draw);
  const isDeductive = mode === 'now';
  const isAggregated = (mode === 'now' || mode === 'upsert') && head.arity > 0 && draw(5) === 0;
  const readable = relations.filter(
    ({ kind, level }) =>
      kind !== 'output' &&
      (!isDeductive ||
        level < head.level ||
        (level === head.level && !isAggregated && kind !== 'view')),
  );
  const below = relations.filter(
    ({ kind, level }) => kind !== 'output' && (!isDeductive || level < head.level),
  );
  const body = makeBody(readable, below, draw);
  const argument = (): string =>
    draw(8) === 0 ? valueText(pickValue(draw)) : pick(body.terms, draw);
  const columns = Array.from({ length: head.arity }, () =>
    mode === 'delete' && draw(4) === 0 ? '_' : argument(),
  );
  if (isAggregated) {
    const aggregate = pick(['count', 'min', 'max', 'list', 'set', 'count_distinct'], draw);
    columns[head.arity - 1] = `${aggregate}<${pick(body.terms, draw)}>`;
  }
  const atom = `${head.name}(${columns.join(', ')})`;
  const prefix = mode === 'upsert' || mode === 'delete' ? `${mode} ` : '';
  const suffix = mode === 'next' || mode === 'async' ? `@${mode}` : '';
  return `r${number}: ${prefix}${atom}${suffix} :- ${body.literals.join(', ')};`;
}

interface MixedBody {
  readonly literals: readonly string[];
  readonly terms: readonly string[];
}

function makeBody(
  readable: readonly MixedRelation[],
  below: readonly MixedRelation[],
  draw: Draw,
): MixedBody {
  const literals: string[] = [];
  const bound = new Set<string>();
  for (let n = 1 + draw(3); n > 0; n--) {
    const { name, arity } = pick(readable, draw);
    const written = Array.from({ length: arity }, () => {
      const choice = draw(10);
      if (choice === 0) return '_';
      if (choice === 1) return valueText(pickValue(draw));
      const variable = pick(variables, draw);
      bound.add(variable);
      return variable;
    });
    literals.push(`${name}(${written.join(', ')})`);
  }
  const terms = bound.size === 0 ? ['0'] : [...bound];
  if (draw(3) === 0 && below.length > 0) {
    const { name, arity } = pick(below, draw);
    const written = Array.from({ length: arity }, () => (draw(3) === 0 ? '_' : pick(terms, draw)));
    literals.push(`notin ${name}(${written.join(', ')})`);
  }
  const one = pick(terms, draw);
  const two = pick(terms, draw);
  const test = draw(12);
  if (test === 0) literals.push(`${one} < ${two}`);
  if (test === 1) literals.push(`${one} == ${two}`);
  if (test === 2) literals.push(`${one} != ${two}`);
  if (test === 3) literals.push(`s = (${one}, ${two})`);
  if (test === 4) literals.push(`s in [${one}, ${two}, 1]`);
  if (test === 5) literals.push(`(s, _) = ${one}`);
  if (test === 6) literals.push(`s = least(${one}, ${two})`);
  return { literals, terms: [3, 4, 5, 6].includes(test) ? [...terms, 's'] : terms };
}

function makeStep(relations: readonly MixedRelation[], draw: Draw): ComparedStep {
  const events: Record<string, readonly Row[]> = {};
  for (const { name, arity, kind } of relations) {
    if (kind !== 'input' && kind !== 'loopback') continue;
    const rows = Array.from({ length: draw(4) }, () => makeRow(arity, draw));
    if (rows.length > 0) events[name] = rows;
  }
  return { events, boot: draw(12) === 0, twice: draw(8) === 0 };
}
