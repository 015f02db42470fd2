/**
 * Resolved terms and values back to syntax, such that parsing what is printed gives them again:
 * a value becomes the term that folds to it, an operator's function its symbol.
 */
import type { Span } from '../base/span.js';
import { float, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type * as ast from '../syntax/ast.js';
import type { Pattern, Term } from './program.js';
import type { Type } from './types.js';

/** Symbols of the functions that are written between their arguments. */
const binaryOperators: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '++',
  '+',
  '-',
  '*',
  '/',
  '%',
]);

export function identifier(text: string, span: Span): ast.Identifier {
  return { text, span };
}

/** A term that folds to the value. */
export function valueToTerm(value: Value, span: Span): ast.Term {
  if (value === null || typeof value !== 'object')
    return { kind: 'constant', value, text: valueText(value), span };
  switch (value.kind) {
    case 'float':
      return floatTerm(value.value, span);
    case 'bytes':
      return call('bytes', [valueToTerm(value.hex, span)], span);
    case 'tuple':
    case 'list':
    case 'set':
      return { kind: value.kind, items: value.items.map((item) => valueToTerm(item, span)), span };
    case 'lattice':
      return call(
        value.lattice,
        value.arguments.map((part) => valueToTerm(part, span)),
        span,
      );
    case 'map':
      return {
        kind: 'map',
        entries: value.entries.map(
          ([k, v]) => [valueToTerm(k, span), valueToTerm(v, span)] as const,
        ),
        span,
      };
  }
}

function call(name: string, arguments_: readonly ast.Term[], span: Span): ast.Term {
  return {
    kind: 'call',
    callee: identifier(name, span),
    arguments: arguments_.map((term) => ({ name: null, term })),
    span,
  };
}

function floatTerm(value: number, span: Span): ast.Term {
  if (Number.isNaN(value)) return call('nan', [], span);
  if (Number.isFinite(value))
    return { kind: 'constant', value: float(value), text: valueText(float(value)), span };
  const infinity = call('infinity', [], span);
  return value > 0 ? infinity : { kind: 'unary', operator: '-', operand: infinity, span };
}

export function termToSyntax(term: Term): ast.Term {
  const { span } = term;
  switch (term.kind) {
    case 'variable':
      return { kind: 'name', text: term.name, span };
    case 'wildcard':
      return { kind: 'wildcard', span };
    case 'constant':
      return valueToTerm(term.value, span);
    case 'if':
      return {
        kind: 'if',
        condition: termToSyntax(term.condition),
        then: termToSyntax(term.then),
        else: termToSyntax(term.else),
        span,
      };
    case 'map':
      return {
        kind: 'map',
        entries: term.entries.map(([k, v]) => [termToSyntax(k), termToSyntax(v)] as const),
        span,
      };
    case 'apply':
      return applicationToSyntax(term.function, term.arguments.map(termToSyntax), span);
    default:
      return { kind: term.kind, items: term.items.map(termToSyntax), span };
  }
}

function applicationToSyntax(name: string, operands: readonly ast.Term[], span: Span): ast.Term {
  const [left, right] = operands;
  if (name === 'neg' || name === 'not')
    return { kind: 'unary', operator: name === 'neg' ? '-' : '!', operand: left!, span };
  if (binaryOperators.has(name))
    return {
      kind: 'binary',
      operator: name as ast.BinaryOperator,
      left: left!,
      right: right!,
      span,
    };
  const dot = name.indexOf('.');
  if (dot < 0) return call(name, operands, span);
  return {
    kind: 'method',
    receiver: left!,
    method: identifier(name.slice(dot + 1), span),
    arguments: operands.slice(1),
    span,
  };
}

export function patternToSyntax(pattern: Pattern): ast.Term {
  if (pattern.kind !== 'pattern') return termToSyntax(pattern);
  return { kind: pattern.shape, items: pattern.items.map(patternToSyntax), span: pattern.span };
}

export function typeToSyntax(type: Type, span: Span): ast.TypeExpression {
  const make = (name: string, parts: readonly Type[]): ast.TypeExpression => ({
    name,
    arguments: parts.map((part) => typeToSyntax(part, span)),
    span,
  });
  switch (type.kind) {
    case 'tuple':
      return make('()', type.items);
    case 'list':
    case 'set':
      return make(type.kind, [type.item]);
    case 'map':
      return make('map', [type.key, type.value]);
    case 'lattice':
      return make(type.name, type.arguments);
    default:
      return make(type.kind, []);
  }
}
