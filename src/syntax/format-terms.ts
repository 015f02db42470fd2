/**
 * Layout of what stands between commas: terms, columns, literals. A term that does not fit breaks
 * at its loosest operators first, a bracket into one item a line; lists and sets of constants are
 * filled like a paragraph. No token is added, dropped or moved.
 */
import {
  Colon,
  Identifier,
  AggregateName,
  False,
  Null,
  NumberLiteral,
  StringLiteral,
  True,
} from '../../grammar/tokens.js';
import type { Doc } from './format-doc.js';
import {
  concat,
  fillLine,
  group,
  indent,
  line,
  ownComment,
  softLine,
  space,
  text,
  trailingComment,
} from './format-doc.js';
import { isToken } from './format-nodes.js';
import type { Nest, Node } from './format-nodes.js';
import type { Piece } from './format-pieces.js';

export const indentation = 4;

// ---- pieces ---------------------------------------------------------------------------------

/** The comment lines above a piece. */
export function above(piece: Piece): Doc {
  return concat(piece.above.map((comment) => ownComment(comment.text)));
}

/** The piece in its line, with the comments around it there. */
export function inLine({ before, text: content, behind }: Piece, closes = false): Doc {
  const parts: Doc[] = [];
  if (before.length > 0) parts.push(space, text(before.join(' ')), ...(closes ? [] : [space]));
  parts.push(text(content));
  if (behind.length > 0) parts.push(trailingComment(behind.join(' ')));
  return concat(parts);
}

/** The piece with all its comments. */
export function whole(piece: Piece): Doc {
  return concat([above(piece), inLine(piece, /^[,;)\]}.:]$/.test(piece.text))]);
}

// ---- sequences ------------------------------------------------------------------------------

function firstPiece(node: Node): Piece {
  return node.kind === 'leaf' ? node.piece : node.open;
}

/** Whether the node's text is this word or sign. */
function isLeaf(node: Node | undefined, content: string): boolean {
  return node?.kind === 'leaf' && node.piece.text === content && !isName(node.piece);
}

/** A name, which in the Dedalus dialect may be `in` or `if`. */
function isName(piece: Piece): boolean {
  return isToken(piece, Identifier) || isToken(piece, AggregateName);
}

/** A name that no bracket may touch: it is a word of the statement here. */
export type IsSpaced = (nodes: readonly Node[], index: number) => boolean;

function needsSpace(nodes: readonly Node[], index: number, isSpaced: IsSpaced): boolean {
  const left = nodes[index - 1]!;
  const right = nodes[index]!;
  const next = firstPiece(right).text;
  if (next === '.' || isLeaf(left, '.') || isLeaf(left, '@') || next === ';') return false;
  if (isLeaf(left, '-') || isLeaf(left, '!')) return false;
  if (next === '@') return left.kind === 'leaf';
  if (right.kind === 'nest' && right.angle) return false;
  if (next !== '(' || left.kind === 'nest') return true;
  return !isName(left.piece) || isSpaced(nodes, index - 1);
}

const never: IsSpaced = () => false;

/** Words, names and brackets one behind the other. */
function sequence(nodes: readonly Node[], isSpaced: IsSpaced): Doc {
  const parts: Doc[] = [];
  for (const [index, node] of nodes.entries()) {
    if (index > 0 && needsSpace(nodes, index, isSpaced)) parts.push(space);
    parts.push(node.kind === 'leaf' ? whole(node.piece) : nest(node));
  }
  return concat(parts);
}

// ---- brackets -------------------------------------------------------------------------------

/** Nodes between separators; the last item has none behind it. */
export interface Item {
  readonly nodes: readonly Node[];
  readonly separator: Piece | null;
}

/** The nodes cut at these separators. */
export function split(nodes: readonly Node[], ...separators: readonly string[]): readonly Item[] {
  const items: Item[] = [];
  let from = 0;
  for (const [index, node] of nodes.entries()) {
    if (node.kind === 'nest' || !separators.includes(node.piece.text)) continue;
    items.push({ nodes: nodes.slice(from, index), separator: node.piece });
    from = index + 1;
  }
  items.push({ nodes: nodes.slice(from), separator: null });
  return items;
}

/** Items with their separators, and where the line may break behind them. */
export function separated(
  items: readonly Item[],
  between: Doc,
  one: (nodes: readonly Node[]) => Doc,
): Doc {
  const parts: Doc[] = [];
  for (const [index, { nodes, separator }] of items.entries()) {
    parts.push(one(nodes));
    if (separator === null) continue;
    if (separator.text === '=>' && nodes.length > 0) parts.push(space);
    parts.push(whole(separator));
    const rest = items[index + 1];
    // Behind the comma of a tuple of one stands nothing.
    if (rest !== undefined && (rest.nodes.length > 0 || rest.separator !== null))
      parts.push(between);
  }
  return concat(parts);
}

function nest({ open, children, close, angle }: Nest): Doc {
  const start = whole(open);
  if (children.length === 0)
    return concat([start, indent(indentation, above(close)), inLine(close, true)]);
  return group(
    concat([
      start,
      indent(indentation, concat([softLine, inside(open, children, angle), above(close)])),
      softLine,
      inLine(close, true),
    ]),
  );
}

function inside(open: Piece, children: readonly Node[], angle: boolean): Doc {
  if (children.some((node) => isLeaf(node, '|'))) return alternatives(children);
  const items = split(children, ',', '=>');
  const between = open.text !== '(' && !angle && items.every(isConstant) ? fillLine : line;
  return separated(items, between, (nodes) => term(nodes));
}

