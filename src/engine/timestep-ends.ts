/**
 * Thrown where a timestep cannot go on: two tuples of one key, too many tuples, or lattice values
 * that grow too often. It says no more
 * than that; the failure is explained by evaluating the same timestep once more for its least
 * error (see engine-evaluator.ts).
 */
export class TimestepEnds extends Error {
  readonly why: 'key' | 'tuples' | 'size' | 'raises';

  constructor(why: TimestepEnds['why']) {
    super(`the timestep ends for its ${why}`);
    this.name = 'TimestepEnds';
    this.why = why;
  }
}
