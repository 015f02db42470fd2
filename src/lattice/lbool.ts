/**
 * `lbool`: false at first, true for ever after. Merge is "or". What a threshold gives: once a set
 * has grown to a size, it stays that large.
 */
import { latticeValue, type LatticeValue, type Value } from '../base/value.js';
import { wrongArgument } from './arguments.js';
import { method, type Lattice } from './lattice.js';

const name = 'lbool';
const falseValue: LatticeValue = latticeValue(name, [false]);
const trueValue: LatticeValue = latticeValue(name, [true]);

/** The lattice value of a truth value. */
export function lbool(holds: boolean): LatticeValue {
  return holds ? trueValue : falseValue;
}

/** Whether an `lbool` is true. */
function isTrue(value: Value | undefined): boolean {
  const held =
    typeof value === 'object' &&
    value !== null &&
    value.kind === 'lattice' &&
    value.lattice === name
      ? value.arguments[0]
      : undefined;
  if (typeof held !== 'boolean') throw wrongArgument('an lbool', value);
  return held;
}

export const lboolLattice: Lattice = {
  name,
  parameters: [],
  constructors: [
    { parameters: ['bool'], result: 'lbool' },
    { parameters: ['lbool'], result: 'lbool' },
  ],
  summary: 'False at first, true for ever once it is.',
  bottom: falseValue,
  construct: (value) => lbool(typeof value === 'boolean' ? value : isTrue(value)),
  accepts: (arguments_) => arguments_.length === 1 && typeof arguments_[0] === 'boolean',
  merge: (a, b) => lbool(isTrue(a) || isTrue(b)),
  lessOrEqual: (a, b) => !isTrue(a) || isTrue(b),
  reveal: (value) => isTrue(value),
  methods: [
    method(
      'when_true',
      [['lbool', 'morphism']],
      'bool',
      'Whether it is true by now, as a guard.',
      (a) => isTrue(a),
    ),
    method(
      'and',
      [
        ['lbool', 'morphism'],
        ['lbool', 'morphism'],
      ],
      'lbool',
      'Whether both are true.',
      (a, b) => lbool(isTrue(a) && isTrue(b)),
    ),
    method(
      'or',
      [
        ['lbool', 'morphism'],
        ['lbool', 'morphism'],
      ],
      'lbool',
      'Whether one of them is true.',
      (a, b) => lbool(isTrue(a) || isTrue(b)),
    ),
    method('not', [['lbool', 'antitone']], 'lbool', 'Whether it is still false.', (a) =>
      lbool(!isTrue(a)),
    ),
  ],
};
