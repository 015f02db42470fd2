/**
 * The order in which the literals of a body are tried. It never shows in a result; it only keeps
 * the search small: what needs no search comes as soon as its variables are bound, then the atom
 * with most columns bound.
 *
 * A literal that fails to evaluate (division by zero) counts as an error only for bindings that
 * satisfy every literal not depending on its result. So each step can say how to go on without
 * it: the other literals that become ready though nothing binds its variables. A variable that
 * another literal binds as well (`x = 10 / y, q(x)`) is thus no dependency, whichever came first.
 */
import { assert } from '../base/assert.js';
import type { AtomArgument, Body, Literal, Variable } from '../semantics/program.js';
import { variablesOf, visitVariables } from './evaluate-term.js';

export type Atom = Extract<Literal, { kind: 'atom' }>;

/** How to find the rows that an atom matches, given what is bound when its turn comes. */
export interface AtomAccess {
  /** Columns with a known value, and where that comes from. */
  readonly columns: readonly number[];
  readonly known: readonly Exclude<AtomArgument, { kind: 'wildcard' }>[];
  /** Columns that bind a variable. */
  readonly binds: readonly { readonly column: number; readonly name: string }[];
  /** Columns that repeat a variable which this very atom binds. */
  readonly repeats: readonly { readonly column: number; readonly name: string }[];
}

export interface Step {
  readonly literal: Literal;
  /** Of an atom. */
  readonly access: AtomAccess | null;
  /** The steps to take instead of this one and those after it when its evaluation fails. */
  readonly withoutIt: () => readonly Step[];
}

/**
 * The steps of a whole body. `driver`, if given, comes first: of a recursive rule the atom whose
 * relation grows while it is walked.
 */
export function orderBody(body: Body, driver: Atom | null): readonly Step[] {
  const steps = order(body.literals, new Set(), driver);
  assert(steps.length === body.literals.length, 'a literal of a safe body is never ready');
  return steps;
}

/** Steps for those of the literals that can be evaluated when `bound` is bound, or become so. */
function order(
  literals: readonly Literal[],
  bound: ReadonlySet<string>,
  driver: Atom | null,
): readonly Step[] {
  const waiting = [...literals];
  const known = new Set(bound);
  const steps: Step[] = [];
  for (let next = driver ?? choose(waiting, known); next !== null; next = choose(waiting, known)) {
    waiting.splice(waiting.indexOf(next), 1);
    steps.push(makeStep(next, [...waiting], new Set(known)));
    for (const name of boundBy(next)) known.add(name);
  }
  return steps;
}

function makeStep(literal: Literal, others: readonly Literal[], bound: ReadonlySet<string>): Step {
  let without: readonly Step[] | null = null;
  return {
    literal,
    access: literal.kind === 'atom' ? accessOf(literal, bound) : null,
    withoutIt: () => (without ??= order(others, bound, null)),
  };
}

function choose(waiting: readonly Literal[], bound: ReadonlySet<string>): Literal | null {
  const ready = waiting.find((literal) => !isSearch(literal) && isReady(literal, bound));
  if (ready !== undefined) return ready;
  let best: Atom | null = null;
  let bestScore = -1;
  for (const literal of waiting) {
    if (literal.kind !== 'atom' || literal.negated) continue;
    const score = literal.arguments.filter((argument) => isKnown(argument, bound)).length;
    if (score > bestScore) [best, bestScore] = [literal, score];
  }
  return best;
}

function isSearch(literal: Literal): boolean {
  return literal.kind === 'atom' && !literal.negated;
}

function isKnown(argument: AtomArgument, bound: ReadonlySet<string>): boolean {
  return argument.kind === 'constant' || (argument.kind === 'variable' && bound.has(argument.name));
}

function isReady(literal: Literal, bound: ReadonlySet<string>): boolean {
  for (const name of neededBy(literal)) if (!bound.has(name)) return false;
  return true;
}

function neededBy(literal: Literal): ReadonlySet<string> {
  switch (literal.kind) {
    case 'atom':
      return literal.negated ? atomVariables(literal) : new Set();
    case 'condition':
    case 'assign':
    case 'match':
      return variablesOf(literal.term);
    case 'member': {
      const needed = new Set(variablesOf(literal.collection));
      if (literal.negated) visitVariables(literal.pattern, (name) => needed.add(name));
      return needed;
    }
  }
}

/** The variables that a literal binds unless they are bound already. */
export function boundBy(literal: Literal): ReadonlySet<string> {
  switch (literal.kind) {
    case 'atom':
      return literal.negated ? new Set() : atomVariables(literal);
    case 'condition':
      return new Set();
    case 'assign':
      return new Set([literal.variable.name]);
    case 'match':
      return variablesOf(literal.pattern);
    case 'member':
      return literal.negated ? new Set() : variablesOf(literal.pattern);
  }
}

function atomVariables(atom: Atom): ReadonlySet<string> {
  const isVariable = (argument: AtomArgument): argument is Variable => argument.kind === 'variable';
  return new Set(atom.arguments.filter(isVariable).map((argument) => argument.name));
}

function accessOf(atom: Atom, bound: ReadonlySet<string>): AtomAccess {
  const access = {
    columns: [] as number[],
    known: [] as Exclude<AtomArgument, { kind: 'wildcard' }>[],
    binds: [] as { column: number; name: string }[],
    repeats: [] as { column: number; name: string }[],
  };
  const fresh = new Set<string>();
  for (const [column, argument] of atom.arguments.entries()) {
    if (argument.kind === 'wildcard') continue;
    if (argument.kind === 'constant' || bound.has(argument.name)) {
      access.columns.push(column);
      access.known.push(argument);
    } else if (fresh.has(argument.name)) access.repeats.push({ column, name: argument.name });
    else {
      fresh.add(argument.name);
      access.binds.push({ column, name: argument.name });
    }
  }
  return access;
}
