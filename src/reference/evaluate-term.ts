/**
 * The value of a term under a binding of variables. Only the branch taken of an `if` is
 * evaluated. Whatever fails throws `PartialError`; what that means, the body's evaluation decides.
 */
import { assert, BugError, defined, unreachable } from '../base/assert.js';
import { list, map, set, tuple, type Value } from '../base/value.js';
import { wrongArgument } from '../builtins/failure.js';
import { functionNamed } from '../builtins/functions.js';
import { boundedValue } from '../builtins/value-size.js';
import { isLinked } from './link-functions.js';
import type { Pattern, Term } from '../semantics/program.js';

/** Values of variables by name. */
export type Bindings = Map<string, Value>;

export function evaluateTerm(term: Term, bindings: ReadonlyMap<string, Value>): Value {
  switch (term.kind) {
    case 'constant':
      return term.value;
    case 'variable': {
      const value = bindings.get(term.name);
      assert(value !== undefined, `no value for the variable ${term.name}`);
      return value;
    }
    case 'apply': {
      if (isLinked(term)) return term.outer(...evaluateTerms(term.arguments, bindings));
      const entry = defined(functionNamed(term.function), `function ${term.function}`);
      return entry.evaluate(...evaluateTerms(term.arguments, bindings));
    }
    case 'if':
      return evaluateTerm(holds(term.condition, bindings) ? term.then : term.else, bindings);
    case 'tuple':
      return boundedValue(tuple(evaluateTerms(term.items, bindings)));
    case 'list':
      return boundedValue(list(evaluateTerms(term.items, bindings)));
    case 'set':
      return boundedValue(set(evaluateTerms(term.items, bindings)));
    case 'map':
      return boundedValue(
        map(
          term.entries.map(
            ([k, v]) => [evaluateTerm(k, bindings), evaluateTerm(v, bindings)] as const,
          ),
        ),
      );
    case 'wildcard':
      throw new BugError('a wildcard stands where a value is needed');
    default:
      return unreachable(term);
  }
}

export function evaluateTerms(
  terms: readonly Term[],
  bindings: ReadonlyMap<string, Value>,
): Value[] {
  return terms.map((term) => evaluateTerm(term, bindings));
}

/** Whether a condition is true; one of type `any` may turn out to be no boolean. */
export function holds(condition: Term, bindings: ReadonlyMap<string, Value>): boolean {
  const value = evaluateTerm(condition, bindings);
  if (typeof value !== 'boolean') throw wrongArgument('a condition is neither true nor false');
  return value;
}

/** Calls `visit` with every variable of a term. */
export function visitVariables(term: Term | Pattern, visit: (name: string) => void): void {
  switch (term.kind) {
    case 'variable':
      return visit(term.name);
    case 'constant':
    case 'wildcard':
      return;
    case 'apply':
      return term.arguments.forEach((argument) => visitVariables(argument, visit));
    case 'if':
      return [term.condition, term.then, term.else].forEach((part) => visitVariables(part, visit));
    case 'tuple':
    case 'list':
    case 'set':
    case 'pattern':
      return term.items.forEach((item) => visitVariables(item, visit));
    case 'map':
      return term.entries.flat().forEach((part) => visitVariables(part, visit));
    default:
      return unreachable(term);
  }
}

export function variablesOf(term: Term | Pattern): ReadonlySet<string> {
  const names = new Set<string>();
  visitVariables(term, (name) => names.add(name));
  return names;
}
