/**
 * Random syntax trees, every form of the language among them, for the round trip through text and
 * for the formatter. Terms are in `arbitrary-terms.ts`, statements about modules and about the
 * program in `arbitrary-statements.ts`.
 */
import fc from 'fast-check';

import type {
  Clause,
  Declaration,
  Definition,
  Head,
  HeadArgument,
  Module,
  ModuleDeclaration,
  PeriodicDeclaration,
  Statement,
  Term,
} from '../../src/syntax/ast.js';
import { latticeColumn } from '../../src/syntax/ast.js';
import {
  conjunction,
  doc,
  moduleStatement,
  relationName,
  remark,
  type,
} from './arbitrary-statements.js';
import { file, identifier, optionalName, span, term } from './arbitrary-terms.js';

/** Any term. */
export const arbitraryTerm: fc.Arbitrary<Term> = term;

// ---- declarations ---------------------------------------------------------------------------

const optionalType = fc.option(type, { nil: null });
const column = fc.record({
  name: identifier,
  located: fc.boolean(),
  type: optionalType,
  span: fc.constant(span),
});
const columnsAndKey = fc.oneof(
  fc.constant({ columns: null, keyLength: null }),
  fc.array(column, { maxLength: 3 }).map((columns) => ({ columns, keyLength: null })),
  fc
    .array(column, { minLength: 1, maxLength: 3 })
    .chain((columns) =>
      fc.record({ columns: fc.constant(columns), keyLength: fc.nat(columns.length - 1) }),
    ),
);
const partition = fc.option(
  fc.array(identifier, { maxLength: 2 }).map((columns) => ({ columns, span })),
  { nil: null },
);
const declaration: fc.Arbitrary<Declaration> = fc
  .record({
    kind: fc.constant('declaration' as const),
    collection: fc.constantFrom(
      'table',
      'scratch',
      'static',
      'input',
      'output',
      'view',
      'channel',
      'loopback',
    ),
    durable: fc.boolean(),
    name: identifier,
    shape: columnsAndKey,
    partition,
    doc,
  })
  .map(({ shape, ...rest }) => ({ ...rest, ...shape, span }));
const latticeDeclaration: fc.Arbitrary<Declaration> = fc
  .record({
    kind: fc.constant('declaration' as const),
    collection: fc.constant('lattice' as const),
    durable: fc.boolean(),
    name: identifier,
    held: optionalType.filter((each) => each !== null),
    partition,
    doc,
  })
  .map(({ held, ...rest }) => {
    const only = { name: { text: latticeColumn, span }, located: false, type: held, span };
    return { ...rest, columns: [only], keyLength: 0, span };
  });
const periodic: fc.Arbitrary<PeriodicDeclaration> = fc.record({
  kind: fc.constant('periodic' as const),
  name: identifier,
  period: term,
  doc,
  span: fc.constant(span),
});
const definition: fc.Arbitrary<Definition> = fc.oneof(
  fc.record({
    kind: fc.constant('const' as const),
    name: identifier,
    type: optionalType,
    value: term,
    doc,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('param' as const),
    name: identifier,
    type: optionalType,
    value: fc.option(term, { nil: null }),
    doc,
    span: fc.constant(span),
  }),
);

// ---- clauses --------------------------------------------------------------------------------

const headArgument: fc.Arbitrary<HeadArgument> = fc.oneof(
  fc.record({
    kind: fc.constant('term' as const),
    name: optionalName,
    term,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('aggregate' as const),
    name: optionalName,
    function: fc
      .constantFrom('count', 'min', 'argmax', 'set', 'top')
      .map((t) => ({ text: t, span })),
    arguments: fc.array(term, { maxLength: 2 }),
    span: fc.constant(span),
  }),
);
const head: fc.Arbitrary<Head> = fc.record({
  action: fc.constantFrom('derive' as const, 'delete' as const, 'upsert' as const),
  time: fc.constantFrom('now' as const, 'next' as const, 'async' as const),
  relation: relationName,
  arguments: fc.array(headArgument, { maxLength: 3 }),
  span: fc.constant(span),
});
const clause: fc.Arbitrary<Clause> = fc.record({
  kind: fc.constant('clause' as const),
  label: optionalName,
  heads: fc.array(head, { minLength: 1, maxLength: 2 }),
  body: fc.option(fc.array(conjunction, { minLength: 1, maxLength: 3 }), { nil: null }),
  doc,
  span: fc.constant(span),
});

const plainStatement: fc.Arbitrary<Statement> = fc.oneof(
  declaration,
  latticeDeclaration,
  periodic,
  definition,
  clause,
  clause,
  moduleStatement,
  remark,
);
const block: fc.Arbitrary<ModuleDeclaration> = fc.record({
  kind: fc.constant('module' as const),
  name: identifier,
  statements: fc.array(plainStatement, { maxLength: 3 }),
  doc,
  span: fc.constant(span),
});

/** Any statement. */
export const arbitraryStatement: fc.Arbitrary<Statement> = fc.oneof(
  { weight: 7, arbitrary: plainStatement },
  { weight: 1, arbitrary: block },
);

/** Any module. */
export const arbitraryModule: fc.Arbitrary<Module> = fc.record({
  file: fc.constant(file),
  statements: fc.array(arbitraryStatement, { maxLength: 5 }),
});

/** The tree without its places: what two trees are compared by. */
export function withoutSpans(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(withoutSpans);
  if (typeof node !== 'object' || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => key !== 'span' && key !== 'file');
  return Object.fromEntries(kept.map(([key, child]) => [key, withoutSpans(child)]));
}
