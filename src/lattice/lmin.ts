/** `lmin<T>`: the least value so far, in the total order of values. */
import { extremeLattice } from './extreme-lattice.js';
import type { Lattice } from './lattice.js';

export const lminLattice: Lattice = extremeLattice({
  name: 'lmin',
  direction: -1,
  summary: 'The least value so far.',
});
