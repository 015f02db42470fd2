/**
 * What lattice values hold, by their type: every built-in lattice has at most one argument, and this
 * is its type. Kept apart from the rest of what is known of lattice types so that values can be
 * checked and adapted without it.
 */
import { unknownType } from './relate-types.js';
import type { Type } from './types.js';

/** What lattices from outside the language hold, by name. */
const outerContents = new Map<string, Type>();

/** Tells what a lattice from outside holds. */
export function addOuterContent(name: string, content: Type): void {
  outerContents.set(name, content);
}

/** The type of the argument of a lattice's constructor. */
export function contentType({ name, arguments: parts }: Type & { kind: 'lattice' }): Type {
  const [first = unknownType, second = unknownType] = parts;
  switch (name) {
    case 'lbool':
      return { kind: 'bool' };
    case 'lset':
    case 'lpset':
      return { kind: 'set', item: first };
    case 'lbag':
      return { kind: 'map', key: first, value: { kind: 'int' } };
    case 'lvclock':
      return { kind: 'map', key: { kind: 'addr' }, value: { kind: 'int' } };
    case 'lmap':
    case 'ldom':
      return { kind: 'map', key: first, value: second };
    default:
      return outerContents.get(name) ?? first;
  }
}
