/**
 * The statements about a program from the concrete tree: `seal`, `assume`, `coordinate` and
 * `invariant`. They derive nothing; what they say is for the analysis, the coordination and the
 * simulator.
 */
import type { CstNode, IToken } from 'chevrotain';

import { Identifier as IdentifierToken } from '../../grammar/tokens.js';
import { cover, type Span } from '../base/span.js';
import type {
  Assumption,
  Coordination,
  CoordinationWord,
  Identifier,
  Invariant,
  Literal,
  PlacedConjunction,
  PlacedLiteral,
  Seal,
  StatementAtom,
  Term,
} from './ast.js';
import { buildArguments, buildIdentifier, type BuildContext } from './build-term.js';
import { nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { literalValue } from './lex-file.js';
import { spanBetween, spanOf } from './token-span.js';

/** Builds the literal of a body from its node. */
export type BuildLiteral = (context: BuildContext, node: CstNode) => Literal;

/** The statement about the program, or null if the node is of another kind. */
export function buildRemark(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
  buildLiteral: BuildLiteral,
): Seal | Assumption | Coordination | Invariant | null {
  const seal = nodesOf(node, 'seal')[0];
  if (seal !== undefined) return buildSeal(context, seal, span, doc);
  const assumption = nodesOf(node, 'assumption')[0];
  if (assumption !== undefined) return buildAssumption(context, assumption, span, doc);
  const coordination = nodesOf(node, 'coordination')[0];
  if (coordination !== undefined) return buildCoordination(context, coordination, span, doc);
  const invariant = nodesOf(node, 'invariant')[0];
  return invariant === undefined
    ? null
    : buildInvariant(context, invariant, { span, doc }, buildLiteral);
}

/** `p(x, y)`. */
export function buildAtom(context: BuildContext, node: CstNode): StatementAtom {
  const list = nodeOf(node, 'arguments');
  return {
    relation: buildIdentifier(context, tokenOf(node, 'Identifier')),
    arguments: buildArguments(context, list),
    span: spanBetween(context.file, tokenOf(node, 'Identifier'), tokenOf(list, 'RightParen')),
  };
}

function buildSeal(context: BuildContext, node: CstNode, span: Span, doc: string | null): Seal {
  const atoms = nodesOf(node, 'atom').map((atom) => buildAtom(context, atom));
  return {
    kind: 'seal',
    relation: buildIdentifier(context, tokenOf(node, 'Identifier')),
    on: buildNames(context, node),
    from: atoms.length === 2 ? atoms[0]! : null,
    when: atoms.at(-1)!,
    doc,
    span,
  };
}

function buildNames(context: BuildContext, node: CstNode): readonly Identifier[] | null {
  const names = nodesOf(node, 'columnNames')[0];
  return names === undefined
    ? null
    : tokensOf(names, 'Identifier').map((token) => buildIdentifier(context, token));
}

function buildAssumption(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Assumption {
  const strings = tokensOf(node, 'String');
  const named = tokensOf(node, 'Identifier')[0];
  const name = named ?? strings[0]!;
  const rule = {
    text: named?.image ?? textOf(strings[0]!),
    span: spanOf(context.file, name),
  };
  return { kind: 'assume', rule, reason: textOf(strings.at(-1)!), doc, span };
}

function buildCoordination(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Coordination {
  return {
    kind: 'coordinate',
    relation: buildIdentifier(context, tokenOf(node, 'Identifier')),
    mechanism: tokenOf(node, 'MechanismWord').image as CoordinationWord,
    key: buildNames(context, node),
    doc,
    span,
  };
}

function buildInvariant(
  context: BuildContext,
  node: CstNode,
  { span, doc }: { readonly span: Span; readonly doc: string | null },
  buildLiteral: BuildLiteral,
): Invariant {
  return {
    kind: 'invariant',
    name: buildIdentifier(context, tokenOf(node, 'Identifier')),
    body: nodesOf(node, 'placedConjunction').map((part) =>
      buildPlacedConjunction(context, part, buildLiteral),
    ),
    doc,
    span,
  };
}

function buildPlacedConjunction(
  context: BuildContext,
  node: CstNode,
  buildLiteral: BuildLiteral,
): PlacedConjunction {
  const literals = nodesOf(node, 'placedLiteral').map((part): PlacedLiteral => {
    const literal = buildLiteral(context, nodeOf(part, 'literal'));
    return { literal, place: buildPlace(context, part) };
  });
  const spanOfLiteral = ({ literal, place }: PlacedLiteral): Span =>
    place === null ? literal.span : cover(literal.span, place.span);
  return {
    literals,
    span: cover(spanOfLiteral(literals[0]!), spanOfLiteral(literals.at(-1)!)),
  };
}

function buildPlace(context: BuildContext, node: CstNode): Term | null {
  const token = tokensOf(node, 'Identifier')[0] ?? tokensOf(node, 'String')[0];
  if (token === undefined) return null;
  const span = spanOf(context.file, token);
  if (token.image === '_') return { kind: 'wildcard', span };
  if (token.tokenType === IdentifierToken) return { kind: 'name', text: token.image, span };
  return { kind: 'constant', value: textOf(token), text: token.image, span };
}

/** The value of a string literal; the lexer has reported what is wrong with it. */
function textOf(token: IToken): string {
  const value = literalValue(token);
  return typeof value === 'string' ? value : '';
}
