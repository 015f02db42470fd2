/**
 * Random statements about modules, functions and the program, and what they are made of: types,
 * documentation, literals.
 */
import fc from 'fast-check';

import { quoteString } from '../../src/base/value-text.js';
import type {
  Assumption,
  Coordination,
  ExternFunction,
  Identifier,
  Import,
  Include,
  Invariant,
  Literal,
  PathText,
  PlacedLiteral,
  Seal,
  StatementAtom,
  Term,
  TypeExpression,
  Use,
} from '../../src/syntax/ast.js';
import { args, identifier, span, term } from './arbitrary-terms.js';

/** A relation of this module, or of an instance. */
export const relationName: fc.Arbitrary<Identifier> = fc.oneof(
  { weight: 4, arbitrary: identifier },
  {
    weight: 1,
    arbitrary: fc
      .array(identifier, { minLength: 2, maxLength: 3 })
      .map((parts) => ({ text: parts.map(({ text }) => text).join('.'), span })),
  },
);

// ---- types and documentation ----------------------------------------------------------------

/** Any type. */
export const { type } = fc.letrec<{ type: TypeExpression }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 3, depthSize: 'small' },
    fc.record({
      name: fc.constantFrom('int', 'string', 'addr', 'any', 'order', 'lbool', 'lvclock'),
      arguments: fc.constant([]),
      span: fc.constant(span),
    }),
    fc.record({
      name: fc.constantFrom('list', 'set', 'map', 'lset', 'lmax', 'lmap', 'ldom'),
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
/** Documentation, or none. */
export const doc = fc.option(
  fc
    .array(
      fc.string().map((line) => line.trimEnd()),
      { minLength: 1, maxLength: 2 },
    )
    .map((lines) => lines.join('\n')),
  { nil: null, freq: 2 },
);

// ---- literals -------------------------------------------------------------------------------

const literal: fc.Arbitrary<Literal> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('negation' as const, 'sealed' as const),
    relation: relationName,
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
export const conjunction = fc.record({
  literals: fc.array(literal, { minLength: 1, maxLength: 3 }),
  span: fc.constant(span),
});
// ---- modules and functions ------------------------------------------------------------------

const path: fc.Arbitrary<PathText> = fc.oneof(
  fc.constantFrom('./a.bloom', 'std/delivery').map((text) => ({ text, span })),
  fc.string({ unit: 'binary' }).map((text) => ({ text, span })),
);
const moduleOrInclude: fc.Arbitrary<Import | Include> = fc.record({
  kind: fc.constantFrom('import' as const, 'include' as const),
  path,
  doc,
  span: fc.constant(span),
});
const use: fc.Arbitrary<Use> = fc.record({
  kind: fc.constant('use' as const),
  module: identifier,
  alias: identifier,
  settings: fc.array(fc.record({ name: identifier, value: term }), { maxLength: 2 }),
  doc,
  span: fc.constant(span),
});
const extern: fc.Arbitrary<ExternFunction> = fc.record({
  kind: fc.constant('extern' as const),
  name: identifier,
  parameters: fc.array(fc.record({ name: identifier, type }), { maxLength: 3 }),
  result: type,
  path,
  properties: fc
    .subarray(['monotone', 'antitone', 'morphism', 'injective'])
    .map((words) => words.map((text) => ({ text, span }))),
  doc,
  span: fc.constant(span),
});

/** `import`, `include`, `use`, `extern`. */
export const moduleStatement = fc.oneof(moduleOrInclude, use, extern);

// ---- statements about a program -------------------------------------------------------------

const columnNames = fc.option(fc.array(identifier, { minLength: 1, maxLength: 3 }), { nil: null });
const atom: fc.Arbitrary<StatementAtom> = fc.record({
  relation: relationName,
  arguments: args,
  span: fc.constant(span),
});
const seal: fc.Arbitrary<Seal> = fc.record({
  kind: fc.constant('seal' as const),
  relation: relationName,
  on: columnNames,
  from: fc.option(atom, { nil: null }),
  when: atom,
  doc,
  span: fc.constant(span),
});
const assumption: fc.Arbitrary<Assumption> = fc.record({
  kind: fc.constant('assume' as const),
  rule: fc.oneof(
    identifier,
    fc.constantFrom('p#1', 'rd.send#2', 'a b').map((text) => ({ text, span })),
  ),
  reason: fc.string({ unit: 'binary' }),
  doc,
  span: fc.constant(span),
});
const coordination: fc.Arbitrary<Coordination> = fc.record({
  kind: fc.constant('coordinate' as const),
  relation: relationName,
  mechanism: fc.constantFrom('auto', 'none', 'seal', 'cut', 'order'),
  key: columnNames,
  doc,
  span: fc.constant(span),
});
const place: fc.Arbitrary<Term> = fc.oneof(
  // Behind `@`, `next` and `async` are words of the language.
  identifier
    .filter(({ text }) => text !== 'next' && text !== 'async')
    .map(({ text }): Term => ({ kind: 'name', text, span })),
  fc.constant<Term>({ kind: 'wildcard', span }),
  fc.string().map((value): Term => ({ kind: 'constant', value, text: quoteString(value), span })),
);
const placedLiteral: fc.Arbitrary<PlacedLiteral> = fc.oneof(
  fc.record({ literal, place: fc.constant(null) }),
  fc.record({
    literal: fc.oneof(
      fc.record({
        kind: fc.constant('negation' as const),
        relation: relationName,
        arguments: args,
        span: fc.constant(span),
      }),
      fc.record({ callee: identifier, arguments: args }).map((call): Literal => ({
        kind: 'condition',
        term: { kind: 'call', ...call, span },
        span,
      })),
    ),
    place,
  }),
);
const invariant: fc.Arbitrary<Invariant> = fc.record({
  kind: fc.constant('invariant' as const),
  name: identifier,
  body: fc.array(
    fc.record({
      literals: fc.array(placedLiteral, { minLength: 1, maxLength: 3 }),
      span: fc.constant(span),
    }),
    { minLength: 1, maxLength: 2 },
  ),
  doc,
  span: fc.constant(span),
});

/** `seal`, `assume`, `coordinate`, `invariant`. */
export const remark = fc.oneof(seal, assumption, coordination, invariant);
