/**
 * The sequential run of a decided log, against which a coordinated run is held.
 *
 * State machine replication promises that a run equals one in which a single machine takes the
 * decided entries one by one (Schneider, Implementing Fault-Tolerant Services Using the State
 * Machine Approach, 1990, section 2). So fresh nodes are run without a log: first everything that
 * does not pass through it (boot, inputs, periodics), then the entries of the run in their order,
 * each alone and each only when everything that the one before it caused has come to rest.
 * What the nodes themselves send on the ordered channels is dropped: the log holds it already.
 *
 * Only replicated stored relations are compared, because for them the order was bought; what
 * else depends on schedules, and what views show on the way, may differ.
 */
import { compareRows, rowKey } from '../base/value.js';
import { rowText } from '../base/value-text.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { partsOf } from './entry-parts.js';
import type { LoggedParts } from './checked-log.js';
import { SequentialCluster } from './sequential-cluster.js';
import type { SimulationRun, SimulationSubject } from './outcome.js';

/** What the entries of a log come to when they are applied one by one. */
export interface SequentialRun {
  /** False if some node did not come to rest; then the rest means nothing. */
  readonly settled: boolean;
  /** Replicated stored relations; rows begin with the node unless located. Sorted. */
  readonly stored: ReadonlyMap<string, readonly Row[]>;
}

/** Applies the entries in order on fresh nodes of the subject. */
function replaySequentially(
  subject: SimulationSubject,
  entries: readonly LoggedParts[],
  options: { readonly untilMs: number; readonly maxTimesteps: number },
): SequentialRun {
  const cluster = new SequentialCluster(subject, options);
  cluster.boot();
  cluster.takeInputs();
  cluster.firePeriodics();
  for (const entry of entries) cluster.applyEntry(entry);
  const { observables } = subject.program;
  const stored = subject.replicated.filter((relation) => !observables.has(relation)).sort();
  return {
    settled: cluster.settled,
    stored: new Map(stored.map((relation) => [relation, cluster.content(relation)])),
  };
}

/** The first place where a run and the sequential run of its log part. */
export interface SequentialDifference {
  readonly node: string;
  readonly diagnostic: Diagnostic;
}

/** How the run differs from the sequential run of its log; null if it does not, or if that cannot be told. */
export function checkSequential(
  subject: SimulationSubject,
  run: SimulationRun,
  options: { readonly untilMs: number; readonly maxTimesteps: number },
): SequentialDifference | null {
  if (!isComparable(run)) return null;
  const entries = run.log.map(partsOf);
  const difference = sequentialDifference(subject, entries, run.outcome.stored, options);
  if (difference === null) return null;
  const node = difference.row[subject.program.locationByRelation.get(difference.relation) ?? 0];
  return {
    node: typeof node === 'string' ? node : '',
    diagnostic: differs(run, difference),
  };
}

/**
 * The first row that only one of them has: what nodes hold after these entries, and what they hold
 * after a sequential run of them; null if there is none, or if the sequential run does not settle.
 */
export function sequentialDifference(
  subject: SimulationSubject,
  entries: readonly LoggedParts[],
  stored: ReadonlyMap<string, readonly Row[]>,
  options: { readonly untilMs: number; readonly maxTimesteps: number },
): RowDifference | null {
  const replay = replaySequentially(subject, entries, options);
  if (!replay.settled) return null;
  for (const [relation, expected] of replay.stored) {
    const found = stored.get(relation);
    const difference = found === undefined ? undefined : firstDifference(expected, found);
    if (difference !== undefined) return { relation, ...difference };
  }
  return null;
}

/** Whether the run came to its end, and all nodes applied all entries, whose content is known. */
function isComparable(run: SimulationRun): boolean {
  const applied = [...run.logByNode.values()].every((ids) => ids.length === run.log.length);
  return run.quiescent && run.violations.length === 0 && applied;
}

/** A row that a run or the sequential run has, and the other has not. */
export interface RowDifference {
  readonly relation: string;
  readonly row: Row;
  readonly isInRun: boolean;
}

/** The least row that only one of them has. */
function firstDifference(
  expected: readonly Row[],
  found: readonly Row[],
): Omit<RowDifference, 'relation'> | undefined {
  const only = (
    rows: readonly Row[],
    others: readonly Row[],
    isInRun: boolean,
  ): Omit<RowDifference, 'relation'>[] => {
    const known = new Set(others.map(rowKey));
    return rows.filter((row) => !known.has(rowKey(row))).map((row) => ({ row, isInRun }));
  };
  return [...only(expected, found, false), ...only(found, expected, true)].sort((a, b) =>
    compareRows(a.row, b.row),
  )[0];
}

function differs(run: SimulationRun, { relation, row, isInRun }: RowDifference): Diagnostic {
  const [has, lacks] = isInRun
    ? ['this run', 'the sequential run']
    : ['the sequential run', 'this run'];
  return {
    code: 'TRL0906',
    severity: 'error',
    message: `with seed ${run.seed}, \`${relation}\` differs from a sequential run of the ${run.log.length} entries of the ordered log`,
    notes: [`${has} has ${rowText(relation, row)}, ${lacks} has not`],
    help: `see which rules race beside the log in the report, and what happened in the trace of seed ${run.seed}`,
  };
}
