/**
 * What a committed timestep lets go, decoded and sorted: outputs, changes of views, `@async`
 * tuples, `@next` tuples. An event-driven output or `@async` rule gives all it has, a standing one
 * what begins to hold; what no change has reached gives nothing.
 */
import { compareRows, type Row } from '../base/value.js';
import type { Commit, RelationRows } from '../evaluator/evaluator.js';
import type { PhysicalPlan } from '../plan/physical-plan.js';
import { forEachChange } from './commit-effects.js';
import type { EffectGroup } from './effect-groups.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';

export interface ReleaseParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
  /** Slots that this timestep has derived anew. */
  readonly renewed: ReadonlySet<number>;
}

/** The rows of a settled relation, in order. */
export function rowsOf(relation: Relation, codec: RowCodec): readonly Row[] {
  return rowsWithout(relation, null, codec);
}

function rowsWithout(relation: Relation, others: Relation | null, codec: RowCodec): readonly Row[] {
  const rows: Row[] = [];
  relation.forEach('visible', (words) => {
    if (others === null || !others.has(words)) rows.push(codec.row(words));
  });
  return rows.sort(compareRows);
}

interface Change {
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** How the content of a relation differs from what it was before the timestep. */
function changeOf(slot: number, { plan, store, codecs, renewed }: ReleaseParts): Change {
  const codec = codecs[slot]!;
  if (plan.relations[slot]!.storage === 'stored') return tableChange(slot, store, codec);
  if (!renewed.has(slot)) return { added: [], removed: [] };
  const [content, former] = [store.current[slot]!, store.formerContent(slot)];
  return {
    added: rowsWithout(content, former, codec),
    removed: former === null ? [] : rowsWithout(former, content, codec),
  };
}

function tableChange(slot: number, store: RelationStore, codec: RowCodec): Change {
  if (!store.notedTables.includes(slot)) return { added: [], removed: [] };
  const [added, removed]: [Row[], Row[]] = [[], []];
  forEachChange(
    slot,
    store,
    (row) => void added.push(codec.row(row)),
    (row) => void removed.push(codec.row(row)),
  );
  return { added: added.sort(compareRows), removed: removed.sort(compareRows) };
}

export function releaseOutputs(parts: ReleaseParts): RelationRows[] {
  const outputs = parts.plan.relations.filter(({ schema }) => schema.observable === 'output');
  return inOrder(
    outputs.map(({ slot, schema: { name, eventDriven } }) => ({
      relation: name,
      rows: eventDriven
        ? rowsOf(parts.store.current[slot]!, parts.codecs[slot]!)
        : changeOf(slot, parts).added,
    })),
  );
}

export function changeViews(parts: ReleaseParts): Commit['viewChanges'] {
  const views = parts.plan.relations.filter(({ schema }) => schema.observable === 'view');
  return views
    .map(({ slot, schema }) => ({ relation: schema.name, ...changeOf(slot, parts) }))
    .filter(({ added, removed }) => added.length + removed.length > 0)
    .sort((a, b) => (a.relation < b.relation ? -1 : 1));
}

export function releaseSends(
  groups: readonly EffectGroup[],
  { plan, codecs }: ReleaseParts,
): RelationRows[] {
  const byName = new Map<string, Row[]>();
  for (const group of groups) {
    if (group.mode !== 'async') continue;
    if (!group.eventDriven && !group.isRenewed) continue;
    const rows = rowsWithout(
      group.wanted,
      group.eventDriven ? null : group.former,
      codecs[group.slot]!,
    );
    const { name } = plan.relations[group.slot]!.schema;
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [...rows]);
    else known.push(...rows);
  }
  return inOrder([...byName].map(([relation, rows]) => ({ relation, rows: distinct(rows) })));
}

/** `@next` tuples of everything but tables. */
export function nextTuplesOf(
  groups: readonly EffectGroup[],
  { plan, codecs }: ReleaseParts,
): RelationRows[] {
  return inOrder(
    groups.flatMap((group) => {
      const { schema, storage } = plan.relations[group.slot]!;
      if (group.mode !== 'next' || storage === 'stored') return [];
      return [{ relation: schema.name, rows: rowsOf(group.wanted, codecs[group.slot]!) }];
    }),
  );
}

/** Batches of one relation each, whatever the order and number of those given. */
export function mergeBatches(batches: readonly RelationRows[]): RelationRows[] {
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
