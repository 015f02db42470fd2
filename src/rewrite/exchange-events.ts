/**
 * Relations that hold in the timestep of some event, and those that may also stand without one: a
 * scratch that one rule derives from an input and another from a table, and the clock. What a node
 * sends for an event it sends in each timestep in which it holds; so what stands as well would be
 * sent again and again, and each arrival would make a timestep that sends it once more.
 */
import type { Body, Program } from '../semantics/program.js';

export interface EventFacts {
  /** Holds in timesteps of events only. */
  readonly isEvent: (relation: string) => boolean;
  /** Holds in timesteps of events, and may hold in others. */
  readonly isMixed: (relation: string) => boolean;
}

export function findEvents({ relations, rules }: Program): EventFacts {
  const mixed = new Set<string>();
  for (const { name, builtin } of relations.values()) if (builtin === 'now') mixed.add(name);
  const isEvent = (name: string): boolean =>
    relations.get(name)?.eventDriven === true && !mixed.has(name);
  for (let before = -1; before !== mixed.size;) {
    before = mixed.size;
    for (const { head, bodies } of rules) {
      if (head.mode !== 'now' || !isEvent(head.relation)) continue;
      if (bodies.some((body) => !readsEvent(body, isEvent))) mixed.add(head.relation);
    }
  }
  return { isEvent, isMixed: (name) => mixed.has(name) };
}

/** Whether an alternative holds in timesteps of events only. */
export function readsEvent(body: Body, isEvent: (relation: string) => boolean): boolean {
  return body.literals.some(
    (literal) => literal.kind === 'atom' && !literal.negated && isEvent(literal.relation),
  );
}
