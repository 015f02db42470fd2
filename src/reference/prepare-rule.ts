/**
 * A rule made ready for evaluation: its bodies put in order, and told apart by how they take part
 * in their stratum's recursion.
 *
 * - A body that reads no relation of its own stratum gives the same bindings in every round.
 * - One that reads it in a single atom distributes over union, F(A ∪ B) = F(A) ∪ F(B): the atom
 *   comes first, and a row that has been walked need not be walked again.
 * - Any other is joined anew in every round.
 */
import { defined } from '../base/assert.js';
import { isMadeUp } from '../semantics/made-up-names.js';
import type { Body, Program, Relation, Rule } from '../semantics/program.js';
import { variablesOf } from './evaluate-term.js';
import { boundBy, orderBody, type Atom, type Step } from './order-body.js';

export interface PreparedBody {
  readonly steps: readonly Step[];
  readonly recursion: 'none' | 'linear' | 'general';
  /** The relation of the first step's atom where recursion is linear. */
  readonly driver: string | null;
}

export interface PreparedRule {
  readonly rule: Rule;
  /** Of the head. */
  readonly relation: Relation;
  readonly bodies: readonly PreparedBody[];
  /** What an aggregate ranges over: variables that every body binds and the user named or the head shows, sorted. */
  readonly variables: readonly string[];
}

/** `recursive` holds the relations of the head's stratum for a deductive rule, and none otherwise. */
export function prepareRule(
  program: Program,
  rule: Rule,
  recursive: ReadonlySet<string>,
): PreparedRule {
  return {
    rule,
    relation: defined(program.relations.get(rule.head.relation), `relation ${rule.head.relation}`),
    bodies: rule.bodies.map((body) => prepareBody(body, recursive)),
    variables: sharedVariables(rule),
  };
}

function prepareBody(body: Body, recursive: ReadonlySet<string>): PreparedBody {
  const atoms = body.literals.filter(
    (literal): literal is Atom => literal.kind === 'atom' && recursive.has(literal.relation),
  );
  const driver = atoms[0] ?? null;
  return {
    steps: orderBody(body, driver),
    recursion: driver === null ? 'none' : atoms.length === 1 ? 'linear' : 'general',
    driver: driver?.relation ?? null,
  };
}

function sharedVariables({ head, bodies }: Rule): readonly string[] {
  const shown = new Set(
    head.arguments.flatMap((argument) =>
      (argument.kind === 'term' ? [argument.term] : argument.arguments).flatMap((term) => [
        ...variablesOf(term),
      ]),
    ),
  );
  const [first, ...others] = bodies.map(({ literals }) => {
    const bound = literals.flatMap((literal) => [...boundBy(literal)]);
    return new Set(bound.filter((name) => !isMadeUp(name) || shown.has(name)));
  });
  return [...defined(first, 'the body of a rule')]
    .filter((name) => others.every((names) => names.has(name)))
    .sort();
}
