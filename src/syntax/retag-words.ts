/**
 * What a word or sign means where it stands, decided over the tokens of one statement before it is
 * parsed, so that the parser never backtracks:
 *
 * - a declaration word at the start, and `delete` and `upsert`, are keywords only before a name;
 *   `next` and `async` only behind `)@`; an aggregate's name before `<` may open an aggregate;
 * - inside brackets `:-` is `:` and `-` (`{k:-1}`);
 * - `>` and `=` that touch are `>=`, except in types, which close with `>`.
 */
import type { IToken } from 'chevrotain';

import {
  Bar,
  By,
  aggregateNames,
  AggregateName,
  As,
  Async,
  At,
  CollectionWord,
  Colon,
  Comma,
  Const,
  declarationWords,
  Delete,
  Durable,
  Equals,
  Extern,
  From,
  FunctionWord,
  Greater,
  GreaterEquals,
  Identifier,
  Implies,
  Lattice,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Less,
  Coordinate,
  MechanismWord,
  mechanismWords,
  Minus,
  Next,
  Param,
  Partition,
  propertyWords,
  PropertyWord,
  reservedWords,
  retag,
  RightBrace,
  RightParen,
  RightSquare,
  Seal,
  Sealed,
  sealWords,
  StringLiteral,
  Upsert,
  Use,
} from '../../grammar/tokens.js';
import { joinNames } from './join-names.js';
import { beginsPartition } from './partition-clause.js';
import { isAdjacent, joined, partOf } from './token-span.js';

/** The statement's tokens as the parser reads them. Words are retyped in place. */
export function retagWords(written: readonly IToken[]): IToken[] {
  const tokens = joinNames(written);
  const out: IToken[] = [];
  let depth = 0;
  let inType = false;
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at]!;
    const type = token.tokenType;
    if (type === Identifier) {
      retagWord(tokens, at);
      if (depth === 0) retagInStatement(tokens, at);
      if (at <= 1 && opensTypes(token)) inType = true;
    } else if (type === LeftParen || type === LeftSquare || type === LeftBrace) depth++;
    else if (type === RightParen || type === RightSquare || type === RightBrace) depth--;
    else if (type === Equals && isDefinition(tokens)) inType = false;
    if (type === Implies && depth > 0) {
      out.push(part(token, 0, 1, Colon), part(token, 1, 2, Minus));
    } else if (type === Greater && !inType && isEqualsBehind(tokens, at)) {
      const glued = joined(token, tokens[at + 1]!);
      retag(glued, GreaterEquals);
      out.push(glued);
      at++;
    } else out.push(token);
  }
  return out;
}

function opensTypes(token: IToken): boolean {
  return opensDeclaration(token) || token.tokenType === Const || token.tokenType === Param;
}

function opensDeclaration({ tokenType: type }: IToken): boolean {
  return type === CollectionWord || type === Lattice || type === Durable;
}

function isDefinition(tokens: readonly IToken[]): boolean {
  return tokens[0]!.tokenType === Const || tokens[0]!.tokenType === Param;
}

function isEqualsBehind(tokens: readonly IToken[], at: number): boolean {
  const next = tokens[at + 1];
  return next?.tokenType === Equals && isAdjacent(tokens[at]!, next);
}

/** The words that are keywords only inside the statement that begins with a certain one. */
function retagInStatement(tokens: readonly IToken[], at: number): void {
  const token = tokens[at]!;
  const first = tokens[0]!.tokenType;
  const word = token.image;
  if (first === Seal && isSealWord(tokens, at)) retag(token, sealWords.get(word)!);
  if (first === Use && at === 2 && word === 'as') retag(token, As);
  if (first === Extern) retagInExtern(tokens, at);
  if (opensDeclaration(tokens[0]!) && at > 1 && beginsPartition(tokens, at)) {
    retag(token, Partition);
    retag(tokens[at + 1]!, By);
  }
  if (first === Coordinate && at === 2 && mechanismWords.has(word)) retag(token, MechanismWord);
}

/** `on` stands behind the relation; `from` and `when` stand before one, which may have that name. */
function isSealWord(tokens: readonly IToken[], at: number): boolean {
  const { image } = tokens[at]!;
  if (at < 2 || !sealWords.has(image)) return false;
  return image === 'on' ? at === 2 : tokens[at + 1]?.tokenType !== LeftParen;
}

/** Outside its brackets an extern function has its words, its name and its types. */
function retagInExtern(tokens: readonly IToken[], at: number): void {
  const token = tokens[at]!;
  const next = tokens[at + 1]?.tokenType;
  if (at === 1 && token.image === 'function') retag(token, FunctionWord);
  if (at > 2 && token.image === 'from' && next === StringLiteral) retag(token, From);
  const isBehindPath = tokens.slice(0, at).some(({ tokenType }) => tokenType === StringLiteral);
  if (isBehindPath && propertyWords.has(token.image)) retag(token, PropertyWord);
}

function part(token: IToken, from: number, to: number, type: typeof Colon): IToken {
  const made = partOf(token, from, to);
  retag(made, type);
  return made;
}

/** Whether a head may begin here: at the start, behind a label, or behind another head. */
function opensHead(tokens: readonly IToken[], at: number): boolean {
  const before = tokens[at - 1]?.tokenType;
  return before === undefined || before === Colon || before === Comma;
}

function opensLiteral({ tokenType: before }: IToken): boolean {
  return before === Implies || before === Comma || before === Bar || before === LeftParen;
}

function retagWord(tokens: readonly IToken[], at: number): void {
  const token = tokens[at]!;
  const next = tokens[at + 1]?.tokenType;
  const word = token.image;
  if (next === Less) {
    if (aggregateNames.has(word)) retag(token, AggregateName);
    return;
  }
  if (word === 'next' || word === 'async') {
    const isTime = tokens[at - 1]?.tokenType === At && tokens[at - 2]?.tokenType === RightParen;
    if (isTime) retag(token, word === 'next' ? Next : Async);
    return;
  }
  const isNamed = next === Identifier || next === StringLiteral;
  if (word === 'delete' || word === 'upsert') {
    if (isNamed && opensHead(tokens, at)) retag(token, word === 'delete' ? Delete : Upsert);
    return;
  }
  if (word === 'sealed') {
    if (next === Identifier && at > 0 && opensLiteral(tokens[at - 1]!)) retag(token, Sealed);
    return;
  }
  const declares = declarationWords.get(word);
  if (declares === undefined || !(at === 0 || (at === 1 && tokens[0]!.tokenType === Durable)))
    return;
  // A reserved word behind it is a name badly chosen, which the parser then says.
  if (isNamed || (next !== undefined && reservedWords.has(tokens[at + 1]!.image)))
    retag(token, declares);
}
