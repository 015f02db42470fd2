/**
 * The determinism class of every relation.
 *
 * Start from the optimistic assumption and let every defect make its relation D3, and everything
 * that reads a D3 relation with it, over `@next` and `@async` edges too; a least fixpoint, so that
 * gossip through a cycle stays D1 if all cones on the cycle are. What is left is D0 if static, D2
 * if it stands in every timestep and may fall, D1 otherwise. Sequenced relations (sequencing.ts)
 * are functions of the node's own steps and never worse than D1.
 *
 * A failed timestep is an outcome like any other: it takes all its events with it, whatever else
 * they would have led to. So one timestep that may fail or not, as the schedule will have it, makes
 * every relation D3 that depends on events which may be among them (failure-reach.ts); a node that
 * stops at a moment that the schedule decides makes all of them D3. Failures that one input brings
 * about alone (own-failures.ts) leave the same out in every schedule and are no races. What
 * outgrows a limit counts among the bounds of a run and stands outside the verdict: an overflow,
 * and even a `sum` over numbers of both signs that leaves the range of ints on its way to a total
 * within it.
 */
import type { BlameReason, Determinism } from './confluence-report.js';
import { findEpochs } from './epochs.js';
import { findEndless } from './endless.js';
import { lostWith } from './failure-reach.js';
import { findClauseDefects } from './find-defects.js';
import type { Defect, Known } from './find-defects.js';
import { mayConflict } from './functional-keys.js';
import { showsLattice } from './lattice-reads.js';
import { comesOfOneInput } from './own-failures.js';
import { mayFail } from './partial-rules.js';
import { append, clausesOf, isRemoval, relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';
import { asksForNode } from './replication.js';
import { isSequencedClause } from './sequencing.js';
import { findEntryFed } from './unlike-nodes.js';
import { findUnprovedSeals } from './unproved-seals.js';

export interface DeterminismFacts {
  readonly determinismByRelation: ReadonlyMap<string, Determinism>;
  /** Defects by the relation that they spoil. */
  readonly defectsByRelation: ReadonlyMap<string, readonly Defect[]>;
  /** The same by the clause that has them; those of declarations are left out. */
  readonly defectsByClause: ReadonlyMap<Clause, readonly Defect[]>;
  /** Relations that are D3 by a defect upstream; the others that are D3 are so by `failures`. */
  readonly spoiled: ReadonlySet<string>;
  /** Races that may fail a timestep or stop a node, and with it everything that depends on events. */
  readonly failures: readonly Defect[];
  /** Relations of which tuples may be lost with each of these; null where that may be anything. */
  readonly lostByFailure: ReadonlyMap<Defect, ReadonlySet<string> | null>;
}

/** Classifies every relation. */
export function classifyDeterminism(known: Known): DeterminismFacts {
  const { index, growth, sequenced } = known;
  const races = findKeyRaces(known);
  const defectsByRelation = new Map<string, Defect[]>();
  const defectsByClause = new Map<Clause, Defect[]>();
  const note = (defect: Defect): void => {
    append(defectsByRelation, defect.relation, defect);
    if (defect.clause !== null) append(defectsByClause, defect.clause, defect);
  };
  index.clauses.flatMap((clause) => findClauseDefects(known, clause)).forEach(note);
  races.unsequenced.forEach(note);
  if (!known.epochsGiven) findEpochs(index).forEach(note);
  let spoiled = spread(known, defectsByRelation);
  // What a seal spoils may be the condition of another.
  for (let count = -1; count !== spoiled.size;) {
    count = spoiled.size;
    for (const defect of findUnprovedSeals(known, spoiled))
      if (defectsByClause.get(defect.clause!)?.some(({ atom }) => atom === defect.atom) !== true)
        note(defect);
    spoiled = spread(known, defectsByRelation);
  }
  const halts = findHalts(known);
  const hazards = known.ordered.size === 0 ? [] : findLogHazards(known);
  const droppers = findDroppers(known, races.unsequenced);
  const delayed = droppers.length === 0 ? new Set<string>() : findDelayed(known);
  const partial = findPartialRaces(known, spoiled, defectsByClause);
  const failures = [
    ...hazards,
    ...races.unsequenced,
    ...races.failing,
    ...partial,
    ...halts,
    ...([...delayed].some((name) => sequenced.has(name)) ? droppers : []),
  ];
  const narrow = new Set([...races.unsequenced, ...partial]);
  const lostByFailure = new Map(
    failures.map(
      (failure) => [failure, narrow.has(failure) ? lostBy(known, failure) : null] as const,
    ),
  );
  const losing = new Set(lostByFailure.values());
  const lost = fedBy(
    index,
    [...losing].flatMap((names) => [...(names ?? [])]),
  );
  const replaces = new Set([...known.registers.values()].map(({ table }) => table));
  const classify = (name: string): Determinism => {
    if (growth.growthByRelation.get(name) === 'static') return 'D0';
    if (halts.some((halt) => stopsBefore(halt, name, sequenced))) return 'D3';
    if (sequenced.has(name)) return hazards.length > 0 || delayed.has(name) ? 'D3' : 'D1';
    if (spoiled.has(name) || losing.has(null) || lost.has(name)) return 'D3';
    const stands = growth.growthByRelation.get(name) !== 'event' && !growth.stored.has(name);
    if (showsLattice(relationOf(index, name)) || replaces.has(name)) return 'D2';
    return stands && growth.movementOf(name, 'value').falls ? 'D2' : 'D1';
  };
  const determinismByRelation = new Map(index.relations.map(({ name }) => [name, classify(name)]));
  return {
    determinismByRelation,
    defectsByRelation,
    defectsByClause,
    spoiled,
    failures,
    lostByFailure,
  };
}

/** What may be lost with a timestep that fails by a key or an expression. */
function lostBy(known: Known, { relation, clause, reason }: Defect): ReadonlySet<string> | null {
  if (reason !== 'key-race') return clause === null ? null : lostWith(known, [clause], false);
  const all = clausesOf(known.index, relation);
  return lostWith(
    known,
    all.filter(({ rule }) => rule.head.mode !== 'delete'),
    all.some(isRemoval),
  );
}

/** The relations and everything that is derived from them, anywhere and at any time. */
function fedBy(index: ProgramIndex, names: readonly string[]): ReadonlySet<string> {
  const fed = new Set(names);
  for (const name of fed)
    for (const { clause } of index.usesByRelation.get(name) ?? []) fed.add(clause.head);
  return fed;
}

/**
 * Everything that reads something spoiled, unless it is sequenced. What only forgets tuples that
 * have arrived everywhere (redundant-sends.ts) is not spoiled for those that read it as if it did
 * not.
 */
function spread(
  known: Known,
  defectsByRelation: ReadonlyMap<string, readonly Defect[]>,
): ReadonlySet<string> {
  const { shielded, deletes } = known.reclaimed;
  const spoiled = new Set<string>();
  const forgetful = new Set<string>();
  const waiting: string[] = [];
  const spoil = (name: string): void => {
    if (spoiled.has(name) || known.sequenced.has(name) || known.given.has(name)) return;
    spoiled.add(name);
    forgetful.delete(name);
    waiting.push(name);
  };
  const drain = (): void => {
    while (waiting.length > 0) {
      const name = waiting.pop()!;
      for (const { clause, atom } of known.index.usesByRelation.get(name) ?? [])
        if (!(forgetful.has(name) && shielded.has(atom)) && !known.registers.has(clause.id))
          spoil(clause.head);
    }
  };
  // A register depends on what its event brings, not on what shares a timestep with it.
  const spoilRegisters = (): void => {
    for (const { table, source } of known.registers.values()) if (spoiled.has(source)) spoil(table);
    drain();
  };
  const onlyForgets = (defects: readonly Defect[]): boolean =>
    defects.every(({ clause }) => clause !== null && deletes.has(clause.id));
  for (const [name, defects] of defectsByRelation) if (!onlyForgets(defects)) spoil(name);
  drain();
  for (const [name, defects] of defectsByRelation) {
    if (spoiled.has(name) || !onlyForgets(defects)) continue;
    spoil(name);
    forgetful.add(name);
  }
  drain();
  for (let size = -1; size !== spoiled.size;) {
    size = spoiled.size;
    spoilRegisters();
  }
  return spoiled;
}

/** Relations with a key that cannot be proved free of conflicts. */
function findKeyRaces(known: Known): {
  readonly unsequenced: readonly Defect[];
  readonly failing: readonly Defect[];
} {
  const unsequenced: Defect[] = [];
  const failing: Defect[] = [];
  for (const relation of known.index.relations) {
    if (known.ordered.has(relation.name) || !mayConflict(known.index, relation)) continue;
    const clauses = clausesOf(known.index, relation.name).filter(
      (clause) => clause.rule.head.mode !== 'delete',
    );
    const atom =
      clauses[0]?.atoms.find((a) => known.growth.growthByRelation.get(a.relation) !== 'static') ??
      null;
    const race: Defect = {
      relation: relation.name,
      clause: clauses[0] ?? null,
      atom,
      reason: 'key-race',
      latched: false,
    };
    if (!known.sequenced.has(relation.name)) unsequenced.push(race);
    // Given the log, an entry that fails is skipped alike at all members; a conflict that the node
    // runs into afterwards would take other events with it. Without a log it comes in every run.
    else if (
      known.ordered.size > 0 &&
      !clauses.every((clause) => fallsIntoEntry(known, clause, maxDepth))
    )
      failing.push(race);
  }
  return { unsequenced, failing };
}

const maxDepth = 4;

/** Whether a clause fires only in the timestep that applies an entry of the log. */
function fallsIntoEntry(known: Known, clause: Clause, depth: number): boolean {
  return clause.atoms.some((atom) => {
    if (atom.negated) return false;
    if (known.ordered.has(atom.relation)) return true;
    const clauses = clausesOf(known.index, atom.relation);
    if (depth === 0 || clauses.length === 0 || known.growth.stored.has(atom.relation)) return false;
    return clauses.every((c) => c.rule.head.mode === 'now' && fallsIntoEntry(known, c, depth - 1));
  });
}

/** Whether a halt may come before something of the relation or after it: a fact stops the node at its start. */
function stopsBefore(halt: Defect, relation: string, sequenced: ReadonlySet<string>): boolean {
  return halt.clause === null ? halt.relation !== relation : !sequenced.has(halt.relation);
}

/** Rules and facts that stop the node. */
function findHalts(known: Known): readonly Defect[] {
  const halts = known.index.relations.filter((relation) => relation.builtin === 'halt');
  return halts.flatMap(({ name }) => [
    ...(known.index.factCounts.has(name)
      ? [{ relation: name, clause: null, atom: null, reason: 'halts', latched: false } as const]
      : []),
    ...clausesOf(known.index, name).map((clause) => {
      const atom =
        clause.atoms.find((a) => known.growth.growthByRelation.get(a.relation) !== 'static') ??
        null;
      return { relation: name, clause, atom, reason: 'halts', latched: false } as const;
    }),
  ]);
}

/** Rules whose expressions may fail or not, as the schedule will have it. */
function findPartialRaces(
  known: Known,
  spoiled: ReadonlySet<string>,
  defectsByClause: ReadonlyMap<Clause, readonly Defect[]>,
): readonly Defect[] {
  const races: Defect[] = [];
  for (const clause of known.index.clauses) {
    if (
      !mayFail(known.index, clause) ||
      isSequencedClause(known.index, known.growth, known.sequenced, clause)
    )
      continue;
    const own = defectsByClause.get(clause)?.find(({ relation }) => relation === clause.head);
    const wavers = own !== undefined || clause.atoms.some((a) => spoiled.has(a.relation));
    if (!wavers && comesOfOneInput(known, clause)) continue;
    const moving = clause.atoms.filter(
      (a) => known.growth.growthByRelation.get(a.relation) !== 'static',
    );
    const atom =
      moving.find((a) => spoiled.has(a.relation)) ??
      moving.find((a) => known.growth.movementOf(a.relation, 'value').falls) ??
      moving[0] ??
      null;
    races.push({
      relation: clause.head,
      clause,
      atom: own?.atom ?? atom,
      reason: 'failing-timestep',
      latched: false,
    });
  }
  return races;
}

/** What keeps an ordered log from making replicas agree: see endless.ts and unlike-nodes.ts. */
function findLogHazards(known: Known): readonly Defect[] {
  const { index, growth, sequenced, ordered, unlike } = known;
  const defect = (clause: Clause, reason: BlameReason): Defect => {
    const atom = clause.atoms.find((a) => growth.growthByRelation.get(a.relation) !== 'static');
    return { relation: clause.head, clause, atom: atom ?? null, reason, latched: false };
  };
  const fed = findEntryFed(index, ordered);
  const isFed = (clause: Clause): boolean => clause.atoms.some((atom) => fed.has(atom.relation));
  const differs = (clause: Clause): boolean =>
    asksForNode(index, clause) ||
    clause.atoms.some((atom) => unlike.has(atom.relation)) ||
    !isSequencedClause(index, growth, sequenced, clause);
  const local = index.clauses.filter((clause) => !ordered.has(clause.head) && isFed(clause));
  const partial = local.filter((clause) => mayFail(index, clause) && differs(clause));
  const keyed = index.relations.flatMap((relation) => {
    const { name, kind } = relation;
    if (kind === 'channel' || !mayConflict(index, relation)) return [];
    if (sequenced.has(name) && !unlike.has(name)) return [];
    return clausesOf(index, name).filter(isFed).slice(0, 1);
  });
  return [
    ...findEndless(index, growth).map((clause) => defect(clause, 'never-rests')),
    ...partial.map((clause) => defect(clause, 'fails-by-node')),
    ...keyed.map((clause) => defect(clause, 'fails-by-node')),
  ];
}

/**
 * Rules outside the sequence that may fail a timestep to which `@next` brought them tuples: it may
 * bring tuples of the sequence to the same timestep, and these are then lost.
 */
function findDroppers(known: Known, races: readonly Defect[]): readonly Defect[] {
  const { index, growth, sequenced } = known;
  const delayed = findDelayed(known);
  const partial = index.clauses.filter(
    (clause) =>
      mayFail(index, clause) &&
      clause.atoms.some((atom) => delayed.has(atom.relation)) &&
      !isSequencedClause(index, growth, sequenced, clause),
  );
  return [
    ...races.filter((race) => delayed.has(race.relation)),
    ...partial.map((clause): Defect => {
      const atom = clause.atoms.find((a) => delayed.has(a.relation)) ?? null;
      return { relation: clause.head, clause, atom, reason: 'failing-timestep', latched: false };
    }),
  ];
}

/** Relations to which tuples come by way of `@next`, a deletion or an update. */
function findDelayed({ index }: Known): ReadonlySet<string> {
  const delayed = new Set<string>();
  const late = index.clauses.filter(({ rule }) => !['now', 'async'].includes(rule.head.mode));
  const waiting = late.map((clause) => clause.head);
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (delayed.has(name)) continue;
    delayed.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? [])
      if (clause.rule.head.mode !== 'async') waiting.push(clause.head);
  }
  return delayed;
}

/** Whether a clause may fail its timestep, by an expression or by a key that its head shares. */
export function mayFailAt({ index }: Known, clause: Clause): boolean {
  return mayFail(index, clause) || mayConflict(index, relationOf(index, clause.head));
}
