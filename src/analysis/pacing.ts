/**
 * Relations that a timer alone brings about, again and again.
 *
 * A timer whose values nobody looks at is no datum: it fires for ever, so `h :- stored, tick(_, _)`
 * comes to the same as `h :- stored`. Nor is one that is only asked whether it has fired often
 * enough (`tick(n, _), n >= 3`): sooner or later it has, and from then on at each firing. The same
 * holds for what a scratch derives from such a timer, from static relations and from cones that
 * only rise: `due(n) :- tick(_, _), peer(n)` holds, at every firing, whatever it will ever hold.
 * Literals paced by *one* timer are satisfied together at each of its firings, from some firing on;
 * two timers need never fire in one timestep. A greatest fixpoint over the rules (ANALYSIS 1.5,
 * pacing).
 */
import type { GrowthFacts } from './growth.js';
import { atomMovement } from './growth.js';
import type { Literal, Term } from '../semantics/program.js';
import { callsOpaque } from './opaque-functions.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { chooses, isOpen } from './standing-relations.js';

/** For each relation that a timer paces, the name of the timer. */
export function findPaced(index: ProgramIndex, growth: GrowthFacts): ReadonlyMap<string, string> {
  const paced = new Map<string, string>();
  const waiting: string[] = [];
  for (const { name, kind } of index.relations) if (kind === 'periodic') paced.set(name, name);
  for (const [timer] of paced) waiting.push(timer);
  // Reached from one timer only: candidates, of which those that something else feeds fall out.
  for (const name of waiting) {
    for (const { clause } of index.usesByRelation.get(name) ?? []) {
      if (paced.has(clause.head) || !couldBePaced(index, growth, clause.head)) continue;
      paced.set(clause.head, paced.get(name)!);
      waiting.push(clause.head);
    }
  }
  for (let changed = true; changed;) {
    changed = false;
    for (const [name, timer] of paced) {
      if (name === timer) continue;
      if (clausesOf(index, name).every((clause) => isPacedBy(index, growth, paced, clause, timer)))
        continue;
      paced.delete(name);
      changed = true;
    }
  }
  return paced;
}

function couldBePaced(index: ProgramIndex, growth: GrowthFacts, name: string): boolean {
  const { kind } = relationOf(index, name);
  return kind === 'scratch' && !growth.stored.has(name) && !index.factCounts.has(name);
}

/** Whether the clause derives, at each firing of the timer, what stands then of what only rises. */
function isPacedBy(
  index: ProgramIndex,
  growth: GrowthFacts,
  paced: ReadonlyMap<string, string>,
  clause: Clause,
  timer: string,
): boolean {
  if (clause.rule.head.mode !== 'now' || clause.rule.aggregated || chooses(clause)) return false;
  if (callsOpaque(index.program, clause.rule, clause.body)) return false;
  return clause.atoms.every((atom) => {
    if (growth.growthByRelation.get(atom.relation) === 'event')
      return isPacedAtom(index, paced, clause, atom, timer);
    const moved = atomMovement(index, clause, atom, growth.movementOf);
    return atom.negated ? !moved.rises : !moved.falls;
  });
}

function isPacedAtom(
  index: ProgramIndex,
  paced: ReadonlyMap<string, string>,
  clause: Clause,
  atom: Atom,
  timer: string,
): boolean {
  if (atom.negated || paced.get(atom.relation) !== timer) return false;
  return relationOf(index, atom.relation).kind !== 'periodic' || !looksAtTimer(index, clause, atom);
}

/**
 * Whether more of a timer matters than that it fires, and has fired often enough. Of what is aggregated
 * it matters: a group may be incomplete at one firing and complete at another. And the count must be
 * compared as it is: what is computed of it may fail, from some firing on.
 */
export function looksAtTimer(
  index: ProgramIndex,
  clause: Clause,
  atom: Pick<Atom, 'arguments'>,
): boolean {
  const [count, ...others] = atom.arguments;
  if (count === undefined || !others.every((argument) => isOpen(clause, argument))) return true;
  if (isOpen(clause, count)) return false;
  if (count.kind !== 'variable' || clause.rule.aggregated) return true;
  const tests = clause.body.literals.filter((literal) => hasFired(literal, count.name));
  return tests.length + 1 !== clause.occurrences.get(count.name);
}

/** `n >= 3`, `n > x` of an int `x`, or the same the other way round: sooner or later it is true. */
export function hasFired(literal: Literal, count: string): boolean {
  if (literal.kind !== 'condition' || literal.term.kind !== 'apply') return false;
  const [left, right] = literal.term.arguments;
  const isCount = (term: Term | undefined): boolean =>
    term?.kind === 'variable' && term.name === count;
  const isPlain = (term: Term | undefined): boolean => {
    if (term?.type.kind !== 'int' && term?.type.kind !== 'nat') return false;
    return term.kind === 'constant' || (term.kind === 'variable' && term.name !== count);
  };
  switch (literal.term.function) {
    case '>=':
    case '>':
      return isCount(left) && isPlain(right);
    case '<=':
    case '<':
      return isPlain(left) && isCount(right);
    default:
      return false;
  }
}

/** Whether one timer alone decides when these event literals of the clause are satisfied. */
export function isPacedClause(
  index: ProgramIndex,
  paced: ReadonlyMap<string, string>,
  clause: Clause,
  events: readonly Atom[],
): boolean {
  const [first] = events;
  const timer = first === undefined ? undefined : paced.get(first.relation);
  if (timer === undefined) return false;
  return events.every((atom) => isPacedAtom(index, paced, clause, atom, timer));
}
