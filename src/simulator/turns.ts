/**
 * A schedule written out: which node runs its next timestep, and over what of what waits for it.
 *
 * That is all that a network, a clock and a scheduler decide. Whatever they do, a run is a list of
 * turns, each one timestep of one node: the first is its boot, and what a turn does not pick waits
 * for a later one. Given the same subject, the same turns give the same run.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Row } from '../base/value.js';
import type { Outcome, SimulationSubject } from './outcome.js';

/** One thing that a timestep takes. Batches are counted from 1 in the order of their sending. */
export type Pick =
  /** By its place in the workload. */
  | { readonly kind: 'input'; readonly index: number }
  /** The `nth` batch from another node to this one; `again`: a second time, as a batch of its own. */
  | {
      readonly kind: 'message';
      readonly from: string;
      readonly nth: number;
      readonly again: boolean;
    }
  /** The `nth` batch that the node sent to itself. */
  | { readonly kind: 'loop'; readonly nth: number }
  /** A firing of a periodic: the next one, or a later one that takes the place of those it `missed`. */
  | { readonly kind: 'timer'; readonly relation: string; readonly missed: number };

/** One timestep: the node's boot if it is its first. */
export interface Turn {
  readonly node: string;
  /** In order of arrival; empty where the node goes on by itself. */
  readonly picks: readonly Pick[];
}

/** A turn and what came of it. */
export interface PlayedTurn extends Turn {
  /** Virtual time, the same clock for all nodes. */
  readonly atMs: number;
  /** Of the node, from 1: the boot. */
  readonly number: number;
  /** What the picks held, in their order. */
  readonly taken: readonly (readonly RelationRows[])[];
  /** Batches for other nodes, and for the node itself. */
  readonly sent: readonly SentBatch[];
  /** Outputs released and views changed. */
  readonly shown: readonly ShownRows[];
  /** What failed, one line each. */
  readonly failures: readonly string[];
  readonly halted: boolean;
}

export interface SentBatch {
  readonly to: string;
  /** Among those from this node to that one, from 1. */
  readonly nth: number;
  readonly content: readonly RelationRows[];
}

export interface ShownRows {
  readonly relation: string;
  readonly added: readonly Row[];
  readonly removed: readonly Row[];
}

/** A run by turns, to its end. */
export interface PlayedRun {
  readonly subject: SimulationSubject;
  readonly turns: readonly PlayedTurn[];
  readonly outcome: Outcome;
  /** Whether it came to rest: only then is its end a final one. */
  readonly quiescent: boolean;
  /**
   * Of a run whose timers change something in every round of firings, what it had ever shown by the
   * middle of these rounds; null for one that came to rest, or that was cut off between firings.
   */
  readonly early: Outcome['ever'] | null;
}

/** Whether two picks name the same thing. */
export function samePick(a: Pick, b: Pick): boolean {
  switch (a.kind) {
    case 'input':
      return b.kind === 'input' && a.index === b.index;
    case 'message':
      return b.kind === 'message' && a.from === b.from && a.nth === b.nth && a.again === b.again;
    case 'loop':
      return b.kind === 'loop' && a.nth === b.nth;
    case 'timer':
      return b.kind === 'timer' && a.relation === b.relation && a.missed === b.missed;
  }
}
