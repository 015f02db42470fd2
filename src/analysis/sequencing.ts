/**
 * Which relations are a function of a node's own sequence of timesteps, whatever else arrives.
 *
 * A relation is *sequenced* if everything that feeds it at the node is: statics, the boot event,
 * and the channels whose messages come through the decided ordered log. Such a relation passes
 * through the same states in every run (given the log), non-monotone rules, updates and deletions
 * included: between two entries the node runs until nothing changes any more, entries have
 * timesteps of their own, and events that feed nothing sequenced do not matter. That is state
 * machine replication (Schneider, "Implementing fault-tolerant services using the state machine
 * approach", 1990); without an ordered channel it says that a program fed by nothing but its facts
 * is deterministic.
 *
 * One thing is left to chance even so: how many timesteps pass in which nothing happens. A rule
 * that fires because an event is *absent* would see their number and is therefore not sequenced.
 */
import type { Relation } from '../semantics/program.js';
import type { GrowthFacts } from './growth.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { chooses, isAlways } from './standing-relations.js';

/** Relations that are sequenced, given the channels that go through the ordered log. */
export function findSequenced(
  index: ProgramIndex,
  growth: GrowthFacts,
  ordered: ReadonlySet<string>,
): ReadonlySet<string> {
  const sequenced = new Set(
    index.relations.filter((r) => !isForeign(index, r, ordered)).map((r) => r.name),
  );
  const waiting = [...sequenced];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (!sequenced.has(name) || ordered.has(name)) continue;
    if (
      clausesOf(index, name).every((clause) => isSequencedClause(index, growth, sequenced, clause))
    )
      continue;
    sequenced.delete(name);
    for (const use of index.usesByRelation.get(name) ?? []) waiting.push(use.clause.head);
  }
  return sequenced;
}

/** Whether a clause fires as a function of the sequence. */
export function isSequencedClause(
  index: ProgramIndex,
  growth: GrowthFacts,
  sequenced: ReadonlySet<string>,
  clause: Clause,
): boolean {
  if (chooses(clause)) return false;
  const isEvent = (atom: Atom): boolean => growth.growthByRelation.get(atom.relation) === 'event';
  const read = clause.atoms.filter((atom) => !isAlways(index, clause, atom));
  if (!read.every((atom) => sequenced.has(atom.relation))) return false;
  const waitsForAbsence = read.some((atom) => atom.negated && isEvent(atom));
  return !waitsForAbsence || read.some((atom) => !atom.negated && isEvent(atom));
}

/** Whether a relation's tuples come from outside the node's own sequence. */
function isForeign(index: ProgramIndex, relation: Relation, ordered: ReadonlySet<string>): boolean {
  if (relation.builtin === 'now') return true;
  if (relation.builtin === 'boot') return false;
  switch (relation.kind) {
    case 'channel':
      return !ordered.has(relation.name);
    case 'input':
    case 'loopback':
    case 'periodic':
      return true;
    default:
      return index.sent.has(relation.name);
  }
}

/** Whether a relation's tuples arrive as events that no rule of the timestep made. */
export function isEventSource(index: ProgramIndex, name: string): boolean {
  const relation = relationOf(index, name);
  if (relation.builtin === 'now' || relation.builtin === 'boot') return true;
  switch (relation.kind) {
    case 'channel':
    case 'input':
    case 'loopback':
    case 'periodic':
      return true;
    default:
      return index.sent.has(name);
  }
}
