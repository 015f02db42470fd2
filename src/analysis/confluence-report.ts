/**
 * What the confluence analysis says of a program: typed data for reports, rewrites and tools.
 *
 * The analysis proves or does not prove. `proved` is true exactly where the verdict is confluent;
 * elsewhere the verdict is the best bound that was proved, and whether the program really can come
 * out differently (refuted by a witness) is found by running it, not here.
 */
import type { Span } from '../base/span.js';
import type { Station } from './made-up-relations.js';
import type { Growth } from './growth.js';
import type { RuleClass } from './classify-rules.js';
import type { Sign } from './dependency-graph.js';

/**
 * D0 the same in every timestep, D1 confluent (every tuple ever shown is the same in all fair
 * schedules), D2 convergent (the final content is), D3 neither was proved.
 */
export type Determinism = 'D0' | 'D1' | 'D2' | 'D3';
export type Verdict = 'confluent' | 'convergent' | 'divergent';

/** Why a literal keeps its rule from being confluent. */
export type BlameReason =
  /** Negates a stored set that still grows: what is shown may be taken back. */
  | 'negates-growing-set'
  /** Shows the value of an aggregate over a set that still grows. */
  | 'aggregates-growing-set'
  /** Shows a lattice value that still grows. */
  | 'reveals-growing-lattice'
  /** Joins something with state that is updated meanwhile. */
  | 'reads-changing-state'
  /** Waits for a seal that cannot be carried out. */
  | 'unsealable'
  /** An event or a latch keeps what was true of a set that was not complete. */
  | 'samples-unfinished-set'
  /** Shows what was complete when an epoch ended, and the schedule decides which inputs it took. */
  | 'closes-epoch'
  /** An event must meet a stored tuple that may come later. */
  | 'half-guarded-join'
  /** Two events must fall into one timestep. */
  | 'event-rendezvous'
  /** Aggregates over the events that happen to share a timestep. */
  | 'aggregates-events'
  /** Fires because an event is absent. */
  | 'negates-event'
  | 'deletes'
  | 'overwrites'
  /** Two tuples may agree on the key and differ elsewhere. */
  | 'key-race'
  /** Reads a clock or the count of a timer. */
  | 'nondeterministic-value'
  /** Calls a function from TypeScript that promises nothing. */
  | 'calls-opaque-function'
  /** A timestep that may fail, by a race elsewhere, takes this relation's events with it. */
  | 'failing-timestep'
  /** The node may stop before or after. */
  | 'halts'
  /** A view of events: its content is whatever the last timestep held. */
  | 'momentary'
  /** Given an ordered log: depends on the node at which it is derived. */
  | 'differs-by-node'
  /** Given an ordered log: may fail at one node where others go on. */
  | 'fails-by-node'
  /** Given an ordered log: may keep a node from coming to rest between entries. */
  | 'never-rests';

export interface Blame {
  /** Name of the blamed rule, and its index in `Program.rules`; null where a declaration is to blame. */
  readonly rule: string | null;
  readonly ruleId: number | null;
  /** The event or channel upstream whose timing decides; the literal's relation if there is none. */
  readonly relation: string;
  readonly reason: BlameReason;
  /** The blamed literal (or head, or declaration). */
  readonly span: Span;
  /** Relations from `relation` to the blamed literal, the rule's name, its head and on to the observable. */
  readonly path: readonly string[];
  /** `relation` and `path` as the user knows them, where the compiler has made up some of them. */
  readonly source: string;
  readonly stations: readonly Station[];
  /** Whether the rule works on replicated state, so that replicas may disagree for ever. */
  readonly replicated: boolean;
  /** Columns of `relation` that tell apart what may be decided separately; empty if unknown. */
  readonly key: readonly string[];
  /** The weakest mechanism that would discharge this blame by itself (COORDINATION 2.2). */
  readonly mechanism: Mechanism;
}

export interface Mechanism {
  readonly kind: 'none' | 'persist' | 'seal' | 'cut' | 'order';
  /** The channel or input that it works on. */
  readonly on: string | null;
  readonly key: readonly string[];
  readonly provider: 'producers' | 'owner' | 'paxos' | null;
  /** Message delays that it adds. */
  readonly delays: number;
  /** What costs extra messages; null where nothing does. */
  readonly messagesPer: 'event' | 'key' | 'epoch' | null;
  /** How many, for n producers, m consumers and a group of 2f+1; null where nothing does. */
  readonly messages: string | null;
  /** What makes it wait: the price under a partition; null if it never does. */
  readonly blocksWhen: string | null;
}

