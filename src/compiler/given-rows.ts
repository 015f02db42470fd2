/**
 * Rows that a workload gives to keyed tables which rules fill as well.
 *
 * What rules derive never conflicts if they compute it from the key; with a row from elsewhere it may,
 * and a batch that brings such a tuple is then refused whole, with whatever else the schedule has put
 * into it. Facts in the program's text count against a verdict for that reason; so do those from files,
 * of which the compiler must be told.
 */
import type { Program } from '../semantics/program.js';

/** Names of the keyed tables among those given rows to which a rule adds tuples. */
export function findGivenRows(
  { relations, rules }: Program,
  given: Iterable<string>,
): ReadonlySet<string> {
  const adds = new Set(
    rules.flatMap(({ head: { mode, relation } }) =>
      mode === 'delete' || mode === 'upsert' ? [] : [relation],
    ),
  );
  const names = [...given].filter((name) => {
    const relation = relations.get(name);
    return relation?.kind === 'table' && relation.hasKey && adds.has(name);
  });
  return new Set(names);
}

/** The program with these tables marked; `given`: all relations that are given rows. */
export function withGivenRows(
  program: Program | null,
  given: ReadonlySet<string> = new Set(),
): Program | null {
  if (program === null || given.size === 0) return program;
  const marked = findGivenRows(program, given);
  const relations = [...program.relations].map(
    ([name, relation]) =>
      [name, marked.has(name) ? { ...relation, hasGivenRows: true as const } : relation] as const,
  );
  return { ...program, relations: new Map(relations) };
}
