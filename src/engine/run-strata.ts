/**
 * The deductive part of a timestep: each stratum that a change reaches, to its fixpoint.
 *
 * A stratum that runs starts from nothing but its tables and what comes in, evaluates all bodies
 * in full, then goes round by round: new tuples become the delta, and only the versions that read
 * a delta run. One that no change reaches keeps what it holds; its tuples count all the same.
 */
import { defined } from '../base/assert.js';
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { PhysicalPlan, PlannedRule, PlannedStratum } from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
import { insertRows, LEAST_BULK } from './bulk-insert.js';
import { LatticeRelation } from './lattice-relation.js';
import { PairRelation } from './pair-relation.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';
import type { Runtime, Target } from './runtime.js';
import { insertTable } from './insert-table.js';
import { TimestepEnds } from './timestep-ends.js';
import { WideRelation } from './wide-relation.js';

/** What comes in, by slot. */
export type Incoming = ReadonlyMap<
  number,
  { readonly rows: readonly Row[]; readonly tables: readonly Table[] }
>;

/** The functions of one rule. */
interface RuleCode {
  readonly planned: PlannedRule;
  readonly full: readonly (() => void)[];
  readonly deltas: readonly (() => void)[];
  /** Those of `full` that read nothing of their own stratum. */
  readonly exits: readonly (() => void)[];
}

interface Stratum {
  readonly planned: PlannedStratum;
  readonly watched: readonly number[];
  /** Versions of `watched` after the last run. */
  readonly stamps: Float64Array;
  readonly stampsBefore: Float64Array;
  hadIncoming: boolean;
  hadIncomingBefore: boolean;
  readonly plain: readonly RuleCode[];
  readonly aggregated: readonly RuleCode[];
  /** Closes the recursion, word by word of its pivot. */
  readonly pivot: (() => void) | null;
}

export interface StrataParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  readonly runtime: Runtime;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
  readonly budget: Budget;
  readonly targetOf: (rule: number) => Target;
  /** Where what comes in for a relation goes. */
  readonly inputTarget: (slot: number) => Target;
  readonly codeOf: (rule: PlannedRule) => RuleCode;
  readonly pivotOf: (stratum: PlannedStratum) => (() => void) | null;
}

export class StrataRunner {
  readonly #parts: StrataParts;
  readonly #strata: readonly Stratum[];
  /** Slots other than tables that this timestep has derived anew. */
  readonly renewed = new Set<number>();

