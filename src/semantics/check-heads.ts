/**
 * What stands in heads: every variable bound by every alternative of the body, `_` and left-out
 * columns only in `delete`, aggregates only where there is something to aggregate, facts constant,
 * static rules over statics.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { checkHeadForm } from './check-head-form.js';
import type { ClauseDraft, HeadDraft } from './draft.js';
import { isMadeUp } from './made-up-names.js';
import { kindPhrase } from './relation-draft.js';
import type { Reporter } from './reporter.js';
import { freeNames } from './walk-terms.js';

export function checkHeads(
  clause: ClauseDraft,
  isConstant: (name: string) => boolean,
  reporter: Reporter,
): void {
  for (const head of clause.heads) {
    const isLegal = checkHeadForm(head, clause.bodies === null, reporter);
    if (isLegal && head.relation.kind === 'static') checkStaticBody(clause, head, reporter);
    checkArguments(clause, head, reporter);
    if (clause.bodies === null) checkFact(head, isConstant, reporter);
    else checkBound(clause, head, isConstant, reporter);
  }
}

function checkStaticBody(clause: ClauseDraft, { relation }: HeadDraft, reporter: Reporter): void {
  for (const body of clause.bodies ?? []) {
    const changing = body.literals.find(
      (literal) =>
        literal.kind === 'atom' && literal.relation !== null && literal.relation.kind !== 'static',
    );
    if (changing?.kind !== 'atom' || !changing.relation) continue;
    reporter.error(
      'TRL0504',
      changing.span,
      `\`${relation.name}\` is static, but \`${changing.relation.name}\` changes: it is ${kindPhrase(changing.relation.kind)}`,
      {
        secondary: [{ span: relation.span, text: 'static' }],
        help: `declare \`scratch ${relation.name}(...);\`, or derive it from statics only`,
      },
    );
  }
}

function headTerms(head: HeadDraft): readonly ast.Term[] {
  return head.source.arguments.flatMap((argument) =>
    argument.kind === 'term' ? [argument.term] : argument.arguments,
  );
}

function checkArguments(clause: ClauseDraft, head: HeadDraft, reporter: Reporter): void {
  const isDelete = head.mode === 'delete';
  for (const argument of head.source.arguments) {
    if (argument.kind === 'aggregate') checkAggregate(clause, head, argument.span, reporter);
    else if (argument.term.kind === 'wildcard' && !isDelete) {
      reporter.error('TRL0405', argument.span, '`_` in a head stands for no value', {
        help: 'write the value; only `delete` takes `_`, where it matches every value',
      });
    }
  }
  const missing = head.relation.columns.filter((_, i) => head.arguments?.[i]?.kind === 'left-out');
  if (missing.length > 0 && !isDelete) {
    const names = missing.map((column) => `\`${column.name}\``).join(', ');
    reporter.error(
      'TRL0305',
      head.source.span,
      `a head gives every column of its relation a value, but ${names} ${missing.length === 1 ? 'is' : 'are'} left out`,
      {
        secondary: [
          { span: head.relation.shapedAt, text: `the columns of \`${head.relation.name}\`` },
        ],
        help: `add ${missing.map((column) => `\`${column.name}: ...\``).join(', ')}`,
      },
    );
  }
}

function checkAggregate(
  clause: ClauseDraft,
  head: HeadDraft,
  span: Span,
  reporter: Reporter,
): void {
  if (clause.bodies === null) {
    reporter.error('TRL0407', span, 'an aggregate needs a body to range over', {
      help: 'write the value itself, or add `:-` and a body',
    });
  } else if (head.mode === 'delete') {
    reporter.error('TRL0410', span, '`delete` takes no aggregate', {
      help: 'derive the aggregate in a scratch, and delete what that scratch says',
    });
  }
}

function checkFact(
  head: HeadDraft,
  isConstant: (name: string) => boolean,
  reporter: Reporter,
): void {
  const reported = new Set<string>();
  for (const { name, span } of headTerms(head).flatMap((term) => freeNames(term, isConstant))) {
    if (reported.has(name)) continue;
    reported.add(name);
    reporter.error('TRL0406', span, `a fact holds constants only, but \`${name}\` is a variable`, {
      help: `write "${name}" if it is a string, define \`const ${name} = ...;\`, or add a body that binds it`,
      fixes: [{ title: `write "${name}"`, edits: [{ span, text: `"${name}"` }] }],
    });
  }
}

function checkBound(
  clause: ClauseDraft,
  head: HeadDraft,
  isConstant: (name: string) => boolean,
  reporter: Reporter,
): void {
  const bodies = clause.bodies ?? [];
  const reported = new Set<string>();
  for (const { name, span } of headTerms(head).flatMap((term) => freeNames(term, isConstant))) {
    if (reported.has(name)) continue;
    const lacking = bodies.filter((body) => !body.bound.has(name));
    if (lacking.length === 0) continue;
    reported.add(name);
    const known = [...new Set(bodies.flatMap((body) => [...body.bound]))].filter(
      (other) => !isMadeUp(other),
    );
    const isPartly = lacking.length < bodies.length;
    reporter.error(
      'TRL0401',
      span,
      isPartly
        ? `an alternative of the body does not bind \`${name}\``
        : `nothing in the body binds \`${name}\``,
      {
        secondary: isPartly
          ? lacking.map((body) => ({ span: body.span, text: `\`${name}\` is not bound here` }))
          : [],
        help: `bind \`${name}\` in a positive literal${isPartly ? ' of every alternative' : ''}, or by \`${name} = ...\``,
        ...(isPartly ? {} : reporter.suggestion(name, span, known)),
      },
    );
  }
}
