/**
 * What is inserted to meet the obligations of a program, beside the program itself: the rules stay
 * as they are (they still print and parse as themselves), and the plan says which channels the
 * nodes send through the ordered log. Plain data.
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
  /** Obligations that the log discharges, sorted by relation. */
  readonly points: readonly CoordinationPoint[];
  /** Obligations that stay unmet, sorted by relation. */
  readonly unmet: readonly UnmetObligation[];
}
