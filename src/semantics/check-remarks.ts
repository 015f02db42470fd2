/**
 * Resolves the statements about a program. Each speaks of a relation or a rule once; a second one
 * of the same kind would leave open which is meant.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { checkInvariants } from './check-invariants.js';
import { checkSeal } from './check-seals.js';
import { kindPhrase } from './relation-draft.js';
import type { Assumption, Coordination, Remarks, Seal } from './remarks.js';
import { requireColumns, requireRelation, type RemarkContext } from './remark-context.js';
import type { Reporter } from './reporter.js';

/** Everything that the module says about itself. */
export function checkRemarks(module: ast.Module, context: RemarkContext): Remarks {
  reportRepeated(module, context.reporter);
  const seals: Seal[] = [];
  const assumptions: Assumption[] = [];
  const coordinations: Coordination[] = [];
  for (const statement of module.statements) {
    if (statement.kind === 'seal') seals.push(...checkSeal(statement, context));
    else if (statement.kind === 'assume') assumptions.push(...checkAssumption(statement, context));
    else if (statement.kind === 'coordinate')
      coordinations.push(...checkCoordination(statement, context));
  }
  return { seals, assumptions, coordinations, invariants: checkInvariants(module, context) };
}

function reportRepeated(module: ast.Module, reporter: Reporter): void {
  const seen = new Map<string, Span>();
  for (const statement of module.statements) {
    const subject = subjectOf(statement);
    if (subject === null) continue;
    const { name, what } = subject;
    const key = `${what} ${name.text}`;
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, name.span);
    else {
      reporter.error('TRL1102', name.span, `\`${name.text}\` has two ${what}`, {
        secondary: [{ span: earlier, text: 'the first one' }],
        help: 'remove one of the two, so that it is clear which one holds',
      });
    }
  }
}

function subjectOf(statement: ast.Statement): { name: ast.Identifier; what: string } | null {
  switch (statement.kind) {
    case 'seal':
      return { name: statement.relation, what: 'seals' };
    case 'assume':
      return { name: statement.rule, what: 'assumptions' };
    case 'coordinate':
      return { name: statement.relation, what: 'ways to coordinate' };
    case 'invariant':
      return { name: statement.name, what: 'invariants' };
    default:
      return null;
  }
}

function checkAssumption(
  statement: ast.Assumption,
  { clauses, reporter }: RemarkContext,
): readonly Assumption[] {
  const { rule, reason, doc, span } = statement;
  const names = clauses.filter(({ bodies }) => bodies !== null).map(({ name }) => name);
  if (reason.trim() === '')
    reporter.error('TRL1107', span, `nothing says why \`${rule.text}\` is harmless`, {
      help: 'write a sentence: every report shows it to whoever relies on the rule',
    });
  if (names.includes(rule.text)) return [{ rule: rule.text, reason, doc, span }];
  const ofRelation = names.filter((name) => name.startsWith(`${rule.text}#`));
  const help =
    ofRelation.length > 0
      ? `the rules of that relation are ${ofRelation.map((name) => `"${name}"`).join(', ')}`
      : 'name a rule by its label, or as "relation#n", counting the rules of one head from 1';
  const nearest = ofRelation.length > 0 ? null : reporter.nearest(rule.text, names);
  reporter.error('TRL1106', rule.span, `there is no rule called \`${rule.text}\``, {
    help: nearest === null ? help : `did you mean \`${nearest}\`?`,
    ...(nearest !== null && {
      fixes: [
        {
          title: `write ${nearest}`,
          edits: [{ span: rule.span, text: nearest.includes('#') ? `"${nearest}"` : nearest }],
        },
      ],
    }),
  });
  return [];
}

function checkCoordination(
  statement: ast.Coordination,
  context: RemarkContext,
): readonly Coordination[] {
  const { mechanism, key, doc, span } = statement;
  const relation = requireRelation(statement.relation, context);
  if (relation === null) return [];
  const { reporter } = context;
  if (relation.kind === 'static' || relation.kind === 'periodic' || relation.builtin !== null) {
    const what = relation.builtin === null ? kindPhrase(relation.kind) : 'built in';
    reporter.error(
      'TRL1108',
      statement.relation.span,
      `\`${relation.name}\` is ${what}: there is nothing to coordinate`,
      {
        help: 'name the channel, table or output that several nodes have to agree on',
      },
    );
    return [];
  }
  if (key !== null && mechanism !== 'order') {
    reporter.error(
      'TRL1108',
      key[0]?.span ?? span,
      `only \`order\` takes columns, not \`${mechanism}\``,
      {
        help:
          mechanism === 'seal'
            ? `the columns stand in the seal itself: \`seal ${relation.name} on (...) when ...(...);\``
            : 'leave the columns out',
      },
    );
    return [];
  }
  const columns = key === null ? null : requireColumns(relation, key, reporter);
  if (key !== null && columns === null) return [];
  return [{ relation: relation.name, mechanism, key: columns, doc, span }];
}
