/** Which types are lattices, and which have one inside. */
import type { Type } from './types.js';

/** A lattice, or a tuple of lattices. */
export function isLatticeType(type: Type): boolean {
  if (type.kind === 'tuple') return type.items.length > 0 && type.items.every(isLatticeType);
  return type.kind === 'lattice';
}

/** Whether a lattice is somewhere in the type. */
export function holdsLattice(type: Type): boolean {
  switch (type.kind) {
    case 'lattice':
      return true;
    case 'tuple':
      return type.items.some(holdsLattice);
    case 'list':
    case 'set':
      return holdsLattice(type.item);
    case 'map':
      return holdsLattice(type.key) || holdsLattice(type.value);
    default:
      return false;
  }
}
