/**
 * Clauses with names resolved and bodies in normal form and order.
 *
 * Names of rules: the label, or `relation#n`, where n counts the clauses with a body whose first
 * head is that relation, labelled ones too, from 1 in source order. Facts are counted on after the
 * relation's rules, so that adding a fact renames no rule. All heads of a clause share its name.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { desugarBody, type Names } from './desugar-body.js';
import type { ClauseDraft, HeadArgumentDraft, HeadDraft } from './draft.js';
import { expandArguments } from './expand-arguments.js';
import { orderBody } from './order-body.js';
import type { HeadMode } from './program.js';
import type { Reporter } from './reporter.js';

export function draftClauses(
  module: ast.Module,
  names: Names,
  reporter: Reporter,
): readonly ClauseDraft[] {
  const clauses = module.statements.filter((statement) => statement.kind === 'clause');
  checkLabels(clauses, reporter);
  const clauseNames = nameClauses(clauses);
  const drafts: ClauseDraft[] = [];
  for (const [i, clause] of clauses.entries()) {
    const heads = clause.heads
      .map((head) => draftHead(head, names, reporter))
      .filter((head) => head !== null);
    const bodies = clause.body?.map((conjunction) => {
      const literals = desugarBody(conjunction.literals, names, reporter);
      return orderBody(literals, names.isConstant, conjunction.span, reporter);
    });
    drafts.push({
      name: clauseNames[i]!,
      labelled: clause.label !== null,
      heads,
      bodies: bodies ?? null,
      source: clause,
    });
  }
  return drafts;
}

function checkLabels(clauses: readonly ast.Clause[], reporter: Reporter): void {
  const seen = new Map<string, Span>();
  for (const { label } of clauses) {
    if (label === null) continue;
    const earlier = seen.get(label.text);
    if (earlier === undefined) seen.set(label.text, label.span);
    else {
      reporter.error('TRL0211', label.span, `two rules are labelled \`${label.text}\``, {
        secondary: [{ span: earlier, text: 'the first one' }],
        help: 'reports and overrides speak of rules by label: give each a label of its own',
      });
    }
  }
}

function nameClauses(clauses: readonly ast.Clause[]): readonly string[] {
  const counts = new Map<string, number>();
  const numberOf = (clause: ast.Clause): number => {
    const relation = clause.heads[0]?.relation.text ?? '';
    const count = (counts.get(relation) ?? 0) + 1;
    counts.set(relation, count);
    return count;
  };
  const numbers = new Map<ast.Clause, number>();
  for (const clause of clauses) if (clause.body !== null) numbers.set(clause, numberOf(clause));
  for (const clause of clauses) if (clause.body === null) numbers.set(clause, numberOf(clause));
  return clauses.map(
    (clause) =>
      clause.label?.text ?? `${clause.heads[0]?.relation.text ?? ''}#${numbers.get(clause)!}`,
  );
}

function draftHead(head: ast.Head, names: Names, reporter: Reporter): HeadDraft | null {
  const relation = names.relations.get(head.relation.text);
  if (relation === undefined) return null;
  const mode: HeadMode = head.action === 'derive' ? head.time : head.action;
  const derives = head.action !== 'delete';
  const row = expandArguments(relation, head.arguments, head.span, reporter, derives);
  const leftOut: HeadArgumentDraft = { kind: 'left-out' };
  return {
    relation,
    mode,
    arguments: row?.map((argument) => argument ?? leftOut) ?? null,
    source: head,
  };
}
