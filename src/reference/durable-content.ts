/**
 * What of a store outlives the process: the content of durable tables and lattices, and under the
 * name of a durable channel what standing rules last asked it to carry. The sum of all changes is
 * what a later process loads.
 *
 * A standing send leaves when it begins to hold. A restart is no such beginning, or every start would
 * send again what has been sent once and for all. Of loaded sends it is not told which rule asked
 * for them: they count as asked for by all.
 */
import { defined } from '../base/assert.js';
import { rowKey, type Row } from '../base/value.js';
import type { RelationChange, RelationRows } from '../evaluator/evaluator.js';
import type { Program, Relation } from '../semantics/program.js';
import { keyOf, noStoredRows, type StoredRows } from './content.js';
import { distinct, without } from './release.js';
import { emptyStore, isStored, type Store } from './store.js';

/** Rows of tables as they are stored. */
export function storedRows(
  program: Program,
  batches: readonly RelationRows[],
): ReadonlyMap<string, StoredRows> {
  return new Map(
    batches.map(({ relation, rows }) => {
      const schema = defined(program.relations.get(relation), `relation ${relation}`);
      const entries = rows.map((row) => [keyOf(schema, row), row] as const);
      return [
        relation,
        noStoredRows.withMutations((map) => entries.forEach(([k, row]) => map.set(k, row))),
      ];
    }),
  );
}

/** The store of a node that has not run yet, with what an earlier process left. */
export function loadStore(program: Program, content: readonly RelationRows[]): Store {
  const isTable = ({ relation }: RelationRows): boolean =>
    isStored(defined(program.relations.get(relation), `relation ${relation}`));
  const standingSends = new Map<number, ReadonlyMap<string, Row>>();
  for (const { relation, rows } of content.filter((one) => !isTable(one)))
    for (const id of standingRules(program, relation))
      standingSends.set(id, new Map(rows.map((row) => [rowKey(row), row])));
  return {
    ...emptyStore,
    tables: storedRows(program, content.filter(isTable)),
    standingSends,
    loaded: new Set(content.map(({ relation }) => relation)),
  };
}

/** How what outlives the process differs between two commits. */
export function durableChanges(
  program: Program,
  before: Store,
  after: Store,
): readonly RelationChange[] {
  const durable = [...program.relations.values()].filter((relation) => relation.durable);
  return durable
    .map((relation) => {
      const [was, is] = [before, after].map((store) => durableRows(program, store, relation));
      return {
        relation: relation.name,
        added: distinct(without(is!, was!)),
        removed: distinct(without(was!, is!)),
      };
    })
    .filter(({ added, removed }) => added.length + removed.length > 0)
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

function durableRows(program: Program, store: Store, relation: Relation): readonly Row[] {
  if (isStored(relation)) return [...(store.tables.get(relation.name)?.values() ?? [])];
  return standingRules(program, relation.name).flatMap((id) => [
    ...(store.standingSends.get(id)?.values() ?? []),
  ]);
}

function standingRules({ rules }: Program, relation: string): readonly number[] {
  return rules.flatMap(({ id, head, eventDriven }) =>
    head.relation === relation && head.mode === 'async' && !eventDriven ? [id] : [],
  );
}
