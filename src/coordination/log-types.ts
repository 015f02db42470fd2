/**
 * The vocabulary of the ordered log: entries, ballots, the events a log reacts to, the effects it
 * asks for, and the messages its nodes exchange.
 *
 * Everything here is plain data. A slot is a position of the log, counted from 0; a ballot is one
 * member's attempt to lead. Every message carries the incarnation of the process that sent it,
 * because a process that restarts under its old name has forgotten its promises (admission.ts).
 *
 * Words follow Lamport, "Paxos Made Simple" (2001), section 3, and van Renesse & Altinbuken, "Paxos
 * Made Moderately Complex" (2015), section 2.
 */

/** What one slot of the log may hold; two entries with the same id are the same entry. */
export interface LogEntry {
  /** Unique over all senders and over every incarnation of each. */
  readonly id: string;
  readonly sender: string;
  /** Opaque data that survives JSON. */
  readonly payload: unknown;
}

/** The content of a decided slot; null is a no-op that fills a gap. */
export type SlotContent = LogEntry | null;

/** A numbered attempt to lead, ordered by round and then by the name of the member. */
export interface Ballot {
  /** Counted from 1. */
  readonly round: number;
  readonly member: string;
}

/** Base delays, in milliseconds, that back off while nothing moves. */
export interface LogTiming {
  /** Longer than the usual time that a decision takes (about four message delays). */
  readonly retryMs: number;
  readonly catchUpMs: number;
}

/**
 * Who takes part in a log, and as whom this process does.
 *
 * Contract:
 * - `members` is sorted, without duplicates, and a subset of `nodes`, and the same at all nodes;
 * - every start of a process has an `incarnation` that no earlier start under its name has had.
 */
export interface LogConfiguration {
  readonly self: string;
  readonly incarnation: string;
  /** The acceptors; a majority of them decides. */
  readonly members: readonly string[];
  /** Every node learns what is decided and may propose. */
  readonly nodes: readonly string[];
  readonly timing: LogTiming;
}

/** What happens to a log. */
export type LogEvent =
  | { readonly kind: 'start' }
  | { readonly kind: 'propose'; readonly entry: LogEntry }
  | { readonly kind: 'message'; readonly from: string; readonly message: LogMessage }
  | { readonly kind: 'link'; readonly peer: string; readonly up: boolean }
  | { readonly kind: 'timer'; readonly id: string };

/** A member leads, follows, or only learns, because another process once voted under its name. */
export type LogRole = 'leader' | 'follower' | 'learner';

/**
 * What a log asks of the node around it, in order.
 *
 * Contract:
 * - `set-timer` replaces a timer with the same id, and a timer fires once;
 * - `decided` names every slot once, in order and without gaps; its entry is null for a no-op and
 *   for an entry that an earlier slot holds already;
 * - `send` never names this node itself;
 * - `unregistered` comes once at most: something has waited here for long for the members' answers.
 */
export type LogEffect =
  | { readonly kind: 'send'; readonly to: string; readonly message: LogMessage }
  | { readonly kind: 'set-timer'; readonly id: string; readonly afterMs: number }
  | { readonly kind: 'clear-timer'; readonly id: string }
  | { readonly kind: 'decided'; readonly slot: number; readonly entry: SlotContent }
  | { readonly kind: 'role'; readonly role: LogRole; readonly ballot: Ballot | null }
  | {
      readonly kind: 'unregistered';
      /** The members, sorted, of which `needed` must still answer before this one may vote. */
      readonly silent: readonly string[];
      readonly needed: number;
    };

/** What an acceptor has accepted for one slot: the vote that a later leader must respect. */
export interface AcceptedSlot {
  readonly slot: number;
  readonly ballot: Ballot;
  readonly entry: SlotContent;
}

/** "Remember that I am this incarnation", and the two answers. */
export type AdmissionBody =
  | { readonly kind: 'join' }
  | { readonly kind: 'joined'; readonly registered: string }
  | { readonly kind: 'stranger'; readonly refused: string };

/** The two phases of Paxos; `refuse` answers a prepare or accept that comes too late. */
export type VotingBody =
  | { readonly kind: 'prepare'; readonly ballot: Ballot; readonly next: number }
  | {
      readonly kind: 'promise';
      readonly ballot: Ballot;
      /** The first slot whose decision the acceptor lacks. */
      readonly next: number;
      readonly accepted: readonly AcceptedSlot[];
    }
  | { readonly kind: 'refuse'; readonly ballot: Ballot; readonly promised: Ballot }
  | {
      readonly kind: 'accept';
      readonly ballot: Ballot;
      readonly slot: number;
      readonly entry: SlotContent;
    }
  | { readonly kind: 'accepted'; readonly ballot: Ballot; readonly slot: number };

/** Entries on their way to a leader, and decisions on their way to the nodes. */
export type LearningBody =
  | { readonly kind: 'forward'; readonly next: number; readonly entries: readonly LogEntry[] }
  | {
      /** With no entries it only says how far the sender has come. */
      readonly kind: 'decisions';
      /** The highest ballot that the sender has seen. */
      readonly ballot: Ballot | null;
      /** The slot of the first entry. */
      readonly from: number;
      readonly entries: readonly SlotContent[];
      /** The first slot whose decision the sender lacks. */
      readonly next: number;
    }
  | { readonly kind: 'catch-up'; readonly from: number };

/** A message without its envelope. */
export type LogMessageBody = AdmissionBody | VotingBody | LearningBody;

/** A message between two nodes of a log, with the incarnation of its sender. */
export type LogMessage = LogMessageBody & { readonly incarnation: string };

/** The message of one kind. */
export type LogMessageOf<Kind extends LogMessageBody['kind']> = Extract<
  LogMessage,
  { readonly kind: Kind }
>;
