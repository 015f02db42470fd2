/**
 * What must have held for a body to be satisfied: its literals, and what their relations are defined
 * by, unfolded backwards through rules, timesteps and messages.
 *
 * A tuple of a relation that only rules fill is there because one of them fired: a scratch in the
 * same timestep, a `@next` tuple in the one before, a message in some earlier timestep of its sender.
 * A *cause* is one such history: facts, each at a *moment* (a timestep of a node) of a chain in which
 * every moment comes before the one it leads to. Where several rules could have fired, there are
 * several causes, and what is claimed must follow from each. Symbols stand for values: a variable of
 * the body under its name, a constant as its text, a computed value as its expression, and names with
 * `~` for what is not known. Equal symbols are equal values; of different ones nothing is claimed.
 *
 * This is the unfolding of definitions (Clark's completion, 1978) over time and space, bounded in
 * depth and number; where a bound is hit, less is known, never more.
 */
import { valueText } from '../base/value-text.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { AtomArgument, Constant, Literal, Relation, Term } from '../semantics/program.js';
import { callsOpaque } from './opaque-functions.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

/** A timestep of a node; `later` is one that comes after it, null for that of the body itself. */
export interface Moment {
  readonly node: string;
  readonly later: Moment | null;
}
export interface CauseFact {
  readonly relation: string;
  readonly arguments: readonly string[];
  readonly at: Moment;
  readonly depth: number;
}
export interface Cause {
  readonly facts: readonly CauseFact[];
  /** What the negated literals of the body and of the rules that fired say, with `_` for what they leave open. */
  readonly absences: readonly CauseFact[];
  /** Conditions that hold, as text over symbols. */
  readonly conditions: ReadonlySet<string>;
  /** What symbols must be for the rules to have fired. */
  readonly constants: ReadonlyMap<string, Constant>;
}

export type Symbols = Map<string, string>;

const mostCauses = 12;
const mostFacts = 40;
const mostDepth = 6;

export class Causes {
  readonly #index: ProgramIndex;
  #fresh = 0;

  constructor(index: ProgramIndex) {
    this.#index = index;
  }

  /** Symbols for a clause whose variables stand for themselves. */
  symbolsOf(clause: Clause): Symbols {
    return this.bindBody(clause, new Map(), (name) => name);
  }

