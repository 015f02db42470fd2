/**
 * The pieces of a statement as a tree of brackets: all the structure that layout needs. Types and
 * aggregates have brackets of their own, `<` and `>`; where a `<` opens one, the kind of the
 * statement says, or the aggregate's name at the start of an argument of a head.
 */
import type { TokenType } from 'chevrotain';

import {
  AggregateName,
  CollectionWord,
  Colon,
  Comma,
  Const,
  Durable,
  Equals,
  Greater,
  Implies,
  Invariant,
  LeftBrace,
  LeftParen,
  LeftSquare,
  Less,
  Param,
  Periodic,
  RightBrace,
  RightParen,
  RightSquare,
  Seal,
} from '../../grammar/tokens.js';
import { defined } from '../base/assert.js';
import type { Piece } from './format-pieces.js';

export interface Leaf {
  readonly kind: 'leaf';
  readonly piece: Piece;
}
export interface Nest {
  readonly kind: 'nest';
  readonly open: Piece;
  readonly children: readonly Node[];
  readonly close: Piece;
  readonly angle: boolean;
}
export type Node = Leaf | Nest;

const openers: ReadonlySet<TokenType> = new Set([LeftParen, LeftSquare, LeftBrace]);
const closers: ReadonlySet<TokenType> = new Set([RightParen, RightSquare, RightBrace]);

/** Whether the piece is a token of that type. */
export function isToken(piece: Piece | undefined, type: TokenType): boolean {
  return piece?.token?.tokenType === type;
}

/** The tree of a statement's pieces, without its `;`. */
export function readNodes(pieces: readonly Piece[]): readonly Node[] {
  return new NodeReader(pieces).level(null);
}

/** Words that open statements whose `<` are all brackets of types. */
const typedWords: ReadonlySet<string> = new Set(['lattice', 'extern']);

/** Words of statements that have parentheses and no head. */
const headlessWords: readonly TokenType[] = [Periodic, Invariant, Seal];

class NodeReader {
  readonly #pieces: readonly Piece[];
  readonly #isTyped: boolean;
  readonly #isDefinition: boolean;
  /** `periodic x(term)`, `invariant x: !(body)`, `seal p when q(term)`: what stands in the parentheses is no head. */
  readonly #isHeadless: boolean;
  #at = 0;
  #inBody = false;
  #behindEquals = false;
  #depth = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
    const [first, second] = pieces;
    this.#isDefinition = isToken(first, Const) || isToken(first, Param);
    this.#isHeadless = headlessWords.some((word) => isToken(first, word));
    this.#isTyped =
      isToken(first, CollectionWord) ||
      isToken(first, Durable) ||
      (typedWords.has(first?.text ?? '') && second?.text !== '(' && second?.text !== ':');
  }

  /** The nodes up to the closing bracket, or to the end. */
  level(close: 'bracket' | 'angle' | null): readonly Node[] {
    const nodes: Node[] = [];
    for (; this.#at < this.#pieces.length;) {
      const piece = this.#pieces[this.#at]!;
      const type = piece.token!.tokenType;
      if (close === 'angle' ? type === Greater : close === 'bracket' && closers.has(type)) break;
      if (openers.has(type)) nodes.push(this.#nest(piece, 'bracket'));
      else if (type === Less && this.#opensAngle()) nodes.push(this.#nest(piece, 'angle'));
      else {
        if (this.#depth === 0 && type === Implies) this.#inBody = true;
        if (this.#depth === 0 && type === Equals) this.#behindEquals = true;
        nodes.push({ kind: 'leaf', piece });
        this.#at++;
      }
    }
    return nodes;
  }

  #nest(open: Piece, kind: 'bracket' | 'angle'): Nest {
    this.#at++;
    this.#depth++;
    const children = this.level(kind);
    const close = defined(this.#pieces[this.#at], `the bracket that closes \`${open.text}\``);
    this.#at++;
    this.#depth--;
    return { kind: 'nest', open, children, close, angle: kind === 'angle' };
  }

  #opensAngle(): boolean {
    if (this.#isTyped) return true;
    if (this.#isDefinition) return !this.#behindEquals;
    if (this.#isHeadless) return false;
    const name = this.#pieces[this.#at - 1];
    const ahead = this.#pieces[this.#at - 2];
    if (this.#inBody || this.#depth !== 1 || !isToken(name, AggregateName)) return false;
    return isToken(ahead, LeftParen) || isToken(ahead, Comma) || isToken(ahead, Colon);
  }
}
