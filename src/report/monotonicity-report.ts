/**
 * The monotonicity report as data: what the analysis proved, what runs refuted, and what was done
 * about it. Renderers turn it into text or JSON; none of them decides anything.
 */
import type {
  ConfluenceReport,
  Mechanism,
  ObservableReport,
  RelationReport,
  RuleReport,
} from '../analysis/confluence-report.js';
import type { CoordinationPlan, SealPoint } from '../rewrite/coordination-plan.js';
import type { Exchange } from '../rewrite/exchange-report.js';
import type { Divergence } from '../simulator/find-divergence.js';
import type { DifferenceKind } from '../simulator/find-pair.js';
import type { Row } from '../base/value.js';
import type { OwnerLookup } from './owner-lookups.js';
import type { Program } from '../semantics/program.js';

/**
 * `proved`: the verdict is confluent. `refuted`: a witness replays. `unknown`: not proved confluent,
 * and no witness was found or looked for.
 */
export type Status = 'proved' | 'refuted' | 'unknown';

/** Two runs that differ in nothing but their schedule, and what each showed. */
export interface Witness {
  /** What differs: see `DifferenceKind`. */
  readonly kind: DifferenceKind;
  /** The two runs, turn by turn, and the workload of both. */
  readonly divergence: Divergence;
  /** What the outcomes are: all that was ever shown, or the content at quiescence. */
  readonly compared: 'ever' | 'final';
  /** Rows of the first and of the second run, sorted. */
  readonly outcomes: readonly [readonly Row[], readonly Row[]];
  /** Whether the inputs were made up, because those at hand show no difference. */
  readonly madeUp: boolean;
  /** Where it was written; null if it was not. */
  readonly file: string | null;
}

export interface ReportedObservable extends ObservableReport {
  readonly status: Status;
  readonly witness: Witness | null;
  /** Whether the obligation is met once the inserted coordination is in force. */
  readonly metWithCoordination: boolean;
  /** Why the inserted coordination does not meet it; null if it does, or none is needed. */
  readonly unmetBecause: string | null;
  /** Whether it rests on rules that wait until all nodes have worked off what is there. */
  readonly waitsForAll: boolean;
  /** The seals for which rules are made to wait for its sake. */
  readonly waitsFor: readonly SealPoint[];
}

export interface MonotonicityReport {
  readonly program: Program;
  readonly observables: readonly ReportedObservable[];
  readonly rules: readonly RuleReport[];
  readonly relations: readonly RelationReport[];
  readonly relationByName: ReadonlyMap<string, RelationReport>;
  /** By index of a rule that unmet obligations blame: what the first of these needs. */
  readonly mechanismByRule: ReadonlyMap<number, Mechanism>;
  readonly coordination: ConfluenceReport['coordination'];
  readonly plan: CoordinationPlan;
  /** The cluster-wide relations, as written, and what travels for them; null if there are none. */
  readonly clusterWide: {
    readonly relations: readonly { readonly name: string; readonly columns: readonly string[] }[];
    readonly exchanges: readonly Exchange[];
    readonly lookups: readonly OwnerLookup[];
  } | null;
  /** Nodes of the cluster at hand, from which costs are reckoned; null if it is not known. */
  readonly nodeCount: number | null;
  /** Whether runs were searched for witnesses. */
  readonly search: 'none' | 'done';
}
