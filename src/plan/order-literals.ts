/**
 * The order in which the literals of a body take their turn. It never shows in a result.
 *
 * The atom that reads a delta comes first. What needs no search comes as soon as its variables are
 * bound, tests before what may fail; then the atom from which fewest tuples are to be expected:
 * of `n` tuples with `u` of `a` columns unknown, n^(u/a), and one where the key is known.
 *
 * A literal that fails to evaluate counts as an error only if everything that does not depend on
 * its result holds. `orderRest` orders just that: the literals that become ready without it.
 */
import { builtinFunctions } from '../builtins/functions.js';
import type { AtomArgument, Body, Literal, Term } from '../semantics/program.js';
import { boundBy, neededBy } from './literal-variables.js';
import type { AtomAccess, Part, Step, StepReason } from './physical-plan.js';

type Atom = Extract<Literal, { kind: 'atom' }>;

/** What the order of a body depends on beside the body. */
export interface OrderingFacts {
  readonly slotOf: (relation: string) => number;
  readonly estimateOf: (relation: string) => number;
  /** The first columns that tell a tuple. */
  readonly keyLengthOf: (relation: string) => number;
}

interface Choice {
  readonly index: number;
  readonly why: StepReason;
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
  let next: Choice | null =
    first === null
      ? choose(waiting, literalAt, known, facts)
      : { index: first, why: { kind: 'first' } };
  while (next !== null) {
    const { index, why } = next;
    waiting.splice(waiting.indexOf(index), 1);
    const literal = literalAt(index);
    const access = literal.kind === 'atom' ? accessOf(literal, partOf(index), known, facts) : null;
    steps.push({ index, why, literal, access, bound: [...known], others: [...waiting] });
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
): Choice | null {
  const ready = waiting.filter((index) => {
    const literal = literalAt(index);
    return !isSearch(literal) && [...neededBy(literal)].every((name) => bound.has(name));
  });
  const test = ready.find((index) => !mayFail(literalAt(index))) ?? ready[0];
  if (test !== undefined) return { index: test, why: { kind: 'ready' } };
  const searches = waiting.flatMap((index) => {
    const literal = literalAt(index);
    if (literal.kind !== 'atom' || literal.negated) return [];
    const tuples = expectedTuples(literal, bound, facts);
    return [{ index, relation: literal.relation, tuples }];
  });
  const [first, ...rest] = searches;
  if (first === undefined) return null;
  const best = rest.reduce((least, each) => (each.tuples < least.tuples ? each : least), first);
  const others = searches
    .filter((each) => each !== best)
    .map(({ relation, tuples }) => ({ relation, tuples }));
  return { index: best.index, why: { kind: 'fewest', tuples: best.tuples, others } };
}

/** How many tuples an atom is expected to give when these variables are bound. */
export function expectedTuples(
  atom: Atom,
  bound: ReadonlySet<string>,
  facts: OrderingFacts,
): number {
  const { arguments: parts, relation } = atom;
  const arity = parts.length;
  const unknown = parts.filter((argument) => !isKnown(argument, bound)).length;
  if (arity === 0) return 0;
  const keyLength = facts.keyLengthOf(relation);
  const isKeyKnown = parts.slice(0, keyLength).every((argument) => isKnown(argument, bound));
  return isKeyKnown ? 1 : facts.estimateOf(relation) ** (unknown / arity);
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
