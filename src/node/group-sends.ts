/**
 * Sorts what one timestep sends by its receivers.
 *
 * A batch is never torn: what a timestep sends to one receiver goes in one piece, as one frame, as
 * one loop, or as that receiver's part of one entry of the ordered log. So a receiver of any tuple
 * that must go through the log gets all its tuples through the log. The entry holds the parts of
 * all receivers: were it one entry a receiver, two members could pass two entries in different
 * orders as seen from a third, although each log position is agreed.
 */
import type { Row, Value } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';

/** What one receiver gets from one timestep; relations by name. */
export interface Part {
  readonly receiver: string;
  readonly content: readonly RelationRows[];
}

/** The sends of one timestep, each list in order of the receivers' names. */
export interface GroupedSends {
  /** What goes to the receivers directly, the sender itself included. */
  readonly direct: readonly Part[];
  /** What goes through the ordered log. */
  readonly logged: readonly Part[];
  /** Receivers that are no names at all. */
  readonly misaddressed: readonly Value[];
}

/** Contract: `sends` lists each relation once, in order of the names. */
export function groupSends(
  sends: readonly RelationRows[],
  self: string,
  locationByRelation: ReadonlyMap<string, number>,
  loggedChannels: ReadonlySet<string>,
): GroupedSends {
  const rowsByReceiver = new Map<string, Map<string, Row[]>>();
  const throughLog = new Set<string>();
  const misaddressed: Value[] = [];
  for (const { relation, rows } of sends) {
    const location = locationByRelation.get(relation);
    for (const row of rows) {
      const receiver = location === undefined ? self : row[location];
      if (typeof receiver !== 'string') {
        misaddressed.push(receiver ?? null);
        continue;
      }
      addRow(rowsByReceiver, receiver, relation, row);
      if (loggedChannels.has(relation)) throughLog.add(receiver);
    }
  }
  const parts = [...rowsByReceiver.keys()].sort().map((receiver) => ({
    receiver,
    content: [...rowsByReceiver.get(receiver)!].map(([relation, rows]) => ({ relation, rows })),
  }));
  return {
    direct: parts.filter(({ receiver }) => !throughLog.has(receiver)),
    logged: parts.filter(({ receiver }) => throughLog.has(receiver)),
    misaddressed,
  };
}

function addRow(
  rowsByReceiver: Map<string, Map<string, Row[]>>,
  receiver: string,
  relation: string,
  row: Row,
): void {
  const rowsByRelation = rowsByReceiver.get(receiver) ?? new Map<string, Row[]>();
  rowsByReceiver.set(receiver, rowsByRelation);
  const rows = rowsByRelation.get(relation);
  if (rows === undefined) rowsByRelation.set(relation, [row]);
  else rows.push(row);
}
