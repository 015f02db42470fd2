/**
 * A program back to syntax, for printing. What is printed parses and checks to the same program:
 * every relation comes out declared with the types it has, so that nothing is inferred again;
 * constants are gone, params keep the values in force. Observability needs no words: a program
 * that declares no output or view prints none, and the same relations are shown.
 *
 * Rules that share a label (heads of one clause) go back into one clause, since a label stands
 * once, and likewise the heads of a clause without label, since a rule is named after the first.
 */
import type { SourceFile, Span } from '../base/span.js';
import { assert } from '../base/assert.js';
import type * as ast from '../syntax/ast.js';
import type {
  Body,
  ExternFunction,
  Fact,
  Head,
  HeadArgument,
  Literal,
  Program,
  Relation,
  Rule,
} from './program.js';
import { nameOfSealed } from './builtin-relations.js';
import { remarksToSyntax } from './remarks-to-syntax.js';
import {
  identifier,
  patternToSyntax,
  termToSyntax,
  typeToSyntax,
  valueToTerm,
} from './term-to-syntax.js';

/** The program as a module; its file has the program's name and no text. */
export function programToModule(program: Program): ast.Module {
  const file: SourceFile = { path: program.name, text: '' };
  const nowhere: Span = { file, start: 0, end: 0 };
  const declarations = [...program.relations.values()]
    .filter((relation) => relation.builtin === null)
    .map((relation) => declarationOf(relation));
  const params = program.params.map(({ name, value }): ast.Definition => ({
    kind: 'param',
    name: identifier(name, nowhere),
    type: null,
    value: valueToTerm(value, nowhere),
    doc: null,
    span: nowhere,
  }));
  const facts = groupBy(program.facts, sameClause).map((group) => factClause(program, group));
  const functions = program.functions.map(functionToSyntax);
  const rules = groupBy(program.rules, sameRuleClause);
  return {
    file,
    statements: [
      ...params,
      ...functions,
      ...declarations,
      ...facts,
      ...ruleClauses(rules),
      ...remarksToSyntax(program, literalToSyntax),
    ],
  };
}

function functionToSyntax(extern: ExternFunction): ast.ExternFunction {
  const { doc, span } = extern;
  return {
    kind: 'extern',
    name: identifier(extern.name, span),
    parameters: extern.parameters.map(({ name, type }) => ({
      name: identifier(name, span),
      type: typeToSyntax(type, span),
    })),
    result: typeToSyntax(extern.result, span),
    path: { text: extern.path, span },
    properties: extern.properties.map((property) => identifier(property, span)),
    doc,
    span,
  };
}

function declarationOf(relation: Relation): ast.Declaration | ast.PeriodicDeclaration {
  const { span, doc, kind, durable, columns, keyLength, hasKey, location, partition } = relation;
  const name = identifier(relation.name, span);
  if (kind === 'periodic') {
    assert(relation.periodMs !== null, 'a periodic relation has a period');
    return { kind: 'periodic', name, period: valueToTerm(relation.periodMs, span), doc, span };
  }
  return {
    kind: 'declaration',
    collection: kind,
    durable,
    name,
    columns: columns.map((column, i) => ({
      name: identifier(column.name, column.span),
      located: i === location,
      type: typeToSyntax(column.type, column.span),
      span: column.span,
    })),
    keyLength: hasKey ? keyLength : null,
    partition:
      partition === null
        ? null
        : { columns: partition.map((i) => identifier(columns[i]!.name, span)), span },
    doc,
    span,
  };
}

/** Splits a list into runs of neighbours that belong together. */
function groupBy<T>(
  items: readonly T[],
  belong: (a: T, b: T) => boolean,
): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (const item of items) {
    const last = groups.at(-1);
    if (last !== undefined && belong(last[0]!, item)) last.push(item);
    else groups.push([item]);
  }
  return groups;
}

function sameClause(a: Fact, b: Fact): boolean {
  return a.name === b.name;
}

