/**
 * How types relate: which fits where, what two sources of one column have in common, what two
 * uses of one variable leave.
 *
 * `fits(a, b)`: every value of `a` may stand where `b` is asked for. `any` is the top, `nat` and
 * `int` fit each other (that a `nat` is not negative is seen for constants here, for other values
 * when they are stored), `addr` and `string` are told apart, `int` and `float` too. `null` fits
 * `any` only. Composite types relate item by item.
 *
 * Literals are more pliable than other terms: a string literal will do as an `addr`, an int
 * literal as a `float`. That is kept in the type: `textType` and `literalIntType` are the very
 * objects that literals have as type; they look like `string` and `int` and are told from them by
 * identity. An inferred column may be `textType` until inference knows which of the two it is.
 */
import type { Type } from './types.js';

export const unknownType: Type = { kind: 'unknown' };
export const anyType: Type = { kind: 'any' };
export const intType: Type = { kind: 'int' };
export const floatType: Type = { kind: 'float' };
export const boolType: Type = { kind: 'bool' };
export const stringType: Type = { kind: 'string' };
export const addrType: Type = { kind: 'addr' };
/** The type of a string literal: a string that may also serve as an address. */
export const textType: Type = { kind: 'string' };
/** The type of an int literal: an int that may also serve as a float. */
export const literalIntType: Type = { kind: 'int' };

/** Deeper or larger types are taken for endless ones (`p([x]) :- p(x);`). */
const MAX_TYPE_DEPTH = 32;
const MAX_TYPE_PARTS = 1000;

/** The type as a program writes it; `_` for what is not determined. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case 'unknown':
      return '_';
    case 'tuple':
      return `(${type.items.map(typeText).join(', ')}${type.items.length === 1 ? ',' : ''})`;
    case 'list':
    case 'set':
      return `${type.kind}<${typeText(type.item)}>`;
    case 'map':
      return `map<${typeText(type.key)}, ${typeText(type.value)}>`;
    case 'lattice':
      return type.arguments.length === 0
        ? type.name
        : `${type.name}<${type.arguments.map(typeText).join(', ')}>`;
    default:
      return type.kind;
  }
}

/** Applies a function to the parts of a type; a type without parts comes back as it is. */
function mapParts(type: Type, f: (part: Type) => Type): Type {
  switch (type.kind) {
    case 'tuple':
      return { kind: 'tuple', items: type.items.map(f) };
    case 'list':
    case 'set':
      return { kind: type.kind, item: f(type.item) };
    case 'map':
      return { kind: 'map', key: f(type.key), value: f(type.value) };
    case 'lattice':
      return { kind: 'lattice', name: type.name, arguments: type.arguments.map(f) };
    default:
      return type;
  }
}

/** The types inside a type, in order. */
export function typeParts(type: Type): readonly Type[] {
  switch (type.kind) {
    case 'tuple':
      return type.items;
    case 'list':
    case 'set':
      return [type.item];
    case 'map':
      return [type.key, type.value];
    case 'lattice':
      return type.arguments;
    default:
      return [];
  }
}

/** Combines two types of one shape part by part; null if shapes differ or a part gives null. */
function zipParts(a: Type, b: Type, f: (x: Type, y: Type) => Type | null): Type | null {
  const [left, right] = [typeParts(a), typeParts(b)];
  if (a.kind !== b.kind || left.length !== right.length) return null;
  if (a.kind === 'lattice' && b.kind === 'lattice' && a.name !== b.name) return null;
  const results: Type[] = [];
  for (const [i, part] of left.entries()) {
    const result = f(part, right[i]!);
    if (result === null) return null;
    results.push(result);
  }
  let next = 0;
  return mapParts(a, () => results[next++]!);
}

/** Whether the type is so large that inference is probably building it without end. */
export function isEndless(type: Type): boolean {
  let count = 0;
  const exceeds = (part: Type, depth: number): boolean => {
    count += 1;
    return (
      depth > MAX_TYPE_DEPTH ||
      count > MAX_TYPE_PARTS ||
      typeParts(part).some((inner) => exceeds(inner, depth + 1))
    );
  };
  return exceeds(type, 1);
}

