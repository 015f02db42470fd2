/**
 * What of a node outlives its process, as plain data, and the port to where it is kept.
 *
 * A node writes batches and reads nothing: what earlier processes left reaches it with its `start`
 * event. A batch is what one timestep has to make durable before anything leaves that depends on it;
 * the state is the sum of all batches.
 *
 * A lane is what one node sends another through durable channels, numbered from 1 in the sender's
 * whole life. `origin` names that life, so that a node which begins anew under its name, with nothing
 * kept, is not taken for the one before.
 */
import type { RelationChange, RelationRows } from '../evaluator/evaluator.js';

/** A batch on its way through durable channels, kept until the receiver says that it was applied. */
export interface StoredFrame {
  /** Perhaps the node itself. */
  readonly peer: string;
  readonly seq: number;
  readonly timestep: number;
  readonly batch: readonly RelationRows[];
}

/** How far the durable frames of a peer have been applied. */
export interface StoredReceipt {
  readonly peer: string;
  /** The peer's life that numbered them. */
  readonly origin: string;
  /** All up to and with this one. */
  readonly seq: number;
  /** Those beyond, ascending. */
  readonly ahead: readonly number[];
}

/** What one timestep makes durable, whole or not at all. */
export interface StoredBatch {
  /** Set in the first batch of every process: the name of the node's life. */
  readonly origin: string | null;
  /** Of durable tables and lattices, and of what standing rules ask durable channels to carry. */
  readonly relations: readonly RelationChange[];
  readonly posted: readonly StoredFrame[];
  /** Frames that the receiver has applied, and that go. */
  readonly settled: readonly { readonly peer: string; readonly seq: number }[];
  readonly receipts: readonly StoredReceipt[];
}

/** All that a node kept. Lists are in order of names, numbers and rows. */
export interface StoredState {
  readonly origin: string;
  /** Every relation that the store knows, also those that hold nothing. */
  readonly relations: readonly RelationRows[];
  /** The last number given in each lane. */
  readonly lanes: readonly { readonly peer: string; readonly lastSeq: number }[];
  readonly frames: readonly StoredFrame[];
  readonly receipts: readonly StoredReceipt[];
}

/** Where a host keeps what a node asks it to persist. */
export interface Storage {
  /** Gives away, once, what earlier processes left; null before the first batch of a node's life. */
  takeStored(): StoredState | null;
  /**
   * Resolves when the batch, and every batch before it, will survive a crash. Rejects if nobody can
   * know; then no batch may follow.
   */
  write(batch: StoredBatch): Promise<void>;
  close(): Promise<void>;
}
