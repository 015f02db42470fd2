/**
 * A drafted body to literals of the program: every term typed, every argument checked against its
 * column. Columns have their types by now, so whatever does not fit is reported here, once.
 */
import { isInt } from '../base/value.js';
import { valueText } from '../base/value-text.js';
import { evaluateTyped } from './define-constants.js';
import { isClosed } from './constants.js';
import type { ArgumentDraft, AtomDraft, BodyDraft, LiteralDraft, PatternDraft } from './draft.js';
import { isLatticeType } from './lattice-shape.js';
import { acceptedText } from './lattice-types.js';
import type { AtomArgument, Body, Literal, Pattern, Term, Variable } from './program.js';
import type { ColumnDraft } from './relation-draft.js';
import { comparable, fits, settle, typeText, unknownType } from './relate-types.js';
import type { Reporter } from './reporter.js';
import {
  memberType,
  patternItemTypes,
  solveVariables,
  type Solution,
  type Typing,
} from './solve-variables.js';
import { plainTerm } from './type-lattice-call.js';
import { typeCondition, typeTerm, type Scope } from './type-term.js';
import type { Type } from './types.js';

export interface BuiltBody {
  readonly body: Body;
  /** How terms of the head that shares this body see its variables. */
  readonly scope: Scope;
}

export function buildBody(draft: BodyDraft, typing: Typing, reporter: Reporter): BuiltBody {
  const solution = solveVariables(draft, typing);
  const scope: Scope = { ...typing, reporter, variableType: (name) => settledType(solution, name) };
  for (const { variable, earlier, later } of solution.conflicts) {
    reporter.error(
      'TRL0311',
      later.span,
      `\`${variable}\` is ${typeText(later.type)} here, but ${typeText(earlier.type)} where it was bound before`,
      {
        text: typeText(later.type),
        secondary: [{ span: earlier.span, text: typeText(earlier.type) }],
        help: conflictHelp(earlier.type, later.type),
      },
    );
  }
  const builder = new BodyBuilder(scope);
  const literals = draft.literals
    .map((literal) => builder.literal(literal))
    .filter((literal) => literal !== null);
  return { body: { literals, span: draft.span }, scope };
}

function conflictHelp(a: Type, b: Type): string {
  const isMixed = [a.kind, b.kind].sort().join() === 'float,int';
  return isMixed
    ? '1 and 1.0 are different values: use two variables and compare them with `==`'
    : 'no value is both: use two variables, or declare the two columns alike';
}

function settledType(solution: Solution, name: string): Type | undefined {
  const type = solution.types.get(name);
  return type === undefined || type.kind === 'unknown'
    ? type
    : type.kind === 'string' || type.kind === 'null'
      ? settle(type)
      : type;
}

class BodyBuilder {
  readonly #scope: Scope;
  readonly #reporter: Reporter;

  constructor(scope: Scope) {
    this.#scope = scope;
    this.#reporter = scope.reporter;
  }

  literal(draft: LiteralDraft): Literal | null {
    switch (draft.kind) {
      case 'atom':
        return this.#atom(draft);
      case 'condition':
        return {
          kind: 'condition',
          term: typeCondition(draft.term, this.#scope),
          span: draft.span,
        };
      case 'bind':
        return {
          kind: 'assign',
          variable: this.#variable(draft.variable),
          term: typeTerm(draft.term, this.#scope),
          span: draft.span,
        };
      case 'match': {
        const term = typeTerm(draft.term, this.#scope);
        return {
          kind: 'match',
          pattern: this.#pattern(draft.pattern, term.type),
          term,
          span: draft.span,
        };
      }
      case 'member':
        return this.#member(draft);
    }
  }

  #variable({ name, span }: { name: string; span: Variable['span'] }): Variable {
    return { kind: 'variable', name, type: this.#scope.variableType(name) ?? unknownType, span };
  }

  #atom(draft: AtomDraft): Literal | null {
    const { relation } = draft;
    if (relation === null) return null;
    const arguments_ = draft.arguments.map((argument, i) =>
      this.#argument(argument, relation.columns[i]!, relation.name),
    );
    return {
      kind: 'atom',
      negated: draft.negated,
      relation: relation.name,
      arguments: arguments_,
      span: draft.span,
    };
  }

  #argument(argument: ArgumentDraft, column: ColumnDraft, relation: string): AtomArgument {
    if (argument.kind === 'wildcard')
      return { kind: 'wildcard', type: column.type, span: argument.span };
    const what = `the column \`${column.name}\` of \`${relation}\``;
    if (argument.kind === 'constant') return this.#constant(argument, column.type, what, column);
    const variable = this.#variable(argument);
    if (!comparable(variable.type, column.type))
      this.#reportNever(argument.span, variable.type, column.type, what, column);
    return variable;
  }

  #constant(
    argument: ArgumentDraft & { kind: 'constant' },
    expected: Type,
    what: string,
    column?: ColumnDraft,
  ): AtomArgument {
    const poison: AtomArgument = { kind: 'wildcard', type: unknownType, span: argument.span };
    const typed = typeTerm(argument.term, this.#scope, expected);
    const value = isClosed(typed) ? evaluateTyped(typed, expected, this.#reporter) : null;
    if (value === null) return poison;
    if (!comparable(value.type, expected))
      this.#reportNever(argument.span, value.type, expected, what, column);
    return value;
  }

  #reportNever(
    span: Variable['span'],
    actual: Type,
    expected: Type,
    what: string,
    column?: ColumnDraft,
  ): void {
    this.#reporter.error(
      'TRL0310',
      span,
      `${what} is ${typeText(expected)}, so it never equals this ${typeText(actual)}`,
      {
        text: `this is ${typeText(actual)}`,
        ...(column !== undefined && {
          secondary: [
            { span: column.typedAt, text: `\`${column.name}\` is ${typeText(expected)}` },
          ],
        }),
        help: conversionHelp(actual, expected),
      },
    );
  }

