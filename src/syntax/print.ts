/**
 * The tree as canonical text: the inverse of parsing, spans, comments and layout apart.
 *
 * A clause stands on one line if it fits, else each literal of its body on a line of its own.
 * A blank line stands where declarations and clauses meet and before documented statements.
 */
import type {
  Clause,
  ColumnDeclaration,
  Declaration,
  Head,
  HeadArgument,
  Literal,
  Module,
  ModuleDeclaration,
  Statement,
  TypeExpression,
} from './ast.js';
import { printModuleStatement } from './print-module-statement.js';
import { printRemark } from './print-remark.js';
import { printAggregateTerm, printArguments, printHeadTerm, printTerm } from './print-term.js';

export { printTerm } from './print-term.js';

const lineWidth = 100;
const indentation = '    ';
const blockIndentation = '  ';

/** The module's statements, one below the other; ends in a line feed unless there are none. */
export function printModule(module: Module): string {
  return printStatements(module.statements);
}

function printStatements(statements: readonly Statement[]): string {
  let out = '';
  let before: Statement | null = null;
  for (const statement of statements) {
    const meets = before !== null && (before.kind === 'clause') !== (statement.kind === 'clause');
    if (before !== null && (meets || statement.doc !== null)) out += '\n';
    out += `${printStatement(statement)}\n`;
    before = statement;
  }
  return out;
}

/** One statement with its documentation and its `;`. */
export function printStatement(statement: Statement): string {
  const doc = (statement.doc?.split('\n') ?? [])
    .map((line) => (line === '' ? '///\n' : `/// ${line}\n`))
    .join('');
  return `${doc}${printBare(statement)}${statement.kind === 'module' ? '' : ';'}`;
}

function printBare(statement: Statement): string {
  switch (statement.kind) {
    case 'declaration':
      return printDeclaration(statement);
    case 'periodic':
      return `periodic ${statement.name.text}(${printTerm(statement.period)})`;
    case 'const':
    case 'param': {
      const type = statement.type === null ? '' : `: ${printType(statement.type)}`;
      const value = statement.value === null ? '' : ` = ${printTerm(statement.value)}`;
      return `${statement.kind} ${statement.name.text}${type}${value}`;
    }
    case 'clause':
      return printClause(statement);
    case 'module':
      return printModuleBlock(statement);
    case 'import':
    case 'include':
    case 'use':
    case 'extern':
      return printModuleStatement(statement, printType);
    case 'seal':
    case 'assume':
    case 'coordinate':
    case 'invariant':
      return printRemark(statement, printLiteral);
  }
}

function printModuleBlock({ name, statements }: ModuleDeclaration): string {
  const lines = printStatements(statements).split('\n').slice(0, -1);
  const inside = lines.map((line) => (line === '' ? '\n' : `${blockIndentation}${line}\n`));
  return `module ${name.text} {\n${inside.join('')}}`;
}

function printDeclaration(declaration: Declaration): string {
  const { partition } = declaration;
  const columns = partition?.columns.map(({ text }) => text).join(', ');
  return `${printShape(declaration)}${columns === undefined ? '' : ` partition by (${columns})`}`;
}

function printShape({ durable, collection, name, columns, keyLength }: Declaration): string {
  const start = `${durable ? 'durable ' : ''}${collection} ${name.text}`;
  const held = columns?.[0]?.type;
  if (collection === 'lattice' && held) return `${start}: ${printType(held)}`;
  if (columns === null) return start;
  if (keyLength === null) return `${start}(${columns.map(printColumn).join(', ')})`;
  const keys = columns.slice(0, keyLength).map(printColumn).join(', ');
  const dependents = columns.slice(keyLength).map(printColumn).join(', ');
  return `${start}(${keys === '' ? '' : `${keys} `}=> ${dependents})`;
}

function printColumn({ name, located, type }: ColumnDeclaration): string {
  return `${located ? '@' : ''}${name.text}${type === null ? '' : `: ${printType(type)}`}`;
}

function printType({ name, arguments: items }: TypeExpression): string {
  const texts = items.map(printType);
  if (name === '()') return texts.length === 1 ? `(${texts[0]!},)` : `(${texts.join(', ')})`;
  return texts.length === 0 ? name : `${name}<${texts.join(', ')}>`;
}

function printClause({ label, heads, body }: Clause): string {
  const start = `${label === null ? '' : `${label.text}: `}${heads.map(printHead).join(', ')}`;
  if (body === null) return start;
  const alternatives = body.map(({ literals }) => literals.map(printLiteral));
  const line = `${start} :- ${alternatives.map((literals) => literals.join(', ')).join(' | ')}`;
  if (line.length < lineWidth) return line;
  const blocks = alternatives.map((literals) => literals.join(`,\n${indentation}`));
  return `${start} :-\n${indentation}${blocks.join(`\n  | `)}`;
}

function printHead({ action, time, relation, arguments: items }: Head): string {
  const start = action === 'derive' ? '' : `${action} `;
  const end = time === 'now' ? '' : `@${time}`;
  return `${start}${relation.text}(${items.map(printHeadArgument).join(', ')})${end}`;
}

function printHeadArgument(argument: HeadArgument): string {
  const start = argument.name === null ? '' : `${argument.name.text}: `;
  if (argument.kind === 'term') return start + printHeadTerm(argument.term);
  const items =
    argument.arguments.length === 0 ? '*' : argument.arguments.map(printAggregateTerm).join(', ');
  return `${start}${argument.function.text}<${items}>`;
}

function printLiteral(literal: Literal): string {
  switch (literal.kind) {
    case 'negation':
      return `notin ${literal.relation.text}(${printArguments(literal.arguments)})`;
    case 'sealed':
      return `sealed ${literal.relation.text}(${printArguments(literal.arguments)})`;
    case 'condition':
      return printTerm(literal.term);
    case 'binding':
      return `${printTerm(literal.pattern)} = ${printTerm(literal.term)}`;
    case 'membership':
      return `${printTerm(literal.pattern)} ${literal.negated ? 'notin' : 'in'} ${printTerm(literal.collection)}`;
  }
}
