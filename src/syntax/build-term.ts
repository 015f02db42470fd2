/**
 * Terms from the concrete tree. Operators come flat and are bound by precedence climbing
 * (Pratt, "Top Down Operator Precedence", 1973): `climb(m)` reads the longest term whose
 * operators all bind at least as tightly as m.
 *
 * A minus directly before a number literal belongs to the literal: `-5` is a constant, `-(5)` and
 * `-5.abs()` are negations. Parentheses leave no node, but the span of what they hold grows.
 */
import type { CstNode, IToken } from 'chevrotain';

import { cover, type SourceFile, type Span } from '../base/span.js';
import { float, isFloat, type Value } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Argument, BinaryOperator, Identifier, Term } from './ast.js';
import { hasToken, nodeOf, nodesOf, tokenOf, tokensOf } from './cst.js';
import { literalValue } from './lex-file.js';
import { binding, bindingByOperator } from './operators.js';
import { syntaxError } from './syntax-error.js';
import { spanBetween, spanOf } from './token-span.js';

/** Where builders say what the grammar alone cannot refuse. */
export interface BuildContext {
  readonly file: SourceFile;
  readonly diagnostics: Diagnostic[];
}

export function buildIdentifier({ file }: BuildContext, token: IToken): Identifier {
  return { text: token.image, span: spanOf(file, token) };
}

export function buildTerm(context: BuildContext, node: CstNode): Term {
  if (!hasToken(node, 'If')) return buildOperation(context, node, 'BinaryOperator');
  const [condition, then, otherwise] = nodesOf(node, 'term').map((term) =>
    buildTerm(context, term),
  );
  const span = cover(spanOf(context.file, tokenOf(node, 'If')), otherwise!.span);
  return { kind: 'if', condition: condition!, then: then!, else: otherwise!, span };
}

/** Operands and the operators between them; an aggregate's argument has additive operators alone. */
export function buildOperation(
  context: BuildContext,
  node: CstNode,
  operatorName: 'BinaryOperator' | 'AdditiveOperator',
): Term {
  const operands = nodesOf(node, 'operand');
  const operators = tokensOf(node, operatorName);
  let at = 0;

  const climb = (least: number): Term => extend(prefixed(least), least);

  const extend = (first: Term, least: number): Term => {
    let left = first;
    for (;;) {
      const token = operators[at];
      const operator = token?.image as BinaryOperator;
      const level = bindingByOperator[operator];
      if (token === undefined || level < least) return left;
      at++;
      const right = climb(level + 1);
      left = { kind: 'binary', operator, left, right, span: cover(left.span, right.span) };
      if (level === binding.comparison) refuseChain(context, token, operators[at]);
    }
  };

  const prefixed = (least: number): Term => {
    const operand = operands[at]!;
    const prefixes = tokensOf(operand, 'prefix');
    let nots = 0;
    while (prefixes[nots]?.image === '!') nots++;
    const rest = prefixes.slice(nots);
    const misplaced =
      nots > 0 && least > binding.not ? prefixes[0] : rest.find(({ image }) => image === '!');
    if (misplaced !== undefined) refuseNot(context, misplaced);
    const inner = buildOperand(context, operand, rest);
    return nots === 0
      ? inner
      : negated(context, prefixes.slice(0, nots), extend(inner, binding.comparison));
  };
  return climb(binding.if);
}

function negated({ file }: BuildContext, nots: readonly IToken[], inner: Term): Term {
  let term = inner;
  for (const not of [...nots].reverse()) {
    term = {
      kind: 'unary',
      operator: '!',
      operand: term,
      span: cover(spanOf(file, not), term.span),
    };
  }
  return term;
}

function refuseChain(
  { file, diagnostics }: BuildContext,
  first: IToken,
  second: IToken | undefined,
): void {
  if (
    second === undefined ||
    bindingByOperator[second.image as BinaryOperator] !== binding.comparison
  )
    return;
  diagnostics.push(
    syntaxError('TRL0114', spanOf(file, second), 'comparisons do not chain', {
      secondary: [{ span: spanOf(file, first), text: 'the comparison before it' }],
      help: 'write `a < b, b < c` in a body, `a < b && b < c` in an expression; parentheses compare truth values',
    }),
  );
}

function refuseNot({ file, diagnostics }: BuildContext, token: IToken): void {
  diagnostics.push(
    syntaxError(
      'TRL0124',
      spanOf(file, token),
      '`!` binds less tightly than the operator before it',
      {
        help: 'put the negation into parentheses: `a == (!b)`',
      },
    ),
  );
}

function buildOperand(context: BuildContext, node: CstNode, minuses: readonly IToken[]): Term {
  const { file } = context;
  const methods = nodesOf(node, 'method');
  let prefixes = minuses;
  let term: Term;
  const sign = minuses.at(-1);
  if (sign !== undefined && hasToken(node, 'Number') && methods.length === 0) {
    const number = tokenOf(node, 'Number');
    prefixes = minuses.slice(0, -1);
    const span = spanBetween(file, sign, number);
    term = {
      kind: 'constant',
      value: negative(literalValue(number)),
      text: `-${number.image}`,
      span,
    };
  } else term = buildPrimary(context, node);
  for (const method of methods) {
    term = buildMethod(context, term, method);
  }
  for (const minus of [...prefixes].reverse()) {
    term = {
      kind: 'unary',
      operator: '-',
      operand: term,
      span: cover(spanOf(file, minus), term.span),
    };
  }
  return term;
}

