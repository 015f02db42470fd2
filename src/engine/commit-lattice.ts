/**
 * Commits one table with lattice columns: what is put merges with the row that stands there.
 *
 *   new content = (content at fixpoint − deletes − every row whose key is upserted) ∪ @next ∪ upserts
 *
 * in place, and at the cost of what is new. What was asked for in the last timestep and still is has
 * been done: for a key of which neither the row nor what is asked for has changed since, the equation
 * gives again what stands there. So looked at are
 *
 *   - what is asked for that was not;
 *   - as far as something standing may take them away, the `suspects`: keys whose row has grown or
 *     come since, and keys for which less is asked;
 *   - and all that is asked for a key from which something has been taken away.
 */
import { assert } from '../base/assert.js';
import type { Changes } from './changes.js';
import type { TableEffects } from './commit-table.js';
import { createRelation } from './create-relation.js';
import type { EffectGroup } from './effect-groups.js';
import { LatticeRelation } from './lattice-relation.js';
import type { Relation, VisitRow } from './relation.js';
import type { RelationStore } from './relation-store.js';
import { RowBuffer } from './row-buffer.js';
import { TimestepEnds } from './timestep-ends.js';

export class LatticeCommit {
  readonly #effects: TableEffects;
  readonly #store: RelationStore;
  readonly #changes: Changes;
  readonly #table: LatticeRelation;
  readonly #suspects: Relation;
  /** Keys from which something has been taken away. */
  readonly #emptied: Relation;
  readonly #doomed = new RowBuffer();
  readonly #row: Int32Array;
  readonly #key: Int32Array;

  constructor(effects: TableEffects, store: RelationStore, changes: Changes) {
    [this.#effects, this.#store, this.#changes] = [effects, store, changes];
    const { slot, width, keyColumns, next, upsert } = effects;
    const table = store.current[slot]!;
    assert(table instanceof LatticeRelation, 'a table with lattice columns');
    this.#table = table;
    [this.#suspects, this.#emptied] = [keyColumns, keyColumns].map(({ length }) =>
      createRelation(length),
    ) as [Relation, Relation];
    [this.#row, this.#key] = [new Int32Array(width), new Int32Array(keyColumns.length)];
    for (const group of [next, upsert])
      if (group?.isMaintained === true && keyColumns.length > 0)
        store.ensureIndex(group.wanted, keyColumns);
  }

  /** Throws `TimestepEnds` where two rows would share a key and do not merge. */
  run(): void {
    const { deletes, upsert, next } = this.#effects;
    for (const keys of [this.#suspects, this.#emptied]) if (keys.size > 0) keys.clear();
    const upserted = upsert === null ? null : this.#wantedBy(upsert);
    if ((upserted?.size ?? 0) > 0 || deletes.some((group) => this.#wantedBy(group).size > 0)) {
      this.#findSuspects();
      for (const group of deletes) this.#deleteMatching(group);
      if (upserted !== null) this.#clearUpserted(upsert!, upserted);
    }
    for (const group of [next, upsert]) if (group !== null) this.#putAsked(group);
  }

  #wantedBy({ wanted }: EffectGroup): Relation {
    return this.#store.current[wanted]!;
  }

  /** What a group asks for that it did not ask for before, or more of it; null for nothing. */
  #freshOf({ wanted }: EffectGroup): Relation | null {
    if (this.#store.isRenewed(wanted)) return this.#store.current[wanted]!;
    return this.#store.isKept(wanted) ? this.#changes.of(wanted).come : null;
  }

  /** What a group has asked for and does no more, or more of it; null for nothing. */
  #staleOf({ wanted }: EffectGroup): Relation | null {
    if (this.#store.isRenewed(wanted)) return this.#store.formerContent(wanted);
    return this.#store.isKept(wanted) ? this.#changes.of(wanted).gone : null;
  }

  #findSuspects(): void {
    const { slot, upsert, next } = this.#effects;
    const note: VisitRow = (row) => void this.#suspects.insert(this.#keyOf(row));
    this.#changes.pendingOf(slot).come.forEach('visible', note);
    if (this.#store.notedTables.has(slot)) {
      const { added } = this.#store.notesOf(slot);
      added.settle();
      added.forEach('visible', note);
    }
    for (const group of [next, upsert])
      if (group !== null) this.#staleOf(group)?.forEach('visible', note);
    this.#suspects.settle();
  }

  #keyOf(row: Int32Array): Int32Array {
    const { keyColumns } = this.#effects;
    for (let i = 0; i < keyColumns.length; i++) this.#key[i] = row[keyColumns[i]!]!;
    return this.#key;
  }

  #deleteMatching(group: EffectGroup): void {
    const table = this.#table;
    const patterns = this.#wantedBy(group);
    if (table.size === 0 || patterns.size === 0) return;
    const { columns } = group;
    const fresh = this.#freshOf(group);
    this.#doomed.begin(table.arity);
    fresh?.forEach('visible', (pattern) => table.probe(columns, pattern, 'visible', this.#doom));
    if (fresh !== patterns)
      this.#suspects.forEach('visible', (key) =>
        table.probe(this.#effects.keyColumns, key, 'visible', (row) => {
          if (patterns.has(columns.map((column) => row[column]!))) this.#doom(row);
        }),
      );
    this.#removeDoomed();
  }

  /** Takes away the rows in whose place others are upserted. */
  #clearUpserted(group: EffectGroup, upserted: Relation): void {
    const { keyColumns } = this.#effects;
    const fresh = this.#freshOf(group);
    this.#doomed.begin(this.#table.arity);
    const clear = (key: Int32Array): void =>
      this.#table.probe(keyColumns, key, 'visible', this.#doom);
    fresh?.forEach('visible', (row) => clear(this.#keyOf(row)));
    if (fresh !== upserted)
      this.#suspects.forEach('visible', (key) => {
        let isUpserted = false;
        upserted.probe(keyColumns, key, 'visible', () => {
          isUpserted = true;
        });
        if (isUpserted) clear(key);
      });
    this.#removeDoomed();
  }

