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
    case 'map':
      return {
        kind: 'map',
        key: joinValues(value.entries.map(([k]) => k)),
        value: joinValues(value.entries.map(([, v]) => v)),
      };
  }
}

function joinValues(values: readonly Value[]): Type {
  return values.reduce<Type>(
    (joined, value) => joinTypes(joined, valueType(value)) ?? anyType,
    unknownType,
  );
}
