/** Types of columns of random programs, and random values and texts of values for each of them. */
import {
  bytes,
  float,
  latticeValue,
  list,
  map,
  set,
  tuple,
  type Value,
} from '../../src/base/value.js';
import { valueText } from '../../src/base/value-text.js';

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
] as const;
export type LatticeType = (typeof latticeTypes)[number];
export type ColumnType = 'any' | 'int' | 'string' | LatticeType;

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
const strings: readonly string[] = ['', 'a', 'b', 'a\u0000', '\udc00\ud800'];

function randomInt(draw: Draw): number {
  return draw(12) === 0 ? pick(edges, draw) : draw(4);
}

/** Few values, most of them ints. */
export function randomOf(type: ColumnType, draw: Draw): Value {
  switch (type) {
    case 'any':
      return draw(2) === 0 ? draw(3) : pick(someValues, draw);
    case 'int':
      return randomInt(draw);
    case 'string':
      return pick(strings, draw);
    default:
      return randomLattice(type, draw);
  }
}

function several(draw: Draw, make: () => Value): Value {
  return set(Array.from({ length: draw(3) }, make));
}

function randomLattice(type: LatticeType, draw: Draw): Value {
  const ints = (): Value => several(draw, () => draw(4));
  const isBottom = draw(6) === 0;
  switch (type) {
    case 'lmin<int>':
      return latticeValue('lmin', isBottom ? [] : [randomInt(draw)]);
    case 'lmax<int>':
      return latticeValue('lmax', isBottom ? [] : [randomInt(draw)]);
    case 'lmax<any>':
      return latticeValue('lmax', isBottom ? [] : [randomOf('any', draw)]);
    case 'lmin<string>':
      return latticeValue('lmin', isBottom ? [] : [randomOf('string', draw)]);
    case 'lset<int>':
      return latticeValue('lset', [ints()]);
    case 'lset<any>':
      return latticeValue('lset', [several(draw, () => randomOf('any', draw))]);
    case 'lbool':
      return latticeValue('lbool', [draw(2) === 0]);
    case 'lmap<int, lmax<int>>':
      return latticeValue('lmap', [map([[draw(3), randomLattice('lmax<int>', draw)]])]);
    case '(lset<int>, lmin<int>)':
      return tuple([randomLattice('lset<int>', draw), randomLattice('lmin<int>', draw)]);
    case 'lbag<int>':
      return latticeValue('lbag', [map([[draw(3), 1 + draw(3)]])]);
    case 'lpset<int>':
      return latticeValue('lpset', [ints()]);
    case 'ldom<lmax<int>, lset<int>>':
      return latticeValue('ldom', [
        map([[randomLattice('lmax<int>', draw), randomLattice('lset<int>', draw)]]),
      ]);
  }
}

/** A term for a lattice column from constants, written as a plain value where that is allowed. */
export function contentText(type: LatticeType, draw: Draw): string {
  return latticeTerm(
    type,
    () => String(draw(4)),
    () => (type === 'lbool' ? String(draw(2)) : valueText(randomOf('any', draw))),
    draw,
  );
}

/** A term of a lattice type from plain terms. */
export function latticeTerm(
  type: LatticeType,
  int: () => string,
  any: () => string,
  draw: Draw,
): string {
  switch (type) {
    case 'lmin<int>':
    case 'lmax<int>':
      return int();
    case 'lmax<any>':
      return any();
    case 'lmin<string>':
      return valueText(pick(strings, draw));
    case 'lset<int>':
      return `{${int()}}`;
    case 'lset<any>':
      return `{${any()}}`;
    case 'lbool':
      return `${any()} == ${any()}`;
    case 'lmap<int, lmax<int>>':
      return `{${int()}: ${int()}}`;
    case '(lset<int>, lmin<int>)':
      return `({${int()}}, ${int()})`;
    case 'lbag<int>':
      return `{${int()}: ${1 + draw(3)}}`;
    case 'lpset<int>':
      return `{${draw(5)}}`;
    case 'ldom<lmax<int>, lset<int>>':
      return `ldom(lmax(${int()}), lset({${int()}}))`;
  }
}
