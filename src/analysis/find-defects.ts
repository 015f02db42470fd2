/**
 * The rules that a schedule can make come out differently, found clause by clause.
 *
 * A clause with one event literal, or several that must be one event, and otherwise static data is
 * a map over single events, and the union of its results over all timesteps does not depend on when
 * the events come. A clause over stored sets that only rise is monotone. Everything else is a
 * defect: an event that meets or samples a stored set, events that must coincide, an absent event,
 * a batch that is aggregated, an update, a value from a clock; and a value that may be taken back
 * (convergent, no more) where it is latched, that is stored, sent, or kept for the next timestep,
 * because then a passing wrong fact becomes a lasting one (Marczak et al. 2012; Hellerstein and
 * Alvaro, "Keeping CALM", 2020).
 */
import { isAggregated } from './aggregate-groups.js';
import type { BlameReason } from './confluence-report.js';
import { atomMovement, moveClause } from './growth.js';
import type { GrowthFacts } from './growth.js';
import { latticeReading, showsLattice } from './lattice-reads.js';
import { relationOf } from './program-index.js';
import { callsOpaque } from './opaque-functions.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isSameEvent } from './same-event.js';
import { isPacedClause, looksAtTimer } from './pacing.js';
import type { ComingEvents } from './coming-events.js';
import type { Presence } from './presence.js';
import type { Register } from './find-registers.js';
import type { Reclamation } from './redundant-sends.js';
import { isSequencedClause } from './sequencing.js';
import { chooses, isAlways, leavesAllOpen } from './standing-relations.js';

/** What the passes before have found out. */
export interface Known {
  readonly index: ProgramIndex;
  readonly growth: GrowthFacts;
  readonly sequenced: ReadonlySet<string>;
  readonly ordered: ReadonlySet<string>;
  /** Whether the inputs of each epoch count as given (epochs.ts). */
  readonly epochsGiven: boolean;
  /** Relations that may differ from node to node under that log; empty without one. */
  readonly unlike: ReadonlySet<string>;
  /** What follows from the body of a clause. */
  readonly presence: Presence;
  /** What follows from what is stored. */
  readonly coming: ComingEvents;
  /** Relations that one timer brings about again and again, with that timer. */
  readonly paced: ReadonlyMap<string, string>;
  readonly reclaimed: Reclamation;
  /** Tables that keep the greatest value, by their one rule. */
  readonly registers: ReadonlyMap<number, Register>;
  /** Atoms whose values count as the same in all runs: ids, up to renaming (fresh-ids.ts). */
  readonly fresh: ReadonlySet<Atom>;
  /** Relations taken to hold the same in all schedules, whatever derives them (agreement.ts). */
  readonly given: ReadonlySet<string>;
}
export interface Defect {
  /** The relation that comes out differently. */
  readonly relation: string;
  /** Null where a declaration is to blame. */
  readonly clause: Clause | null;
  /** The blamed literal; null for the head or, with `latched`, for what lies in the cone. */
  readonly atom: Atom | null;
  readonly reason: BlameReason;
  /** The clause latches what may still be taken back; the blamed literals are those of its cone. */
  readonly latched: boolean;
}

/** The defects of one clause, in order of its literals. */
export function findClauseDefects(known: Known, clause: Clause): readonly Defect[] {
  const { mode } = clause.rule.head;
  if (known.sequenced.has(clause.head) || known.given.has(clause.head)) return [];
  const defects: Defect[] = [];
  const blame = (atom: Atom | null, reason: BlameReason, latched = false): void => {
    defects.push({ relation: clause.head, clause, atom, reason, latched });
  };
  if (known.registers.has(clause.id)) return [];
  if (mode === 'delete' || mode === 'upsert') {
    blame(updateTrigger(known, clause), mode === 'delete' ? 'deletes' : 'overwrites');
  } else if (!isSequencedClause(known.index, known.growth, known.sequenced, clause)) {
    blameReading(known, clause, blame);
  }
  return defects;
}

type Blamer = (atom: Atom | null, reason: BlameReason, latched?: boolean) => void;

