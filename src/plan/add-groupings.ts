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
 * Only bodies with one positive atom qualify, so that the relation is no larger than what the atom
 * reads, and only of rules that are brought up to date.
 */
import { isLatticeType } from '../semantics/lattice-shape.js';
import type {
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

/** Whether it is over one atom, with a group that is computed. */
function groupsByComputed({ head, aggregated, bodies }: Rule, program: Program): boolean {
  const [body, ...others] = bodies;
  const { columns } = program.relations.get(head.relation)!;
  const hasGroups = aggregated || columns.some(({ type }) => isLatticeType(type));
  if (!hasGroups || head.mode === 'delete' || body === undefined || others.length > 0) return false;
  const atoms = body.literals.flatMap((literal) =>
    literal.kind === 'atom' && !literal.negated ? [literal] : [],
  );
  // What a static holds never changes.
  const changes = atoms.every(({ relation }) => program.relations.get(relation)!.kind !== 'static');
  return (
    changes &&
    atoms.length === 1 &&
    head.arguments.some((argument, i) => computed(argument, columns[i]!) !== null)
  );
}

/** The term of an argument that is part of the group and no variable. */
function computed(argument: HeadArgument, { type }: Relation['columns'][number]): Term | null {
  if (argument.kind !== 'term' || isLatticeType(type)) return null;
  const { kind } = argument.term;
  return kind === 'variable' || kind === 'constant' || kind === 'wildcard' ? null : argument.term;
}

/** Null where a value may merge, and so grow without coming or going. */
function groupingOf(rule: Rule, served: Relation, number: number, id: number): Grouping | null {
  const body = rule.bodies[0]!;
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
  const bound = new Map(body.literals.flatMap(boundIn).map((each) => [each.name, each]));
  const columns = [...groups, ...sharedVariables(rule).map((name) => bound.get(name)!)];
  if (columns.some(({ type }) => isLatticeType(type))) return null;
  const relation = supplementaryRelation(`${GROUPS}${number}`, columns, served);
  const { span } = rule.head;
  const atom = {
    kind: 'atom',
    negated: false,
    relation: relation.name,
    arguments: columns,
  } as const;
  return {
    relation,
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
      bodies: [{ ...body, literals: [...body.literals, ...assigned] }],
      origin: { ...rule.origin, rewrite: 'relation of groups' },
    },
    reader: {
      ...rule,
      head: { ...rule.head, arguments: parts },
      bodies: [{ ...body, literals: [{ ...atom, span: body.span }] }],
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
