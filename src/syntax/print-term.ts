/**
 * Terms as canonical text: one blank around binary operators and behind commas, parentheses only
 * where precedence asks for them. Constants keep the text they were written with.
 */
import { aggregateNames } from '../../grammar/tokens.js';
import type { Argument, Term } from './ast.js';
import { binding, bindingByOperator } from './operators.js';

/** The term as text that parses to the same term. */
export function printTerm(term: Term): string {
  return printAt(binding.if, term);
}

/** The term, in parentheses if it binds less tightly than `least`. */
function printAt(least: number, term: Term): string {
  const text = printBare(term);
  return bindingOf(term) < least ? `(${text})` : text;
}

function bindingOf(term: Term): number {
  switch (term.kind) {
    case 'if':
      return binding.if;
    case 'binary':
      return bindingByOperator[term.operator];
    case 'unary':
      return term.operator === '!' ? binding.not : binding.negative;
    case 'constant':
      return term.text.startsWith('-') ? binding.negative : binding.atom;
    case 'method':
      return binding.postfix;
    default:
      return binding.atom;
  }
}

function printBare(term: Term): string {
  switch (term.kind) {
    case 'name':
      return term.text;
    case 'wildcard':
      return '_';
    case 'constant':
      return term.text;
    case 'unary':
      return printUnary(term);
    case 'binary':
      return printBinary(term);
    case 'if':
      return `if ${printTerm(term.condition)} then ${printTerm(term.then)} else ${printTerm(term.else)}`;
    case 'call':
      return `${term.callee.text}(${printArguments(term.arguments)})`;
    case 'method':
      return `${printAt(binding.postfix, term.receiver)}.${term.method.text}(${printTerms(term.arguments)})`;
    case 'tuple':
      return term.items.length === 1
        ? `(${printTerm(term.items[0]!)},)`
        : `(${printTerms(term.items)})`;
    case 'list':
      return `[${printTerms(term.items)}]`;
    case 'set':
      return `{${printTerms(term.items)}}`;
    case 'map':
      return term.entries.length === 0
        ? '{:}'
        : `{${term.entries.map(([key, value]) => `${printTerm(key)}: ${printTerm(value)}`).join(', ')}}`;
  }
}

function printUnary({ operator, operand }: Extract<Term, { kind: 'unary' }>): string {
  if (operator === '!') return `!${printAt(binding.not, operand)}`;
  // Without parentheses the minus would become a part of the literal.
  const isPlainNumber = operand.kind === 'constant' && /^[\d.]/.test(operand.text);
  return isPlainNumber ? `-(${operand.text})` : `-${printAt(binding.negative, operand)}`;
}

function printBinary({ operator, left, right }: Extract<Term, { kind: 'binary' }>): string {
  const level = bindingByOperator[operator];
  const leftLevel = level === binding.comparison ? level + 1 : level;
  return `${printAt(leftLevel, left)} ${operator} ${printAt(level + 1, right)}`;
}

function printTerms(terms: readonly Term[]): string {
  return terms.map(printTerm).join(', ');
}

/** Arguments of a call or literal, with their column names. */
export function printArguments(terms: readonly Argument[]): string {
  return terms
    .map(({ name, term }) => (name === null ? '' : `${name.text}: `) + printTerm(term))
    .join(', ');
}

/** A plain term as a whole head argument, where `min < x` would open an aggregate. */
export function printHeadTerm(term: Term): string {
  const text = printTerm(term);
  const opener = /^(\w+) < /.exec(text);
  return opener !== null && aggregateNames.has(opener[1]!) ? `(${text})` : text;
}

/** An argument of an aggregate, where `>` closes. */
export function printAggregateTerm(term: Term): string {
  return printAt(binding.additive, term);
}
