/**
 * Drafted clauses to the rules and facts of a program. The heads of a clause share its bodies and
 * its name; each becomes a rule, or a fact, of its own.
 */
import type { Row } from '../base/value.js';
import { buildBody, checkFits, type BuiltBody } from './build-body.js';
import { isClosed } from './constants.js';
import { evaluateTyped } from './define-constants.js';
import { isAggregated, type ClauseDraft, type HeadDraft } from './draft.js';
import type { Constant, Fact, Head, HeadArgument, Rule, Term } from './program.js';
import { unknownType } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Typing } from './solve-variables.js';
import { typeAggregate } from './type-aggregate.js';
import { aggregateFits, latticeTerm } from './lattice-types.js';
import { isLatticeType } from './lattice-shape.js';
import { plainTerm } from './type-lattice-call.js';
import { typeTerm, type Scope } from './type-term.js';
import type { Type } from './types.js';

/** A rule before it is known which relations are event-driven. */
export type BareRule = Omit<Rule, 'eventDriven'>;

export interface BuiltClauses {
  readonly rules: readonly BareRule[];
  readonly facts: readonly Fact[];
}

export function buildClauses(
  clauses: readonly ClauseDraft[],
  typing: Typing,
  reporter: Reporter,
): BuiltClauses {
  const rules: BareRule[] = [];
  const facts: Fact[] = [];
  for (const clause of clauses) {
    if (clause.bodies === null) {
      const scope: Scope = { ...typing, reporter, variableType: () => undefined };
      for (const head of clause.heads) {
        const row = buildRow(head, scope);
        if (row !== null)
          facts.push({
            relation: head.relation.name,
            row,
            name: clause.name,
            span: head.source.span,
          });
      }
    } else {
      const bodies = clause.bodies.map((body) => buildBody(body, typing, reporter));
      for (const head of clause.heads) rules.push(buildRule(rules.length, clause, head, bodies));
    }
  }
  return { rules, facts };
}

/** A head's term as its column wants it: a lattice value, or a plain one. */
function columnTerm(term: Term, type: Type): Term {
  return isLatticeType(type) ? latticeTerm(term, type) : plainTerm(term);
}

function buildRow(head: HeadDraft, scope: Scope): Row | null {
  if (head.arguments === null) return null;
  const values: Constant[] = [];
  for (const [i, argument] of head.arguments.entries()) {
    const column = head.relation.columns[i]!;
    if (argument.kind !== 'term' || argument.term.kind === 'wildcard') continue;
    const typed = columnTerm(typeTerm(argument.term, scope, column.type), column.type);
    const value = isClosed(typed) ? evaluateTyped(typed, column.type, scope.reporter) : null;
    if (value !== null && checkFits(value, column, head.relation.name, scope.reporter))
      values.push(value);
  }
  return values.length === head.relation.columns.length ? values.map((value) => value.value) : null;
}

function buildRule(
  id: number,
  clause: ClauseDraft,
  head: HeadDraft,
  bodies: readonly BuiltBody[],
): BareRule {
  return {
    id,
    name: clause.name,
    labelled: clause.labelled,
    head: buildHead(head, bodies),
    bodies: bodies.map((built) => built.body),
    aggregated: isAggregated(head),
    doc: clause.source.doc,
    origin: { rule: clause.name, span: clause.source.span, rewrite: null },
  };
}

/** The head, typed against every alternative; the first one's typing stands. */
function buildHead(head: HeadDraft, bodies: readonly BuiltBody[]): Head {
  const built = bodies.map(({ scope }) =>
    (head.arguments ?? []).map((_, i) => buildArgument(head, i, scope)),
  );
  return {
    relation: head.relation.name,
    mode: head.mode,
    arguments: built[0] ?? [],
    span: head.source.span,
  };
}

function buildArgument(head: HeadDraft, index: number, scope: Scope): HeadArgument {
  const argument = head.arguments![index]!;
  const column = head.relation.columns[index]!;
  const { span } = head.source;
  if (argument.kind === 'left-out')
    return { kind: 'term', term: { kind: 'wildcard', type: column.type, span } };
  if (argument.kind === 'aggregate') {
    const typed = typeAggregate(argument, scope);
    if (typed?.kind !== 'aggregate')
      return { kind: 'term', term: { kind: 'wildcard', type: unknownType, span: argument.span } };
    // An aggregate's value becomes a lattice value when the rule is evaluated.
    const type = aggregateFits(typed.type, column.type) ? column.type : typed.type;
    const shown = { kind: 'wildcard', type, span: argument.span } as const;
    checkFits(shown, column, head.relation.name, scope.reporter);
    return typed;
  }
  if (argument.term.kind === 'wildcard')
    return { kind: 'term', term: { kind: 'wildcard', type: column.type, span: argument.span } };
  const term = columnTerm(typeTerm(argument.term, scope, column.type), column.type);
  checkFits(term, column, head.relation.name, scope.reporter);
  return { kind: 'term', term };
}
