/**
 * Which statics are the same at every node. A rule over cluster-wide relations is evaluated wherever
 * its tuples are, with the statics that are there; so it may take only those to be everywhere. A
 * static in which nodes are told apart, by `self` or an `@` column, is each node's own, as a table
 * is. What is given node by node is not in the program: it is held against the names found here.
 */
import { bodyRelations } from '../semantics/mark-events.js';
import type { Program, Rule } from '../semantics/program.js';
import type { Spread } from './exchange-spread.js';

/** Statics that the program itself makes the same at every node. */
export function findAlike({ relations, rules }: Program, spread: Spread): ReadonlySet<string> {
  const alike = new Set<string>();
  for (const { name, kind, location, builtin } of relations.values())
    if (kind === 'static' && location === null && builtin !== 'self' && !spread.has(name))
      alike.add(name);
  for (let before = -1; before !== alike.size;) {
    before = alike.size;
    for (const rule of rules)
      if ([...bodyRelations(rule)].some((name) => !alike.has(name)))
        alike.delete(rule.head.relation);
  }
  return alike;
}

/** Statics on which these rules rest as being the same at every node. */
export function findTakenAlike(
  { rules }: Program,
  concerned: readonly Rule[],
  alike: ReadonlySet<string>,
): ReadonlySet<string> {
  const taken = new Set<string>();
  const take = (rule: Rule): void => {
    for (const name of bodyRelations(rule)) if (alike.has(name)) taken.add(name);
  };
  concerned.forEach(take);
  for (let before = -1; before !== taken.size;) {
    before = taken.size;
    for (const rule of rules) if (taken.has(rule.head.relation)) take(rule);
  }
  return taken;
}
