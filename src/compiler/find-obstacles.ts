/**
 * What a program asks for and this version does not do. Such a program is checked and reported on,
 * but not run: to leave out a promised seal or order silently would be worse than to refuse.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import type { Program } from '../semantics/program.js';
import type { Coordination } from '../semantics/remarks.js';

/** One error for each `sealed` literal and each mechanism that is not inserted. */
export function findObstacles(program: Program): readonly Diagnostic[] {
  return [...unknownSeals(program), ...missingMechanisms(program)];
}

function unknownSeals({ rules }: Program): readonly Diagnostic[] {
  const seen = new Set<number>();
  return rules.flatMap(({ bodies }) =>
    bodies.flatMap(({ literals }) =>
      literals.flatMap((literal): readonly Diagnostic[] => {
        const sealed = literal.kind === 'atom' ? nameOfSealed(literal.relation) : null;
        // The heads of one clause share its bodies.
        if (sealed === null || seen.has(literal.span.start)) return [];
        seen.add(literal.span.start);
        return [
          {
            code: 'TRL1112',
            severity: 'error',
            message: `nothing tells nodes when \`${sealed}\` is sealed yet, so this rule would never fire`,
            primary: { span: literal.span },
            help: 'until then: show it as a view without waiting, which takes corrections',
          },
        ];
      }),
    ),
  );
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
