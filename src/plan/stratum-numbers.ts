/** Which relations depend on each other: they are evaluated together. */
import type { Program } from '../semantics/program.js';
import { strongComponents } from '../semantics/strong-components.js';

/** Numbers of the strata by relation, dependencies first; equal for what is mutually recursive. */
export function stratumNumbers(program: Program): ReadonlyMap<string, number> {
  const successors = new Map(
    [...program.relations.keys()].sort().map((name) => [name, new Set<string>()]),
  );
  for (const { head, bodies } of program.rules) {
    if (head.mode !== 'now') continue;
    for (const { literals } of bodies)
      for (const literal of literals)
        if (literal.kind === 'atom') successors.get(head.relation)!.add(literal.relation);
  }
  // A component is numbered when it is left: after everything that it depends on.
  return strongComponents(new Map([...successors].map(([n, to]) => [n, [...to].sort()])));
}
