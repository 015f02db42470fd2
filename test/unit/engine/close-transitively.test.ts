/** The transitive closure of a binary relation, held against Warshall's. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { closeTransitively } from '../../../src/engine/close-transitively.js';
import { PairRelation } from '../../../src/engine/pair-relation.js';
import type { Part } from '../../../src/engine/relation.js';

type Edges = readonly (readonly [number, number])[];

function relationOf(edges: Edges, keyColumn: 0 | 1 = 0): PairRelation {
  const relation = new PairRelation({ checks: true, keyColumn });
  for (const [x, y] of edges) relation.insert([x, y]);
  return relation;
}

function rowsOf(relation: PairRelation, part: Part): readonly string[] {
  const rows: string[] = [];
  relation.forEach(part, ([x, y]) => rows.push(`${x} ${y}`));
  return rows.sort();
}

function closureOf(edges: Edges): readonly string[] {
  const words = [...new Set(edges.flat())];
  const reached = new Set(edges.map(([x, y]) => `${x} ${y}`));
  for (const y of words)
    for (const x of words)
      if (reached.has(`${x} ${y}`))
        for (const z of words) if (reached.has(`${y} ${z}`)) reached.add(`${x} ${z}`);
  return [...reached].sort();
}

/** Closes; how many tuples were told to be new. */
function close(relation: PairRelation): number {
  let spent = 0;
  closeTransitively({ relation, spend: (tuples) => void (spent += tuples), pass: () => {} });
  return spent;
}

/** Edges between some words: close together, far apart, or ids of the dictionary. */
const graphs = fc
  .record({
    words: fc.integer({ min: 1, max: 50 }),
    edges: fc.array(fc.tuple(fc.nat({ max: 10_000 }), fc.nat({ max: 10_000 })), { maxLength: 150 }),
    spread: fc.constantFrom(1, 1, 7919, 40_000_000, -1),
  })
  .map(({ words, edges, spread }) =>
    edges.map(([x, y]): [number, number] => [(x % words) * spread, (y % words) * spread]),
  );

describe('the transitive closure', () => {
  it('of a random graph is what Warshall finds, whichever column is the key', () => {
    fc.assert(
      fc.property(graphs, fc.constantFrom(0, 1), (edges, keyColumn) => {
        const relation = relationOf(edges, keyColumn);
        const before = relation.size;
        const spent = close(relation);
        const closed = closureOf(edges);
        expect(relation.size).toBe(closed.length);
        expect(spent).toBe(closed.length - before);
        relation.advance();
        expect(rowsOf(relation, 'delta')).toEqual(closed);
        relation.settle();
        expect(rowsOf(relation, 'visible')).toEqual(closed);
        for (const row of closed) expect(relation.has(row.split(' ').map(Number))).toBe(true);
      }),
      { numRuns: 400 },
    );
  });

  it('takes tuples in and out afterwards as any relation does', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        const relation = relationOf(edges);
        close(relation);
        relation.settle();
        const closed = closureOf(edges);
        for (const row of closed) expect(relation.remove(row.split(' ').map(Number))).toBe(true);
        expect(relation.size).toBe(0);
        for (const [x, y] of edges) relation.insert([x, y]);
        close(relation);
        relation.settle();
        expect(rowsOf(relation, 'visible')).toEqual(closed);
      }),
      { numRuns: 100 },
    );
  });

  it('goes as deep as a chain is long, in either direction', () => {
    const chain = Array.from({ length: 3000 }, (_, i) => [i, i + 1] as const);
    for (const edges of [chain, chain.map(([x, y]) => [y, x] as const)]) {
      const relation = relationOf(edges);
      close(relation);
      expect(relation.size).toBe((3000 * 3001) / 2);
    }
  });

  it('gives every word of a cycle the whole of it, and what lies behind', () => {
    const cycle = Array.from({ length: 500 }, (_, i) => [i, (i + 1) % 500] as const);
    const relation = relationOf([...cycle, [77, 1000], [1000, 1001], [2000, 3]]);
    expect(close(relation)).toBe(501 * 502 + 1 - 503);
    expect(relation.size).toBe(501 * 502 + 1);
  });

  it('unites many branches, those that reach each other and those that do not', () => {
    const branches = Array.from({ length: 100 }, (_, i) => {
      const from = 10 + 10 * ((i * 37) % 100);
      const inner = [from, from + 1, from + 2].map((x) => [x, x + 1] as const);
      return [[1, from] as const, ...inner, [from + 3, from > 500 ? from - 500 : 5000] as const];
    }).flat();
    const relation = relationOf(branches);
    close(relation);
    relation.settle();
    expect(rowsOf(relation, 'visible')).toEqual(closureOf(branches));
  });

  it('tells of the tuples that it looks at, though none is new', () => {
    const layers = [0, 100, 200].map((from) => Array.from({ length: 60 }, (_, i) => from + i));
    const pairs = (from: number, to: number): Edges =>
      layers[from]!.flatMap((x) => layers[to]!.map((y) => [x, y] as const));
    const relation = relationOf([...pairs(0, 1), ...pairs(1, 2), ...pairs(0, 2)]);
    let [spent, passed] = [0, 0];
    closeTransitively({
      relation,
      spend: (tuples) => void (spent += tuples),
      pass: (tuples) => void (passed += tuples),
    });
    expect(spent).toBe(0);
    expect(passed).toBeGreaterThanOrEqual(60 * 60 * 60);
  });

  it('stops where whoever counts says so, and the relation can be used again', () => {
    const edges = Array.from({ length: 60 }, (_, i) => [i, (i * 7 + 1) % 60] as const);
    for (let most = 0; most < 40; most++) {
      const relation = relationOf(edges);
      let times = 0;
      const spend = (): void => {
        if (times++ === most) throw new Error('enough');
      };
      expect(() => closeTransitively({ relation, spend, pass: () => {} })).toThrow('enough');
      const closed = new Set(closureOf(edges));
      while (relation.advance());
      const rows = rowsOf(relation, 'visible');
      expect(rows).toHaveLength(relation.size);
      expect(rows.every((row) => closed.has(row))).toBe(true);
      relation.clear();
      for (const [x, y] of edges) relation.insert([x, y]);
      close(relation);
      expect(relation.size).toBe(closed.size);
    }
  });
});
