/**
 * Recursion over what holds in one timestep only. On one machine it comes to its fixpoint within the
 * timestep. Over the cluster each round takes a message, each message is an event, and nothing
 * remembers what was derived before: the rows would go round for ever. What is kept in a table goes
 * round once.
 */
import { findComponents } from '../analysis/find-components.js';
import { bodyRelations } from '../semantics/mark-events.js';
import type { Program } from '../semantics/program.js';
import type { Refusal } from './exchange-stage.js';

export function refuseEndlessRounds({ relations, rules }: Program): readonly Refusal[] {
  const names = [...relations.values()].filter((r) => r.eventDriven).map((r) => r.name);
  const position = new Map(names.map((name, i) => [name, i]));
  const successors: number[][] = names.map(() => []);
  const inner = rules.filter(
    ({ head, origin }) =>
      head.mode === 'now' || (head.mode === 'async' && origin.rewrite === 'exchange'),
  );
  for (const rule of inner) {
    const to = position.get(rule.head.relation);
    if (to === undefined) continue;
    for (const name of bodyRelations(rule)) {
      const from = position.get(name);
      if (from !== undefined) successors[from]!.push(to);
    }
  }
  const componentOf = new Map<number, number>();
  findComponents(successors).forEach((component, i) => {
    const isCycle = component.length > 1 || successors[component[0]!]!.includes(component[0]!);
    if (isCycle) for (const vertex of component) componentOf.set(vertex, i);
  });
  const told = new Set<number>();
  return inner.flatMap((rule): readonly Refusal[] => {
    const to = componentOf.get(position.get(rule.head.relation) ?? -1);
    if (rule.head.mode !== 'async' || to === undefined || told.has(to)) return [];
    const froms = [...bodyRelations(rule)].map((name) => componentOf.get(position.get(name) ?? -1));
    if (!froms.includes(to)) return [];
    told.add(to);
    return [
      {
        code: 'TRL0621',
        span: rule.origin.span,
        message: `\`${rule.name}\` is part of a recursion over tuples that hold in one timestep only, and each round of it takes a message`,
        help: 'declare a relation of the recursion as a `table`, so that what was derived before is not sent again',
      },
    ];
  });
}