/** Literals, one a line where they do not fit; of several alternatives, one a line. */
export function alternatives(nodes: readonly Node[]): Doc {
  const list = split(nodes, '|');
  const one = (part: readonly Node[]): Doc =>
    separated(split(part, ','), line, (item) => term(item));
  if (list.length === 1) return one(nodes);
  const parts: Doc[] = [];
  let bar: Piece | null = null;
  for (const { nodes: part, separator } of list) {
    // The bar hangs out to the left, so that the alternatives stand in line.
    if (bar !== null) parts.push(indent(-2, concat([line, whole(bar), space])));
    parts.push(group(one(part)));
    bar = separator;
  }
  return concat(parts);
}

const constants = [NumberLiteral, StringLiteral, True, False, Null];

function isConstant({ nodes }: Item): boolean {
  const [last, sign] = nodes.toReversed();
  if (last?.kind !== 'leaf' || nodes.length > 2) return false;
  return (
    constants.some((type) => isToken(last.piece, type)) && (sign === undefined || isLeaf(sign, '-'))
  );
}

// ---- operators ------------------------------------------------------------------------------

/** Loosest first. */
const levels: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['==', '!=', '<', '<=', '>', '>='],
  ['++'],
  ['+', '-'],
  ['*', '/', '%'],
];
const bindings = ['=', 'in', 'notin'];

/** A term, a column, a literal or a part of a statement that has no comma of its own. */
export function term(nodes: readonly Node[], isSpaced: IsSpaced = never): Doc {
  const colon = nodes.findIndex((node) => node.kind === 'leaf' && isToken(node.piece, Colon));
  if (colon !== -1) return named(nodes, colon, isSpaced);
  const binding = nodes.findIndex((node, at) => at > 0 && isOperator(node, bindings));
  if (binding !== -1) return bound(nodes, binding, isSpaced);
  if (isLeaf(nodes[0], 'if')) return choice(nodes);
  for (const level of levels) {
    const found = nodes.flatMap((_, at) => (isBinary(nodes, at, level) ? [at] : []));
    if (found.length > 0) return chain(nodes, found);
  }
  return sequence(nodes, isSpaced);
}

function isOperator(node: Node, operators: readonly string[]): boolean {
  return node.kind === 'leaf' && operators.includes(node.piece.text) && !isName(node.piece);
}

/** Whether an operator of the level joins two operands here; a sign before an operand does not. */
function isBinary(nodes: readonly Node[], at: number, level: readonly string[]): boolean {
  const before = nodes[at - 1];
  if (before === undefined || !isOperator(nodes[at]!, level)) return false;
  if (before.kind === 'nest') return true;
  return [Identifier, AggregateName, ...constants].some((type) => isToken(before.piece, type));
}

/** `label: head`, `column: type`, `key: value`. */
function named(nodes: readonly Node[], colon: number, isSpaced: IsSpaced): Doc {
  const before = nodes.slice(0, colon);
  const behind = nodes.slice(colon + 1);
  const sign = whole(firstPiece(nodes[colon]!));
  if (behind.length === 0) return concat([term(before, isSpaced), sign]);
  return concat([term(before, isSpaced), sign, space, term(behind, isSpaced)]);
}

/** `x = term`, `x in term`: a bracket on the right opens in the same line. */
function bound(nodes: readonly Node[], at: number, isSpaced: IsSpaced): Doc {
  const left = [term(nodes.slice(0, at), isSpaced), space, whole(firstPiece(nodes[at]!))];
  const right = nodes.slice(at + 1);
  const opens = right.length <= 2 && right.at(-1)?.kind === 'nest';
  if (opens) return concat([...left, space, term(right)]);
  return group(concat([...left, indent(indentation, concat([line, term(right)]))]));
}

function chain(nodes: readonly Node[], operators: readonly number[]): Doc {
  const rest = operators.map((at, index) => {
    const operand = nodes.slice(at + 1, operators[index + 1]);
    return concat([line, whole(firstPiece(nodes[at]!)), space, term(operand)]);
  });
  const first = term(nodes.slice(0, operators[0]));
  return group(concat([first, indent(indentation, concat(rest))]));
}

/** `if a then b else if c then d else e`: one choice a line where they do not fit in one. */
function choice(nodes: readonly Node[]): Doc {
  const parts: Doc[] = [];
  let rest = nodes;
  let start: readonly Doc[] = [];
  while (isLeaf(rest[0], 'if')) {
    const [then, otherwise] = partsOfChoice(rest);
    const test = [whole(firstPiece(rest[0]!)), space, term(rest.slice(1, then))];
    const value = [whole(firstPiece(rest[then]!)), space, term(rest.slice(then + 1, otherwise))];
    const branch = [...start, ...test, indent(indentation, concat([line, ...value]))];
    parts.push(group(concat(branch)));
    start = [whole(firstPiece(rest[otherwise]!)), space];
    rest = rest.slice(otherwise + 1);
    parts.push(line);
  }
  parts.push(concat([...start, term(rest)]));
  return group(concat(parts));
}

/** Where the `then` and the `else` of the choice stand that begins the nodes. */
function partsOfChoice(nodes: readonly Node[]): readonly [number, number] {
  let open = 0;
  let then = 0;
  for (const [at, node] of nodes.entries()) {
    if (isLeaf(node, 'if')) open++;
    else if (isLeaf(node, 'then') && open === 1 && then === 0) then = at;
    else if (isLeaf(node, 'else') && --open === 0) return [then, at];
  }
  return [then, nodes.length - 1];
}
