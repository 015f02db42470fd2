/**
 * Random terms, every form of them. Names are mostly words that are keywords somewhere else. Spans
 * are empty and meaningless.
 */
import fc from 'fast-check';

import { float } from '../../src/base/value.js';
import { quoteString, valueText } from '../../src/base/value-text.js';
import type { Argument, BinaryOperator, Identifier, Term } from '../../src/syntax/ast.js';

export const file = { path: 'random.bloom', text: '' };
export const span = { file, start: 0, end: 0 };

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
  'sealed',
  'on',
  'from',
  'when',
  'as',
  'include',
  'extern',
  'function',
  'assume',
  'coordinate',
  'invariant',
  'auto',
  'monotone',
  'partition',
  'by',
  'not',
  'and',
  'or',
];
const name = fc.constantFrom(...trickyNames);
export const identifier: fc.Arbitrary<Identifier> = name.map((text) => ({ text, span }));
export const optionalName = fc.option(identifier, { nil: null, freq: 3 });

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

export const { term } = fc.letrec<{ term: Term }>((tie) => {
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

export const args: fc.Arbitrary<readonly Argument[]> = fc.array(
  fc.record({ name: optionalName, term }),
  {
    maxLength: 3,
  },
);
