/**
 * A table of one word for each key has it in place by the key, where nothing brings anything derived
 * up to date with it. Every way to ask such a table over every way to change it, conflicts and
 * timesteps that fail included: the engine does what the reference evaluator does.
 */
import { describe, expect, it } from 'vitest';
import { makeEngineProgram } from '../../src/compiler/node-program.js';
import { compareEvaluators, type ComparedStep } from '../support/compare-evaluators.js';
import { programOf } from '../support/reference-node.js';

const relations = `input put(k: any, v: int); input cut(k: any, v: int); input get(k: any);
  table kv(k: any => v: int); kv(9, 9); kv("nine", 1);`;

const reads = [
  'output o(k: any, v: int); o(k, v) :- get(k), kv(k, v);',
  'output o(k: any, v: int); o(k, v) :- get(_), kv(k, v);',
  'output o(k: any, v: int); o(k, v) :- get(k), kv(k, v), v > 1;',
  'output o(k: any); o(k) :- get(k), kv(k, 2);',
  'output o(k: any); o(k) :- get(k), notin kv(k, _);',
  'output o(k: any); o(k) :- get(k), notin kv(k, 2);',
  'output o(k: any); o(k) :- get(k), notin kv(_, _);',
  'output o(k: int); o(k) :- get(_), kv(k, k);',
  'output o(k: any, w: int); o(k, w) :- get(k), kv(k, v), kv(v, w);',
  'output o(k: any, v: int); o(k, v) :- put(k, v), kv(k, v);',
  'output o(k: any, v: float); o(k, avg<v>) :- get(k), kv(k, v);',
  'output o(k: any); scratch r(k: any); r(k) :- get(k); r(v) :- r(k), kv(k, v); o(k) :- r(k);',
  'output o(k: any, q: int); o(k, q) :- get(k), kv(k, v), q = 6 / v;',
];
const writes = [
  'upsert kv(k, v) :- put(k, v);',
  'kv(k, v)@next :- put(k, v);',
  'upsert kv(k, max<v>) :- put(k, v); delete kv(k, _) :- cut(k, _);',
  'upsert kv(k, v + 1) :- put(k, _), kv(k, v); kv(k, v)@next :- put(k, v), notin kv(k, _);',
  'kv(k, v)@next :- put(k, v); delete kv(k, v) :- cut(k, _), kv(k, v);',
  'kv(k, v)@next :- put(k, v); delete kv(_, v) :- cut(_, v);',
  'upsert kv(k, min<v>) :- put(k, v); delete kv(_, _) :- cut(_, _);',
  'table more(k: any, v: int); more(k, v)@next :- put(k, v); upsert kv(k, max<v>) :- more(k, v); delete kv(k, _) :- cut(k, _);',
  'table off(v: int); off(v)@next :- cut(_, v); delete kv(_, v) :- off(v); upsert kv(k, max<v>) :- put(k, v);',
];

const keys = [1, 2, 'a', 70_000];
/** Each with what it takes written short: keys and values. */
const steps: readonly ComparedStep[] = [
  { events: { put: [['a', 1]], get: [['a'], [9]] } },
  { events: { put: keys.map((key, i) => [key, i]), get: keys.map((key) => [key]) } },
  { events: { put: [[1, 2]], get: [[1]] }, twice: true },
  // Two values for one key: fails where they are not merged beforehand.
  {
    events: {
      put: [
        [2, 5],
        [2, 6],
        ['b', 1],
      ],
      get: [[2], ['b']],
    },
  },
  { events: { get: [[2], ['b'], ['nine']], put: [['nine', 3]] } },
  { events: { cut: [[1, 2]], put: [[1, 7]] } },
  {
    events: {
      cut: [
        ['a', 2],
        [2, 1],
      ],
      get: [[1], ['a'], [2]],
    },
  },
  { events: { get: [[1], [7]] }, restart: true },
  { events: { put: [[1, 1]], cut: [[1, 1]], get: [[1]] } },
  { events: { get: [[1], [9], ['nine']] } },
];

it('is told by the plan', () => {
  const isKeyed = (text: string): boolean =>
    makeEngineProgram(programOf(relations + text)).plan.relations.find(
      ({ schema }) => schema.name === 'kv',
    )!.isKeyed;
  expect(reads.every(isKeyed)).toBe(true);
  expect(isKeyed('view v(k: any, v: int); v(k, v) :- kv(k, v);')).toBe(false);
  expect(isKeyed('kv(k, v) :- put(k, v);')).toBe(false);
  expect(isKeyed('output o(k: any); o(k) :- put(_, v), kv(k, v);')).toBe(false);
});

describe.each(writes)('%s', (write) => {
  it.each(reads)('%s', (read) => {
    expect(compareEvaluators(programOf(`${relations}\n${read}\n${write}`), steps)).toBeNull();
  });
});

it('holds many keys, far apart and close together', () => {
  const far = Array.from({ length: 300 }, (_, i) => [i % 2 === 0 ? i : i * 7_000_003, i]);
  const text = `${relations}\n${reads[0]}\n${writes[2]}`;
  const many: ComparedStep[] = [
    { events: { put: far } },
    { events: { cut: far.slice(40, 250), get: far.slice(0, 60).map(([key]) => [key!]) } },
    { events: { put: far.slice(100, 200), get: [[41], [10]] } },
    { events: { get: far.map(([key]) => [key!]) } },
  ];
  expect(compareEvaluators(programOf(text), many)).toBeNull();
});
