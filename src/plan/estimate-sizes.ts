/**
 * How many tuples join orders count on, relation by relation. Facts tell of statics, and what a node
 * is known to be given of tables and inputs; of everything else that no rule derives it is a guess by
 * kind. What an event of the timestep derives is estimated from the rules: each body gives the product
 * of what its atoms are expected to give, one after another. Recursion is taken to add a few times
 * what it starts with.
 */
import { defined } from '../base/assert.js';
import type { Body, Program, Relation, Rule } from '../semantics/program.js';
import { expectedTuples, orderBody, type OrderingFacts } from './order-literals.js';
import { stratumNumbers } from './stratum-numbers.js';

/** What a relation is taken to hold as long as nothing tells. */
const GUESS = { event: 8, static: 1_000, stored: 20_000, derived: 10_000 };
/** Tuples that a recursion derives for each that it starts with. */
const GROWTH = 8;

/** How many tuples of a relation are given to a node, beside the facts of its program, where that is known. */
export type GivenSizes = ReadonlyMap<string, number>;

/** Tuples by the name of the relation. */
export function estimateSizes(program: Program, given: GivenSizes): ReadonlyMap<string, number> {
  const stated = countFacts(program);
  const sizes = new Map<string, number>();
  for (const schema of program.relations.values()) {
    const rows = given.get(schema.name) ?? 0;
    sizes.set(schema.name, rows > 0 ? rows + stated(schema.name) : guess(schema, stated));
  }
  const rulesOf = new Map<string, Rule[]>();
  for (const rule of program.rules) {
    const { relation, mode } = rule.head;
    if (mode !== 'now' || program.relations.get(relation)?.eventDriven !== true) continue;
    const rules = rulesOf.get(relation);
    if (rules === undefined) rulesOf.set(relation, [rule]);
    else rules.push(rule);
  }
  if (rulesOf.size === 0) return sizes;
  const numbers = stratumNumbers(program);
  // A relation comes after what it depends on.
  const derived = [...rulesOf.keys()].sort((a, b) => numbers.get(a)! - numbers.get(b)!);
  for (const name of derived)
    sizes.set(
      name,
      derivedSize(name, rulesOf.get(name)!, { program, numbers, sizes }) + (given.get(name) ?? 0),
    );
  return sizes;
}

interface Known {
  readonly program: Program;
  readonly numbers: ReadonlyMap<string, number>;
  readonly sizes: ReadonlyMap<string, number>;
}

function derivedSize(name: string, rules: readonly Rule[], known: Known): number {
  const { numbers } = known;
  const isRecursive = ({ literals }: Body): boolean =>
    literals.some((l) => l.kind === 'atom' && numbers.get(l.relation) === numbers.get(name));
  let sum = 0;
  let grows = false;
  for (const body of rules.flatMap(({ bodies }) => bodies))
    if (isRecursive(body)) grows = true;
    else sum += bodySize(body, known);
  // Some of it may come in from outside, too.
  const started = Math.max(sum, GUESS.event);
  return Math.round(Math.min(grows ? GROWTH * started : started, GUESS.derived));
}

function bodySize(body: Body, { program, sizes }: Known): number {
  const facts: OrderingFacts = {
    slotOf: () => 0,
    estimateOf: (name) => defined(sizes.get(name), `relation ${name}`),
    keyLengthOf: (name) => defined(program.relations.get(name), `relation ${name}`).keyLength,
  };
  let product = 1;
  for (const { literal, bound } of orderBody(body, null, () => 'visible', facts))
    if (literal.kind === 'atom' && !literal.negated)
      product *= Math.max(1, expectedTuples(literal, new Set(bound), facts));
  return product;
}

/** How many facts are stated of a relation that no rule derives; 0 for others. */
function countFacts({ facts, rules }: Program): (relation: string) => number {
  const counts = new Map<string, number>();
  for (const { relation } of facts) counts.set(relation, (counts.get(relation) ?? 0) + 1);
  for (const { head } of rules) counts.delete(head.relation);
  return (relation) => counts.get(relation) ?? 0;
}

function guess(schema: Relation, statedOf: (relation: string) => number): number {
  if (schema.eventDriven) return GUESS.event;
  if (schema.builtin !== null || schema.kind === 'lattice') return 1;
  const stated = statedOf(schema.name);
  if (schema.kind === 'static') return stated > 0 ? stated : GUESS.static;
  return schema.kind === 'table' ? GUESS.stored : GUESS.derived;
}
