/**
 * Recursions whose keys have many values, so that sets take every shape and arrays are replaced in
 * the middle of a loop: against plain sets, whatever the vertices are.
 */
import { describe, expect, it } from 'vitest';
import { compareValues, type Row, type Value } from '../../../src/base/value.js';
import { makeEngineProgram } from '../../../src/compiler/node-program.js';
import { createEngineEvaluator } from '../../../src/engine/engine-evaluator.js';
import { programOf } from '../../support/reference-node.js';

type Edge = readonly [number, number];

/** Ways to call vertex `i`. */
const vertices: Readonly<Record<string, (i: number) => Value>> = {
  'dense ints': (i) => i,
  'ints far apart': (i) => (i * 7_919_993) % 2 ** 31,
  'negative ints': (i) => -1 - i,
  strings: (i) => `vertex ${i}`,
  'ints and strings': (i) => (i % 3 === 0 ? `vertex ${i}` : i),
};

/** A cycle with chords, a chain that leaves it, and a hub. */
const edges: readonly Edge[] = [
  ...Array.from({ length: 60 }, (_, i): Edge => [i, (i + 1) % 60]),
  ...Array.from({ length: 20 }, (_, i): Edge => [i * 3, (i * 17) % 60]),
  ...Array.from({ length: 40 }, (_, i): Edge => [60 + i, 61 + i]),
  ...Array.from({ length: 90 }, (_, i): Edge => [101, i]),
  [7, 60],
  [30, 30],
];

const rules: Readonly<Record<string, string>> = {
  'to the left': 'r(x, y) :- e(x, y); r(x, z) :- r(x, y), e(y, z);',
  'to the right': 'r(x, y) :- e(x, y); r(x, z) :- e(x, y), r(y, z);',
  'on both sides': 'r(x, y) :- e(x, y); r(x, z) :- r(x, y), r(y, z);',
  'in two rules': 'r(x, y) :- e(x, y); r(x, z) :- r(x, y), f(y, z); r(x, z) :- r(x, y), g(y, z);',
  'in three steps':
    'r(x, y) :- e(x, y); r(x, z) :- r(x, y), e(y, z); r(x, w) :- r(x, y), r(y, z), r(z, w); r(x, w) :- e(x, y), r(y, z), r(z, w);',
  'of a table': 'r(x, y) :- e(x, y); r(x, z) :- r(x, y), e(y, z);',
};

function findReached(): Set<string> {
  const found = new Set<string>();
  for (let start = 0; start <= 101; start++) {
    const open = [start];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const [from, to] of edges) {
        if (from !== at || found.has(`${start} ${to}`)) continue;
        found.add(`${start} ${to}`);
        open.push(to);
      }
    }
  }
  return found;
}

const reached = findReached();

function pairs(text: string, call: (i: number) => Value): readonly Row[] {
  const program = makeEngineProgram(programOf(text));
  const rows = edges.map(([from, to]): Row => [call(from), call(to)]);
  const halves = { f: rows.filter((_, i) => i % 2 === 0), g: rows.filter((_, i) => i % 2 === 1) };
  const facts = Object.entries({ e: rows, ...halves })
    .filter(([relation]) => text.includes(`static ${relation}(`))
    .map(([relation, own]) => ({ relation, rows: own }));
  const evaluator = createEngineEvaluator(
    program,
    { name: 'n', cluster: ['n'], facts },
    { maxTuples: 1_000_000 },
    { checks: true },
  );
  const commit = evaluator.timestep({
    events: [],
    nextTuples: [],
    nowMs: 0,
    boot: { first: true },
  });
  expect(commit.kind).toBe('commit');
  return evaluator.query('r');
}

describe.each(Object.entries(vertices))('over %s', (_, call) => {
  const expected = [...reached]
    .map((pair): Row => pair.split(' ').map((i) => call(Number(i))))
    .sort(([a, b], [c, d]) => compareValues(a!, c!) || compareValues(b!, d!));

  it.each(Object.entries(rules))('closes %s', (name, text) => {
    const statics = ['e', 'f', 'g'].map((relation) => `static ${relation}(x: any, y: any);`);
    const kind = name === 'of a table' ? 'table' : 'view';
    expect(pairs(`${statics.join(' ')} ${kind} r(x: any, y: any); ${text}`, call)).toEqual(
      expected,
    );
  });

  it('finds who is of one generation', () => {
    const text =
      'static e(x: any, y: any); view r(x: any, y: any); r(x, y) :- e(p, x), e(p, y), x != y; r(x, y) :- e(a, x), r(a, b), e(b, y);';
    const found = pairs(text, call).map((row) => JSON.stringify(row));
    const wanted = sameGeneration().map(([x, y]) => JSON.stringify([call(x), call(y)]));
    expect(found.sort()).toEqual(wanted.sort());
  });
});

function sameGeneration(): readonly Edge[] {
  const found = new Map<string, Edge>();
  const open: Edge[] = [];
  const add = (x: number, y: number): void => {
    if (found.has(`${x} ${y}`)) return;
    found.set(`${x} ${y}`, [x, y]);
    open.push([x, y]);
  };
  for (const [p, x] of edges) for (const [q, y] of edges) if (p === q && x !== y) add(x, y);
  for (let pair = open.pop(); pair !== undefined; pair = open.pop())
    for (const [a, x] of edges)
      if (a === pair[0]) for (const [b, y] of edges) if (b === pair[1]) add(x, y);
  return [...found.values()];
}
