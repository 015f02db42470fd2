/**
 * What a host and a transport expect of each other. A transport carries frames over links that come
 * and go; it loses what lies in a link that breaks, and says when a new one is up, so that the node
 * can send again. It has neither clock nor timers: the host lends it a scheduler.
 */
import type { Frame } from '../node/frames.js';
import type { Receipt } from '../node/receipts.js';
import type { RefusalReason } from './frames.js';

/** Frames handed to links, by kind; frames that are sent again count again. */
export interface TransportCounters {
  dataFrames: number;
  /** Frames of the ordered log; what nodes say of barriers they count themselves. */
  coordinationMessages: number;
  otherFrames: number;
}

export interface Transport {
  readonly counters: Readonly<TransportCounters>;
  /** Without a link to the peer the frame is lost. */
  send(peer: string, frame: Frame): void;
  /** Closes all links once what was sent over them has left. */
  close(): Promise<void>;
}

/** What a transport tells its host. */
export interface TransportListener {
  /** `lastSeq`: the last data frame of this node that the peer has. */
  linkUp(peer: string, incarnation: string, lastSeq: number): void;
  linkDown(peer: string): void;
  frame(peer: string, frame: Frame): void;
  trouble(trouble: TransportTrouble): void;
  /** How far the frames of a peer have come. */
  receiptOf(peer: string): Receipt;
}

/** What goes wrong between nodes. `peer` is a name, or an address while no name is known. */
export type TransportTrouble =
  /** `by`: who refused. `detail`: the parts, name or version that it is about. */
  | {
      readonly kind: 'refused';
      readonly by: 'us' | 'peer';
      readonly peer: string;
      readonly reason: RefusalReason;
      readonly detail: string;
    }
  /** `isClosed`: the connection was closed for it. */
  | {
      readonly kind: 'garbage';
      readonly peer: string;
      readonly reason: string;
      readonly isClosed: boolean;
      readonly count: number;
    }
  | { readonly kind: 'slow-reader'; readonly peer: string; readonly bytes: number }
  /**
   * A frame longer than any receiver takes was left out. `length`: null if it is longer than any text
   * can be. `isKept`: it stays with its sender.
   */
  | {
      readonly kind: 'oversize';
      readonly peer: string;
      readonly length: number | null;
      readonly isKept: boolean;
    }
  | {
      readonly kind: 'unreachable';
      readonly peer: string;
      readonly url: string;
      readonly reason: string;
    };

/** Runs things later. */
export interface Scheduler {
  /** Runs `action` once, after `ms` milliseconds; the result calls it off. */
  after(ms: number, action: () => void): () => void;
}

/** Counters at zero. */
export function startCounters(): TransportCounters {
  return { dataFrames: 0, coordinationMessages: 0, otherFrames: 0 };
}

/** Counts one frame handed to a link. */
export function countFrame(counters: TransportCounters, frame: Frame): void {
  if (frame.kind === 'data' || frame.kind === 'durable') counters.dataFrames += 1;
  else if (frame.kind === 'log') counters.coordinationMessages += 1;
  else counters.otherFrames += 1;
}
