/**
 * What a timestep begins with beside the tables, as rows by slot: facts, tuples given to the node
 * at its start, those of built-in relations, events, and what the last commit left for now.
 *
 * Facts of statics are taken until the first commit, which keeps them; all other facts in the first
 * timestep after a start, unless their relation was loaded from what an earlier process left. A
 * fact in a located relation holds at the node it names.
 */
import { BugError } from '../base/assert.js';
import { Table } from '../base/table.js';
import type { Row, Value } from '../base/value.js';
import type { NodeIdentity, RelationRows, TimestepInput } from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlannedRelation, PlanRelationSchema } from '../plan/physical-plan.js';
import { Incoming } from './incoming.js';

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

/** Takes the inputs of one node's timesteps. */
export class InputTaker {
  readonly #plan: PhysicalPlan;
  readonly #program: InputProgram;
  readonly #identity: NodeIdentity;
  readonly #builtins: readonly PlannedRelation[];
  readonly #incoming: Incoming;
  /** By slot, how many columns there are. */
  readonly #widths: Int32Array;
  /** Relations whose facts hold no more. */
  #loaded: ReadonlySet<string> = new Set();
  /** What `#slotOf` has found last. */
  #lastName: string | null = null;
  #lastSlot = 0;

  constructor(program: InputProgram, identity: NodeIdentity) {
    const { plan } = program;
    [this.#plan, this.#program, this.#identity] = [plan, program, identity];
    this.#builtins = plan.relations.filter(({ schema }) => schema.builtin !== null);
    this.#incoming = new Incoming(plan.relations.length);
    this.#widths = Int32Array.from(plan.relations, ({ schema }) => schema.columns.length);
  }

  get loaded(): ReadonlySet<string> {
    return this.#loaded;
  }

  /** These relations hold what an earlier process left. */
  load(relations: ReadonlySet<string>): void {
    this.#loaded = relations;
  }

  /** What is given is good until the next call. */
  take(input: TimestepInput, isFirst: boolean): Incoming {
    const incoming = this.#incoming;
    incoming.clear();
    if (isFirst || input.boot !== null) this.#takeFacts(incoming, input, isFirst);
    for (let i = 0; i < this.#builtins.length; i++) {
      const { slot, schema } = this.#builtins[i]!;
      if (schema.kind === 'static' && !isFirst) continue;
      incoming.addRows(slot, builtinRows(schema, this.#identity, input));
    }
    this.#takeBatches(incoming, input.events);
    if (input.nextTuples.length > 0) this.#takeBatches(incoming, input.nextTuples);
    return incoming;
  }

  #takeFacts(incoming: Incoming, { boot }: TimestepInput, isFirst: boolean): void {
    const takeFact = (name: string, row: Row): void => {
      const slot = this.#slotOf(name);
      const { location } = this.#plan.relations[slot]!.schema;
      const isNow = this.#isNow(slot, boot, isFirst);
      const isHere = location === null || row[location] === this.#identity.name;
      if (isNow && isHere) incoming.addRow(slot, row);
    };
    if (isFirst)
      for (const [name, bottom] of this.#program.bottoms)
        incoming.addRow(this.#slotOf(name), [bottom]);
    for (const { relation, row } of this.#program.facts) takeFact(relation, row);
    for (const { relation, rows } of this.#identity.facts) {
      if (rows instanceof Table) this.#takeTable(incoming, relation, rows, boot, isFirst);
      else for (const row of rows) takeFact(relation, row);
    }
  }

  #takeTable(
    incoming: Incoming,
    name: string,
    table: Table,
    boot: TimestepInput['boot'],
    isFirst: boolean,
  ): void {
    const slot = this.#slotOf(name);
    const { location } = this.#plan.relations[slot]!.schema;
    const isNow = this.#isNow(slot, boot, isFirst);
    const own = location === null ? table : table.where(location, this.#identity.name);
    if (isNow && own.length > 0) incoming.addTable(slot, own);
  }

  /** Whether facts of a relation hold. */
  #isNow(slot: number, boot: TimestepInput['boot'], isFirst: boolean): boolean {
    const { kind, name } = this.#plan.relations[slot]!.schema;
    return kind === 'static' ? isFirst : boot !== null && !this.#loaded.has(name);
  }

  #takeBatches(incoming: Incoming, batches: readonly RelationRows[]): void {
    for (let i = 0; i < batches.length; i++) {
      const { relation, rows } = batches[i]!;
      const slot = this.#slotOf(relation);
      const width = this.#widths[slot]!;
      for (let j = 0; j < rows.length; j++)
        if (rows[j]!.length !== width)
          throw new BugError(`a tuple of ${relation} has ${rows[j]!.length} columns`);
      incoming.addRows(slot, rows);
    }
  }

  #slotOf(name: string): number {
    // Most nodes are asked for one relation again and again.
    if (name === this.#lastName) return this.#lastSlot;
    const slot = this.#plan.slotByName.get(name);
    if (slot === undefined) throw new BugError(`there is no relation ${name}`);
    [this.#lastName, this.#lastSlot] = [name, slot];
    return slot;
  }
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
