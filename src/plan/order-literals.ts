/**
 * The order in which the literals of a body take their turn. It never shows in a result.
 *
 * The atom that reads a delta comes first. What needs no search comes as soon as its variables are
 * bound, tests before what may fail; then the atom from which fewest tuples are to be expected:
 * of `n` tuples with `u` of `a` columns unknown, n^(u/a).
 *
 * A literal that fails to evaluate counts as an error only if everything that does not depend on
 * its result holds. `orderRest` orders just that: the literals that become ready without it.
 */
import { builtinFunctions } from '../builtins/functions.js';
import type { AtomArgument, Body, Literal, Term } from '../semantics/program.js';
import { boundBy, neededBy } from './literal-variables.js';
import type { AtomAccess, Part, Step } from './physical-plan.js';

type Atom = Extract<Literal, { kind: 'atom' }>;

/** What the order of a body depends on beside the body. */
export interface OrderingFacts {
  readonly slotOf: (relation: string) => number;
  readonly estimateOf: (relation: string) => number;
}

/** The steps of a whole body; `partOf` tells which part of its relation the atom at a position reads. */
export function orderBody(
  body: Body,
  first: number | null,
  partOf: (index: number) => Part,
  facts: OrderingFacts,
): readonly Step[] {
  const all = body.literals.map((_, index) => index);
  return order(body, all, [], first, partOf, facts);
}

/** The steps for those of the literals that can be evaluated when `bound` is bound, or become so. */
export function orderRest(
  body: Body,
  literals: readonly number[],
  bound: readonly string[],
  facts: OrderingFacts,
): readonly Step[] {
  return order(body, literals, bound, null, () => 'visible', facts);
}

function order(
  body: Body,
  literals: readonly number[],
  bound: readonly string[],
  first: number | null,
  partOf: (index: number) => Part,
  facts: OrderingFacts,
): readonly Step[] {
  const waiting = [...literals];
  const known = new Set(bound);
  const steps: Step[] = [];
  const literalAt = (index: number): Literal => body.literals[index]!;
  let next = first ?? choose(waiting, literalAt, known, facts);
  while (next !== null) {
    waiting.splice(waiting.indexOf(next), 1);
    const literal = literalAt(next);
    const access = literal.kind === 'atom' ? accessOf(literal, partOf(next), known, facts) : null;
    steps.push({ index: next, literal, access, bound: [...known], others: [...waiting] });
    for (const name of boundBy(literal)) known.add(name);
    next = choose(waiting, literalAt, known, facts);
  }
  return steps;
}

function choose(
  waiting: readonly number[],
  literalAt: (index: number) => Literal,
  bound: ReadonlySet<string>,
  facts: OrderingFacts,
): number | null {
  const ready = waiting.filter((index) => {
    const literal = literalAt(index);
    return !isSearch(literal) && [...neededBy(literal)].every((name) => bound.has(name));
  });
  const safe = ready.find((index) => !mayFail(literalAt(index)));
  if (safe !== undefined) return safe;
  if (ready[0] !== undefined) return ready[0];
  let best: number | null = null;
  let bestCost = Number.POSITIVE_INFINITY;
  for (const index of waiting) {
    const literal = literalAt(index);
    if (literal.kind !== 'atom' || literal.negated) continue;
    const cost = expectedTuples(literal, bound, facts);
    if (cost < bestCost) [best, bestCost] = [index, cost];
  }
  return best;
}

function expectedTuples(atom: Atom, bound: ReadonlySet<string>, facts: OrderingFacts): number {
  const arity = atom.arguments.length;
  const unknown = atom.arguments.filter((argument) => !isKnown(argument, bound)).length;
  return arity === 0 ? 0 : facts.estimateOf(atom.relation) ** (unknown / arity);
}

function isSearch(literal: Literal): boolean {
  return literal.kind === 'atom' && !literal.negated;
}

/** Whether evaluating the literal may fail on values of the right types. */
function mayFail(literal: Literal): boolean {
  if (literal.kind === 'atom') return false;
  return isPartial(literal.kind === 'member' ? literal.collection : literal.term);
}

function isPartial(term: Term): boolean {
  switch (term.kind) {
    case 'variable':
    case 'constant':
    case 'wildcard':
      return false;
    case 'apply':
      return (
        builtinFunctions.get(term.function)?.partial !== false || term.arguments.some(isPartial)
      );
    case 'if':
      return [term.condition, term.then, term.else].some(isPartial);
    default:
      // Composite values have a greatest size.
      return true;
  }
}

function isKnown(argument: AtomArgument, bound: ReadonlySet<string>): boolean {
  return argument.kind === 'constant' || (argument.kind === 'variable' && bound.has(argument.name));
}

function accessOf(
  atom: Atom,
  part: Part,
  bound: ReadonlySet<string>,
  facts: OrderingFacts,
): AtomAccess {
  const columns: number[] = [];
  const known: AtomAccess['known'][number][] = [];
  const binds: AtomAccess['binds'][number][] = [];
  const repeats: AtomAccess['repeats'][number][] = [];
  const fresh = new Set<string>();
  for (const [column, argument] of atom.arguments.entries()) {
    if (argument.kind === 'wildcard') continue;
    if (argument.kind === 'constant' || bound.has(argument.name)) {
      columns.push(column);
      known.push(argument);
    } else if (fresh.has(argument.name)) repeats.push({ column, name: argument.name });
    else {
      fresh.add(argument.name);
      binds.push({ column, name: argument.name });
    }
  }
  const slot = facts.slotOf(atom.relation);
  return { slot, changeWidth: null, part, columns, known, binds, repeats };
}
