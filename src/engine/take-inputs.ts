/**
 * What a timestep begins with beside the tables, as rows by slot: facts, tuples given to the node
 * at its start, those of built-in relations, events, and what the last commit left for now.
 *
 * Facts of statics are taken until the first commit, which keeps them; all other facts in the first
 * timestep after a start. A fact in a located relation holds at the node it names.
 */
import { assert, defined } from '../base/assert.js';
import { Table } from '../base/table.js';
import type { Row, Value } from '../base/value.js';
import type { NodeIdentity, TimestepInput } from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlanRelationSchema } from '../plan/physical-plan.js';
import type { Incoming } from './run-strata.js';

/** A fact of the program, structurally. */
export interface EngineFact {
  readonly relation: string;
  readonly row: Row;
}

/** What is known of a program beside its rules. */
export interface InputProgram {
  readonly plan: PhysicalPlan;
  readonly facts: readonly EngineFact[];
  /** The bottoms of relations declared `lattice`, which hold one tuple from the first timestep on. */
  readonly bottoms: ReadonlyMap<string, Value>;
}

export function takeInputs(
  { plan, facts, bottoms }: InputProgram,
  identity: NodeIdentity,
  input: TimestepInput,
  isFirst: boolean,
): Incoming {
  const incoming = new Map<number, { readonly rows: Row[]; readonly tables: Table[] }>();
  const batchOf = (slot: number): { readonly rows: Row[]; readonly tables: Table[] } => {
    let batch = incoming.get(slot);
    if (batch === undefined) incoming.set(slot, (batch = { rows: [], tables: [] }));
    return batch;
  };
  const take = (slot: number, row: Row): void => void batchOf(slot).rows.push(row);
  const slotOf = (name: string): number => defined(plan.slotByName.get(name), `relation ${name}`);
  const takeFact = (name: string, row: Row): void => {
    const slot = slotOf(name);
    const { kind, location } = plan.relations[slot]!.schema;
    const isNow = kind === 'static' ? isFirst : input.boot !== null;
    if (isNow && (location === null || row[location] === identity.name)) take(slot, row);
  };
  const takeTable = (name: string, table: Table): void => {
    const slot = slotOf(name);
    const { kind, location } = plan.relations[slot]!.schema;
    const isNow = kind === 'static' ? isFirst : input.boot !== null;
    const own = location === null ? table : table.where(location, identity.name);
    if (isNow && own.length > 0) batchOf(slot).tables.push(own);
  };
  if (isFirst) for (const [name, bottom] of bottoms) take(slotOf(name), [bottom]);
  if (isFirst || input.boot !== null) {
    for (const { relation, row } of facts) takeFact(relation, row);
    for (const { relation, rows } of identity.facts) {
      if (rows instanceof Table) takeTable(relation, rows);
      else for (const row of rows) takeFact(relation, row);
    }
  }
  for (const { slot, schema } of plan.relations) {
    if (schema.builtin === null || (schema.kind === 'static' && !isFirst)) continue;
    for (const row of builtinRows(schema, identity, input)) take(slot, row);
  }
  for (const { relation, rows } of [...input.events, ...input.nextTuples]) {
    const slot = slotOf(relation);
    const width = plan.relations[slot]!.schema.columns.length;
    for (const row of rows) {
      assert(row.length === width, `a tuple of ${relation} has ${row.length} columns`);
      take(slot, row);
    }
  }
  return incoming;
}

function builtinRows(
  { builtin }: PlanRelationSchema,
  identity: NodeIdentity,
  input: TimestepInput,
): readonly Row[] {
  if (builtin === 'cluster') return identity.cluster.map((name) => [name]);
  if (builtin === 'self') return [[identity.name]];
  if (builtin === 'now') return [[input.nowMs]];
  return builtin === 'boot' && input.boot !== null ? [[input.boot.first]] : [];
}
