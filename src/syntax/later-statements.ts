/**
 * What the language defines and this version does not read yet: `partition by` behind a
 * declaration. It gets an error of its own code and is left out, so that nothing inside it is told
 * as a mistake.
 */
import type { IToken } from 'chevrotain';

import { Identifier } from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { syntaxError } from './syntax-error.js';
import { spanBetween } from './token-span.js';

/** Where `partition by` begins in a declaration, or -1. */
export function partitionIndex(tokens: readonly IToken[]): number {
  return tokens.findIndex((token, index) => index > 1 && beginsPartition(tokens, index, token));
}

/** Whether `partition by` stands at `index`. */
export function beginsPartition(
  tokens: readonly IToken[],
  index: number,
  token = tokens[index],
): boolean {
  if (token?.tokenType !== Identifier || token.image !== 'partition') return false;
  return tokens[index + 1]?.image === 'by';
}

/** The error for the `partition by` at `index`; the declaration before it stays. */
export function partitionClause(
  file: SourceFile,
  tokens: readonly IToken[],
  index: number,
): Diagnostic {
  const what = 'a cluster-wide relation (`partition by`)';
  const help = 'mark a column with `@` to say where a tuple lives, and send tuples with `@async`';
  const span = spanBetween(file, tokens[index]!, tokens[index + 1]!);
  return syntaxError('TRL0140', span, `${what} is not available in this version of Trellis`, {
    help,
  });
}
