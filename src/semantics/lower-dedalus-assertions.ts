/**
 * The assertions of a `.ded` program as a `.bloom` program of their own, which is evaluated over
 * what all nodes hold together: relations of the nodes are its inputs, with their places as an
 * ordinary column; assertion relations are as in lockstep (see lower-dedalus-lockstep.ts).
 *
 * An assertion relation asked about at a point in time is taken as it is: assertions are evaluated
 * when the nodes have come to rest, and know no time of their own.
 */
import type * as ast from '../syntax/ast.js';
import type { DedalusPlaces } from './place-dedalus.js';
import { atomsOf, type DedalusProgram } from './dedalus-program.js';
import { Lowering, type LoweredModule } from './dedalus-lowering.js';
import { atom, clause, declaration, headOf, plainColumns } from './dedalus-syntax.js';

export interface LoweredAssertions extends LoweredModule {
  /** The relations of the nodes that assertions read, sorted. */
  readonly reads: readonly string[];
}

/** Null for a program without assertions. */
export function lowerAssertions(
  program: DedalusProgram,
  { assertions }: DedalusPlaces,
): LoweredAssertions | null {
  const rules = program.rules.filter(({ head }) => assertions.has(head.relation.text));
  if (assertions.size === 0) return null;
  const lowering = new Lowering(program);
  const reads = new Map<string, { arity: number; span: ast.Identifier['span'] }>();
  for (const { name, ...relation } of program.relations.values())
    if (assertions.has(name)) lowering.declareRelation({ name, ...relation }, false);
  for (const rule of rules) {
    for (const read of atomsOf(rule.body)) {
      if (assertions.has(read.relation.text)) continue;
      const { arity, span } = program.relations.get(read.relation.text)!;
      reads.set(lowering.relationRead(read), { arity, span });
    }
  }
  for (const [name, { arity, span }] of reads)
    lowering.declare(declaration('input', name, plainColumns(arity, false, span), span));
  for (const rule of rules) {
    const literals = rule.body.map((literal): ast.Literal => {
      if (literal.kind !== 'atom') return literal;
      const isAssertion = assertions.has(literal.relation.text);
      const relation = isAssertion ? literal.relation.text : lowering.relationRead(literal);
      return atom(relation, literal.arguments, literal.span, literal.negated);
    });
    const { head, span } = rule;
    const time = head.time as 'now' | 'next';
    const made = headOf(head.relation.text, head.arguments, time, head.span);
    lowering.add(clause(made, literals, span), rule);
  }
  for (const fact of program.facts) {
    if (!assertions.has(fact.head.relation.text)) continue;
    const made = headOf(fact.head.relation.text, fact.head.arguments, 'now', fact.head.span);
    lowering.add(clause(made, null, fact.span), fact);
  }
  return { ...lowering.finish(), reads: [...reads.keys()].sort() };
}
