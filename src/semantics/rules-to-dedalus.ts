/**
 * Rules of a `.bloom` program as clauses of the Dedalus dialect; see program-to-dedalus.ts for what
 * becomes of each mode. A rule with alternatives becomes one clause for each; if it aggregates over
 * them, a relation of its own collects the bindings of the variables that all of them bind.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type { DedalusClause } from '../syntax/dedalus-ast.js';
import { freeVariable, placeBody, sharedVariables, type Placed } from './bodies-to-dedalus.js';
import { termArguments } from './dedalus-syntax.js';
import { atom, clause, type DedalusWords } from './dedalus-words.js';
import type { HeadArgument, Relation, Rule } from './program.js';
import { identifier } from './term-to-syntax.js';

/** A relation of what some `delete` rules of a table take away. */
interface Deletion {
  readonly name: string;
  /** By place, then column: whether it stands in the relation; any value of the others goes. */
  readonly isNamed: readonly boolean[];
}

/** Writes rules as clauses; errors go to the reporter. */
export class DedalusRules {
  readonly #words: DedalusWords;
  readonly #deletions = new Map<string, Deletion[]>();
  readonly #replacements = new Map<string, string>();

  constructor(words: DedalusWords) {
    this.#words = words;
  }

  rule(rule: Rule): readonly DedalusClause[] {
    const bodies = rule.bodies.map((body) => placeBody(this.#words, body));
    const { head } = rule;
    if (!rule.aggregated || bodies.length === 1)
      return bodies.flatMap((body) => this.#clauses(rule, this.#arguments(rule, body), body));
    const shared = sharedVariables(rule.bodies).map((text): ast.Term => ({
      kind: 'name',
      text,
      span: head.span,
    }));
    const any = this.#words.free(`${this.#words.nameOf(head.relation)}.any`);
    const [first] = bodies;
    const collected = bodies.map(({ here, literals }) =>
      clause(any, termArguments([here, ...shared]), 'now', literals, head.span),
    );
    const all: Placed = {
      here: first!.here,
      literals: [atom(any, [first!.here, ...shared], head.span)],
    };
    return [...collected, ...this.#clauses(rule, this.#arguments(rule, all), all)];
  }

  /** How a table keeps its tuples; none for other relations. */
  persistence(relation: Relation): readonly DedalusClause[] {
    if (relation.kind !== 'table') return [];
    const { name, span, columns, location, keyLength } = relation;
    const own = this.#words.nameOf(name);
    const terms = columns.map(({ name: text }): ast.Term => ({ kind: 'name', text, span }));
    const here = location === null ? freeVariable(columns.map((column) => column.name)) : null;
    const place: ast.Term = here === null ? terms[location!]! : { kind: 'name', text: here, span };
    const others = terms.filter((_, i) => i !== location);
    const body = [atom(own, [place, ...others], span)];
    for (const { name: deleted, isNamed } of this.#deletions.get(name) ?? []) {
      const by = [place, ...others].filter((_, i) => isNamed[i]);
      body.push(atom(deleted, by, span, true));
    }
    const replaced = this.#replacements.get(name);
    const kept = terms.map((term, i): ast.Term =>
      i < keyLength ? term : { kind: 'wildcard', span },
    );
    if (replaced !== undefined) {
      const key = kept.filter((_, i) => i !== location);
      body.push(atom(replaced, [place, ...key], span, true));
    }
    const items = termArguments([place, ...others]);
    const clauses = [clause(own, items, 'next', body, span)];
    if (replaced !== undefined)
      clauses.push(clause(own, items, 'next', [atom(replaced, [place, ...others], span)], span));
    return clauses;
  }

  /** The head's arguments, the place first. */
  #arguments({ head }: Rule, { here }: Placed): readonly ast.HeadArgument[] {
    const { location } = this.#words.program.relations.get(head.relation)!;
    const items = head.arguments.map((argument) => this.#argument(argument, head.span));
    const isSent = head.mode === 'async' && location !== null;
    const place = isSent ? items[location]! : termArguments([here])[0]!;
    return [place, ...items.filter((_, i) => i !== location)];
  }

  #argument(argument: HeadArgument, span: Span): ast.HeadArgument {
    if (argument.kind === 'term')
      return { kind: 'term', name: null, term: this.#words.sayable(argument.term), span };
    return {
      kind: 'aggregate',
      name: null,
      function: identifier(argument.function, argument.span),
      arguments: argument.arguments.map((term) => this.#words.sayable(term)),
      span: argument.span,
    };
  }

  #clauses(rule: Rule, items: readonly ast.HeadArgument[], body: Placed): readonly DedalusClause[] {
    const { mode, relation, span } = rule.head;
    const name = this.#words.nameOf(relation);
    switch (mode) {
      case 'now':
      case 'next':
        return [clause(name, items, mode, body.literals, span)];
      case 'upsert':
        return [clause(this.#replacement(relation), items, 'now', body.literals, span)];
      case 'delete':
        return [this.#deletion(relation, items, body, span)];
      case 'async':
        return this.#sends(rule, name, items, body);
    }
  }

  /** `_` in the head of a `delete` is every value: such a column is not among those deleted by. */
  #deletion(
    relation: string,
    items: readonly ast.HeadArgument[],
    { literals }: Placed,
    span: Span,
  ): DedalusClause {
    const isNamed = items.map((item) => item.kind !== 'term' || item.term.kind !== 'wildcard');
    const known = this.#deletions.get(relation) ?? [];
    this.#deletions.set(relation, known);
    let same = known.find((other) => other.isNamed.every((named, i) => named === isNamed[i]));
    if (same === undefined) {
      same = { name: this.#words.free(`${this.#words.nameOf(relation)}.deleted`), isNamed };
      known.push(same);
    }
    return clause(
      same.name,
      items.filter((_, i) => isNamed[i]),
      'now',
      literals,
      span,
    );
  }

  /**
   * Tuples of an event leave as they are derived. What stands is sent when it begins to stand; and
   * an aggregate is one of its sender's, so that it is made there first.
   */
  #sends(
    rule: Rule,
    name: string,
    items: readonly ast.HeadArgument[],
    { here, literals }: Placed,
  ): readonly DedalusClause[] {
    const { span } = rule.head;
    if (rule.eventDriven && !rule.aggregated) return [clause(name, items, 'async', literals, span)];
    const isLocal = this.#words.program.relations.get(rule.head.relation)!.location === null;
    const due = this.#words.free(`${name}.due`);
    const [sender, ...columns] = ['node', ...items.map((_, i) => `c${i + 1}`)].map(
      (text): ast.Term => ({ kind: 'name', text, span }),
    );
    const own = isLocal ? columns.slice(1) : columns;
    const made = isLocal ? items.slice(1) : items;
    const receiver = isLocal ? [sender!, ...own] : own;
    const clauses = [clause(due, [...termArguments([here]), ...made], 'now', literals, span)];
    const wanted = [atom(due, [sender!, ...own], span)];
    if (!rule.eventDriven) {
      const sent = this.#words.free(`${name}.sent`);
      const kept = termArguments([sender!, ...own]);
      clauses.push(clause(sent, kept, 'next', [...wanted], span));
      wanted.push(atom(sent, [sender!, ...own], span, true));
    }
    return [...clauses, clause(name, termArguments(receiver), 'async', wanted, span)];
  }

  /** The relation of what is put in another tuple's place in a timestep. */
  #replacement(relation: string): string {
    const known = this.#replacements.get(relation);
    if (known !== undefined) return known;
    const made = this.#words.free(`${this.#words.nameOf(relation)}.replaced`);
    this.#replacements.set(relation, made);
    return made;
  }
}
