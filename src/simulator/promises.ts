/**
 * Runs in which a promise of the program is broken say nothing of its verdicts, which rest on the
 * promises: a producer that has sealed a key and then adds tuples of it fails a timestep, and whoever
 * holds verdicts against runs leaves such a run out. `simulate` reports it like any failed timestep.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';

/** Whether a timestep failed because it would have broken a promise. */
export function breaksPromise({ code }: Pick<Diagnostic, 'code'>): boolean {
  return code === 'TRL0814';
}
