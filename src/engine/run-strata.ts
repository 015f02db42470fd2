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
import type {
  PhysicalPlan,
  PlannedRelation,
  PlannedRule,
  PlannedStratum,
} from '../plan/physical-plan.js';
import type { Budget } from './budget.js';
import type { Changes } from './changes.js';
import type { EffectGroup } from './effect-groups.js';
import type { Batch, Incoming } from './incoming.js';
import { LatticeRelation } from './lattice-relation.js';
import type { ReachedUnits } from './reached-units.js';
import type { Relation } from './relation.js';
import type { RelationStore } from './relation-store.js';
import type { RowCodec } from './row-codec.js';
import { Target, type Runtime } from './runtime.js';
import { finishGroups } from './finish-groups.js';
import { insertRows, insertTable } from './insert-table.js';
import { TimestepEnds } from './timestep-ends.js';
import type { Upkeep } from './upkeep.js';
import { Unit, type RuleCode, type UnitFacts } from './unit.js';

export interface StrataParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly runtime: Runtime;
  /** By slot. */
  readonly codecs: readonly RowCodec[];
  readonly budget: Budget;
  readonly groups: readonly EffectGroup[];
  readonly reached: ReachedUnits;
  readonly targetOf: (rule: number) => Target;
  /** Where what comes in for a relation goes. */
  readonly inputTarget: (slot: number) => Target;
  readonly codeOf: (rule: PlannedRule) => RuleCode;
  readonly closingOf: (stratum: PlannedStratum) => (() => void) | null;
  /** Links what brings a unit up to date. */
  readonly linkUpkeep: (unit: Unit) => Upkeep;
  /** Tuples of what a unit reads and holds from which on its upkeep is worth its code. */
  readonly upkeepFrom: number;
}

/** What each unit reads or holds: strata first, then groups of effects. */
export function watchedByUnit(
  plan: PhysicalPlan,
  groups: readonly EffectGroup[],
): readonly (readonly number[])[] {
  return [
    ...plan.strata.map(({ reads, relations }) => [...reads, ...relations]),
    ...groups.map(({ reads, wanted }) => [...reads, wanted]),
  ];
}

export class StrataRunner {
  readonly #parts: StrataParts;
  // Of the parts, what every timestep uses.
  readonly #store: RelationStore;
  readonly #reached: ReachedUnits;
  readonly #budget: Budget;
  /** Strata, then effects from `#effectsFrom` on. */
  readonly #units: readonly Unit[];
  readonly #effectsFrom: number;
  /** By slot of a relation, the number of the stratum that holds it. */
  readonly #unitOf: Int32Array;
  /** By slot, whether it is a table. */
  readonly #isStored: Uint8Array;
  /** Those that a change has reached in this timestep. */
  readonly #ran: Unit[] = [];
  #ranCount = 0;
  /** Tuples of all units that count where no change reaches them. */
  #kept = 0;
  /** Those of the units that none has reached in this timestep. */
  #untouched = 0;

