/**
 * Statements from the concrete tree: declarations, definitions, clauses with their heads and
 * bodies. A statement's span runs from its first word to its last token, the `;` left out.
 */
import type { CstNode } from 'chevrotain';

import { cover, type Span } from '../base/span.js';
import type {
  Clause,
  CollectionKind,
  ColumnDeclaration,
  Conjunction,
  Declaration,
  Definition,
  Head,
  HeadArgument,
  Literal,
  Partition,
  Statement,
  TypeExpression,
} from './ast.js';
import { latticeColumn } from './ast.js';
import {
  buildArgumentName,
  buildArguments,
  buildIdentifier,
  buildOperation,
  buildTerm,
  type BuildContext,
} from './build-term.js';
import { buildModuleStatement } from './build-module-statement.js';
import { buildAtom, buildRemark } from './build-remark.js';
import { hasToken, nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { spanBetween, spanOf } from './token-span.js';

/** The statement, which covers `span`, with the text of the `///` lines before it. */
export function buildStatement(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Statement {
  const declaration = nodesOf(node, 'declaration')[0];
  if (declaration !== undefined) return buildDeclaration(context, declaration, span, doc);
  const definition = nodesOf(node, 'definition')[0];
  if (definition !== undefined) return buildDefinition(context, definition, span, doc);
  const periodic = nodesOf(node, 'periodic')[0];
  if (periodic !== undefined) {
    const name = buildIdentifier(context, tokenOf(periodic, 'Identifier'));
    return {
      kind: 'periodic',
      name,
      period: buildTerm(context, nodeOf(periodic, 'term')),
      doc,
      span,
    };
  }
  return (
    buildModuleStatement(context, node, span, doc, buildType) ??
    buildRemark(context, node, span, doc, buildLiteral) ??
    buildClause(context, nodeOf(node, 'clause'), span, doc)
  );
}

function buildDeclaration(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Declaration {
  if (hasToken(node, 'Lattice')) return buildLattice(context, node, span, doc);
  const list = nodesOf(node, 'columns')[0];
  const keys = list === undefined ? [] : buildColumnList(context, list);
  const dependents = list === undefined ? undefined : nodesOf(list, 'dependentColumns')[0];
  return {
    kind: 'declaration',
    collection: tokenOf(node, 'CollectionWord').image as CollectionKind,
    durable: hasToken(node, 'Durable'),
    name: buildIdentifier(context, tokenOf(node, 'Identifier')),
    columns:
      list === undefined
        ? null
        : dependents === undefined
          ? keys
          : [...keys, ...buildColumnList(context, dependents)],
    keyLength: dependents === undefined ? null : keys.length,
    partition: buildPartition(context, node),
    doc,
    span,
  };
}

function buildLattice(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Declaration {
  const type = buildType(context, nodeOf(nodeOf(node, 'typeAnnotation'), 'type'));
  const name = { text: latticeColumn, span: type.span };
  return {
    kind: 'declaration',
    collection: 'lattice',
    durable: hasToken(node, 'Durable'),
    name: buildIdentifier(context, tokenOf(node, 'Identifier')),
    columns: [{ name, located: false, type, span: type.span }],
    keyLength: 0,
    partition: buildPartition(context, node),
    doc,
    span,
  };
}

function buildPartition(context: BuildContext, node: CstNode): Partition | null {
  const clause = nodesOf(node, 'partition')[0];
  if (clause === undefined) return null;
  const names = nodeOf(clause, 'columnNames');
  return {
    columns: tokensOf(names, 'Identifier').map((token) => buildIdentifier(context, token)),
    span: spanBetween(context.file, tokenOf(clause, 'Partition'), tokenOf(names, 'RightParen')),
  };
}

function buildColumnList(context: BuildContext, node: CstNode): readonly ColumnDeclaration[] {
  const list = nodesOf(node, 'columnList')[0];
  return list === undefined
    ? []
    : nodesOf(list, 'column').map((column) => buildColumn(context, column));
}

function buildColumn(context: BuildContext, node: CstNode): ColumnDeclaration {
  const name = buildIdentifier(context, tokenOf(node, 'Identifier'));
  const at = tokensOf(node, 'At')[0];
  const typeNode = nodesOf(node, 'type')[0];
  const type = typeNode === undefined ? null : buildType(context, typeNode);
  const from = at === undefined ? name.span : spanOf(context.file, at);
  return { name, located: at !== undefined, type, span: cover(from, type?.span ?? name.span) };
}

function buildType(context: BuildContext, node: CstNode): TypeExpression {
  const named = nodesOf(node, 'namedType')[0];
  if (named !== undefined) {
    const name = tokenOf(named, 'Identifier');
    const last = tokensOf(named, 'Greater')[0] ?? name;
    const items = nodesOf(named, 'type').map((item) => buildType(context, item));
    return { name: name.image, arguments: items, span: spanBetween(context.file, name, last) };
  }
  const tuple = nodeOf(node, 'tupleType');
  const items = nodesOf(tuple, 'type').map((item) => buildType(context, item));
  const span = spanBetween(context.file, tokenOf(tuple, 'LeftParen'), tokenOf(tuple, 'RightParen'));
  if (items.length === 1 && !hasToken(tuple, 'Comma')) return { ...items[0]!, span };
  return { name: '()', arguments: items, span };
}

function buildDefinition(
  context: BuildContext,
  node: CstNode,
  span: Span,
  doc: string | null,
): Definition {
  const annotation = nodesOf(node, 'typeAnnotation')[0];
  const value = nodesOf(node, 'definedValue')[0];
  return {
    kind: hasToken(node, 'Const') ? 'const' : 'param',
    name: buildIdentifier(context, tokenOf(node, 'Identifier')),
    type: annotation === undefined ? null : buildType(context, nodeOf(annotation, 'type')),
    value: value === undefined ? null : buildTerm(context, nodeOf(value, 'term')),
    doc,
    span,
  };
}

function buildClause(context: BuildContext, node: CstNode, span: Span, doc: string | null): Clause {
  const label = nodesOf(node, 'label')[0];
  const body = nodesOf(node, 'body')[0];
  return {
    kind: 'clause',
    label: label === undefined ? null : buildIdentifier(context, tokenOf(label, 'Identifier')),
    heads: nodesOf(node, 'head').map((head) => buildHead(context, head)),
    body:
      body === undefined
        ? null
        : nodesOf(body, 'conjunction').map((part) => buildConjunction(context, part)),
    doc,
    span,
  };
}

function buildHead(context: BuildContext, node: CstNode): Head {
  const relation = tokenOf(node, 'Identifier');
  const action = tokensOf(node, 'Delete')[0] ?? tokensOf(node, 'Upsert')[0];
  const time = tokensOf(node, 'Next')[0] ?? tokensOf(node, 'Async')[0];
  return {
    action: action === undefined ? 'derive' : (action.image as 'delete' | 'upsert'),
    time: time === undefined ? 'now' : (time.image as 'next' | 'async'),
    relation: buildIdentifier(context, relation),
    arguments: nodesOf(node, 'headArgument').map((argument) =>
      buildHeadArgument(context, argument),
    ),
    span: spanBetween(context.file, action ?? relation, time ?? tokenOf(node, 'RightParen')),
  };
}

function buildHeadArgument(context: BuildContext, node: CstNode): HeadArgument {
  const name = buildArgumentName(context, node);
  const aggregate = nodesOf(node, 'aggregate')[0];
  if (aggregate === undefined) {
    const term = buildTerm(context, nodeOf(node, 'term'));
    return {
      kind: 'term',
      name,
      term,
      span: name === null ? term.span : cover(name.span, term.span),
    };
  }
  const word = buildIdentifier(context, tokenOf(aggregate, 'AggregateName'));
  const items = nodesOf(aggregate, 'additive').map((item) =>
    buildOperation(context, item, 'AdditiveOperator'),
  );
  const span = cover(name?.span ?? word.span, spanOf(context.file, tokenOf(aggregate, 'Greater')));
  return { kind: 'aggregate', name, function: word, arguments: items, span };
}

function buildConjunction(context: BuildContext, node: CstNode): Conjunction {
  const literals = nodesOf(node, 'literal').map((literal) => buildLiteral(context, literal));
  return { literals, span: cover(literals[0]!.span, literals.at(-1)!.span) };
}

function buildLiteral(context: BuildContext, node: CstNode): Literal {
  const negation = nodesOf(node, 'negation')[0];
  if (negation !== undefined) {
    const list = nodeOf(negation, 'arguments');
    return {
      kind: 'negation',
      relation: buildIdentifier(context, tokenOf(negation, 'Identifier')),
      arguments: buildArguments(context, list),
      span: spanBetween(context.file, tokenOf(negation, 'Notin'), tokenOf(list, 'RightParen')),
    };
  }
  const sealed = nodesOf(node, 'sealedLiteral')[0];
  if (sealed !== undefined) {
    const { relation, arguments: items, span } = buildAtom(context, nodeOf(sealed, 'atom'));
    const from = spanOf(context.file, tokenOf(sealed, 'Sealed'));
    return { kind: 'sealed', relation, arguments: items, span: cover(from, span) };
  }
  const positive = nodeOf(node, 'positive');
  const [first, second] = nodesOf(positive, 'term').map((term) => buildTerm(context, term));
  if (second === undefined) return { kind: 'condition', term: first!, span: first!.span };
  const span = cover(first!.span, second.span);
  if (hasToken(positive, 'Equals')) return { kind: 'binding', pattern: first!, term: second, span };
  return {
    kind: 'membership',
    negated: hasToken(positive, 'Notin'),
    pattern: first!,
    collection: second,
    span,
  };
}
