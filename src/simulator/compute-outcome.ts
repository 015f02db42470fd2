/**
 * The outcome of a run from what was observed and what the nodes hold at its end (Ever and Fin of
 * the model: Ever is the union over nodes and timesteps, Fin the content at quiescence).
 */
import { compareRows, rowKey } from '../base/value.js';
import type { Row } from '../base/value.js';
import type { Observations } from './observations.js';
import type { Outcome, SimulationSubject } from './outcome.js';

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
  const stored = new Map(
    storedRelations(subject).map((relation) => [relation, gather(relation)] as const),
  );
  // Whether batches failed together or alone is the node's affair; why they failed is the program's.
  const causes = observations.violations.map(({ cause, diagnostic }) => cause ?? diagnostic);
  const codes = [...new Set(causes.map(({ code }) => code))].sort();
  const first = causes[0];
  return {
    ever,
    final,
    replicasAgree: replicasAgree(subject, contentAt),
    stored,
    error: first === undefined ? null : `${first.code} ${first.message}`,
    key: outcomeKey(subject, ever, final, codes, quiescent),
  };
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

/**
 * Whether every replicated relation has the same content, its location apart, at all nodes that
 * hold some of it. A node that holds nothing is taken for one that plays another part.
 */
function replicasAgree(subject: SimulationSubject, contentAt: QueryNode): boolean {
  return subject.replicated.every((relation) => {
    const location = subject.program.locationByRelation.get(relation);
    const contents = subject.nodes
      .map((node) => contentAt(node, relation))
      .filter((rows) => rows.length > 0)
      .map((rows) => contentKey(rows, location));
    return new Set(contents).size <= 1;
  });
}

function contentKey(rows: readonly Row[], location: number | undefined): string {
  const apart =
    location === undefined ? rows : rows.map((row) => row.toSpliced(location, 1)).sort(compareRows);
  return apart.map(rowKey).join(';');
}

/** Relations are told apart by their position: every outcome of a subject has the same ones. */
function outcomeKey(
  subject: SimulationSubject,
  ever: ReadonlyMap<string, readonly Row[]>,
  final: ReadonlyMap<string, readonly Row[]>,
  codes: readonly string[],
  quiescent: boolean,
): string {
  const end = quiescent ? 'quiet' : 'cut';
  if (codes.length > 0) return `${end}|error ${codes.join(' ')}`;
  const parts = [...ever.keys()].map((relation) => {
    const compared = subject.program.observables.get(relation) === 'output' ? ever : final;
    return (compared.get(relation) ?? []).map(rowKey).join(';');
  });
  return [end, ...parts].join('|');
}
