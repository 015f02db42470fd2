/**
 * Seals and cluster-wide relations: a producer promises for the tuples that it sends to a node, and
 * what an exchange sends on is not among them. Until marks travel with the tuples, a rule that would
 * wait for a seal over the cluster is refused, and so is the seal of a relation that has many owners.
 */
import { nameOfSealed } from '../semantics/builtin-relations.js';
import type { Program } from '../semantics/program.js';
import { readsSpread, type Spread } from './exchange-spread.js';
import type { Refusal } from './exchange-stage.js';

export function refuseSeals({ rules, remarks }: Program, spread: Spread): readonly Refusal[] {
  const help = 'show it as a view without waiting, which takes corrections';
  const ofRelations = remarks.seals.flatMap(({ relation, span }): readonly Refusal[] =>
    spread.has(relation)
      ? [
          {
            code: 'TRL0620',
            span,
            message: `the tuples of \`${relation}\` come to many owners, and none of them is told of this seal`,
            help: `seal the input or channel that \`${relation}\` is derived from, for the rules that read it alone; for others, ${help}`,
          },
        ]
      : [],
  );
  const seen = new Set<number>();
  const ofLiterals = rules.flatMap((rule) => {
    if (!readsSpread(rule, spread)) return [];
    return rule.bodies.flatMap(({ literals }) =>
      literals.flatMap((literal): readonly Refusal[] => {
        const sealed = literal.kind === 'atom' ? nameOfSealed(literal.relation) : null;
        if (sealed === null || spread.has(sealed) || seen.has(literal.span.start)) return [];
        seen.add(literal.span.start);
        return [
          {
            code: 'TRL0620',
            span: literal.span,
            message: `\`${sealed}\` is sealed at one node, and what this rule reads besides is still on its way between nodes`,
            help,
          },
        ];
      }),
    );
  });
  return [...ofRelations, ...ofLiterals];
}
