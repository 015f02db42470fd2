/**
 * Commits one table:
 *
 *   new content = (content at fixpoint − deletes − every tuple whose key is upserted) ∪ @next ∪ upserts
 *
 * in place, noting each tuple taken away and put in, so that a failure can undo it, and at the cost
 * of what is new: what was asked for in the last timestep and still is has been done. Of a standing
 * `delete` this holds but for tuples that have come since, or that something put in against it.
 *
 * What is called for each tuple is made once, not once a timestep: most nodes commit little, often.
 *
 * Invariant: no tuple is taken away and put in by the same commit.
 */
import type { Changes } from './changes.js';
import type { EffectGroup } from './effect-groups.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import { LatticeRelation } from './lattice-relation.js';
import { PairRelation } from './pair-relation.js';
import { RowBuffer } from './row-buffer.js';
import { TimestepEnds } from './timestep-ends.js';
import { WideRelation } from './wide-relation.js';

/** The effects that one table gets. */
export interface TableEffects {
  readonly slot: number;
  /** Columns. */
  readonly width: number;
  readonly keyColumns: readonly number[];
  readonly isKeyed: boolean;
  readonly deletes: readonly EffectGroup[];
  readonly upsert: EffectGroup | null;
  readonly next: EffectGroup | null;
}

/** What replaces a value where it stands; false for a key with more of them. */
interface ValuesByKey {
  placeOf(key: number): number;
  valueAt(place: number): number;
  replaceOnly(place: number, value: number): boolean;
}

export class TableCommit {
  readonly effects: TableEffects;
  readonly #store: RelationStore;
  readonly #changes: Changes;
  readonly #content: Relation;
  /** The table, if a key has one word and a tuple one more, beside it. */
  readonly #byKey: ValuesByKey | null;
  /** A row of the table. */
  readonly #row: Int32Array;
  readonly #doomed = new RowBuffer();
  /** Whether an upserted tuple has not been put in where the one before stood. */
  #hasLeft = false;

  constructor(effects: TableEffects, store: RelationStore, changes: Changes) {
    [this.effects, this.#store, this.#changes] = [effects, store, changes];
    this.#content = store.current[effects.slot]!;
    this.#row = new Int32Array(effects.width);
    const isByFirst = effects.isKeyed && effects.keyColumns.length === 1;
    this.#byKey = isByFirst ? valuesByKey(this.#content) : null;
  }

  /** Throws `TimestepEnds` where two tuples would share a key. */
  run(): void {
    const { deletes, upsert, next } = this.effects;
    for (let i = 0; i < deletes.length; i++) this.#deleteMatching(deletes[i]!);
    const upserted = upsert === null ? null : this.#freshOf(upsert);
    const hasUpserts = upserted !== null && upserted.size > 0;
    if (hasUpserts) this.#makeRoom(upserted);
    if (next !== null) this.#putFresh(this.#freshOf(next));
    if (hasUpserts && this.#hasLeft) this.#putFresh(upserted);
  }

  /** What a group asks for that it did not ask for before, or more of it; null for nothing. */
  #freshOf({ wanted }: EffectGroup): Relation | null {
    if (this.#store.isRenewed(wanted)) return this.#store.current[wanted]!;
    return this.#store.isKept(wanted) ? this.#changes.of(wanted).come : null;
  }

  #deleteMatching(group: EffectGroup): void {
    const content = this.#content;
    const patterns = this.#store.current[group.wanted]!;
    if (content.size === 0 || patterns.size === 0) return;
    const { columns } = group;
    const fresh = this.#freshOf(group);
    this.#doomed.begin(content.arity);
    fresh?.forEach('visible', (pattern) => content.probe(columns, pattern, 'visible', this.#doom));
    if (fresh !== patterns)
      this.#forEachSuspect((row) => {
        if (patterns.has(columns.map((column) => row[column]!)) && content.has(row))
          this.#doom(row);
      });
    this.#removeDoomed();
  }

  /** Calls back with tuples that a pattern which is not new may match. */
  #forEachSuspect(visit: (row: Int32Array) => void): void {
    const { slot, upsert, next } = this.effects;
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

  readonly #doom = (row: Int32Array): void => this.#doomed.push(row);

  /** Takes away what is doomed and not asked for at the same time. */
  #removeDoomed(): void {
    const content = this.#content;
    for (let i = 0; i < this.#doomed.count; i++) {
      const row = this.#doomed.read(i, this.#row);
      if (this.#isWanted(row) || !content.remove(row)) continue;
      this.#store.notesOf(this.effects.slot).removed.insert(row);
    }
  }

  #isWanted(row: Int32Array): boolean {
    const { upsert, next } = this.effects;
    const { current } = this.#store;
    return (
      (upsert !== null && current[upsert.wanted]!.has(row)) ||
      (next !== null && current[next.wanted]!.has(row))
    );
  }

