/**
 * What two nodes say to each other over an established link. How it looks on the wire, and the
 * handshake before it, are the transport's business.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { LogMessage } from '../coordination/log-types.js';

/** UTF-16 code units of a frame's text on the wire. A longer one is sent to nobody. */
export const mostFrameLength = 256 * 1024 * 1024;

export type Frame =
  /** All tuples that one timestep of the sender sent to this receiver. `seq` counts from 1 per link and sender incarnation. */
  | {
      readonly kind: 'data';
      readonly seq: number;
      readonly timestep: number;
      readonly batch: readonly RelationRows[];
    }
  /** All data frames up to and with `seq` have arrived. */
  | { readonly kind: 'ack'; readonly seq: number }
  /**
   * Data frames up to and with `seq` are no longer to be had: a former incarnation of the receiver
   * acknowledged them, or the outbox overflowed. Those that have not arrived count as arrived. A
   * network that numbers frames anew leaves it out.
   */
  | { readonly kind: 'skip'; readonly seq: number }
  /**
   * A batch with tuples of durable channels. `seq` counts from 1 in the sender's incarnation `origin`,
   * which need not be the one that sends it; those of `origin` before `first` have been applied.
   */
  | {
      readonly kind: 'durable';
      readonly origin: string;
      readonly first: number;
      readonly seq: number;
      readonly timestep: number;
      readonly batch: readonly RelationRows[];
    }
  /** What these durable frames have done here is durable; `count`: how many, over all origins, ever. */
  | {
      readonly kind: 'applied';
      readonly origin: string;
      readonly seqs: readonly number[];
      readonly count: number;
    }
  /**
   * What the sender remembers of the lanes between the two, said over every new link before anything
   * durable goes the other way: how many of its batches the receiver has said to have applied, and the
   * last one that it has taken of the newest incarnation of the receiver that it has heard of.
   */
  | {
      readonly kind: 'memory';
      readonly count: number;
      readonly newest: { readonly origin: string; readonly seq: number } | null;
    }
  /** A message of the ordered log. */
  | { readonly kind: 'log'; readonly message: LogMessage }
  /** The sender stops; nothing follows. */
  | { readonly kind: 'bye' };