  /** The moment of a clause's own body. */
  momentOf(clause: Clause, symbols: Symbols): Moment {
    const node = nodeVariable(this.#index, clause);
    return { node: (node === null ? undefined : symbols.get(node)) ?? '@here', later: null };
  }

  /** What a body says by itself, the given atoms left aside. */
  bodyOf(
    clause: Clause,
    symbols: Symbols,
    at: Moment,
    without?: ReadonlySet<Atom>,
    depth = 0,
  ): Cause {
    const read = clause.atoms.filter((atom) => without?.has(atom) !== true);
    const fact = ({ relation, arguments: given, negated }: Atom): CauseFact =>
      this.factOf(relation, given, symbols, at, depth, negated ? '_' : null);
    return {
      facts: read.filter((atom) => !atom.negated).map(fact),
      absences: read.filter((atom) => atom.negated).map(fact),
      conditions: new Set(this.conditionsOf(clause, symbols)),
      constants: new Map(),
    };
  }

  /** All that may have led to a body. */
  causesOf(clause: Clause, without?: ReadonlySet<Atom>): readonly Cause[] {
    return [...this.eachCauseOf(clause, without)];
  }

  /** The same one by one, for whoever may soon have seen enough. */
  eachCauseOf(clause: Clause, without?: ReadonlySet<Atom>): Iterable<Cause> {
    const symbols = this.symbolsOf(clause);
    const now = this.momentOf(clause, symbols);
    return this.#unfoldAll(this.bodyOf(clause, symbols, now, without), null);
  }

  /** All that may have led to a fact, a stored one included, which did not hold from the start. */
  historiesOf(fact: CauseFact): readonly Cause[] {
    const start = { absences: [], conditions: new Set<string>(), constants: new Map() };
    return [...this.#unfoldAll({ facts: [fact], ...start }, fact.at)];
  }

  /** Binds what the body computes; `name` gives the symbols of the other variables. */
  bindBody(clause: Clause, given: Symbols, name: (variable: string) => string): Symbols {
    const symbols = new Map(given);
    for (const variable of clause.occurrences.keys())
      if (!symbols.has(variable) && !isComputed(clause, variable))
        symbols.set(variable, name(variable));
    for (const literal of clause.body.literals)
      if (literal.kind === 'assign' && !symbols.has(literal.variable.name))
        symbols.set(literal.variable.name, this.symbolOf(literal.term, symbols));
    return symbols;
  }

  conditionsOf(clause: Clause, symbols: Symbols): readonly string[] {
    if (callsOpaque(this.#index.program, clause.rule, clause.body)) return [];
    return clause.body.literals.flatMap((literal) =>
      literal.kind === 'condition' ? [this.symbolOf(literal.term, symbols)] : [],
    );
  }

  factOf(
    name: string,
    given: readonly AtomArgument[],
    symbols: Symbols,
    at: Moment,
    depth: number,
    open: string | null = null,
  ): CauseFact {
    const { location, builtin } = relationOf(this.#index, name);
    // What is not `self` is some other node.
    const place = builtin === 'self' && open === null ? 0 : location;
    const all = given.map((argument, column) => {
      if (column === place) return at.node;
      return argument.kind === 'wildcard'
        ? (open ?? this.fresh())
        : this.symbolOf(argument, symbols);
    });
    return { relation: name, arguments: all, at, depth };
  }

  fresh(): string {
    return `~${this.#fresh++}`;
  }

  /** Equal symbols for equal terms over equal symbols. */
  symbolOf(term: Term, symbols: Symbols): string {
    const of = (part: Term): string => this.symbolOf(part, symbols);
    switch (term.kind) {
      case 'variable':
        return symbols.get(term.name) ?? this.fresh();
      case 'constant':
        return valueText(term.value);
      case 'wildcard':
        return this.fresh();
      case 'apply':
        return `=${term.function}(${term.arguments.map(of).join(', ')})`;
      case 'if':
        return `=if(${[term.condition, term.then, term.else].map(of).join(', ')})`;
      case 'map':
        return `=map(${term.entries.map((entry) => entry.map(of).join(': ')).join(', ')})`;
      default:
        return `=${term.kind}(${term.items.map(of).join(', ')})`;
    }
  }

  *#unfoldAll(start: Cause, tablesAt: Moment | null): Generator<Cause> {
    let done = 0;
    const waiting: { cause: Cause; next: number }[] = [{ cause: start, next: 0 }];
    while (waiting.length > 0) {
      const { cause, next } = waiting.pop()!;
      const fact = cause.facts[next];
      if (fact === undefined || cause.facts.length > mostFacts) {
        done++;
        yield cause;
        continue;
      }
      const clauses = this.#definition(fact, tablesAt);
      const room = done + waiting.length + (clauses?.length ?? 0) <= mostCauses;
      if (clauses === null || !room) {
        waiting.push({ cause, next: next + 1 });
        continue;
      }
      for (const clause of clauses) {
        const more = this.#unfold(cause, fact, clause);
        if (more !== null) waiting.push({ cause: more, next: next + 1 });
      }
    }
  }

  /** The rules of which one must have fired for the fact; null if it may be there without any. */
  #definition(fact: CauseFact, tablesAt: Moment | null): readonly Clause[] | null {
    const relation = relationOf(this.#index, fact.relation);
    const clauses = clausesOf(this.#index, fact.relation);
    const { kind, columns, builtin } = relation;
    const isTable = kind === 'table' && tablesAt !== null && fact.at === tablesAt;
    const isFresh =
      kind !== 'table' && kind !== 'static' && kind !== 'input' && kind !== 'periodic';
    if (clauses.length === 0 || builtin !== null || !(isTable || isFresh)) return null;
    if (columns.some(({ type }) => isLatticeType(type))) return null;
    if (fact.depth >= mostDepth || (!isTable && this.#index.factCounts.has(fact.relation)))
      return null;
    return clauses.filter(({ rule }) => rule.head.mode !== 'delete');
  }

  /** The cause with the body of a clause that derived the fact; null if it cannot have. */
  #unfold(cause: Cause, fact: CauseFact, clause: Clause): Cause | null {
    const matched = matchHead(cause, fact, clause);
    if (matched === null) return null;
    const { symbols, constants } = matched;
    const { mode } = clause.rule.head;
    const node = nodeVariable(this.#index, clause);
    const isHere = mode !== 'async' || relationOf(this.#index, fact.relation).kind === 'loopback';
    if (isHere && node !== null) symbols.set(node, fact.at.node);
    const body = this.bindBody(clause, symbols, () => this.fresh());
    const sender = (node === null ? undefined : body.get(node)) ?? this.fresh();
    // A stored tuple may have come in any timestep up to this one.
    const isNow = mode === 'now' && relationOf(this.#index, fact.relation).kind !== 'table';
    const at: Moment = isNow ? fact.at : { node: isHere ? fact.at.node : sender, later: fact.at };
    const said = this.bodyOf(clause, body, at, undefined, fact.depth + 1);
    return {
      facts: [...cause.facts, ...said.facts],
      absences: [...cause.absences, ...said.absences],
      conditions: new Set([...cause.conditions, ...said.conditions]),
      constants,
    };
  }
}

/** Symbols for the variables of a head that is the fact, and what they must be for it to match. */
function matchHead(
  cause: Cause,
  fact: CauseFact,
  clause: Clause,
): { readonly symbols: Symbols; readonly constants: Cause['constants'] } | null {
  const symbols: Symbols = new Map();
  const constants = new Map(cause.constants);
  for (const [column, argument] of clause.rule.head.arguments.entries()) {
    const symbol = fact.arguments[column]!;
    if (argument.kind !== 'term') continue;
    const { term } = argument;
    if (term.kind === 'variable') {
      if (!symbols.has(term.name)) symbols.set(term.name, symbol);
    } else if (term.kind === 'constant') {
      const text = valueText(term.value);
      const known = constants.get(symbol);
      if (
        isPlain(symbol) ? symbol !== text : known !== undefined && valueText(known.value) !== text
      )
        return null;
      constants.set(symbol, term);
    }
  }
  return { symbols, constants };
}

/** Whether a symbol is the text of a constant: two of them are equal or differ. */
function isPlain(symbol: string): boolean {
  return /^(["(]|-?\d|true$|false$|null$)/.test(symbol);
}

/** The variable that names the node at which a clause fires; null if none does. */
export function nodeVariable(index: ProgramIndex, clause: Clause): string | null {
  for (const atom of clause.atoms) {
    const place = placeColumn(relationOf(index, atom.relation));
    const argument = atom.negated || place === null ? undefined : atom.arguments[place];
    if (argument?.kind === 'variable') return argument.name;
  }
  return null;
}

/** The column that holds the node at which a tuple lives. */
export function placeColumn({ builtin, location }: Relation): number | null {
  return builtin === 'self' ? 0 : location;
}

/** Whether an assignment of the body gives the variable its value. */
function isComputed(clause: Clause, variable: string): boolean {
  return clause.body.literals.some(
    (literal) => literal.kind === 'assign' && literal.variable.name === variable,
  );
}

/** Literals whose truth these symbols do not capture. */
export function isBeyondSymbols(literal: Literal): boolean {
  return literal.kind === 'match' || literal.kind === 'member';
}
