/**
 * The relations of a node, by slot, and behind them what groups of effects ask for, with what makes
 * a timestep undoable:
 *
 * - A table is kept in place; what a timestep adds and takes away is noted, and taken back when
 *   the timestep fails. One with lattice columns keeps a journal of its own up to the fixpoint.
 * - So is a relation that is brought up to date (upkeep.ts).
 * - A timestep that derives a relation anew first swaps it with its twin, so that what it held at
 *   the last fixpoint stays at hand: to tell changes of views and what begins to hold, and to swap
 *   back after a failure.
 *
 * A twin of few tuples is emptied when it is needed again, not at the commit. A node mostly does little,
 * often: where there is nothing to do, what asks is small enough to be inlined, and what does it is apart.
 *
 * Invariant: between timesteps notes are empty, all relations are settled.
 */
import { assert, defined } from '../base/assert.js';
import type { BareLattice, PhysicalPlan } from '../plan/physical-plan.js';
import { createRelation } from './create-relation.js';
import type { EffectGroup } from './effect-groups.js';
import { mergeWords } from './extreme-words.js';
import { LatticeRelation } from './lattice-relation.js';
import { PairRelation } from './pair-relation.js';
import type { Relation, RelationOptions } from './relation.js';
import { SlotSet } from './slot-set.js';
import { TimestepEnds } from './timestep-ends.js';
import { WideRelation } from './wide-relation.js';
import type { Encoding } from './word-operations.js';

/** So many tuples may be left where nobody looks at them any more; with checks on, few, so that both ways are tried. */
const [MOST_LEFT, MOST_LEFT_CHECKED] = [1024, 3];

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

/** What one timestep did to a relation that it brings up to date. */
export interface UpkeepNotes {
  /** Taken out, though perhaps put back since. */
  readonly doomed: Relation;
  /** Put in. */
  readonly inserted: Relation;
}

export class RelationStore {
  /** What rules read. */
  readonly current: Relation[];
  readonly #plan: PhysicalPlan;
  readonly #encoding: Encoding;
  readonly #latticeTables: readonly number[];
  /** By slot, whether it is one of those. */
  readonly #merges: Uint8Array;
  readonly #shapes: readonly RelationShape[];
  readonly #twins: (Relation | null)[];
  readonly #notes: (TableNotes | null)[];
  readonly #upkeepNotes: (UpkeepNotes | null)[];
  /** The number of the attempt at a timestep that is under way, or comes next. */
  #attempt = 1;
  /** The last attempt that derived a slot's content anew, by slot; 0 for none. */
  readonly #renewedAt: Float64Array;
  /** The last that left what the slot had held to its twin. */
  readonly #swappedAt: Float64Array;
  /** Slots whose twin has got many tuples in this attempt. */
  readonly #large: SlotSet;
  readonly #mostLeft: number;
  readonly #noted: SlotSet;
  readonly #kept: SlotSet;

