/** Facts by columns: both evaluators take from a table what they take from its rows. */
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/base/table.js';
import { float, latticeValue, list, set, type Row } from '../../../src/base/value.js';
import { makeEngineProgram } from '../../../src/compiler/node-program.js';
import { createEngineEvaluator } from '../../../src/engine/engine-evaluator.js';
import type { Evaluator, RelationFacts } from '../../../src/evaluator/evaluator.js';
import { createReferenceEvaluator } from '../../../src/reference/reference-evaluator.js';
import { programOf } from '../../support/reference-node.js';

const wide = Array.from({ length: 200 }, (_, i) => `c${i}: any`).join(', ');
const program = programOf(`table none(); table one(a: any); table two(a: any, b: any);
  static swapped(a: int, b: int); view byB(b: int, a: int); byB(b, a) :- swapped(a, b), key(b);
  static key(b: int); table three(a: any, b: any, c: any); table broad(${wide});
  table kept(@at: addr, n: int); table best(k: string => c: lmin<int>, s: lset<string>);`);

const wideRow: Row = Array.from({ length: 200 }, (_, i) => (i % 7 === 0 ? `s${i}` : i));
const values: Row = ['x', -1, 0, 2 ** 31, float(1), null, true, list([1, 'y']), 'x'];
const pairs: readonly Row[] = values.flatMap((a) => values.map((b): Row => [a, b]));

const given: Readonly<Record<string, readonly Row[]>> = {
  none: [[], []],
  one: values.map((value) => [value]),
  two: [...pairs, ...pairs],
  swapped: Array.from({ length: 300 }, (_, i) => [i % 7, i % 11]),
  key: [[3], [4]],
  three: pairs.map((row, i) => [...row, i]),
  broad: [wideRow, wideRow.with(199, 'other')],
  best: [
    ['a', latticeValue('lmin', [3]), latticeValue('lset', [set(['x'])])],
    ['a', latticeValue('lmin', [-2]), latticeValue('lset', [set(['y'])])],
  ],
  kept: [
    ['n1', 1],
    ['n2', 2],
  ],
};

function contents(evaluator: Evaluator): readonly (readonly Row[])[] {
  const result = evaluator.timestep({
    events: [],
    nextTuples: [],
    nowMs: 0,
    boot: { first: true },
  });
  expect(result.kind).toBe('commit');
  return [...program.relations.keys()].map((name) => evaluator.query(name));
}

const identity = (facts: readonly RelationFacts[]) => ({ name: 'n1', cluster: ['n1'], facts });
const bounds = { maxTuples: 10_000 };

describe('facts by columns', () => {
  const rows = Object.entries(given).map(([relation, all]) => ({ relation, rows: all }));
  const tables = rows.map(({ relation, rows: all }) => ({
    relation,
    rows: Table.of(all[0]!.length, all),
  }));
  const expected = contents(createReferenceEvaluator(program, identity(rows), bounds));

  it('are to the reference evaluator what their rows are', () => {
    expect(contents(createReferenceEvaluator(program, identity(tables), bounds))).toEqual(expected);
  });

  it('are to the engine what their rows are', () => {
    const engine = createEngineEvaluator(makeEngineProgram(program), identity(tables), bounds);
    expect(contents(engine)).toEqual(expected);
  });

  it('count against the bound', () => {
    const engine = createEngineEvaluator(makeEngineProgram(program), identity(tables), {
      maxTuples: 50,
    });
    const input = { events: [], nextTuples: [], nowMs: 0, boot: { first: true } };
    expect(engine.timestep(input)).toMatchObject({ kind: 'failure', bound: true });
    expect(engine.query('two')).toEqual([]);
  });
});
