/**
 * The commit of a table with lattice columns: what is put merges with the row that stands there, so
 * that being asked for again is not the same as having been done. All that is asked for is done
 * again in every timestep; see commit-table.ts for what it amounts to.
 */
import type { TableEffects } from './commit-table.js';
import type { LatticeRelation } from './lattice-relation.js';
import type { Relation } from './relation.js';
import type { RelationStore, TableNotes } from './relation-store.js';
import { TimestepEnds } from './timestep-ends.js';

/** Throws `TimestepEnds` where two rows would share a key and do not merge. */
export function commitLatticeTable(effects: TableEffects, store: RelationStore): void {
  const { slot, keyColumns, deletes, upsert, next } = effects;
  for (const { columns, wanted } of deletes)
    removeMatching(slot, columns, store.current[wanted]!, store);
  if (upsert !== null) removeMatching(slot, keyColumns, store.current[upsert.wanted]!, store);
  for (const group of [next, upsert])
    if (group !== null) putAll(effects, store.current[group.wanted]!, store);
}

function removeMatching(
  slot: number,
  columns: readonly number[],
  patterns: Relation,
  store: RelationStore,
): void {
  const table = store.current[slot]!;
  if (table.size === 0) return;
  const doomed: Int32Array[] = [];
  patterns.forEach('visible', (pattern) => {
    const words = pattern.slice(0, columns.length);
    if (columns.length === table.arity) {
      if (table.has(words)) doomed.push(words);
    } else table.probe(columns, words, 'visible', (row) => void doomed.push(row.slice()));
  });
  if (doomed.length === 0) return;
  const { removed } = store.notesOf(slot);
  for (const row of doomed) if (table.remove(row)) removed.insert(row);
}

function putAll({ slot, keyColumns }: TableEffects, wanted: Relation, store: RelationStore): void {
  const table = store.current[slot] as LatticeRelation;
  wanted.forEach('visible', (row) => {
    if (table.has(row) || growRow(table, row, store.notesOf(slot))) return;
    if (keyColumns.length < table.arity)
      table.probe(keyColumns, row.slice(0, keyColumns.length), 'visible', () => {
        throw new TimestepEnds('key');
      });
    store.notesOf(slot).put.insert(row);
    table.insert(row);
    // Settled at once: the next row's key is looked up among the visible ones.
    table.settle();
  });
}

/** Merges a row into the one that it merges with; false if there is none. */
function growRow(table: LatticeRelation, row: Int32Array, { removed, put }: TableNotes): boolean {
  const before = table.rowLike(row);
  if (before === null) return false;
  table.insert(row);
  table.settle();
  put.settle();
  if (!put.remove(before)) removed.insert(before);
  put.insert(table.rowLike(row)!);
  return true;
}
