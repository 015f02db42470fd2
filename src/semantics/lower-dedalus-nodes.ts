/**
 * A `.ded` program as the `.bloom` program that every node runs by itself:
 *
 *     location            the `@` column: a node holds the tuples that name it
 *     p(..) :- body       the same rule, its place one variable for all literals and the head
 *     p(..)@next          the same
 *     p(..)@async         `p@async(..)@async`, a channel, and `p(..) :- p@async(..)`
 *     p(..)@k;            k = 1: a fact at boot; later: when the node's own time is k
 *     p(..) at k in body  `p@k(..)`, a table that takes up what `p` holds when `time@(k)`
 *     clock(a, b, t, u)   at the node's own time t, for all nodes b;  crash: nothing crashes
 *
 * `time@` counts the node's own timesteps, up to the last time that the program names. Assertions
 * look at several nodes and are left out here: see lower-dedalus-assertions.ts. A protocol rule
 * that names several places has been warned about; its other places are this node's too, and a
 * head elsewhere is sent.
 */
import type * as ast from '../syntax/ast.js';
import type { DedalusAtom } from '../syntax/dedalus-ast.js';
import { isSamePlace, type DedalusPlaces } from './place-dedalus.js';
import {
  atomsOf,
  isPlaced,
  type DedalusProgram,
  type DedalusRelation,
  type DedalusRule,
} from './dedalus-program.js';
import { Lowering, type LoweredModule, type Placed } from './dedalus-lowering.js';
import {
  atom,
  binding,
  channelOf,
  clause,
  columnVariables,
  comparison,
  declaration,
  headOf,
  numberTerm,
  plainColumns,
  termArguments,
  timeRelation,
} from './dedalus-syntax.js';

export function lowerNodes(program: DedalusProgram, places: DedalusPlaces): LoweredModule {
  const lowering = new Lowering(program);
  const relations = [...program.relations.values()].filter(
    ({ name }) => !places.assertions.has(name),
  );
  for (const relation of relations) lowering.declareRelation(relation, isPlaced(relation));
  const sent = new Set<string>();
  for (const rule of program.rules) {
    if (!places.assertions.has(rule.head.relation.text)) new RulePlacer(lowering, rule).add(sent);
    // What assertions ask about a point in time, the nodes remember for them.
    else
      for (const read of atomsOf(rule.body))
        if (!places.assertions.has(read.relation.text)) lowering.relationRead(read);
  }
  for (const fact of program.facts)
    if (!places.assertions.has(fact.head.relation.text))
      lowering.addFact(fact, (items) =>
        isPlaced(program.relations.get(fact.head.relation.text)!)
          ? placeFact(lowering, items)
          : { items, literals: [] },
      );
  for (const relation of relations) {
    lowering.addAlways(relation, isPlaced(relation));
    if (sent.has(relation.name)) addChannel(lowering, relation);
  }
  lowering.addHeld(isPlaced);
  lowering.addTime();
  if (program.lastTime === null) addClock(lowering);
  return lowering.finish();
}

function addChannel(lowering: Lowering, { name, arity, span }: DedalusRelation): void {
  const columns = columnVariables(arity, span);
  const channel = channelOf(name);
  lowering.declare(declaration('channel', channel, plainColumns(arity, true, span), span));
  const body = [atom(channel, columns, span)];
  lowering.add(clause(headOf(name, termArguments(columns), 'now', span), body, span));
}

/** A fact with a time is derived at the node that it names. */
function placeFact(lowering: Lowering, items: readonly ast.HeadArgument[]): Placed {
  const [place, ...others] = items;
  if (place?.kind !== 'term') return { items, literals: [] };
  const here = lowering.fresh.next(place.span);
  const literals = [
    atom('self', [here], place.span),
    comparison(here, '==', place.term, place.span),
  ];
  return { items: [{ ...place, term: here }, ...others], literals };
}

/** Puts all literals of a rule at one node. */
class RulePlacer {
  readonly #lowering: Lowering;
  readonly #rule: DedalusRule;
  readonly #here: ast.Term;
  readonly #first: ast.Term | null;
  readonly #literals: ast.Literal[] = [];
  readonly #bound = new Set<string>();

  constructor(lowering: Lowering, rule: DedalusRule) {
    this.#lowering = lowering;
    this.#rule = rule;
    const first = atomsOf(rule.body).find((read) => this.#isPlaced(read.relation));
    this.#first = first?.arguments[0] ?? null;
    const span = first?.span ?? rule.span;
    this.#here = this.#first?.kind === 'name' ? this.#first : lowering.fresh.next(span);
  }

  add(sent: Set<string>): void {
    const { head, body, span } = this.#rule;
    const placed = atomsOf(body).some(({ relation }) => this.#isPlaced(relation));
    if (!placed && this.#isPlaced(head.relation))
      this.#literals.push(atom('self', [this.#here], span));
    for (const literal of body)
      this.#literals.push(literal.kind === 'atom' ? this.#place(literal) : literal);
    const [place, ...others] = head.arguments;
    const name = head.relation.text;
    const isHere = place?.kind === 'term' && this.#isHere(place.term);
    if (!this.#isPlaced(head.relation)) {
      const time = head.time === 'now' ? 'now' : 'next';
      const made = headOf(name, head.arguments, time, head.span);
      return this.#lowering.add(clause(made, this.#literals, span), this.#rule);
    }
    if (head.time === 'async' || (place !== undefined && !isHere)) {
      sent.add(name);
      const made = headOf(channelOf(name), head.arguments, 'async', head.span);
      return this.#lowering.add(clause(made, this.#literals, span), this.#rule);
    }
    const items = place?.kind === 'term' ? [{ ...place, term: this.#here }, ...others] : [];
    const made = headOf(name, items, head.time as 'now' | 'next', head.span);
    this.#lowering.add(clause(made, this.#literals, span), this.#rule);
  }

  #isPlaced({ text }: ast.Identifier): boolean {
    return isPlaced(this.#lowering.program.relations.get(text)!);
  }

  #isHere(term: ast.Term): boolean {
    return (
      (this.#first !== null && isSamePlace(this.#first, term)) || isSamePlace(this.#here, term)
    );
  }

  #place(literal: DedalusAtom): ast.Literal {
    const relation = this.#lowering.relationRead(literal);
    const [place, ...others] = literal.arguments;
    if (place === undefined || !this.#isPlaced(literal.relation))
      return atom(relation, literal.arguments, literal.span, literal.negated);
    this.#isAt(place);
    const own = { ...this.#here, span: place.span };
    return atom(relation, [own, ...others], literal.span, literal.negated);
  }

  /** Notes what the place of a literal says of this node. */
  #isAt(place: ast.Term): void {
    if (place.kind === 'wildcard' || isSamePlace(place, this.#here)) return;
    if (place.kind !== 'name') this.#literals.push(comparison(this.#here, '==', place, place.span));
    else if (!this.#bound.has(place.text)) {
      this.#bound.add(place.text);
      this.#literals.push(binding(place, this.#here, place.span));
    }
  }
}

function addClock(lowering: Lowering): void {
  const { span } = lowering.program.relations.get('clock')!;
  const [from, to, now] = ['n', 'm', 't'].map((text): ast.Term => ({ kind: 'name', text, span }));
  const one = numberTerm(1, span);
  const then: ast.Term = { kind: 'binary', operator: '+', left: now!, right: one, span };
  const body = [
    atom(timeRelation, [now!], span),
    atom('self', [from!], span),
    atom('cluster', [to!], span),
  ];
  const items = termArguments([from!, to!, now!, then]);
  lowering.add(clause(headOf('clock', items, 'now', span), body, span));
}
