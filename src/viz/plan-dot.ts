/**
 * A physical plan in Graphviz's DOT language: strata as boxes around their relations, an edge for
 * each rule and relation that it reads; edges that are read by their new tuples are bold.
 */
import type { PhysicalPlan, PlannedRule } from '../plan/physical-plan.js';
import { dotLabel, dotQuote } from './dot-text.js';

const shapes = {
  static: 'folder',
  stored: 'cylinder',
  maintained: 'box3d',
  ephemeral: 'box',
} as const;

/** One `digraph`, complete with its line feed; `nameOf`: what to call relations and rules. */
export function renderPlanDot(
  plan: PhysicalPlan,
  nameOf: (name: string) => string = (name) => name,
): string {
  const lines = ['digraph plan {', '  rankdir=LR;'];
  for (const [i, stratum] of plan.strata.entries()) {
    lines.push(`  subgraph cluster_${i} {`, `    label=${dotQuote(`stratum ${i + 1}`)};`);
    for (const slot of stratum.relations) {
      const { schema, storage } = plan.relations[slot]!;
      lines.push(
        `    ${dotQuote(schema.name)} [${dotLabel(schema.name, nameOf)}shape=${shapes[storage]}];`,
      );
    }
    lines.push('  }');
  }
  const rules = [...plan.strata.flatMap((stratum) => stratum.rules), ...plan.effects];
  for (const rule of rules) lines.push(...edgesOf(rule, plan, nameOf));
  return `${lines.join('\n')}\n}\n`;
}

function edgesOf(
  rule: PlannedRule,
  plan: PhysicalPlan,
  nameOf: (name: string) => string,
): readonly string[] {
  const idOf = (slot: number): string => dotQuote(plan.relations[slot]!.schema.name);
  const fed = new Set(
    rule.bodies.flatMap(({ deltas }) =>
      deltas.flatMap(({ steps }) => (steps[0]?.access === null ? [] : [steps[0]?.access.slot])),
    ),
  );
  const style = rule.rule.head.mode === 'now' ? 'solid' : 'dashed';
  return rule.reads.map(
    (slot) =>
      `  ${idOf(slot)} -> ${idOf(rule.head)} [label=${dotQuote(nameOf(rule.rule.name))}, style=${fed.has(slot) ? 'bold' : style}];`,
  );
}
