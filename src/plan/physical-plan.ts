/**
 * The physical plan: how a program is evaluated, as plain data. The code generator turns it into
 * JavaScript and `compile --emit plan` into words; nothing here runs.
 *
 * Relations go by slot, their position in `relations`. A rule of a recursive stratum has a version
 * for each atom that the recursion feeds: in it that atom reads the delta of the last round alone,
 * recursive atoms before it what was there before that delta, and all others everything, so that
 * no combination of tuples is met twice (Bancilhon and Ramakrishnan, "An amateur's introduction to
 * recursive query processing strategies", 1986).
 */
import type { Value } from '../base/value.js';
import type {
  AtomArgument,
  Body,
  HeadMode,
  Literal,
  Pattern,
  Relation,
  Rule,
  Term,
} from '../semantics/program.js';
import type { Type } from '../semantics/types.js';

/** Names of the program's own data, for rooms that see a program through its plan only. */
export type PlanTerm = Term;
export type PlanPattern = Pattern;
export type PlanLiteral = Literal;
export type PlanRelationSchema = Relation;
export type PlanHeadMode = HeadMode;
export type PlanType = Type;
export type PlanValue = Value;

/**
 * - static: filled once in a node's life;
 * - stored: a table, kept in place from timestep to timestep;
 * - maintained: kept, and brought up to date with what changes;
 * - ephemeral: derived anew in a timestep that reaches it.
 */
export type StorageClass = 'static' | 'stored' | 'maintained' | 'ephemeral';

/** Which tuples an atom reads: those before the last round's, those of it, or both. */
export type Part = 'old' | 'delta' | 'visible';

export interface PlannedRelation {
  readonly slot: number;
  readonly schema: Relation;
  readonly storage: StorageClass;
  /** Whether its tuples come all at once, as facts, and never change: no rule derives any. */
  readonly isGiven: boolean;
  /** Not of the program: its tuples do not count (add-supplementaries.ts). */
  readonly isSupplementary: boolean;
  /** Column sets, ascending, by which rules look tuples up. */
  readonly indexes: readonly (readonly number[])[];
  /** Of a binary relation, the column by which its tuples lie together. */
  readonly keyColumn: 0 | 1;
  /** What join orders count on, in tuples; a guess unless facts tell. */
  readonly estimate: number;
  /** Lattice columns, ascending: rows that agree on all others merge. */
  readonly merged: readonly number[];
  /** Whether it is a binary table that has its second word in place by the first (the engine's placed-values.ts). */
  readonly isKeyed: boolean;
  /** Whether its tuples are rows, one after another, though there are two columns: what is only let go. */
  readonly isRows: boolean;
  /** By column, the lattice whose values stand there in bare form; null where values are words of their own. */
  readonly bare: readonly (BareLattice | null)[];
  /** Whether rows that do not merge may share a key. */
  readonly mayConflict: boolean;
}

/**
 * A lattice whose values columns and variables hold bare: by the word of what they hold, so that
 * merging is comparing words.
 */
export type BareLattice = 'lmin' | 'lmax';

/** How an atom's tuples are found, given what is bound when its turn comes. */
export interface AtomAccess {
  readonly slot: number;
  /** Columns of the change that is read instead of the relation; null where the relation is. */
  readonly changeWidth: number | null;
  readonly part: Part;
  /** Columns with a known value, ascending, and where that comes from. */
  readonly columns: readonly number[];
  readonly known: readonly Exclude<AtomArgument, { kind: 'wildcard' }>[];
  /** Columns that bind a variable. */
  readonly binds: readonly { readonly column: number; readonly name: string }[];
  /** Columns that repeat a variable which this very atom binds. */
  readonly repeats: readonly { readonly column: number; readonly name: string }[];
}

/**
 * Why a literal has its turn when it has: it was told to come `first`; it was `ready`, with all that
 * it needs bound and nothing to search; or of the atoms that were left it was expected to give the
 * `fewest` tuples, the others giving so many.
 */
export type StepReason =
  | { readonly kind: 'first' | 'ready' }
  | {
      readonly kind: 'fewest';
      readonly tuples: number;
      readonly others: readonly { readonly relation: string; readonly tuples: number }[];
    };

export interface Step {
  /** Position in the body. */
  readonly index: number;
  readonly why: StepReason;
  readonly literal: Literal;
  /** Of an atom. */
  readonly access: AtomAccess | null;
  /** Variables that are bound before this step, in the order in which they were bound. */
  readonly bound: readonly string[];
  /** Positions of the literals that are still to come. */
  readonly others: readonly number[];
}

export interface BodyVersion {
  /** Position of the atom that reads the delta; null for the version that reads everything. */
  readonly delta: number | null;
  readonly steps: readonly Step[];
}

export interface PlannedBody {
  readonly body: Body;
  /** Reads everything; what a rule is started with. */
  readonly full: BodyVersion;
  /** One for each atom that the stratum's recursion feeds. */
  readonly deltas: readonly BodyVersion[];
}

export interface PlannedRule {
  readonly rule: Rule;
  /** Slot of the head's relation. */
  readonly head: number;
  readonly bodies: readonly PlannedBody[];
  /** Slots that the bodies read, ascending. */
  readonly reads: readonly number[];
  /** Named variables that every body binds, sorted: what an aggregate ranges over. */
  readonly variables: readonly string[];
  /**
   * Whether it is evaluated while lattice values that it reads still grow: an evaluation that fails
   * then may not fail at the fixpoint, which is what counts.
   */
  readonly readsGrowing: boolean;
}

/** That a stratum's one relation becomes the transitive closure of what it starts with. */
export interface Closure {
  /** What it must have started as a copy of, or its rules mean something else; null: whatever it was. */
  readonly copyOf: string | null;
}

export interface PlannedStratum {
  /** Slots, ascending. */
  readonly relations: readonly number[];
  readonly isRecursive: boolean;
  /** Binary relations outside the stratum of which its rules read rows that do not change, ascending. */
  readonly unchanging: readonly number[];
  /** The column whose words can be closed one by one (find-pivot.ts); null if there is none. */
  readonly pivot: 0 | 1 | null;
  /** What its recursion closes under transitivity (find-closure.ts); null if it does something else. */
  readonly closure: Closure | null;
  /** Whether all its relations are static: then it runs once in a node's life. */
  readonly isStatic: boolean;
  /** Whether it is brought up to date where that costs less than to derive it anew. */
  readonly isMaintained: boolean;
  readonly rules: readonly PlannedRule[];
  /** Slots that its rules read outside the stratum, ascending. */
  readonly reads: readonly number[];
}

export interface PhysicalPlan {
  readonly program: string;
  readonly relations: readonly PlannedRelation[];
  readonly slotByName: ReadonlyMap<string, number>;
  /** Deductive rules, dependencies first. */
  readonly strata: readonly PlannedStratum[];
  /** Rules with `@next`, `@async`, `delete` and `upsert`, by id; they see the fixpoint. */
  readonly effects: readonly PlannedRule[];
  /** Ids of those effects that can be brought up to date, with all that fill a bag with them. */
  readonly maintainedEffects: ReadonlySet<number>;
}
