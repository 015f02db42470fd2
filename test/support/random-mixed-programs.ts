/**
 * Random programs over relations of every arity from 0 to 8 whose columns hold values of every
 * type and lattices of many: recursion, also mutual and through lattice values, negation,
 * aggregates, tables with keys, `@next`, `@async`, `delete` and `upsert`, and random events for
 * them. Few different values, so that joins meet. The text is made so that the checks let it pass:
 * what is not monotone looks at lower levels only, and terms have the types of their columns.
 */
import fc from 'fast-check';
import type { Row } from '../../src/base/value.js';
import { valueText } from '../../src/base/value-text.js';
import type { ComparedStep } from './compare-evaluators.js';
import {
  contentText,
  isLattice,
  latticeTypes,
  pick,
  randomOf,
  type ColumnType,
  type Draw,
} from './random-columns.js';
import { makeRule, type MixedRelation } from './random-rules.js';

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
  .map((stream) => makeCase((below) => Number(stream.next().value) % below, 8));

/** A case from any source of numbers, of at most so many timesteps. */
export function makeCase(draw: Draw, mostSteps: number): MixedCase {
  const relations = makeRelations(draw);
  const facts = Array.from({ length: 3 + draw(8) }, () => makeFact(relations, draw));
  const rules = Array.from({ length: 3 + draw(9) }, (_, i) => makeRule(relations, draw, i));
  const steps = Array.from({ length: 1 + draw(mostSteps) }, () => makeStep(relations, draw));
  return { declarations: relations.map(declarationOf), clauses: [...facts, ...rules], steps };
}

const arities = [0, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 8];
const plainTypes: readonly ColumnType[] = ['any', 'any', 'any', 'int', 'int', 'string'];

function makeRelations(draw: Draw): readonly MixedRelation[] {
  const relation = (
    name: string,
    kind: MixedRelation['kind'],
    level: number,
    latticeChance: number,
  ): MixedRelation => {
    const arity = pick(arities, draw);
    const hasLattice = arity > 0 && draw(100) < latticeChance;
    const isKeyed = hasLattice || (kind === 'table' && arity > 1 && draw(3) > 0);
    const keyLength = isKeyed ? draw(arity === 1 ? 1 : Math.min(arity, 3)) : arity;
    const isPlain = (column: number): boolean =>
      !hasLattice || column < keyLength || (column < arity - 1 && draw(8) === 0);
    const columns = Array.from({ length: arity }, (_, i) =>
      pick(isPlain(i) ? plainTypes : latticeTypes, draw),
    );
    return { name, kind, columns, keyLength, isKeyed, level };
  };
  return [
    relation('i', 'input', 0, 0),
    relation('j', 'input', 0, 0),
    relation('t', 'table', 0, 20),
    relation('u', 'table', 0, 30),
    relation('l', 'loopback', 0, 30),
    relation('a', 'scratch', 1, 20),
    relation('b', 'scratch', 1, 60),
    relation('g', 'table', 1, 70),
    {
      name: 'x1',
      kind: 'lattice',
      columns: [pick(latticeTypes, draw)],
      keyLength: 0,
      isKeyed: false,
      level: 1,
    },
    relation('c', 'scratch', 2, 30),
    relation('w', 'table', 2, 40),
    relation('o', 'output', 3, 15),
    relation('v', 'view', 3, 30),
  ];
}

function declarationOf({ name, kind, columns, keyLength, isKeyed }: MixedRelation): string {
  if (kind === 'lattice') return `lattice ${name}: ${columns[0]!};`;
  const texts = columns.map((type, i) => `c${i}: ${type}`);
  const [key, rest] = [texts.slice(0, keyLength).join(', '), texts.slice(keyLength).join(', ')];
  return `${kind} ${name}(${key}${isKeyed ? ` => ${rest}` : ''});`;
}

function makeRow({ columns }: MixedRelation, draw: Draw): Row {
  return columns.map((type) => randomOf(type, draw));
}

function makeFact(relations: readonly MixedRelation[], draw: Draw): string {
  const { name, columns } = pick(
    relations.filter(({ kind }) => ['table', 'scratch', 'lattice'].includes(kind)),
    draw,
  );
  const values = columns.map((type) =>
    isLattice(type) ? contentText(type, draw) : valueText(randomOf(type, draw)),
  );
  return `${name}(${values.join(', ')});`;
}

function makeStep(relations: readonly MixedRelation[], draw: Draw): ComparedStep {
  const events: Record<string, readonly Row[]> = {};
  for (const relation of relations) {
    if (relation.kind !== 'input' && relation.kind !== 'loopback') continue;
    const rows = Array.from({ length: draw(4) }, () => makeRow(relation, draw));
    if (rows.length > 0) events[relation.name] = rows;
  }
  return { events, boot: draw(12) === 0, twice: draw(8) === 0 };
}
