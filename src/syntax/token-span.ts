/**
 * Where tokens stand. The parser's library counts offsets, leaves `endOffset` out, and gives a
 * token that is not there (the end of a statement) the offset NaN; no other file looks at offsets
 * of tokens, so that none of this shows elsewhere.
 */
import type { IToken } from 'chevrotain';

import type { SourceFile, Span } from '../base/span.js';

/** Offset of a token's first code unit. */
export function startOf(token: IToken): number {
  return token.startOffset;
}

/** Offset behind a token's last code unit. */
export function endOf(token: IToken): number {
  return token.startOffset + token.image.length;
}

/** Whether the token stands in the text; the parser's end-of-input token does not. */
export function isPresent(token: IToken): boolean {
  return !Number.isNaN(token.startOffset);
}

export function spanOf(file: SourceFile, token: IToken): Span {
  return { file, start: startOf(token), end: endOf(token) };
}

/** From the first token to the end of the last. */
export function spanBetween(file: SourceFile, first: IToken, last: IToken): Span {
  return { file, start: startOf(first), end: endOf(last) };
}

/** The empty span right behind a token: where something is missing. */
export function spanBehind(file: SourceFile, token: IToken): Span {
  return { file, start: endOf(token), end: endOf(token) };
}

/** Whether nothing, not even a blank, stands between the two. */
export function isAdjacent(left: IToken, right: IToken): boolean {
  return endOf(left) === startOf(right);
}

/** Whether a line ends between the two, and not within a comment. */
export function breaksLine(file: SourceFile, left: IToken, right: IToken): boolean {
  return /[\n\r]/.test(withoutComments(file, endOf(left), startOf(right)));
}

/** How many code units stand before the token in its line. */
export function columnOf(file: SourceFile, token: IToken): number {
  return startOf(token) - startOfLine(file, startOf(token));
}

/**
 * The column where the line of a token begins that nothing but blanks and comments separates from
 * `from`: that of the comment before it, if one stands there, though it began lines above. The
 * token's own column if it stands behind something else in its line.
 */
export function lineColumn(file: SourceFile, from: number, token: IToken): number {
  const gap = withoutComments(file, from, startOf(token));
  const lineBreak = Math.max(gap.lastIndexOf('\n'), gap.lastIndexOf('\r'));
  if (lineBreak === -1 && from > 0) return columnOf(file, token);
  const line = gap.slice(lineBreak + 1);
  return line.length - line.trimStart().length;
}

function startOfLine(file: SourceFile, offset: number): number {
  let at = offset;
  while (at > 0 && file.text[at - 1] !== '\n' && file.text[at - 1] !== '\r') at--;
  return at;
}

/** What stands between two tokens, with `#` for each code unit of a comment. */
function withoutComments(file: SourceFile, start: number, end: number): string {
  const gap = file.text.slice(start, end);
  if (!gap.includes('/')) return gap;
  return gap.replace(/\/\*[^]*?\*\/|\/\/[^\n\r]*/g, (comment) => '#'.repeat(comment.length));
}

/** A token made of a part of another: `:-` read as `:` and `-`. */
export function partOf(token: IToken, from: number, to: number): IToken {
  return { ...token, image: token.image.slice(from, to), startOffset: token.startOffset + from };
}

/** A token made of several that touch: `>` and `=` read as `>=`. */
export function joined(first: IToken, last: IToken): IToken {
  return { ...first, image: first.image + last.image };
}
