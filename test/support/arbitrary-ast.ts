/**
 * Random syntax trees, every form of the language among them, for the round trip through text.
 * Names are mostly words that are keywords somewhere else. Spans are empty and meaningless.
 */
import fc from 'fast-check';

import { float } from '../../src/base/value.js';
import { quoteString, valueText } from '../../src/base/value-text.js';
import type {
  Argument,
  BinaryOperator,
  Clause,
  Declaration,
  Definition,
  Head,
  HeadArgument,
  Identifier,
  Literal,
  Module,
  PeriodicDeclaration,
  Statement,
  Term,
  TypeExpression,
} from '../../src/syntax/ast.js';
import { latticeColumn } from '../../src/syntax/ast.js';

const file = { path: 'random.bloom', text: '' };
const span = { file, start: 0, end: 0 };

const trickyNames = [
  'x',
  'y',
  'Total',
  '_a',
  'order',
  'count',
  'min',
  'set',
  'list',
  'map',
  'next',
  'async',
  'table',
  'input',
  'view',
  'durable',
  'periodic',
  'const',
  'param',
  'delete',
  'upsert',
  'module',
  'import',
  'use',
  'lattice',
  'seal',
  'partition',
  'by',
  'not',
  'and',
  'or',
];
const name = fc.constantFrom(...trickyNames);
const identifier: fc.Arbitrary<Identifier> = name.map((text) => ({ text, span }));
const optionalName = fc.option(identifier, { nil: null, freq: 3 });

// ---- terms ----------------------------------------------------------------------------------

type Constant = Extract<Term, { kind: 'constant' }>;
function constant(value: Constant['value'], text: string): Constant {
  return { kind: 'constant', value, text, span };
}
const magnitude = fc.oneof(fc.nat(20), fc.nat(Number.MAX_SAFE_INTEGER));
const numeral: fc.Arbitrary<Constant> = fc.oneof(
  magnitude.map((n) => constant(n, String(n))),
  magnitude.map((n) => constant(n, `0x${n.toString(16)}`)),
  fc
    .tuple(fc.nat(999), fc.nat(999))
    .map(([a, b]) => constant(a * 1000 + b, `${a}_${String(b).padStart(3, '0')}`)),
  fc.nat(1000).map((n) => constant(n * 1000, `${n}s`)),
  fc
    .double({ noNaN: true, noDefaultInfinity: true, min: 0 })
    .map((n) => constant(float(n), valueText(float(n)))),
);
const negativeNumeral = numeral.map(({ value, text }) => {
  const negated =
    typeof value === 'number' ? 0 - value : float(0 - (value as { value: number }).value);
  return constant(negated, `-${text}`);
});
const text = fc.oneof(
  fc.string({ unit: 'binary' }).map((s) => constant(s, quoteString(s))),
  fc
    .string()
    .map((s) =>
      constant(s, `'${quoteString(s).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`),
    ),
  fc
    .string({ unit: 'binary' })
    .map((s) =>
      constant(s, `"${[...s].map((c) => `\\u{${c.codePointAt(0)!.toString(16)}}`).join('')}"`),
    ),
);
const word = fc.constantFrom(
  constant(true, 'true'),
  constant(false, 'false'),
  constant(null, 'null'),
);

const operators: readonly BinaryOperator[] = [
  '||',
  '&&',
  '==',
  '!=',
  '<',
  '<=',
  '>',
  '>=',
  '++',
  '+',
  '-',
  '*',
  '/',
  '%',
];

const { term } = fc.letrec<{ term: Term }>((tie) => {
  const inner = tie('term');
  const items = fc.array(inner, { maxLength: 3 });
  const argument: fc.Arbitrary<Argument> = fc.record({ name: optionalName, term: inner });
  const argumentList = fc.array(argument, { maxLength: 3 });
  return {
    term: fc.oneof(
      { maxDepth: 5, depthSize: 'small' },
      name.map((t): Term => ({ kind: 'name', text: t, span })),
      fc.constant<Term>({ kind: 'wildcard', span }),
      numeral,
      negativeNumeral,
      text,
      word,
      fc.record({
        kind: fc.constant('unary' as const),
        operator: fc.constantFrom('-' as const, '!' as const),
        operand: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom(...operators),
        left: inner,
        right: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('binary' as const),
        operator: fc.constantFrom(...operators),
        left: inner,
        right: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('if' as const),
        condition: inner,
        then: inner,
        else: inner,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('call' as const),
        callee: identifier,
        arguments: argumentList,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('method' as const),
        receiver: inner,
        method: identifier,
        arguments: items,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constantFrom('tuple' as const, 'list' as const, 'set' as const),
        items,
        span: fc.constant(span),
      }),
      fc.record({
        kind: fc.constant('map' as const),
        entries: fc.array(fc.tuple(inner, inner), { maxLength: 3 }),
        span: fc.constant(span),
      }),
    ),
  };
});

/** Any term. */
export const arbitraryTerm: fc.Arbitrary<Term> = term;

const args: fc.Arbitrary<readonly Argument[]> = fc.array(fc.record({ name: optionalName, term }), {
  maxLength: 3,
});

// ---- types and declarations -----------------------------------------------------------------

const { type } = fc.letrec<{ type: TypeExpression }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({
      name: fc.constantFrom('int', 'string', 'addr', 'any', 'order'),
      arguments: fc.constant([]),
      span: fc.constant(span),
    }),
    fc.record({
      name: fc.constantFrom('list', 'set', 'map', 'lset'),
      arguments: fc.array(tie('type'), { minLength: 1, maxLength: 2 }),
      span: fc.constant(span),
    }),
    fc.record({
      name: fc.constant('()'),
      arguments: fc.array(tie('type'), { maxLength: 3 }),
      span: fc.constant(span),
    }),
  ),
}));
const optionalType = fc.option(type, { nil: null });
const doc = fc.option(
  fc
    .array(
      fc.string().map((line) => line.trimEnd()),
      { minLength: 1, maxLength: 2 },
    )
    .map((lines) => lines.join('\n')),
  { nil: null, freq: 2 },
);

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
  relation: identifier,
  arguments: fc.array(headArgument, { maxLength: 3 }),
  span: fc.constant(span),
});
const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.record({
    kind: fc.constant('negation' as const),
    relation: identifier,
    arguments: args,
    span: fc.constant(span),
  }),
  fc.record({ kind: fc.constant('condition' as const), term, span: fc.constant(span) }),
  fc.record({
    kind: fc.constant('binding' as const),
    pattern: term,
    term,
    span: fc.constant(span),
  }),
  fc.record({
    kind: fc.constant('membership' as const),
    negated: fc.boolean(),
    pattern: term,
    collection: term,
    span: fc.constant(span),
  }),
);
const conjunction = fc.record({
  literals: fc.array(literal, { minLength: 1, maxLength: 3 }),
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

/** Any statement. */
export const arbitraryStatement: fc.Arbitrary<Statement> = fc.oneof(
  declaration,
  latticeDeclaration,
  periodic,
  definition,
  clause,
  clause,
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
