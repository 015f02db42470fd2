/**
 * The case of a seed, as the fuzz script runs it: seven programs of eight have relations and values
 * of every kind; the eighth keeps filling and emptying tables of ints, from which much is derived
 * that must be brought up to date.
 */
import { Prng } from '../../src/base/prng.js';
import { makeLongCase } from './random-long-programs.js';
import { makeCase, type MixedCase } from './random-mixed-programs.js';

export function randomCase(seed: number, timesteps: number): MixedCase {
  const prng = new Prng(seed);
  const draw = (below: number): number => prng.int(0, below - 1);
  return seed % 8 === 0 ? makeLongCase(draw, timesteps) : makeCase(draw, timesteps);
}
