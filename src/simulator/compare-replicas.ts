/**
 * Whether the nodes of one run, which should all hold the same of a relation, do.
 *
 * A node is a replica of a relation if it holds some of it or took in, during the run, a tuple from
 * a channel that feeds it. What a node holds is not enough to go by: where an `add` and a `del`
 * race, the replica at which the `del` came last holds nothing, and that is the disagreement. A node
 * that neither holds nor took in anything plays another part. A relation whose channels are known to
 * be none may rightly differ (a fan-out that leaves its sender out), so it is not compared.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { Outcome, SimulationSubject } from './outcome.js';

/** Two nodes and what each of them holds, the node's name left out of the rows. */
export interface Disagreement {
  readonly nodes: readonly [string, string];
  readonly contents: readonly [readonly Row[], readonly Row[]];
}

/** What a node holds of a relation, the node's name left out of the rows. */
interface Replica {
  readonly node: string;
  readonly rows: readonly Row[];
}

/** The first two replicas that hold something different; `rows` is a relation's entry of an `Outcome`. */
export function findDisagreement(
  subject: SimulationSubject,
  relation: string,
  rows: readonly Row[],
  received: Outcome['received'],
): Disagreement | null {
  const channels = subject.replicatedThrough?.get(relation);
  if (channels?.length === 0) return null;
  // Rows of an outcome begin with their node, or have it in the relation's own column.
  const place = subject.program.locationByRelation.get(relation) ?? 0;
  const replicas = subject.nodes.flatMap((node): Replica[] => {
    const own = rows.filter((row) => row[place] === node).map((row) => row.toSpliced(place, 1));
    const tookIn = channels?.some((channel) => received.get(node)?.has(channel)) === true;
    if (own.length === 0 && !tookIn) return [];
    return [{ node, rows: own.sort(compareRows) }];
  });
  const [first, ...others] = replicas;
  if (first === undefined) return null;
  const key = contentKey(first.rows);
  const other = others.find((candidate) => contentKey(candidate.rows) !== key);
  return other === undefined
    ? null
    : { nodes: [first.node, other.node], contents: [first.rows, other.rows] };
}

function contentKey(rows: readonly Row[]): string {
  return rows.map(rowKey).join(';');
}
