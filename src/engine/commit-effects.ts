/**
 * Commits the tables:
 *
 *   new content = (content at fixpoint − deletes − every tuple whose key is upserted) ∪ @next ∪ upserts
 *
 * in place, noting each tuple taken away and put in, so that a failure can undo it, and at the cost
 * of what is new: what was asked for in the last timestep and still is has been done. Of a standing
 * `delete` this holds but for tuples that have come since, or that something put in against it.
 *
 * Invariant: no tuple is taken away and put in by the same commit, but for tables whose values merge.
 */
import type { PhysicalPlan } from '../plan/physical-plan.js';
import type { Changes } from './changes.js';
import { commitLatticeTable } from './commit-lattice.js';
import type { EffectGroup } from './effect-groups.js';
import type { ReachedUnits } from './reached-units.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import { PairRelation } from './pair-relation.js';
import { RowBuffer } from './row-buffer.js';
import { TimestepEnds } from './timestep-ends.js';

/** The effects that one table gets. */
export interface TableEffects {
  readonly slot: number;
  /** Whether it has lattice columns. */
  readonly merges: boolean;
  readonly keyColumns: readonly number[];
  readonly isKeyed: boolean;
  readonly deletes: readonly EffectGroup[];
  readonly upsert: EffectGroup | null;
  readonly next: EffectGroup | null;
  /** A row of the table. */
  readonly row: Int32Array;
}

export interface CommitParts {
  readonly plan: PhysicalPlan;
  readonly groups: readonly EffectGroup[];
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly reached: ReachedUnits;
}

export class TableCommits {
  readonly #tables: readonly TableEffects[];
  readonly #store: RelationStore;
  readonly #changes: Changes;
  readonly #reached: ReachedUnits;
  readonly #doomed = new RowBuffer();

