/**
 * Whether a tuple is provably present: it follows from a cause (causes.ts) by the program's rules.
 *
 * A rule whose body is satisfied at a moment has put its head there: in the same timestep if it is
 * deductive, from the next one on if it is `@next`; and what is stored and never deleted, or derived
 * from such by a cone that only rises, stays at its node from then on (ANALYSIS 1.5: "the stored
 * tuple is derived from the same message in the same or an earlier timestep at this node"). Bodies are
 * matched by homomorphisms (Chandra and Merlin, 1977), bounded in depth.
 */
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Literal } from '../semantics/program.js';
import type { Causes, Cause, CauseFact, Moment, Symbols } from './causes.js';
import { isBeyondSymbols, nodeVariable, placeColumn } from './causes.js';
import { callsOpaque } from './opaque-functions.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

/** What is asked for; null for a column that may hold anything. */
export interface Goal {
  readonly relation: string;
  readonly arguments: readonly (string | null)[];
  readonly at: Moment;
}

interface Place {
  readonly cause: Cause;
  readonly at: Moment;
  readonly depth: number;
}

/** Rules that are followed forward from what is known. */
const mostDepth = 3;
/** Rules for one relation that are tried; where there are more, nothing is known of it. */
const mostRules = 32;

export class Entailment {
  readonly #index: ProgramIndex;
  readonly #causes: Causes;
  /** Whether a tuple of the relation, once there, stays. */
  readonly #stays: (relation: string) => boolean;

  constructor(index: ProgramIndex, causes: Causes, stays: (relation: string) => boolean) {
    this.#index = index;
    this.#causes = causes;
    this.#stays = stays;
  }

