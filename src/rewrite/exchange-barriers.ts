/**
 * Which rules over cluster-wide relations wait until what they read is complete at all nodes
 * (LANGUAGE 9). As few as possible: a conclusion that may turn out wrong is drawn at once where it is
 * only shown as a view, at the node where it is drawn. A rule waits whose conclusion would be kept or
 * released, or on whose conclusion another rests that goes to other nodes.
 *
 * In a rule that waits stands a literal over a relation without columns, which holds once everything
 * below is complete; under it the other literals read sets that do not change (lower-barriers.ts makes
 * it happen).
 */
import { barrierName } from '../semantics/builtin-relations.js';
import type { Body, Literal, Program, Relation, Rule } from '../semantics/program.js';
import type { Span } from '../base/span.js';
import type { EventFacts } from './exchange-events.js';
import { readsEvent } from './exchange-events.js';
import type { SoftRules } from './exchange-soft.js';
import { atom, type Atom } from './exchange-terms.js';

export function barrierAtom(span: Span): Atom {
  return atom(barrierName, [], span);
}

export function isBarrier(literal: Literal): boolean {
  return literal.kind === 'atom' && literal.relation === barrierName;
}

export function hasBarrier({ literals }: Pick<Body, 'literals'>): boolean {
  return literals.some(isBarrier);
}

/** The program in which these rules wait, where no event triggers them. */
export function withBarriers(
  program: Program,
  { isEvent }: EventFacts,
  waiting: ReadonlySet<number>,
): Program {
  const [first] = waiting;
  if (first === undefined) return program;
  const { span } = program.rules[first]!.origin;
  const wait = (body: Body): Body =>
    readsEvent(body, isEvent)
      ? body
      : { ...body, literals: [...body.literals, barrierAtom(body.span)] };
  return {
    ...program,
    relations: new Map([...program.relations, [barrierName, barrierRelation(span)]]),
    rules: program.rules.map((rule) =>
      waiting.has(rule.id) ? { ...rule, bodies: rule.bodies.map(wait) } : rule,
    ),
  };
}

function barrierRelation(span: Span): Relation {
  return {
    name: barrierName,
    kind: 'table',
    columns: [],
    keyLength: 0,
    hasKey: false,
    location: null,
    partition: null,
    builtin: 'barrier',
    durable: false,
    declared: false,
    periodMs: null,
    eventDriven: false,
    observable: null,
    doc: null,
    span,
  };
}

/** Whether a rule may wait: no event triggers it, and what it derives need not be there from the start. */
export function mayWait({ bodies }: Rule, { kind }: Relation, { isEvent }: EventFacts): boolean {
  if (kind === 'static' || kind === 'lattice') return false;
  return !bodies.some((body) => readsEvent(body, isEvent));
}

/** The rules that draw the conclusions on which a relation rests. */
export function rootsOf(
  { rules }: Program,
  soft: SoftRules,
  relations: Iterable<string>,
): readonly Rule[] {
  const roots = new Set<Rule>();
  const seen = new Set(relations);
  for (const name of seen) {
    if (!soft.derived.has(name)) continue;
    for (const rule of rules) {
      if (rule.head.relation !== name || !soft.rules.has(rule)) continue;
      if (soft.own.has(rule)) roots.add(rule);
      else
        for (const literal of rule.bodies.flatMap(({ literals }) => literals))
          if (literal.kind === 'atom') seen.add(literal.relation);
    }
  }
  return [...roots];
}
