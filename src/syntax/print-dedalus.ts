/**
 * The tree of a `.ded` file as text: the inverse of parsing, spans, comments and layout apart.
 * Declarations print as in `.bloom`, but a name may hold what only this dialect allows.
 */
import { assert } from '../base/assert.js';
import type { HeadArgument, Term } from './ast.js';
import type {
  DedalusClause,
  DedalusLiteral,
  DedalusModule,
  DedalusStatement,
  DedalusTime,
} from './dedalus-ast.js';
import { printStatement } from './print.js';
import { printTerm } from './print-term.js';

const lineWidth = 100;

/** The module's statements, one below the other; ends in a line feed unless there are none. */
export function printDedalus({ statements }: DedalusModule): string {
  return statements.map((statement) => `${printOne(statement)}\n`).join('');
}

function printOne(statement: DedalusStatement): string {
  switch (statement.kind) {
    case 'declaration':
      return printStatement(statement);
    case 'include':
      return `include ${quote(statement.path)};`;
    case 'clause':
      return printClause(statement);
  }
}

function printClause({ head, body }: DedalusClause): string {
  const start = `${head.relation.text}(${head.arguments.map(printArgument).join(', ')})${timeText(head.time)}`;
  if (body === null) return `${start};`;
  const literals = body.map(printLiteral);
  const line = `${start} :- ${literals.join(', ')};`;
  return line.length <= lineWidth ? line : `${start} :-\n    ${literals.join(',\n    ')};`;
}

function timeText(time: DedalusTime | null): string {
  return time === null || time === 'now' ? '' : `@${time}`;
}

function printArgument(argument: HeadArgument): string {
  if (argument.kind === 'term') return printTerm(printable(argument.term));
  const items = argument.arguments.map((term) => printTerm(printable(term)));
  return `${argument.function.text}<${items.length === 0 ? '*' : items.join(', ')}>`;
}

function printLiteral(literal: DedalusLiteral): string {
  switch (literal.kind) {
    case 'atom': {
      const items = literal.arguments.map((term) => printTerm(printable(term))).join(', ');
      return `${literal.negated ? 'notin ' : ''}${literal.relation.text}(${items})${timeText(literal.at)}`;
    }
    case 'condition':
      return printTerm(printable(literal.term));
    case 'binding':
      return `${printTerm(printable(literal.pattern))} = ${printTerm(printable(literal.term))}`;
  }
}

/** The term with its strings written as this dialect reads them. */
function printable(term: Term): Term {
  if (term.kind === 'constant' && typeof term.value === 'string')
    return { ...term, text: quote(term.value) };
  if (term.kind === 'binary')
    return { ...term, left: printable(term.left), right: printable(term.right) };
  return term.kind === 'unary' ? { ...term, operand: printable(term.operand) } : term;
}

/** Without escapes a string holds one kind of quote at most; what was read never holds both. */
function quote(text: string): string {
  assert(
    !(text.includes('"') && text.includes("'")),
    'a string of the dialect has one sort of quotes',
  );
  return text.includes('"') ? `'${text}'` : `"${text}"`;
}
