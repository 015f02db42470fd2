/**
 * Whether two event literals of a rule can only be satisfied by one and the same event tuple.
 *
 * Whether two events meet in one timestep is up to the schedule, so a rule that joins them is a
 * race, unless both literals carry the whole of one event and the join equates all of it. Each
 * event-driven relation with one rule has an *ancestor*: an event that arrives, and for each of
 * its columns the own column that carries it unchanged. Two literals with one ancestor are the
 * same event if every ancestor column is carried by both, under the same variable or constant.
 */
import { equalValues } from '../base/value.js';
import type { AtomArgument, Term } from '../semantics/program.js';
import type { GrowthFacts } from './growth.js';
import { clausesOf } from './program-index.js';
import type { Atom, ProgramIndex } from './program-index.js';
import { isEventSource } from './sequencing.js';

interface Ancestry {
  readonly event: string;
  /** For each column of the event, what stands for it; null where it is lost. */
  readonly columns: readonly (AtomArgument | null)[];
}

/** Whether all these positive event literals of one clause stand for one event tuple. */
export function isSameEvent(
  index: ProgramIndex,
  growth: GrowthFacts,
  atoms: readonly Atom[],
): boolean {
  const ancestries = atoms.map((atom) => ancestryOf(index, growth, atom, maxDepth));
  const first = ancestries[0];
  if (first === undefined || first === null) return false;
  return ancestries.every(
    (other) =>
      other !== null &&
      other.event === first.event &&
      other.columns.every((column, i) => sameArgument(column, first.columns[i] ?? null)),
  );
}

/** Rules between an event and a literal that are followed. */
const maxDepth = 8;

function ancestryOf(
  index: ProgramIndex,
  growth: GrowthFacts,
  atom: Atom,
  depth: number,
): Ancestry | null {
  if (isEventSource(index, atom.relation)) return { event: atom.relation, columns: atom.arguments };
  const clauses = clausesOf(index, atom.relation);
  const clause = clauses[0];
  const hasFacts = index.factCounts.has(atom.relation);
  if (clause === undefined || clauses.length > 1 || hasFacts || depth === 0) return null;
  if (clause.rule.head.mode !== 'now' || clause.rule.aggregated) return null;
  const events = clause.atoms.filter((a) => growth.growthByRelation.get(a.relation) === 'event');
  const [event, ...others] = events;
  if (event === undefined || others.length > 0 || event.negated) return null;
  const inner = ancestryOf(index, growth, event, depth - 1);
  if (inner === null) return null;
  const outside = (argument: AtomArgument | null): AtomArgument | null => {
    if (argument === null || argument.kind === 'constant') return argument;
    if (argument.kind === 'wildcard') return null;
    const column = clause.rule.head.arguments.findIndex(
      (a) => a.kind === 'term' && isVariable(a.term, argument.name),
    );
    return column === -1 ? null : (atom.arguments[column] ?? null);
  };
  return { event: inner.event, columns: inner.columns.map(outside) };
}

function isVariable(term: Term, name: string): boolean {
  return term.kind === 'variable' && term.name === name;
}

function sameArgument(a: AtomArgument | null, b: AtomArgument | null): boolean {
  if (a === null || b === null) return false;
  if (a.kind === 'variable' && b.kind === 'variable') return a.name === b.name;
  return a.kind === 'constant' && b.kind === 'constant' && equalValues(a.value, b.value);
}
