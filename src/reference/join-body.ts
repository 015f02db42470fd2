/**
 * The bindings that satisfy a body, by depth-first search through its steps. Rows that are
 * inserted while they are walked are seen.
 *
 * A literal whose evaluation fails is put aside and the search goes on without it; if everything
 * that does not depend on it holds, the failure is reported with the bindings reached. So `false`
 * beats a failure wherever it stands in the body.
 */
import { assert, defined } from '../base/assert.js';
import { equalValues, tuple, type Row, type Value } from '../base/value.js';
import { shown } from '../builtins/arguments.js';
import { growingElements, NoPlainValue } from '../builtins/lattice.js';
import { wrongArgument } from '../builtins/failure.js';
import { PartialError } from '../builtins/function.js';
import type { Literal, Pattern, Term } from '../semantics/program.js';
import type { Content } from './content.js';
import { evaluateTerm, holds, type Bindings } from './evaluate-term.js';
import type { AtomAccess, Step } from './order-body.js';

/** An evaluation that failed, and the literal (or head) that it stands in. */
export interface Fault {
  readonly error: PartialError;
  readonly place: Pick<Literal, 'span'>;
}

export interface JoinInput {
  readonly contentOf: (relation: string) => Content;
  /** Called for each literal that holds; may throw. */
  readonly turn: () => void;
  /** Called for each row that is passed over; may throw. */
  readonly pass: () => void;
  /** The bindings are there to be read during the call only. */
  readonly onBinding: (bindings: Bindings) => void;
  readonly onFault: (fault: Fault, bindings: Bindings) => void;
}

/** What a search carries along: the faults put aside so far, of which the first in the text counts. */
interface Search {
  readonly input: JoinInput;
  readonly bindings: Bindings;
}

/** Visits every binding that satisfies the steps. */
export function joinBody(steps: readonly Step[], input: JoinInput): void {
  advance(steps, 0, null, { input, bindings: new Map() });
}

/** As `joinBody`, but the first step, an atom, is matched with this row alone. */
export function joinBodyFrom(row: Row, steps: readonly Step[], input: JoinInput): void {
  const access = defined(steps[0]?.access, 'the atom that a body starts with');
  const bindings: Bindings = new Map();
  for (const [i, argument] of access.known.entries()) {
    if (!equalValues(row[access.columns[i]!]!, evaluateTerm(argument, bindings))) return;
  }
  if (bindRow(row, access, bindings)) advance(steps, 1, null, { input, bindings });
}

/** The value of `evaluate()`, or the failure that it threw. */
function attempt<T>(evaluate: () => T): T | PartialError {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof PartialError) return error;
    throw error;
  }
}

function earlier(a: Fault | null, b: Fault): Fault {
  return a !== null && a.place.span.start <= b.place.span.start ? a : b;
}

function advance(
  steps: readonly Step[],
  position: number,
  fault: Fault | null,
  search: Search,
): void {
  const step = steps[position];
  if (step === undefined) {
    if (fault === null) search.input.onBinding(search.bindings);
    else search.input.onFault(fault, search.bindings);
    return;
  }
  const { literal } = step;
  const goOn = (): void => {
    search.input.turn();
    advance(steps, position + 1, fault, search);
  };
  if (literal.kind === 'atom') {
    if (!literal.negated) walkAtom(literal.relation, step.access!, search, goOn);
    else if (!hasMatch(literal.relation, step.access!, search)) goOn();
    return;
  }
  const error = tryLiteral(literal, search.bindings, goOn);
  // A bottom has nothing to show: the literal does not hold.
  if (error === null || error instanceof NoPlainValue) return;
  const found = earlier(fault, { error, place: literal });
  advance(step.withoutIt(), 0, found, search);
}

/** Goes on for every way in which the literal holds; a failure of its own evaluation comes back. */
function tryLiteral(
  literal: Exclude<Literal, { kind: 'atom' }>,
  bindings: Bindings,
  goOn: () => void,
): PartialError | null {
  if (literal.kind === 'condition') {
    const result = attempt(() => holds(literal.term, bindings));
    if (result instanceof PartialError) return result;
    if (result) goOn();
    return null;
  }
  const term: Term = literal.kind === 'member' ? literal.collection : literal.term;
  const value = attempt(() =>
    literal.kind === 'member'
      ? itemsOf(evaluateTerm(term, bindings))
      : [evaluateTerm(term, bindings)],
  );
  if (value instanceof PartialError) return value;
  const pattern: Pattern = literal.kind === 'assign' ? literal.variable : literal.pattern;
  if (literal.kind === 'member' && literal.negated) {
    if (!value.some((item) => matchPattern(pattern, item, bindings, []))) goOn();
    return null;
  }
  for (const item of value) {
    const bound: string[] = [];
    if (matchPattern(pattern, item, bindings, bound)) goOn();
    for (const name of bound) bindings.delete(name);
  }
  return null;
}

/** The distinct elements of a collection, those of a map as pairs. */
function itemsOf(collection: Value): readonly Value[] {
  if (typeof collection === 'object' && collection !== null) {
    if (collection.kind === 'list' || collection.kind === 'set') return collection.items;
    const growing = growingElements(collection);
    if (growing !== null) return itemsOf(growing);
    if (collection.kind === 'map') return collection.entries.map((entry) => tuple(entry));
  }
  throw wrongArgument(`only a list, set or map has members, not ${shown(collection)}`);
}

/** Binds or tests the variables of a pattern; the names of those it binds are added to `bound`. */
function matchPattern(
  pattern: Pattern,
  value: Value,
  bindings: Bindings,
  bound: string[],
): boolean {
  switch (pattern.kind) {
    case 'wildcard':
      return true;
    case 'constant':
      return equalValues(pattern.value, value);
    case 'variable': {
      const known = bindings.get(pattern.name);
      if (known !== undefined) return equalValues(known, value);
      bindings.set(pattern.name, value);
      bound.push(pattern.name);
      return true;
    }
    case 'pattern': {
      if (typeof value !== 'object' || value === null) return false;
      if (value.kind !== pattern.shape || value.items.length !== pattern.items.length) return false;
      const { items } = value;
      return pattern.items.every((part, i) => matchPattern(part, items[i]!, bindings, bound));
    }
  }
}

function walkAtom(relation: string, access: AtomAccess, search: Search, goOn: () => void): void {
  const content = search.input.contentOf(relation);
  const { bindings } = search;
  const values = access.known.map((argument) => evaluateTerm(argument, bindings));
  for (const matching of [
    content.baseMatching(access.columns, values),
    content.addedMatching(access.columns, values),
  ]) {
    // By position: the list may grow meanwhile.
    for (let i = 0; i < matching.length; i++) {
      const row = matching[i]!;
      if (content.isOutdated(row)) search.input.pass();
      else if (bindRow(row, access, bindings)) goOn();
    }
  }
  for (const { name } of access.binds) bindings.delete(name);
}

function bindRow(row: Row, access: AtomAccess, bindings: Bindings): boolean {
  for (const { column, name } of access.binds) bindings.set(name, row[column]!);
  return access.repeats.every(({ column, name }) => equalValues(row[column]!, bindings.get(name)!));
}

function hasMatch(relation: string, access: AtomAccess, { input, bindings }: Search): boolean {
  const content = input.contentOf(relation);
  assert(access.binds.length === 0, 'a negated atom binds nothing');
  const values = access.known.map((argument) => evaluateTerm(argument, bindings));
  return (
    content.baseMatching(access.columns, values).length > 0 ||
    content.addedMatching(access.columns, values).length > 0
  );
}
