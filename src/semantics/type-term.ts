/**
 * Types a term and turns it into its resolved form: constants in place of their names, operators
 * and methods as functions, `&&` and `||` as conditionals.
 *
 * Types flow upwards; an expected type flows downwards only to tell literals what they are (an int
 * literal where a float is expected is that float, a string literal where an `addr` is expected
 * an address). Nothing else converts: an int variable never becomes a float on its way into a
 * column, because `1` and `1.0` are different values. Arithmetic and comparison mix the two.
 */
import { unreachable } from '../base/assert.js';
import type { Span } from '../base/span.js';
import { isInt, type Value } from '../base/value.js';
import type * as ast from '../syntax/ast.js';
import { adaptConstant, foldConstant } from './constants.js';
import type { Constant, ExternFunction, Term } from './program.js';
import {
  anyType,
  boolType,
  fits,
  floatType,
  joinTypes,
  literalIntType,
  textType,
  typeText,
  unknownType,
  widenInt,
} from './relate-types.js';
import type { Reporter } from './reporter.js';
import { typeCall } from './type-call.js';
import { guardTerm, plainTerm } from './type-lattice-call.js';
import type { Type } from './types.js';

/** What the names in a term stand for, and whom to tell about errors. */
export interface Scope {
  readonly constants: ReadonlyMap<string, Constant>;
  /** Functions from TypeScript; none where a value must be known before the program runs. */
  readonly functions?: ReadonlyMap<string, ExternFunction>;
  /** Lattices that the embedding program lends. */
  readonly lattices?: ReadonlySet<string>;
  /** The type of a variable; `undefined` for a name that nothing binds, which has been reported. */
  readonly variableType: (name: string) => Type | undefined;
  readonly isRelation: (name: string) => boolean;
  readonly reporter: Reporter;
  /** Told, while inferring, that a variable of undetermined type is used as this type. */
  readonly hint?: (variable: string, type: Type, span: Span) => void;
}

/** The resolved term; `expected` is the type its place asks for, which the caller checks. */
export function typeTerm(term: ast.Term, scope: Scope, expected: Type | null = null): Term {
  switch (term.kind) {
    case 'name':
      return typeName(term, scope, expected);
    case 'wildcard':
      scope.reporter.error(
        'TRL0405',
        term.span,
        '`_` has no value, so it cannot stand in an expression',
        {
          help: 'give the value a name where it is bound, and use that name here',
        },
      );
      return { kind: 'wildcard', type: unknownType, span: term.span };
    case 'constant':
      return adaptConstant(
        { kind: 'constant', value: term.value, type: literalType(term.value), span: term.span },
        expected,
      );
    case 'unary':
      return adapt(
        typeCall(term.operator === '-' ? 'neg' : 'not', [term.operand], term.span, scope, typeTerm),
        expected,
      );
    case 'binary':
      return typeBinary(term, scope);
    case 'if':
      return typeIf(term, scope, expected);
    case 'call':
      return typeFunctionCall(term, scope, expected);
    case 'method':
      return typeMethod(term, scope, expected);
    case 'tuple':
      return typeTuple(term, scope, expected);
    case 'list':
    case 'set':
      return typeItems(term, term.kind, scope, expected);
    case 'map':
      return typeMap(term, scope, expected);
    default:
      return unreachable(term);
  }
}

/** Like `typeTerm` for a place that takes only one type; reports what does not fit it. */
export function typeCondition(term: ast.Term, scope: Scope): Term {
  const typed = guardTerm(typeTerm(term, scope, boolType));
  if (!fits(typed.type, boolType)) {
    scope.reporter.error(
      'TRL0313',
      term.span,
      `a condition must be true or false, but this is ${typeText(typed.type)}`,
      {
        help: 'compare it with something, for example `x > 0` or `x != ""`',
      },
    );
  }
  return typed;
}

function literalType(value: Value): Type {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return textType;
  if (typeof value === 'boolean') return boolType;
  return isInt(value) ? literalIntType : floatType;
}

function typeName(term: ast.Term & { kind: 'name' }, scope: Scope, expected: Type | null): Term {
  const constant = scope.constants.get(term.text);
  if (constant?.type.kind === 'unknown') return poison(term.span);
  if (constant !== undefined) return adaptConstant({ ...constant, span: term.span }, expected);
  return {
    kind: 'variable',
    name: term.text,
    type: scope.variableType(term.text) ?? unknownType,
    span: term.span,
  };
}

function adapt(term: Term, expected: Type | null): Term {
  return term.kind === 'constant' ? adaptConstant(term, expected) : term;
}

function typeBinary(term: ast.Term & { kind: 'binary' }, scope: Scope): Term {
  if (term.operator !== '&&' && term.operator !== '||') {
    return typeCall(term.operator, [term.left, term.right], term.span, scope, typeTerm);
  }
  const condition = typeCondition(term.left, scope);
  const other = typeCondition(term.right, scope);
  const shortcut: Constant = {
    kind: 'constant',
    value: term.operator === '||',
    type: boolType,
    span: term.span,
  };
  const [then, otherwise] = term.operator === '&&' ? [other, shortcut] : [shortcut, other];
  return { kind: 'if', condition, then, else: otherwise, type: boolType, span: term.span };
}

function typeIf(term: ast.Term & { kind: 'if' }, scope: Scope, expected: Type | null): Term {
  const condition = typeCondition(term.condition, scope);
  const then = typeTerm(term.then, scope, expected);
  const otherwise = typeTerm(term.else, scope, expected);
  const joined = joinAll(
    [then, otherwise],
    expected,
    term.span,
    'the two branches have different types',
    scope,
  );
  return {
    kind: 'if',
    condition,
    then: adapt(then, joined),
    else: adapt(otherwise, joined),
    type: widenInt(joined),
    span: term.span,
  };
}