  readonly #doom = (row: Int32Array): void => this.#doomed.push(row);

  #removeDoomed(): void {
    const table = this.#table;
    for (let i = 0; i < this.#doomed.count; i++) {
      const row = this.#doomed.read(i, this.#row);
      if (!table.remove(row)) continue;
      this.#store.notesOf(this.#effects.slot).removed.insert(row);
      this.#emptied.insert(this.#keyOf(row));
    }
    this.#emptied.settle();
  }

  /** Puts what is asked for and was not, and all of a key from which something has been taken away. */
  #putAsked(group: EffectGroup): void {
    const wanted = this.#wantedBy(group);
    const fresh = this.#freshOf(group);
    fresh?.forEach('visible', this.#put);
    if (fresh === wanted || wanted.size === 0 || this.#emptied.size === 0) return;
    this.#emptied.forEach('visible', (key) =>
      wanted.probe(this.#effects.keyColumns, key, 'visible', this.#put),
    );
  }

  readonly #put = (row: Int32Array): void => {
    const table = this.#table;
    const { slot, keyColumns } = this.#effects;
    if (table.has(row)) return;
    const before = table.rowLike(row);
    if (before !== null) return this.#grow(row, before);
    if (keyColumns.length < table.arity)
      table.probe(keyColumns, this.#keyOf(row), 'visible', endForKey);
    this.#store.notesOf(slot).put.insert(row);
    table.insert(row);
    // Settled at once: the next row's key is looked up among the visible ones.
    table.settle();
  };

  /** Merges a row into the one that it merges with. */
  #grow(row: Int32Array, before: Int32Array): void {
    const table = this.#table;
    table.insert(row);
    table.settle();
    if (table.has(before)) return;
    const { removed, put } = this.#store.notesOf(this.#effects.slot);
    put.settle();
    if (!put.remove(before)) removed.insert(before);
    put.insert(table.rowLike(row)!);
  }
}

function endForKey(): never {
  throw new TimestepEnds('key');
}
