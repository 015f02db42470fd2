/**
 * Small makers of `.bloom` syntax for what the Dedalus dialect is lowered to, and the names of the
 * relations and variables that lowering makes up. Those relations have an `@` in their names, so
 * that none is called like a relation of the program; the variables count as made up, so that no
 * aggregate ranges over them.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';

/** The relation through which a node's own time runs: one tuple, its number. */
export const timeRelation = 'time@';
/** The nodes of a lockstep run. */
export const nodeRelation = 'node@';

/** Names that a lockstep run sends tuples to and that are no nodes. */
export const lostRelation = 'lost@';

/** Tuples of a relation on their way. */
export function channelOf(relation: string): string {
  return `${relation}@async`;
}
/** What a relation held at time k, from then on. */
export function heldAt(relation: string, k: number): string {
  return `${relation}@${k}`;
}
/** Facts of a relation that hold at every time. */
export function alwaysOf(relation: string): string {
  return `${relation}@always`;
}

/** Hands out variables that no rule of the program has. */
export class FreshNames {
  #count = 0;

  next(span: Span): ast.Term & { readonly kind: 'name' } {
    this.#count += 1;
    return { kind: 'name', text: `__0${this.#count}`, span };
  }
}

export function numberTerm(value: number, span: Span): ast.Term {
  return { kind: 'constant', value, text: String(value), span };
}

/** `p(terms)` as a literal of a body. */
export function atom(
  relation: string,
  terms: readonly ast.Term[],
  span: Span,
  negated = false,
): ast.Literal {
  const name = { text: relation, span };
  const items = terms.map((term) => ({ name: null, term }));
  if (negated) return { kind: 'negation', relation: name, arguments: items, span };
  return { kind: 'condition', term: { kind: 'call', callee: name, arguments: items, span }, span };
}

export function comparison(
  left: ast.Term,
  operator: '==' | '<',
  right: ast.Term,
  span: Span,
): ast.Literal {
  return { kind: 'condition', term: { kind: 'binary', operator, left, right, span }, span };
}

export function binding(pattern: ast.Term, term: ast.Term, span: Span): ast.Literal {
  return { kind: 'binding', pattern, term, span };
}

export function headOf(
  relation: string,
  items: readonly ast.HeadArgument[],
  time: ast.Head['time'],
  span: Span,
): ast.Head {
  return { action: 'derive', time, relation: { text: relation, span }, arguments: items, span };
}

export function termArguments(terms: readonly ast.Term[]): readonly ast.HeadArgument[] {
  return terms.map((term) => ({ kind: 'term', name: null, term, span: term.span }));
}

/** A rule, or with a null body a fact. */
export function clause(
  head: ast.Head,
  literals: readonly ast.Literal[] | null,
  span: Span,
): ast.Clause {
  const body = literals === null ? null : [{ literals, span }];
  return { kind: 'clause', label: null, heads: [head], body, doc: null, span };
}

/** `c1, c2, ...` as terms of a rule that lowering makes. */
export function columnVariables(arity: number, span: Span): readonly ast.Term[] {
  return Array.from({ length: arity }, (_, i) => ({ kind: 'name', text: `c${i + 1}`, span }));
}

/** A declaration with columns `c1, c2, ...` of types that are left to inference. */
export function declaration(
  collection: ast.CollectionKind,
  name: string,
  columns: readonly ast.ColumnDeclaration[],
  span: Span,
): ast.Declaration {
  return {
    kind: 'declaration',
    collection,
    durable: false,
    name: { text: name, span },
    columns,
    keyLength: null,
    partition: null,
    doc: null,
    span,
  };
}

export function plainColumns(
  arity: number,
  located: boolean,
  span: Span,
): readonly ast.ColumnDeclaration[] {
  return Array.from({ length: arity }, (_, i) => ({
    name: { text: `c${i + 1}`, span },
    located: located && i === 0,
    type: null,
    span,
  }));
}

export function typeNamed(name: string, span: Span): ast.TypeExpression {
  return { name, arguments: [], span };
}
