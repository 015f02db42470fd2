/**
 * Seals that are read and cannot be carried out: the program is checked and reported on, but not
 * run, since to leave out a promise silently would be worse than to refuse.
 */
import { sealRefusal } from '../analysis/unsealable.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Program } from '../semantics/program.js';
import { sealsRead } from './seal-scheme.js';

/** One error for each seal that is read and cannot be carried out. */
export function findUnsealable(program: Program): readonly Diagnostic[] {
  return sealsRead(program).flatMap((seal): readonly Diagnostic[] => {
    const refusal = sealRefusal(program, seal);
    if (refusal === null) return [];
    const { message, span, help } = refusal;
    return [{ code: 'TRL1113', severity: 'error', message, primary: { span }, help }];
  });
}
