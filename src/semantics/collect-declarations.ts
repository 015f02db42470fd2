/**
 * The relations that a module declares. A relation is declared once; the second declaration is
 * reported with the place of the first, and the first stands.
 *
 * Kind statements without columns (`output grant;`) come out as open declarations, whose columns
 * the relation's uses decide.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import { isBuiltinRelation } from './builtin-relations.js';
import { checkLatticeColumns } from './check-lattice-columns.js';
import { readPartition } from './check-partition.js';
import { readType } from './read-type.js';
import { columnDraft, kindPhrase, type RelationDraft } from './relation-draft.js';
import { addrType, intType, typeText } from './relate-types.js';
import type { Reporter } from './reporter.js';
import type { Type } from './types.js';

/** `output grant;`: a kind whose columns are yet to be seen. */
export interface OpenDeclaration {
  readonly declaration: ast.Declaration;
}
export type Declared = RelationDraft | OpenDeclaration;

/** Every declared relation by name, in source order. Periods are filled in later. */
export function collectDeclarations(
  module: ast.Module,
  lattices: ReadonlySet<string>,
  reporter: Reporter,
): ReadonlyMap<string, Declared> {
  const declared = new Map<string, Declared>();
  const places = new Map<string, Span>();
  for (const statement of module.statements) {
    if (statement.kind !== 'declaration' && statement.kind !== 'periodic') continue;
    const { text, span } = statement.name;
    if (isBuiltinRelation(text)) {
      reporter.error('TRL0204', span, `\`${text}\` is built in and cannot be declared again`, {
        help: 'choose another name',
      });
      continue;
    }
    const earlier = places.get(text);
    if (earlier !== undefined) {
      reporter.error('TRL0203', span, `the relation \`${text}\` is declared twice`, {
        text: 'declared again here',
        secondary: [{ span: earlier, text: 'first declared here' }],
        help: 'remove one of the two declarations, or rename one relation',
      });
      continue;
    }
    places.set(text, span);
    declared.set(
      text,
      statement.kind === 'periodic'
        ? periodicDraft(statement)
        : declare(statement, lattices, reporter),
    );
  }
  return declared;
}

function periodicDraft(statement: ast.PeriodicDeclaration): RelationDraft {
  const { name } = statement;
  return {
    name: name.text,
    kind: 'periodic',
    columns: [columnDraft('count', intType, name.span), columnDraft('at', intType, name.span)],
    keyLength: 2,
    hasKey: false,
    location: null,
    partition: null,
    builtin: null,
    durable: false,
    declared: true,
    periodMs: null,
    doc: statement.doc,
    span: name.span,
    shapedAt: name.span,
  };
}

function declare(
  declaration: ast.Declaration,
  lattices: ReadonlySet<string>,
  reporter: Reporter,
): Declared {
  if (declaration.durable) checkDurable(declaration, reporter);
  const partition = readPartition(declaration, reporter);
  if (declaration.columns === null) return { declaration };
  const seen = new Map<string, Span>();
  for (const { name } of declaration.columns) {
    const earlier = seen.get(name.text);
    if (earlier === undefined) seen.set(name.text, name.span);
    else {
      reporter.error(
        'TRL0306',
        name.span,
        `\`${declaration.name.text}\` has two columns called \`${name.text}\``,
        {
          secondary: [{ span: earlier, text: 'the first one' }],
          help: 'rename one of them',
        },
      );
    }
  }
  checkLocations(declaration, declaration.columns, reporter);
  const columns = declaration.columns.map((column) => {
    const written = column.type === null ? null : readType(column.type, reporter, lattices);
    return columnDraft(
      column.name.text,
      column.located ? locationType(column, written, reporter) : written,
      column.name.span,
    );
  });
  checkLatticeColumns(declaration, columns, reporter);
  const located = declaration.columns.findIndex((column) => column.located);
  return { ...shape(declaration, columns, located), partition };
}

function shape(
  declaration: ast.Declaration,
  columns: RelationDraft['columns'],
  located: number,
): RelationDraft {
  const { name, collection, keyLength, doc } = declaration;
  return {
    name: name.text,
    kind: collection,
    columns,
    keyLength: keyLength ?? columns.length,
    hasKey: keyLength !== null,
    location: located < 0 ? null : located,
    partition: null,
    builtin: null,
    durable: declaration.durable,
    declared: true,
    periodMs: null,
    doc,
    span: name.span,
    shapedAt: name.span,
  };
}

/** An open declaration with the columns that its uses gave it. */
export function closeDeclaration(
  { declaration }: OpenDeclaration,
  columns: RelationDraft['columns'],
  shapedAt: Span,
): RelationDraft {
  return { ...shape(declaration, columns, -1), shapedAt };
}

function locationType(
  column: ast.ColumnDeclaration,
  written: Type | null,
  reporter: Reporter,
): Type {
  if (written !== null && written.kind !== 'addr' && written.kind !== 'unknown') {
    const span = column.type!.span;
    reporter.error(
      'TRL0319',
      span,
      `an \`@\` column holds the name of a node, so its type is addr, not ${typeText(written)}`,
      {
        help: 'write `addr`',
        fixes: [{ title: 'write `addr`', edits: [{ span, text: 'addr' }] }],
      },
    );
  }
  return addrType;
}

function checkLocations(
  declaration: ast.Declaration,
  columns: readonly ast.ColumnDeclaration[],
  reporter: Reporter,
): void {
  const { collection, name } = declaration;
  const located = columns.filter((column) => column.located);
  const [first, second] = located;
  if (second !== undefined) {
    reporter.error(
      'TRL0319',
      second.span,
      `\`${name.text}\` has two \`@\` columns, but a tuple lives at one node`,
      {
        secondary: [{ span: first!.span, text: 'the first one' }],
        help: 'leave one `@`, and make the other column an ordinary `addr`',
      },
    );
  } else if (collection === 'loopback' && first !== undefined) {
    reporter.error(
      'TRL0319',
      first.span,
      `a loopback stays at its node, so it has no \`@\` column`,
      {
        help: 'leave out the `@`, or make it a channel',
      },
    );
  } else if (collection === 'channel' && first === undefined) {
    reportNoReceiver(declaration, reporter);
  }
}

/** A channel that does not say where its tuples go. */
export function reportNoReceiver(declaration: ast.Declaration, reporter: Reporter): void {
  reporter.error(
    'TRL0319',
    declaration.name.span,
    `the channel \`${declaration.name.text}\` does not say who receives its tuples`,
    {
      help: `mark the receiver's column: \`channel ${declaration.name.text}(@to: addr, ...);\``,
    },
  );
}

function checkDurable({ collection, name, span }: ast.Declaration, reporter: Reporter): void {
  if (collection === 'table' || collection === 'channel' || collection === 'lattice') return;
  const word = { ...span, end: Math.min(span.end, span.start + 'durable '.length) };
  reporter.error(
    'TRL0344',
    name.span,
    `\`durable\` applies to tables, lattices and channels, not to ${kindPhrase(collection)}`,
    {
      help:
        collection === 'loopback'
          ? 'leave it out, or make it a channel: `durable channel` to the node itself'
          : 'leave it out: only what is stored, and what is sent, can be durable',
      fixes: [{ title: 'leave out `durable`', edits: [{ span: word, text: '' }] }],
    },
  );
}