  /** Puts what is upserted where the tuple before stands, or makes room for it. */
  #makeRoom(fresh: Relation): void {
    const content = this.#content;
    this.#hasLeft = this.#byKey === null;
    this.#doomed.begin(content.arity);
    if (this.#byKey !== null) this.#replaceValues(fresh, this.#byKey);
    else if (content.size > 0) fresh.forEach('visible', this.#clearKey);
    if (this.#doomed.count > 0) this.#removeDoomed();
  }

  #replaceValues(fresh: Relation, byKey: ValuesByKey): void {
    const lie = fresh instanceof WideRelation ? fresh.rowsAsTheyLie : null;
    if (lie === null) return fresh.forEach('visible', this.#replace);
    const { words, count } = lie;
    for (let r = 0; r < count; r++) this.#replaceValue(byKey, words[2 * r]!, words[2 * r + 1]!);
  }

  readonly #replace = (row: Int32Array): void => {
    this.#replaceValue(this.#byKey!, row[0]!, row[1]!);
  };

  #replaceValue(byKey: ValuesByKey, key: number, value: number): void {
    const place = byKey.placeOf(key);
    if (place < 0) {
      this.#hasLeft = true;
      return;
    }
    const before = byKey.valueAt(place);
    if (before === value) return;
    const row = this.#row;
    row[0] = key;
    row[1] = before;
    this.#endIfWanted(row);
    if (byKey.replaceOnly(place, value)) {
      const { removed, put } = this.#store.notesOf(this.effects.slot);
      removed.insert(row);
      row[1] = value;
      put.insert(row);
    } else {
      this.#hasLeft = true;
      this.#doom(row);
    }
  }

  readonly #clearKey = (wanted: Int32Array): void => {
    const content = this.#content;
    if (!content.has(wanted))
      content.probe(this.effects.keyColumns, wanted, 'visible', this.#doomUnwanted);
  };

  readonly #doomUnwanted = (row: Int32Array): void => {
    this.#endIfWanted(row);
    this.#doom(row);
  };

  /** Ends the timestep if a tuple in whose place another is upserted is asked for, too. */
  #endIfWanted(row: Int32Array): void {
    const { upsert, next } = this.effects;
    const isOnly = next === null && this.#store.current[upsert!.wanted]!.size === 1;
    if (!isOnly && this.#isWanted(row)) throw new TimestepEnds('key');
  }

  #putFresh(fresh: Relation | null): void {
    if (fresh !== null && fresh.size > 0) fresh.forEach('visible', this.#put);
  }

  readonly #put = (row: Int32Array): void => {
    const content = this.#content;
    const { slot, isKeyed, keyColumns } = this.effects;
    if (content.has(row)) return;
    if (isKeyed) content.probe(keyColumns, row, 'visible', endForKey);
    this.#store.notesOf(slot).put.insert(row);
    content.insert(row);
    // Settled at once: the next tuple's key is looked up among the visible ones.
    content.settle();
  };
}

/** A binary table as values by its first column, if it is laid out so. */
function valuesByKey(table: Relation): ValuesByKey | null {
  if (table instanceof PairRelation) return table.keyColumn === 0 ? table : null;
  return table instanceof LatticeRelation && table.arity === 2 ? table : null;
}

function endForKey(): never {
  throw new TimestepEnds('key');
}
