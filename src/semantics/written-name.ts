/** What to call a relation where a user reads of it: one that the compiler made up stands for one that is written. */
import type { Relation } from './program.js';

/** The relation that stands in the source. */
export function writtenName({ name, madeFrom }: Relation): string {
  return madeFrom?.relation ?? name;
}

/** `link (sent to its owner by b)`. */
export function writtenText({ name, madeFrom }: Relation): string {
  return madeFrom === undefined ? name : `${madeFrom.relation} (${madeFrom.how})`;
}
