/**
 * What one simulated run came to, and what many runs have in common. The words of an outcome are
 * what schedules may not change: every tuple ever released by an output, and the content of views
 * at quiescence.
 */
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { NodeConfiguration, NodeProgram } from '../node/configuration.js';
import type { EvaluatorFactory } from '../evaluator/evaluator.js';
import type { Workload } from '../node/workload.js';
import type { InvariantCheck } from './check-invariants.js';
import type { LogEntry } from '../coordination/log-types.js';

/** A system under simulation: the same for every run. */
export interface SimulationSubject {
  readonly program: NodeProgram;
  readonly makeEvaluator: EvaluatorFactory;
  readonly nodes: readonly string[];
  readonly workload: Workload;
  /** Stored relations and observables whose final contents are compared between nodes (unlocated, or apart from the `@` column). */
  readonly replicated: readonly string[];
  /**
   * The channels that feed a replicated relation: a node that took something in from one of them is
   * a replica, even if it holds nothing in the end. Without this map, the replicas are the holders;
   * relations for which it has no channel may differ between nodes and are not compared.
   */
  readonly replicatedThrough?: ReadonlyMap<string, readonly string[]>;
  /** Every stored relation, for `Outcome.stored`; by default those of `replicated` that are not observable. */
  readonly stored?: readonly string[];
  /** Outputs that hold only in a timestep that takes an event: nothing of them is left at quiescence. */
  readonly momentary?: ReadonlySet<string>;
  readonly log: NodeConfiguration['log'];
  /** The greatest number that stands in the program; absent for one without. */
  readonly greatestNumber?: number;
  /** What is evaluated over all nodes once they have come to rest, and shown like views. */
  readonly assertions?: AssertionCheck | null;
  /** What must hold at every moment; absent or null for a program without invariants. */
  readonly invariants?: InvariantCheck | null;
}

/** Relations that no node has by itself, made ready to be evaluated. */
export interface AssertionCheck {
  /** Sorted. */
  readonly relations: readonly string[];
  /** `rowsOf`: what all nodes hold of a relation. Null if the evaluation fails. */
  readonly evaluate: (
    rowsOf: (relation: string) => readonly Row[],
  ) => ReadonlyMap<string, readonly Row[]> | null;
}

export interface SimulationOptions {
  readonly seed: number;
  /** Longest delay of a message, virtual milliseconds. */
  readonly maxDelayMs: number;
  /** Probability that a batch arrives a second time, as a batch of its own that programs see. */
  readonly duplicate: number;
  /** Longest delay of a node's boot, virtual milliseconds. */
  readonly bootJitterMs: number;
  /**
   * Virtual horizon, counted from each node's boot: then its periodics stop and the run drains.
   * (Counted from the boot, so that boot jitter does not change how often a periodic fires.)
   */
  readonly untilMs: number;
  /** Timesteps that one node may run. */
  readonly maxTimesteps: number;
  /** Events that the whole run may dispatch: a guard, far beyond what a sound run needs. */
  readonly maxSteps?: number;
  /** Probability that a frame is lost, and the connection with it; by default 0 (faults.ts). */
  readonly drop?: number | undefined;
  /** Whether nodes are parted for a while (faults.ts). */
  readonly partition?: boolean | undefined;
  /** Whether nodes crash and come back (faults.ts). */
  readonly crash?: boolean | undefined;
  /** How the scheduler behaves; by default a function of the seed. */
  readonly style?: ScheduleStyle;
  /** False leaves `SimulationRun.trace` empty, which saves time. */
  readonly trace?: boolean;
}

/** Habits of a scheduler, each good at showing another kind of dependence on order; see `schedule.ts`. */
export type ScheduleStyle =
  | 'even'
  | 'prompt'
  | 'long-tail'
  | 'slow-node'
  | 'slow-link'
  | 'late-boot'
  | 'reversed'
  | 'gathered'
  | 'trickle';

/** What is simulated where nobody says otherwise. */
export const defaultSimulationOptions: Omit<SimulationOptions, 'seed'> = {
  maxDelayMs: 50,
  duplicate: 0.1,
  bootJitterMs: 50,
  untilMs: 10_000,
  maxTimesteps: 1000,
};

export interface SimulationRun {
  readonly seed: number;
  readonly outcome: Outcome;
  readonly quiescent: boolean;
  readonly coordinationMessages: number;
  readonly dataFrames: number;
  /** What timesteps sent to names outside the cluster: dropped, and counted here. */
  readonly unknownAddresses: number;
  /** At all nodes together, failed ones included. */
  readonly timesteps: number;
  /** Events dispatched: the measure of a run's cost and of a trace's length. */
  readonly steps: number;
  readonly violations: readonly Violation[];
  /** What nodes and network had to say beside failures, each matter once. */
  readonly warnings: readonly SimulationWarning[];
  /** Entries of the ordered log as every node applied them, in order (node -> entry ids). */
  readonly logByNode: ReadonlyMap<string, readonly string[]>;
  /** The decided log with the content of its entries, in order, as far as some node applied it and the network saw it. */
  readonly log: readonly LogEntry[];
  readonly trace: readonly TraceStep[];
}

export interface Outcome {
  /**
   * Every tuple that an output ever released or a view ever showed; rows begin with the node
   * unless the relation is located. Sorted. Compared for outputs.
   */
  readonly ever: ReadonlyMap<string, readonly Row[]>;
  /**
   * Content at quiescence: of views what they show, of outputs what holds (nothing for momentary
   * ones). Sorted. Compared for views.
   */
  readonly final: ReadonlyMap<string, readonly Row[]>;
  /** Whether replicas hold the same at the end, of relations and of what is observed. */
  readonly replicasAgree: boolean;
  /** Whether replicas have released the same in the course of the run, of every replicated output. */
  readonly releasesAgree: boolean;
  /** Final content of every stored relation, per relation, rows begin with the node unless located. */
  readonly stored: ReadonlyMap<string, readonly Row[]>;
  /** By node, the channels from which it took something in. */
  readonly received: ReadonlyMap<string, ReadonlySet<string>>;
  /** Set when a timestep failed: what failed first. */
  readonly error: string | null;
  /** What failed where, each once: `node: code message`. Sorted. */
  readonly failures: readonly string[];
  /** Whether a producer broke a promise: then the run says nothing of verdicts (promises.ts). */
  readonly broken: boolean;
  /**
   * Equal exactly for equal outcomes over the observables, of which it is a part what failed, and at
   * which nodes.
   */
  readonly key: string;
}

export interface Violation {
  readonly node: string;
  readonly timestep: number;
  readonly seed: number;
  readonly diagnostic: Diagnostic;
  /** What the evaluator said of the failed timestep; null for violations of another kind. */
  readonly cause: Diagnostic | null;
  /** Whether a resource bound stopped the timestep. */
  readonly bound: boolean;
  /** Set where an invariant does not hold: such a run still has an outcome. */
  readonly invariant?: true;
}

/** Something worth knowing that is no failure, with the number of times it happened. */
export interface SimulationWarning {
  readonly node: string;
  readonly diagnostic: Diagnostic;
  readonly count: number;
}

/** One line of a schedule, for witnesses and traces. */
export interface TraceStep {
  readonly atMs: number;
  readonly node: string;
  /** `boot`, `input`, `send`, `deliver`, `timer`, `timestep`, `observe`, `log`, `report`, `halt`. */
  readonly event: string;
  readonly text: string;
}
