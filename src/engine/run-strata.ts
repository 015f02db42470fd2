/**
 * The rules of a timestep: each unit of them that a change reaches, to its fixpoint. A unit is a
 * stratum of deductive rules, or a group of effects, which nothing reads.
 *
 * A unit that a change reaches is brought up to date where its plan says so (upkeep.ts). Otherwise
 * it starts from nothing but its tables and what comes in, evaluates all bodies in full, then goes
 * round by round: new tuples become the delta, and only the versions that read a delta run. A unit
 * that no change reaches keeps what it holds; its tuples count all the same.
 */
import { defined } from '../base/assert.js';
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { PhysicalPlan, PlannedRule, PlannedStratum } from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
import type { Changes } from './changes.js';
import type { EffectGroup } from './effect-groups.js';
import { LatticeRelation } from './lattice-relation.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';
import { Target, type Runtime } from './runtime.js';
import { insertRows, insertTable } from './insert-table.js';
import { TimestepEnds } from './timestep-ends.js';
import type { Upkeep } from './upkeep.js';

/** What comes in, by slot. */
export type Incoming = ReadonlyMap<
  number,
  { readonly rows: readonly Row[]; readonly tables: readonly Table[] }
>;

const noRows: Incoming = new Map();

/** The functions of one rule. */
interface RuleCode {
  readonly planned: PlannedRule;
  readonly full: readonly (() => void)[];
  readonly deltas: readonly (() => void)[];
  /** Those of `full` that read nothing of their own stratum. */
  readonly exits: readonly (() => void)[];
}

/** What came in for a relation that is brought up to date, in the last timestep and in this one. */
interface Given {
  before: Relation;
  now: Relation;
}

export interface Unit {
  /** Slots of heads. */
  readonly relations: readonly number[];
  readonly isStatic: boolean;
  readonly isMaintained: boolean;
  /** Whether its tuples count against the bound. */
  readonly counts: boolean;
  readonly watched: readonly number[];
  /** Versions of `watched` after the last run. */
  readonly stamps: Float64Array;
  readonly stampsBefore: Float64Array;
  /** How large `relations` were. */
  readonly sizesBefore: Float64Array;
  readonly revisionsBefore: Float64Array;
  hadIncoming: boolean;
  hadIncomingBefore: boolean;
  readonly rules: readonly PlannedRule[];
  readonly plain: readonly RuleCode[];
  readonly aggregated: readonly RuleCode[];
  /** Closes the recursion, word by word of its pivot. */
  readonly pivot: (() => void) | null;
  upkeep: Upkeep | null;
  readonly given: Map<number, Given>;
}

export interface StrataParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly runtime: Runtime;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
  readonly budget: Budget;
  readonly groups: readonly EffectGroup[];
  readonly targetOf: (rule: number) => Target;
  /** Where what comes in for a relation goes. */
  readonly inputTarget: (slot: number) => Target;
  readonly codeOf: (rule: PlannedRule) => RuleCode;
  readonly pivotOf: (stratum: PlannedStratum) => (() => void) | null;
  /** Links what brings a unit up to date. */
  readonly linkUpkeep: (unit: Unit) => Upkeep;
  /** Tuples of what a unit reads and holds from which on its upkeep is worth its code. */
  readonly upkeepFrom: number;
}

export class StrataRunner {
  readonly #parts: StrataParts;
  readonly #strata: readonly Unit[];
  readonly #effects: readonly Unit[];
  /** Those that a change has reached in this timestep. */
  readonly #ran: Unit[] = [];

