/**
 * Aggregates of which each group holds one binding: `last(k, max<v>) :- kv(k, v);` where `k` is the key
 * of `kv`. The group then determines, within each timestep, what the aggregate ranges over, by the
 * closure of functional dependencies (functional-keys.ts), and the aggregate is a projection: `max<v>` is
 * `v`, `count<v>` is 1. For the analysis the rule is replaced by that projection, which derives the same
 * tuples in every timestep, so that nothing is made of an aggregate that gathers nothing.
 *
 * `min`, `max`, `set` and their like range over the set of their arguments' values, and need these alone
 * to be determined; the others range over bindings, and need all variables of the body. `choose` is left
 * as it is: it says that the choice is not to be relied on.
 */
import type { HeadArgument, Term } from '../semantics/program.js';
import { determinedVariables, groupTerms } from './functional-keys.js';
import { countOccurrences, indexClauses, termVariables } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

type Aggregate = HeadArgument & { readonly kind: 'aggregate' };

/** The same program with such rules as projections; the index itself where there are none. */
export function projectSingleBindings(index: ProgramIndex): ProgramIndex {
  const clauses = index.clauses.map((clause) =>
    clause.rule.aggregated ? projected(index, clause) : clause,
  );
  if (clauses.every((clause, i) => clause === index.clauses[i])) return index;
  return { ...index, ...indexClauses(clauses) };
}

function projected(index: ProgramIndex, clause: Clause): Clause {
  const { rule, body } = clause;
  if (rule.bodies.length > 1) return clause;
  const known = determinedVariables(index, clause, groupTerms(clause), 'timestep');
  const arguments_ = rule.head.arguments.map((argument) =>
    argument.kind === 'term' ? argument : termOf(argument, clause, known),
  );
  if (arguments_.includes(null)) return clause;
  const head = { ...rule.head, arguments: arguments_ as readonly HeadArgument[] };
  const plain = { ...rule, aggregated: false, head };
  // New atoms: what is remembered of the old ones belongs to the aggregate.
  const atoms = clause.atoms.map((atom) => ({ ...atom }));
  return { ...clause, rule: plain, atoms, occurrences: countOccurrences(plain, body) };
}

/** The aggregate as a term over its one binding; null where there may be more, or no such term. */
function termOf(
  aggregate: Aggregate,
  { body, occurrences }: Clause,
  known: ReadonlySet<string>,
): HeadArgument | null {
  const { span, type, arguments: items } = aggregate;
  const [first, second] = items;
  const isOne = [...occurrences.keys()].every((name) => known.has(name));
  const isOneValue = items.flatMap(termVariables).every((name) => known.has(name));
  const as = (term: Term): HeadArgument => ({ kind: 'term', term });
  const one = (): HeadArgument => as({ kind: 'constant', value: 1, type, span: body.span });
  switch (aggregate.function) {
    case 'count':
      return isOne ? one() : null;
    case 'count_distinct':
      return isOneValue ? one() : null;
    case 'sum':
      return isOne && first !== undefined ? as(first) : null;
    case 'min':
    case 'max':
    case 'any':
    case 'every':
      return isOneValue && first !== undefined ? as(first) : null;
    case 'argmin':
    case 'argmax':
      return isOneValue && second !== undefined ? as(second) : null;
    case 'set':
      return isOneValue ? as({ kind: 'set', items, type, span }) : null;
    case 'list':
      return isOne ? as({ kind: 'list', items, type, span }) : null;
    default:
      return null;
  }
}
