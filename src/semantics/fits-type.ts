/** Whether a value belongs to a column's type: the check at every border where rows come in. */
import type { Value } from '../base/value.js';
import { isLatticeValue } from '../lattice/lattices.js';
import { contentType } from './lattice-content.js';
import type { Type } from './types.js';

export function fitsType(value: Value, type: Type): boolean {
  switch (type.kind) {
    case 'any':
    case 'unknown':
      return true;
    case 'null':
      return value === null;
    case 'int':
      return typeof value === 'number';
    case 'nat':
      return typeof value === 'number' && value >= 0;
    case 'string':
    case 'addr':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    default:
      return typeof value === 'object' && value !== null && fitsObject(value, type);
  }
}

function fitsObject(value: Extract<Value, object>, type: Type): boolean {
  if (type.kind === 'tuple') {
    return (
      value.kind === 'tuple' &&
      value.items.length === type.items.length &&
      value.items.every((item, i) => fitsType(item, type.items[i]!))
    );
  }
  if (type.kind === 'list' || type.kind === 'set') {
    return value.kind === type.kind && value.items.every((item) => fitsType(item, type.item));
  }
  if (type.kind === 'map') {
    return (
      value.kind === 'map' &&
      value.entries.every(([k, v]) => fitsType(k, type.key) && fitsType(v, type.value))
    );
  }
  if (type.kind === 'lattice') {
    return (
      value.kind === 'lattice' &&
      value.lattice === type.name &&
      isLatticeValue(value) &&
      value.arguments.every((part) => fitsType(part, contentType(type)))
    );
  }
  return value.kind === type.kind;
}
