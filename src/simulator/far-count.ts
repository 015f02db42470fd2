/**
 * How often timers must have fired before a run may be taken for ended: far more often than any number
 * says that stands in the program or in its workload, so that `beat(n, _), n >= 9` has come true if it
 * ever does, and so that a bound a little beyond, `n >= x + 3`, has as well. A bound that is computed to
 * be larger still may be missed. It is a count, not an addition: all runs of a subject end beyond the
 * same one.
 */
import { isFloat, isInt } from '../base/value.js';
import type { Value } from '../base/value.js';
import type { SimulationSubject } from './outcome.js';

const least = 1000;
/** Beyond this count nobody waits: it stands for years of most timers. */
const largest = 10_000_000;
/** Of the clock: firings beyond it have no time that is an int. */
const latestMs = 2 ** 52;
/** By how much it exceeds what stands there. */
const factor = 10;
/** Rows of facts of a relation that are looked at. */
const mostRows = 400;

/** A count of firings that no number of the subject comes near. */
export function farCountOf({ program, workload, greatestNumber = 0 }: SimulationSubject): number {
  let greatest = greatestNumber;
  for (const { row } of workload.inputs) greatest = Math.max(greatest, greatestIn(row));
  for (const { rows } of workload.facts) {
    let seen = 0;
    for (const row of rows) {
      if (seen++ === mostRows) break;
      greatest = Math.max(greatest, greatestIn(row));
    }
  }
  const longestMs = Math.max(1, ...program.periodics.map(({ periodMs }) => periodMs));
  const most = Math.min(largest, Math.floor(latestMs / longestMs));
  return Math.min(Math.max(least, factor * greatest), most);
}

/** The greatest finite number among values and in them, rounded up; 0 where there is none above. */
export function greatestIn(values: Iterable<Value>): number {
  let greatest = 0;
  for (const value of values) {
    if (isInt(value)) greatest = Math.max(greatest, value);
    else if (isFloat(value)) {
      if (Number.isFinite(value.value)) greatest = Math.max(greatest, Math.ceil(value.value));
    } else if (value !== null && typeof value === 'object' && 'items' in value)
      greatest = Math.max(greatest, greatestIn(value.items));
  }
  return greatest;
}
