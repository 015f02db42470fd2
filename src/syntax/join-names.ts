/**
 * Names with dots: `rd.send`, a relation of the instance `rd` of a module. The dot is also how a
 * method is called, so the tokens around it decide, before the statement is parsed:
 *
 * - outside brackets and before `:-` there are no terms, hence no methods: heads, labels and names
 *   in declarations may have dots;
 * - behind a `notin` or `sealed` that opens a literal stands a relation;
 * - `a.b.c(`, with two dots at least, is no call of a method, since `a.b` is none.
 *
 * In all other places `x.m(..)` stays a method; it is a relation iff `x` is the alias of a `use`,
 * which only the names can say. The parts touch, and come out as one name.
 */
import type { IToken } from 'chevrotain';

import {
  Bar,
  Comma,
  Dot,
  Identifier,
  Implies,
  LeftBrace,
  LeftParen,
  LeftSquare,
  NotIn,
  RightBrace,
  RightParen,
  RightSquare,
  StringLiteral,
} from '../../grammar/tokens.js';
import { isAdjacent, joined } from './token-span.js';

const openers = new Set([LeftParen, LeftSquare, LeftBrace]);
const closers = new Set([RightParen, RightSquare, RightBrace]);
/** Statements outside whose brackets there are terms, or names that have no dots. */
const undotted = new Set(['const', 'param', 'use', 'module', 'import', 'include']);

/** The statement's tokens, with the parts of each dotted name made one. */
export function joinNames(tokens: readonly IToken[]): readonly IToken[] {
  if (!tokens.some((token) => token.tokenType === Dot)) return tokens;
  const out: IToken[] = [];
  let depth = 0;
  let isBeforeBody = !isUndotted(tokens);
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const type = token.tokenType;
    if (openers.has(type)) depth++;
    else if (closers.has(type)) depth--;
    else if (type === Implies && depth === 0) isBeforeBody = false;
    const last = type === Identifier ? endOfName(tokens, at) : at;
    const isName =
      last > at &&
      ((isBeforeBody && depth === 0) ||
        opensLiteral(tokens, at) ||
        (last > at + 2 && tokens[last + 1]?.tokenType === LeftParen));
    if (!isName) out.push(token);
    else {
      out.push(tokens.slice(at + 1, last + 1).reduce(joined, token));
      at = last;
    }
  }
  return out;
}

/** Whether the statement begins with such a word, and not with a label or a name that is called so. */
function isUndotted([first, next]: readonly IToken[]): boolean {
  const type = next?.tokenType;
  return undotted.has(first!.image) && (type === Identifier || type === StringLiteral);
}

/** Index of the last token of the dotted name that begins at `start`. */
function endOfName(tokens: readonly IToken[], start: number): number {
  let at = start;
  for (;;) {
    const [name, dot, next] = [tokens[at]!, tokens[at + 1], tokens[at + 2]];
    const isJoined =
      dot?.tokenType === Dot &&
      next?.tokenType === Identifier &&
      isAdjacent(name, dot) &&
      isAdjacent(dot, next);
    if (!isJoined) return at;
    at += 2;
  }
}

/** Whether a `notin` or `sealed` that begins a literal stands before the name. */
function opensLiteral(tokens: readonly IToken[], at: number): boolean {
  const word = tokens[at - 1];
  const before = tokens[at - 2]?.tokenType;
  if (word?.tokenType !== NotIn && word?.image !== 'sealed') return false;
  return before === Implies || before === Comma || before === Bar || before === LeftParen;
}
