/**
 * Monotone uses of aggregates. A count only goes up as its set grows, so `count >= 3` is a test
 * that never turns false again: it may guard without coordination (Conway et al., "Logic and
 * lattices for distributed programming", 2012: thresholds). The value itself may not be shown.
 *
 * A literal over an aggregated relation reads a *threshold* if each aggregated column is left out
 * or its variable stands only where what is true stays true: `>=`, `>` for values that rise
 * (count, count_distinct, max, sum of nat, any), `<=`, `<` for those that fall (min, every), membership
 * and size for those that take in elements (set, list); or where a lattice takes it that merges the
 * same way. The other side of a comparison may be anything that the aggregate does not bind: each
 * tuple's own columns never change. Otherwise it reads the *value*, and so does an aggregate that
 * counts the values themselves.
 *
 * There is no such test in the other direction: before a group has its first member it has no value
 * at all, so `count < 3` begins to hold before it ends.
 */
import { countsValues } from '../semantics/lattice-uses.js';
import type { HeadArgument, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import { isPlainlyOrdered } from './exact-types.js';
import { lasts, latticeDirections, sense } from './lasting-tests.js';
import type { Direction } from './lasting-tests.js';
import { mergesUpward } from './lattice-reads.js';
import { clausesOf, literalVariables, relationOf, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** `plain`: nothing aggregated is read. */
export type AggregateReading = 'plain' | 'threshold' | 'value';

/** The way in which each aggregated column moves; null if it may go either way. */
type Directions = ReadonlyMap<number, Direction | null>;

const readingsByIndex = new WeakMap<ProgramIndex, Map<Atom, AggregateReading>>();
const directionsByIndex = new WeakMap<ProgramIndex, Map<string, Directions>>();

/** How an atom reads the aggregated columns of its relation. */
export function readsThreshold(index: ProgramIndex, clause: Clause, atom: Atom): AggregateReading {
  let readings = readingsByIndex.get(index);
  if (readings === undefined)
    readingsByIndex.set(index, (readings = new Map<Atom, AggregateReading>()));
  const known = readings.get(atom);
  if (known !== undefined) return known;
  const reading = findReading(index, clause, atom);
  readings.set(atom, reading);
  return reading;
}

function findReading(index: ProgramIndex, clause: Clause, atom: Atom): AggregateReading {
  const directions = aggregatedColumns(index, atom.relation);
  if (directions.size === 0) return 'plain';
  const names = atom.arguments.some((a, i) => directions.has(i) && a.kind === 'variable');
  if (names && countsValues(clause.rule) && !showsGroup(index, atom, directions)) return 'value';
  for (const [column, direction] of directions) {
    const argument = atom.arguments[column];
    if (argument === undefined || argument.kind === 'wildcard') continue;
    if (atom.negated) return 'value';
    if (argument.kind === 'constant') {
      // Of two truth values, `any` stays at true and `every` at false.
      if (typeof argument.value !== 'boolean' || direction !== (argument.value ? 'up' : 'down'))
        return 'value';
      continue;
    }
    if (clause.occurrences.get(argument.name) === 1) continue;
    if (!onlyCompared(index, clause, atom, argument.name, direction)) return 'value';
  }
  return 'threshold';
}

/**
 * Whether an atom says to which group the values belong that it binds, and no group has two: then
 * there are as many bindings as groups. Of groups that are left open, two whose values become equal
 * would be one binding less.
 */
function showsGroup(
  index: ProgramIndex,
  { relation, arguments: given }: Atom,
  directions: Directions,
): boolean {
  const rules = new Set(clausesOf(index, relation).map(({ rule }) => rule));
  if (rules.size > 1 || index.factCounts.has(relation)) return false;
  return given.every((a, i) => directions.has(i) || a.kind !== 'wildcard');
}

/** Aggregated columns of a relation that is not stored, with the way their values move. */
function aggregatedColumns(index: ProgramIndex, relation: string): Directions {
  const byRelation = directionsByIndex.get(index) ?? new Map<string, Directions>();
  directionsByIndex.set(index, byRelation);
  const known = byRelation.get(relation) ?? findAggregatedColumns(index, relation);
  byRelation.set(relation, known);
  return known;
}

function findAggregatedColumns(index: ProgramIndex, relation: string): Directions {
  const directions = new Map<number, Direction | null>();
  const kind = relationOf(index, relation).kind;
  if (kind === 'table' || kind === 'channel' || kind === 'loopback') return directions;
  const clauses = clausesOf(index, relation);
  if (!clauses.some((clause) => clause.rule.aggregated)) return directions;
  for (const clause of clauses) {
    clause.rule.head.arguments.forEach((argument, column) => {
      if (argument.kind !== 'aggregate' || mergesUpward(index, clause, column)) return;
      const own = directionOf(argument);
      const known = directions.get(column);
      directions.set(column, known === undefined || known === own ? own : null);
    });
  }
  return directions;
}

/** Where the value of an aggregate goes as more comes in; null if nobody can tell. */
export function directionOf(argument: HeadArgument & { kind: 'aggregate' }): Direction | null {
  const type = argument.arguments[0]?.type;
  const isOrdered = type !== undefined && isPlainlyOrdered(type);
  switch (argument.function) {
    case 'count':
    case 'count_distinct':
      return 'up';
    case 'max':
      return isOrdered ? 'up' : null;
    case 'min':
      return isOrdered ? 'down' : null;
    case 'sum':
      return type?.kind === 'nat' ? 'up' : null;
    case 'any':
      return 'up';
    case 'every':
      return 'down';
    case 'set':
    case 'list':
      return 'set';
    default:
      return null;
  }
}

function onlyCompared(
  index: ProgramIndex,
  clause: Clause,
  atom: Atom,
  variable: string,
  direction: Direction | null,
): boolean {
  if (direction === null) return false;
  // One occurrence in the atom itself, and every other one where the truth that it gives lasts.
  let allowed = atom.arguments.filter((a) => a.kind === 'variable' && a.name === variable).length;
  if (allowed !== 1) return false;
  for (const literal of clause.body.literals) {
    const mentions = literalVariables(literal).filter((name) => name === variable).length;
    if (mentions === 0 || literal.kind === 'atom') continue;
    if (mentions > 1 || !lasts(index, literal, variable, direction)) return false;
    allowed++;
  }
  clause.rule.head.arguments.forEach((argument, column) => {
    if (argument.kind !== 'term' || clause.rule.aggregated) return;
    const { type } = relationOf(index, clause.head).columns[column]!;
    if (mergesAlong(index, argument.term, type, variable, direction)) allowed++;
  });
  return clause.occurrences.get(variable) === allowed;
}

/** Whether a head takes the moving value into a lattice that merges it: a running max into an `lmax`. */
function mergesAlong(
  index: ProgramIndex,
  term: Term,
  type: Type,
  variable: string,
  direction: Direction,
): boolean {
  if (type.kind !== 'lattice' || latticeDirections[type.name] !== direction) return false;
  const inner =
    term.kind === 'apply' && term.function === type.name && term.arguments.length === 1
      ? term.arguments[0]!
      : term;
  if (termVariables(inner).length !== 1) return false;
  if (direction === 'set') return inner.kind === 'variable' && inner.name === variable;
  return sense(index, inner, variable) === 1;
}
