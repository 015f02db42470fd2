/** Random values of every kind, the awkward ones among them. */
import fc from 'fast-check';
import { bytes, float, list, map, set, tuple } from '../../src/base/value.js';
import type { Value } from '../../src/base/value.js';
import type { Type } from '../../src/semantics/types.js';

const unit = fc.oneof(
  fc.constantFrom('"', '\\', '\n', '\r', '\t', '\0', ',', ' ', '\u2028', '\ud800', '\udc00', '😀'),
  fc.string({ minLength: 1, maxLength: 3, unit: 'grapheme' }),
);

/** Text with what is hard to quote; `wellFormed` leaves lone surrogates out. */
function arbitraryText(wellFormed = false): fc.Arbitrary<string> {
  const text = fc.array(unit, { maxLength: 6 }).map((units) => units.join(''));
  return wellFormed ? text.map((value) => value.replaceAll(/\p{Surrogate}/gu, '?')) : text;
}

function arbitraryFloat(): fc.Arbitrary<Value> {
  const special = fc.constantFrom(0, -0, 1, -1, 1e21, 1e-7, 5e-324, NaN, Infinity, -Infinity);
  return fc.oneof(special, fc.double()).map(float);
}

function arbitraryInt(): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min: -3, max: 3 }), fc.maxSafeInteger());
}

function arbitraryBytes(): fc.Arbitrary<Value> {
  return fc.uint8Array({ maxLength: 4 }).map((data) => bytes(Buffer.from(data).toString('hex')));
}

/** Any value, nested up to three levels deep. */
export function arbitraryValue(): fc.Arbitrary<Value> {
  const flat = fc.oneof(
    fc.constantFrom<Value>(null, true, false),
    arbitraryInt(),
    arbitraryFloat(),
    arbitraryText(),
    arbitraryBytes(),
  );
  return fc.letrec<{ value: Value }>((tie) => {
    const items = fc.array(tie('value'), { maxLength: 3 });
    const entries = fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 });
    const composite = fc.oneof(items.map(tuple), items.map(list), items.map(set), entries.map(map));
    return { value: fc.oneof({ depthSize: 'small', maxDepth: 3 }, flat, composite) };
  }).value;
}

/** A type that a column can have. */
export function arbitraryType(depth = 2): fc.Arbitrary<Type> {
  const plain = ['int', 'nat', 'float', 'string', 'bool', 'bytes', 'addr'] as const;
  const flat = fc.constantFrom(...plain).map((kind): Type => ({ kind }));
  if (depth === 0) return flat;
  const inner = arbitraryType(depth - 1);
  return fc.oneof(
    { weight: 2, arbitrary: flat },
    fc.array(inner, { maxLength: 3 }).map((items): Type => ({ kind: 'tuple', items })),
    inner.map((item): Type => ({ kind: 'list', item })),
    inner.map((item): Type => ({ kind: 'set', item })),
    fc.tuple(inner, inner).map(([key, value]): Type => ({ kind: 'map', key, value })),
  );
}

/** A value of a type; text without lone surrogates, which no file holds. */
export function arbitraryOf(type: Type): fc.Arbitrary<Value> {
  const many = (item: Type): fc.Arbitrary<Value[]> => fc.array(arbitraryOf(item), { maxLength: 3 });
  switch (type.kind) {
    case 'int':
      return arbitraryInt();
    case 'nat':
      return arbitraryInt().map((value) => (value === 0 ? 0 : Math.abs(value)));
    case 'float':
      return arbitraryFloat();
    case 'bool':
      return fc.boolean();
    case 'bytes':
      return arbitraryBytes();
    case 'tuple':
      return fc.tuple(...type.items.map(arbitraryOf)).map(tuple);
    case 'list':
      return many(type.item).map(list);
    case 'set':
      return many(type.item).map(set);
    case 'map':
      return fc
        .array(fc.tuple(arbitraryOf(type.key), arbitraryOf(type.value)), { maxLength: 3 })
        .map(map);
    default:
      return arbitraryText(true);
  }
}

/** A value whose lists, sets and maps hold values of one type each, as the language wants them. */
export function arbitraryTypedValue(): fc.Arbitrary<Value> {
  return fc.oneof(fc.constant(null), arbitraryText(), arbitraryType().chain(arbitraryOf));
}
