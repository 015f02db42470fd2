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

/** Whether a line ends between the two. */
export function breaksLine(file: SourceFile, left: IToken, right: IToken): boolean {
  for (let offset = endOf(left); offset < startOf(right); offset++) {
    const unit = file.text[offset];
    if (unit === '\n' || unit === '\r') return true;
  }
  return false;
}

/** How many code units stand before the token in its line. */
export function columnOf(file: SourceFile, token: IToken): number {
  let offset = startOf(token);
  while (offset > 0 && file.text[offset - 1] !== '\n' && file.text[offset - 1] !== '\r') offset--;
  return startOf(token) - offset;
}

/** A token made of a part of another: `:-` read as `:` and `-`. */
export function partOf(token: IToken, from: number, to: number): IToken {
  return { ...token, image: token.image.slice(from, to), startOffset: token.startOffset + from };
}

/** A token made of several that touch: `>` and `=` read as `>=`. */
export function joined(first: IToken, last: IToken): IToken {
  return { ...first, image: first.image + last.image };
}
