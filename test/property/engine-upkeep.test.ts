/**
 * What is brought up to date is what would be derived anew: over long runs of random programs,
 * tables that events fill, empty and overwrite, and everything derived from them, the engine does
 * the same as the reference evaluator.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { makeLongCase } from '../support/random-long-programs.js';
import { mixedText } from '../support/random-mixed-programs.js';
import { programOf } from '../support/reference-node.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';
/** Some seconds of work, and more of waiting where others have the machine. */
const timeout = isNightly ? 3_600_000 : 240_000;

const randomLongCase = fc
  .infiniteStream(fc.nat({ max: 2 ** 30 }))
  .map((stream) => makeLongCase((below) => Number(stream.next().value) % below));

it('holds the same for fifty timesteps', { timeout }, () => {
  fc.assert(
    fc.property(randomLongCase, (one) => {
      expect(compareEvaluators(programOf(mixedText(one)), one.steps, 5_000)).toBeNull();
    }),
    { numRuns: isNightly ? 3_000 : 12 },
  );
});
