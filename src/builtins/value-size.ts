/**
 * How large a value is. Recursion can build values without end (`s(x ++ x) :- s(x)`,
 * `t((x, x)) :- t(x)`), and a value that shares its parts is small in memory and exponential as
 * text; so whatever builds a value passes it through `boundedValue`. The measure of a composite is
 * remembered with the object, which makes it cost what its own items cost.
 */
import type { LatticeValue, Value } from '../base/value.js';
import { takeGrowth } from '../lattice/carried-value.js';
import { ELEMENT_UNITS, MAX_VALUE_DEPTH, MAX_VALUE_UNITS, valueTooLarge } from './failure.js';

/** Units as `MAX_VALUE_UNITS` counts them; depth: levels of composite values. */
export interface ValueSize {
  readonly units: number;
  readonly depth: number;
}

const scalar: ValueSize = { units: ELEMENT_UNITS, depth: 0 };
const sizeByComposite = new WeakMap<object, ValueSize>();

/** The size of a value. */
export function valueSize(value: Value): ValueSize {
  if (typeof value === 'string') return { units: ELEMENT_UNITS + value.length, depth: 0 };
  if (typeof value !== 'object' || value === null || value.kind === 'float') return scalar;
  if (value.kind === 'bytes') return { units: ELEMENT_UNITS + value.hex.length, depth: 0 };
  const known = sizeByComposite.get(value);
  if (known !== undefined) return known;
  const grown = value.kind === 'lattice' ? grownSize(value) : null;
  if (grown !== null) {
    sizeByComposite.set(value, grown);
    return grown;
  }
  const parts =
    value.kind === 'map'
      ? value.entries.flat()
      : value.kind === 'lattice'
        ? value.arguments
        : value.items;
  const { units, depth } = sizeOfParts(parts);
  const size = { units: ELEMENT_UNITS + units, depth: depth + 1 };
  sizeByComposite.set(value, size);
  return size;
}

/** The size of what has grown, by what it has got; null where that does not tell it. */
function grownSize(value: LatticeValue): ValueSize | null {
  const growth = takeGrowth(value);
  const before = growth === null ? undefined : sizeByComposite.get(growth.from);
  if (growth === null || before === undefined) return null;
  const [added, removed] = [sizeOfParts(growth.added), sizeOfParts(growth.removed)];
  // Parts are within a set or a map within the value.
  const depth = Math.max(before.depth, added.depth + 2);
  const wasDeepest = growth.removed.length > 0 && removed.depth + 2 === before.depth;
  if (wasDeepest && added.depth < removed.depth) return null;
  return { units: before.units + added.units - removed.units, depth };
}

function sizeOfParts(parts: readonly Value[]): ValueSize {
  let [units, depth] = [0, 0];
  for (const part of parts) {
    const size = valueSize(part);
    units += size.units;
    depth = Math.max(depth, size.depth);
  }
  return { units, depth };
}

/** The value itself, or a `PartialError` if it passes the limits. */
export function boundedValue<T extends Value>(value: T): T {
  const { units, depth } = valueSize(value);
  if (units > MAX_VALUE_UNITS) {
    throw valueTooLarge(
      `a value of size ${units} (a character counts 1, an element ${ELEMENT_UNITS}) is larger than one value may be (${MAX_VALUE_UNITS})`,
    );
  }
  if (depth > MAX_VALUE_DEPTH) {
    throw valueTooLarge(
      `a value nested ${depth} levels deep is deeper than values may nest (${MAX_VALUE_DEPTH})`,
    );
  }
  return value;
}
