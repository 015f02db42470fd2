/**
 * `partition by (src)`: which relations may be spread over the cluster, and by which columns. A
 * tuple is owned by the node that the hash of those columns names, so they are columns of the
 * relation, each once; and they stand left of `=>`, so that tuples that share a key meet at one node,
 * where they conflict or merge. What an input, a message or an `@` column places is placed already.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { kindPhrase } from './relation-draft.js';
import type { Reporter } from './reporter.js';

/** The indexes of the partition columns in the order in which they are hashed, as written; null without the clause, or where it is wrong, which is reported. */
export function readPartition(
  declaration: ast.Declaration,
  reporter: Reporter,
): readonly number[] | null {
  const { partition, columns } = declaration;
  if (partition === null || refuseKind(declaration, partition, reporter)) return null;
  if (columns === null || partition.columns.length === 0) {
    const { name } = declaration;
    const isEmpty = columns !== null;
    reporter.error(
      'TRL0326',
      partition.span,
      isEmpty
        ? `no column says where a tuple of \`${name.text}\` lives`
        : `the columns of \`${name.text}\` are not written, so none can say where a tuple lives`,
      {
        help: isEmpty
          ? `name one or more columns: \`partition by (${columns[0]?.name.text ?? 'column'})\``
          : `write them: \`${declaration.collection} ${name.text}(column: type, ...) partition by (column);\``,
      },
    );
    return null;
  }
  const indexes = new Map<number, Span>();
  for (const column of partition.columns) {
    const index = columnIndex(declaration, columns, column, indexes, reporter);
    if (index === null) return null;
    indexes.set(index, column.span);
  }
  return [...indexes.keys()];
}

/** Whether the relation cannot be cluster-wide, which is reported. */
function refuseKind(
  { collection, name, columns }: ast.Declaration,
  { span }: ast.Partition,
  reporter: Reporter,
): boolean {
  const located = columns?.find((column) => column.located);
  const isSpreadable =
    collection === 'table' || collection === 'scratch' || collection === 'static';
  if (isSpreadable && located === undefined) return false;
  const subject = `\`${name.text}\` is ${kindPhrase(collection)}`;
  const refusal = located
    ? {
        message: `the \`@\` column of \`${name.text}\` says where a tuple lives, so nothing else can`,
        help: 'leave out the `@`, or the `partition by`',
      }
    : {
        message: `${subject}, and only a table, a scratch or a static can be spread over the cluster`,
        help: kindHelp(collection),
      };
  reporter.error('TRL0325', span, refusal.message, {
    help: refusal.help,
    secondary: located ? [{ span: located.span, text: 'its place' }] : [],
  });
  return true;
}

function kindHelp(collection: ast.CollectionKind): string {
  switch (collection) {
    case 'input':
      return 'leave it out: an input may come in at any node, and a rule that derives a relation with `partition by` from it sends each tuple to its owner';
    case 'output':
    case 'view':
      return 'leave it out: each node shows its own part of what it reads';
    case 'lattice':
      return 'declare a table with a lattice column: `table name(key: type => value: ...) partition by (key);`';
    default:
      return 'leave it out: messages go to the node in the `@` column';
  }
}

/** Where the column stands; null if it cannot place tuples, which is reported. */
function columnIndex(
  { name, keyLength }: ast.Declaration,
  columns: readonly ast.ColumnDeclaration[],
  { text, span }: ast.Identifier,
  earlier: ReadonlyMap<number, Span>,
  reporter: Reporter,
): number | null {
  const names = columns.map((column) => column.name.text);
  const index = names.indexOf(text);
  if (index < 0) {
    reporter.error('TRL0326', span, `\`${name.text}\` has no column \`${text}\``, {
      help: `its columns are ${names.map((one) => `\`${one}\``).join(', ')}`,
      ...reporter.suggestion(text, span, names),
    });
    return null;
  }
  const before = earlier.get(index);
  if (before !== undefined) {
    reporter.error('TRL0326', span, `the column \`${text}\` is named twice`, {
      secondary: [{ span: before, text: 'the first time' }],
      help: 'leave it out here',
    });
    return null;
  }
  if (keyLength !== null && index >= keyLength) {
    reporter.error(
      'TRL0326',
      span,
      `\`${text}\` stands right of \`=>\`, so tuples with one key could live at several nodes and would never meet`,
      {
        secondary: [{ span: columns[index]!.span, text: 'not in the key' }],
        help:
          keyLength === 0
            ? 'put the columns that say where a tuple lives left of `=>`'
            : `partition by columns of the key: ${names
                .slice(0, keyLength)
                .map((one) => `\`${one}\``)
                .join(', ')}`,
      },
    );
    return null;
  }
  return index;
}
