/**
 * How what each relation holds differs from what it held at the fixpoint before, as far as anybody
 * asks: the changes that upkeep starts from.
 *
 *   event       ─ gone: those of the timestep before, come: those of this one
 *   table       ─ what the last commit took away and put in, and what this timestep has derived
 *   maintained  ─ as its upkeep notes it
 *   other       ─ compared, if it was derived anew
 *
 * Invariant: between timesteps everything is empty but `pending`, which a timestep that fails leaves
 * as it was.
 */
import type { PhysicalPlan } from '../plan/physical-plan.js';
import { LatticeRelation } from './lattice-relation.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import { SlotSet } from './slot-set.js';

export interface Change {
  readonly gone: Relation;
  readonly come: Relation;
}

export class Changes {
  readonly #plan: PhysicalPlan;
  readonly #store: RelationStore;
  /** Tables whose changes somebody reads. */
  readonly #watched: ReadonlySet<number>;
  readonly #bySlot: (Change | null)[];
  readonly #known: SlotSet;
  /** What the last commit did, by slot of a table. */
  readonly #pending: (Change | null)[];
  /** Where that is something. */
  readonly #isPending: SlotSet;

  constructor(plan: PhysicalPlan, store: RelationStore, watched: ReadonlySet<number>) {
    [this.#plan, this.#store, this.#watched] = [plan, store, watched];
    this.#bySlot = store.current.map(() => null);
    this.#pending = store.current.map(() => null);
    this.#known = new SlotSet(store.current.length);
    this.#isPending = new SlotSet(store.current.length);
  }

  /** The change of a relation whose stratum has run. */
  of(slot: number): Change {
    const change = (this.#bySlot[slot] ??= this.#empty(slot));
    if (this.#known.has(slot)) return change;
    this.#known.add(slot);
    if (this.#plan.relations[slot]?.storage === 'stored') this.#ofTable(slot, change);
    else this.#compare(slot, change);
    return change;
  }

  /** What the last commit did to a table. */
  pendingOf(slot: number): Change {
    return (this.#pending[slot] ??= this.#empty(slot));
  }

  /** Takes the change of a relation that was brought up to date from its notes; whether there is one. */
  note(slot: number): boolean {
    const change = (this.#bySlot[slot] ??= this.#empty(slot));
    this.#known.add(slot);
    const relation = this.#store.current[slot]!;
    const { doomed, inserted } = this.#store.upkeepNotesOf(slot);
    doomed.forEach('visible', (row) => void (relation.has(row) || change.gone.insert(row)));
    inserted.forEach('visible', (row) => void (doomed.has(row) || change.come.insert(row)));
    settle(change);
    return change.gone.size + change.come.size > 0;
  }

  /** The timestep stands; `tables` are those that it has touched. */
  commit({ slots, count }: SlotSet): void {
    if (this.#known.count > 0) this.clear();
    if (this.#isPending.count > 0) this.#clearPending();
    if (this.#watched.size === 0) return;
    for (let i = 0; i < count; i++) if (this.#watched.has(slots[i]!)) this.#keepCommit(slots[i]!);
  }

  /** Forgets the changes of this timestep. */
  clear(): void {
    const { slots, count } = this.#known;
    for (let i = 0; i < count; i++) clear(this.#bySlot[slots[i]!]!);
    this.#known.clear();
  }

  /** Forgets everything. */
  reset(): void {
    this.clear();
    this.#clearPending();
  }

  forEachWord(mark: (word: number) => void): void {
    for (const pending of this.#pending) {
      pending?.gone.forEachWord(mark);
      pending?.come.forEachWord(mark);
    }
  }

  #clearPending(): void {
    const { slots, count } = this.#isPending;
    for (let i = 0; i < count; i++) clear(this.#pending[slots[i]!]!);
    this.#isPending.clear();
  }

  #keepCommit(slot: number): void {
    this.#isPending.add(slot);
    const table = this.#store.current[slot]!;
    const { removed, put } = this.#store.notesOf(slot);
    const { gone, come } = this.pendingOf(slot);
    removed.forEach('visible', (row) => void (table.has(row) || gone.insert(row)));
    const isThere = (row: Int32Array): boolean => !this.#store.merges(slot) || table.has(row);
    put.forEach('visible', (row) => {
      if (!removed.has(row) && isThere(row)) come.insert(row);
    });
    settle({ gone, come });
  }

  #ofTable(slot: number, change: Change): void {
    const table = this.#store.current[slot]!;
    const pending = this.pendingOf(slot);
    if (table instanceof LatticeRelation && this.#store.merges(slot))
      return this.#ofLatticeTable(slot, table, change);
    pending.gone.forEach('visible', (row) => void (table.has(row) || change.gone.insert(row)));
    pending.come.forEach('visible', (row) => void change.come.insert(row));
    if (this.#store.notedTables.has(slot)) {
      const { added } = this.#store.notesOf(slot);
      added.settle();
      added.forEach('visible', (row) => void (pending.gone.has(row) || change.come.insert(row)));
    }
    settle(change);
  }

  /** Of a table whose values merge: rows are replaced, so what has come may be gone again. */
  #ofLatticeTable(slot: number, table: LatticeRelation, change: Change): void {
    const { gone, come } = this.pendingOf(slot);
    gone.forEach('visible', (row) => void (table.has(row) || change.gone.insert(row)));
    come.forEach('visible', (row) => void (table.has(row) && change.come.insert(row)));
    const onAdded = (row: Int32Array): void => void (gone.has(row) || change.come.insert(row));
    const onReplaced = (row: Int32Array): void => void (come.has(row) || change.gone.insert(row));
    table.readJournal((now, before) => {
      onAdded(now);
      if (before !== null) onReplaced(before);
    });
    // The journal becomes notes at the fixpoint.
    if (this.#store.notedTables.has(slot)) {
      const { added, replaced } = this.#store.notesOf(slot);
      settle({ gone: replaced, come: added });
      added.forEach('visible', onAdded);
      replaced.forEach('visible', onReplaced);
    }
    settle(change);
  }

  #compare(slot: number, change: Change): void {
    if (!this.#store.isRenewed(slot)) return;
    const content = this.#store.current[slot]!;
    const former = this.#store.formerContent(slot);
    content.forEach('visible', (row) => void (former?.has(row) || change.come.insert(row)));
    former?.forEach('visible', (row) => void (content.has(row) || change.gone.insert(row)));
    settle(change);
  }

  #empty(slot: number): Change {
    return { gone: this.#store.emptyLike(slot), come: this.#store.emptyLike(slot) };
  }
}

function settle({ gone, come }: Change): void {
  gone.settle();
  come.settle();
}

function clear({ gone, come }: Change): void {
  if (gone.size > 0) gone.clear();
  if (come.size > 0) come.clear();
}
