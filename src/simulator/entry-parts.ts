/**
 * What an entry of the ordered log holds for whom. The simulator reads entries only after a node
 * has applied them, so their form has been checked.
 */
import { defined } from '../base/assert.js';
import type { LogEntry } from '../coordination/log-types.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import { decodeContent } from '../node/content-json.js';

/** The parts of an entry by receiver, as the node wrote them. */
export function partsOf(entry: LogEntry): ReadonlyMap<string, readonly RelationRows[]> {
  const payload = entry.payload as readonly (readonly [string, unknown])[];
  return new Map(
    payload.map(([receiver, content]) => [
      receiver,
      defined(decodeContent(content), `the content of entry ${entry.id}`),
    ]),
  );
}
