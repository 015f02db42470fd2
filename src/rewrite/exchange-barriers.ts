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
import { isLatticeType } from '../semantics/lattice-shape.js';
import { barrierName } from '../semantics/builtin-relations.js';
import type { Body, Literal, Program, Relation, Rule } from '../semantics/program.js';
import type { Span } from '../base/span.js';
import type { EventFacts } from './exchange-events.js';
import { readsEvent } from './exchange-events.js';
import type { SoftRules } from './exchange-soft.js';
import type { Spread } from './exchange-spread.js';
import { atom, termArgument, variable, type Atom } from './exchange-terms.js';

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
  spread: Spread,
  { isEvent }: EventFacts,
  waiting: ReadonlySet<number>,
): Program {
  const [first] = waiting;
  if (first === undefined) return program;
  const { span } = program.rules[first]!.origin;
  const taken = new Set(program.relations.keys());
  const found: Found[] = [];
  const wait = (body: Body): Body =>
    readsEvent(body, isEvent)
      ? body
      : { ...body, literals: [...body.literals, barrierAtom(body.span)] };
  const rules = program.rules.map((rule): Rule => {
    if (!waiting.has(rule.id)) return rule;
    const waits = { ...rule, bodies: rule.bodies.map(wait) };
    if (!placesByAggregate(rule, spread)) return waits;
    const one = findFirst(waits, program.relations.get(rule.head.relation)!, taken);
    found.push(one);
    return one.rule;
  });
  const placing = found.map(({ then }, i) => ({ ...then, id: rules.length + i }));
  const made = found.map(({ relation }) => [relation.name, relation] as const);
  return {
    ...program,
    relations: new Map([...program.relations, ...made, [barrierName, barrierRelation(span)]]),
    rules: [...rules, ...placing],
  };
}

/** Whether it takes the aggregate to know where its tuple lives. */
function placesByAggregate({ head }: Rule, spread: Spread): boolean {
  const key = spread.get(head.relation) ?? [];
  return key.some((i) => head.arguments[i]?.kind === 'aggregate');
}

/** A rule in two: what it finds, and from there to where that belongs. */
interface Found {
  readonly relation: Relation;
  readonly rule: Rule;
  readonly then: Rule;
}

function findFirst(rule: Rule, head: Relation, taken: Set<string>): Found {
  let name = `${head.name}_found`;
  while (taken.has(name)) name += '_';
  taken.add(name);
  const { span } = rule.origin;
  const { columns } = head;
  const ordered = columns.filter(({ type }) => isLatticeType(type)).length;
  const relation: Relation = {
    ...barrierRelation(span),
    name,
    kind: 'scratch',
    columns,
    keyLength: columns.length - ordered,
    hasKey: ordered > 0,
    builtin: null,
  };
  const row = columns.map((column, i) => variable(`c${i + 1}`, column.type, span));
  return {
    relation,
    rule: { ...rule, head: { ...rule.head, relation: name, mode: 'now' } },
    then: {
      ...rule,
      labelled: false,
      head: { ...rule.head, arguments: row.map(termArgument) },
      bodies: [{ literals: [atom(name, row, span)], span }],
      aggregated: false,
    },
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

/** Whether a rule may wait, where no event triggers it: what it derives need not be there from the start. */
export function mayWait(
  { bodies, aggregated }: Rule,
  { kind }: Relation,
  { isEvent }: EventFacts,
): boolean {
  if (kind === 'static' || kind === 'lattice') return false;
  const waiting = bodies.filter((body) => !readsEvent(body, isEvent));
  return aggregated ? waiting.length === bodies.length : waiting.length > 0;
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
