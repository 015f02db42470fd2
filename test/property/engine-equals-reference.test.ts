/**
 * The engine is the reference evaluator, only faster: on random programs and random sequences of
 * timesteps both commit the same, fail with the same diagnostics and hold the same.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Program } from '../../src/semantics/program.js';
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

it('does so on relations of every arity with values of every type', () => {
  let compiled = 0;
  fc.assert(
    fc.property(randomMixedCase, (one) => {
      const program = soundProgram(mixedText(one));
      if (program === null) return;
      compiled += 1;
      expect(compareEvaluators(program, one.steps, 2_000)).toBeNull();
    }),
    { numRuns: isNightly ? 10_000 : 120 },
  );
  expect(compiled).toBeGreaterThan(isNightly ? 3_000 : 35);
});

/** Null for a program with errors, which the generator does not always avoid. */
function soundProgram(text: string): Program | null {
  try {
    return programOf(text);
  } catch {
    return null;
  }
}
