/**
 * The type that a bare value has. Ints and strings count as literals: what came from outside as
 * `3` will do where a float is asked for.
 */
import { isInt, type Value } from '../base/value.js';
import {
  anyType,
  boolType,
  floatType,
  joinTypes,
  literalIntType,
  textType,
  unknownType,
} from './relate-types.js';
import { findLattice } from '../lattice/lattices.js';
import type { LatticeValue } from '../base/value.js';
import type { Type } from './types.js';

export function valueType(value: Value): Type {
  if (value === null) return { kind: 'null' };
  if (typeof value === 'string') return textType;
  if (typeof value === 'boolean') return boolType;
  if (isInt(value)) return literalIntType;
  switch (value.kind) {
    case 'float':
      return floatType;
    case 'bytes':
      return { kind: 'bytes' };
    case 'tuple':
      return { kind: 'tuple', items: value.items.map(valueType) };
    case 'list':
    case 'set':
      return { kind: value.kind, item: joinValues(value.items) };
    case 'lattice':
      return latticeValueType(value);
    case 'map':
      return {
        kind: 'map',
        key: joinValues(value.entries.map(([k]) => k)),
        value: joinValues(value.entries.map(([, v]) => v)),
      };
  }
}

/** As far as its content tells. */
function latticeValueType({ lattice, arguments: parts }: LatticeValue): Type {
  const count = findLattice(lattice)?.parameters.length ?? 0;
  const types = parts.map(valueType);
  const inner = types.flatMap((type) =>
    type.kind === 'map' ? [type.key, type.value] : type.kind === 'set' ? [type.item] : [type],
  );
  return {
    kind: 'lattice',
    name: lattice,
    arguments: Array.from({ length: count }, (_, i) => inner[i] ?? unknownType),
  };
}

function joinValues(values: readonly Value[]): Type {
  return values.reduce<Type>(
    (joined, value) => joinTypes(joined, valueType(value)) ?? anyType,
    unknownType,
  );
}
