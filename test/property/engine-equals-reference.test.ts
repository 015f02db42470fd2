/**
 * The engine is the reference evaluator, only faster: on random programs and random sequences of
 * timesteps both commit the same, fail with the same diagnostics and hold the same.
 */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { compareEvaluators, Comparison } from '../support/compare-evaluators.js';
import { EngineCoverage } from '../support/engine-coverage.js';
import { randomCase } from '../support/random-case.js';
import { mixedText, randomMixedCase } from '../support/random-mixed-programs.js';
import { randomEvents, randomProgram, programText } from '../support/random-programs.js';
import type { Program, RelationKind } from '../../src/semantics/program.js';
import { programOf } from '../support/reference-node.js';

const isNightly = process.env['TRELLIS_NIGHTLY'] === '1';
/** Some seconds of work, and more of waiting where others have the machine. */
const timeout = isNightly ? 3_600_000 : 240_000;

it('commits, fails and holds the same on programs of pairs', { timeout }, () => {
  fc.assert(
    fc.property(randomProgram, randomEvents, (program, events) => {
      const steps = events.map((rows) => ({ events: { i: rows } }));
      expect(compareEvaluators(programOf(programText(program)), steps)).toBeNull();
    }),
    { numRuns: isNightly ? 5_000 : 60 },
  );
});

it(
  'does so on relations of every arity with values of every type, and on lattices',
  { timeout },
  () => {
    fc.assert(
      fc.property(randomMixedCase, (one) => {
        expect(compareEvaluators(programOf(mixedText(one)), one.steps, 200)).toBeNull();
      }),
      { numRuns: isNightly ? 10_000 : 60 },
    );
  },
);

/** Everything that may be: for an evaluator a durable loopback is as good as a channel. */
function allDurable(program: Program): Program {
  const isKept = (kind: RelationKind): boolean =>
    ['table', 'lattice', 'loopback', 'channel'].includes(kind);
  const relations = [...program.relations].map(
    ([name, one]) => [name, { ...one, durable: isKept(one.kind) }] as const,
  );
  return { ...program, relations: new Map(relations) };
}

it('does so over restarts from what is durable', { timeout }, () => {
  fc.assert(
    fc.property(randomMixedCase, (one) => {
      const program = allDurable(programOf(mixedText(one)));
      const steps = one.steps.map((step, i) => ({ ...step, restart: i % 3 === 2 }));
      expect(compareEvaluators(program, steps, 200)).toBeNull();
    }),
    { numRuns: isNightly ? 10_000 : 60 },
  );
});

it('tries every construct, every arity and every kind of value', { timeout }, () => {
  const coverage = new EngineCoverage();
  for (let seed = 1; seed <= 130; seed++) {
    const one = randomCase(seed, seed === 2 ? 50 : 4);
    const program = programOf(mixedText(one));
    const comparison = new Comparison(program, { maxTuples: 200, linker: coverage.linker });
    for (const step of one.steps) expect(comparison.step(step)).toBeNull();
    const restarts = one.steps.slice(1).some(({ boot }) => boot === true);
    coverage.add(program, comparison, one.steps.length, restarts);
  }
  expect(coverage.missing()).toEqual([]);
});