/** The type of several terms in one role; reports the first that disagrees with those before it. */
function joinAll(
  terms: readonly Term[],
  expected: Type | null,
  span: Span,
  complaint: string,
  scope: Scope,
): Type {
  if (
    expected !== null &&
    expected.kind !== 'unknown' &&
    terms.length > 0 &&
    terms.every((term) => fits(term.type, expected))
  ) {
    return expected.kind === 'any' ? joinQuietly(terms) : expected;
  }
  let joined: Type = unknownType;
  for (const term of terms) {
    const next = joinTypes(joined, term.type);
    if (next === null) {
      scope.reporter.error(
        'TRL0323',
        term.span,
        `${complaint}: ${typeText(joined)} and ${typeText(term.type)}`,
        {
          text: `this is ${typeText(term.type)}`,
          secondary: [
            { span: terms[0]!.span, text: `this is ${typeText(terms[0]!.type)}` },
            { span },
          ],
          help: 'make them one type (`1.0` is a float, `to_string(x)` a string), or put them into a tuple',
        },
      );
      return unknownType;
    }
    joined = next;
  }
  return joined;
}

function joinQuietly(terms: readonly Term[]): Type {
  return terms.reduce<Type>((joined, term) => joinTypes(joined, term.type) ?? anyType, unknownType);
}

function typeFunctionCall(
  term: ast.Term & { kind: 'call' },
  scope: Scope,
  expected: Type | null,
): Term {
  const { callee } = term;
  if (scope.isRelation(callee.text) && !scope.reporter.isPoison(callee.text)) {
    scope.reporter.error(
      'TRL0213',
      callee.span,
      `\`${callee.text}\` is a relation, so it has no value that an expression could use`,
      {
        help: `make \`${callee.text}(...)\` a literal of the body, with a variable for what you want to use here`,
      },
    );
    return poison(term.span);
  }
  const named = term.arguments.find((argument) => argument.name !== null);
  if (named?.name) {
    scope.reporter.error(
      'TRL0304',
      named.name.span,
      `\`${callee.text}\` is a function, and the arguments of functions have no names`,
      {
        help: 'leave out the name and the colon',
      },
    );
    return poison(term.span);
  }
  const operands = term.arguments.map((argument) => argument.term);
  return adapt(typeCall(callee, operands, term.span, scope, typeTerm), expected);
}

function typeMethod(
  term: ast.Term & { kind: 'method' },
  scope: Scope,
  expected: Type | null,
): Term {
  return adapt(
    typeCall(
      { ...term.method, method: true },
      [term.receiver, ...term.arguments],
      term.span,
      scope,
      typeTerm,
    ),
    expected,
  );
}

/** What stands for a term that an error was reported about. */
function poison(span: Span): Term {
  return { kind: 'wildcard', type: unknownType, span };
}

function typeTuple(
  term: ast.Term & { kind: 'tuple' | 'list' | 'set' },
  scope: Scope,
  expected: Type | null,
): Term {
  const wanted =
    expected?.kind === 'tuple' && expected.items.length === term.items.length
      ? expected.items
      : null;
  const items = term.items.map((item, i) => typeTerm(item, scope, wanted?.[i] ?? null));
  const isClosed = items.every((item) => item.kind === 'constant');
  const type: Type = {
    kind: 'tuple',
    items: items.map((item) => (isClosed ? item.type : widenInt(item.type))),
  };
  return foldConstant({ kind: 'tuple', items, type, span: term.span });
}

function typeItems(
  term: ast.Term & { kind: 'tuple' | 'list' | 'set' },
  kind: 'list' | 'set',
  scope: Scope,
  expected: Type | null,
): Term {
  const wanted =
    expected?.kind === kind ? expected.item : expected?.kind === 'any' ? anyType : null;
  const typed = term.items.map((item) => plainTerm(typeTerm(item, scope, wanted)));
  const joined = joinAll(
    typed,
    wanted,
    term.span,
    `the items of a ${kind} have different types`,
    scope,
  );
  const item = typed.length === 0 && wanted !== null && wanted !== anyType ? wanted : joined;
  const items = typed.map((each) => adapt(each, item));
  const isClosed = items.every((each) => each.kind === 'constant');
  return foldConstant({
    kind,
    items,
    type: { kind, item: isClosed ? item : widenInt(item) },
    span: term.span,
  });
}

function typeMap(term: ast.Term & { kind: 'map' }, scope: Scope, expected: Type | null): Term {
  const wanted = expected?.kind === 'map' ? expected : null;
  const keys = term.entries.map(([key]) => typeTerm(key, scope, wanted?.key ?? null));
  const values = term.entries.map(([, value]) => typeTerm(value, scope, wanted?.value ?? null));
  const isEmpty = keys.length === 0;
  const key =
    isEmpty && wanted
      ? wanted.key
      : joinAll(
          keys,
          wanted?.key ?? null,
          term.span,
          'the keys of a map have different types',
          scope,
        );
  const value =
    isEmpty && wanted
      ? wanted.value
      : joinAll(
          values,
          wanted?.value ?? null,
          term.span,
          'the values of a map have different types',
          scope,
        );
  const entries = keys.map((each, i) => [adapt(each, key), adapt(values[i]!, value)] as const);
  const isClosed = entries.every((entry) => entry.every((each) => each.kind === 'constant'));
  const type: Type = {
    kind: 'map',
    key: isClosed ? key : widenInt(key),
    value: isClosed ? value : widenInt(value),
  };
  return foldConstant({ kind: 'map', entries, type, span: term.span });
}
