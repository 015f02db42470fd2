/**
 * The commit of the tables:
 *
 *   new content = (content at fixpoint − deletes − every tuple whose key is upserted) ∪ @next ∪ upserts
 *
 * and then keys are checked. So `delete` beats `:-`, and `@next` and `upsert` beat `delete`. In the
 * union, tuples with lattice columns merge instead of conflicting.
 */
import { compareRows, type Row } from '../base/value.js';
import { keyOf, type Content, type StoredRows } from './content.js';
import type { Effects, Wanted } from './collect-effects.js';
import { reportCommitConflict, type Source } from './report-failure.js';
import { mergeRows, mergesRows, settledKey } from './merge-rows.js';
import { isStored } from './store.js';
import type { WorkingState } from './working-state.js';

/** The tables after the commit; one that stays as it was is the same object. Throws `TimestepFailure`. */
export function commitTables(
  working: WorkingState,
  effects: Effects,
  sourceOf: (relation: string, row: Row) => Source,
): ReadonlyMap<string, StoredRows> {
  const tables = new Map<string, StoredRows>();
  for (const name of [...working.contents.keys()].sort()) {
    const content = working.contentOf(name);
    if (isStored(content.relation)) tables.set(name, commitTable(content, effects, sourceOf));
  }
  return tables;
}

function commitTable(
  content: Content,
  effects: Effects,
  sourceOf: (relation: string, row: Row) => Source,
): StoredRows {
  const { relation, base } = content;
  const key = (row: Row): string => keyOf(relation, row);
  const upserts = wantedRows(effects.upsert.get(relation.name));
  const incoming = [...wantedRows(effects.next.get(relation.name)), ...upserts].sort((a, b) =>
    compareRows(a.row, b.row),
  );
  const touched = new Set<string>();
  const wantedByKey = new Map<string, Wanted>();

  const after = base.withMutations((rows) => {
    const put = (row: Row): void => {
      const at = key(row);
      touched.add(at);
      rows.set(at, row);
    };
    const drop = (row: Row): void => {
      const at = key(row);
      touched.add(at);
      rows.delete(at);
    };
    for (const row of content.added) put(row);
    for (const row of removedRows(content, effects)) drop(row);
    for (const { row } of upserts) drop(row);
    for (const wanted of incoming) {
      const present = rows.get(key(wanted.row));
      const isMerged =
        present !== undefined &&
        mergesRows(relation) &&
        settledKey(relation, present) === settledKey(relation, wanted.row);
      if (isMerged) {
        put(mergeRows(relation, present, wanted.row));
        continue;
      }
      if (present !== undefined && compareRows(present, wanted.row) !== 0) {
        const other = wantedByKey.get(key(present));
        const source =
          other === undefined ? sourceOf(relation.name, present) : sourceOfWanted(other);
        throw reportCommitConflict(
          relation,
          [present, wanted.row],
          [source, sourceOfWanted(wanted)],
        );
      }
      put(wanted.row);
      if (!wantedByKey.has(key(wanted.row))) wantedByKey.set(key(wanted.row), wanted);
    }
  });
  return isUnchanged(base, after, touched) ? base : after;
}

function wantedRows(wanted: ReadonlyMap<string, Wanted> | undefined): readonly Wanted[] {
  return wanted === undefined ? [] : [...wanted.values()];
}

function removedRows(content: Content, effects: Effects): readonly Row[] {
  return effects.removals
    .filter(({ relation }) => relation === content.relation.name)
    .flatMap(({ columns, values }) => [
      ...content.baseMatching(columns, values),
      ...content.addedMatching(columns, values),
    ]);
}

function sourceOfWanted({ rule }: Wanted): Source {
  const how = rule.head.mode === 'upsert' ? 'upserted' : 'derived for the next timestep';
  return { text: `${how} by rule ${rule.origin.rule}`, span: rule.origin.span };
}

function isUnchanged(before: StoredRows, after: StoredRows, touched: ReadonlySet<string>): boolean {
  if (before.size !== after.size) return false;
  for (const key of touched) {
    const [was, is] = [before.get(key), after.get(key)];
    if (was === undefined ? is !== undefined : is === undefined || compareRows(was, is) !== 0)
      return false;
  }
  return true;
}
