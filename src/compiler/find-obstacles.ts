/**
 * What a program asks for and this version does not do. Such a program is checked and reported on,
 * but not run: to leave out a promised seal or order silently would be worse than to refuse.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { findUnsealable } from '../rewrite/find-unsealable.js';
import type { Program } from '../semantics/program.js';
import type { Coordination } from '../semantics/remarks.js';

/** One error for each seal that cannot be carried out and each mechanism that is not inserted. */
export function findObstacles(program: Program): readonly Diagnostic[] {
  return [...findUnsealable(program), ...missingMechanisms(program)];
}

function missingMechanisms({ remarks, relations }: Program): readonly Diagnostic[] {
  return remarks.coordinations.flatMap((wish): readonly Diagnostic[] => {
    const help = missing(wish, relations.get(wish.relation)?.kind ?? null);
    if (help === null) return [];
    const what = { auto: '', none: '', seal: 'a seal', cut: 'a cut', order: 'an order' };
    return [
      {
        code: 'TRL1111',
        severity: 'error',
        message: `${what[wish.mechanism]} of \`${wish.relation}\` is not inserted in this version`,
        primary: { span: wish.span },
        help,
      },
    ];
  });
}

function missing({ mechanism }: Coordination, kind: string | null): string | null {
  if (mechanism === 'seal' || mechanism === 'cut')
    return 'write `auto`: the compiler then inserts what it can, and the report says what is left';
  if (mechanism === 'order' && kind !== 'channel')
    return 'name the channel that feeds the relation: messages go through the ordered log, stored tuples do not';
  return null;
}
