/**
 * What the uses of a variable ask of the column that binds it. Uses that speak: an argument of a
 * head whose column has a type, another place that binds the variable, an argument of a function,
 * `y = x` where `y` is asked something, and a constant in the column itself. Hints matter only
 * where sources say nothing.
 */
import type { Span } from '../base/span.js';
import type { ArgumentDraft, BodyDraft, ClauseDraft } from './draft.js';
import type { Contribution } from './infer-columns.js';
import { revealedType } from './lattice-types.js';
import { isOpen, unknownType, widenInt } from './relate-types.js';
import { typeAggregate } from './type-aggregate.js';
import { typeTerm, type Scope } from './type-term.js';
import type { Type } from './types.js';

interface Hint {
  readonly type: Type;
  readonly span: Span;
}

/** Hints to the open columns of a body's atoms. */
export function useHints(
  clause: ClauseDraft,
  body: BodyDraft,
  scope: Scope,
): readonly Contribution[] {
  const hints = new Map<string, Hint[]>();
  const add = (variable: string, asked: Type, span: Span): void => {
    const type = revealedType(asked);
    if (isOpen(type) || type.kind === 'any') return;
    const known = hints.get(variable);
    if (known === undefined) hints.set(variable, [{ type, span }]);
    else known.push({ type, span });
  };
  const listening: Scope = { ...scope, hint: add };
  hintsOfHeads(clause, listening, add);
  hintsOfTerms(body, listening);
  hintsOfPlaces(body, scope, add);
  passAliases(body, hints);
  return contributions(body, hints, scope);
}

type Add = (variable: string, type: Type, span: Span) => void;

function hintsOfHeads(clause: ClauseDraft, scope: Scope, add: Add): void {
  for (const head of clause.heads) {
    for (const [i, argument] of (head.arguments ?? []).entries()) {
      if (argument.kind === 'aggregate') typeAggregate(argument, scope);
      if (argument.kind !== 'term' || argument.term.kind === 'wildcard') continue;
      typeTerm(argument.term, scope);
      if (argument.term.kind === 'name')
        add(argument.term.text, head.relation.columns[i]!.type, argument.span);
    }
  }
}

function hintsOfTerms(body: BodyDraft, scope: Scope): void {
  for (const literal of body.literals) {
    if (literal.kind === 'member') typeTerm(literal.collection, scope);
    else if (literal.kind !== 'atom') typeTerm(literal.term, scope);
  }
}

function hintsOfPlaces(body: BodyDraft, scope: Scope, add: Add): void {
  for (const literal of body.literals) {
    if (
      literal.kind === 'match' &&
      literal.pattern.kind === 'variable' &&
      literal.term.kind === 'name'
    )
      add(literal.term.text, scope.variableType(literal.pattern.name) ?? unknownType, literal.span);
    if (literal.kind !== 'atom') continue;
    for (const [i, argument] of literal.arguments.entries()) {
      if (argument.kind !== 'variable') continue;
      add(argument.name, scope.variableType(argument.name) ?? unknownType, argument.span);
      const column = literal.relation?.columns[i];
      if (literal.negated && column !== undefined) add(argument.name, column.type, argument.span);
    }
  }
}

/** `y = x`: what is asked of `y` is asked of `x`. Later bindings first, since they use earlier ones. */
function passAliases(body: BodyDraft, hints: Map<string, Hint[]>): void {
  for (const literal of body.literals.toReversed()) {
    if (literal.kind !== 'bind' || literal.term.kind !== 'name') continue;
    const asked = hints.get(literal.variable.name);
    if (asked !== undefined)
      hints.set(literal.term.text, [...(hints.get(literal.term.text) ?? []), ...asked]);
  }
}

function contributions(
  body: BodyDraft,
  hints: ReadonlyMap<string, readonly Hint[]>,
  scope: Scope,
): readonly Contribution[] {
  const found: Contribution[] = [];
  for (const literal of body.literals) {
    if (literal.kind !== 'atom' || literal.relation === null) continue;
    for (const [i, argument] of literal.arguments.entries()) {
      const column = literal.relation.columns[i]!;
      if (
        !column.inferred ||
        column.poisoned ||
        !isOpen(column.type) ||
        argument.kind === 'wildcard'
      )
        continue;
      const asked =
        argument.kind === 'variable'
          ? (hints.get(argument.name) ?? [])
          : [constantHint(argument, scope)];
      for (const { type, span } of asked)
        found.push({ relation: literal.relation, column, type, span, isHint: true });
    }
  }
  return found;
}

/** `p(1)` in a body: the column is compared with an int. */
function constantHint({ term, span }: ArgumentDraft & { kind: 'constant' }, scope: Scope): Hint {
  return { type: widenInt(typeTerm(term, scope).type), span };
}
