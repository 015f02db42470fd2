/** Chooses the layout of a relation by its arity. */
import { PairRelation } from './pair-relation.js';
import type { Relation, RelationOptions } from './relation.js';
import { UnaryRelation } from './unary-relation.js';
import { WideRelation } from './wide-relation.js';

/** An empty relation. */
export function createRelation(arity: number, options: RelationOptions = {}): Relation {
  if (arity === 1) return new UnaryRelation(options);
  if (arity === 2) return new PairRelation(options);
  return new WideRelation(arity, options);
}
