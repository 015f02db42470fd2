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
  /** Named variables that every body binds, sorted: what an aggregate ranges over. */
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
    variables: sharedVariables(rule.bodies),
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

function sharedVariables(bodies: readonly Body[]): readonly string[] {
  const [first, ...others] = bodies.map(variablesBound);
  return [...defined(first, 'the body of a rule')]
    .filter((name) => others.every((names) => names.has(name)))
    .sort();
}

function variablesBound(body: Body): ReadonlySet<string> {
  return new Set(
    body.literals.flatMap((literal) => [...boundBy(literal)]).filter((name) => !isMadeUp(name)),
  );
}