/** Whether two types are the same to inference, pliable literals included. */
export function sameType(a: Type, b: Type): boolean {
  return a === b || (typeText(a) === typeText(b) && isOpen(a) === isOpen(b));
}

/** Whether some part of the type is not determined. */
export function hasUnknown(type: Type): boolean {
  return type.kind === 'unknown' || typeParts(type).some(hasUnknown);
}

/** Whether inference may still say more about it: something undetermined or a mere string literal. */
export function isOpen(type: Type): boolean {
  return type.kind === 'unknown' || type === textType || typeParts(type).some(isOpen);
}

/** Forgets that an int was written as a literal; what is not itself a literal has such types. */
export function widenInt(type: Type): Type {
  return type === literalIntType ? intType : mapParts(type, widenInt);
}

/** The type of a column once inference is over: nothing undetermined, nothing of literals. */
export function settle(type: Type): Type {
  if (type.kind === 'unknown' || type.kind === 'null') return anyType;
  if (type === textType) return stringType;
  if (type === literalIntType) return intType;
  return mapParts(type, settle);
}

function isWhole(type: Type): boolean {
  return type.kind === 'int' || type.kind === 'nat';
}

export function fits(actual: Type, expected: Type): boolean {
  if (
    actual === expected ||
    actual.kind === 'unknown' ||
    expected.kind === 'unknown' ||
    expected.kind === 'any'
  )
    return true;
  if (isWhole(expected)) return isWhole(actual);
  if (expected.kind === 'float') return actual.kind === 'float' || actual === literalIntType;
  if (expected.kind === 'addr') return actual.kind === 'addr' || actual === textType;
  return zipParts(actual, expected, (a, b) => (fits(a, b) ? b : null)) !== null;
}

/** Of two strings or two ints, the one that is less of a literal. */
function lessLiteral(a: Type, b: Type): Type {
  return a === textType || a === literalIntType ? b : a;
}

/** The least type that both fit, for two sources of one place; null where only `any` would do. */
export function joinTypes(a: Type, b: Type): Type | null {
  if (a === b || b.kind === 'unknown') return a;
  if (a.kind === 'unknown') return b;
  if (a.kind === 'any' || b.kind === 'any' || a.kind === 'null' || b.kind === 'null') {
    return a.kind === 'null' && b.kind === 'null' ? a : anyType;
  }
  if (isWhole(a) && isWhole(b)) return a.kind === b.kind ? lessLiteral(a, b) : intType;
  if (a.kind === 'string' && b.kind === 'string') return lessLiteral(a, b);
  if (a === textType && b.kind === 'addr') return b;
  if (b === textType && a.kind === 'addr') return a;
  if (a === literalIntType && b.kind === 'float') return b;
  if (b === literalIntType && a.kind === 'float') return a;
  return zipParts(a, b, joinTypes);
}

/** What is left of a value that has both types, for two uses of one variable; null if nothing is. */
export function meetTypes(a: Type, b: Type): Type | null {
  if (a === b || b.kind === 'unknown' || b.kind === 'any' || b.kind === 'null')
    return a.kind === 'unknown' ? b : a;
  if (a.kind === 'unknown' || a.kind === 'any' || a.kind === 'null') return b;
  if (isWhole(a) && isWhole(b)) return a.kind === b.kind ? lessLiteral(a, b) : intType;
  if (a.kind === 'string' && b.kind === 'string') return lessLiteral(a, b);
  if (a === textType && b.kind === 'addr') return b;
  if (b === textType && a.kind === 'addr') return a;
  return zipParts(a, b, meetTypes);
}

/** Whether a value of one type can ever equal a value of the other. */
export function comparable(a: Type, b: Type): boolean {
  return meetTypes(a, b) !== null || fits(a, b) || fits(b, a);
}
