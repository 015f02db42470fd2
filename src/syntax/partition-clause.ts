/**
 * Where a declaration says how its relation is spread over the nodes: `partition by (src)`. Two
 * names in a row make the clause, so that relations and columns may still be called `partition`.
 */
import type { IToken } from 'chevrotain';

import { Identifier } from '../../grammar/tokens.js';

/** Whether `partition by` stands at `index`. */
export function beginsPartition(tokens: readonly IToken[], index: number): boolean {
  const token = tokens[index];
  if (token?.tokenType !== Identifier || token.image !== 'partition') return false;
  const next = tokens[index + 1];
  return next?.tokenType === Identifier && next.image === 'by';
}
