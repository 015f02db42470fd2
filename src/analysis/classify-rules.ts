/**
 * What each rule by itself does to the outcome: its letter in the margin of a report.
 *
 * *Monotone*: more in, no less out, or a map over single events: no schedule shows through.
 * *Convergent*: what it shows may be taken back while its sets grow, and ends the same in every
 * run. *Divergent*: the order, the moment or the company in which events come decides, and what
 * they decided stays. The letter is of the rule alone: a monotone rule over a divergent relation
 * hands on what it gets.
 */
import type { Span } from '../base/span.js';
import { isAggregated } from './aggregate-groups.js';
import type { BlameReason } from './confluence-report.js';
import type { DeterminismFacts } from './determinism.js';
import type { Defect, Known } from './find-defects.js';
import type { Site } from './find-sites.js';
import { aggregatesUpward, latticeReading, showsLattice } from './lattice-reads.js';
import { atomMovement, moveClause } from './growth.js';
import { append, relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';
import { isSequencedClause } from './sequencing.js';
import { readsThreshold } from './thresholds.js';
import { isAlways } from './standing-relations.js';

export type RuleLetter = 'monotone' | 'convergent' | 'divergent';

/** Why a monotone rule is so. */
export type MonotoneBy =
  /** Reads nothing that ever changes. */
  | 'static'
  /** A function of the node's own steps, in which no message has a part. */
  | 'own-steps'
  /** A map over single events. */
  | 'single-event'
  /** Asks for a bound of a value that only moves one way. */
  | 'threshold'
  /** Negates what only shrinks: the signs along its paths multiply to plus. */
  | 'even-negation'
  /** Joins sets and lattice values that only grow. */
  | 'growing';

/** A place in a rule that costs it its monotonicity. */
export interface OwnCause {
  readonly reason: BlameReason;
  readonly span: Span;
  /** The relation that is read there; null for the head. */
  readonly relation: string | null;
  /** The rule upstream whose passing results are kept here; null where the rule is its own trouble. */
  readonly keeps: string | null;
}
export interface RuleClass {
  readonly letter: RuleLetter;
  /** Null unless the letter is monotone. */
  readonly monotoneBy: MonotoneBy | null;
  /** In source order; empty for a monotone rule. */
  readonly causes: readonly OwnCause[];
}

/** The literals that are to blame for a defect. */
type SitesOf = (defect: Defect) => readonly Site[];

/** The class of every rule, by its index in `Program.rules`. */
export function classifyRules(
  known: Known,
  determinism: DeterminismFacts,
  sitesOf: SitesOf,
): ReadonlyMap<number, RuleClass> {
  const failuresByClause = new Map<Clause, Defect[]>();
  for (const failure of determinism.failures)
    if (failure.clause !== null) append(failuresByClause, failure.clause, failure);
  const defectsOf = (clause: Clause): readonly Defect[] => [
    ...(determinism.defectsByClause.get(clause) ?? []),
    ...(failuresByClause.get(clause) ?? []),
  ];
  return new Map(
    known.index.program.rules.map(({ id }) => {
      const clauses = known.index.clausesByRule.get(id) ?? [];
      return [id, classOf(known, clauses, sitesOf, defectsOf)];
    }),
  );
}

function classOf(
  known: Known,
  clauses: readonly Clause[],
  sitesOf: SitesOf,
  defectsOf: (clause: Clause) => readonly Defect[],
): RuleClass {
  const divergent = clauses.flatMap((clause) =>
    defectsOf(clause).flatMap((defect) => causesOfDefect(sitesOf, clause, defect)),
  );
  if (divergent.length > 0)
    return { letter: 'divergent', monotoneBy: null, causes: inOrder(divergent) };
  const convergent = clauses.flatMap((clause) => causesOfFalling(known, clause));
  if (convergent.length > 0)
    return { letter: 'convergent', monotoneBy: null, causes: inOrder(convergent) };
  const reasons = clauses.map((clause) => monotoneBy(known, clause));
  const strongest = byWeight.find((reason) => reasons.includes(reason)) ?? 'static';
  return { letter: 'monotone', monotoneBy: strongest, causes: [] };
}

/** Of several alternatives, what most wants saying. */
const byWeight: readonly MonotoneBy[] = [
  'even-negation',
  'threshold',
  'own-steps',
  'growing',
  'single-event',
  'static',
];

function causesOfDefect(sitesOf: SitesOf, clause: Clause, defect: Defect): readonly OwnCause[] {
  const { atom, reason, latched } = defect;
  if (atom !== null) return [causeAt(atom, reason)];
  const head = { reason, relation: null, span: clause.rule.head.span };
  if (!latched) return [{ ...head, keeps: null }];
  const sites = sitesOf(defect);
  const literals = sites.flatMap((site): OwnCause[] =>
    site.atom === null || site.clause !== clause ? [] : [causeAt(site.atom, site.reason)],
  );
  return literals.length > 0 ? literals : [{ ...head, keeps: sites[0]?.clause.rule.name ?? null }];
}

function causeAt({ span, relation }: Atom, reason: BlameReason): OwnCause {
  return { reason, span, relation, keeps: null };
}

/** The literals against whose growth the head moves, where it stands in every timestep. */
function causesOfFalling(known: Known, clause: Clause): readonly OwnCause[] {
  const { index, growth, sequenced } = known;
  if (isSequencedClause(index, growth, sequenced, clause)) return [];
  const { falls } = moveClause(index, clause, growth.movementOf, 'threshold');
  const shown = clause.rule.aggregated && !(aggregatesUpward(index, clause) && !falls);
  const causes = clause.atoms.flatMap((atom): OwnCause[] => {
    const moved = atomMovement(index, clause, atom, growth.movementOf);
    if (!moved.rises && !moved.falls) return [];
    if (latticeReading(index, clause, atom) === 'revealed')
      return [causeAt(atom, 'reveals-growing-lattice')];
    if (atom.negated && moved.rises) return [causeAt(atom, 'negates-growing-set')];
    const isShown = shown && isAggregated(index, clause, atom);
    return isShown ? [causeAt(atom, 'aggregates-growing-set')] : [];
  });
  if (causes.length > 0 || !showsLattice(relationOf(index, clause.head))) return causes;
  const moves = moveClause(index, clause, growth.movementOf, 'value');
  if (!moves.rises && !moves.falls) return [];
  return [
    { reason: 'reveals-growing-lattice', span: clause.rule.head.span, relation: null, keeps: null },
  ];
}

function monotoneBy(known: Known, clause: Clause): MonotoneBy {
  const { index, growth, sequenced } = known;
  const growthOf = ({ relation }: Atom): string => growth.growthByRelation.get(relation) ?? '';
  const moving = clause.atoms.filter(
    (atom) => growthOf(atom) !== 'static' && !isAlways(index, clause, atom),
  );
  if (moving.length === 0) return 'static';
  if (isSequencedClause(index, growth, sequenced, clause)) {
    const plain = moving.every((atom) => !atom.negated && !clause.rule.aggregated);
    if (!plain) return 'own-steps';
  }
  if (moving.some((atom) => atom.negated)) return 'even-negation';
  if (moving.some((atom) => readsThreshold(index, clause, atom) === 'threshold'))
    return 'threshold';
  return moving.some((atom) => growthOf(atom) === 'event') ? 'single-event' : 'growing';
}

function inOrder(causes: readonly OwnCause[]): readonly OwnCause[] {
  const byPlace = new Map<string, OwnCause>();
  for (const cause of causes) {
    const key = `${cause.span.start} ${cause.span.end} ${cause.reason}`;
    if (!byPlace.has(key)) byPlace.set(key, cause);
  }
  return [...byPlace.values()].sort(
    (a, b) => a.span.start - b.span.start || a.span.end - b.span.end,
  );
}
