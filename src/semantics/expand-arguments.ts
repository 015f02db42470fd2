/**
 * Arguments to one a column. Named arguments (`p(col: t)`) go to their columns and leave the
 * others out; plain ones must be as many as the columns. The two are not mixed.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { relationShape, type RelationDraft } from './relation-draft.js';
import type { Reporter } from './reporter.js';

interface Named {
  readonly name: ast.Identifier | null;
}

/**
 * One entry a column, null where the column is left out; null altogether after an error. What
 * derives tuples has to fill every column, and is not told to leave one out.
 */
export function expandArguments<A extends Named>(
  relation: RelationDraft,
  given: readonly A[],
  span: Span,
  reporter: Reporter,
  derives = false,
): readonly (A | null)[] | null {
  const named = given.filter((argument) => argument.name !== null);
  if (named.length === 0) {
    if (given.length === relation.columns.length) return given;
    reportArity(relation, given.length, span, derives, reporter);
    return null;
  }
  if (named.length < given.length) {
    reporter.error(
      'TRL0304',
      span,
      `\`${relation.name}\` gets some arguments by name and some by position`,
      {
        help: 'name all of them, or none',
        secondary: [{ span: named[0]!.name!.span, text: 'this one is named' }],
      },
    );
    return null;
  }
  return byColumn(relation, named, reporter);
}

function byColumn<A extends Named>(
  relation: RelationDraft,
  named: readonly A[],
  reporter: Reporter,
): readonly (A | null)[] | null {
  const row: (A | null)[] = relation.columns.map(() => null);
  let isSound = true;
  for (const argument of named) {
    const name = argument.name!;
    const index = relation.columns.findIndex((column) => column.name === name.text);
    const earlier = row[index];
    if (index >= 0 && earlier === null) {
      row[index] = argument;
      continue;
    }
    isSound = false;
    if (earlier) {
      reporter.error('TRL0303', name.span, `the column \`${name.text}\` is given twice`, {
        secondary: [{ span: earlier.name!.span, text: 'the first time' }],
        help: 'leave out one of the two',
      });
    } else reportUnknownColumn(relation, name, reporter);
  }
  return isSound ? row : null;
}

function reportUnknownColumn(
  relation: RelationDraft,
  name: ast.Identifier,
  reporter: Reporter,
): void {
  const columns = relation.columns.map((column) => column.name);
  reporter.error('TRL0302', name.span, `\`${relation.name}\` has no column \`${name.text}\``, {
    secondary: [{ span: relation.shapedAt, text: `\`${relationShape(relation)}\`` }],
    help: `its columns are ${columns.join(', ')}`,
    ...reporter.suggestion(name.text, name.span, columns),
  });
}

function reportArity(
  relation: RelationDraft,
  given: number,
  span: Span,
  derives: boolean,
  reporter: Reporter,
): void {
  const count = relation.columns.length;
  const columns = count === 1 ? 'one column' : `${count === 0 ? 'no' : count} columns`;
  const here = given === 1 ? 'one argument' : `${given === 0 ? 'no' : given} arguments`;
  const isBuiltin = relation.builtin !== null;
  reporter.error(
    'TRL0301',
    span,
    `\`${relation.name}\` has ${columns}, but ${here} ${given === 1 ? 'is' : 'are'} given here`,
    {
      secondary: isBuiltin
        ? []
        : [{ span: relation.shapedAt, text: `${columns} here: \`${relationShape(relation)}\`` }],
      help:
        given < count && !derives
          ? `write \`_\` for a column that does not matter: \`${relationShape(relation)}\``
          : `write it as \`${relationShape(relation)}\``,
    },
  );
}
