/**
 * What a program asks for and this version does not do. Such a program is checked and reported on,
 * but not run: to leave out a promised seal or order silently would be worse than to refuse.
 */
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { CoordinationPlan } from '../rewrite/coordination-plan.js';
import { findUnsealable } from '../rewrite/find-unsealable.js';
import { barrierName } from '../semantics/builtin-relations.js';
import { bodyRelations } from '../semantics/mark-events.js';
import type { Program } from '../semantics/program.js';
import type { Coordination } from '../semantics/remarks.js';

/** What is asked, of which program. */
interface Planned {
  readonly program: Program;
  /** The program with the seals that are inserted. */
  readonly guarded: Program;
  readonly plan: CoordinationPlan;
}

/** One error for each seal that cannot be carried out and each mechanism that is not inserted. */
export function findObstacles(planned: Planned): readonly Diagnostic[] {
  return [...findUnsealable(planned.guarded), ...missingMechanisms(planned)];
}

function missingMechanisms(planned: Planned): readonly Diagnostic[] {
  return planned.program.remarks.coordinations.flatMap((wish): readonly Diagnostic[] => {
    const missing = missingOf(wish, planned);
    if (missing === null) return [];
    const [message, help] = missing;
    return [{ code: 'TRL1111', severity: 'error', message, primary: { span: wish.span }, help }];
  });
}

/** Whether a rule that reads or derives the relation waits until all nodes have worked off an epoch. */
function waitsFor({ rules }: Program, relation: string): boolean {
  return rules.some(
    (rule) =>
      bodyRelations(rule).has(barrierName) &&
      (rule.head.relation === relation || bodyRelations(rule).has(relation)),
  );
}

/** What cannot be had, and what to do; null if the wish is fulfilled. */
function missingOf(
  { relation, mechanism }: Coordination,
  { program, plan }: Planned,
): readonly [message: string, help: string] | null {
  switch (mechanism) {
    case 'cut':
      if (waitsFor(program, relation)) return null;
      return [
        `a cut of \`${relation}\` is not inserted in this version`,
        'write `auto`: the compiler then inserts what it can, and the report says what is left; rules over relations with `partition by` wait for each other without being asked',
      ];
    case 'order':
      if (program.relations.get(relation)?.kind === 'channel') return null;
      return [
        `an order of \`${relation}\` is not inserted in this version`,
        'name the channel that feeds the relation: messages go through the ordered log, stored tuples do not',
      ];
    case 'seal': {
      const refusal = plan.unsealed.find((each) => each.relation === relation);
      if (refusal === undefined) return null;
      return [
        `a seal of \`${relation}\` is not inserted: ${refusal.reason}`,
        'declare a seal, by columns that the group determines, of the input or channel that it comes from (`seal p on (k) when done(k);`), or write `auto`: the compiler then inserts what it can',
      ];
    }
    default:
      return null;
  }
}
