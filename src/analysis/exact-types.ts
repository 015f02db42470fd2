/** Types of which equal values are the same value: an int and a float may be equal and yet differ. */
import type { Type } from '../semantics/types.js';

const plain: readonly string[] = ['int', 'nat', 'string', 'addr', 'bool'];

/** Whether values of the type have no parts, and compare as they are ordered: NaN is the greatest float. */
export function isPlainlyOrdered(type: Type): boolean {
  return type.kind === 'float' || plain.includes(type.kind);
}

/** Whether equal values of the type are the same value. */
export function isExact(type: Type): boolean {
  if (type.kind === 'tuple') return type.items.every(isExact);
  if (type.kind === 'list' || type.kind === 'set') return isExact(type.item);
  return plain.includes(type.kind);
}
