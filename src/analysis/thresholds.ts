/**
 * Monotone uses of aggregates. A count only goes up as its set grows, so `count >= 3` is a test
 * that never turns false again: it may guard without coordination (Conway et al., "Logic and
 * lattices for distributed programming", 2012: thresholds). The value itself may not be shown.
 *
 * A literal over an aggregated relation reads a *threshold* if each aggregated column is left out
 * or its variable stands only where what is true stays true: `>=`, `>` for values that rise
 * (count, count_distinct, max, sum of nat, any), `<=`, `<` for those that fall (min, every), membership
 * and size for those that take in elements (set, list); or where a lattice takes it that merges the same
 * way. Otherwise it reads the *value*, and so does an aggregate that counts the values themselves. There is no such test in the other direction: before a group has
 * its first member it has no value at all, so `count < 3` begins to hold before it ends. The other side of a comparison may be anything that the aggregate does not bind:
 * each tuple's own columns never change.
 */
import { countsBindings } from '../builtins/aggregates.js';
import type { HeadArgument, Literal, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import { mergesUpward } from './lattice-reads.js';
import { clausesOf, literalVariables, relationOf, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** `plain`: nothing aggregated is read. */
export type AggregateReading = 'plain' | 'threshold' | 'value';
/** `set`: a set or list that takes in elements. */
type Direction = 'up' | 'down' | 'set' | null;

const readingByAtom = new WeakMap<Atom, AggregateReading>();
const directionsByIndex = new WeakMap<ProgramIndex, Map<string, ReadonlyMap<number, Direction>>>();

/** How an atom reads the aggregated columns of its relation. */
export function readsThreshold(index: ProgramIndex, clause: Clause, atom: Atom): AggregateReading {
  const known = readingByAtom.get(atom);
  if (known !== undefined) return known;
  const reading = findReading(index, clause, atom);
  readingByAtom.set(atom, reading);
  return reading;
}

function findReading(index: ProgramIndex, clause: Clause, atom: Atom): AggregateReading {
  const directions = aggregatedColumns(index, atom.relation);
  if (directions.size === 0) return 'plain';
  const names = atom.arguments.some((a, i) => directions.has(i) && a.kind === 'variable');
  if (names && countsValues(clause) && !showsGroup(index, atom, directions)) return 'value';
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

/** Whether two bindings that differ in a value alone are two to an aggregate of the clause. */
function countsValues({ rule }: Clause): boolean {
  return rule.head.arguments.some((a) => a.kind === 'aggregate' && countsBindings(a.function));
}

/**
 * Whether an atom says to which group the values belong that it binds, and no group has two: then
 * there are as many bindings as groups. Of groups that are left open, two whose values become equal
 * would be one binding less.
 */
function showsGroup(
  index: ProgramIndex,
  { relation, arguments: given }: Atom,
  directions: ReadonlyMap<number, Direction>,
): boolean {
  const rules = new Set(clausesOf(index, relation).map(({ rule }) => rule));
  if (rules.size > 1 || index.factCounts.has(relation)) return false;
  return given.every((a, i) => directions.has(i) || a.kind !== 'wildcard');
}

/** Aggregated columns of a relation that is not stored, with the way their values move. */
function aggregatedColumns(index: ProgramIndex, relation: string): ReadonlyMap<number, Direction> {
  const byRelation =
    directionsByIndex.get(index) ?? new Map<string, ReadonlyMap<number, Direction>>();
  directionsByIndex.set(index, byRelation);
  const known = byRelation.get(relation) ?? findAggregatedColumns(index, relation);
  byRelation.set(relation, known);
  return known;
}

function findAggregatedColumns(
  index: ProgramIndex,
  relation: string,
): ReadonlyMap<number, Direction> {
  const directions = new Map<number, Direction>();
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

/** Types whose comparison operators agree with the order that `min` and `max` use; NaN would not. */
const plainlyOrdered: readonly string[] = ['int', 'nat', 'string', 'addr', 'bool'];

function directionOf(argument: HeadArgument & { kind: 'aggregate' }): Direction {
  const type = argument.arguments[0]?.type.kind ?? 'unknown';
  switch (argument.function) {
    case 'count':
    case 'count_distinct':
      return 'up';
    case 'max':
      return plainlyOrdered.includes(type) ? 'up' : null;
    case 'min':
      return plainlyOrdered.includes(type) ? 'down' : null;
    case 'sum':
      return type === 'nat' ? 'up' : null;
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
  direction: Direction,
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

/** Whether a literal that holds goes on to hold while the variable moves in its direction. */
function lasts(
  index: ProgramIndex,
  literal: Literal,
  variable: string,
  direction: NonNullable<Direction>,
): boolean {
  if (literal.kind === 'condition') return staysTrue(index, literal.term, variable, direction);
  if (literal.kind !== 'member' || literal.negated || direction !== 'set') return false;
  return literal.collection.kind === 'variable' && literal.collection.name === variable;
}

const latticeAlong: Readonly<Record<NonNullable<Direction>, readonly string[]>> = {
  up: ['lmax', 'lbool'],
  down: ['lmin'],
  set: ['lset'],
};

/** Whether a head takes the moving value into a lattice that merges it: a running max into an `lmax`. */
function mergesAlong(
  index: ProgramIndex,
  term: Term,
  type: Type,
  variable: string,
  direction: NonNullable<Direction>,
): boolean {
  if (type.kind !== 'lattice' || !latticeAlong[direction].includes(type.name)) return false;
  const inner =
    term.kind === 'apply' && term.function === type.name && term.arguments.length === 1
      ? term.arguments[0]!
      : term;
  if (termVariables(inner).length !== 1) return false;
  if (direction === 'set') return inner.kind === 'variable' && inner.name === variable;
  return sense(index, inner, variable) === 1;
}

function staysTrue(
  index: ProgramIndex,
  term: Term,
  variable: string,
  direction: NonNullable<Direction>,
): boolean {
  if (direction === 'set') return staysTrueOfSet(index, term, variable);
  const rising = direction === 'up' ? 1 : -1;
  if (term.kind === 'variable') return rising === 1;
  if (term.kind !== 'apply') return false;
  const [left, right] = [term.arguments[0], term.arguments[1]];
  if (left === undefined) return false;
  if (term.function === 'not') return left.kind === 'variable' && rising === -1;
  if (right === undefined || term.arguments.length !== 2) return false;
  if (term.function === '==') {
    const value =
      left.kind === 'constant' ? left.value : right.kind === 'constant' ? right.value : null;
    const plain = left.kind === 'variable' || right.kind === 'variable';
    return plain && typeof value === 'boolean' && value === (rising === 1);
  }
  const turn = term.function === '>=' || term.function === '>' ? 1 : -1;
  if (turn === -1 && term.function !== '<=' && term.function !== '<') return false;
  const onLeft = termVariables(left).includes(variable);
  const moved = sense(index, onLeft ? left : right, variable) * (onLeft ? 1 : -1);
  return moved * turn * rising === 1;
}

/** `x.contains(e)`, `x.size() >= k`, `a.is_subset(x)`: true of every larger set. */
function staysTrueOfSet(index: ProgramIndex, term: Term, variable: string): boolean {
  if (term.kind !== 'apply') return false;
  const is = (part: Term | undefined): boolean =>
    part?.kind === 'variable' && part.name === variable;
  const [first, second] = term.arguments;
  if (term.function === 'contains') return is(first);
  if (term.function === 'is_subset') return is(second);
  const isSize = (part: Term | undefined): boolean =>
    part?.kind === 'apply' && part.function === 'size' && is(part.arguments[0]);
  if (term.function === '>=' || term.function === '>') return isSize(first);
  if (term.function === '<=' || term.function === '<') return isSize(second);
  return false;
}

/**
 * Whether a term grows (1) or falls (-1), weakly, as the variable grows: `v`, `v + t`, `v - t`, `2 * v`,
 * `t - v`, a function from TypeScript that is declared monotone or antitone; 0: neither is known.
 */
function sense(index: ProgramIndex, term: Term, variable: string): -1 | 0 | 1 {
  if (term.kind === 'variable') return term.name === variable ? 1 : 0;
  if (term.kind !== 'apply') return 0;
  const place = term.arguments.findIndex((part) => termVariables(part).includes(variable));
  const inner = term.arguments[place];
  if (inner === undefined) return 0;
  const moved = sense(index, inner, variable);
  const other = term.arguments[1 - place];
  switch (term.function) {
    case '+':
    case 'greatest':
    case 'least':
    case 'to_float':
      return moved;
    case '-':
      return turned(moved, place === 0 ? 1 : -1);
    case 'neg':
      return turned(moved, -1);
    case '*':
      return turned(moved, signOfConstant(other));
    case '/':
      return place === 0 ? turned(moved, signOfConstant(other)) : 0;
    default:
      return turned(moved, declaredSense(index, term.function));
  }
}

function turned(moved: -1 | 0 | 1, by: -1 | 0 | 1): -1 | 0 | 1 {
  return (moved * by || 0) as -1 | 0 | 1;
}

function signOfConstant(term: Term | undefined): -1 | 0 | 1 {
  if (term?.kind !== 'constant' || typeof term.value !== 'number') return 0;
  return term.value > 0 ? 1 : term.value < 0 ? -1 : 0;
}

/** What the author of a function of one argument promises. */
function declaredSense(index: ProgramIndex, name: string): -1 | 0 | 1 {
  const declared = index.program.functions.find((each) => each.name === name);
  if (declared?.parameters.length !== 1) return 0;
  if (declared.properties.includes('monotone') || declared.properties.includes('morphism'))
    return 1;
  return declared.properties.includes('antitone') ? -1 : 0;
}
