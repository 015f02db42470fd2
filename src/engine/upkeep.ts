/**
 * Brings what a unit of rules derives up to date with what has changed below it, at the cost of the
 * change: delete and rederive (Gupta, Mumick and Subrahmanian, "Maintaining views incrementally",
 * 1993), for every kind of rule alike.
 *
 *   1. doomed   = tuples that lost a derivation, and round by round those derived from them;
 *                 of an aggregate every tuple of a group that was touched
 *   2. content  = content − doomed
 *   3. inserted = doomed tuples that are derived otherwise, groups computed anew (large ones as they
 *                 follow from the change, running-groups.ts), what comes in, what the change adds,
 *                 and round by round what follows
 *
 * What is read in step 1 must hold all that held before: where two atoms of one body have lost
 * tuples, what they lost is put back for as long as the step takes. The unit's own relations are
 * touched in step 2 first, so that it can still be given up when more than half is doomed: to derive
 * everything anew is cheaper then. Tuples of tables are never doomed, only derived again when a
 * commit has taken them away. Where values of a head merge, a key is doomed and restored as a whole,
 * and what is only gained merges with what stands there (Conway et al., "Logic and lattices for
 * distributed programming", 2012).
 */
import type { PhysicalPlan, PlanLiteral, PlannedRelation } from '../plan/physical-plan.js';
import type { RuleUpkeep } from '../plan/plan-upkeep.js';
import type { Changes } from './changes.js';
import { createRelation } from './create-relation.js';
import type { Following } from './follow-groups.js';
import { LatticeRelation } from './lattice-relation.js';
import type { Relation, Words } from './relation.js';
import type { RelationStore } from './relation-store.js';

/** Fewer doomed tuples than this are never too many. */
const ALWAYS_WORTH = 32;

/** Generated code that reads a change. */
export type ChangeCode = (change: Relation) => void;

export interface ChangeRun {
  /** The relation whose change it reads. */
  readonly slot: number;
  readonly isNegated: boolean;
  readonly run: ChangeCode;
}

export interface UpkeepRule {
  readonly planned: RuleUpkeep['planned'];
  /** The slot of its heads; of an effect, that of what is asked for. */
  readonly head: number;
  readonly leave: readonly ChangeRun[];
  readonly enter: readonly ChangeRun[];
  readonly restore: readonly ChangeCode[];
  readonly noted: Noted;
  /** Whether values of its head merge: then all tuples of a key are doomed, and restored, together. */
  readonly merges: boolean;
  /** The columns of its heads that make the group of an aggregate, or the key where values merge. */
  readonly groupColumns: readonly number[];
  /** Of an aggregate whose groups may follow the bindings that come and go. */
  readonly following: Following | null;
}

/** Where code puts heads that it notes. */
export class Noted {
  readonly row: Int32Array;
  take: (row: Int32Array) => void = () => undefined;

  constructor(width: number) {
    this.row = new Int32Array(width);
  }

  readonly insert = (): void => this.take(this.row);
}

export interface UpkeepParts {
  readonly plan: PhysicalPlan;
  readonly store: RelationStore;
  readonly changes: Changes;
  readonly slots: readonly number[];
  readonly rules: readonly UpkeepRule[];
  /** Turns the groups that the rule's code has collected into tuples. */
  readonly finishGroups: (rule: UpkeepRule) => void;
}

/** A relation of the unit under way. */
interface Own {
  readonly slot: number;
  readonly isTable: boolean;
  /** Where values merge, the other columns; null for others. */
  readonly key: readonly number[] | null;
  /** Doomed in the last round, and in this one. */
  recent: Relation;
  next: Relation;
}

export class Upkeep {
  readonly #parts: UpkeepParts;
  readonly #own: ReadonlyMap<number, Own>;
  /** Groups to be computed anew, by rule. */
  readonly #touched: ReadonlyMap<UpkeepRule, Relation>;
  /** Keys whose values are to be merged anew, by rule. */
  readonly #keys: ReadonlyMap<UpkeepRule, Relation>;
  readonly #joins: readonly (readonly number[])[];
  #doomed = 0;

