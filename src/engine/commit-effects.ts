/**
 * Commits the tables, each by what it is asked for (commit-table.ts), and tells what that comes to.
 */
import type { PhysicalPlan } from '../plan/physical-plan.js';
import type { Changes } from './changes.js';
import { LatticeCommit } from './commit-lattice.js';
import { TableCommit } from './commit-table.js';
import type { EffectGroup } from './effect-groups.js';
import type { ReachedUnits } from './reached-units.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';

export interface CommitParts {
  readonly plan: PhysicalPlan;
  readonly groups: readonly EffectGroup[];
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly reached: ReachedUnits;
}

export class TableCommits {
  readonly #tables: readonly (TableCommit | LatticeCommit)[];
  readonly #store: RelationStore;
  readonly #reached: ReachedUnits;

  constructor({ plan, groups, store, changes, reached }: CommitParts) {
    [this.#store, this.#reached] = [store, reached];
    this.#tables = plan.relations.flatMap(({ slot, schema, storage, merged }) => {
      const own = groups.filter((group) => group.slot === slot);
      if (storage !== 'stored' || own.every(({ mode }) => mode === 'async')) return [];
      const effects = {
        slot,
        keyColumns: Array.from({ length: schema.keyLength }, (_, i) => i),
        isKeyed: schema.keyLength < schema.columns.length,
        deletes: own.filter(({ mode }) => mode === 'delete'),
        upsert: own.find(({ mode }) => mode === 'upsert') ?? null,
        next: own.find(({ mode }) => mode === 'next') ?? null,
        width: schema.columns.length,
      };
      return new (merged.length > 0 ? LatticeCommit : TableCommit)(effects, store, changes);
    });
  }

  /** Commits all tables; throws `TimestepEnds` where two tuples would share a key. */
  run(): void {
    const tables = this.#tables;
    for (let i = 0; i < tables.length; i++) tables[i]!.run();
    const { slots, count } = this.#store.notedTables;
    for (let i = 0; i < count; i++)
      if (leavesFixpoint(slots[i]!, this.#store)) this.#reached.touch(slots[i]!);
  }
}

/** Whether a table now differs from what it held at the fixpoint; settles what was noted. */
function leavesFixpoint(slot: number, store: RelationStore): boolean {
  const { removed, put } = store.notesOf(slot);
  removed.settle();
  put.settle();
  if (!store.merges(slot)) return removed.size + put.size > 0;
  return leavesByTuple(store.current[slot]!, removed, put);
}

function leavesByTuple(table: Relation, removed: Relation, put: Relation): boolean {
  let leaves = false;
  removed.forEach('visible', (row) => {
    leaves ||= !table.has(row);
  });
  put.forEach('visible', (row) => {
    leaves ||= !removed.has(row);
  });
  return leaves;
}

/**
 * Whether some table now differs from what it held when the timestep began; `passing`: or did so at
 * the fixpoint.
 */
export function anyChanged(store: RelationStore, passing: boolean): boolean {
  const { slots, count } = store.notedTables;
  for (let i = 0; i < count; i++) if (hasChanged(slots[i]!, store, passing)) return true;
  return false;
}

function hasChanged(slot: number, store: RelationStore, passing: boolean): boolean {
  const { added, removed, put } = store.notesOf(slot);
  if (passing && added.size > 0) return true;
  if (isOfCommit(slot, store)) return removed.size + put.size > 0;
  return hasChangedByTuple(slot, store);
}

/** Whether what is noted of a table is of the commit alone, which takes nothing away that it puts in. */
export function isOfCommit(slot: number, store: RelationStore): boolean {
  return store.notesOf(slot).added.size === 0 && !store.merges(slot);
}

/** The same where what was noted may come to nothing. */
function hasChangedByTuple(slot: number, store: RelationStore): boolean {
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
