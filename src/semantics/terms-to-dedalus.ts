/**
 * Terms in the Dedalus dialect: names, numbers, strings, arithmetic, comparisons. `sayable` gives
 * the syntax of a term and reports what the dialect has no words for, at its place.
 */
import type { Span } from '../base/span.js';
import { isFloat, type Value } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import type * as ast from '../syntax/ast.js';
import type { Term } from './program.js';
import type { Reporter } from './reporter.js';
import { termToSyntax } from './term-to-syntax.js';

const operators: ReadonlySet<string> = new Set('== != < <= > >= + - * / % neg'.split(' '));
/** What a comparison becomes under `!`. */
const opposites: Readonly<Record<string, string>> = {
  '==': '!=',
  '!=': '==',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};

/** The term as syntax; what the dialect lacks is reported, and comes out as in `.bloom`. */
export function sayable(term: Term, reporter: Reporter): ast.Term {
  checkTerm(term, reporter);
  return termToSyntax(term);
}

function checkTerm(term: Term, reporter: Reporter): void {
  const refuse = (what: string, help: string): void =>
    reporter.error('TRL0262', term.span, `the Dedalus dialect has no ${what}`, { help });
  switch (term.kind) {
    case 'variable':
    case 'wildcard':
      return;
    case 'constant':
      return checkValue(term.value, term.span, reporter);
    case 'apply':
      if (!operators.has(term.function))
        return refuse(
          nameOfFunction(term.function),
          'its terms are names, numbers, strings, arithmetic and comparisons; give the result as an input',
        );
      for (const operand of term.arguments) checkTerm(operand, reporter);
      return;
    case 'if':
      return refuse('`if` and no `||`', 'write a rule for each case');
    default:
      return refuse(`${term.kind}s as values`, 'give what they hold columns or tuples of its own');
  }
}

function nameOfFunction(name: string): string {
  if (name === 'not') return '`!` in a term';
  return /^\w/.test(name) ? `function \`${name.slice(name.indexOf('.') + 1)}\`` : `\`${name}\``;
}

/** Reports a value that the dialect cannot write. */
export function checkValue(value: Value, span: Span, reporter: Reporter): void {
  const refuse = (what: string, help: string): void =>
    reporter.error('TRL0262', span, `the Dedalus dialect cannot write ${what}`, { help });
  if (typeof value === 'string') {
    if (value.includes('\0') || (value.includes('"') && value.includes("'")))
      refuse(
        'this string',
        'its strings have no escapes: they hold one sort of quotes and no NUL; give it as an input',
      );
  } else if (typeof value === 'number' || isFloat(value)) {
    if (!/^-?\d+(\.\d+)?$/.test(valueText(value)))
      refuse(valueText(value), 'its numbers are digits with a dot at most; give it as an input');
  } else
    refuse(
      `the value ${valueText(value)}`,
      'its values are numbers and strings; use one of these in its place',
    );
}

/** A condition as literals that must all be true: `a && b` apart, a negated comparison turned round. */
export function conjunctsOf(term: Term): readonly Term[] {
  const isAnd = term.kind === 'if' && term.else.kind === 'constant' && term.else.value === false;
  if (isAnd) return [...conjunctsOf(term.condition), ...conjunctsOf(term.then)];
  if (term.kind !== 'apply' || term.function !== 'not') return [term];
  const [inner] = term.arguments;
  const opposite = inner?.kind === 'apply' ? opposites[inner.function] : undefined;
  if (inner?.kind !== 'apply' || opposite === undefined) return [term];
  return [{ ...inner, function: opposite }];
}
