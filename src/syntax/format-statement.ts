/**
 * Layout of one statement: heads on a line, and its body in the same line if it fits; else each
 * literal on a line of its own, or each alternative, if there are several.
 */
import { Implies, Semicolon, Use } from '../../grammar/tokens.js';
import { concat, group, indent, line, space, text } from './format-doc.js';
import type { Doc } from './format-doc.js';
import { isToken, readNodes } from './format-nodes.js';
import type { Node } from './format-nodes.js';
import type { Piece } from './format-pieces.js';
import {
  above,
  alternatives,
  indentation,
  inLine,
  separated,
  split,
  term,
  whole,
} from './format-terms.js';
import type { IsSpaced } from './format-terms.js';

/** The statement with its `;`; its first `padding.words` pieces take `padding.width` columns. */
export function layOutStatement(pieces: readonly Piece[], padding: Padding | null): Doc {
  const end = pieces.at(-1)!;
  const hasEnd = isToken(end, Semicolon);
  const own = hasEnd ? pieces.slice(0, -1) : pieces;
  const words = padding?.words ?? 0;
  const parts: Doc[] = [];
  if (padding !== null) {
    const start = own.slice(0, words);
    const taken = start.map(({ text: word }) => word).join(' ').length;
    for (const piece of start) parts.push(whole(piece), space);
    parts.push(text(' '.repeat(padding.width - taken)));
  }
  parts.push(statement(readNodes(own).slice(words), spacedWords(own)));
  if (hasEnd) parts.push(indent(indentation, concat([above(end), inLine(end, true)])));
  return concat(parts);
}

/** Columns that the words at the start of a declaration take, so that names stand in line. */
export interface Padding {
  readonly words: number;
  readonly width: number;
}

function statement(nodes: readonly Node[], isSpaced: IsSpaced): Doc {
  const implies = nodes.findIndex((node) => node.kind === 'leaf' && isToken(node.piece, Implies));
  if (implies === -1) return items(nodes, isSpaced);
  const sign = nodes[implies]!;
  const heads = items(nodes.slice(0, implies), isSpaced);
  const start = [heads, space, ...(sign.kind === 'leaf' ? [whole(sign.piece)] : [])];
  return group(
    concat([...start, indent(indentation, concat([line, alternatives(nodes.slice(implies + 1))]))]),
  );
}

function items(nodes: readonly Node[], isSpaced: IsSpaced): Doc {
  const list = split(nodes, ',');
  const one = (part: readonly Node[]): Doc => term(part, isSpaced);
  return list.length === 1 ? one(nodes) : group(indent(indentation, separated(list, line, one)));
}

/** The alias of a `use` is a name that the bracket behind it does not call. */
function spacedWords(pieces: readonly Piece[]): IsSpaced {
  const isUse = isToken(pieces[0], Use);
  return (_, index) => isUse && index > 1;
}
