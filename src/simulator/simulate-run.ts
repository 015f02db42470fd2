/**
 * The entry to the simulator: one run of a subject under one seed. The same subject and options
 * give the same run, byte for byte.
 */
import { Simulation } from './simulation.js';
import type { SimulationOptions, SimulationRun, SimulationSubject } from './outcome.js';

/**
 * Runs the subject once under virtual time.
 *
 * Contract:
 * - `subject.nodes` is not empty and has no duplicates;
 * - `subject.makeEvaluator` returns a new evaluator at every call, whose timesteps are functions of
 *   state and input.
 */
export function simulateRun(subject: SimulationSubject, options: SimulationOptions): SimulationRun {
  return new Simulation(subject, options).run();
}
