/**
 * What of a node outlives its process, as plain data, and the port to where it is kept.
 *
 * A node writes batches and reads nothing: what earlier processes left reaches it with its `start`
 * event. A batch is what one timestep has to make durable before anything leaves that depends on it;
 * the state is the sum of all batches.
 *
 * A lane is what one process of a node sends another node through durable channels, numbered from 1.
 * `origin` is the incarnation of that process. So what a node sends is never taken for something that
 * it has sent before, whatever it has forgotten: not by one that begins anew with nothing kept, nor by
 * one that goes on from an older copy of what it kept.
 */
import type { RelationChange, RelationRows } from '../evaluator/evaluator.js';

/** A batch on its way through durable channels, kept until the receiver says that it was applied. */
export interface StoredFrame {
  /** Perhaps the node itself. */
  readonly peer: string;
  /** The incarnation of this node that has numbered it. */
  readonly origin: string;
  readonly seq: number;
  readonly timestep: number;
  readonly batch: readonly RelationRows[];
}

/** The numbers that an incarnation of this node has given to what goes to a peer. */
export interface StoredLane {
  readonly peer: string;
  readonly origin: string;
  /** In which order the lanes to this peer began, from 1. */
  readonly nth: number;
  readonly lastSeq: number;
}

/** How far the durable frames of an incarnation of a peer have been applied. */
export interface StoredReceipt {
  readonly peer: string;
  readonly origin: string;
  /** In which order the lanes from this peer were first heard of, from 1. */
  readonly nth: number;
  /** All up to and with this one. */
  readonly seq: number;
  /** Those beyond, ascending. */
  readonly ahead: readonly number[];
}

/** How many batches a peer has said to have applied, over all lanes to it. */
export interface StoredAnswer {
  readonly peer: string;
  readonly applied: number;
}

/** What one timestep makes durable, whole or not at all. */
export interface StoredBatch {
  /** Set in the first batch of every process: its incarnation. */
  readonly origin: string | null;
  /** Of durable tables and lattices, and of what standing rules ask durable channels to carry. */
  readonly relations: readonly RelationChange[];
  readonly posted: readonly StoredFrame[];
  /** The lanes of what is posted, as they are now. */
  readonly lanes: readonly StoredLane[];
  /** Frames that the receiver has applied, and that go. */
  readonly settled: readonly Pick<StoredFrame, 'peer' | 'origin' | 'seq'>[];
  readonly answers: readonly StoredAnswer[];
  readonly receipts: readonly StoredReceipt[];
}

/** All that a node kept. Lists are in order of names, numbers and rows; frames in order of their lanes. */
export interface StoredState {
  /** The incarnation that wrote last. */
  readonly origin: string;
  /** Every relation that the store knows, also those that hold nothing. */
  readonly relations: readonly RelationRows[];
  readonly lanes: readonly StoredLane[];
  readonly frames: readonly StoredFrame[];
  readonly answers: readonly StoredAnswer[];
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
