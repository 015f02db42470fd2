/**
 * Invariants over cluster-wide relations. Literals without a place speak of one node, which is any in
 * turn; but a cluster-wide relation is one over all nodes, and no node has more than its part. So a
 * tuple of it may be at any node, each by itself, and what is ruled out of it is at none.
 */
import type { Literal } from '../semantics/program.js';
import { impliedNode, nodesRelation, type Invariant } from '../semantics/remarks.js';
import type { Spread } from './exchange-spread.js';
import { variable, wildcard } from './exchange-terms.js';

export function spreadInvariant(invariant: Invariant, spread: Spread): Invariant {
  const bodies = invariant.bodies.map((body) => {
    const literals = body.literals.map((literal, i) => anywhere(literal, i, spread));
    const rest = literals.filter((literal) => !isNodes(literal));
    return { ...body, literals: rest.some(usesImplied) ? literals : rest };
  });
  return { ...invariant, bodies };
}

/** The literal of a cluster-wide relation that names no node, at a node of its own. */
function anywhere(literal: Literal, i: number, spread: Spread): Literal {
  if (literal.kind !== 'atom' || !spread.has(literal.relation) || !usesImplied(literal))
    return literal;
  const [place, ...row] = literal.arguments;
  const { type, span } = place!;
  // Nothing else in an invariant is called so.
  const node = literal.negated ? wildcard(type, span) : variable(`__node${i + 1}`, type, span);
  return { ...literal, arguments: [node, ...row] };
}

function usesImplied(literal: Literal): boolean {
  const place = literal.kind === 'atom' ? literal.arguments[0] : undefined;
  return place?.kind === 'variable' && place.name === impliedNode;
}

function isNodes(literal: Literal): boolean {
  return literal.kind === 'atom' && literal.relation === nodesRelation;
}
