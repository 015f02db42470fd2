/**
 * Small pieces of programs that exchanges are made of: which variables stand where, which literals
 * can be evaluated once some variables are bound, and the term that names the owner of a tuple.
 */
import { builtinFunctions } from '../builtins/functions.js';
import { literalVariables, patternVariables, termVariables } from '../analysis/program-index.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type {
  AtomArgument,
  Head,
  HeadArgument,
  Literal,
  Pattern,
  Rule,
  Term,
  Variable,
} from '../semantics/program.js';
import type { Span } from '../base/span.js';
import { valueKey } from '../base/value.js';
import type { Type } from '../semantics/types.js';

export type Atom = Literal & { readonly kind: 'atom' };

/** Terms whose values decide at which node something lives; null if nothing says it. */
export type Place = readonly Term[] | null;

export const nodesType: Type = { kind: 'list', item: { kind: 'addr' } };

/** Whether two places are one whatever the variables stand for. */
export function samePlace(a: Place, b: Place): boolean {
  if (a === null || b === null || a.length !== b.length) return false;
  return a.every((term, i) => sameTerm(term, b[i]!));
}

function sameTerm(a: Term, b: Term): boolean {
  if (a.kind === 'variable') return b.kind === 'variable' && a.name === b.name;
  if (a.kind === 'constant')
    return b.kind === 'constant' && valueKey(a.value) === valueKey(b.value);
  return false;
}

/** Whether every variable of the place is among the given ones. */
export function isKnown(
  place: Place,
  bound: ReadonlySet<string> | ReadonlyMap<string, unknown>,
): boolean {
  return place !== null && place.flatMap(termVariables).every((name) => bound.has(name));
}

/** `owner_of(src, nodes)`, `owner_of((src, dst), nodes)`. */
export function ownerTerm(place: readonly Term[], nodes: Variable, span: Span): Term {
  const key: Term =
    place.length === 1
      ? place[0]!
      : {
          kind: 'tuple',
          items: place,
          type: { kind: 'tuple', items: place.map((t) => t.type) },
          span,
        };
  return {
    kind: 'apply',
    function: 'owner_of',
    arguments: [key, nodes],
    type: { kind: 'addr' },
    span,
  };
}

export function variable(name: string, type: Type, span: Span): Variable {
  return { kind: 'variable', name, type, span };
}
export function wildcard(type: Type, span: Span): AtomArgument {
  return { kind: 'wildcard', type, span };
}
export function atom(relation: string, args: readonly AtomArgument[], span: Span): Atom {
  return { kind: 'atom', negated: false, relation, arguments: args, span };
}
export function termArgument(term: Term): HeadArgument {
  return { kind: 'term', term };
}

/** The terms of a head, those of its aggregates included. */
export function headTerms({ arguments: args }: Head): readonly Term[] {
  return args.flatMap((argument) =>
    argument.kind === 'term' ? [argument.term] : argument.arguments,
  );
}

/** The terms by which an aggregated head groups. */
export function groupTerms({ arguments: args }: Head): readonly Term[] {
  return args.flatMap((argument) => (argument.kind === 'term' ? [argument.term] : []));
}

/** Every variable that occurs in a rule. */
export function ruleVariables(rule: Rule): ReadonlySet<string> {
  return new Set([
    ...headTerms(rule.head).flatMap(termVariables),
    ...rule.bodies.flatMap((body) => body.literals.flatMap(literalVariables)),
  ]);
}

/** The variables that a literal binds, or tests if they are bound, in order. */
export function bindable(literal: Literal): readonly Variable[] {
  switch (literal.kind) {
    case 'atom':
      return literal.negated
        ? []
        : literal.arguments.filter((argument) => argument.kind === 'variable');
    case 'assign':
      return [literal.variable];
    case 'match':
      return variablesOf(literal.pattern);
    case 'member':
      return literal.negated ? [] : variablesOf(literal.pattern);
    case 'condition':
      return [];
  }
}

function variablesOf(pattern: Pattern): readonly Variable[] {
  if (pattern.kind === 'variable') return [pattern];
  return pattern.kind === 'pattern' ? pattern.items.flatMap(variablesOf) : [];
}

/** The variables that must be bound before a literal can be evaluated. */
export function inputsOf(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case 'atom':
      return literal.negated ? literalVariables(literal) : [];
    case 'condition':
    case 'assign':
    case 'match':
      return termVariables(literal.term);
    case 'member': {
      const tested = literal.negated ? patternVariables(literal.pattern) : [];
      return [...termVariables(literal.collection), ...tested];
    }
  }
}

/** Whether a literal has a value for all bindings, so that it may be evaluated before others that might rule them out. */
export function isTotal(literal: Literal): boolean {
  if (literal.kind === 'atom') return true;
  return isTotalTerm(literal.kind === 'member' ? literal.collection : literal.term);
}

function isTotalTerm(term: Term): boolean {
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return true;
    case 'apply': {
      const known = builtinFunctions.get(term.function);
      return known !== undefined && !known.partial && term.arguments.every(isTotalTerm);
    }
    case 'if':
      return [term.condition, term.then, term.else].every(isTotalTerm);
    case 'map':
      return term.entries.flat().every(isTotalTerm);
    default:
      return term.items.every(isTotalTerm);
  }
}

/** `x in [e]`: the value of `e` is that of `x`, which is bound already. */
export function equality(bound: Variable, term: Term, span: Span): Literal {
  const type: Type = { kind: 'list', item: term.type };
  return {
    kind: 'member',
    negated: false,
    pattern: bound,
    collection: { kind: 'list', items: [term], type, span },
    span,
  };
}

/** Whether an aggregate tells two bindings apart by this variable, or its value grows. */
export function isNamed({ name }: Variable): boolean {
  return !isMadeUp(name);
}

export function holdsLatticeValue({ type }: Variable): boolean {
  return isLatticeType(type);
}
