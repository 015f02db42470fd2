/**
 * The outcome of a run from what was observed and what the nodes hold at its end (Ever and Fin of
 * the model: Ever is the union over nodes and timesteps, Fin the content at quiescence).
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import { findDisagreement } from './compare-replicas.js';
import { breaksPromise } from './promises.js';
import type { Observations } from './observations.js';
import type { Outcome, SimulationSubject, Violation } from './outcome.js';

/** Content of a relation at one node. */
export type QueryNode = (node: string, relation: string) => readonly Row[];

export function computeOutcome(
  subject: SimulationSubject,
  observations: Observations,
  query: QueryNode,
  quiescent: boolean,
): Outcome {
  const observables = [...subject.program.observables.keys()].sort();
  const contentAt = contentReader(subject, observations, query);
  const gather = (relation: string): readonly Row[] =>
    subject.nodes
      .flatMap((node) =>
        contentAt(node, relation).map((row) => observations.place(node, relation, row)),
      )
      .sort(compareRows);
  const ever = new Map(
    observables.map((relation) => [relation, observations.ever(relation)] as const),
  );
  const final = new Map(observables.map((relation) => [relation, gather(relation)] as const));
  for (const [relation, rows] of evaluateAssertions(subject, query)) {
    ever.set(relation, rows);
    final.set(relation, rows);
  }
  const stored = new Map(
    storedRelations(subject).map((relation) => [relation, gather(relation)] as const),
  );
  // Whether batches failed together or alone is the node's affair; why they failed is the program's.
  const failed = observations.violations.filter(({ invariant }) => invariant !== true);
  const causes = failed.map(({ cause, diagnostic }) => cause ?? diagnostic);
  const first = causes[0];
  const ways = [...new Set(failed.map(wayOf))].sort();
  const received = observations.received();
  return {
    ever,
    final,
    replicasAgree: subject.replicated.every(
      (relation) => findDisagreement(subject, relation, gather(relation), received) === null,
    ),
    releasesAgree: subject.replicated.every(
      (relation) =>
        subject.program.observables.get(relation) !== 'output' ||
        findDisagreement(subject, relation, observations.ever(relation), received) === null,
    ),
    stored,
    received,
    error: first === undefined ? null : textOf(first),
    failures: [...new Set(failed.map(failureOf))].sort(),
    broken: causes.some(breaksPromise),
    key: outcomeKey(subject, ever, final, ways, quiescent),
  };
}

function textOf({ code, message }: Violation['diagnostic']): string {
  return `${code} ${message}`;
}

function failureOf({ node, cause, diagnostic }: Violation): string {
  return `${node}: ${textOf(cause ?? diagnostic)}`;
}

/** How far a timestep had come when a bound stopped it makes no difference. */
function wayOf(violation: Violation): string {
  const { node, cause, diagnostic, bound } = violation;
  return bound ? `${node}: ${(cause ?? diagnostic).code}` : failureOf(violation);
}

/** Assertions know no place of their own: their rows are as they derive them. */
function evaluateAssertions(
  { assertions = null, nodes }: SimulationSubject,
  query: QueryNode,
): ReadonlyMap<string, readonly Row[]> {
  if (assertions === null) return new Map();
  const rowsOf = (relation: string): readonly Row[] =>
    nodes.flatMap((node) => query(node, relation)).sort(compareRows);
  const none = assertions.relations.map((relation) => [relation, []] as const);
  return assertions.evaluate(rowsOf) ?? new Map(none);
}

function contentReader(
  subject: SimulationSubject,
  observations: Observations,
  query: QueryNode,
): QueryNode {
  return (node, relation) => {
    const kind = subject.program.observables.get(relation);
    if (kind === 'view') return observations.shown(relation, node);
    if (kind === 'output' && subject.momentary?.has(relation) === true) return [];
    return query(node, relation);
  };
}

function storedRelations(subject: SimulationSubject): readonly string[] {
  const stored =
    subject.stored ??
    subject.replicated.filter((relation) => !subject.program.observables.has(relation));
  return [...stored].sort();
}

/** Relations are told apart by their position: every outcome of a subject has the same ones. */
function outcomeKey(
  subject: SimulationSubject,
  ever: ReadonlyMap<string, readonly Row[]>,
  final: ReadonlyMap<string, readonly Row[]>,
  ways: readonly string[],
  quiescent: boolean,
): string {
  const end = quiescent ? 'quiet' : 'cut';
  const failing = ways.length === 0 ? [] : [`error ${JSON.stringify(ways)}`];
  const parts = [...ever.keys()].map((relation) => {
    const compared = subject.program.observables.get(relation) === 'output' ? ever : final;
    return (compared.get(relation) ?? []).map(rowKey).join(';');
  });
  return [end, ...failing, ...parts].join('|');
}
