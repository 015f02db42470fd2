/**
 * Terms and aggregates of the Dedalus dialect: names, numbers, strings, arithmetic, comparisons,
 * parentheses. Every unquoted name is a variable. Binary operators are bound by precedence
 * climbing (Pratt, "Top Down Operator Precedence", 1973).
 */
import { cover } from '../base/span.js';
import { float, isFloat, type Value } from '../base/value.js';
import type { BinaryOperator, HeadArgument, Term } from './ast.js';
import { maxDepth } from './check-depth.js';
import type { DedalusTokens } from './dedalus-tokens.js';
import type { DedalusToken } from './lex-dedalus.js';
import { binding, bindingByOperator } from './operators.js';

const operators: ReadonlySet<string> = new Set([
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '+',
  '-',
  '*',
  '/',
  '%',
]);

export function parseTerm(stream: DedalusTokens): Term {
  return climb(stream, binding.comparison, { depth: 0 });
}

/** `count<x>`, where a name and `<` come next. */
export function parseAggregate(stream: DedalusTokens): HeadArgument {
  const word = stream.takeName('an aggregate');
  stream.expect('<', 'an aggregate has its argument in angle brackets: `count<x>`');
  const items: Term[] = [];
  if (stream.take('*') === null) {
    items.push(climb(stream, binding.additive, { depth: 0 }));
    while (stream.take(',') !== null) items.push(climb(stream, binding.additive, { depth: 0 }));
  }
  stream.expect('>', 'close the aggregate with `>`');
  const span = stream.spanFrom(word.span.start);
  return { kind: 'aggregate', name: null, function: word, arguments: items, span };
}

/** How deep the tree of the term is by now. */
interface Nesting {
  depth: number;
}

function climb(stream: DedalusTokens, least: number, nesting: Nesting): Term {
  deepen(stream, nesting);
  let left = parsePrimary(stream, nesting);
  for (;;) {
    const { next } = stream;
    if (next.kind !== 'sign' || !operators.has(next.text)) return left;
    const operator = next.text as BinaryOperator;
    const level = bindingByOperator[operator];
    if (level < least) return left;
    stream.pass();
    if (operator === '<') refuseInequality(stream, next);
    if (level === binding.comparison && left.kind === 'binary') refuseChain(stream, left, level);
    deepen(stream, nesting);
    const right = climb(stream, level + 1, nesting);
    left = { kind: 'binary', operator, left, right, span: cover(left.span, right.span) };
  }
}

function refuseChain(
  stream: DedalusTokens,
  left: Extract<Term, { kind: 'binary' }>,
  level: number,
): void {
  // Parentheses widen the span of what they hold beyond its operands.
  const isBare = left.span.start === left.left.span.start;
  if (bindingByOperator[left.operator] !== level || !isBare) return;
  stream.fail(
    'TRL0114',
    left.span,
    'comparisons do not chain',
    'write two literals: `a < b, b < c`',
  );
}

/** `<>`, as in SQL and Pascal. */
function refuseInequality(stream: DedalusTokens, less: DedalusToken): void {
  const { next } = stream;
  if (next.text !== '>' || next.kind !== 'sign' || next.start !== less.end) return;
  const span = { ...stream.spanOf(next), start: less.start };
  stream.fail('TRL0109', span, '`<>` has no meaning in Trellis', 'write `!=`');
}

function deepen(stream: DedalusTokens, nesting: Nesting): void {
  nesting.depth += 1;
  if (nesting.depth <= maxDepth) return;
  stream.fail(
    'TRL0113',
    stream.spanOf(stream.next),
    `an expression in this statement has more than ${maxDepth} operations`,
    'derive parts of it in rules of their own',
  );
}

function parsePrimary(stream: DedalusTokens, nesting: Nesting): Term {
  const { next } = stream;
  const span = stream.spanOf(next);
  if (next.kind === 'number' || next.kind === 'string') {
    stream.pass();
    return { kind: 'constant', value: next.value, text: next.text, span };
  }
  if (next.kind === 'name') {
    stream.pass();
    return next.text === '_' ? { kind: 'wildcard', span } : { kind: 'name', text: next.text, span };
  }
  if (stream.take('-') !== null) return negative(stream, nesting, next.start);
  if (stream.take('(') !== null) {
    const inner = climb(stream, binding.comparison, nesting);
    stream.expect(')', 'close the parenthesis with `)`');
    return { ...inner, span: stream.spanFrom(next.start) };
  }
  return stream.unexpected('a term', 'terms are names, numbers, strings and arithmetic over them');
}

/** A minus directly before a number belongs to it. */
function negative(stream: DedalusTokens, nesting: Nesting, start: number): Term {
  deepen(stream, nesting);
  const isNumber = stream.next.kind === 'number';
  const operand = parsePrimary(stream, nesting);
  const span = stream.spanFrom(start);
  if (!isNumber || operand.kind !== 'constant')
    return { kind: 'unary', operator: '-', operand, span };
  return { kind: 'constant', value: negated(operand.value), text: `-${operand.text}`, span };
}

function negated(value: Value): Value {
  return isFloat(value) ? float(-value.value) : value === 0 ? 0 : -(value as number);
}
