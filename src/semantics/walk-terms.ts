/** Walks over syntax terms: the terms directly inside one, and the variables anywhere in it. */
import { functionNamed } from '../builtins/functions.js';
import type * as ast from '../syntax/ast.js';
import type { NameUse } from './draft.js';

/** The terms directly inside a term, from left to right. */
function subterms(term: ast.Term): readonly ast.Term[] {
  switch (term.kind) {
    case 'name':
    case 'wildcard':
    case 'constant':
      return [];
    case 'unary':
      return [term.operand];
    case 'binary':
      return [term.left, term.right];
    case 'if':
      return [term.condition, term.then, term.else];
    case 'call':
      return term.arguments.map((argument) => argument.term);
    case 'method':
      return [term.receiver, ...term.arguments];
    case 'map':
      return term.entries.flat();
    default:
      return term.items;
  }
}

/** Calls `visit` for every name in the term, constants included, from left to right. */
export function visitNames(
  term: ast.Term,
  visit: (name: ast.Term & { kind: 'name' }) => void,
): void {
  if (term.kind === 'name') visit(term);
  else for (const inner of subterms(term)) visitNames(inner, visit);
}

/** The variables in a term: its names that are no constants. */
export function freeNames(
  term: ast.Term,
  isConstant: (name: string) => boolean,
): readonly NameUse[] {
  const uses: NameUse[] = [];
  visitNames(term, (name) => {
    if (!isConstant(name.text)) uses.push({ name: name.text, span: name.span });
  });
  return uses;
}

/** Whether the term has neither variables nor wildcards. */
export function isClosedTerm(term: ast.Term, isConstant: (name: string) => boolean): boolean {
  if (term.kind === 'wildcard') return false;
  if (term.kind === 'name') return isConstant(term.text);
  // A function from TypeScript has values only once the program runs.
  if (term.kind === 'call' && functionNamed(term.callee.text) === undefined) return false;
  return subterms(term).every((inner) => isClosedTerm(inner, isConstant));
}

/** Every term of a clause: arguments of heads and literals, conditions, both sides of bindings. */
export function clauseTerms(clause: ast.Clause): readonly ast.Term[] {
  const ofHeads = clause.heads.flatMap((head) =>
    head.arguments.flatMap((argument) =>
      argument.kind === 'term' ? [argument.term] : argument.arguments,
    ),
  );
  const ofBodies = (clause.body ?? []).flatMap((conjunction) =>
    conjunction.literals.flatMap(literalTerms),
  );
  return [...ofHeads, ...ofBodies];
}

function literalTerms(literal: ast.Literal): readonly ast.Term[] {
  switch (literal.kind) {
    case 'negation':
    case 'sealed':
      return literal.arguments.map((argument) => argument.term);
    case 'condition':
      return [literal.term];
    case 'binding':
      return [literal.pattern, literal.term];
    case 'membership':
      return [literal.pattern, literal.collection];
  }
}

/** Every term of an invariant, places included. */
export function invariantTerms(invariant: ast.Invariant): readonly ast.Term[] {
  return invariant.body.flatMap(({ literals }) =>
    literals.flatMap(({ literal, place }) => [
      ...literalTerms(literal),
      ...(place === null ? [] : [place]),
    ]),
  );
}
