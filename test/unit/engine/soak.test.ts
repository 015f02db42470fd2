/** A node that lives on fresh strings does not grow: the short form of `npm run soak`. */
import { expect, it } from 'vitest';
import { soak } from '../../support/soak-run.js';

it('takes the same memory after twenty thousand timesteps as after five thousand', () => {
  const sizes: number[] = [];
  soak(20_000, 8, ({ heapBytes, arrayBytes }) => void sizes.push(heapBytes + arrayBytes));
  const settled = sizes.slice(2);
  // Twenty thousand of these strings alone are more than that.
  expect(Math.max(...settled) - Math.min(...settled)).toBeLessThan(1.5 * 2 ** 20);
});
