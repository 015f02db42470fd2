/**
 * Checks a seal: the relation and its columns, the producers (a static whose one variable is a
 * column of node names), and the condition, whose variables are the sealed columns and the producer.
 * The three are typed as one body, so that what can never be equal is reported as it is in rules.
 */
import type * as ast from '../syntax/ast.js';
import { buildBody } from './build-body.js';
import { requireColumns, requireRelation, type RemarkContext } from './remark-context.js';
import { desugarBody } from './desugar-body.js';
import { orderBody } from './order-body.js';
import type { Literal } from './program.js';
import { kindPhrase, type RelationDraft } from './relation-draft.js';
import type { Seal, SealAtom, SealProducers } from './remarks.js';
import type { Reporter } from './reporter.js';

/** The seal, or nothing after an error. */
export function checkSeal(statement: ast.Seal, context: RemarkContext): readonly Seal[] {
  const { reporter } = context;
  const relation = requireRelation(statement.relation, context);
  if (relation === null || !canBeSealed(relation, statement.relation, reporter)) return [];
  const columns = statement.on === null ? [] : requireColumns(relation, statement.on, reporter);
  if (columns === null) return [];
  const producer = checkProducers(statement, context);
  if (producer === undefined) return [];
  const sealed = columns.map((index) => relation.columns[index]!.name);
  if (
    !checkCondition(
      statement,
      [...sealed, ...(producer === null ? [] : [producer.variable])],
      context,
    )
  )
    return [];
  const atoms = typeAtoms(statement, relation, columns, context);
  if (atoms === null) return [];
  const { doc, span } = statement;
  const producers: SealProducers | null =
    producer === null || atoms.from === null ? null : { ...atoms.from, ...producer };
  return [
    {
      relation: relation.name,
      columns: statement.on === null ? null : columns,
      producers,
      when: atoms.when,
      doc,
      span,
    },
  ];
}

function canBeSealed(
  relation: RelationDraft,
  { span }: ast.Identifier,
  reporter: Reporter,
): boolean {
  const { kind, builtin, name } = relation;
  if (kind !== 'static' && kind !== 'periodic' && builtin === null) return true;
  const what =
    builtin !== null
      ? 'built in'
      : kind === 'static'
        ? 'static and complete from the start'
        : 'a periodic, and time goes on';
  reporter.error('TRL1101', span, `\`${name}\` is ${what}, so nobody can seal it`, {
    help: 'seal the table, input or channel whose tuples somebody else waits for',
  });
  return false;
}

/** The producer's column and variable; null without producers, undefined after an error. */
function checkProducers(
  { from }: ast.Seal,
  context: RemarkContext,
): { readonly column: number; readonly variable: string } | null | undefined {
  if (from === null) return null;
  const { reporter } = context;
  const relation = context.names.relations.get(from.relation.text);
  // Unknown relations have been reported with the other uses.
  if (relation === undefined || from.arguments.length !== relation.columns.length) {
    if (relation !== undefined) reportShape(from, relation, reporter);
    return undefined;
  }
  if (relation.kind !== 'static') {
    reporter.error(
      'TRL1103',
      from.relation.span,
      `the producers must be known from the start, but \`${relation.name}\` is ${kindPhrase(relation.kind)}`,
      {
        secondary: [{ span: relation.span, text: kindPhrase(relation.kind) }],
        help: 'make it a `static` of node names',
      },
    );
    return undefined;
  }
  const column = from.arguments.findIndex(({ term }) => term.kind === 'name');
  const named = from.arguments[column];
  if (
    named?.term.kind !== 'name' ||
    from.arguments.some(
      ({ term, name }, i) => name !== null || (i !== column && term.kind !== 'wildcard'),
    )
  ) {
    reportShape(from, relation, reporter);
    return undefined;
  }
  const { type } = relation.columns[column]!;
  if (type.kind !== 'addr' && type.kind !== 'string' && type.kind !== 'any') {
    reporter.error(
      'TRL1103',
      named.term.span,
      `the producers are nodes, but the column \`${relation.columns[column]!.name}\` of \`${relation.name}\` holds no names of nodes`,
      {
        secondary: [{ span: relation.columns[column]!.typedAt }],
        help: 'name the column of type addr',
      },
    );
    return undefined;
  }
  return { column, variable: named.term.text };
}

function reportShape(from: ast.StatementAtom, relation: RelationDraft, reporter: Reporter): void {
  const shape = relation.columns.map((_, i) => (i === 0 ? 'c' : '_')).join(', ');
  reporter.error(
    'TRL1103',
    from.span,
    'the producers are one column of a static: one variable, and `_` everywhere else',
    {
      help: `write \`from ${relation.name}(${shape})\``,
    },
  );
}

/** Whether all variables of the condition are known. */
function checkCondition(
  { when }: ast.Seal,
  known: readonly string[],
  { names, reporter }: RemarkContext,
): boolean {
  let isSound = true;
  for (const { term } of when.arguments) {
    if (term.kind !== 'name' || names.isConstant(term.text) || known.includes(term.text)) continue;
    isSound = false;
    reporter.error(
      'TRL1104',
      term.span,
      `\`${term.text}\` is neither a sealed column nor the producer`,
      {
        help:
          known.length === 0
            ? 'write `_`, or name the sealed columns with `on (...)`'
            : `use ${known.map((name) => `\`${name}\``).join(' or ')}, or \`_\` if any value will do`,
        ...reporter.suggestion(term.text, term.span, known),
      },
    );
  }
  return isSound;
}

/** The atoms, typed together with the sealed relation; null after an error. */
function typeAtoms(
  statement: ast.Seal,
  relation: RelationDraft,
  columns: readonly number[],
  { names, typing, reporter }: RemarkContext,
): { readonly when: SealAtom; readonly from: SealAtom | null } | null {
  const { from, when, span } = statement;
  const sealed = relation.columns.map((column, i): ast.Argument => ({
    name: null,
    term: columns.includes(i)
      ? { kind: 'name', text: column.name, span: statement.relation.span }
      : { kind: 'wildcard', span: statement.relation.span },
  }));
  const whole = { relation: statement.relation, arguments: sealed, span: statement.relation.span };
  // The sealed relation comes first, so that what does not fit it is reported where it stands.
  const atoms = [whole, when, ...(from === null ? [] : [from])].map(atomLiteral);
  const drafts = desugarBody(atoms, names, reporter);
  const { body } = buildBody(orderBody(drafts, names.isConstant, span, reporter), typing, reporter);
  const extra = body.literals.find((literal) => literal.kind !== 'atom');
  if (extra !== undefined) {
    reporter.error(
      'TRL1104',
      extra.span,
      'the condition of a seal takes names, constants and `_`',
      {
        help: 'derive a relation that holds when the producer is done, and name that',
      },
    );
    return null;
  }
  const [, first, second] = body.literals.filter(isAtom);
  if (first === undefined || body.literals.length < atoms.length) return null;
  return { when: first, from: from === null || second === undefined ? null : second };
}

function isAtom(literal: Literal): literal is Literal & { kind: 'atom' } {
  return literal.kind === 'atom';
}

function atomLiteral({ relation, arguments: items, span }: ast.StatementAtom): ast.Literal {
  return {
    kind: 'condition',
    term: { kind: 'call', callee: relation, arguments: items, span },
    span,
  };
}
