/**
 * The engine is the reference evaluator, only faster: on random programs and random sequences of
 * timesteps both commit the same, fail with the same diagnostics and hold the same.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareEvaluators } from '../support/compare-evaluators.js';
import { mixedText, randomMixedCase } from '../support/random-mixed-programs.js';
import { randomEvents, randomProgram, programText } from '../support/random-programs.js';
import { programOf } from '../support/reference-node.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';

it('commits, fails and holds the same on programs of pairs', () => {
  fc.assert(
    fc.property(randomProgram, randomEvents, (program, events) => {
      const steps = events.map((rows) => ({ events: { i: rows } }));
      expect(compareEvaluators(programOf(programText(program)), steps)).toBeNull();
    }),
    { numRuns: isNightly ? 5_000 : 80 },
  );
});

it('does so on relations of every arity with values of every type, and on lattices', () => {
  fc.assert(
    fc.property(randomMixedCase, (one) => {
      expect(compareEvaluators(programOf(mixedText(one)), one.steps, 200)).toBeNull();
    }),
    { numRuns: isNightly ? 10_000 : 150 },
  );
});
