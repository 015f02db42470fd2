/**
 * Transitive closure, however it is written, against a breadth-first search; and its complement,
 * shortest distances and mutual recursion, which lean on it.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row } from '../../src/base/value.js';
import { startNode } from '../support/reference-node.js';

const vertices = 7;
const graph = fc.uniqueArray(fc.tuple(fc.nat(vertices - 1), fc.nat(vertices - 1)), {
  maxLength: 14,
  selector: ([x, y]) => x * vertices + y,
});

/** Least number of edges, at least one, from each vertex to each that it reaches. */
function distances(edges: readonly (readonly [number, number])[]): [number, number, number][] {
  const found: [number, number, number][] = [];
  for (let from = 0; from < vertices; from++) {
    const reached = new Map<number, number>();
    let frontier = [from];
    for (let length = 1; frontier.length > 0; length++) {
      const next = edges
        .filter(([x, y]) => frontier.includes(x) && !reached.has(y))
        .map(([, y]) => y);
      frontier = [...new Set(next)];
      for (const to of frontier) reached.set(to, length);
    }
    const sorted = [...reached].sort(([a], [b]) => a - b);
    for (const [to, length] of sorted) found.push([from, to, length]);
  }
  return found;
}

function run(text: string, edges: readonly Row[], relation: string): readonly Row[] {
  const node = startNode(`input e(x: int, y: int); ${text}`);
  node.commit({ e: edges });
  return node.evaluator.query(relation);
}

it.each([
  ['left-linear', 'p(x, y) :- e(x, y); p(x, z) :- p(x, y), e(y, z);'],
  ['right-linear', 'p(x, y) :- e(x, y); p(x, z) :- e(x, y), p(y, z);'],
  ['non-linear', 'p(x, y) :- e(x, y); p(x, z) :- p(x, y), p(y, z);'],
  ['in alternatives', 'p(x, z) :- e(x, z) | e(x, y), p(y, z) | p(x, y), p(y, z);'],
  ['by turns', 'p(x, z) :- e(x, z); p(x, z) :- q(x, y), e(y, z); q(x, y) :- p(x, y);'],
  [
    'by turns, doubling',
    'p(x, z) :- e(x, z) | q(x, y), p(y, z); q(x, y) :- p(x, y) | q(x, w), q(w, y);',
  ],
  ['into a table', 'table p(x: int, y: int); p(x, y) :- e(x, y); p(x, z) :- p(y, z), e(x, y);'],
])('finds what is reachable, written %s', (_, text) => {
  fc.assert(
    fc.property(graph, (edges) => {
      expect(run(text, edges, 'p')).toEqual(distances(edges).map(([x, y]) => [x, y]));
    }),
    { numRuns: 60 },
  );
});

it('finds the least distance by an aggregate over a bounded recursion', () => {
  const text = `d(x, y, 1) :- e(x, y); d(x, z, n + 1) :- d(x, y, n), e(y, z), n < ${vertices}; m(x, y, min<n>) :- d(x, y, n);`;
  fc.assert(
    fc.property(graph, (edges) => {
      expect(run(text, edges, 'm')).toEqual(distances(edges));
    }),
    { numRuns: 60 },
  );
});

it('finds what is not reachable by negation', () => {
  const text =
    'p(x, y) :- e(x, y); p(x, z) :- p(x, y), e(y, z); v(x) :- e(x, _) | e(_, x); n(x, y) :- v(x), v(y), notin p(x, y);';
  fc.assert(
    fc.property(graph, (edges) => {
      const reachable = new Set(distances(edges).map(([x, y]) => `${x} ${y}`));
      const seen = [...new Set(edges.flat())].sort((a, b) => a - b);
      const expected = seen.flatMap((x) =>
        seen.filter((y) => !reachable.has(`${x} ${y}`)).map((y) => [x, y]),
      );
      expect(run(text, edges, 'n')).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});
