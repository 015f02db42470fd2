/**
 * What a committed timestep lets go, decoded and sorted: outputs, changes of views, `@async`
 * tuples, `@next` tuples. An event-driven output or `@async` rule gives all it has, a standing one
 * what begins to hold; what no change has reached gives nothing.
 */
import { compareRows, type Row } from '../base/value.js';
import type { Commit, RelationRows } from '../evaluator/evaluator.js';
import type { PhysicalPlan } from '../plan/physical-plan.js';
import type { Changes } from './changes.js';
import { forEachChange, isOfCommit } from './commit-effects.js';
import type { EffectGroup } from './effect-groups.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';
import type { TupleDirectory } from './tuple-directory.js';
import { WideRelation } from './wide-relation.js';

export interface ReleaseParts {
  readonly plan: PhysicalPlan;
  readonly groups: readonly EffectGroup[];
  readonly store: RelationStore;
  readonly changes: Changes;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
}

/** The rows of a settled relation, in order. */
export function rowsOf(relation: Relation, codec: RowCodec): readonly Row[] {
  if (relation.size === 0) return noRows;
  const lie = relation instanceof WideRelation ? relation.rowsAsTheyLie : null;
  return inRowOrder(lie === null ? collected(relation, null, codec) : decoded(lie, codec));
}

function rowsWithout(relation: Relation, others: Relation | null, codec: RowCodec): readonly Row[] {
  if (others === null || others.size === 0) return rowsOf(relation, codec);
  return relation.size === 0 ? noRows : inRowOrder(collected(relation, others, codec));
}

/** At least one row; nearly every timestep lets a row or two go that lie so. */
function decoded({ words, count, arity }: TupleDirectory, codec: RowCodec): Row[] {
  const rows = [codec.row(words, 0, arity)];
  for (let r = 1; r < count; r++) rows.push(codec.row(words, r * arity, arity));
  return rows;
}

function collected(relation: Relation, without: Relation | null, codec: RowCodec): Row[] {
  let rows: Row[] | null = null;
  relation.forEach('visible', (words) => {
    if (without?.has(words) === true) return;
    if (rows === null) rows = [codec.row(words)];
    else rows.push(codec.row(words));
  });
  return rows ?? [];
}

function inRowOrder(rows: Row[]): readonly Row[] {
  return rows.length > 1 ? rows.sort(compareRows) : rows;
}

/** Rows that came and went. */
export interface Change {
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

const noRows: readonly Row[] = [];
const noBatches: readonly RelationRows[] = [];
const noChanges: Commit['viewChanges'] = [];
export const noChange: Change = { added: noRows, removed: noRows };

/** Something that is let go, under the name of its relation. */
interface Source {
  readonly name: string;
  readonly slot: number;
  readonly eventDriven: boolean;
}

export class Releases {
  readonly #parts: ReleaseParts;
  readonly #outputs: readonly Source[];
  readonly #views: readonly Source[];
  readonly #sends: readonly Source[];
  /** `@next` of everything but tables. */
  readonly #nexts: readonly Source[];

  constructor(parts: ReleaseParts) {
    this.#parts = parts;
    const { plan, groups } = parts;
    const shown = (how: 'output' | 'view'): readonly Source[] =>
      plan.relations
        .filter(({ schema }) => schema.observable === how)
        .map(({ slot, schema: { name, eventDriven } }) => ({ name, slot, eventDriven }))
        .sort(inNameOrder);
    const asked = (mode: 'async' | 'next'): readonly Source[] =>
      groups
        .filter((group) => group.mode === mode && (mode === 'async' || !isTable(plan, group.slot)))
        .map(({ slot, wanted, eventDriven }) => {
          return { name: plan.relations[slot]!.schema.name, slot: wanted, eventDriven };
        })
        .sort(inNameOrder);
    [this.#outputs, this.#views] = [shown('output'), shown('view')];
    [this.#sends, this.#nexts] = [asked('async'), asked('next')];
  }

  /** `isFirst`: what was loaded before the first timestep is news to whoever looks. */
  outputs(isFirst: boolean): readonly RelationRows[] {
    return this.#released(this.#outputs, isFirst);
  }

  views(isFirst: boolean): Commit['viewChanges'] {
    return this.#views.length === 0 ? noChanges : this.#viewChanges(isFirst);
  }

  /** `@async` tuples. */
  sends(): readonly RelationRows[] {
    return this.#sends.length === 0 ? noBatches : this.#sentBatches();
  }

  nextTuples(): readonly RelationRows[] {
    return this.#nexts.length === 0 ? noBatches : this.#nextBatches();
  }

  #viewChanges(isFirst: boolean): Commit['viewChanges'] {
    let changes: Commit['viewChanges'][number][] | null = null;
    for (let i = 0; i < this.#views.length; i++) {
      const { name, slot } = this.#views[i]!;
      const { added, removed } = this.#changeOf(slot, isFirst);
      if (added.length + removed.length === 0) continue;
      changes ??= [];
      changes.push({ relation: name, added, removed });
    }
    return changes ?? noChanges;
  }

  #sentBatches(): readonly RelationRows[] {
    const batches = this.#released(this.#sends, false);
    return batches.length > 1 ? mergeBatches(batches) : batches;
  }

