/**
 * Constant terms: folding what is closed, and evaluating it.
 *
 * Folding is canonical, so that a printed program checks to the same program: a composite of
 * constants is one constant, and so is what a value's text form is made of (`-1`, `nan()`,
 * `bytes("00ff")`). Other closed terms are folded only where a constant is required.
 */
import { defined } from '../base/assert.js';
import {
  float,
  isInt,
  isLattice,
  latticeValue,
  list,
  map,
  set,
  tuple,
  type Value,
} from '../base/value.js';
import { functionNamed } from '../builtins/functions.js';
import { WRONG_ARGUMENT } from '../builtins/failure.js';
import { PartialError } from '../builtins/function.js';
import { lattices } from '../lattice/lattices.js';
import { contentType } from './lattice-content.js';
import type { Constant, Term } from './program.js';
import { fits, literalIntType } from './relate-types.js';
import type { Type } from './types.js';

/** A constant; of a lattice value the arguments alone, so that a program is plain data. */
function constant(made: Value, like: Exclude<Term, { kind: 'wildcard' }>): Constant {
  const value = plainData(made);
  return { kind: 'constant', value, type: like.type, span: like.span };
}

function plainData(value: Value): Value {
  return isLattice(value) ? latticeValue(value.lattice, value.arguments) : value;
}

function allConstant(terms: readonly Term[]): terms is readonly Constant[] {
  return terms.every((term) => term.kind === 'constant');
}

/** The term, or the constant that it is the text form of. Looks only one level deep. */
export function foldConstant(term: Term): Term {
  switch (term.kind) {
    case 'tuple':
    case 'list':
    case 'set':
      return allConstant(term.items) ? constant(composite(term.kind, term.items), term) : term;
    case 'map': {
      const entries = term.entries;
      if (!entries.every(allConstant)) return term;
      return constant(
        map(entries.map(([k, v]) => [(k as Constant).value, (v as Constant).value])),
        term,
      );
    }
    case 'apply': {
      if (!allConstant(term.arguments)) return term;
      const makesValue =
        term.function === 'neg' || term.function === 'bytes' || lattices.has(term.function);
      if (!makesValue && term.arguments.length > 0) return term;
      const folded = evaluateClosed(term);
      if (folded.kind === 'failure') return term;
      const operand = term.arguments[0];
      const isLiteral = term.function === 'neg' && operand?.type === literalIntType;
      return {
        kind: 'constant',
        value: plainData(folded.value),
        type: isLiteral ? literalIntType : term.type,
        span: term.span,
      };
    }
    default:
      return term;
  }
}

function composite(kind: 'tuple' | 'list' | 'set', items: readonly Constant[]): Value {
  const values = items.map((item) => item.value);
  return kind === 'tuple' ? tuple(values) : kind === 'list' ? list(values) : set(values);
}

/** A literal as its place wants it; the constant itself where the place wants nothing special. */
export function adaptConstant(term: Constant, expected: Type | null): Constant {
  if (expected === null || term.type === expected || !fits(term.type, expected)) return term;
  if (expected.kind === 'any' || expected.kind === 'unknown' || expected.kind === 'nat')
    return term;
  return { ...term, value: adaptValue(term.value, term.type, expected), type: expected };
}

function adaptValue(value: Value, from: Type, to: Type): Value {
  if (to.kind === 'float' && isInt(value)) return float(value);
  if (value === null || typeof value !== 'object') return value;
  if (value.kind === 'tuple' && from.kind === 'tuple' && to.kind === 'tuple') {
    return tuple(value.items.map((item, i) => adaptValue(item, from.items[i]!, to.items[i]!)));
  }
  if (value.kind === 'list' && from.kind === 'list' && to.kind === 'list') {
    return list(value.items.map((item) => adaptValue(item, from.item, to.item)));
  }
  if (value.kind === 'set' && from.kind === 'set' && to.kind === 'set') {
    return set(value.items.map((item) => adaptValue(item, from.item, to.item)));
  }
  if (value.kind === 'lattice' && from.kind === 'lattice' && to.kind === 'lattice') {
    const [inner, wanted] = [contentType(from), contentType(to)];
    return latticeValue(
      value.lattice,
      value.arguments.map((part) => adaptValue(part, inner, wanted)),
    );
  }
  if (value.kind === 'map' && from.kind === 'map' && to.kind === 'map') {
    return map(
      value.entries.map(([k, v]) => [
        adaptValue(k, from.key, to.key),
        adaptValue(v, from.value, to.value),
      ]),
    );
  }
  return value;
}

/** What a closed term comes to. */
export type Evaluation =
  | { readonly kind: 'value'; readonly value: Value }
  /** A function failed (division by zero). */
  | { readonly kind: 'failure'; readonly message: string };

/** Evaluates a well-typed term without variables. */
export function evaluateClosed(term: Term): Evaluation {
  try {
    return { kind: 'value', value: evaluate(term) };
  } catch (error) {
    if (error instanceof PartialError) return { kind: 'failure', message: error.message };
    throw error;
  }
}

function evaluate(term: Term): Value {
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'apply':
      return (functionNamed(term.function) ?? runsLater(term.function)).evaluate(
        ...term.arguments.map(evaluate),
      );
    case 'if':
      return evaluate(evaluate(term.condition) === true ? term.then : term.else);
    case 'tuple':
      return tuple(term.items.map(evaluate));
    case 'list':
      return list(term.items.map(evaluate));
    case 'set':
      return set(term.items.map(evaluate));
    case 'map':
      return map(term.entries.map(([k, v]) => [evaluate(k), evaluate(v)]));
    default:
      return defined(null, `a value for the ${term.kind} in a closed term`);
  }
}

/** Whether the term has neither variables nor wildcards. */
export function isClosed(term: Term): boolean {
  switch (term.kind) {
    case 'variable':
    case 'wildcard':
      return false;
    case 'constant':
      return true;
    case 'apply':
      return term.arguments.every(isClosed);
    case 'if':
      return isClosed(term.condition) && isClosed(term.then) && isClosed(term.else);
    case 'map':
      return term.entries.every(([k, v]) => isClosed(k) && isClosed(v));
    default:
      return term.items.every(isClosed);
  }
}

function runsLater(name: string): never {
  throw new PartialError(
    WRONG_ARGUMENT,
    `\`${name}\` is a function from TypeScript, which runs with the program only; a rule may call it`,
  );
}
