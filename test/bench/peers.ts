/**
 * The closure of a graph by what npm offers beside Trellis. d2ts does joins and deduplication round
 * by round, driven from outside: its own `iterate` gives wrong counts. datascript evaluates the two
 * rules by itself, the recursive one with its recursion last: the other way round it does not end.
 */
import {
  D2,
  MessageType,
  MultiSet,
  concat,
  distinct,
  innerJoin,
  keyBy,
  map,
  output,
} from '@electric-sql/d2ts';
// @ts-expect-error It has no types.
import datascript from 'datascript';
import type { Facts, Sizes } from './kernels.js';

type Pair = readonly [number, number];

function pairsOf({ edge }: Facts): readonly Pair[] {
  const [from, to] = edge as [Int32Array, Int32Array];
  return Array.from(from, (x, i) => [x, to[i]!]);
}

export function closureByD2ts(facts: Facts): Sizes {
  const edges = pairsOf(facts);
  const graph = new D2({ initialFrontier: 0 });
  const edge = graph.newInput<Pair>();
  const path = graph.newInput<Pair>();
  const found: Pair[] = [];
  edge.pipe(
    keyBy(([y]) => y),
    innerJoin(path.pipe(keyBy(([, y]) => y))),
    map(([, [[, z], [x]]]): Pair => [x, z]),
    concat(edge),
    distinct(),
    output(({ type, data }) => {
      if (type === MessageType.DATA)
        for (const [pair] of data.collection.getInner()) found.push(pair);
    }),
  );
  graph.finalize();
  edge.sendData(0, new MultiSet(edges.map((pair): [Pair, number] => [pair, 1])));
  path.sendData(0, new MultiSet<Pair>([]));
  let total = 0;
  for (let version = 1; ; version++) {
    edge.sendFrontier(version);
    path.sendFrontier(version);
    graph.run();
    total += found.length;
    if (found.length === 0) return { r: total };
    path.sendData(version, new MultiSet(found.map((pair): [Pair, number] => [pair, 1])));
    found.length = 0;
  }
}

interface Datascript {
  empty_db(schema: object): unknown;
  db_with(db: unknown, data: readonly unknown[]): unknown;
  q(query: string, ...inputs: readonly unknown[]): { readonly length: number };
}

export function closureByDatascript(facts: Facts): Sizes {
  const api = datascript as Datascript;
  const schema = { edge: { ':db/cardinality': ':db.cardinality/many' } };
  // Entities are numbered from 1.
  const data = pairsOf(facts).map(([x, y]) => [':db/add', x + 1, 'edge', y + 1]);
  const db = api.db_with(api.empty_db(schema), data);
  const rules = `[[(path ?x ?y) [?x "edge" ?y]]
                  [(path ?x ?z) [?x "edge" ?y] (path ?y ?z)]]`;
  return { r: api.q('[:find ?x ?y :in $ % :where (path ?x ?y)]', db, rules).length };
}