  #nextBatches(): readonly RelationRows[] {
    const { store, codecs } = this.#parts;
    let batches: RelationRows[] | null = null;
    for (let i = 0; i < this.#nexts.length; i++) {
      const { name, slot } = this.#nexts[i]!;
      const relation = store.current[slot]!;
      if (relation.size === 0) continue;
      batches ??= [];
      batches.push({ relation: name, rows: rowsOf(relation, codecs[slot]!) });
    }
    return batches ?? noBatches;
  }

  #released(sources: readonly Source[], isFirst: boolean): readonly RelationRows[] {
    let batches: RelationRows[] | null = null;
    for (let i = 0; i < sources.length; i++) {
      const { name, slot, eventDriven } = sources[i]!;
      const rows = eventDriven ? this.#contentOf(slot) : this.#changeOf(slot, isFirst).added;
      if (rows.length === 0) continue;
      if (batches === null) batches = [{ relation: name, rows }];
      else batches.push({ relation: name, rows });
    }
    return batches ?? noBatches;
  }

  #contentOf(slot: number): readonly Row[] {
    const { store, codecs } = this.#parts;
    return rowsOf(store.current[slot]!, codecs[slot]!);
  }

  /** How the content of a relation differs from what it was before the timestep. */
  #changeOf(slot: number, isFirst: boolean): Change {
    const { plan, store, changes, codecs } = this.#parts;
    const codec = codecs[slot]!;
    if (isFirst && isTable(plan, slot)) return { added: this.#contentOf(slot), removed: noRows };
    if (isTable(plan, slot)) return tableChange(slot, store, codec);
    if (store.isKept(slot)) {
      const { come, gone } = changes.of(slot);
      return { added: rowsOf(come, codec), removed: rowsOf(gone, codec) };
    }
    if (!store.isRenewed(slot)) return noChange;
    const [content, former] = [store.current[slot]!, store.formerContent(slot)];
    return {
      added: rowsWithout(content, former, codec),
      removed: former === null ? noRows : rowsWithout(former, content, codec),
    };
  }
}

function isTable(plan: PhysicalPlan, slot: number): boolean {
  return plan.relations[slot]?.storage === 'stored';
}

function inNameOrder(a: Source, b: Source): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

/** What a timestep has done to a table. */
export function tableChange(slot: number, store: RelationStore, codec: RowCodec): Change {
  if (!store.notedTables.has(slot)) return noChange;
  if (isOfCommit(slot, store)) {
    const { removed, put } = store.notesOf(slot);
    return { added: rowsOf(put, codec), removed: rowsOf(removed, codec) };
  }
  const [added, removed]: [Row[], Row[]] = [[], []];
  forEachChange(
    slot,
    store,
    (row) => void added.push(codec.row(row)),
    (row) => void removed.push(codec.row(row)),
  );
  return { added: added.sort(compareRows), removed: removed.sort(compareRows) };
}

/** Batches of one relation each, whatever the order and number of those given. */
export function mergeBatches(batches: readonly RelationRows[]): readonly RelationRows[] {
  const byName = new Map<string, Row[]>();
  for (const { relation, rows } of batches)
    byName.set(relation, [...(byName.get(relation) ?? []), ...rows]);
  return inOrder([...byName].map(([relation, rows]) => ({ relation, rows: distinct(rows) })));
}

export function sameBatches(a: readonly RelationRows[], b: readonly RelationRows[]): boolean {
  const sameRows = (x: readonly Row[], y: readonly Row[]): boolean =>
    x.length === y.length && x.every((row, i) => compareRows(row, y[i]!) === 0);
  return (
    a.length === b.length &&
    a.every(({ relation, rows }, i) => relation === b[i]!.relation && sameRows(rows, b[i]!.rows))
  );
}

function inOrder(batches: readonly RelationRows[]): RelationRows[] {
  return batches
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

function distinct(rows: readonly Row[]): readonly Row[] {
  const sorted = [...rows].sort(compareRows);
  return sorted.filter((row, i) => i === 0 || compareRows(sorted[i - 1]!, row) !== 0);
}
