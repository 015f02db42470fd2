/** Random values of a plain type, drawn from so few that they often meet: what laws are tried on. */
import type { Prng } from '../base/prng.js';
import { bytes, float, list, map, set, tuple, type Value } from '../base/value.js';
import type { Type } from '../semantics/types.js';

const most = 3;

/** A value of the type. */
export function sampleValue(type: Type, prng: Prng): Value {
  const several = (item: Type): Value[] =>
    Array.from({ length: prng.int(0, most) }, () => sampleValue(item, prng));
  switch (type.kind) {
    case 'int':
      return prng.int(-4, 4);
    case 'nat':
      return prng.int(0, 4);
    case 'float':
      return float(prng.int(-4, 4) / 2);
    case 'bool':
      return prng.chance(0.5);
    case 'string':
      return pick(['', 'a', 'b', 'c'], prng);
    case 'addr':
      return pick(['n1', 'n2', 'n3'], prng);
    case 'bytes':
      return bytes(pick(['', '00', 'ff'], prng));
    case 'tuple':
      return tuple(type.items.map((item) => sampleValue(item, prng)));
    case 'list':
      return list(several(type.item));
    case 'set':
      return set(several(type.item));
    case 'map':
      return map(several(type.key).map((key) => [key, sampleValue(type.value, prng)] as const));
    case 'lattice':
    case 'null':
    case 'any':
    case 'unknown':
      return pick([null, false, 0, 1, 'a'], prng);
  }
}

/** One of the choices. */
export function pick<T>(choices: readonly T[], prng: Prng): T {
  return choices[prng.int(0, choices.length - 1)]!;
}
