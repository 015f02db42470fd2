/** What a node must know of its program and cluster; made by the compiler, plain but for one function. */
import type { Row } from '../base/value.js';

export interface NodeProgram {
  /** Index of the `@` column of every located relation. */
  readonly locationByRelation: ReadonlyMap<string, number>;
  /** Where what is given at start for a cluster-wide relation goes in, by its name. */
  readonly entryByRelation: ReadonlyMap<string, FactEntry>;
  /** The relations that tuples of other nodes may enter: channels and located tables. */
  readonly receivable: ReadonlySet<string>;
  readonly periodics: readonly { readonly relation: string; readonly periodMs: number }[];
  /** Observables by kind: outputs are released, views are shown as changes. */
  readonly observables: ReadonlyMap<string, 'output' | 'view'>;
  /** Why a row that came from outside does not fit the relation's columns; null if it fits. */
  readonly checkRow: (relation: string, row: Row) => string | null;
  /** The ordered log that the compiler inserted; null if nothing needs one. */
  readonly orderedLog: OrderedLogPlan | null;
  /** How the nodes find out that what they work on together is complete; null if nothing waits for that. */
  readonly barrier: BarrierProgram | null;
  /** What outlives the process, where a node has storage; sorted by name. */
  readonly durable: readonly DurableRelation[];
}

/** A durable table, lattice or channel, as storage has to know it. */
export interface DurableRelation {
  readonly name: string;
  readonly kind: 'table' | 'lattice' | 'channel';
  /** Names as declared, with the `@` of the one that says where a tuple lives. */
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  /** The first columns by which a stored tuple is found. */
  readonly keyLength: number;
}

export interface FactEntry {
  /** The relation that takes the tuples. */
  readonly relation: string;
  /** The columns that place a tuple. */
  readonly columns: readonly number[];
  /** Index in the sorted cluster of the owner of a tuple with these values there. */
  readonly ownerOf: (values: Row, nodes: number) => number;
  /** Whether tuples can go in at their owner only. */
  readonly isFixed: boolean;
}

export interface OrderedLogPlan {
  /** Channels whose tuples go through the log. */
  readonly channels: ReadonlySet<string>;
  /** The configured members, sorted; a majority of them decides. */
  readonly members: readonly string[];
}

/** Relations of the program by the part they have in its barrier. */
export interface BarrierProgram {
  /** The input by which the program is told that the node has become quiet: sent, received, held back, spoilt. */
  readonly quiet: string;
  /** The channel of the number that goes with every batch that is counted. */
  readonly mark: string;
  /** The channel that opens an epoch: receiver, step, whether what is held back enters. */
  readonly open: string;
  /** The channel that takes a node to any other step: receiver, step. */
  readonly pass: string;
  /** The channel of the answer to `quiet`: receiver, sender, step, round, sent, received, held back, due, spoilt. */
  readonly report: string;
  /** Steps of an epoch. */
  readonly phases: number;
  /** Channels after whose messages the program is to be told again. */
  readonly asked: ReadonlySet<string>;
  /** All channels by which the nodes talk about it. */
  readonly spoken: ReadonlySet<string>;
  /** Channels whose messages count. */
  readonly counted: ReadonlySet<string>;
  /** Inputs and timers that wait until an epoch opens. */
  readonly held: ReadonlySet<string>;
}

export interface NodeConfiguration {
  readonly name: string;
  /** All nodes of the cluster, sorted, this one included. */
  readonly cluster: readonly string[];
  readonly program: NodeProgram;
  readonly log: { readonly retryMs: number; readonly catchUpMs: number };
  /** Data frames that wait for a peer's acknowledgement; beyond it the oldest is dropped, counted and reported. */
  readonly outboxFrames: number;
  /** `hold`: frames for unknown nodes wait like those for a down link. `drop`: they are dropped with a counted warning. */
  readonly unknownAddress: 'hold' | 'drop';
  /** Whether anything outlives the process. Without storage nothing is persisted, and durable channels are like others. */
  readonly hasStorage: boolean;
}
