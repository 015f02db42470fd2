/** How the facts that a run begins with fall to the nodes. */
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/base/table.js';
import type { Row } from '../../../src/base/value.js';
import { makeNodeProgram } from '../../../src/compiler/node-program.js';
import { factsOf } from '../../../src/node/workload.js';
import { compileSound } from '../../support/compile-text.js';

const cluster = ['n1', 'n2', 'n3'];
const compiled = compileSound(`table link(a: int, b: int) partition by (a);
table pair(a: int, b: int) partition by (b, a);
static town(a: int) partition by (a);
table own(a: int);
table at(@n: addr, a: int);
view shown(a: int);
shown(a) :- link(a, _), pair(a, _), town(a);
shown(a) :- own(a) | at(_, a);
`);
const program = makeNodeProgram(compiled, cluster);

function rowsAt(
  node: string,
  fact: { node: string | null; relation: string; rows: readonly Row[] | Table },
) {
  return factsOf({ facts: [fact], inputs: [] }, node, cluster, program).flatMap(
    ({ relation, rows }) => [...rows].map((row) => [relation, ...row]),
  );
}
const many = Array.from({ length: 30 }, (_, i): Row => [i, i * i]);

describe('facts of cluster-wide relations', () => {
  it.each(['link', 'pair'])('fall to their owners, each to one: %s', (relation) => {
    for (const rows of [many, Table.of(2, many)]) {
      const shares = cluster.map((node) => rowsAt(node, { node: null, relation, rows }));
      expect(shares.flat()).toHaveLength(many.length);
      for (const share of shares) expect(share.length).toBeGreaterThan(3);
      expect(new Set(shares.flat().map(([name]) => name))).toEqual(new Set([`${relation}_given`]));
    }
  });

  it('enter at the node that is named, but for statics, which are at their owner from the start', () => {
    const link = cluster.map(
      (node) => rowsAt(node, { node: 'n2', relation: 'link', rows: many }).length,
    );
    expect(link).toEqual([0, 30, 0]);
    const towns = many.map(([a]): Row => [a!]);
    const shares = cluster.map(
      (node) => rowsAt(node, { node: 'n2', relation: 'town', rows: towns }).length,
    );
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(30);
    expect(Math.max(...shares)).toBeLessThan(20);
  });

  it('leave other relations alone', () => {
    expect(rowsAt('n3', { node: null, relation: 'own', rows: [[1]] })).toEqual([['own', 1]]);
    expect(
      rowsAt('n3', {
        node: null,
        relation: 'at',
        rows: [
          ['n1', 1],
          ['n3', 2],
        ],
      }),
    ).toEqual([['at', 'n3', 2]]);
  });
});