/** Heads of one clause have one name and, as long as no rewrite touched them, the very same bodies. */
function sameRuleClause(a: Rule, b: Rule): boolean {
  return (
    a.name === b.name &&
    a.bodies.length === b.bodies.length &&
    a.bodies.every((body, i) => body === b.bodies[i])
  );
}

function isLabel(name: string): boolean {
  return !name.includes('#');
}

function factClause({ relations }: Program, facts: readonly Fact[]): ast.Clause {
  const { name, span } = facts[0]!;
  const heads = facts.map((fact): ast.Head => ({
    action: 'derive',
    time: 'now',
    relation: identifier(fact.relation, fact.span),
    arguments: fact.row.map((value) => ({
      kind: 'term',
      name: null,
      term: valueToTerm(value, fact.span),
      span: fact.span,
    })),
    span: fact.span,
  }));
  assert(
    facts.every((fact) => relations.has(fact.relation)),
    'facts are of relations of the program',
  );
  return {
    kind: 'clause',
    label: isLabel(name) ? identifier(name, span) : null,
    heads,
    body: null,
    doc: null,
    span,
  };
}

/** A label stands once: should a rewrite have made several clauses of one, the later ones go without. */
function ruleClauses(groups: readonly (readonly Rule[])[]): readonly ast.Clause[] {
  const labels = new Set<string>();
  return groups.map((rules) => {
    const { name, labelled, doc, origin, bodies } = rules[0]!;
    const { span } = origin;
    const label = labelled && !labels.has(name) ? identifier(name, span) : null;
    labels.add(name);
    return {
      kind: 'clause',
      label,
      heads: rules.map((rule) => headToSyntax(rule.head)),
      body: bodies.map(bodyToSyntax),
      doc,
      span,
    };
  });
}

function headToSyntax(head: Head): ast.Head {
  const { mode, span } = head;
  const isAction = mode === 'delete' || mode === 'upsert';
  return {
    action: isAction ? mode : 'derive',
    time: isAction ? 'now' : mode,
    relation: identifier(head.relation, span),
    arguments: head.arguments.map((argument) => headArgument(argument, span)),
    span,
  };
}

function headArgument(argument: HeadArgument, span: Span): ast.HeadArgument {
  if (argument.kind === 'term')
    return { kind: 'term', name: null, term: termToSyntax(argument.term), span };
  return {
    kind: 'aggregate',
    name: null,
    function: identifier(argument.function, argument.span),
    arguments: argument.arguments.map(termToSyntax),
    span: argument.span,
  };
}

function bodyToSyntax(body: Body): ast.Conjunction {
  return { literals: body.literals.map(literalToSyntax), span: body.span };
}

function literalToSyntax(literal: Literal): ast.Literal {
  const { span } = literal;
  switch (literal.kind) {
    case 'atom': {
      const relation = identifier(literal.relation, span);
      const arguments_ = literal.arguments.map((argument): ast.Argument => ({
        name: null,
        term: termToSyntax(argument),
      }));
      const sealed = nameOfSealed(literal.relation);
      if (sealed !== null)
        return {
          kind: 'sealed',
          relation: identifier(sealed, span),
          arguments: arguments_,
          span,
        };
      if (literal.negated) return { kind: 'negation', relation, arguments: arguments_, span };
      return {
        kind: 'condition',
        term: { kind: 'call', callee: relation, arguments: arguments_, span },
        span,
      };
    }
    case 'condition':
      return { kind: 'condition', term: termToSyntax(literal.term), span };
    case 'assign':
      return {
        kind: 'binding',
        pattern: termToSyntax(literal.variable),
        term: termToSyntax(literal.term),
        span,
      };
    case 'match':
      return {
        kind: 'binding',
        pattern: patternToSyntax(literal.pattern),
        term: termToSyntax(literal.term),
        span,
      };
    case 'member':
      return {
        kind: 'membership',
        negated: literal.negated,
        pattern: patternToSyntax(literal.pattern),
        collection: termToSyntax(literal.collection),
        span,
      };
  }
}
