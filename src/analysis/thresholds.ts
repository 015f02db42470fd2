/**
 * Monotone uses of aggregates. A count only goes up as its set grows, so `count >= 3` is a test
 * that never turns false again: it may guard without coordination (Conway et al., "Logic and
 * lattices for distributed programming", 2012: thresholds). The value itself may not be shown.
 *
 * A literal over an aggregated relation reads a *threshold* if each aggregated column is left out
 * or its variable stands only in comparisons that stay true: `>=`, `>` for values that rise
 * (count, count_distinct, max, sum of nat), `<=`, `<` for one that falls (min). Otherwise it reads
 * the *value*. The other side of a comparison may be anything that the aggregate does not bind:
 * each tuple's own columns never change.
 */
import type { HeadArgument, Term } from '../semantics/program.js';
import { mergesUpward } from './lattice-reads.js';
import { clausesOf, literalVariables, relationOf, termVariables } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** `plain`: nothing aggregated is read. */
export type AggregateReading = 'plain' | 'threshold' | 'value';
type Direction = 'up' | 'down' | null;

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
  for (const [column, direction] of directions) {
    const argument = atom.arguments[column];
    if (argument === undefined || argument.kind === 'wildcard') continue;
    if (argument.kind === 'constant' || atom.negated) return 'value';
    if (clause.occurrences.get(argument.name) === 1) continue;
    if (!onlyCompared(clause, atom, argument.name, direction)) return 'value';
  }
  return 'threshold';
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
    default:
      return null;
  }
}

function onlyCompared(clause: Clause, atom: Atom, variable: string, direction: Direction): boolean {
  if (direction === null) return false;
  let compared = 0;
  for (const literal of clause.body.literals) {
    if (literal.kind !== 'condition') continue;
    const mentions = literalVariables(literal).filter((name) => name === variable).length;
    if (mentions === 0) continue;
    if (mentions > 1 || !staysTrue(literal.term, variable, direction)) return false;
    compared++;
  }
  // One occurrence in the atom itself, and every other one in a comparison that stays true.
  const inAtom = atom.arguments.filter((a) => a.kind === 'variable' && a.name === variable).length;
  return inAtom === 1 && clause.occurrences.get(variable) === compared + 1;
}

function staysTrue(term: Term, variable: string, direction: Direction): boolean {
  if (term.kind !== 'apply' || term.arguments.length !== 2) return false;
  const [left, right] = [term.arguments[0]!, term.arguments[1]!];
  const rises = term.function === '>=' || term.function === '>';
  const falls = term.function === '<=' || term.function === '<';
  if (!rises && !falls) return false;
  const onLeft = termVariables(left).includes(variable);
  const follows = growsWith(onLeft ? left : right, variable);
  return follows && (direction === 'up') === (onLeft ? rises : falls);
}

/** Whether a term grows (weakly) with the variable: `v`, `v + t`, `v - t`, `v * 2`. */
function growsWith(term: Term, variable: string): boolean {
  if (term.kind === 'variable') return term.name === variable;
  if (term.kind !== 'apply' || term.arguments.length !== 2) return false;
  const [left, right] = [term.arguments[0]!, term.arguments[1]!];
  const inLeft = termVariables(left).includes(variable);
  switch (term.function) {
    case '+':
      return growsWith(inLeft ? left : right, variable);
    case '-':
      return inLeft && growsWith(left, variable);
    case '*': {
      const factor = inLeft ? right : left;
      const positive =
        factor.kind === 'constant' && typeof factor.value === 'number' && factor.value >= 0;
      return positive && growsWith(inLeft ? left : right, variable);
    }
    default:
      return false;
  }
}
