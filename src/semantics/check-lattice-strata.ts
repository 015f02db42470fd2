/**
 * Recursion through what lattice values show. Within a timestep rules run until nothing changes, and
 * a value in a lattice column is final only when they have; a rule that reveals it, or uses it in
 * any other way that is not monotone, must wait for that, so it cannot be what the value depends on.
 * The same holds for negations and aggregates, which are checked before types are known.
 */
import type { BareRule } from './build-program.js';
import { isLatticeType } from './lattice-shape.js';
import { latticeUse } from './lattice-uses.js';
import type { Relations } from './resolve-relations.js';
import type { Reporter } from './reporter.js';
import { strongComponents } from './strong-components.js';
import type { Span } from '../base/span.js';

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly rule: BareRule;
  readonly revealed: boolean;
  readonly span: Span;
}

export function checkLatticeStrata(
  rules: readonly BareRule[],
  relations: Relations,
  reporter: Reporter,
): void {
  // Nothing reveals where nothing merges.
  const merges = [...relations.values()].some((r) => r.columns.some((c) => isLatticeType(c.type)));
  if (!merges) return;
  const edges = rules
    .filter((rule) => rule.head.mode === 'now')
    .flatMap((rule) => edgesOf(rule, relations));
  const successors = new Map<string, string[]>();
  for (const { from, to } of edges) {
    const known = successors.get(from);
    if (known === undefined) successors.set(from, [to]);
    else known.push(to);
  }
  const components = strongComponents(successors);
  const reported = new Set<BareRule>();
  for (const edge of edges) {
    const isInside = components.get(edge.from) === components.get(edge.to);
    if (!edge.revealed || !isInside || reported.has(edge.rule)) continue;
    reported.add(edge.rule);
    report([edge, ...wayBack(edge, edges, components)], reporter);
  }
}

function edgesOf(rule: BareRule, relations: Relations): readonly Edge[] {
  return rule.bodies.flatMap((body) =>
    body.literals.flatMap((literal, index): Edge[] => {
      if (literal.kind !== 'atom') return [];
      const revealed = latticeUse(rule, body, index, relations) === 'revealed' && !literal.negated;
      const { relation: from, span } = literal;
      return [{ from, to: rule.head.relation, rule, revealed, span }];
    }),
  );
}

/** The shortest path from the head of `edge` back to what it reads. */
function wayBack(
  edge: Edge,
  edges: readonly Edge[],
  components: ReadonlyMap<string, number>,
): readonly Edge[] {
  const reachedBy = new Map<string, Edge>();
  const queue = [edge.to];
  for (const at of queue) {
    if (at === edge.from) break;
    for (const next of edges) {
      const isNew = next.to !== edge.to && !reachedBy.has(next.to);
      if (next.from !== at || !isNew || components.get(next.to) !== components.get(edge.from))
        continue;
      reachedBy.set(next.to, next);
      queue.push(next.to);
    }
  }
  const path: Edge[] = [];
  for (let at = edge.from; at !== edge.to;) {
    const step = reachedBy.get(at);
    if (step === undefined) return [];
    path.unshift(step);
    at = step.from;
  }
  return path;
}

function report(cycle: readonly Edge[], reporter: Reporter): void {
  const [first] = cycle;
  const route = [first!.from, ...cycle.map((edge) => edge.to)].join(' -> ');
  reporter.error(
    'TRL0510',
    first!.span,
    `\`${first!.from}\` depends on a value of its own that may still grow, within one timestep: ${route}`,
    {
      text: 'its lattice value is revealed in this rule',
      secondary: cycle.map((edge) => ({
        span: edge.rule.head.span,
        text: `rule ${edge.rule.name} derives \`${edge.to}\` from ${edge.revealed ? 'the revealed value of ' : ''}\`${edge.from}\``,
      })),
      help: 'use morphisms and monotone methods only (thresholds such as `v.size() >= k` may guard), or derive one of these relations with `@next`',
    },
  );
}
