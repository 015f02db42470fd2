/**
 * The port between a node and what evaluates its timesteps. A node hands in the events of one
 * timestep and takes what it may let go once the timestep is committed; it knows nothing of rules.
 *
 * Contract:
 * - `timestep` is synchronous, atomic and a function of (state, input): after a `Failure` the state
 *   is what it was.
 * - Row order in results is the order of `compareRows`; relations come in the order of their names.
 * - A tuple counts once against `maxTuples`, when it is first derived in a timestep.
 */
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import type { Span } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';

export interface RelationRows {
  readonly relation: string;
  readonly rows: readonly Row[];
}

/** How what a relation holds differs from what it held before; each side in row order. */
export interface RelationChange {
  readonly relation: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** Tuples given at the start: by columns where they come from files. */
export interface RelationFacts {
  readonly relation: string;
  readonly rows: readonly Row[] | Table;
}

export interface TimestepInput {
  /** Tuples of inputs, channels, loopbacks and periodics that this timestep takes. */
  readonly events: readonly RelationRows[];
  /** `@next` tuples of scratches, outputs and views that the last commit left. */
  readonly nextTuples: readonly RelationRows[];
  /** Node time at the start of the timestep, milliseconds. */
  readonly nowMs: number;
  /** Set in the first timestep after a start; `first` only once in a node's life. */
  readonly boot: { readonly first: boolean } | null;
}

export interface Commit {
  readonly kind: 'commit';
  /** Tuples of outputs released by this timestep. */
  readonly released: readonly RelationRows[];
  /** Changes of views against the last commit. */
  readonly viewChanges: readonly RelationChange[];
  /** `@async` tuples: channels, loopbacks, located tables. */
  readonly sends: readonly RelationRows[];
  /**
   * What has to outlive the process: the changes of durable tables and lattices, and of what standing
   * rules ask durable channels to carry, so that a restart does not send it again.
   */
  readonly durable: readonly RelationChange[];
  readonly nextTuples: readonly RelationRows[];
  /**
   * Whether some stored relation changed: by what came to it or went, or, in a timestep that takes
   * events, by what came to it and went at once. What is shown then shows it, and must not for longer.
   */
  readonly stateChanged: boolean;
  /** Whether `nextTuples` differs from those taken. */
  readonly nextChanged: boolean;
  /** Largest code in `halt`, if any. */
  readonly halt: number | null;
}

export interface Failure {
  readonly kind: 'failure';
  /** With place in the source, tuples, rules and bindings. */
  readonly diagnostic: Diagnostic;
  /** A resource bound stopped the timestep, rather than an error of the program. */
  readonly bound: boolean;
  /**
   * The host stopped it, by its clock or its memory: no function of state and events, so nobody may
   * draw a conclusion about the events from it, and a node that cannot run its timestep stops.
   */
  readonly isOfHost?: boolean;
}

/** Opaque to everybody but the evaluator that made it. */
export type EvaluatorSnapshot = { readonly snapshotOf: string };

/** What one part of a rule's evaluation has cost so far. */
export interface VersionStatistics {
  readonly rule: string;
  /** Of its head. */
  readonly relation: string;
  readonly span: Span;
  /** Which tuples it looks at, in words. */
  readonly part: string;
  readonly calls: number;
  readonly ms: number;
  /** Bindings that reached the head. */
  readonly derivations: number;
  /** Tuples that were new. */
  readonly inserts: number;
  /** Searches by known columns. */
  readonly probes: number;
}

export interface EvaluatorStatistics {
  /** In the order of their names. */
  readonly relations: readonly {
    readonly relation: string;
    readonly tuples: number;
    /** Of all arrays that it holds, indexes included. */
    readonly bytes: number;
  }[];
  /** Null unless the evaluator was asked for a profile. */
  readonly profile: {
    readonly timesteps: number;
    /** Of whole timesteps, beside rules also inputs, indexes, commits. */
    readonly ms: number;
    readonly versions: readonly VersionStatistics[];
  } | null;
}

export interface Evaluator {
  timestep(input: TimestepInput): Commit | Failure;
  /**
   * Starts from what an earlier process left: the sum of its `durable` changes. Facts of the
   * relations named here hold no more. Contract: before the first timestep; rows fit their columns.
   */
  load(content: readonly RelationRows[]): void;
  snapshot(): EvaluatorSnapshot;
  restore(snapshot: EvaluatorSnapshot): void;
  /** Content after the last commit: stored relations as committed, others at the last fixpoint. Sorted. */
  query(relation: string): readonly Row[];
  /** Sizes and costs; also of a timestep that was broken off. Not every evaluator can tell. */
  statistics?(): EvaluatorStatistics;
  close(): void;
}

/** An evaluator whose states can be told apart, for a checker that visits many of them. */
export interface ComparableEvaluator extends Evaluator {
  /** Equal exactly for states of one node from which every timestep gives the same. */
  stateKey(): string;
}

export interface EvaluatorBounds {
  /** Distinct tuples that one timestep may insert. */
  readonly maxTuples: number;
  /**
   * Asked now and then while a timestep runs whether it may go on; says why not, as in `the timestep
   * took more than 10 s`. This is how bounds on time and memory come in: an evaluator knows neither.
   * It gets the tuples inserted so far.
   */
  readonly checkpoint?: (inserted: number) => string | null;
}

/** What distinguishes one node from another before it starts. */
export interface NodeIdentity {
  readonly name: string;
  /** All nodes of the cluster, sorted; fills `cluster`. */
  readonly cluster: readonly string[];
  /**
   * Tuples of statics and initial tuples of tables and scratches for this node, beside the program's
   * facts; a relation may come several times, and so may a tuple.
   */
  readonly facts: readonly RelationFacts[];
}

/** Makes an evaluator for one node; how is closed over by who composes the system. */
export type EvaluatorFactory = (identity: NodeIdentity) => Evaluator;
