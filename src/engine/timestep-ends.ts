/**
 * Thrown where a timestep cannot go on: two tuples of one key, too many tuples, lattice values that
 * grow too often, or the host's will. It says no more than that; the failure is explained by
 * evaluating the same timestep once more for its least error (see engine-evaluator.ts).
 */
export class TimestepEnds extends Error {
  readonly why: 'key' | 'tuples' | 'size' | 'raises' | 'host';
  /** What the host says of it. */
  readonly limit: string;
  /** The rule that was being evaluated, by its id, where that is known. */
  readonly rule: number | null;

  constructor(why: TimestepEnds['why'], limit = '', rule: number | null = null) {
    super(`the timestep ends for its ${why}`);
    this.name = 'TimestepEnds';
    [this.why, this.limit, this.rule] = [why, limit, rule];
  }
}
