/**
 * Whether the nodes of one run, which should all hold the same of a relation, do. As in
 * `Outcome.replicasAgree`, a node that holds nothing is taken for one that plays another part.
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { SimulationSubject } from './outcome.js';

/** Two nodes and what each of them holds, the node's name left out of the rows. */
export interface Disagreement {
  readonly nodes: readonly [string, string];
  readonly contents: readonly [readonly Row[], readonly Row[]];
}

/** The first two nodes that hold something different; `rows` is a relation's entry of an `Outcome`. */
export function findDisagreement(
  { nodes, program }: SimulationSubject,
  relation: string,
  rows: readonly Row[],
): Disagreement | null {
  // Rows of an outcome begin with their node, or have it in the relation's own column.
  const place = program.locationByRelation.get(relation) ?? 0;
  const held = nodes.flatMap((node) => {
    const own = rows.filter((row) => row[place] === node).map((row) => row.toSpliced(place, 1));
    return own.length === 0 ? [] : [{ node, rows: own.sort(compareRows) }];
  });
  const [first, ...others] = held;
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
