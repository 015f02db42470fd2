/**
 * Brackets of one statement: each closes the one it should, and they do not nest deeper than
 * parser and passes can follow without a bound on their stacks. `if` and the `<` of types count as
 * nesting too. A statement that fails here is not parsed: its one error is told where it begins.
 */
import type { IToken } from 'chevrotain';

import {
  Arrow,
  Bar,
  CollectionWord,
  Comma,
  Const,
  Durable,
  Equals,
  Extern,
  Greater,
  If,
  Implies,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Less,
  Minus,
  Param,
  RightBrace,
  RightParen,
  RightSquare,
  Colon,
} from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { syntaxError } from './syntax-error.js';
import { isAdjacent, spanBehind, spanOf } from './token-span.js';

/** How deep brackets may nest. The parser's stack holds at least twice as many. */
export const maxNesting = 200;

const closerByOpener = new Map([
  [LeftParen, RightParen],
  [LeftSquare, RightSquare],
  [LeftBrace, RightBrace],
]);
const closers = new Set(closerByOpener.values());
const signByType = new Map([
  ...([
    [LeftParen, '('],
    [LeftSquare, '['],
    [LeftBrace, '{'],
  ] as const),
  ...([
    [RightParen, ')'],
    [RightSquare, ']'],
    [RightBrace, '}'],
  ] as const),
]);

interface OpenBracket {
  readonly token: IToken;
  /** How deep the text before the bracket was nested. */
  readonly outside: number;
}

/** The first thing wrong with the statement's brackets, or null. */
export function checkBrackets(file: SourceFile, tokens: readonly IToken[]): Diagnostic | null {
  const open: OpenBracket[] = [];
  let nesting = 0;
  let inType = opensTypes(tokens[0]!);
  for (const token of tokens) {
    const type = token.tokenType;
    if (closerByOpener.has(type)) {
      open.push({ token, outside: nesting });
      nesting++;
    } else if (closers.has(type)) {
      const opener = open.pop();
      if (opener === undefined || closerByOpener.get(opener.token.tokenType) !== type) {
        return mismatch(file, opener?.token ?? null, token);
      }
      nesting = opener.outside;
    } else if (type === If || (type === Less && inType)) nesting++;
    else if (type === Greater && inType) nesting--;
    else if (type === Equals) inType = false;
    else if (!inType && (type === Comma || type === Bar || type === Implies))
      nesting = (open.at(-1)?.outside ?? -1) + 1;
    if (nesting > maxNesting) return tooDeep(file, token);
  }
  const unclosed = open.at(-1);
  return unclosed === undefined ? null : neverClosed(file, unclosed.token, tokens);
}

function opensTypes({ tokenType: type }: IToken): boolean {
  return (
    type === CollectionWord ||
    type === Durable ||
    type === Const ||
    type === Param ||
    type === Extern
  );
}

function tooDeep(file: SourceFile, token: IToken): Diagnostic {
  return syntaxError(
    'TRL0113',
    spanOf(file, token),
    `this is nested more than ${maxNesting} levels deep`,
    {
      help: 'bind parts of it to variables: `x = ...`',
    },
  );
}

function mismatch(file: SourceFile, opener: IToken | null, closer: IToken): Diagnostic {
  const sign = signByType.get(closer.tokenType)!;
  if (opener === null) {
    return syntaxError('TRL0112', spanOf(file, closer), `this \`${sign}\` closes nothing`, {
      help: `remove it, or put the missing bracket before it`,
    });
  }
  const wanted = signByType.get(closerByOpener.get(opener.tokenType)!)!;
  return syntaxError(
    'TRL0112',
    spanOf(file, closer),
    `\`${sign}\` closes a bracket that \`${opener.image}\` opened`,
    {
      label: `\`${wanted}\` expected before this`,
      secondary: [{ span: spanOf(file, opener), text: 'opened here' }],
    },
  );
}

function neverClosed(file: SourceFile, opener: IToken, tokens: readonly IToken[]): Diagnostic {
  const wanted = signByType.get(closerByOpener.get(opener.tokenType)!)!;
  const before = firstMisfit(opener, tokens);
  return syntaxError('TRL0112', spanOf(file, opener), `this \`${opener.image}\` is never closed`, {
    label: 'opened here',
    secondary: [
      before === null
        ? {
            span: spanBehind(file, tokens.at(-1)!),
            text: `\`${wanted}\` expected before the statement ends`,
          }
        : { span: spanOf(file, before), text: `\`${wanted}\` expected before this` },
    ],
  });
}

/** A `:-` behind the bracket most likely stands outside it: there the bracket should have been closed. */
function firstMisfit(opener: IToken, tokens: readonly IToken[]): IToken | null {
  for (let at = tokens.indexOf(opener) + 1; at < tokens.length; at++) {
    const token = tokens[at]!;
    const next = tokens[at + 1];
    const isImplies =
      token.tokenType === Colon && next?.tokenType === Minus && isAdjacent(token, next);
    if (isImplies && tokens[at + 2] !== undefined && !isAdjacent(next, tokens[at + 2]!))
      return token;
    if (token.tokenType === Arrow && opener.tokenType !== LeftParen) return token;
  }
  return null;
}
