/**
 * Questions to the owners of statics that are spread over the cluster. A rule that denies a tuple of
 * such a static is evaluated where the tuple would be, for nobody else knows that it is not there: what
 * the rule has bound goes to that node, and what it derives goes on from there, if it lives elsewhere.
 * That is one round trip at most and no barrier: the static is given before the start, so its owner
 * knows all of it (ANALYSIS 1.9, COORDINATION 2.5).
 */
import type { Exchange } from '../rewrite/exchange-report.js';
import type { Program } from '../semantics/program.js';

export interface OwnerLookup {
  readonly rule: string;
  readonly static: string;
  /** The relation to whose owner the answer goes on; null if it is needed where it is given. */
  readonly onTo: string | null;
  /** Message delays, and as many messages, for each question. */
  readonly delays: 1 | 2;
}

/** What blocks a question. */
export const lookupWaitsWhile = 'the owner is out of reach';

/** The questions of a program as written, in the order of its rules. */
export function ownerLookups(
  { rules, relations }: Program,
  exchanges: readonly Exchange[],
): readonly OwnerLookup[] {
  return rules.flatMap(({ name, head, bodies }) => {
    const own = exchanges.filter((exchange) => exchange.rules.has(name));
    const denied = bodies.flatMap(({ literals }) =>
      literals.flatMap((literal) =>
        literal.kind === 'atom' && literal.negated ? [literal.relation] : [],
      ),
    );
    return [...new Set(denied)].flatMap((relation): OwnerLookup[] => {
      const asked = relations.get(relation);
      if (asked?.kind !== 'static' || asked.partition === null) return [];
      const travels = own.some(
        ({ what, of, by }) => what !== 'derived' && of !== relation && by !== null,
      );
      if (!travels) return [];
      const goesOn = own.some(({ what, of }) => what === 'derived' && of === head.relation);
      const onTo = goesOn ? head.relation : null;
      return [{ rule: name, static: relation, onTo, delays: goesOn ? 2 : 1 }];
    });
  });
}
