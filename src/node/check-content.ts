/**
 * Whether rows that another node sent fit this node's program. A peer that shook hands runs the
 * same program, so a misfit is garbage, and one bad row condemns the whole: a batch is never torn.
 */
import { quoteString } from '../base/value-text.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { NodeProgram } from './configuration.js';

/**
 * Why the content cannot have been sent from `sender` to `receiver`; null if it can. Loopbacks,
 * which have no `@` column, go from a node to itself.
 */
export function checkContent(
  content: readonly RelationRows[],
  sender: string,
  receiver: string,
  program: NodeProgram,
): string | null {
  for (const { relation, rows } of content) {
    const location = program.locationByRelation.get(relation);
    const mayLoop = sender === receiver && location === undefined;
    if (!program.receivable.has(relation) && !mayLoop) {
      return `${quoteString(relation)} takes no tuples from other nodes`;
    }
    for (const row of rows) {
      const misfit = program.checkRow(relation, row);
      if (misfit !== null) return misfit;
      if (location !== undefined && row[location] !== receiver) {
        return `a tuple of \`${relation}\` is addressed to another node`;
      }
    }
  }
  return null;
}
