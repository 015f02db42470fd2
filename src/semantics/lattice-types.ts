/**
 * Lattice types: which types they are, what plain type a value of theirs has once it is revealed,
 * their bottoms, and how a plain value becomes one where one is asked for.
 *
 * A plain T stands where `lmax<T>`, `lmin<T>` or `lbool` is asked for, a set where `lset` or
 * `lpset`, a map where `lmap`, `lbag` or `lvclock`; a tuple goes item by item. Terms are wrapped in
 * the constructor when they are typed, so nothing behind the checker knows of this courtesy.
 */
import { latticeValue, map, tuple, type Value } from '../base/value.js';
import { PartialError } from '../builtins/function.js';
import { functionNamed } from '../builtins/functions.js';
import { findLattice } from '../lattice/lattices.js';
import { adaptConstant, foldConstant } from './constants.js';
import { fitsType } from './fits-type.js';
import { isLatticeType } from './lattice-shape.js';
import { contentType } from './lattice-content.js';
import type { Constant, Term } from './program.js';
import { fits, typeText, unknownType } from './relate-types.js';
import type { Type } from './types.js';

type LatticeType = Type & { kind: 'lattice' };

/** The type of a revealed value; a plain type is its own. */
export function revealedType(type: Type): Type {
  if (type.kind === 'tuple') return { kind: 'tuple', items: type.items.map(revealedType) };
  if (type.kind !== 'lattice') return type;
  const [first = unknownType, second = unknownType] = type.arguments;
  if (type.name === 'lmap') return { kind: 'map', key: first, value: revealedType(second) };
  if (type.name === 'ldom')
    return { kind: 'tuple', items: [revealedType(first), revealedType(second)] };
  return contentType(type);
}

/** The least value of a lattice type; null for any other type. */
export function bottomOf(type: Type): Value | null {
  if (type.kind === 'lattice') {
    const bottom = findLattice(type.name)?.bottom;
    return bottom === undefined ? null : latticeValue(type.name, bottom.arguments);
  }
  if (!isLatticeType(type) || type.kind !== 'tuple') return null;
  return tuple(type.items.map((item) => bottomOf(item)!));
}

/** The plain type that is accepted in place of a lattice type; null if there is none. */
function plainTypeFor(type: LatticeType): Type | null {
  return type.name === 'ldom' ? null : contentType(type);
}

/** A term as its lattice column wants it: a plain one wrapped in the constructor, any other as it is. */
export function latticeTerm(term: Term, expected: Type): Term {
  if (!isLatticeType(expected) || isLatticeType(term.type)) return term;
  if (term.kind === 'constant') {
    const parts = constantParts(term);
    if (
      parts !== null &&
      (expected.kind === 'tuple' || (expected.kind === 'lattice' && expected.name === 'lmap'))
    )
      return latticeTerm(parts, expected);
  }
  if (expected.kind === 'tuple') {
    if (term.kind !== 'tuple' || term.items.length !== expected.items.length) return term;
    const items = term.items.map((item, i) => latticeTerm(item, expected.items[i]!));
    const type: Type = { kind: 'tuple', items: items.map((item) => item.type) };
    return foldConstant({ ...term, items, type });
  }
  if (expected.kind !== 'lattice') return term;
  if (expected.name === 'lmap') return mapTerm(term, expected);
  const plain = plainTypeFor(expected);
  if (plain === null || term.type.kind === 'unknown' || !fits(term.type, plain)) return term;
  return construct(term.kind === 'constant' ? adaptConstant(term, plain) : term, expected);
}

/** A constant tuple or map as the term that it was written as, so that each part can be made what it should be. */
function constantParts({ value, type, span }: Constant): Term | null {
  if (typeof value !== 'object' || value === null) return null;
  const part = (each: Value, of: Type): Constant => ({
    kind: 'constant',
    value: each,
    type: of,
    span,
  });
  if (value.kind === 'tuple' && type.kind === 'tuple') {
    const items = value.items.map((item, i) => part(item, type.items[i]!));
    return { kind: 'tuple', items, type, span };
  }
  if (value.kind !== 'map' || type.kind !== 'map') return null;
  const entries = value.entries.map(([k, v]) => [part(k, type.key), part(v, type.value)] as const);
  return { kind: 'map', entries, type, span };
}

function mapTerm(term: Term, expected: LatticeType): Term {
  const [key, held] = [expected.arguments[0]!, expected.arguments[1]!];
  if (term.kind === 'map') {
    const entries = term.entries.map(([k, v]) => [k, latticeTerm(v, held)] as const);
    const isFit = entries.every(([k, v]) => fits(k.type, key) && fits(v.type, held));
    const type: Type = { kind: 'map', key, value: held };
    return isFit ? construct(foldConstant({ ...term, entries, type }), expected) : term;
  }
  return fits(term.type, { kind: 'map', key, value: held }) ? construct(term, expected) : term;
}

function construct(term: Term, expected: LatticeType): Term {
  return foldConstant({
    kind: 'apply',
    function: expected.name,
    arguments: [term],
    type: expected,
    span: term.span,
  });
}

/** Whether values of an aggregate may stand in a lattice column. */
export function aggregateFits(type: Type, column: Type): boolean {
  const plain = column.kind === 'lattice' ? plainTypeFor(column) : null;
  return plain !== null && type.kind !== 'unknown' && fits(type, plain);
}

/** A value as its lattice column wants it; null if it is none and cannot become one. */
export function latticeValueFor(value: Value, type: Type): Value | null {
  if (!isLatticeType(type) || fitsType(value, type)) return value;
  if (type.kind === 'tuple') return productValue(value, type);
  if (type.kind !== 'lattice') return null;
  if (type.name === 'lmap' && typeof value === 'object' && value?.kind === 'map') {
    const held: [Value, Value][] = [];
    for (const [key, each] of value.entries) {
      const inner = latticeValueFor(each, type.arguments[1]!);
      if (inner === null || !fitsType(key, type.arguments[0]!)) return null;
      held.push([key, inner]);
    }
    return latticeValueHolding(map(held), type);
  }
  const plain = plainTypeFor(type);
  return plain !== null && fitsType(value, plain) ? latticeValueHolding(value, type) : null;
}

/** The lattice value whose constructor has this argument; null if it takes no such thing. */
export function latticeValueHolding(value: Value, type: LatticeType): Value | null {
  try {
    const made = functionNamed(type.name)?.evaluate(value) ?? null;
    return made !== null && fitsType(made, type) ? made : null;
  } catch (error) {
    if (error instanceof PartialError) return null;
    throw error;
  }
}

function productValue(value: Value, type: Type & { kind: 'tuple' }): Value | null {
  if (typeof value !== 'object' || value?.kind !== 'tuple') return null;
  if (value.items.length !== type.items.length) return null;
  const items = value.items.map((item, i) => latticeValueFor(item, type.items[i]!));
  return items.every((item) => item !== null) ? tuple(items) : null;
}

/** For messages: what a lattice column takes. */
export function acceptedText(type: Type): string {
  const plain = type.kind === 'lattice' ? plainTypeFor(type) : null;
  return plain === null ? typeText(type) : `${typeText(type)}, or ${typeText(plain)} in its place`;
}
