/**
 * A unit of rules, which run together: a stratum of deductive rules, or a group of effects. All that
 * a timestep asks of one is known when it is made, and every unit has the same shape, for a node
 * that has little to do spends its time on asking.
 */
import type { PlannedRule } from '../plan/physical-plan.js';
import type { Relation } from './relation.js';
import type { Upkeep } from './upkeep.js';

/** The functions of one rule. */
export interface RuleCode {
  readonly planned: PlannedRule;
  readonly full: readonly (() => void)[];
  readonly deltas: readonly (() => void)[];
  /** Those of `full` that read nothing of their own stratum. */
  readonly exits: readonly (() => void)[];
}

/** What came in for a relation that is brought up to date, in the last timestep and in this one. */
export interface Given {
  before: Relation;
  now: Relation;
}

export interface UnitFacts {
  /** Its number among all units, in the order in which they run. */
  readonly number: number;
  /** Slots of heads. */
  readonly relations: readonly number[];
  /** Slots that its rules read outside it. */
  readonly reads: readonly number[];
  readonly rules: readonly PlannedRule[];
  readonly codes: readonly RuleCode[];
  readonly isStatic: boolean;
  readonly isMaintained: boolean;
  /** Whether its tuples count against the bound. */
  readonly counts: boolean;
  /** Closes the recursion otherwise than round by round. */
  readonly closing: (() => void) | null;
  readonly isTable: (slot: number) => boolean;
  /** Whether tuples of a slot count in a timestep that does not reach it. */
  readonly countsWhenKept: (slot: number) => boolean;
  /** Whether nothing needs to be noted or checked of a slot's tuples. */
  readonly isPlain: (slot: number) => boolean;
}

export class Unit {
  readonly number: number;
  /** Slots of heads. */
  readonly relations: Int32Array;
  readonly isStatic: boolean;
  readonly isMaintained: boolean;
  readonly counts: boolean;
  /** Slots that its tuples are derived from and in. */
  readonly watched: readonly number[];
  /** Those of `relations` whose tuples count in a timestep that does not reach it. */
  readonly counted: Int32Array;
  /** How many its last run has left, committed or not; of a simple unit. */
  holds = 0;
  /** How many they were after the last commit. */
  kept = 0;
  /** Whether it has not run since everything was given up; of a unit that is not simple. */
  isNew = true;
  wasNew = true;
  /** How large `relations` were. */
  readonly sizesBefore: Float64Array;
  readonly revisionsBefore: Float64Array;
  readonly rules: readonly PlannedRule[];
  readonly plain: readonly RuleCode[];
  readonly aggregated: readonly RuleCode[];
  /** Whether a rule that is not aggregated reads lattice values that grow meanwhile. */
  readonly readsGrowing: boolean;
  /** The one relation of a unit that neither recurs nor needs anything checked; -1 for others. */
  readonly simple: number;
  /** What derives that relation. */
  readonly simpleRuns: readonly (() => void)[];
  /** Whether it is tables that no rule fills: there is nothing to do unless something comes in. */
  readonly isIdle: boolean;
  readonly closing: (() => void) | null;
  upkeep: Upkeep | null = null;
  readonly given = new Map<number, Given>();

  constructor({ codes, closing, ...facts }: UnitFacts) {
    const { relations, isMaintained, counts } = facts;
    [this.number, this.isStatic, this.isMaintained] = [facts.number, facts.isStatic, isMaintained];
    [this.relations, this.counts, this.closing] = [Int32Array.from(relations), counts, closing];
    this.watched = [...facts.reads, ...relations];
    this.counted = Int32Array.from(counts ? relations.filter(facts.countsWhenKept) : []);
    this.sizesBefore = new Float64Array(relations.length);
    this.revisionsBefore = new Float64Array(relations.length);
    this.rules = facts.rules;
    this.plain = codes.filter((code) => !code.planned.rule.aggregated);
    this.aggregated = codes.filter((code) => code.planned.rule.aggregated);
    this.readsGrowing = this.plain.some(({ planned }) => planned.readsGrowing);
    const [slot] = relations;
    const isSimple =
      !isMaintained &&
      closing === null &&
      this.aggregated.length === 0 &&
      this.plain.every(runsOnce) &&
      relations.length === 1 &&
      facts.isPlain(slot!);
    this.simple = isSimple ? slot! : -1;
    this.simpleRuns = this.plain.flatMap(({ full }) => full);
    this.isIdle = codes.length === 0 && relations.every(facts.isTable);
  }
}

function runsOnce({ planned, deltas }: RuleCode): boolean {
  return deltas.length === 0 && !planned.readsGrowing;
}
