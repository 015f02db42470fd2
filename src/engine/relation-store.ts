/**
 * The relations of a node, by slot, with what makes a timestep undoable:
 *
 * - A table is kept in place; what a timestep adds and takes away is noted, and taken back when
 *   the timestep fails. One with lattice columns keeps a journal of its own up to the fixpoint.
 * - Every other relation has a twin. A timestep that derives it anew first swaps the two, so that
 *   what it held at the last fixpoint stays at hand: to tell changes of views and what begins to
 *   hold, and to swap back after a failure.
 *
 * `versions` change with contents, so that whoever derived something can tell whether to do so
 * again. Invariant: between timesteps twins are empty, notes are empty, all relations are settled.
 */
import { assert, defined } from '../base/assert.js';
import type { PhysicalPlan, PlannedRelation } from '../plan/physical-plan.js';
import { createRelation } from './create-relation.js';
import { mergeWords } from './extreme-words.js';
import { LatticeRelation } from './lattice-relation.js';
import type { Relation } from './relation.js';
import type { Encoding } from './word-operations.js';

/** What one timestep did to a table. */
export interface TableNotes {
  /** Derived or stated in this timestep. */
  readonly added: Relation;
  /** Of a table with lattice columns, what stood where a greater row stands at the fixpoint. */
  readonly replaced: Relation;
  /** Taken away by the commit. */
  readonly removed: Relation;
  /** Put in by the commit. */
  readonly put: Relation;
}

export class RelationStore {
  /** What rules read. */
  readonly current: Relation[];
  readonly versions: Float64Array;
  readonly #plan: PhysicalPlan;
  readonly #checks: boolean;
  readonly #encoding: Encoding;
  readonly #latticeTables: readonly number[];
  readonly #twins: (Relation | null)[];
  readonly #notes: (TableNotes | null)[];
  readonly #swapped: number[] = [];
  readonly #noted: number[] = [];
  readonly #versionsBefore: Float64Array;

  /** `checks`: stale arrays are poisoned; slow. */
  constructor(plan: PhysicalPlan, encoding: Encoding, checks: boolean) {
    [this.#plan, this.#encoding, this.#checks] = [plan, encoding, checks];
    this.current = plan.relations.map((planned) => this.#emptyRelation(planned));
    this.#latticeTables = plan.relations.flatMap(({ slot, storage, merged }) =>
      storage === 'stored' && merged.length > 0 ? [slot] : [],
    );
    this.#twins = plan.relations.map(() => null);
    this.#notes = plan.relations.map(() => null);
    this.versions = new Float64Array(plan.relations.length);
    this.#versionsBefore = new Float64Array(plan.relations.length);
  }

  begin(): void {
    this.#versionsBefore.set(this.versions);
    for (const slot of this.#latticeTables) latticeOf(this.current[slot]!).beginJournal();
  }

  /** The fixpoint is reached: what it has done to tables with lattice columns becomes notes. */
  reachFixpoint(): void {
    for (const slot of this.#latticeTables) {
      const table = latticeOf(this.current[slot]!);
      const notes = table.isJournalEmpty ? null : this.notesOf(slot);
      table.endJournal((now, before) => {
        notes!.added.insert(now);
        if (before !== null) notes!.replaced.insert(before);
      });
      notes?.replaced.settle();
    }
  }

  /** The slot's content is about to be derived anew: what it held becomes its former content. */
  renew(slot: number): void {
    const content = this.current[slot]!;
    const twin = (this.#twins[slot] ??= this.#emptyRelation(this.#plan.relations[slot]!));
    if (content.size === 0) return;
    this.current[slot] = twin;
    this.#twins[slot] = content;
    this.#swapped.push(slot);
  }

  /** What a slot that is no table held at the last fixpoint, if that may differ from what it holds. */
  formerContent(slot: number): Relation | null {
    return this.#swapped.includes(slot) ? this.#twins[slot]! : null;
  }

  /** The content has changed, or may have. */
  touch(slot: number): void {
    this.versions[slot]!++;
  }

  notesOf(slot: number): TableNotes {
    if (!this.#noted.includes(slot)) this.#noted.push(slot);
    return (this.#notes[slot] ??= {
      added: this.#emptyLike(slot),
      replaced: this.#emptyLike(slot),
      removed: this.#emptyLike(slot),
      put: this.#emptyLike(slot),
    });
  }

  /** Slots of tables that this timestep has touched. */
  get notedTables(): readonly number[] {
    return this.#noted;
  }

  /** The timestep stands. */
  commit(): void {
    for (const slot of this.#swapped) this.#twins[slot]!.clear();
    this.#swapped.length = 0;
    this.#forgetNotes();
  }

  /** The timestep has never been; `fresh` are slots that it filled without renewing them. */
  undo(fresh: readonly number[]): void {
    for (const slot of this.#latticeTables) latticeOf(this.current[slot]!).undoJournal();
    this.#noteUnfinished();
    for (const slot of this.#noted) this.#undoTable(slot);
    this.#forgetNotes();
    for (const slot of fresh) if (!this.#swapped.includes(slot)) this.current[slot]!.clear();
    for (const slot of this.#swapped) {
      const [content, twin] = [this.current[slot]!, this.#twins[slot]!];
      content.clear();
      this.current[slot] = twin;
      this.#twins[slot] = content;
    }
    this.#swapped.length = 0;
    this.versions.set(this.#versionsBefore);
  }

  forEachWord(mark: (word: number) => void): void {
    for (const relation of this.current) relation.forEachWord(mark);
  }

  /** Notes what was inserted into tables in a round that was broken off. */
  #noteUnfinished(): void {
    for (const { slot, storage, merged } of this.#plan.relations) {
      const table = this.current[slot]!;
      if (storage === 'stored' && merged.length === 0 && table.advance())
        table.forEach('delta', (row) => this.notesOf(slot).added.insert(row));
    }
  }

  #undoTable(slot: number): void {
    const table = this.current[slot]!;
    table.settle();
    const { added, replaced, removed, put } = this.notesOf(slot);
    for (const relation of [put, removed, added]) relation.settle();
    put.forEach('visible', (row) => table.remove(row));
    removed.forEach('visible', (row) => table.insert(row));
    table.settle();
    added.forEach('visible', (row) => table.remove(row));
    replaced.forEach('visible', (row) => table.insert(row));
    table.settle();
  }

  #forgetNotes(): void {
    for (const slot of this.#noted) {
      const { added, replaced, removed, put } = defined(this.#notes[slot], 'notes');
      for (const relation of [added, replaced, removed, put])
        if (relation.size > 0) relation.clear();
    }
    this.#noted.length = 0;
  }

  #emptyLike(slot: number): Relation {
    return createRelation(this.#plan.relations[slot]!.schema.columns.length);
  }

  #emptyRelation({ schema, storage, indexes, keyColumn, merged, bare }: PlannedRelation): Relation {
    const checks = this.#checks;
    const arity = schema.columns.length;
    if (merged.length === 0) return createRelation(arity, { indexes, keyColumn, checks });
    const columns = merged.map((column) => ({
      column,
      merge: mergeWords(bare[column]!, this.#encoding),
    }));
    return new LatticeRelation(arity, columns, { indexes, checks, isTable: storage === 'stored' });
  }
}

function latticeOf(relation: Relation): LatticeRelation {
  assert(relation instanceof LatticeRelation, 'a relation with lattice columns');
  return relation;
}