  constructor({ plan, groups, store, changes, reached }: CommitParts) {
    [this.#store, this.#changes, this.#reached] = [store, changes, reached];
    this.#tables = plan.relations.flatMap(({ slot, schema, storage, merged }) => {
      const own = groups.filter((group) => group.slot === slot);
      if (storage !== 'stored' || own.every(({ mode }) => mode === 'async')) return [];
      return {
        slot,
        merges: merged.length > 0,
        keyColumns: Array.from({ length: schema.keyLength }, (_, i) => i),
        isKeyed: schema.keyLength < schema.columns.length,
        deletes: own.filter(({ mode }) => mode === 'delete'),
        upsert: own.find(({ mode }) => mode === 'upsert') ?? null,
        next: own.find(({ mode }) => mode === 'next') ?? null,
        row: new Int32Array(schema.columns.length),
      };
    });
  }

  /** Commits all tables; throws `TimestepEnds` where two tuples would share a key. */
  run(): void {
    for (const table of this.#tables) {
      if (table.merges) commitLatticeTable(table, this.#store);
      else this.#commitTable(table);
    }
    const { slots, count } = this.#store.notedTables;
    for (let i = 0; i < count; i++)
      if (leavesFixpoint(slots[i]!, this.#store)) this.#reached.touch(slots[i]!);
  }

  #commitTable(table: TableEffects): void {
    for (const group of table.deletes) this.#deleteMatching(table, group);
    if (table.upsert !== null) this.#makeRoom(table, table.upsert);
    if (table.next !== null) this.#putFresh(table, table.next);
    if (table.upsert !== null) this.#putFresh(table, table.upsert);
  }

  /** What a group asks for that it did not ask for before, or more of it; null for nothing. */
  #freshOf({ wanted }: EffectGroup): Relation | null {
    if (this.#store.isRenewed(wanted)) return this.#store.current[wanted]!;
    return this.#store.isKept(wanted) ? this.#changes.of(wanted).come : null;
  }

  #deleteMatching(table: TableEffects, group: EffectGroup): void {
    const content = this.#store.current[table.slot]!;
    const patterns = this.#store.current[group.wanted]!;
    if (content.size === 0 || patterns.size === 0) return;
    const { columns } = group;
    const fresh = this.#freshOf(group);
    this.#doomed.begin(content.arity);
    const doom = (row: Int32Array): void => this.#doomed.push(row);
    fresh?.forEach('visible', (pattern) => content.probe(columns, pattern, 'visible', doom));
    if (fresh !== patterns)
      this.#forEachSuspect(table, (row) => {
        if (patterns.has(columns.map((column) => row[column]!)) && content.has(row)) doom(row);
      });
    this.#removeDoomed(table);
  }

  /** Calls back with tuples that a pattern which is not new may match. */
  #forEachSuspect({ slot, upsert, next }: TableEffects, visit: (row: Int32Array) => void): void {
    this.#changes.pendingOf(slot).come.forEach('visible', visit);
    // Not what the change tells: a tuple that was deleted and is derived again has not changed.
    if (this.#store.notedTables.has(slot)) {
      const { added } = this.#store.notesOf(slot);
      added.settle();
      added.forEach('visible', visit);
    }
    for (const group of [upsert, next]) {
      if (group === null) continue;
      if (this.#store.isKept(group.wanted))
        this.#changes.of(group.wanted).gone.forEach('visible', visit);
      else if (this.#store.isRenewed(group.wanted))
        this.#store.formerContent(group.wanted)?.forEach('visible', visit);
    }
  }

  /** Takes away what is doomed and not asked for at the same time. */
  #removeDoomed(table: TableEffects): void {
    const content = this.#store.current[table.slot]!;
    for (let i = 0; i < this.#doomed.count; i++) {
      const row = this.#doomed.read(i, table.row);
      if (this.#isWanted(table, row) || !content.remove(row)) continue;
      this.#store.notesOf(table.slot).removed.insert(row);
    }
  }

  #isWanted({ upsert, next }: TableEffects, row: Int32Array): boolean {
    const { current } = this.#store;
    return (
      (upsert !== null && current[upsert.wanted]!.has(row)) ||
      (next !== null && current[next.wanted]!.has(row))
    );
  }

  /** Makes room for what is upserted, or puts it where the tuple before stands. */
  #makeRoom(table: TableEffects, group: EffectGroup): void {
    const content = this.#store.current[table.slot]!;
    const fresh = this.#freshOf(group);
    if (content.size === 0 || fresh === null || fresh.size === 0) return;
    const isByFirst = table.isKeyed && table.keyColumns.length === 1;
    if (isByFirst && content instanceof PairRelation && content.keyColumn === 0)
      this.#replaceValues(table, content, fresh);
    else this.#clearKeys(table, content, fresh);
  }

  #replaceValues(table: TableEffects, content: PairRelation, fresh: Relation): void {
    const { row } = table;
    this.#doomed.begin(2);
    fresh.forEach('visible', (wanted) => {
      const slot = content.directory.find(wanted[0]!);
      if (slot < 0) return;
      row[0] = wanted[0]!;
      row[1] = content.valueOf(slot);
      if (row[1] === wanted[1]) return;
      if (this.#isWanted(table, row)) throw new TimestepEnds('key');
      if (!content.replaceOnly(slot, wanted[1]!)) return this.#doomed.push(row);
      const { removed, put } = this.#store.notesOf(table.slot);
      removed.insert(row);
      put.insert(wanted);
    });
    this.#removeDoomed(table);
  }

  #clearKeys(table: TableEffects, content: Relation, fresh: Relation): void {
    const doom = (row: Int32Array): void => {
      if (this.#isWanted(table, row)) throw new TimestepEnds('key');
      this.#doomed.push(row);
    };
    this.#doomed.begin(content.arity);
    fresh.forEach('visible', (wanted) => {
      if (!content.has(wanted)) content.probe(table.keyColumns, wanted, 'visible', doom);
    });
    this.#removeDoomed(table);
  }

  #putFresh({ slot, keyColumns, isKeyed }: TableEffects, group: EffectGroup): void {
    const content = this.#store.current[slot]!;
    const fresh = this.#freshOf(group);
    if (fresh === null || fresh.size === 0) return;
    fresh.forEach('visible', (row) => {
      if (content.has(row)) return;
      if (isKeyed) content.probe(keyColumns, row, 'visible', endForKey);
      this.#store.notesOf(slot).put.insert(row);
      content.insert(row);
      // Settled at once: the next tuple's key is looked up among the visible ones.
      content.settle();
    });
  }
}

function endForKey(): never {
  throw new TimestepEnds('key');
}

/** Whether a table now differs from what it held at the fixpoint; settles what was noted. */
function leavesFixpoint(slot: number, store: RelationStore): boolean {
  const table = store.current[slot]!;
  const { removed, put } = store.notesOf(slot);
  removed.settle();
  put.settle();
  if (!store.merges(slot)) return removed.size + put.size > 0;
  let leaves = false;
  removed.forEach('visible', (row) => {
    leaves ||= !table.has(row);
  });
  put.forEach('visible', (row) => {
    leaves ||= !removed.has(row);
  });
  return leaves;
}

/** Whether some table now differs from what it held when the timestep began. */
export function anyChanged(store: RelationStore): boolean {
  const { slots, count } = store.notedTables;
  for (let i = 0; i < count; i++) if (hasChanged(slots[i]!, store)) return true;
  return false;
}

function hasChanged(slot: number, store: RelationStore): boolean {
  const { added, removed, put } = store.notesOf(slot);
  if (added.size === 0 && !store.merges(slot)) return removed.size + put.size > 0;
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
