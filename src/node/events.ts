/**
 * The two alphabets of a node: the events that a host or simulator feeds into `step`, and the
 * effects that it must carry out, in order. All plain data. A node has no other contact with the
 * world: no clock (every event carries `nowMs`), no timers (effects), no sockets (frames).
 */
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Failure, RelationRows } from '../evaluator/evaluator.js';
import type { Passage } from './durable-receipts.js';
import type { Frame } from './frames.js';
import type { StoredBatch, StoredState } from './storage.js';

export type NodeEvent = { readonly nowMs: number } &
  /**
   * First event of a process. `incarnation` is fresh for every start; `stored` is what earlier
   * processes left, null for the first boot of the node's life.
   */
  (
    | { readonly kind: 'start'; readonly incarnation: string; readonly stored: StoredState | null }
    /** Rows for an input (or `stdin`): one batch. The host has checked them against the schema. */
    | { readonly kind: 'insert'; readonly relation: string; readonly rows: readonly Row[] }
    | { readonly kind: 'frame'; readonly peer: string; readonly frame: Frame }
    /** The handshake with a peer is done. `lastSeq`: the last data frame of ours that it has. */
    | {
        readonly kind: 'link';
        readonly peer: string;
        readonly state: 'up';
        readonly incarnation: string;
        readonly lastSeq: number;
      }
    | { readonly kind: 'link'; readonly peer: string; readonly state: 'down' }
    | { readonly kind: 'timer'; readonly id: string }
    /** What the node sent to itself (`loop`) comes back. */
    | {
        readonly kind: 'loop';
        readonly batch: readonly RelationRows[];
        readonly passage?: Passage;
      }
    /** Run one timestep over all that waits. */
    | { readonly kind: 'tick' }
    | { readonly kind: 'persisted'; readonly seq: number }
    | { readonly kind: 'persist-failed'; readonly seq: number; readonly reason: string }
    | { readonly kind: 'stop' }
  );

export type NodeEffect =
  | { readonly kind: 'send'; readonly peer: string; readonly frame: Frame }
  /** Give the batch back as a `loop` event, in a later step. */
  | {
      readonly kind: 'loop';
      readonly batch: readonly RelationRows[];
      /** Set if it is kept until it has been applied. */
      readonly passage?: Passage;
    }
  /** Replaces a timer of the same id. `purpose` lets a simulator end periodics at its horizon. */
  | {
      readonly kind: 'set-timer';
      readonly id: string;
      readonly afterMs: number;
      readonly purpose: 'periodic' | 'log';
    }
  | { readonly kind: 'clear-timer'; readonly id: string }
  /** Make the batch durable, after those before it, and answer `persisted`. */
  | { readonly kind: 'persist'; readonly seq: number; readonly batch: StoredBatch }
  /** A committed timestep shows this to the outside. Outputs only add. */
  | {
      readonly kind: 'observe';
      readonly timestep: number;
      readonly relation: string;
      readonly added: readonly Row[];
      readonly removed: readonly Row[];
    }
  /** Issue a `tick` when all events at hand have been fed in. At most one is outstanding. */
  | { readonly kind: 'request-tick' }
  /** An entry of the ordered log is applied next, by the timestep with this number. */
  | {
      readonly kind: 'log-applied';
      readonly slot: number;
      readonly entryId: string;
      readonly timestep: number;
    }
  /** This node now leads the ordered log, or no longer does. */
  | { readonly kind: 'log-role'; readonly role: 'leader' | 'follower' | 'learner' }
  | {
      readonly kind: 'report';
      readonly diagnostic: Diagnostic;
      /** A batch failed alone and was rejected. */
      readonly failedBatch: boolean;
      /** Set when a timestep failed: over one batch, or over several, which then run one by one. */
      readonly failure: Failure | null;
    }
  | { readonly kind: 'halt'; readonly code: number };
