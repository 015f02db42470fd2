/**
 * The statements that the language defines and this version does not read yet. Each is known by
 * its first words, gets one error of its own code, and is left out whole, so that nothing inside
 * it is told as a mistake.
 */
import type { IToken } from 'chevrotain';

import { Identifier, LeftBrace, RightBrace, StringLiteral } from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { syntaxError } from './syntax-error.js';
import { spanBetween, spanOf } from './token-span.js';

interface LaterConstruct {
  readonly code: string;
  readonly what: string;
  readonly help: string;
}
const constructByWord: Readonly<Record<string, LaterConstruct>> = {
  module: {
    code: 'TRL0130',
    what: 'a module',
    help: 'put its declarations and rules at the top level of the file',
  },
  import: {
    code: 'TRL0131',
    what: 'an import',
    help: 'put what you need of the other file into this one',
  },
  use: {
    code: 'TRL0132',
    what: '`use` of a module',
    help: 'put the rules of the module into this file',
  },
  include: {
    code: 'TRL0133',
    what: 'an include',
    help: 'put the statements of the other file into this one',
  },
  lattice: {
    code: 'TRL0134',
    what: 'a lattice declaration',
    help: 'keep what grows in a `table` and fold it with an aggregate such as `max<x>`',
  },
  extern: {
    code: 'TRL0135',
    what: 'a function from TypeScript',
    help: 'bring its results in as facts or through an `input`',
  },
  seal: {
    code: 'TRL0136',
    what: 'a seal',
    help: 'leave it out; the ordered log coordinates where rules need it',
  },
  assume: {
    code: 'TRL0137',
    what: 'an assumption',
    help: 'leave it out; it changes what a report says, not what rules do',
  },
  coordinate: {
    code: 'TRL0138',
    what: 'a choice of coordination',
    help: 'leave it out, or use `--coordinate` on the command line',
  },
  invariant: {
    code: 'TRL0139',
    what: 'an invariant',
    help: 'derive what must not hold into an `output` and look whether it stays empty',
  },
};

function constructAt(tokens: readonly IToken[], index: number): LaterConstruct | null {
  const token = tokens[index];
  const next = tokens[index + 1];
  if (token === undefined || next === undefined || token.tokenType !== Identifier) return null;
  if (next.tokenType !== Identifier && next.tokenType !== StringLiteral) return null;
  return Object.hasOwn(constructByWord, token.image) ? constructByWord[token.image]! : null;
}

/** The error for a statement of a later version that begins at `index`, or null. */
export function laterStatement(
  file: SourceFile,
  tokens: readonly IToken[],
  index: number,
): Diagnostic | null {
  const isDurable = tokens[index]?.image === 'durable';
  const construct = constructAt(tokens, isDurable ? index + 1 : index);
  if (construct === null) return null;
  const span = spanOf(file, tokens[isDurable ? index + 1 : index]!);
  return notAvailable(construct, span);
}

function notAvailable(
  { code, what, help }: LaterConstruct,
  span: ReturnType<typeof spanOf>,
): Diagnostic {
  return syntaxError(code, span, `${what} is not available in this version of Trellis`, {
    label: 'this statement is left out',
    help,
  });
}

/** The index behind the braces of a module that begins at `index`; null for anything else. */
export function endOfModule(tokens: readonly IToken[], index: number): number | null {
  if (tokens[index]?.image !== 'module' || tokens[index + 2]?.tokenType !== LeftBrace) return null;
  let depth = 0;
  for (let at = index + 2; at < tokens.length; at++) {
    if (tokens[at]!.tokenType === LeftBrace) depth++;
    if (tokens[at]!.tokenType === RightBrace) depth--;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}

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
