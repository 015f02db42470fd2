/**
 * Why a timestep ends without a commit, thrown from wherever that is found out and caught in one
 * place. The codes stand in the table of diagnostics (area 08) beside those of the builtins.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** A derived value does not fit the type of its column. */
export const VALUE_OUTSIDE_TYPE = 'TRL0805';
/** Two tuples of one key at the fixpoint. */
export const KEY_CONFLICT = 'TRL0806';
/** Two tuples of one key in what a table is to hold from the next timestep on. */
export const KEY_CONFLICT_AT_COMMIT = 'TRL0807';
/** A timestep inserts more tuples than it may. */
export const TOO_MANY_TUPLES = 'TRL0808';

export class TimestepFailure extends Error {
  readonly diagnostic: Diagnostic;
  readonly bound: boolean;
  readonly isOfHost: boolean;

  constructor(diagnostic: Diagnostic, bound: boolean, isOfHost = false) {
    super(diagnostic.message);
    this.name = 'TimestepFailure';
    this.diagnostic = diagnostic;
    [this.bound, this.isOfHost] = [bound, isOfHost];
  }
}
