/**
 * Invariants over cluster-wide relations. Literals without a place speak of one node, which is any in
 * turn; but a cluster-wide relation is one over all nodes, and no node has more than its part. So a
 * tuple of it may be at any node, each by itself, and what is ruled out of it is at none.
 */
import { literalVariables } from '../analysis/program-index.js';
import type { Literal } from '../semantics/program.js';
import { madeUpBeside } from '../semantics/made-up-names.js';
import { impliedNode, nodesRelation, type Invariant } from '../semantics/remarks.js';
import type { Spread } from './exchange-spread.js';
import { variable, wildcard } from './exchange-terms.js';

export function spreadInvariant(invariant: Invariant, spread: Spread): Invariant {
  const bodies = invariant.bodies.map((body) => {
    const taken = new Set(body.literals.flatMap(literalVariables));
    const literals = body.literals.map((literal) => anywhere(literal, taken, spread));
    const rest = literals.filter((literal) => !isNodes(literal));
    return { ...body, literals: rest.some(usesImplied) ? literals : rest };
  });
  return { ...invariant, bodies };
}

/** The literal of a cluster-wide relation that names no node, at a node of its own. */
function anywhere(literal: Literal, taken: Set<string>, spread: Spread): Literal {
  if (literal.kind !== 'atom' || !spread.has(literal.relation) || !usesImplied(literal))
    return literal;
  const [place, ...row] = literal.arguments;
  const { type, span } = place!;
  if (literal.negated) return { ...literal, arguments: [wildcard(type, span), ...row] };
  const name = madeUpBeside(taken);
  taken.add(name);
  return { ...literal, arguments: [variable(name, type, span), ...row] };
}

function usesImplied(literal: Literal): boolean {
  const place = literal.kind === 'atom' ? literal.arguments[0] : undefined;
  return place?.kind === 'variable' && place.name === impliedNode;
}

function isNodes(literal: Literal): boolean {
  return literal.kind === 'atom' && literal.relation === nodesRelation;
}
