/**
 * What outlives the process: the content of durable tables and lattices, and under the name of a
 * durable channel what standing rules ask it to carry, which is kept so that a restart does not send
 * it again. Decoded and sorted, at the cost of what has changed.
 *
 * Several standing rules may ask a channel for one tuple; what is kept is what any of them asks for.
 */
import type { RelationChange } from '../evaluator/evaluator.js';
import type { PlannedRelation } from '../plan/physical-plan.js';
import { noChange, rowsOf, tableChange, type Change, type ReleaseParts } from './release.js';
import type { Relation, Words } from './relation.js';

interface DurableRelation {
  readonly name: string;
  /** Where what is kept lies: the table, or what each standing rule asks for. */
  readonly slots: readonly number[];
  readonly isTable: boolean;
}

const noChanges: readonly RelationChange[] = [];

export class DurableContent {
  readonly #parts: ReleaseParts;
  /** In order of their names. */
  readonly #relations: readonly DurableRelation[];

  constructor(parts: ReleaseParts) {
    this.#parts = parts;
    const asked = ({ slot: channel }: PlannedRelation): readonly number[] =>
      parts.groups.flatMap(({ mode, slot, wanted, eventDriven }) =>
        slot === channel && mode === 'async' && !eventDriven ? [wanted] : [],
      );
    this.#relations = parts.plan.relations
      .filter(({ schema }) => schema.durable)
      .map((planned) => {
        const isTable = planned.storage === 'stored';
        const slots = isTable ? [planned.slot] : asked(planned);
        return { name: planned.schema.name, slots, isTable };
      })
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Where the content of a durable relation is to be loaded. */
  slotsOf(relation: string): readonly number[] {
    return this.#relations.find(({ name }) => name === relation)?.slots ?? [];
  }

  /** What this timestep has changed. */
  changes(): readonly RelationChange[] {
    return this.#relations.length === 0 ? noChanges : this.#changes();
  }

  #changes(): readonly RelationChange[] {
    let changes: RelationChange[] | null = null;
    for (let i = 0; i < this.#relations.length; i++) {
      const { name, slots, isTable } = this.#relations[i]!;
      const { added, removed } = isTable ? this.#ofTable(slots[0]!) : this.#ofSends(slots);
      if (added.length + removed.length === 0) continue;
      changes ??= [];
      changes.push({ relation: name, added, removed });
    }
    return changes ?? noChanges;
  }

  #ofTable(slot: number): Change {
    const { store, codecs } = this.#parts;
    return tableChange(slot, store, codecs[slot]!);
  }

  #ofSends(slots: readonly number[]): Change {
    const { store, changes, codecs } = this.#parts;
    const changed = slots.filter((slot) => store.isKept(slot) || store.isRenewed(slot));
    if (changed.length === 0) return noChange;
    const [come, gone] = [store.emptyLike(changed[0]!), store.emptyLike(changed[0]!)];
    const isAsked = (row: Words): boolean => slots.some((slot) => store.current[slot]!.has(row));
    const wasAsked = (row: Words): boolean => slots.some((slot) => this.#wasIn(slot, row));
    for (const slot of changed) {
      const isKept = store.isKept(slot);
      forEachIn(isKept ? changes.of(slot).come : store.current[slot]!, (row) => {
        if (!wasAsked(row)) come.insert(row);
      });
      forEachIn(isKept ? changes.of(slot).gone : store.formerContent(slot), (row) => {
        if (!isAsked(row)) gone.insert(row);
      });
    }
    const codec = codecs[changed[0]!]!;
    come.settle();
    gone.settle();
    return { added: rowsOf(come, codec), removed: rowsOf(gone, codec) };
  }

  /** Whether the tuple was asked for before this timestep. */
  #wasIn(slot: number, row: Words): boolean {
    const { store, changes } = this.#parts;
    const now = store.current[slot]!.has(row);
    if (store.isKept(slot)) {
      const { come, gone } = changes.of(slot);
      return now ? !come.has(row) : gone.has(row);
    }
    return store.isRenewed(slot) ? store.formerContent(slot)?.has(row) === true : now;
  }
}

function forEachIn(relation: Relation | null, visit: (row: Int32Array) => void): void {
  if (relation !== null && relation.size > 0) relation.forEach('visible', visit);
}
