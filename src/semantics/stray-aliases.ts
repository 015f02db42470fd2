/**
 * Literals `x.m(..)` in which `x` must be meant for the alias of an instance, though none is called so:
 * nothing else in the statement names `x`, so that it is no variable with a value, and `m` is no
 * method that any value has.
 */
import { functionNamed } from '../builtins/functions.js';
import { lattices } from '../lattice/lattices.js';
import type * as ast from '../syntax/ast.js';
import type { FlatStatement } from './rename-statement.js';
import { clauseTerms, invariantTerms, visitNames } from './walk-terms.js';

export type MethodTerm = ast.Term & { readonly kind: 'method' };

/** Whether a literal of the statement names a relation of an instance that does not exist. */
export function findStrayAliases(
  statement: FlatStatement,
  isKnown: (name: string) => boolean,
): (term: MethodTerm) => boolean {
  const literals =
    statement.kind === 'clause'
      ? (statement.body ?? []).flatMap((part) => part.literals)
      : statement.kind === 'invariant'
        ? statement.body.flatMap((part) => part.literals.map(({ literal }) => literal))
        : [];
  const asked = literals.flatMap((literal) =>
    literal.kind === 'condition' ? methodOf(literal.term) : [],
  );
  if (asked.length === 0) return () => false;
  const receivers = new Map<string, number>();
  for (const { receiver } of asked)
    if (receiver.kind === 'name')
      receivers.set(receiver.text, (receivers.get(receiver.text) ?? 0) + 1);
  const uses = new Map<string, number>();
  for (const term of termsOf(statement))
    visitNames(term, ({ text }) => uses.set(text, (uses.get(text) ?? 0) + 1));
  return ({ receiver, method }) =>
    receiver.kind === 'name' &&
    !isKnown(receiver.text) &&
    receivers.get(receiver.text) === uses.get(receiver.text) &&
    !isMethod(method.text);
}

/** The literal as the call of a method, also where it is negated. */
function methodOf(term: ast.Term): readonly MethodTerm[] {
  if (term.kind === 'unary' && term.operator === '!') return methodOf(term.operand);
  return term.kind === 'method' ? [term] : [];
}

function termsOf(statement: FlatStatement): readonly ast.Term[] {
  if (statement.kind === 'clause') return clauseTerms(statement);
  return statement.kind === 'invariant' ? invariantTerms(statement) : [];
}

function isMethod(name: string): boolean {
  if (functionNamed(name)?.method === true) return true;
  return [...lattices.values()].some(({ methods }) => methods.some((m) => m.name === name));
}
