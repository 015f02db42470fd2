/**
 * What is inserted to meet the obligations of a program, beside the program itself. Rules that wait
 * for a seal are changed, and the plan says which; under an ordered log the rules stay as they are,
 * and the plan says which channels the nodes send through it. Plain data.
 */
import type { Mechanism } from '../analysis/confluence-report.js';

export interface CoordinationPoint {
  /** The observable whose obligation it discharges. */
  readonly relation: string;
  readonly mechanism: Mechanism;
  /** Names of the blamed rules, sorted. */
  readonly rules: readonly string[];
  /** Channels of the log that this observable needs, sorted. */
  readonly channels: readonly string[];
}
/** An observable that waits for a seal. */
export interface SealPoint {
  /** The observable. */
  readonly relation: string;
  /** The relation that is sealed, and by which of its columns. */
  readonly seal: string;
  readonly key: readonly string[];
  /** Names of the rules that wait, sorted. */
  readonly rules: readonly string[];
  /** Relations whose events are kept until then, sorted. */
  readonly held: readonly string[];
}
export interface UnmetObligation {
  /** The observable. */
  readonly relation: string;
  readonly mechanism: Mechanism;
  /** Why it stays unmet, as a sentence. */
  readonly reason: string;
}
export interface CoordinationPlan {
  /** Null if nothing is inserted: then no coordination message is ever sent. */
  readonly orderedLog: {
    /** Channels whose messages go through the log, sorted. */
    readonly channels: readonly string[];
    /** Nodes that decide, sorted; null for every node of the cluster. */
    readonly members: readonly string[] | null;
  } | null;
  /** Observables that wait for seals by rules that were changed, sorted by relation and seal. */
  readonly seals: readonly SealPoint[];
  /** Rules that wait until what they read is complete at all nodes; null if none does. */
  readonly barrier: {
    /** Names of the rules as written, sorted. */
    readonly rules: readonly string[];
    /** Inputs and timers that wait until an epoch opens, sorted; empty if there is one epoch. */
    readonly held: readonly string[];
  } | null;
  /** Relations of which the program asks for a seal that is not inserted, sorted; and why not. */
  readonly unsealed: readonly { readonly relation: string; readonly reason: string }[];
  /** Obligations that the log and the barrier discharge, sorted by relation. */
  readonly points: readonly CoordinationPoint[];
  /** Obligations that stay unmet, sorted by relation. */
  readonly unmet: readonly UnmetObligation[];
}
