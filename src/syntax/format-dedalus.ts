/**
 * The layout of `.ded` text. It is that of `.bloom` (`format.ts`); only tokens and comments are read
 * in another way, and handed over as the tokens of the grammar that they correspond to.
 */
import type { IToken, TokenType } from 'chevrotain';
import {
  AggregateName,
  BinaryOperator,
  Include,
  At,
  CollectionWord,
  Colon,
  Comma,
  Equals,
  Arrow,
  Greater,
  Identifier,
  Implies,
  LeftParen,
  Less,
  NotIn,
  NumberLiteral,
  RightParen,
  Semicolon,
  StringLiteral,
} from '../../grammar/tokens.js';
import type { SourceFile } from '../base/span.js';
import { hasErrors } from '../diagnostics/diagnostic.js';
import type { Checked } from '../diagnostics/diagnostic.js';
import { layOutText, type Tokens } from './format.js';
import { lexDedalus, type DedalusToken } from './lex-dedalus.js';
import { parseDedalus } from './parse-dedalus.js';
import { dedalusKinds } from './parse-dedalus-declaration.js';

/** The formatted text; null if the file has syntax errors, which the diagnostics tell. */
export function formatDedalus(file: SourceFile): Checked<string | null> {
  const { diagnostics } = parseDedalus(file);
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  return { value: layOutText(file, readTokens), diagnostics };
}

function readTokens(file: SourceFile): Tokens {
  const lexed = lexDedalus(file).tokens.filter(({ kind }) => kind !== 'end');
  const comments: IToken[] = [];
  let at = 0;
  for (const { start, end } of [...lexed, { start: file.text.length, end: file.text.length }]) {
    comments.push(...commentsIn(file.text, at, start));
    at = end;
  }
  return { tokens: retag(withArrows(lexed)), comments };
}

/** Between tokens stand blanks and comments alone. */
function commentsIn(text: string, start: number, end: number): readonly IToken[] {
  const pattern = /\/\/[^\n\r]*|\/\*[\s\S]*?\*\//g;
  return [...text.slice(start, end).matchAll(pattern)].map((match) =>
    tokenOf(Identifier, match[0], start + match.index),
  );
}

/** `=>` is one sign to layout. */
function withArrows(lexed: readonly DedalusToken[]): readonly DedalusToken[] {
  const out: DedalusToken[] = [];
  for (const token of lexed) {
    const before = out.at(-1);
    const isArrow = token.text === '>' && before?.text === '=' && before.end === token.start;
    if (isArrow) out[out.length - 1] = { ...before, text: '=>', end: token.end };
    else out.push(token);
  }
  return out;
}

function retag(lexed: readonly DedalusToken[]): readonly IToken[] {
  const out: IToken[] = [];
  for (const [index, token] of lexed.entries()) {
    const before = out.at(-1);
    const startsStatement = before === undefined || before.tokenType === Semicolon;
    if (token.text === ';' && token.kind === 'sign' && startsStatement) continue;
    out.push(tokenOf(typeOf(token, lexed[index + 1], startsStatement), token.text, token.start));
  }
  return out;
}

const typeBySign: ReadonlyMap<string, TokenType> = new Map([
  [':-', Implies],
  [',', Comma],
  [';', Semicolon],
  [':', Colon],
  ['@', At],
  ['(', LeftParen],
  [')', RightParen],
  ['=', Equals],
  ['=>', Arrow],
  ['<', Less],
  ['>', Greater],
]);

function typeOf(
  { kind, text }: DedalusToken,
  next: DedalusToken | undefined,
  startsStatement: boolean,
): TokenType {
  if (kind === 'number') return NumberLiteral;
  if (kind === 'string') return StringLiteral;
  // Any other sign is an operator, which layout knows by its text.
  if (kind === 'sign') return typeBySign.get(text) ?? BinaryOperator;
  if (text === 'notin') return NotIn;
  if (startsStatement && dedalusKinds.has(text) && next?.kind === 'name') return CollectionWord;
  if (startsStatement && text === 'include' && next?.kind === 'string') return Include;
  return next?.text === '<' ? AggregateName : Identifier;
}

function tokenOf(tokenType: TokenType, image: string, startOffset: number): IToken {
  const endOffset = startOffset + image.length - 1;
  return { tokenType, tokenTypeIdx: 0, image, startOffset, endOffset };
}