function blameReading(known: Known, clause: Clause, blame: Blamer): void {
  const { index, growth } = known;
  const atoms = clause.atoms.filter(
    (atom) =>
      growth.growthByRelation.get(atom.relation) !== 'static' &&
      !isAlways(index, clause, atom) &&
      !known.fresh.has(atom),
  );
  const isEvent = (atom: Atom): boolean => growth.growthByRelation.get(atom.relation) === 'event';
  for (const atom of atoms) if (atom.negated && isEvent(atom)) blame(atom, absenceReason(clause));
  for (const atom of atoms)
    if (!atom.negated && showsClock(index, clause, atom)) blame(atom, 'nondeterministic-value');
  if (callsOpaque(index.program, clause.rule, clause.body))
    blame(clause.atoms[0] ?? null, 'calls-opaque-function');
  if (chooses(clause)) blame(clause.atoms[0] ?? null, 'nondeterministic-value');
  const read = atoms.filter((atom) => isEvent(atom) && !atom.negated);
  const standing = atoms.filter((atom) => !isEvent(atom));
  if (read.length === 0) return blameStanding(known, clause, standing, blame);
  blameMerging(known, clause, read, blame);
  const paced = isPacedClause(index, known.paced, clause, read);
  // What the other literals imply is there whenever they are, and no rendezvous of its own.
  const free = paced ? new Set<Atom>() : known.presence.impliedAtoms(clause);
  const events = read.filter((atom) => !free.has(atom));
  if (!paced && events.length > 1 && !isSameEvent(index, growth, events)) {
    blame(
      events.find((atom) => !isSameEvent(index, growth, [events[0]!, atom])) ?? events[1]!,
      'event-rendezvous',
    );
  }
  const merelyPaced =
    paced && read.length === 1 && known.paced.get(read[0]!.relation) === read[0]!.relation;
  const pooled = read.find((atom) => isAggregated(index, clause, atom));
  if (pooled !== undefined && !(merelyPaced && standing.length > 0))
    blame(pooled, 'aggregates-events');
  for (const atom of standing) {
    const moved = atomMovement(index, clause, atom, growth.movementOf);
    const isFree = free.has(atom);
    const samples =
      isAggregated(index, clause, atom) || (!isFree && (atom.negated ? moved.rises : moved.falls));
    if (samples) blame(atom, 'samples-unfinished-set');
    else if (!paced && !isFree && !isAnswered(known, clause, read, standing))
      blame(atom, 'half-guarded-join');
  }
}

/** Whether the one event that a clause waits for comes again for whatever is stored. */
function isAnswered(
  { coming }: Known,
  clause: Clause,
  [event, ...others]: readonly Atom[],
  [stored, ...more]: readonly Atom[],
): boolean {
  if (event === undefined || stored === undefined) return false;
  return others.length === 0 && more.length === 0 && coming.follow(clause, event, stored);
}

/** Events whose lattice values merge where they share a timestep, as they may or may not. */
function blameMerging(
  { index }: Known,
  clause: Clause,
  events: readonly Atom[],
  blame: Blamer,
): void {
  const isShown = showsLattice(relationOf(index, clause.head));
  for (const atom of events) {
    const use = latticeReading(index, clause, atom);
    if (use === 'monotone' || use === 'revealed') blame(atom, 'aggregates-events');
    else if (isShown) blame(atom, 'aggregates-events');
  }
}

/** `p(x)@next :- p(x), notin d(x)` with an event `d`: what the user wrote is a deletion. */
function absenceReason(clause: Clause): BlameReason {
  const keeps = clause.atoms.some((atom) => !atom.negated && atom.relation === clause.head);
  return keeps && clause.rule.head.mode === 'next' ? 'deletes' : 'negates-event';
}

function blameStanding(
  known: Known,
  clause: Clause,
  standing: readonly Atom[],
  blame: Blamer,
): void {
  if (standing.length === 0) return;
  const { index, growth } = known;
  if (!moveClause(index, clause, growth.movementOf, 'value').falls) return;
  const isStandingHead =
    !growth.stored.has(clause.head) && growth.growthByRelation.get(clause.head) !== 'event';
  if (!isStandingHead) blame(null, 'samples-unfinished-set', true);
}

function showsClock(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  const { kind, builtin } = relationOf(index, atom.relation);
  if (kind === 'periodic') return looksAtTimer(index, clause, atom);
  return builtin === 'now' && !leavesAllOpen(clause, atom);
}

/** The literal whose timing decides when an update takes place. */
function updateTrigger(known: Known, clause: Clause): Atom | null {
  const isEvent = (atom: Atom): boolean =>
    known.growth.growthByRelation.get(atom.relation) === 'event';
  const positive = clause.atoms.filter((atom) => !atom.negated);
  const moving = positive.filter(
    (atom) => known.growth.growthByRelation.get(atom.relation) !== 'static',
  );
  return moving.find(isEvent) ?? moving[0] ?? null;
}
