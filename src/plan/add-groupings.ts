/**
 * Groups of what is kept: an aggregate that groups by a computed value gets a relation of its own of
 * the bindings that it ranges over, with that value as a column:
 *
 *     by_ten(k / 10, count<v>) :- kv(k, v);   =   t(g, k, v) :- kv(k, v), g = k / 10;
 *                                                 by_ten(g, count<v>) :- t(g, k, v);
 *
 * What is brought up to date computes the groups anew that a change has touched. Their bindings are
 * looked up in that relation; without it every tuple would have to be asked for its group. The same
 * goes for the key of a head whose values merge, and for what `@next`, `upsert` and `@async` ask for.
 *
 * Only rules that are brought up to date qualify. An aggregate may be over a join: it ranges over all
 * that this gives, in any case, and the relation holds that. A key whose values merge may not: it
 * needs its bindings only when one is lost, so the relation may be no larger than what one atom reads.
 */
import { isLatticeType } from '../semantics/lattice-shape.js';
import type {
  Body,
  HeadArgument,
  Literal,
  Pattern,
  Program,
  Relation,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import { supplementaryRelation } from './add-supplementaries.js';
import { isWorthUpkeep, momentaryRelations } from './choose-upkeep.js';
import { sharedVariables } from './plan-rule.js';

const GROUPS = 'groups ';

/** Whether a supplementary relation holds the groups of an aggregate. */
export function holdsGroups(relation: string): boolean {
  return relation.includes(GROUPS);
}

interface Grouping {
  readonly relation: Relation;
  /** The rule that fills it. */
  readonly filler: Rule;
  /** The aggregate over it. */
  readonly reader: Rule;
}

/** The same program with relations of groups where they pay. */
export function addGroupings(program: Program): Program {
  const groups = (rule: Rule): boolean => groupsByComputed(rule, program);
  if (!program.rules.some(groups)) return program;
  const momentary = momentaryRelations(program);
  const relations = new Map(program.relations);
  const made: Rule[] = [];
  let id = Math.max(...program.rules.map((rule) => rule.id));
  const rules = program.rules.map((rule) => {
    if (!groups(rule) || !isWorthUpkeep([rule], momentary)) return rule;
    const served = program.relations.get(rule.head.relation)!;
    const grouping = groupingOf(rule, served, relations.size, ++id);
    if (grouping === null) return rule;
    relations.set(grouping.relation.name, grouping.relation);
    made.push(grouping.filler);
    return grouping.reader;
  });
  return { ...program, relations, rules: [...rules, ...made] };
}

/** Whether it has a group that is computed, of what may change. */
function groupsByComputed({ head, aggregated, bodies }: Rule, program: Program): boolean {
  const { columns } = program.relations.get(head.relation)!;
  const isMerged = columns.some(({ type }) => isLatticeType(type));
  const isOfOne = bodies.length === 1 && atomsOf(bodies[0]!).length === 1;
  return (
    (aggregated || (isMerged && isOfOne)) &&
    head.mode !== 'delete' &&
    head.arguments.some((argument, i) => computed(argument, columns[i]!) !== null) &&
    bodies.every((body) => atomsOf(body).length > 0) &&
    bodies.some((body) =>
      // What a static holds never changes.
      atomsOf(body).some(({ relation }) => program.relations.get(relation)!.kind !== 'static'),
    )
  );
}

function atomsOf({ literals }: Body): readonly (Literal & { kind: 'atom' })[] {
  return literals.flatMap((literal) =>
    literal.kind === 'atom' && !literal.negated ? [literal] : [],
  );
}

/** The term of an argument that is part of the group and no variable. */
function computed(argument: HeadArgument, { type }: Relation['columns'][number]): Term | null {
  if (argument.kind !== 'term' || isLatticeType(type)) return null;
  const { kind } = argument.term;
  return kind === 'variable' || kind === 'constant' || kind === 'wildcard' ? null : argument.term;
}

/**
 * Null where a value that is bound may merge, and so grow without coming or going; where a variable
 * has one type in one body and one in another; where it is counted only because the head shows it.
 */
function groupingOf(rule: Rule, served: Relation, number: number, id: number): Grouping | null {
  const groups: Variable[] = [];
  const assigned: Literal[] = [];
  const parts = rule.head.arguments.map((argument, i): HeadArgument => {
    const term = computed(argument, served.columns[i]!);
    if (term === null) return argument;
    const { type, span } = term;
    const group: Variable = { kind: 'variable', name: `group ${groups.length + 1}`, type, span };
    groups.push(group);
    assigned.push({ kind: 'assign', variable: group, term, span });
    return { kind: 'term', term: group };
  });
  const bound = rule.bodies.map(
    ({ literals }) => new Map(literals.flatMap(boundIn).map((each) => [each.name, each])),
  );
  const shared = sharedVariables(rule);
  const typesOf = (name: string): ReadonlySet<string> =>
    new Set(bound.map((variables) => JSON.stringify(variables.get(name)!.type)));
  if (shared.some((name) => typesOf(name).size > 1)) return null;
  const columns = [...groups, ...shared.map((name) => bound[0]!.get(name)!)];
  if (columns.some(({ type }) => isLatticeType(type))) return null;
  const relation = supplementaryRelation(`${GROUPS}${number}`, columns, served);
  const { span } = rule.head;
  const first = rule.bodies[0]!;
  const atom = {
    kind: 'atom',
    negated: false,
    relation: relation.name,
    arguments: columns,
  } as const;
  const reader: Rule = {
    ...rule,
    head: { ...rule.head, arguments: parts },
    bodies: [{ ...first, literals: [{ ...atom, span: first.span }] }],
  };
  const still = new Set(sharedVariables(reader));
  if (!shared.every((name) => still.has(name))) return null;
  return {
    relation,
    reader,
    filler: {
      ...rule,
      id,
      labelled: false,
      aggregated: false,
      head: {
        relation: relation.name,
        mode: 'now',
        arguments: columns.map((term) => ({ kind: 'term', term })),
        span,
      },
      bodies: rule.bodies.map((body) => ({ ...body, literals: [...body.literals, ...assigned] })),
      origin: { ...rule.origin, rewrite: 'relation of groups' },
    },
  };
}

/** The variables that a literal may bind. */
function boundIn(literal: Literal): readonly Variable[] {
  if (literal.kind === 'assign') return [literal.variable];
  if (literal.kind === 'condition') return [];
  if (literal.kind === 'match') return patternVariables(literal.pattern);
  if (literal.negated) return [];
  if (literal.kind === 'member') return patternVariables(literal.pattern);
  return literal.arguments.flatMap((part) => (part.kind === 'variable' ? [part] : []));
}

function patternVariables(pattern: Pattern): readonly Variable[] {
  if (pattern.kind === 'variable') return [pattern];
  return pattern.kind === 'pattern' ? pattern.items.flatMap(patternVariables) : [];
}
