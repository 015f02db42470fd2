/**
 * Evaluates what effects are asked for, and commits the tables:
 *
 *   new content = (content at fixpoint − deletes − every tuple whose key is upserted) ∪ @next ∪ upserts
 *
 * in place, noting each tuple taken away and put in, so that a failure can undo it.
 */
import type { PhysicalPlan } from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
import type { EffectGroup } from './effect-groups.js';
import type { Relation } from './relation.js';
import { LatticeRelation } from './lattice-relation.js';
import type { RelationStore, TableNotes } from './relation-store.js';

/** Evaluates the groups that a change reaches; `evaluate` runs the code of a group's rules. */
export function evaluateEffects(
  groups: readonly EffectGroup[],
  store: RelationStore,
  budget: Budget,
  evaluate: (group: EffectGroup) => void,
): void {
  for (const group of groups) {
    const counts = group.mode !== 'delete';
    const isReached =
      !group.hasRun || group.reads.some((slot, i) => group.stamps[i] !== store.versions[slot]);
    if (isReached) {
      [group.wanted, group.former] = [group.former, group.wanted];
      group.isRenewed = true;
      for (const target of group.targets.values()) target.relation = group.wanted;
      evaluate(group);
      group.wanted.settle();
    } else if (counts) budget.spend(group.wanted.size);
    if (counts && budget.measures) group.wanted.forEach('visible', budget.measure);
  }
}

/** After a commit; `versions` are those that the effects were evaluated on. */
export function keepEffects(groups: readonly EffectGroup[], versions: Float64Array): void {
  for (const group of groups) {
    if (!group.isRenewed) continue;
    group.former.clear();
    group.isRenewed = false;
    group.hasRun = true;
    for (const [i, slot] of group.reads.entries()) group.stamps[i] = versions[slot]!;
  }
}

/** After a failure. */
export function dropEffects(groups: readonly EffectGroup[]): void {
  for (const group of groups) {
    if (!group.isRenewed) continue;
    group.wanted.clear();
    [group.wanted, group.former] = [group.former, group.wanted];
    group.isRenewed = false;
  }
}

/** Commits all tables; `onConflict` is called, and must throw, where two tuples would share a key. */
export function commitTables(
  plan: PhysicalPlan,
  groups: readonly EffectGroup[],
  store: RelationStore,
  onConflict: () => never,
): void {
  const ofMode = (mode: EffectGroup['mode']): readonly EffectGroup[] =>
    groups.filter(
      (group) =>
        group.mode === mode &&
        group.wanted.size > 0 &&
        plan.relations[group.slot]!.storage === 'stored',
    );
  for (const group of ofMode('delete'))
    removeMatching(group.slot, group.columns, group.wanted, store);
  for (const { slot, wanted } of ofMode('upsert')) {
    const { keyLength } = plan.relations[slot]!.schema;
    removeMatching(
      slot,
      Array.from({ length: keyLength }, (_, i) => i),
      wanted,
      store,
    );
  }
  for (const mode of ['next', 'upsert'] as const)
    for (const { slot, wanted } of ofMode(mode)) putAll(plan, slot, wanted, store, onConflict);
  for (const slot of store.notedTables) {
    if (leavesFixpoint(slot, store)) store.touch(slot);
  }
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

function putAll(
  plan: PhysicalPlan,
  slot: number,
  wanted: Relation,
  store: RelationStore,
  onConflict: () => never,
): void {
  const table = store.current[slot]!;
  const { keyLength, columns } = plan.relations[slot]!.schema;
  const key = Array.from({ length: keyLength }, (_, i) => i);
  wanted.forEach('visible', (row) => {
    if (table.has(row)) return;
    if (table instanceof LatticeRelation && growRow(table, row, store.notesOf(slot))) return;
    if (keyLength < columns.length)
      table.probe(key, row.slice(0, keyLength), 'visible', onConflict);
    store.notesOf(slot).put.insert(row);
    table.insert(row);
    // Settled at once: the next tuple's key is looked up among the visible ones.
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

/** Whether a table now differs from what it held at the fixpoint. */
function leavesFixpoint(slot: number, store: RelationStore): boolean {
  const table = store.current[slot]!;
  const { removed, put } = store.notesOf(slot);
  for (const relation of [removed, put]) relation.settle();
  let leaves = false;
  removed.forEach('visible', (row) => {
    leaves ||= !table.has(row);
  });
  put.forEach('visible', (row) => {
    leaves ||= !removed.has(row);
  });
  return leaves;
}

/** Whether a table now differs from what it held when the timestep began. */
export function hasChanged(slot: number, store: RelationStore): boolean {
  let changed = false;
  const note = (): void => {
    changed = true;
  };
  forEachChange(slot, store, note, note);
  return changed;
}

/** Calls back for each tuple that a table holds now and did not at the start, and the other way round. */
export function forEachChange(
  slot: number,
  store: RelationStore,
  onAdded: (row: Int32Array) => void,
  onRemoved: (row: Int32Array) => void,
): void {
  const table = store.current[slot]!;
  const { added, replaced, removed, put } = store.notesOf(slot);
  for (const relation of [added, removed, put]) relation.settle();
  const wasThere = (row: Int32Array): boolean => removed.has(row) && !added.has(row);
  added.forEach('visible', (row) => {
    if (table.has(row)) onAdded(row);
  });
  put.forEach('visible', (row) => {
    if (!table.has(row) || added.has(row) || removed.has(row) || replaced.has(row)) return;
    onAdded(row);
  });
  removed.forEach('visible', (row) => {
    if (wasThere(row) && !table.has(row)) onRemoved(row);
  });
  replaced.forEach('visible', (row) => {
    if (!table.has(row)) onRemoved(row);
  });
}