  /** Whether the goal follows from the cause. */
  holds(cause: Cause, goal: Goal, depth = mostDepth): boolean {
    for (const _ of this.#matches(cause, goal)) return true;
    return depth > 0 && this.#isDerived(cause, goal, depth - 1);
  }

  /** The known facts that satisfy the goal. */
  *#matches(cause: Cause, goal: Goal): Iterable<CauseFact> {
    const { builtin, kind } = relationOf(this.#index, goal.relation);
    if (builtin === 'self') {
      const [asked] = goal.arguments;
      if (asked === null || asked === goal.at.node)
        yield { relation: goal.relation, arguments: [goal.at.node], at: goal.at, depth: 0 };
      return;
    }
    for (const fact of cause.facts) {
      if (fact.relation !== goal.relation) continue;
      const reaches =
        fact.at === goal.at ||
        (kind === 'static' && (builtin === 'cluster' || fact.at.node === goal.at.node)) ||
        (this.#stays(goal.relation) && isBefore(fact.at, goal.at));
      if (!reaches) continue;
      if (goal.arguments.every((asked, i) => asked === null || asked === fact.arguments[i]))
        yield fact;
    }
  }

  #isDerived(cause: Cause, goal: Goal, depth: number): boolean {
    const relation = relationOf(this.#index, goal.relation);
    if (relation.columns.some(({ type }) => isLatticeType(type))) return false;
    const stays = this.#stays(goal.relation);
    const clauses = clausesOf(this.#index, goal.relation);
    if (clauses.length > mostRules) return false;
    for (const clause of clauses) {
      const { mode } = clause.rule.head;
      if (clause.rule.aggregated || (mode !== 'now' && mode !== 'next')) continue;
      if (clause.body.literals.some(isBeyondSymbols)) continue;
      if (callsOpaque(this.#index.program, clause.rule, clause.body)) continue;
      for (const at of momentsOf(cause, goal.at)) {
        if (mode === 'next' && (at === goal.at || !stays)) continue;
        if (at !== goal.at && !(stays && isBefore(at, goal.at))) continue;
        if (this.fires(cause, clause, goal.arguments, at, depth)) return true;
      }
    }
    return false;
  }

  /** Whether the clause fires at the moment, with a head as asked for. */
  fires(
    cause: Cause,
    clause: Clause,
    asked: readonly (string | null)[],
    at: Moment,
    depth = 0,
  ): boolean {
    for (const _ of this.firings(cause, clause, asked, at, depth)) return true;
    return false;
  }

  /** The symbols of the clause's variables in each firing that is found. */
  *firings(
    cause: Cause,
    clause: Clause,
    asked: readonly (string | null)[],
    at: Moment,
    depth = 0,
  ): Iterable<Symbols> {
    const symbols: Symbols = new Map();
    const node = nodeVariable(this.#index, clause);
    if (node !== null) symbols.set(node, at.node);
    for (const [column, argument] of clause.rule.head.arguments.entries()) {
      const symbol = asked[column];
      if (symbol === null || symbol === undefined) continue;
      if (argument.kind !== 'term' || argument.term.kind !== 'variable') continue;
      const { name } = argument.term;
      const bound = symbols.get(name);
      if (bound !== undefined && bound !== symbol) return;
      symbols.set(name, symbol);
    }
    for (const found of this.#satisfy({ cause, at, depth }, clause, 0, symbols))
      if (this.#showsAsked(clause, asked, found)) yield found;
  }

  /** Satisfies the literals of the body from the given one on, trying all known facts. */
  *#satisfy(place: Place, clause: Clause, from: number, symbols: Symbols): Iterable<Symbols> {
    const literal = clause.body.literals[from];
    if (literal === undefined) {
      yield symbols;
      return;
    }
    for (const bound of this.#satisfyLiteral(place, clause, literal, symbols))
      yield* this.#satisfy(place, clause, from + 1, bound);
  }

  *#satisfyLiteral(
    place: Place,
    clause: Clause,
    literal: Literal,
    symbols: Symbols,
  ): Iterable<Symbols> {
    switch (literal.kind) {
      case 'condition':
        if (place.cause.conditions.has(this.#causes.symbolOf(literal.term, symbols))) yield symbols;
        return;
      case 'assign': {
        const symbol = this.#causes.symbolOf(literal.term, symbols);
        const bound = symbols.get(literal.variable.name) ?? symbol;
        if (bound === symbol) yield new Map(symbols).set(literal.variable.name, symbol);
        return;
      }
      case 'atom':
        // What the analysis has found not to matter need not be satisfied.
        if (!clause.atoms.some(({ span }) => span === literal.span)) yield symbols;
        else yield* this.#satisfyAtom(place, literal, symbols);
        return;
      default:
    }
  }

  *#satisfyAtom(
    { cause, at, depth }: Place,
    literal: Literal & { kind: 'atom' },
    symbols: Symbols,
  ): Iterable<Symbols> {
    const read = relationOf(this.#index, literal.relation);
    const located = literal.negated ? read.location : placeColumn(read);
    const wanted = literal.arguments.map((argument, column) => {
      if (column === located) return at.node;
      if (argument.kind === 'wildcard') return literal.negated ? '_' : null;
      if (argument.kind === 'constant') return this.#causes.symbolOf(argument, symbols);
      return symbols.get(argument.name) ?? null;
    });
    if (literal.negated) {
      const isAbsent = cause.absences.some(
        (fact) =>
          fact.relation === literal.relation &&
          fact.at === at &&
          wanted.every((symbol, i) => symbol !== null && symbol === fact.arguments[i]),
      );
      if (isAbsent) yield symbols;
      return;
    }
    const goal: Goal = { relation: literal.relation, arguments: wanted, at };
    for (const fact of this.#matches(cause, goal)) {
      const bound = new Map(symbols);
      const agrees = literal.arguments.every((argument, column) => {
        if (argument.kind !== 'variable') return true;
        const symbol = fact.arguments[column]!;
        const known = bound.get(argument.name) ?? symbol;
        bound.set(argument.name, known);
        return known === symbol;
      });
      if (agrees) yield bound;
    }
    const isGround = literal.arguments.every(
      (argument, column) => argument.kind === 'wildcard' || wanted[column] !== null,
    );
    if (isGround && depth > 0 && this.#isDerived(cause, goal, depth - 1)) yield symbols;
  }

  /** Whether computed columns of the head come out as asked for. */
  #showsAsked(clause: Clause, asked: readonly (string | null)[], symbols: Symbols): boolean {
    return clause.rule.head.arguments.every((argument, column) => {
      const symbol = asked[column];
      if (symbol === null || symbol === undefined) return true;
      return argument.kind === 'term' && this.#causes.symbolOf(argument.term, symbols) === symbol;
    });
  }
}

/** Whether one moment comes before another at the same node. */
function isBefore(one: Moment, other: Moment): boolean {
  if (one.node !== other.node) return false;
  for (let at = one.later; at !== null; at = at.later) if (at === other) return true;
  return false;
}

function momentsOf(cause: Cause, and: Moment): ReadonlySet<Moment> {
  return new Set([and, ...cause.facts.map(({ at }) => at)]);
}