/** A method's arguments have no names: where they have, only a relation `alias.relation` is meant. */
function buildMethod(context: BuildContext, receiver: Term, node: CstNode): Term {
  const method = buildIdentifier(context, tokenOf(node, 'Identifier'));
  const items = buildArguments(context, node);
  const span = cover(receiver.span, spanOf(context.file, tokenOf(node, 'RightParen')));
  const name = items.find((item) => item.name !== null)?.name ?? null;
  if (name !== null && receiver.kind === 'name') {
    const callee = {
      text: `${receiver.text}.${method.text}`,
      span: cover(receiver.span, method.span),
    };
    return { kind: 'call', callee, arguments: items, span };
  }
  if (name !== null) {
    context.diagnostics.push(
      syntaxError('TRL0142', name.span, `the arguments of a method have no names`, {
        help: `write the value alone: \`.${method.text}(...)\``,
      }),
    );
  }
  return { kind: 'method', receiver, method, arguments: items.map((item) => item.term), span };
}

function negative(value: Value): Value {
  return isFloat(value) ? float(-value.value) : value === 0 ? 0 : -(value as number);
}

function buildPrimary(context: BuildContext, node: CstNode): Term {
  const { file } = context;
  if (hasToken(node, 'Identifier')) return buildNameOrCall(context, node);
  if (hasToken(node, 'group')) return buildGroup(context, nodeOf(node, 'group'));
  if (hasToken(node, 'list')) {
    const list = nodeOf(node, 'list');
    const items = nodesOf(list, 'term').map((item) => buildTerm(context, item));
    return { kind: 'list', items, span: bracketSpan(file, list, 'LeftSquare', 'RightSquare') };
  }
  if (hasToken(node, 'braces')) return buildBraces(context, nodeOf(node, 'braces'));
  for (const name of ['Number', 'String']) {
    const token = tokensOf(node, name)[0];
    if (token !== undefined) {
      return {
        kind: 'constant',
        value: literalValue(token),
        text: token.image,
        span: spanOf(file, token),
      };
    }
  }
  const word = tokensOf(node, 'True')[0] ?? tokensOf(node, 'False')[0] ?? tokenOf(node, 'Null');
  const value = word.image === 'null' ? null : word.image === 'true';
  return { kind: 'constant', value, text: word.image, span: spanOf(file, word) };
}

function buildNameOrCall(context: BuildContext, node: CstNode): Term {
  const name = buildIdentifier(context, tokenOf(node, 'Identifier'));
  if (hasToken(node, 'arguments')) {
    const list = nodeOf(node, 'arguments');
    const span = cover(name.span, spanOf(context.file, tokenOf(list, 'RightParen')));
    return { kind: 'call', callee: name, arguments: buildArguments(context, list), span };
  }
  return name.text === '_' ? { kind: 'wildcard', span: name.span } : { kind: 'name', ...name };
}

/** The arguments of a call or a negated literal, with their column names. */
export function buildArguments(context: BuildContext, node: CstNode): readonly Argument[] {
  return nodesOf(node, 'argument').map((argument) => ({
    name: buildArgumentName(context, argument),
    term: buildTerm(context, nodeOf(argument, 'term')),
  }));
}

/** The `column:` before an argument, or null. */
export function buildArgumentName(context: BuildContext, argument: CstNode): Identifier | null {
  const name = nodesOf(argument, 'argumentName')[0];
  return name === undefined ? null : buildIdentifier(context, tokenOf(name, 'Identifier'));
}

function bracketSpan(file: SourceFile, node: CstNode, left: string, right: string): Span {
  return spanBetween(file, tokenOf(node, left), tokenOf(node, right));
}

function buildGroup(context: BuildContext, node: CstNode): Term {
  const items = nodesOf(node, 'term').map((item) => buildTerm(context, item));
  const span = bracketSpan(context.file, node, 'LeftParen', 'RightParen');
  if (items.length === 1 && !hasToken(node, 'Comma')) return { ...items[0]!, span };
  return { kind: 'tuple', items, span };
}

function buildBraces(context: BuildContext, node: CstNode): Term {
  const span = bracketSpan(context.file, node, 'LeftBrace', 'RightBrace');
  const first = nodesOf(node, 'term')[0];
  if (first === undefined)
    return hasToken(node, 'Colon')
      ? { kind: 'map', entries: [], span }
      : { kind: 'set', items: [], span };
  const rest = nodesOf(node, 'mapRest')[0] ?? nodeOf(node, 'setRest');
  const terms = [first, ...nodesOf(rest, 'term')].map((item) => buildTerm(context, item));
  if (rest.name === 'setRest') return { kind: 'set', items: terms, span };
  const entries: [Term, Term][] = [];
  for (let at = 0; at < terms.length; at += 2) entries.push([terms[at]!, terms[at + 1]!]);
  return { kind: 'map', entries, span };
}