/** One of the mechanisms that meet all obligations of a program between them. */
export interface ChosenMechanism {
  readonly mechanism: Mechanism;
  /** Observables with a blame that it discharges, sorted. */
  readonly meets: readonly string[];
}

/** Replaces the text at the span; spans of one suggestion never overlap, and one may be empty. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
}

export interface Suggestion {
  /** 1 (persist an event) to 7 (one global order): cheaper ones first. */
  readonly cost: number;
  readonly title: string;
  /** The lines as they would read, where the rewrite is mechanical. */
  readonly edit: string | null;
  /** What to replace to get there; empty where `edit` is null. */
  readonly edits: readonly Edit[];
  /** What the observable then is at least; null without an edit. */
  readonly promises: Verdict | null;
}

/**
 * When all that will ever be shown has been shown: a sound output may still be incomplete.
 * `at-start`: once the node has started; `on-first`: it has one tuple at most, so the first is all.
 */
export type Completeness = 'at-start' | 'on-first' | 'once-sealed' | 'at-quiescence';

/** Severity of a stream in Blazes (Alvaro et al., "Blazes", ICDE 2014). */
export type BlazesAlias = 'Seal' | 'Async' | 'Run' | 'Inst' | 'Diverge';

export interface ObservableReport {
  readonly relation: string;
  readonly kind: 'output' | 'view';
  readonly obligation: 'confluent' | 'convergent';
  readonly verdict: Verdict;
  readonly proved: boolean;
  readonly met: boolean;
  readonly replicated: boolean;
  /** Replicated, and proved to be the same at all its receivers at the end of each run. */
  readonly agrees: boolean;
  readonly final: 'on-emission' | 'once-sealed' | 'at-quiescence';
  readonly complete: Completeness;
  readonly blazes: BlazesAlias;
  readonly blame: readonly Blame[];
  /** What would make it meet its obligation. */
  readonly mechanism: Mechanism;
  readonly suggestions: readonly Suggestion[];
  /** Met only thanks to the ordered log: replicas agree in every run, yet runs may differ. */
  readonly givenLog: boolean;
  /**
   * `fresh-ids`: what is proved is that outcomes agree up to renaming the ids that come from the
   * clock, as long as no two events get the same one; null where nothing of that kind is claimed.
   */
  readonly modulo: 'fresh-ids' | null;
}

/** What the analysis found to make no difference. */
export type RuleNote =
  /** Another rule derives all that this one does. */
  | 'subsumed'
  /** It reads a relation to which nothing ever comes. */
  | 'never-fires'
  /** Its body denies what it implies, or compares what is never so. */
  | 'contradicts-itself'
  /** No observable depends on it. */
  | 'unobserved';

/** With the rule's own letter, and why it has it: what it does by itself, whatever it reads. */
export interface RuleReport extends RuleClass {
  readonly name: string;
  readonly id: number;
  readonly span: Span;
  readonly monotone: boolean;
  readonly notes: readonly RuleNote[];
  readonly literals: readonly { readonly relation: string; readonly sign: Sign }[];
  /** `none`, `persist`, `seal(k)`, `order(k)`. */
  readonly mechanism: string;
}

export interface RelationReport {
  readonly name: string;
  readonly kind: string;
  /** Whether it outlives the process. */
  readonly durable: boolean;
  /** What its `///` lines say; null without any. */
  readonly doc: string | null;
  readonly growth: Growth;
  readonly determinism: Determinism;
  readonly key: readonly string[];
  readonly replicated: boolean;
  /**
   * Channels whose receivers all hold the same of it in the end, sorted; empty if it is not
   * replicated, or if some receivers may rightly hold something else.
   */
  readonly replicatedThrough: readonly string[];
}

export interface ConfluenceReport {
  /** Sorted by relation. */
  readonly observables: readonly ObservableReport[];
  /** In program order. */
  readonly rules: readonly RuleReport[];
  /** Sorted by name. */
  readonly relations: readonly RelationReport[];
  readonly coordination: {
    /** Whether an obligation needs a seal, a cut or an order among several nodes. */
    readonly needed: boolean;
    /** Blamed rules of such obligations. */
    readonly points: number;
    /** The cheapest mechanisms that meet all unmet obligations together, by relation (choose-jointly.ts). */
    readonly cheapest: readonly ChosenMechanism[];
  };
  /** Channels taken to come through the decided ordered log. */
  readonly ordered: readonly string[];
}
