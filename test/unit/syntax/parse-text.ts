/**
 * Parsing in tests: text in, small readable things out.
 */
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type { Clause, Literal, Statement, Term } from '../../../src/syntax/ast.js';
import { parseModule } from '../../../src/syntax/parse.js';
import { printModule } from '../../../src/syntax/print.js';
import { withoutSpans } from '../../support/arbitrary-ast.js';

export function parse(text: string): ReturnType<typeof parseModule> {
  return parseModule({ path: 'test.bloom', text });
}

/** The statements of a text without errors. */
export function statements(text: string): readonly Statement[] {
  const { value, diagnostics } = parse(text);
  if (diagnostics.length > 0)
    throw new Error(diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n'));
  return value.statements;
}

export function clause(text: string): Clause {
  const statement = statements(text)[0];
  if (statement?.kind !== 'clause') throw new Error(`not a clause: ${text}`);
  return statement;
}

export function term(text: string): Term {
  const statement = statements(`const c = ${text};`)[0];
  if (statement?.kind !== 'const' || statement.value === null)
    throw new Error(`not a constant: ${text}`);
  return statement.value;
}

export function literals(body: string): readonly Literal[] {
  return clause(`p() :- ${body};`).body![0]!.literals;
}

/** The canonical text of a text without errors. */
export function canonical(text: string): string {
  return printModule({ file: { path: '', text: '' }, statements: statements(text) }).trimEnd();
}

/** A term with every operation in parentheses, to show how it was bound. */
export function shape(node: Term): string {
  switch (node.kind) {
    case 'binary':
      return `(${shape(node.left)} ${node.operator} ${shape(node.right)})`;
    case 'unary':
      return `(${node.operator}${shape(node.operand)})`;
    case 'if':
      return `(if ${shape(node.condition)} ${shape(node.then)} ${shape(node.else)})`;
    case 'method':
      return `${shape(node.receiver)}.${node.method.text}(${node.arguments.map(shape).join(' ')})`;
    case 'constant':
    case 'name':
      return node.text;
    default:
      return node.kind;
  }
}

/** Each diagnostic as `CODE "marked text"`. */
export function marks(text: string): string[] {
  return parse(text).diagnostics.map(
    (diagnostic) => `${diagnostic.code} ${JSON.stringify(marked(diagnostic))}`,
  );
}

export function marked({ primary }: Diagnostic): string {
  const { file, start, end } = primary!.span;
  return file.text.slice(start, end);
}

export { withoutSpans };
