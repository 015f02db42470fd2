/**
 * Declarations in `.ded` files. They are optional: they give a relation a kind, its columns names
 * and types. The first column is the location whether or not it bears an `@`.
 */
import type { CollectionKind, ColumnDeclaration, Declaration, TypeExpression } from './ast.js';
import type { DedalusTokens } from './dedalus-tokens.js';

/** Kinds of relations that the dialect has; channels are not among them, `@async` reaches any relation. */
export const dedalusKinds: ReadonlySet<string> = new Set([
  'table',
  'scratch',
  'static',
  'input',
  'output',
  'view',
]);

/** Whether a declaration comes next. */
export function declares({ next, after }: DedalusTokens): boolean {
  return next.kind === 'name' && dedalusKinds.has(next.text) && after.kind === 'name';
}

export function parseDedalusDeclaration(stream: DedalusTokens): Declaration {
  const word = stream.pass();
  const name = stream.takeName('the name of a relation');
  const columns: ColumnDeclaration[] = [];
  let keyLength: number | null = null;
  if (stream.take('(') !== null && stream.take(')') === null) {
    do {
      columns.push(parseColumn(stream));
      if (keyLength === null && takeArrow(stream)) {
        keyLength = columns.length;
        columns.push(parseColumn(stream));
      }
    } while (stream.take(',') !== null);
    stream.expect(')', 'close the columns with `)`');
  }
  return {
    kind: 'declaration',
    collection: word.text as CollectionKind,
    durable: false,
    name,
    columns: columns.length === 0 ? null : columns,
    keyLength,
    partition: null,
    doc: null,
    span: stream.spanFrom(word.start),
  };
}

function isArrow({ next, after }: DedalusTokens): boolean {
  return next.text === '=' && after.text === '>' && next.end === after.start;
}

function takeArrow(stream: DedalusTokens): boolean {
  if (!isArrow(stream)) return false;
  stream.pass();
  stream.pass();
  return true;
}

function parseColumn(stream: DedalusTokens): ColumnDeclaration {
  const { start } = stream.next;
  const located = stream.take('@') !== null;
  const name = stream.takeName('the name of a column');
  const type = stream.take(':') === null ? null : parseType(stream);
  return { name, located, type, span: stream.spanFrom(start) };
}

function parseType(stream: DedalusTokens): TypeExpression {
  const name = stream.takeName('a type');
  const items: TypeExpression[] = [];
  if (stream.take('<') !== null) {
    do items.push(parseType(stream));
    while (stream.take(',') !== null);
    stream.expect('>', 'close the type with `>`');
  }
  return { name: name.text, arguments: items, span: stream.spanFrom(name.span.start) };
}
