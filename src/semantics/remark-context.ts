/** What statements about a program are checked against, and how they name relations and columns. */
import type * as ast from '../syntax/ast.js';
import type { Names } from './desugar-body.js';
import type { ClauseDraft } from './draft.js';
import { relationShape, type RelationDraft } from './relation-draft.js';
import type { Reporter } from './reporter.js';
import type { Typing } from './solve-variables.js';

/** What the statements are checked against. */
export interface RemarkContext {
  readonly names: Names;
  readonly typing: Typing;
  readonly clauses: readonly ClauseDraft[];
  readonly reporter: Reporter;
}

/** The relation of that name; reports an unknown one. */
export function requireRelation(
  { text, span }: ast.Identifier,
  { names, reporter }: RemarkContext,
): RelationDraft | null {
  const relation = names.relations.get(text);
  if (relation !== undefined && relation.builtin !== 'sealed') return relation;
  const known = [...names.relations.values()].filter(({ builtin }) => builtin !== 'sealed');
  reporter.error(
    'TRL0201',
    span,
    `there is no relation \`${text}\`: nothing declares or derives it`,
    {
      help: 'name a relation of this program',
      ...reporter.suggestion(
        text,
        span,
        known.map(({ name }) => name),
      ),
    },
  );
  return null;
}

/** Indices of the columns of these names; null after an error. */
export function requireColumns(
  relation: RelationDraft,
  columns: readonly ast.Identifier[],
  reporter: Reporter,
): readonly number[] | null {
  const known = relation.columns.map(({ name }) => name);
  const indices: number[] = [];
  let isSound = true;
  for (const { text, span } of columns) {
    const index = known.indexOf(text);
    if (index >= 0 && !indices.includes(index)) {
      indices.push(index);
      continue;
    }
    isSound = false;
    if (index >= 0)
      reporter.error('TRL0303', span, `the column \`${text}\` is given twice`, {
        help: 'leave out one of the two',
      });
    else
      reporter.error('TRL0302', span, `\`${relation.name}\` has no column \`${text}\``, {
        secondary: [{ span: relation.shapedAt, text: `\`${relationShape(relation)}\`` }],
        help: `its columns are ${known.join(', ')}`,
        ...reporter.suggestion(text, span, known),
      });
  }
  return isSound ? indices : null;
}