  constructor(parts: StrataParts) {
    this.#parts = parts;
    this.#strata = parts.plan.strata.map((planned) => {
      const watched = [...planned.reads, ...planned.relations];
      const codes = planned.rules.map(parts.codeOf);
      return {
        planned,
        watched,
        stamps: new Float64Array(watched.length).fill(Number.NaN),
        stampsBefore: new Float64Array(watched.length),
        hadIncoming: false,
        hadIncomingBefore: false,
        plain: codes.filter((code) => !code.planned.rule.aggregated),
        aggregated: codes.filter((code) => code.planned.rule.aggregated),
        pivot: parts.pivotOf(planned),
      };
    });
  }

  /** Runs all strata; throws `TimestepEnds` or `PartialError`. */
  run(incoming: Incoming, isFirst: boolean): void {
    this.renewed.clear();
    for (const stratum of this.#strata) {
      stratum.stampsBefore.set(stratum.stamps);
      stratum.hadIncomingBefore = stratum.hadIncoming;
    }
    for (const stratum of this.#strata) {
      if (stratum.planned.isStatic && !isFirst) continue;
      if (this.#isReached(stratum, incoming)) this.#runStratum(stratum, incoming);
      else this.#countKept(stratum);
    }
  }

  /** Forgets the last run. */
  undo(): void {
    for (const stratum of this.#strata) {
      stratum.stamps.set(stratum.stampsBefore);
      stratum.hadIncoming = stratum.hadIncomingBefore;
    }
    this.renewed.clear();
  }

  /** Makes every stratum run the next time. */
  invalidate(): void {
    for (const stratum of this.#strata) stratum.stamps.fill(Number.NaN);
  }

  #isReached({ planned, watched, stamps, hadIncoming }: Stratum, incoming: Incoming): boolean {
    if (hadIncoming || planned.relations.some((slot) => incoming.has(slot))) return true;
    const { versions } = this.#parts.store;
    return watched.some((slot, i) => stamps[i] !== versions[slot]);
  }

  #countKept({ planned }: Stratum): void {
    const { plan, store, budget } = this.#parts;
    for (const slot of planned.relations) {
      const { storage, isSupplementary } = plan.relations[slot]!;
      if (storage !== 'ephemeral' || isSupplementary) continue;
      budget.spend(store.current[slot]!.size);
      if (budget.measures) store.current[slot]!.forEach('visible', budget.measure);
    }
  }

  #runStratum(stratum: Stratum, incoming: Incoming): void {
    const { plan, store } = this.#parts;
    const { relations } = stratum.planned;
    stratum.hadIncoming = relations.some((slot) => incoming.has(slot));
    const sizesBefore = relations.map((slot) => store.current[slot]!.size);
    const revisionsBefore = relations.map((slot) => store.current[slot]!.revision);
    for (const slot of relations) {
      if (plan.relations[slot]!.storage === 'stored') continue;
      store.renew(slot);
      this.renewed.add(slot);
    }
    this.#takeIncoming(relations, incoming);
    this.#fixpoint(stratum);
    for (const [i, slot] of relations.entries()) {
      const relation = store.current[slot]!;
      relation.settle();
      const isTable = plan.relations[slot]!.storage === 'stored';
      const changed = isTable
        ? relation.revision !== revisionsBefore[i]
        : relation.size + sizesBefore[i]! > 0;
      if (changed) store.touch(slot);
    }
    for (const [i, slot] of stratum.watched.entries()) stratum.stamps[i] = store.versions[slot]!;
  }

  #takeIncoming(relations: readonly number[], incoming: Incoming): void {
    for (const slot of relations) {
      const batch = incoming.get(slot);
      if (batch === undefined) continue;
      const { rows, tables } = batch;
      const target = this.#parts.inputTarget(slot);
      const codec = this.#parts.codecs[slot]!;
      for (const table of tables) insertTable(table, target, codec);
      if (target.relation instanceof PairRelation && rows.length >= LEAST_BULK) {
        target.spend(insertRows(target.relation, rows, codec));
        continue;
      }
      if (target.relation instanceof WideRelation && rows.length >= LEAST_BULK)
        target.relation.rows.reserve(rows.length);
      for (const row of rows) {
        for (let i = 0; i < row.length; i++) target.row[i] = codec.word(row[i]!, i);
        target.insert();
      }
    }
  }

  #fixpoint({ planned, plain, aggregated, pivot }: Stratum): void {
    if (plain.length + aggregated.length === 0) {
      this.#advance(planned.relations);
      return;
    }
    for (const { planned: rule, full } of aggregated) {
      for (const run of full) run();
      this.#finishGroups(rule);
    }
    if (pivot !== null) {
      for (const { exits } of plain) for (const run of exits) run();
      pivot();
      this.#advance(planned.relations);
      return;
    }
    this.#advance(planned.relations);
    const { runtime } = this.#parts;
    const growing = plain.some(({ planned: { readsGrowing } }) => readsGrowing);
    runtime.readsGrowing = growing;
    for (const { full } of plain) for (const run of full) run();
    while (this.#advance(planned.relations)) {
      this.#parts.budget.round();
      for (const { deltas } of plain) for (const run of deltas) run();
    }
    // What has failed on the way is evaluated once more, and now a failure counts.
    const again = runtime.hasFailed;
    runtime.readsGrowing = false;
    if (again) for (const { full } of plain) for (const run of full) run();
  }

  #finishGroups(rule: PlannedRule): void {
    finishGroups(rule, this.#parts.runtime, this.#parts.targetOf(rule.rule.id), this.#parts.plan);
  }

  /** New tuples become the delta; notes those of tables, checks keys and sizes. */
  #advance(relations: readonly number[]): boolean {
    const { plan, store, budget } = this.#parts;
    let any = false;
    for (const slot of relations) {
      const relation = store.current[slot]!;
      if (!relation.advance()) continue;
      any = true;
      const { schema, storage, mayConflict, isSupplementary } = plan.relations[slot]!;
      if (relation instanceof LatticeRelation) budget.spendRaises(relation.takeRaises());
      else if (storage === 'stored') {
        const { added } = store.notesOf(slot);
        relation.forEach('delta', (row) => added.insert(row));
      }
      if (mayConflict) checkKeys(relation, schema.keyLength);
      if (budget.measures && !isSupplementary) relation.forEach('delta', budget.measure);
    }
    return any;
  }
}

/** Turns the groups that an aggregated rule has collected into tuples. */
export function finishGroups(
  rule: PlannedRule,
  runtime: Runtime,
  target: Target,
  plan: PhysicalPlan,
): void {
  const { columns } = plan.relations[rule.head]!.schema;
  const finish = (): void =>
    runtime.groupsOf(rule.rule.id).finish(
      runtime,
      (value, column) => runtime.columnWord(value, rule.head, column, columns[column]!.type),
      (words) => {
        target.row.set(words);
        target.insert();
      },
    );
  runtime.finishing(rule.rule.id, finish);
}

/** Ends the timestep if a tuple of the delta shares its key with another tuple. */
function checkKeys(relation: Relation, keyLength: number): void {
  const columns = Array.from({ length: keyLength }, (_, i) => i);
  let found = 0;
  const count = (): void => {
    found++;
  };
  relation.forEach('delta', (row) => {
    found = 0;
    relation.probe(columns, row.slice(0, keyLength), 'visible', count);
    if (found > 1) throw new TimestepEnds('key');
  });
}

/** Fetches the functions of a rule from linked code. */
export function ruleCode(
  planned: PlannedRule,
  linked: Readonly<Record<string, () => void>>,
): RuleCode {
  const { id } = planned.rule;
  const functionOf = (key: string): (() => void) => defined(linked[key], `generated code ${key}`);
  const full = planned.bodies.map((_, body) => functionOf(`r${id}b${body}full`));
  return {
    planned,
    full,
    exits: full.filter((_, body) => planned.bodies[body]!.deltas.length === 0),
    deltas: planned.bodies.flatMap(({ deltas }, body) =>
      deltas.map(({ delta }) => functionOf(`r${id}b${body}d${delta}`)),
    ),
  };
}

/** Fetches the function that closes a stratum by its pivot, if there is one. */
export function pivotCode(
  { pivot, relations: [slot] }: PlannedStratum,
  linked: Readonly<Record<string, () => void>>,
): (() => void) | null {
  return pivot === null ? null : (linked[`pivot${slot}`] ?? null);
}
