/**
 * The two lattices over a totally ordered type: of two values the greater (`lmax`) or the lesser
 * (`lmin`) stays. Bottom holds no value. Comparing with a bound that the order passes at some point
 * and never comes back over is a threshold; adding a number keeps the order and distributes over
 * merge, max(a, b) + n = max(a + n, b + n).
 */
import { compareValues, latticeValue, type LatticeValue, type Value } from '../base/value.js';
import { isNumber, latticeOf, numberOf } from './arguments.js';
import { lbool } from './lbool.js';
import { addNumbers } from './numbers.js';
import { method, type Lattice, type LatticeMethod, type Monotonicity } from './lattice.js';

interface Extreme {
  readonly name: 'lmax' | 'lmin';
  /** 1: greater values are higher in the lattice. */
  readonly direction: 1 | -1;
  readonly summary: string;
}

function heldBy(name: string, value: Value | undefined): Value | undefined {
  return latticeOf(name, value).arguments[0];
}

/** The lattice of greatest or least values. */
export function extremeLattice({ name, direction, summary }: Extreme): Lattice {
  const bottom = latticeValue(name, []);
  const own = `${name}<T>`;
  const lessOrEqual = (a: LatticeValue, b: LatticeValue): boolean => {
    const [x, y] = [a.arguments[0], b.arguments[0]];
    return x === undefined || (y !== undefined && compareValues(x, y) * direction <= 0);
  };
  return {
    name,
    parameters: ['plain'],
    constructors: [
      { parameters: [], result: own },
      { parameters: [own], result: own },
      { parameters: ['T'], result: own },
    ],
    summary,
    bottom,
    construct: (...values) => {
      const [value] = values;
      const isOwn =
        typeof value === 'object' && value?.kind === 'lattice' && value.lattice === name;
      return isOwn ? value : value === undefined ? bottom : latticeValue(name, [value]);
    },
    accepts: (arguments_) => arguments_.length <= 1,
    merge: (a, b) => (lessOrEqual(a, b) ? b : a),
    lessOrEqual,
    reveal: (value) => value.arguments[0],
    methods: methodsOf(name, direction),
  };
}

function methodsOf(name: 'lmax' | 'lmin', direction: 1 | -1): readonly LatticeMethod[] {
  const own = `${name}<T>`;
  const compare = (
    word: string,
    monotonicity: Monotonicity,
    text: string,
    holds: (order: number) => boolean,
  ): LatticeMethod =>
    method(
      word,
      [
        [own, monotonicity],
        ['T', 'plain'],
      ],
      'lbool',
      `Whether the value is ${text} a bound${monotonicity === 'antitone' ? '; true while there is none' : ''}.`,
      (a, bound) => {
        const held = heldBy(name, a);
        if (held === undefined) return lbool(monotonicity === 'antitone');
        return lbool(holds(compareValues(held, bound)));
      },
    );
  const upward: Monotonicity = direction === 1 ? 'morphism' : 'antitone';
  const downward: Monotonicity = direction === 1 ? 'antitone' : 'morphism';
  const shift = (word: string, sign: 1 | -1): LatticeMethod =>
    method(
      word,
      [
        [`${name}<number>`, 'morphism'],
        ['number', 'plain'],
      ],
      `${name}<number>`,
      sign === 1 ? 'The value plus a number.' : 'The value minus a number.',
      (a, by) => {
        const held = heldBy(name, a);
        if (held === undefined) return latticeValue(name, []);
        return latticeValue(name, [addNumbers(numberOf(held), numberOf(by), sign)]);
      },
      { partial: true },
    );
  return [
    compare('at_least', upward, 'at least', (order) => order >= 0),
    compare('above', upward, 'above', (order) => order > 0),
    compare('at_most', downward, 'at most', (order) => order <= 0),
    compare('below', downward, 'below', (order) => order < 0),
    shift('plus', 1),
    shift('minus', -1),
    method('has_value', [[own, 'morphism']], 'lbool', 'Whether there is a value yet.', (a) =>
      lbool(heldBy(name, a) !== undefined),
    ),
    method(
      'sum',
      [
        [`${name}<number>`, 'monotone'],
        [`${name}<number>`, 'monotone'],
      ],
      `${name}<number>`,
      'The sum of two values; none while one of them is missing.',
      (a, b) => {
        const [x, y] = [heldBy(name, a), heldBy(name, b)];
        if (!isNumber(x) || !isNumber(y)) return latticeValue(name, []);
        return latticeValue(name, [addNumbers(x, y)]);
      },
      { partial: true },
    ),
  ];
}
