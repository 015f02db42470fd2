/** Types of columns of random programs, and random values of the plain ones. */
import { bytes, float, list, map, set, tuple, type Value } from '../../src/base/value.js';

/** Draws numbers below a bound; all choices go through it. */
export type Draw = (below: number) => number;

export const latticeTypes = [
  'lmin<int>',
  'lmin<int>',
  'lmax<int>',
  'lmax<any>',
  'lmin<string>',
  'lset<int>',
  'lset<any>',
  'lbool',
  'lmap<int, lmax<int>>',
  '(lset<int>, lmin<int>)',
  'lbag<int>',
  'lpset<int>',
  'ldom<lmax<int>, lset<int>>',
  'lvclock',
] as const;
export type LatticeType = (typeof latticeTypes)[number];

/** Types whose values are compared, never merged; those that most columns have come several times. */
export const plainTypes = [
  ...(['any', 'any', 'any', 'any', 'any', 'any'] as const),
  ...(['int', 'int', 'int', 'int', 'int', 'string', 'string'] as const),
  ...(['float', 'bool', 'nat', 'addr', 'bytes'] as const),
  ...(['list<int>', 'set<int>', 'map<int, int>', '(int, string)'] as const),
] as const;
export type PlainType = (typeof plainTypes)[number];
export type ColumnType = PlainType | LatticeType;

export function isLattice(type: ColumnType): type is LatticeType {
  return (latticeTypes as readonly string[]).includes(type);
}

export function pick<T>(items: readonly T[], draw: Draw): T {
  return items[draw(items.length)]!;
}

/** Values of all types, those at the edges of their encodings among them. */
const someValues: readonly Value[] = [
  0,
  1,
  2,
  2 ** 31 - 1,
  2 ** 31,
  -1,
  2 ** 53 - 1,
  float(1),
  float(0),
  float(-0),
  float(Number.NaN),
  float(Number.NEGATIVE_INFINITY),
  null,
  true,
  false,
  '',
  'a',
  'a\u0000"\\`${b}\u2028',
  '\ud800',
  bytes('00ff'),
  tuple([1, 'a']),
  list([1, 2]),
  list([]),
  set([2, 1]),
  map([['k', float(1)]]),
];
const edges: readonly number[] = [2 ** 31 - 1, 2 ** 31, -1, -(2 ** 53) + 1, 2 ** 53 - 1];
const floats: readonly number[] = [0, -0, 1, 0.5, -2.5, Number.NaN, Number.POSITIVE_INFINITY];
export const strings: readonly string[] = ['', 'a', 'b', 'a\u0000', '\udc00\ud800'];
const nodes: readonly string[] = ['n1', 'n2', 'n3'];

export function randomInt(draw: Draw): number {
  return draw(12) === 0 ? pick(edges, draw) : draw(4);
}

function fewInts(draw: Draw): number[] {
  return Array.from({ length: draw(3) }, () => draw(3));
}

/** Few values of each type, so that joins meet. */
export function randomPlain(type: PlainType, draw: Draw): Value {
  switch (type) {
    case 'any':
      return draw(2) === 0 ? draw(3) : pick(someValues, draw);
    case 'int':
      return randomInt(draw);
    case 'nat':
      return draw(12) === 0 ? 2 ** 31 : draw(4);
    case 'float':
      return float(pick(floats, draw));
    case 'bool':
      return draw(2) === 0;
    case 'string':
      return pick(strings, draw);
    case 'addr':
      return pick(nodes, draw);
    case 'bytes':
      return bytes(pick(['', '00', 'ff00'], draw));
    case 'list<int>':
      return list(fewInts(draw));
    case 'set<int>':
      return set(fewInts(draw));
    case 'map<int, int>':
      return map(fewInts(draw).map((key) => [key, draw(3)] as const));
    case '(int, string)':
      return tuple([draw(3), pick(strings, draw)]);
  }
}