  /** `asked`: what groups of effects ask for. `checks`: stale arrays are poisoned; slow. */
  constructor(
    plan: PhysicalPlan,
    asked: readonly Pick<EffectGroup, 'columns' | 'isMaintained'>[],
    encoding: Encoding,
    checks: boolean,
  ) {
    [this.#plan, this.#encoding] = [plan, encoding];
    this.#shapes = [
      ...plan.relations.map(({ schema, indexes, keyColumn, merged, isKeyed, ...planned }) => ({
        arity: schema.columns.length,
        merged: merged.map((column) => ({ column, bare: planned.bare[column]! })),
        isKeyed,
        options: {
          indexes: [...indexes],
          keyColumn,
          checks,
          isGiven: planned.isGiven,
          isKeyed: schema.keyLength === 1 && keyColumn === 0,
          stays: planned.storage === 'stored' || planned.storage === 'maintained',
        },
        isRows: planned.isRows,
      })),
      ...asked.map(({ columns, isMaintained }) => ({
        arity: columns.length,
        merged: [],
        isKeyed: false,
        options: { indexes: [], checks, stays: false },
        // No rule reads it, nor what it gains and loses unless it is brought up to date.
        isRows: !isMaintained,
      })),
    ];
    this.current = this.#shapes.map((shape) => this.#emptyRelation(shape));
    this.#latticeTables = plan.relations.flatMap(({ slot, storage, merged }) =>
      storage === 'stored' && merged.length > 0 ? [slot] : [],
    );
    this.#merges = new Uint8Array(this.#shapes.length);
    for (const slot of this.#latticeTables) this.#merges[slot] = 1;
    this.#twins = this.#shapes.map(() => null);
    this.#notes = this.#shapes.map(() => null);
    this.#upkeepNotes = this.#shapes.map(() => null);
    const slots = this.#shapes.length;
    [this.#renewedAt, this.#swappedAt] = [new Float64Array(slots), new Float64Array(slots)];
    [this.#noted, this.#kept] = [new SlotSet(slots), new SlotSet(slots)];
    this.#large = new SlotSet(slots);
    this.#mostLeft = checks ? MOST_LEFT_CHECKED : MOST_LEFT;
  }

  /** Keeps an index of a relation from now on. */
  ensureIndex(slot: number, columns: readonly number[]): void {
    this.#shapes[slot]!.options.indexes.push(columns);
    this.current[slot]!.ensureIndex(columns);
    this.#twins[slot]?.ensureIndex(columns);
  }

  begin(): void {
    if (this.#latticeTables.length > 0) this.#beginJournals();
  }

  #beginJournals(): void {
    for (const slot of this.#latticeTables) latticeOf(this.current[slot]!).beginJournal();
  }

  /** The fixpoint is reached: what it has done to tables with lattice columns becomes notes. */
  reachFixpoint(): void {
    if (this.#latticeTables.length > 0) this.#endJournals();
  }

  #endJournals(): void {
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

  /** The slot's content is about to be derived anew: what it held, so many tuples, becomes its former content. */
  renew(slot: number): number {
    this.#renewedAt[slot] = this.#attempt;
    const content = this.current[slot]!;
    const { size } = content;
    if (size === 0) return 0;
    const twin = this.#twins[slot] ?? this.#emptyRelation(this.#shapes[slot]!);
    if (twin.size > 0) twin.clear();
    this.current[slot] = twin;
    this.#twins[slot] = content;
    this.#swappedAt[slot] = this.#attempt;
    if (size > this.#mostLeft) this.#large.add(slot);
    return size;
  }

  /** Whether this timestep has derived the slot's content anew. */
  isRenewed(slot: number): boolean {
    return this.#renewedAt[slot] === this.#attempt;
  }

  /** What a slot that is no table held at the last fixpoint, if that may differ from what it holds. */
  formerContent(slot: number): Relation | null {
    return this.#swappedAt[slot] === this.#attempt ? this.#twins[slot]! : null;
  }

  notesOf(slot: number): TableNotes {
    this.#noted.add(slot);
    return (this.#notes[slot] ??= {
      added: this.emptyLike(slot),
      replaced: this.emptyLike(slot),
      removed: this.#emptyRows(slot),
      put: this.#emptyRows(slot),
    });
  }

  /** The slot's content is about to be brought up to date; notes what for. */
  keep(slot: number): UpkeepNotes {
    this.#kept.add(slot);
    return this.upkeepNotesOf(slot);
  }

  /** Whether this timestep has brought the slot's content up to date. */
  isKept(slot: number): boolean {
    return this.#kept.has(slot);
  }

  upkeepNotesOf(slot: number): UpkeepNotes {
    return (this.#upkeepNotes[slot] ??= {
      doomed: this.emptyLike(slot),
      inserted: this.emptyLike(slot),
    });
  }

  /** Whether the slot is a table of rows that merge. */
  merges(slot: number): boolean {
    return this.#merges[slot] === 1;
  }

  /** Slots of tables that this timestep has touched. */
  get notedTables(): SlotSet {
    return this.#noted;
  }

  /** The timestep stands. */
  commit(): void {
    this.#attempt++;
    if (this.#large.count > 0) this.#emptyLarge();
    if (this.#noted.count > 0) this.#forgetNotes();
    if (this.#kept.count > 0) this.#forgetUpkeep();
  }

  /** The timestep has never been; `ranOut`: it ended for want of memory, in the middle of an insertion. */
  undo(ranOut: boolean): void {
    for (const slot of this.#latticeTables) latticeOf(this.current[slot]!).undoJournal();
    this.#noteUnfinished();
    for (const slot of slotsOf(this.#noted)) this.#undoTable(slot);
    this.#forgetNotes();
    for (const slot of slotsOf(this.#kept)) this.#undoUpkeep(slot);
    this.#forgetUpkeep();
    for (const [slot, content] of this.current.entries()) {
      if (!this.isRenewed(slot)) continue;
      content.clear();
      const former = this.formerContent(slot);
      if (former === null) continue;
      this.current[slot] = former;
      this.#twins[slot] = content;
    }
    this.#attempt++;
    this.#large.clear();
    if (!ranOut) return;
    for (const relation of this.current)
      if (relation instanceof PairRelation) relation.dropEmptyKeys();
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

  #undoUpkeep(slot: number): void {
    const relation = this.current[slot]!;
    const { doomed, inserted } = this.upkeepNotesOf(slot);
    if (relation instanceof LatticeRelation) relation.undoJournal();
    else while (relation.advance()) relation.forEach('delta', (row) => inserted.insert(row));
    relation.settle();
    inserted.settle();
    inserted.forEach('visible', (row) => relation.remove(row));
    doomed.forEach('visible', (row) => relation.insert(row));
    relation.settle();
  }

  #emptyLarge(): void {
    for (const slot of slotsOf(this.#large)) this.#twins[slot]!.clear();
    this.#large.clear();
  }

  #forgetUpkeep(): void {
    const { slots, count } = this.#kept;
    for (let i = 0; i < count; i++) {
      const { doomed, inserted } = this.upkeepNotesOf(slots[i]!);
      if (doomed.size > 0) doomed.clear();
      if (inserted.size > 0) inserted.clear();
    }
    this.#kept.clear();
  }

  #forgetNotes(): void {
    const { slots, count } = this.#noted;
    for (let i = 0; i < count; i++) {
      const { added, replaced, removed, put } = defined(this.#notes[slots[i]!], 'notes');
      if (added.size > 0) added.clear();
      if (replaced.size > 0) replaced.clear();
      if (removed.size > 0) removed.clear();
      if (put.size > 0) put.clear();
    }
    this.#noted.clear();
  }

  /** An empty relation of as many columns. */
  emptyLike(slot: number): Relation {
    return createRelation(this.#shapes[slot]!.arity);
  }

  /** The same where generated code never reads it: of few tuples much faster to fill and to clear. */
  #emptyRows(slot: number): Relation {
    return emptyRows(this.#shapes[slot]!.arity, {});
  }

  #emptyRelation({ arity, merged, isKeyed, options, isRows }: RelationShape): Relation {
    if (isRows) return emptyRows(arity, options);
    if (isKeyed) return new LatticeRelation(2, [onlyValue], { checks: options.checks });
    if (merged.length === 0) return createRelation(arity, options);
    const columns = merged.map(({ column, bare }) => ({
      column,
      merge: mergeWords(bare, this.#encoding),
    }));
    return new LatticeRelation(arity, columns, options);
  }
}

/** A second value for a key: no other can take the place of the one that stands there. */
const onlyValue = {
  column: 1,
  merge: (held: number, word: number): number => {
    if (held !== word) throw new TimestepEnds('key');
    return held;
  },
};

function emptyRows(arity: number, options: RelationOptions): Relation {
  return arity === 2 ? new WideRelation(2, options) : createRelation(arity, options);
}

function slotsOf({ slots, count }: SlotSet): readonly number[] {
  return [...slots.subarray(0, count)];
}

function latticeOf(relation: Relation): LatticeRelation {
  assert(relation instanceof LatticeRelation, 'a relation with lattice columns');
  return relation;
}

interface RelationShape {
  readonly arity: number;
  /** Lattice columns. */
  readonly merged: readonly { readonly column: number; readonly bare: BareLattice | null }[];
  /** Whether nothing merges and yet the second word of a tuple stands by the first. */
  readonly isKeyed: boolean;
  readonly options: RelationOptions & {
    readonly checks: boolean;
    readonly indexes: (readonly number[])[];
    readonly stays: boolean;
  };
  /** Whether its tuples are rows, one after another, whatever their number of columns. */
  readonly isRows: boolean;
}