  constructor(parts: UpkeepParts) {
    this.#parts = parts;
    const { plan, store } = parts;
    this.#own = new Map(
      parts.slots.map((slot) => {
        const isTable = plan.relations[slot]?.storage === 'stored';
        const [recent, next] = [store.emptyLike(slot), store.emptyLike(slot)];
        return [slot, { slot, isTable, key: keyOf(plan.relations[slot]), recent, next }];
      }),
    );
    const aggregated = parts.rules.filter(({ planned }) => planned.rule.aggregated);
    this.#touched = new Map(
      aggregated.map((rule) => [rule, createRelation(rule.groupColumns.length)]),
    );
    this.#keys = new Map(
      parts.rules.flatMap((rule) =>
        rule.merges && !this.#touched.has(rule)
          ? [[rule, createRelation(rule.groupColumns.length)] as const]
          : [],
      ),
    );
    for (const rule of parts.rules) this.#linkNoted(rule);
    this.#joins = this.#findJoins();
  }

  /**
   * Step 1 and 2; `lost` are tuples that no longer come in, by slot. False if too much is doomed:
   * nothing has been done then.
   */
  remove(lost: ReadonlyMap<number, Relation>): boolean {
    this.#begin(lost);
    for (const rule of this.#touched.keys()) this.#runChanges(rule.enter, 'enter');
    const takeBack = this.#putBack();
    let isWorth: boolean;
    try {
      isWorth = this.#findDoomed();
    } finally {
      for (const each of takeBack) each();
    }
    if (isWorth) this.#removeDoomed();
    return isWorth;
  }

  /** Step 3, without what comes in and without the rounds. */
  derive(): void {
    const { rules, finishGroups } = this.#parts;
    for (const rule of rules) {
      const { head } = rule;
      const touched = this.#touched.get(rule);
      const groups = touched ?? this.#keys.get(rule);
      const given = groups ?? this.#doomedOf(head);
      if (groups !== undefined) {
        this.#doomedOf(head).forEach('visible', (row) => {
          groups.insert(rule.groupColumns.map((column) => row[column]!));
        });
        groups.settle();
      }
      const sought = given.size > 0 ? this.#toCompute(rule, given) : given;
      if (sought.size > 0) for (const run of rule.restore) run(sought);
      if (touched === undefined) this.#runChanges(rule.enter, 'enter');
      else if (sought.size > 0) finishGroups(rule);
    }
  }

  /** What large groups have come to is not known any more. */
  forget(): void {
    for (const { following } of this.#parts.rules) following?.running.forget();
  }

  /** Of given heads or groups those that do not follow. */
  #toCompute({ following }: UpkeepRule, given: Relation): Relation {
    if (following === null) return given;
    return following.update(given, this.#parts.changes.of(following.slot));
  }

  #begin(lost: ReadonlyMap<number, Relation>): void {
    const { store, changes } = this.#parts;
    this.#doomed = 0;
    for (const groups of [this.#touched, this.#keys])
      for (const each of groups.values()) if (each.size > 0) each.clear();
    for (const own of this.#own.values()) {
      for (const relation of [own.recent, own.next]) if (relation.size > 0) relation.clear();
      const { doomed, inserted } = store.upkeepNotesOf(own.slot);
      for (const relation of [doomed, inserted]) if (relation.size > 0) relation.clear();
      if (own.isTable)
        changes.pendingOf(own.slot).gone.forEach('visible', (row) => {
          if (doomed.insert(row)) own.next.insert(row);
        });
      lost.get(own.slot)?.forEach('visible', (row) => {
        if (own.key === null) this.#doom(own, row);
        else
          this.#doomKey(
            own,
            own.key,
            own.key.map((column) => row[column]!),
          );
      });
    }
  }

  #linkNoted(rule: UpkeepRule): void {
    const touched = this.#touched.get(rule);
    const own = this.#own.get(rule.head)!;
    if (touched !== undefined) rule.noted.take = (row) => void touched.insert(row);
    else if (rule.merges) rule.noted.take = (row) => this.#doomKey(own, rule.groupColumns, row);
    else rule.noted.take = (row) => this.#doom(own, row);
  }

  /** Dooms what stands under a key, whatever value it has grown to. */
  #doomKey(own: Own, columns: readonly number[], key: Words): void {
    const content = this.#parts.store.current[own.slot]!;
    content.probe(columns, key, 'visible', (row) => this.#doom(own, row));
  }

  #doom(own: Own, row: Int32Array): void {
    if (own.isTable || !this.#parts.store.current[own.slot]!.has(row)) return;
    if (!this.#parts.store.upkeepNotesOf(own.slot).doomed.insert(row)) return;
    own.next.insert(row);
    this.#doomed++;
  }

  #doomedOf(slot: number): Relation {
    return this.#parts.store.upkeepNotesOf(slot).doomed;
  }

  /** Runs the versions whose relation has changed. */
  #runChanges(runs: readonly ChangeRun[], purpose: 'leave' | 'enter'): void {
    const { changes } = this.#parts;
    for (const { slot, isNegated, run } of runs) {
      const own = this.#own.get(slot);
      // What the unit's own relations gain and lose goes round by round, but for commits of tables.
      if (own !== undefined && (!own.isTable || purpose === 'leave')) continue;
      const { gone, come } = own === undefined ? changes.of(slot) : changes.pendingOf(slot);
      const change = isNegated === (purpose === 'leave') ? come : gone;
      if (change.size > 0) run(change);
    }
  }

  #findDoomed(): boolean {
    for (const rule of this.#parts.rules) this.#runChanges(rule.leave, 'leave');
    for (const [rule, touched] of this.#touched) {
      touched.settle();
      const own = this.#own.get(rule.head)!;
      const content = this.#parts.store.current[rule.head]!;
      touched.forEach('visible', (group) => {
        content.probe(rule.groupColumns, group, 'visible', (row) => this.#doom(own, row));
      });
    }
    while (this.#turn()) {
      if (this.#isTooMuch()) return false;
      for (const { leave } of this.#parts.rules)
        for (const { slot, run } of leave) {
          const recent = this.#own.get(slot)?.recent;
          if (recent !== undefined && recent.size > 0) run(recent);
        }
    }
    return true;
  }

  /** What this round has doomed is what the next one starts from; whether there is any. */
  #turn(): boolean {
    let any = false;
    for (const own of this.#own.values()) {
      if (own.recent.size > 0) own.recent.clear();
      [own.recent, own.next] = [own.next, own.recent];
      own.recent.settle();
      any ||= own.recent.size > 0;
    }
    return any;
  }

  #isTooMuch(): boolean {
    if (this.#doomed < ALWAYS_WORTH) return false;
    let size = 0;
    for (const { slot, isTable } of this.#own.values())
      if (!isTable) size += this.#parts.store.current[slot]!.size;
    return this.#doomed * 2 > size;
  }

  /**
   * Puts back what was lost, where bodies read more than one relation that has lost tuples; what it
   * returns takes that away again.
   */
  #putBack(): readonly (() => void)[] {
    let slots: Set<number> | null = null;
    for (const body of this.#joins) {
      const losing = body.filter((slot) => this.#goneOf(slot).size > 0);
      if (losing.length > 1) slots = new Set([...(slots ?? []), ...losing]);
    }
    if (slots === null) return [];
    return [...slots].map((slot) => {
      const [relation, rows] = [this.#parts.store.current[slot]!, this.#goneOf(slot)];
      if (relation instanceof LatticeRelation) return relation.exchange(rows);
      rows.forEach('visible', (row) => relation.insert(row));
      relation.settle();
      return () => {
        relation.settle();
        rows.forEach('visible', (row) => relation.remove(row));
      };
    });
  }

  #goneOf(slot: number): Relation {
    const { changes } = this.#parts;
    return (this.#own.has(slot) ? changes.pendingOf(slot) : changes.of(slot)).gone;
  }

  /** By body with more than one of them, the slots that positive atoms read and that may have lost tuples. */
  #findJoins(): readonly (readonly number[])[] {
    const { plan } = this.#parts;
    const losing = (literal: PlanLiteral): readonly number[] => {
      if (literal.kind !== 'atom' || literal.negated) return [];
      const slot = plan.slotByName.get(literal.relation)!;
      const own = this.#own.get(slot);
      const isIntact = own !== undefined && !own.isTable;
      return isIntact || plan.relations[slot]!.storage === 'static' ? [] : [slot];
    };
    return this.#parts.rules
      .filter(({ leave }) => leave.length > 0)
      .flatMap(({ planned }) => planned.rule.bodies)
      .map(({ literals }) => literals.flatMap(losing))
      .filter((slots) => slots.length > 1);
  }

  #removeDoomed(): void {
    const { store } = this.#parts;
    for (const { slot, isTable } of this.#own.values()) {
      const { doomed } = isTable ? store.upkeepNotesOf(slot) : store.keep(slot);
      doomed.settle();
      if (isTable) continue;
      const relation = store.current[slot]!;
      doomed.forEach('visible', (row) => relation.remove(row));
    }
  }
}

/** Where values merge, the columns that do not. */
function keyOf(planned: PlannedRelation | undefined): readonly number[] | null {
  if (planned === undefined || planned.merged.length === 0) return null;
  return [...planned.schema.columns.keys()].filter((column) => !planned.merged.includes(column));
}