  constructor(parts: StrataParts) {
    this.#parts = parts;
    this.#strata = parts.plan.strata.map((stratum) => {
      const { relations, reads, rules, isStatic, isMaintained } = stratum;
      const how = { isStatic, isMaintained, counts: true, pivot: parts.pivotOf(stratum) };
      return this.#unit(relations, reads, rules, how);
    });
    this.#effects = parts.groups.map(({ wanted, reads, rules, mode, isMaintained }) =>
      this.#unit([wanted], reads, rules, {
        isStatic: false,
        isMaintained,
        counts: mode !== 'delete',
        pivot: null,
      }),
    );
  }

  /** Runs all strata; throws `TimestepEnds` or `PartialError`. */
  run(incoming: Incoming, isFirst: boolean): void {
    this.#ran.length = 0;
    for (const unit of this.#strata) if (isFirst || !unit.isStatic) this.#reach(unit, incoming);
  }

  /** Runs all effects, which see the fixpoint; throws as `run` does. */
  runEffects(): void {
    for (const unit of this.#effects) this.#reach(unit, noRows);
  }

  /** After the commit. */
  commit(): void {
    for (const { given } of this.#ran)
      for (const each of given.values()) {
        [each.before, each.now] = [each.now, each.before];
        if (each.now.size > 0) each.now.clear();
      }
  }

  /** Forgets the last run. */
  undo(): void {
    for (const unit of this.#ran) {
      unit.stamps.set(unit.stampsBefore);
      unit.hadIncoming = unit.hadIncomingBefore;
      for (const { now } of unit.given.values()) now.clear();
    }
  }

  /** Makes everything be derived anew the next time. */
  invalidate(): void {
    for (const units of [this.#strata, this.#effects])
      for (const unit of units) {
        unit.stamps.fill(Number.NaN);
        unit.given.clear();
      }
  }

  #unit(
    relations: readonly number[],
    reads: readonly number[],
    rules: readonly PlannedRule[],
    how: Pick<Unit, 'isStatic' | 'isMaintained' | 'counts' | 'pivot'>,
  ): Unit {
    const watched = [...reads, ...relations];
    const codes = rules.map(this.#parts.codeOf);
    return {
      ...how,
      relations,
      watched,
      stamps: new Float64Array(watched.length).fill(Number.NaN),
      stampsBefore: new Float64Array(watched.length),
      sizesBefore: new Float64Array(relations.length),
      revisionsBefore: new Float64Array(relations.length),
      hadIncoming: false,
      hadIncomingBefore: false,
      rules,
      plain: codes.filter((code) => !code.planned.rule.aggregated),
      aggregated: codes.filter((code) => code.planned.rule.aggregated),
      upkeep: null,
      given: new Map(),
    };
  }

  #reach(unit: Unit, incoming: Incoming): void {
    if (!this.#isReached(unit, incoming)) return this.#countKept(unit);
    const { stamps, stampsBefore, watched } = unit;
    this.#ran.push(unit);
    stampsBefore.set(stamps);
    unit.hadIncomingBefore = unit.hadIncoming;
    unit.hadIncoming = hasIncoming(unit, incoming);
    if (unit.isMaintained) this.#noteGiven(unit, incoming);
    const isNew = Number.isNaN(stamps[0]);
    if (isNew || !unit.isMaintained || !this.#bringUpToDate(unit, incoming))
      this.#deriveAnew(unit, incoming);
    const { versions } = this.#parts.store;
    for (let i = 0; i < watched.length; i++) stamps[i] = versions[watched[i]!]!;
  }

  #isReached(unit: Unit, incoming: Incoming): boolean {
    if (unit.hadIncoming || hasIncoming(unit, incoming)) return true;
    const { versions } = this.#parts.store;
    const { watched, stamps } = unit;
    for (let i = 0; i < watched.length; i++) if (stamps[i] !== versions[watched[i]!]) return true;
    return false;
  }

  #countKept({ relations, counts }: Unit): void {
    const { plan, store, budget } = this.#parts;
    if (!counts) return;
    for (const slot of relations) {
      const planned = plan.relations[slot];
      const isKept = planned?.storage === 'stored' || planned?.storage === 'static';
      if (isKept || planned?.isSupplementary) continue;
      budget.spend(store.current[slot]!.size);
      if (budget.measures) store.current[slot]!.forEach('visible', budget.measure);
    }
  }

  #isTable(slot: number): boolean {
    return this.#parts.plan.relations[slot]?.storage === 'stored';
  }

  #deriveAnew(unit: Unit, incoming: Incoming): void {
    const { store } = this.#parts;
    const { relations, sizesBefore, revisionsBefore } = unit;
    for (let i = 0; i < relations.length; i++) {
      const slot = relations[i]!;
      sizesBefore[i] = store.current[slot]!.size;
      revisionsBefore[i] = store.current[slot]!.revision;
      if (!this.#isTable(slot)) store.renew(slot);
    }
    if (incoming.size > 0) this.#takeIncoming(unit, incoming);
    this.#fixpoint(unit);
    for (let i = 0; i < relations.length; i++) {
      const slot = relations[i]!;
      const relation = store.current[slot]!;
      relation.settle();
      const changed = this.#isTable(slot)
        ? relation.revision !== revisionsBefore[i]
        : relation.size + sizesBefore[i]! > 0;
      if (changed) store.touch(slot);
    }
  }

  /** Whether that was worth it; nothing has been done if not. */
  #bringUpToDate(unit: Unit, incoming: Incoming): boolean {
    const { store, budget, changes } = this.#parts;
    const { relations } = unit;
    if (unit.upkeep === null && this.#isSmall(unit)) return false;
    const upkeep = (unit.upkeep ??= this.#parts.linkUpkeep(unit));
    if (!upkeep.remove(this.#lost(unit))) return false;
    const sizesBefore = relations.map((slot) => store.current[slot]!.size);
    if (unit.counts)
      for (const [i, slot] of relations.entries())
        if (!this.#isTable(slot)) budget.spend(sizesBefore[i]!);
    this.#takeIncoming(unit, incoming);
    upkeep.derive();
    while (this.#advance(unit, true)) {
      budget.round();
      for (const { deltas } of unit.plain) for (const run of deltas) run();
    }
    for (const [i, slot] of relations.entries()) {
      const relation = store.current[slot]!;
      relation.settle();
      if (this.#isTable(slot)) {
        if (relation.size !== sizesBefore[i]) store.touch(slot);
        continue;
      }
      const { inserted } = store.upkeepNotesOf(slot);
      inserted.settle();
      if (changes.note(slot)) store.touch(slot);
      if (unit.counts && budget.measures) relation.forEach('visible', budget.measure);
    }
    return true;
  }

  /** Whether deriving the unit anew costs less than making code for its upkeep. */
  #isSmall({ watched }: Unit): boolean {
    const { store, upkeepFrom } = this.#parts;
    let tuples = 0;
    for (const slot of watched) tuples += store.current[slot]!.size;
    return tuples < upkeepFrom;
  }

  #noteGiven({ relations, given }: Unit, incoming: Incoming): void {
    const { store, codecs, budget } = this.#parts;
    for (const slot of relations) {
      const batch = incoming.get(slot);
      if (batch === undefined || this.#isTable(slot)) continue;
      let each = given.get(slot);
      if (each === undefined) {
        each = { before: store.emptyLike(slot), now: store.emptyLike(slot) };
        given.set(slot, each);
      }
      const codec = codecs[slot]!;
      const target = new Target(each.now, each.now.arity, budget, false);
      for (const table of batch.tables) insertTable(table, target, codec);
      for (const row of batch.rows) each.now.insert(codec.words(row));
      each.now.settle();
    }
  }

  /** What came in for the unit's relations in the last timestep, and does not in this one. */
  #lost({ given }: Unit): ReadonlyMap<number, Relation> {
    const lost = new Map<number, Relation>();
    for (const [slot, { before, now }] of given) {
      if (before.size === 0) continue;
      const rows = this.#parts.store.emptyLike(slot);
      before.forEach('visible', (row) => void (now.has(row) || rows.insert(row)));
      rows.settle();
      lost.set(slot, rows);
    }
    return lost;
  }

  #takeIncoming({ relations }: Unit, incoming: Incoming): void {
    for (const slot of relations) {
      const batch = incoming.get(slot);
      if (batch === undefined) continue;
      const { rows, tables } = batch;
      const target = this.#parts.inputTarget(slot);
      const codec = this.#parts.codecs[slot]!;
      for (const table of tables) insertTable(table, target, codec);
      insertRows(rows, target, codec);
    }
  }

  #fixpoint(unit: Unit): void {
    const { plain, aggregated, pivot } = unit;
    if (plain.length + aggregated.length === 0) {
      this.#advance(unit, false);
      return;
    }
    for (const { planned: rule, full } of aggregated) {
      for (const run of full) run();
      this.#finishGroups(rule);
    }
    if (pivot !== null) {
      for (const { exits } of plain) for (const run of exits) run();
      pivot();
      this.#advance(unit, false);
      return;
    }
    this.#advance(unit, false);
    const { runtime } = this.#parts;
    runtime.readsGrowing = plain.some(({ planned: { readsGrowing } }) => readsGrowing);
    for (const { full } of plain) for (const run of full) run();
    while (this.#advance(unit, false)) {
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

  /** New tuples become the delta; notes those of what is kept, checks keys and sizes. */
  #advance({ relations, counts }: Unit, isUpkeep: boolean): boolean {
    const { plan, store, budget } = this.#parts;
    let any = false;
    for (const slot of relations) {
      const relation = store.current[slot]!;
      if (!relation.advance()) continue;
      any = true;
      const planned = plan.relations[slot];
      if (relation instanceof LatticeRelation) budget.spendRaises(relation.takeRaises());
      else if (planned?.storage === 'stored') noteDelta(relation, store.notesOf(slot).added);
      else if (isUpkeep) noteDelta(relation, store.upkeepNotesOf(slot).inserted);
      if (planned !== undefined && planned.mayConflict)
        checkKeys(relation, planned.schema.keyLength);
      const isCounted = counts && planned?.isSupplementary !== true;
      const isMeasured = isCounted && (!isUpkeep || planned?.storage === 'stored');
      if (isMeasured && budget.measures) relation.forEach('delta', budget.measure);
    }
    return any;
  }
}

function hasIncoming({ relations }: Unit, incoming: Incoming): boolean {
  if (incoming.size > 0) for (const slot of relations) if (incoming.has(slot)) return true;
  return false;
}

function noteDelta(relation: Relation, notes: Relation): void {
  relation.forEach('delta', (row) => notes.insert(row));
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
