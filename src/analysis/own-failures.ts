/**
 * Failures that are no race, because one input brings each of them about by itself.
 *
 * A timestep that fails runs again batch by batch, and a batch that fails alone is left out. An input is
 * a batch: if what a clause fails on comes of one input and of static data, that input fails at whatever
 * moment it comes, everything that it would have led to is missing in every run, and nothing else is.
 * Of a message the same cannot be said: it is left out with all that its sender's timestep sent along,
 * and which tuples those are is up to the schedule. Nor of stored tuples: of two inputs that together
 * make a timestep fail it is the one that comes last which is left out.
 */
import type { Known } from './find-defects.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Clause } from './program-index.js';
import { isSameEvent } from './same-event.js';
import { isAlways } from './standing-relations.js';

const mostDepth = 8;

/** Whether what the clause derives, or fails on, comes of one input alone, or of static data. */
export function comesOfOneInput(known: Known, clause: Clause, depth = mostDepth): boolean {
  const { index, growth } = known;
  const growthOf = (relation: string): string | undefined => growth.growthByRelation.get(relation);
  const moving = clause.atoms.filter(
    (atom) => growthOf(atom.relation) !== 'static' && !isAlways(index, clause, atom),
  );
  if (moving.length === 0) return true;
  const isEvent = moving.every((atom) => !atom.negated && growthOf(atom.relation) === 'event');
  if (!isEvent || clause.rule.aggregated) return false;
  if (moving.length > 1 && !isSameEvent(index, growth, moving)) return false;
  return moving.every(({ relation }) => isOfOneInput(known, relation, depth));
}

function isOfOneInput(known: Known, name: string, depth: number): boolean {
  const { index } = known;
  const { kind, builtin } = relationOf(index, name);
  if (kind === 'input') return builtin !== 'now' && builtin !== 'sealed';
  if (kind === 'channel' || kind === 'loopback' || kind === 'periodic') return false;
  if (depth === 0 || index.factCounts.has(name)) return false;
  const clauses = clausesOf(index, name);
  return (
    clauses.length > 0 &&
    clauses.every(
      (each) => each.rule.head.mode === 'now' && comesOfOneInput(known, each, depth - 1),
    )
  );
}
