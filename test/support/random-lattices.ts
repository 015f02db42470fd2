/** Random lattice values, and terms that make them of plain ones. */
import { latticeValue, map, set, tuple, type Value } from '../../src/base/value.js';
import { valueText } from '../../src/base/value-text.js';
import {
  isLattice,
  pick,
  randomInt,
  randomPlain,
  strings,
  type ColumnType,
  type Draw,
  type LatticeType,
} from './random-columns.js';

/** A value of any type. */
export function randomOf(type: ColumnType, draw: Draw): Value {
  return isLattice(type) ? randomLattice(type, draw) : randomPlain(type, draw);
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
      return latticeValue('lmax', isBottom ? [] : [randomPlain('any', draw)]);
    case 'lmin<string>':
      return latticeValue('lmin', isBottom ? [] : [randomPlain('string', draw)]);
    case 'lset<int>':
      return latticeValue('lset', [ints()]);
    case 'lset<any>':
      return latticeValue('lset', [several(draw, () => randomPlain('any', draw))]);
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
    case 'lvclock':
      return latticeValue('lvclock', [map(isBottom ? [] : [[`n${draw(2)}`, 1 + draw(3)]])]);
  }
}

/** A term for a lattice column from constants, written as a plain value where that is allowed. */
export function contentText(type: LatticeType, draw: Draw): string {
  return latticeTerm(
    type,
    () => String(draw(4)),
    () => (type === 'lbool' ? String(draw(2)) : valueText(randomPlain('any', draw))),
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
    case 'lvclock':
      return `lvclock({"n${draw(2)}": ${1 + draw(3)}})`;
  }
}

/** Whether a plain value may stand for a value of the lattice where it is compared. */
export function isMatched(type: LatticeType): boolean {
  return /^(lmin|lmax|lset|lbool)/.test(type);
}

/** A lattice value that is at least as great as the variable's, or made from it monotonically. */
export function grownTerm(
  name: string,
  type: LatticeType,
  int: string,
  any: () => string,
  draw: Draw,
): string {
  if (draw(3) > 0) return name;
  switch (type) {
    case 'lmin<int>':
      return pick([`${name} + ${int}`, `${name}.merge(${draw(4)})`, `${name}.minus(0)`], draw);
    case 'lmax<int>':
      return draw(4) === 0 ? `${name} + ${int}` : `${name}.merge(${draw(4)})`;
    case 'lset<int>':
      return pick([`${name}.with(${int})`, `${name}.intersect(${name})`], draw);
    case 'lset<any>':
      return `${name}.with(${any()})`;
    case 'lmap<int, lmax<int>>':
      return `${name}.merge({${int}: ${draw(3)}})`;
    case 'lbool':
      return `${name}.or(${name})`;
    case '(lset<int>, lmin<int>)':
      return `(${name}.first(), ${name}.second())`;
    default:
      return name;
  }
}
