/** The statements about a program back to syntax, for printing. */
import type * as ast from '../syntax/ast.js';
import type { Body, Literal, Program } from './program.js';
import { impliedNode, nodesRelation, type Invariant, type Seal, type SealAtom } from './remarks.js';
import { identifier, termToSyntax } from './term-to-syntax.js';

type LiteralToSyntax = (literal: Literal) => ast.Literal;

/** Seals, assumptions, wishes and invariants, in this order. */
export function remarksToSyntax(
  program: Program,
  literalToSyntax: LiteralToSyntax,
): readonly ast.Statement[] {
  const { seals, assumptions, coordinations, invariants } = program.remarks;
  return [
    ...seals.map((seal) => sealToSyntax(seal, program)),
    ...assumptions.map(({ rule, reason, doc, span }): ast.Assumption => ({
      kind: 'assume',
      rule: identifier(rule, span),
      reason,
      doc,
      span,
    })),
    ...coordinations.map(({ relation, mechanism, key, doc, span }): ast.Coordination => ({
      kind: 'coordinate',
      relation: identifier(relation, span),
      mechanism,
      key: key === null ? null : columnNames(program, relation, key, span),
      doc,
      span,
    })),
    ...invariants.map((invariant) => invariantToSyntax(invariant, program, literalToSyntax)),
  ];
}

function columnNames(
  { relations }: Program,
  relation: string,
  indices: readonly number[],
  span: ast.Identifier['span'],
): readonly ast.Identifier[] {
  const columns = relations.get(relation)?.columns ?? [];
  return indices.map((index) => identifier(columns[index]?.name ?? '', span));
}

function sealToSyntax(seal: Seal, program: Program): ast.Seal {
  const { relation, columns, producers, when, doc, span } = seal;
  return {
    kind: 'seal',
    relation: identifier(relation, span),
    on: columns === null ? null : columnNames(program, relation, columns, span),
    from: producers === null ? null : atomToSyntax(producers),
    when: atomToSyntax(when),
    doc,
    span,
  };
}

function atomToSyntax({ relation, arguments: items, span }: SealAtom): ast.StatementAtom {
  return {
    relation: identifier(relation, span),
    arguments: items.map((item) => ({ name: null, term: termToSyntax(item) })),
    span,
  };
}

function invariantToSyntax(
  { name, bodies, doc, span }: Invariant,
  program: Program,
  literalToSyntax: LiteralToSyntax,
): ast.Invariant {
  const placedToSyntax = (literal: Literal): readonly ast.PlacedLiteral[] => {
    if (literal.kind !== 'atom') return [{ literal: literalToSyntax(literal), place: null }];
    if (literal.relation === nodesRelation) return [];
    const isLocated = (program.relations.get(literal.relation)?.location ?? null) !== null;
    if (isLocated) return [{ literal: literalToSyntax(literal), place: null }];
    const [place, ...rest] = literal.arguments;
    const isImplied = place?.kind === 'variable' && place.name === impliedNode;
    return [
      {
        literal: literalToSyntax({ ...literal, arguments: rest }),
        place: isImplied || place === undefined ? null : termToSyntax(place),
      },
    ];
  };
  const conjunction = (body: Body): ast.PlacedConjunction => ({
    literals: body.literals.flatMap(placedToSyntax),
    span: body.span,
  });
  return {
    kind: 'invariant',
    name: identifier(name, span),
    body: bodies.map(conjunction),
    doc,
    span,
  };
}
