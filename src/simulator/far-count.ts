/**
 * How often timers must have fired before a run may be taken for ended: more often than any number says
 * that stands in the program or in its workload, so that `beat(n, _), n >= 9` has come true if it ever
 * does. What a rule computes from such numbers may be larger still; so may what it does not ask for
 * until the bound. It is a count, not an addition: all runs of a subject end beyond the same one.
 */
import { isInt } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { SimulationSubject } from './outcome.js';

/** Beyond this count nobody waits: it stands for years of most timers. */
const largest = 10_000_000;
/** Rows of facts of a relation that are looked at. */
const mostRows = 400;

/** A count of firings that no number of the subject reaches. */
export function farCountOf({ workload, greatestNumber = 0 }: SimulationSubject): number {
  let greatest = greatestNumber;
  const look = (row: Row): void => {
    for (const value of row) if (isInt(value)) greatest = Math.max(greatest, value);
  };
  for (const { row } of workload.inputs) look(row);
  for (const { rows } of workload.facts) {
    let seen = 0;
    for (const row of rows)
      if (seen++ < mostRows) look(row);
      else break;
  }
  return Math.min(greatest, largest) + 2;
}
