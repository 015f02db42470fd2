/** `lmax<T>`: the greatest value so far, in the total order of values. */
import { latticeValue, type LatticeValue, type Value } from '../base/value.js';
import { extremeLattice } from './extreme-lattice.js';
import type { Lattice } from './lattice.js';

export const lmaxLattice: Lattice = extremeLattice({
  name: 'lmax',
  direction: 1,
  summary: 'The greatest value so far.',
});

/** The `lmax` that holds a value. */
export function lmax(value: Value): LatticeValue {
  return latticeValue('lmax', [value]);
}