  #pattern(pattern: PatternDraft, type: Type): Pattern {
    switch (pattern.kind) {
      case 'wildcard':
        return { kind: 'wildcard', type, span: pattern.span };
      case 'variable':
        return this.#variable(pattern);
      case 'constant':
        return this.#constant(pattern, type, 'what is taken apart');
      case 'pattern': {
        const types = patternItemTypes(pattern, type);
        if (types === null) {
          this.#reporter.error(
            'TRL0314',
            pattern.span,
            `this pattern is a ${pattern.shape} of ${pattern.items.length}, but the value is ${typeText(type)}`,
            {
              help: 'write a pattern of the same shape, or one variable for the whole value',
            },
          );
        }
        const items = pattern.items.map((item, i) =>
          this.#pattern(item, types?.[i] ?? unknownType),
        );
        return { kind: 'pattern', shape: pattern.shape, items, span: pattern.span };
      }
    }
  }

  #member(draft: LiteralDraft & { kind: 'member' }): Literal {
    const collection = collectionTerm(typeTerm(draft.collection, this.#scope), draft.negated);
    const type = memberType(collection.type);
    if (type === null) {
      this.#reporter.error(
        'TRL0320',
        draft.collection.span,
        `\`in\` looks into lists, sets and maps, but this is ${typeText(collection.type)}`,
        {
          help:
            collection.type.kind === 'any'
              ? 'declare the type of the column that the value comes from'
              : collection.type.kind === 'string'
                ? 'write `s.contains(part)`, or take it apart: `x in s.split("")`'
                : 'use `=` to compare with one value',
        },
      );
    }
    const pattern = this.#pattern(draft.pattern, type ?? unknownType);
    if (draft.negated && type !== null) this.#checkNegatedMember(pattern, type);
    return { kind: 'member', negated: draft.negated, pattern, collection, span: draft.span };
  }

  #checkNegatedMember(pattern: Pattern, type: Type): void {
    if (pattern.kind !== 'variable' || comparable(pattern.type, type)) return;
    this.#reportNever(pattern.span, pattern.type, type, 'an element of this collection');
  }
}

/** Elements of these come and never go; any other lattice, or asking what is not in one, shows the plain value. */
function collectionTerm(term: Term, negated: boolean): Term {
  const grows = term.type.kind === 'lattice' && unnested.includes(term.type.name);
  return grows && !negated ? term : plainTerm(term);
}

const unnested: readonly string[] = ['lset', 'lpset', 'lmap'];

/** Reports a head's term that its column cannot hold; whether it can. */
export function checkFits(
  term: Term,
  column: ColumnDraft,
  relation: string,
  reporter: Reporter,
): boolean {
  const { type } = term;
  if (
    column.type.kind === 'nat' &&
    term.kind === 'constant' &&
    isInt(term.value) &&
    term.value < 0
  ) {
    reporter.error(
      'TRL0315',
      term.span,
      `${valueText(term.value)} is negative, and the column \`${column.name}\` of \`${relation}\` is nat`,
      {
        secondary: [{ span: column.typedAt, text: 'nat' }],
        help: 'a nat is never negative: use a value of 0 or more, or declare the column int',
      },
    );
    return false;
  }
  if (fits(type, column.type)) return true;
  reporter.error(
    'TRL0310',
    term.span,
    `the column \`${column.name}\` of \`${relation}\` is ${typeText(column.type)}, but this is ${typeText(type)}`,
    {
      text: `this is ${typeText(type)}`,
      secondary: [{ span: column.typedAt, text: `\`${column.name}\` is ${typeText(column.type)}` }],
      help: conversionHelp(type, column.type),
    },
  );
  return false;
}

function conversionHelp(actual: Type, expected: Type): string {
  if (isLatticeType(expected)) return `the column takes ${acceptedText(expected)}`;
  if (actual.kind === 'int' && expected.kind === 'float')
    return 'write the int as a float: `1.0`, or `to_float(x)`';
  if (actual.kind === 'float' && expected.kind === 'int')
    return 'make it an int: `to_int(x)` cuts off what is behind the dot';
  if (expected.kind === 'string') return '`to_string(x)` makes a string of any value';
  if (actual.kind === 'string' && expected.kind === 'int')
    return '`to_int(x)` reads an int from a string';
  if (actual.kind === 'string' && expected.kind === 'addr')
    return 'declare the column that the string comes from as `addr`: it holds names of nodes';
  if (actual.kind === 'any') return 'declare the type of the column that the value comes from';
  return `use a value of type ${typeText(expected)}, or change the type of the column`;
}
