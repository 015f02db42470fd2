/**
 * The plan of a program with rules that wait for a barrier: which these are, and which obligations are
 * met because all nodes agree on what an epoch took. Checked by analysing the program again with its
 * epochs given.
 */
import { analyzeConfluence } from '../analysis/confluence.js';
import type { ConfluenceReport } from '../analysis/confluence-report.js';
import { reasonText } from '../analysis/reason-text.js';
import { barrierName } from '../semantics/builtin-relations.js';
import { bodyRelations } from '../semantics/mark-events.js';
import type { Program } from '../semantics/program.js';
import { waits } from './barrier-phases.js';
import type { CoordinationPlan, CoordinationPoint, UnmetObligation } from './coordination-plan.js';
import type { BarrierPlan } from './lower-barriers.js';

/** `program`: as analysed, with what waits for seals; `report`: of it without coordination. */
export function planBarrier(
  plan: CoordinationPlan,
  program: Program,
  report: ConfluenceReport,
  { held }: BarrierPlan,
): CoordinationPlan {
  const rules = [...new Set(program.rules.filter(waits).map(({ origin }) => origin.rule))].sort();
  const ordered = plan.orderedLog?.channels ?? [];
  const given = analyzeConfluence(program, { ordered, epochsGiven: true });
  const met = new Set(given.observables.filter((each) => each.met).map((each) => each.relation));
  const points = report.observables
    .filter(({ relation, mechanism }) => mechanism.kind === 'cut' && met.has(relation))
    .map(({ relation, mechanism, blame }): CoordinationPoint => ({
      relation,
      mechanism,
      rules: [...new Set(blame.flatMap((each) => each.rule ?? []))].sort(),
      channels: [],
    }));
  return {
    ...plan,
    barrier: { rules, held },
    points: [...plan.points, ...points].sort((a, b) => (a.relation < b.relation ? -1 : 1)),
    unmet: plan.unmet
      .filter(({ relation }) => !met.has(relation))
      .map((each) =>
        each.mechanism.kind === 'cut' ? { ...each, reason: reasonUnder(given, each) } : each,
      ),
  };
}

/** Why an obligation stays unmet although nodes agree on epochs. */
function reasonUnder(
  given: ConfluenceReport,
  { relation, reason: otherwise }: UnmetObligation,
): string {
  const observable = given.observables.find((each) => each.relation === relation);
  const [blame] = observable?.blame ?? [];
  if (blame === undefined) return otherwise;
  const place = blame.rule === null ? '' : `\`${blame.rule}\` does not wait for it: `;
  return `agreement on epochs is not enough, ${place}${reasonText(blame.reason)}`;
}

/** Relations on the way to which some rule waits until all nodes are done. */
export function restingOnBarrier({ rules }: Program): ReadonlySet<string> {
  const resting = new Set([barrierName]);
  for (let before = -1; before !== resting.size;) {
    before = resting.size;
    for (const rule of rules)
      if ([...bodyRelations(rule)].some((name) => resting.has(name)))
        resting.add(rule.head.relation);
  }
  return resting;
}