  constructor(parts: StrataParts) {
    this.#parts = parts;
    [this.#store, this.#reached, this.#budget] = [parts.store, parts.reached, parts.budget];
    const { plan, groups } = parts;
    this.#isStored = Uint8Array.from(parts.store.current, (_, slot) =>
      plan.relations[slot]?.storage === 'stored' ? 1 : 0,
    );
    const strata = plan.strata.map((stratum, number) => {
      const { relations, reads, rules, isStatic, isMaintained } = stratum;
      const how = { isStatic, isMaintained, counts: true, closing: parts.closingOf(stratum) };
      return this.#unit({ number, relations, reads, rules, ...how });
    });
    this.#effectsFrom = strata.length;
    const effects = groups.map(({ wanted, reads, rules, mode, isMaintained }, i) =>
      this.#unit({
        number: strata.length + i,
        relations: [wanted],
        reads,
        rules,
        isStatic: false,
        isMaintained,
        counts: mode !== 'delete',
        closing: null,
      }),
    );
    this.#units = [...strata, ...effects];
    this.#unitOf = new Int32Array(plan.relations.length);
    for (const { number, relations } of strata)
      for (const slot of relations) this.#unitOf[slot] = number;
  }

  /** Runs all strata; throws `TimestepEnds` or `PartialError`. */
  run(incoming: Incoming, isFirst: boolean): void {
    this.#ranCount = 0;
    this.#untouched = this.#kept;
    const { slots, count } = incoming.filled;
    for (let i = 0; i < count; i++) this.#reached.mark(this.#unitOf[slots[i]!]!);
    const reached = this.#reached;
    const end = this.#effectsFrom;
    for (let at = reached.next(0, end); at < end; at = reached.next(at + 1, end)) {
      const unit = this.#units[at]!;
      const hasIncoming = isFilled(unit, incoming);
      const runs = (isFirst || !unit.isStatic) && (hasIncoming || !unit.isIdle);
      if (runs) this.#reach(unit, hasIncoming ? incoming : null);
      // What comes in is gone in the next timestep.
      if (runs && hasIncoming) reached.mark(at);
      else reached.unmark(at);
    }
  }

  /** Runs all effects, which see the fixpoint; throws as `run` does. */
  runEffects(): void {
    const reached = this.#reached;
    const end = this.#units.length;
    for (let at = reached.next(this.#effectsFrom, end); at < end; at = reached.next(at + 1, end)) {
      this.#reach(this.#units[at]!, null);
      reached.unmark(at);
    }
    // Tuples of units that no change has reached count all the same.
    this.#budget.spend(this.#untouched);
    if (this.#budget.measures) this.#measureUntouched();
  }

  /** After the commit. */
  commit(): void {
    const { current } = this.#store;
    let kept = this.#untouched;
    for (let i = 0; i < this.#ranCount; i++) {
      const unit = this.#ran[i]!;
      unit.kept = unit.simple < 0 ? sizeOf(unit.counted, current) : unit.holds;
      kept += unit.kept;
      if (unit.isMaintained) ageGiven(unit);
    }
    this.#kept = kept;
  }

  /** Forgets the last run. */
  undo(): void {
    for (let i = 0; i < this.#ranCount; i++) {
      const unit = this.#ran[i]!;
      this.#reached.mark(unit.number);
      unit.isNew = unit.wasNew;
      unit.upkeep?.forget();
      for (const { now } of unit.given.values()) now.clear();
    }
  }

  /** Makes everything be derived anew the next time. */
  invalidate(): void {
    this.#reached.markAll();
    for (const unit of this.#units) {
      unit.isNew = true;
      unit.given.clear();
    }
  }

  #unit(facts: Omit<UnitFacts, 'codes' | 'isTable' | 'countsWhenKept' | 'isPlain'>): Unit {
    return new Unit({
      ...facts,
      codes: facts.rules.map(this.#parts.codeOf),
      isTable: (slot) => this.#isTable(slot),
      countsWhenKept: (slot) => this.#countsWhenKept(slot),
      isPlain: (slot) => this.#isPlain(slot),
    });
  }

  /** Whether nothing needs to be noted or checked of its tuples. */
  #isPlain(slot: number): boolean {
    const planned = this.#parts.plan.relations[slot];
    if (planned === undefined) return true;
    const { storage, merged, mayConflict, isSupplementary } = planned;
    return storage === 'ephemeral' && merged.length === 0 && !mayConflict && !isSupplementary;
  }

  #countsWhenKept(slot: number): boolean {
    const planned = this.#parts.plan.relations[slot];
    if (planned === undefined) return true;
    const { storage, isSupplementary } = planned;
    return storage !== 'stored' && storage !== 'static' && !isSupplementary;
  }

  #reach(unit: Unit, incoming: Incoming | null): void {
    this.#ran[this.#ranCount++] = unit;
    this.#untouched -= unit.kept;
    if (unit.simple >= 0) return this.#runOnce(unit, unit.simple, incoming);
    const { isNew } = unit;
    unit.wasNew = isNew;
    unit.isNew = false;
    if (unit.isMaintained && incoming !== null) this.#noteGiven(unit, incoming);
    if (isNew || !unit.isMaintained || !this.#bringUpToDate(unit, incoming))
      this.#deriveAnew(unit, incoming);
  }

  #measureUntouched(): void {
    const ran = new Set(this.#ran.slice(0, this.#ranCount));
    for (const unit of this.#units)
      if (!ran.has(unit))
        for (const slot of unit.counted)
          this.#store.current[slot]!.forEach('visible', this.#budget.measure);
  }

  #isTable(slot: number): boolean {
    return this.#isStored[slot] === 1;
  }

  /** Derives the one relation of a unit that does not recur. */
  #runOnce(unit: Unit, slot: number, incoming: Incoming | null): void {
    const { simpleRuns, counts } = unit;
    const [store, budget] = [this.#store, this.#budget];
    const before = store.renew(slot);
    if (incoming !== null) this.#takeBatch(slot, incoming.of(slot)!);
    for (let i = 0; i < simpleRuns.length; i++) simpleRuns[i]!();
    const relation = store.current[slot]!;
    const { size } = relation;
    unit.holds = unit.counted.length > 0 ? size : 0;
    if (size > 0) {
      relation.settle();
      if (counts && budget.measures) relation.forEach('visible', budget.measure);
    } else if (before === 0) return;
    this.#reached.touch(slot);
  }

  #deriveAnew(unit: Unit, incoming: Incoming | null): void {
    const [store, reached] = [this.#store, this.#reached];
    const { relations, sizesBefore, revisionsBefore } = unit;
    unit.upkeep?.forget();
    for (let i = 0; i < relations.length; i++) {
      const slot = relations[i]!;
      sizesBefore[i] = store.current[slot]!.size;
      revisionsBefore[i] = store.current[slot]!.revision;
      if (!this.#isTable(slot)) store.renew(slot);
    }
    if (incoming !== null) this.#takeIncoming(unit, incoming);
    this.#fixpoint(unit);
    for (let i = 0; i < relations.length; i++) {
      const slot = relations[i]!;
      const relation = store.current[slot]!;
      relation.settle();
      const changed = this.#isTable(slot)
        ? relation.revision !== revisionsBefore[i]
        : relation.size + sizesBefore[i]! > 0;
      if (changed) reached.touch(slot);
    }
  }

  /** Whether that was worth it; nothing has been done if not. */
  #bringUpToDate(unit: Unit, incoming: Incoming | null): boolean {
    const [store, budget, reached] = [this.#store, this.#budget, this.#reached];
    const { changes, runtime } = this.#parts;
    const { relations } = unit;
    if (unit.upkeep === null && this.#isSmall(unit)) return false;
    const upkeep = (unit.upkeep ??= this.#parts.linkUpkeep(unit));
    if (!upkeep.remove(this.#lost(unit))) return false;
    for (const [i, slot] of relations.entries()) {
      const relation = store.current[slot]!;
      unit.revisionsBefore[i] = relation.revision;
      if (this.#isTable(slot)) continue;
      // Of what grows it is known at the end which tuples have counted by then.
      if (relation instanceof LatticeRelation) relation.beginJournal();
      else if (unit.counts && this.#countsWhenKept(slot)) budget.spend(relation.size);
    }
    if (incoming !== null) this.#takeIncoming(unit, incoming);
    runtime.readsGrowing = unit.readsGrowing;
    upkeep.derive();
    while (this.#advance(unit, true)) {
      budget.round();
      for (const { deltas } of unit.plain) for (const run of deltas) run();
    }
    this.#tryFailedAgain(unit);
    for (const [i, slot] of relations.entries()) {
      const relation = store.current[slot]!;
      relation.settle();
      if (this.#isTable(slot)) {
        if (relation.revision !== unit.revisionsBefore[i]) reached.touch(slot);
        continue;
      }
      const { inserted, doomed } = store.upkeepNotesOf(slot);
      if (relation instanceof LatticeRelation) this.#noteGrown(unit, relation, inserted, doomed);
      inserted.settle();
      if (changes.note(slot)) reached.touch(slot);
      if (unit.counts && budget.measures && this.#countsWhenKept(slot))
        relation.forEach('visible', budget.measure);
    }
    return true;
  }

  /** Takes notes of the tuples that are new or have grown; the others count now. */
  #noteGrown(
    { counts }: Unit,
    relation: LatticeRelation,
    inserted: Relation,
    doomed: Relation,
  ): void {
    let others = relation.size;
    relation.endJournal((now, before) => {
      others--;
      inserted.insert(now);
      if (before !== null) doomed.insert(before);
    });
    doomed.settle();
    if (counts) this.#budget.spend(others);
  }

  /** Whether deriving the unit anew costs less than making code for its upkeep. */
  #isSmall({ watched }: Unit): boolean {
    let tuples = 0;
    for (const slot of watched) tuples += this.#store.current[slot]!.size;
    return tuples < this.#parts.upkeepFrom;
  }

  #noteGiven({ relations, given }: Unit, incoming: Incoming): void {
    const [store, { codecs }] = [this.#store, this.#parts];
    for (const slot of relations) {
      const batch = incoming.of(slot);
      if (batch === null || this.#isTable(slot)) continue;
      let each = given.get(slot);
      if (each === undefined) {
        each = { before: store.emptyLike(slot), now: store.emptyLike(slot) };
        given.set(slot, each);
      }
      const codec = codecs[slot]!;
      const target = new Target(each.now, each.now.arity, this.#budget, false);
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
      const rows = this.#store.emptyLike(slot);
      before.forEach('visible', (row) => void (now.has(row) || rows.insert(row)));
      rows.settle();
      lost.set(slot, rows);
    }
    return lost;
  }

  #takeIncoming({ relations }: Unit, incoming: Incoming): void {
    for (let i = 0; i < relations.length; i++) {
      const batch = incoming.of(relations[i]!);
      if (batch !== null) this.#takeBatch(relations[i]!, batch);
    }
  }

  #takeBatch(slot: number, { rows, tables }: Batch): void {
    const target = this.#parts.inputTarget(slot);
    const codec = this.#parts.codecs[slot]!;
    for (let i = 0; i < tables.length; i++) insertTable(tables[i]!, target, codec);
    insertRows(rows, target, codec);
  }

  #fixpoint(unit: Unit): void {
    const { plain, aggregated, closing, readsGrowing } = unit;
    if (plain.length + aggregated.length === 0) {
      this.#advance(unit, false);
      return;
    }
    for (const { planned: rule, full } of aggregated) {
      for (const run of full) run();
      this.#finishGroups(rule);
    }
    if (closing !== null) {
      for (const { exits } of plain) for (const run of exits) run();
      closing();
      this.#advance(unit, false);
      return;
    }
    this.#advance(unit, false);
    const { runtime } = this.#parts;
    runtime.readsGrowing = readsGrowing;
    for (const { full } of plain) for (const run of full) run();
    while (this.#advance(unit, false)) {
      this.#budget.round();
      for (const { deltas } of plain) for (const run of deltas) run();
    }
    this.#tryFailedAgain(unit);
  }

  /** What has failed on the way is evaluated once more, and now a failure counts. */
  #tryFailedAgain({ plain }: Unit): void {
    const { runtime } = this.#parts;
    const again = runtime.hasFailed;
    runtime.readsGrowing = false;
    if (again) for (const { full } of plain) for (const run of full) run();
  }

  #finishGroups(rule: PlannedRule): void {
    finishGroups(rule, this.#parts, null);
  }

  /** New tuples become the delta; notes those of what is kept, checks keys and sizes. */
  #advance({ relations, counts }: Unit, isUpkeep: boolean): boolean {
    const [store, budget, { plan }] = [this.#store, this.#budget, this.#parts];
    let any = false;
    for (const slot of relations) {
      const relation = store.current[slot]!;
      if (!relation.advance()) continue;
      any = true;
      const planned = plan.relations[slot];
      if (relation instanceof LatticeRelation && planned?.isKeyed !== true)
        budget.spendRaises(slot, relation.takeRaises(), relation.size, onlyCompares(planned));
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

/** Whether merging is comparing in all lattice columns. */
function onlyCompares(planned: PlannedRelation | undefined): boolean {
  return (
    planned !== undefined &&
    planned.merged.every((column) => (planned.bare[column] ?? null) !== null)
  );
}

function sizeOf(slots: Int32Array, relations: readonly Relation[]): number {
  let size = 0;
  for (let i = 0; i < slots.length; i++) size += relations[slots[i]!]!.size;
  return size;
}

function isFilled({ simple, relations }: Unit, { filled }: Incoming): boolean {
  if (simple >= 0) return filled.has(simple);
  for (let i = 0; i < relations.length; i++) if (filled.has(relations[i]!)) return true;
  return false;
}

/** What came in last is what may be lost next. */
function ageGiven({ given }: Unit): void {
  for (const each of given.values()) {
    [each.before, each.now] = [each.now, each.before];
    if (each.now.size > 0) each.now.clear();
  }
}

function noteDelta(relation: Relation, notes: Relation): void {
  relation.forEach('delta', (row) => notes.insert(row));
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

/** Fetches the function that closes a stratum's recursion otherwise than round by round, if there is one. */
export function closingCode(
  { relations: [slot] }: PlannedStratum,
  linked: Readonly<Record<string, () => void>>,
): (() => void) | null {
  return linked[`close${slot}`] ?? null;
}
