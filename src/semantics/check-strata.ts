/**
 * Stratification (Apt, Blair and Walker 1988): within a timestep no relation may depend on its own
 * negation or on an aggregate of itself. Only deductive rules count: `@next`, `@async`, `delete` and
 * `upsert` take effect later, so cycles through them are fine.
 *
 * A program is stratified iff no strong component of the graph body -> head contains an edge through
 * negation or aggregation. For such an edge the shortest way back closes a cycle, which the error
 * shows rule by rule. A component can hold very many cycles; a few are shown, no rule twice.
 */
import type { Span } from '../base/span.js';
import { isAggregated, type ClauseDraft } from './draft.js';
import type { Reporter } from './reporter.js';
import { strongComponents } from './strong-components.js';

const MAX_CYCLES_SHOWN = 5;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly clause: ClauseDraft;
  readonly why: 'negation' | 'aggregation' | null;
  readonly literal: Span;
  readonly head: Span;
}

export function checkStrata(clauses: readonly ClauseDraft[], reporter: Reporter): void {
  const edges = clauses.flatMap(edgesOf);
  const outgoing = new Map<string, Edge[]>();
  for (const edge of edges) {
    const known = outgoing.get(edge.from);
    if (known === undefined) outgoing.set(edge.from, [edge]);
    else known.push(edge);
  }
  const successors = new Map(
    [...outgoing].map(([from, its]) => [from, its.map((edge) => edge.to)]),
  );
  const components = strongComponents(successors);
  const shown = new Map<number, number>();
  const reported = new Set<ClauseDraft>();
  for (const edge of edges) {
    const component = components.get(edge.from)!;
    if (edge.why === null || components.get(edge.to) !== component || reported.has(edge.clause))
      continue;
    const count = shown.get(component) ?? 0;
    if (count >= MAX_CYCLES_SHOWN) continue;
    shown.set(component, count + 1);
    const cycle = [edge, ...wayBack(edge, outgoing, components)];
    for (const { clause } of cycle) reported.add(clause);
    reportCycle(cycle, reporter);
  }
}

function edgesOf(clause: ClauseDraft): readonly Edge[] {
  const edges: Edge[] = [];
  for (const head of clause.heads) {
    if (head.mode !== 'now') continue;
    const aggregated = isAggregated(head);
    for (const literal of (clause.bodies ?? []).flatMap((body) => body.literals)) {
      if (literal.kind !== 'atom' || literal.relation === null) continue;
      const why = literal.negated ? 'negation' : aggregated ? 'aggregation' : null;
      edges.push({
        from: literal.relation.name,
        to: head.relation.name,
        clause,
        why,
        literal: literal.span,
        head: head.source.span,
      });
    }
  }
  return edges;
}

/** The shortest path from the head of `edge` to its body relation, inside their component. */
function wayBack(
  edge: Edge,
  outgoing: ReadonlyMap<string, readonly Edge[]>,
  components: ReadonlyMap<string, number>,
): readonly Edge[] {
  if (edge.to === edge.from) return [];
  const reachedBy = new Map<string, Edge>();
  const queue = [edge.to];
  for (let at = 0; at < queue.length && !reachedBy.has(edge.from); at++) {
    for (const next of outgoing.get(queue[at]!) ?? []) {
      if (
        components.get(next.to) !== components.get(edge.from) ||
        reachedBy.has(next.to) ||
        next.to === edge.to
      )
        continue;
      reachedBy.set(next.to, next);
      queue.push(next.to);
    }
  }
  const path: Edge[] = [];
  for (let step = reachedBy.get(edge.from); step !== undefined; step = reachedBy.get(step.from))
    path.unshift(step);
  return path;
}

function reportCycle(cycle: readonly Edge[], reporter: Reporter): void {
  const [first] = cycle;
  const route = [first!.from, ...cycle.map((edge) => edge.to)].join(' -> ');
  const what = first!.why === 'negation' ? 'its own negation' : 'an aggregate of itself';
  reporter.error(
    'TRL0501',
    first!.literal,
    `\`${first!.from}\` depends on ${what} within one timestep: ${route}`,
    {
      text: first!.why === 'negation' ? 'negated here' : 'aggregated here',
      secondary: cycle.map((edge) => ({
        span: edge.head,
        text: `rule ${edge.clause.name} derives \`${edge.to}\` from ${sign(edge)}\`${edge.from}\``,
      })),
      help: 'derive one of these relations from the last timestep (`@next`), or from a relation outside of the cycle',
    },
  );
}

function sign(edge: Edge): string {
  return edge.why === 'negation'
    ? 'the absence of '
    : edge.why === 'aggregation'
      ? 'an aggregate over '
      : '';
}
