/**
 * How the content of each relation moves over a node's timesteps: static (known from boot),
 * inflationary (stored and never shrinks, or derived from such without an odd negation), event
 * (holds in the timesteps of some event), volatile (can shrink).
 *
 * Polarity is decided over the whole stateless cone of a relation, not rule by rule: along a path
 * signs multiply, so an even number of negations is monotone ("every member of a fixed roster has
 * voted"). The walk stops at latches, that is at what is stored or arrives as an event, because a
 * latched wrong fact does not go away when its reason does. A relation `rises` if some growing
 * base reaches it with sign plus, and `falls` if one does with sign minus: an inflationary cone
 * rises only (Marczak et al., "Confluence analysis for distributed programs", 2012; Ameloot et
 * al., "Relational transducers for declarative networking", 2013).
 */
import type { Relation } from '../semantics/program.js';
import { clausesOf, isRemoval } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isAggregated } from './aggregate-groups.js';
import { findComponents } from './find-components.js';
import { aggregatesUpward, latticeReading, readsAntitone } from './lattice-reads.js';
import { isFrozen } from './sealed-reads.js';
import { isAlways, staticsOf, storedOf } from './standing-relations.js';
import { readsThreshold } from './thresholds.js';

export type Growth = 'static' | 'inflationary' | 'event' | 'volatile';

/** Whether growing bases reach a relation with sign plus and with sign minus. */
export interface Movement {
  readonly rises: boolean;
  readonly falls: boolean;
}
export interface GrowthFacts {
  readonly growthByRelation: ReadonlyMap<string, Growth>;
  /** Latches: relations whose tuples stay until they are deleted. */
  readonly stored: ReadonlySet<string>;
  /** Of relations derived afresh in each timestep from what stands there; `value` where an aggregate is shown. */
  readonly movementOf: (relation: string, reading: 'threshold' | 'value') => Movement;
}

/** The growth class of every relation. */
export function classifyGrowth(index: ProgramIndex): GrowthFacts {
  const statics = staticsOf(index);
  const stored = storedOf(index);
  const events = findEvents(index, statics, stored);
  const volatileTables = new Set(
    [...stored].filter((name) => clausesOf(index, name).some(isRemoval)),
  );
  const base = (name: string): Movement | null => {
    if (statics.has(name)) return still;
    if (events.has(name)) return { rises: true, falls: true };
    if (stored.has(name)) return { rises: true, falls: volatileTables.has(name) };
    return null;
  };
  const movementOf = moveCones(index, base);
  const growthByRelation = new Map<string, Growth>();
  for (const { name } of index.relations) {
    const growth = (): Growth => {
      if (statics.has(name)) return 'static';
      if (events.has(name)) return 'event';
      return movementOf(name, 'value').falls ? 'volatile' : 'inflationary';
    };
    growthByRelation.set(name, growth());
  }
  return { growthByRelation, stored, movementOf };
}

const still: Movement = { rises: false, falls: false };

/** Relations that hold in the timesteps of some event: least fixpoint. */
function findEvents(
  index: ProgramIndex,
  statics: ReadonlySet<string>,
  stored: ReadonlySet<string>,
): ReadonlySet<string> {
  const events = new Set<string>();
  const waiting: string[] = [];
  const add = (name: string): void => {
    if (events.has(name) || statics.has(name) || stored.has(name)) return;
    events.add(name);
    waiting.push(name);
  };
  for (const relation of index.relations) if (startsEvent(index, relation)) add(relation.name);
  while (waiting.length > 0) {
    for (const { clause, atom } of index.usesByRelation.get(waiting.pop()!) ?? []) {
      if (!isAlways(index, clause, atom)) add(clause.head);
    }
  }
  return events;
}

function startsEvent(index: ProgramIndex, relation: Relation): boolean {
  if (relation.builtin === 'now' || relation.builtin === 'boot') return true;
  if (relation.builtin === 'sealed') return false;
  const clauses = clausesOf(index, relation.name);
  switch (relation.kind) {
    case 'input':
    case 'channel':
    case 'loopback':
    case 'periodic':
      return true;
    case 'scratch':
    case 'output':
    case 'view': {
      const boot =
        index.factCounts.has(relation.name) ||
        (relation.kind === 'scratch' && clauses.length === 0);
      return boot || clauses.some((clause) => clause.rule.head.mode === 'next');
    }
    default:
      return false;
  }
}

/**
 * Movement of every stateless relation, component by component from the bases up; within a
 * component to a fixpoint. Two readings of an aggregated relation are two vertices.
 */
function moveCones(
  index: ProgramIndex,
  base: (relation: string) => Movement | null,
): (relation: string, reading: 'threshold' | 'value') => Movement {
  const names = index.relations.map((r) => r.name).filter((name) => base(name) === null);
  const position = new Map(names.map((name, i) => [name, i]));
  const known: Movement[] = Array.from({ length: names.length * 2 }, () => still);
  const vertexOf = (relation: string, reading: 'threshold' | 'value'): number | null => {
    const i = position.get(relation);
    return i === undefined ? null : i * 2 + (reading === 'value' ? 1 : 0);
  };
  const movementOf = (relation: string, reading: 'threshold' | 'value'): Movement => {
    const vertex = vertexOf(relation, reading);
    return vertex === null ? (base(relation) ?? still) : known[vertex]!;
  };
  const successors = known.map((_, vertex) => {
    const reads = clausesOf(index, names[vertex >> 1]!).flatMap((clause) =>
      clause.atoms.map((atom) => vertexOf(atom.relation, readingOf(index, clause, atom))),
    );
    return reads.filter((read): read is number => read !== null);
  });
  for (const component of findComponents(successors)) {
    for (let changed = true; changed;) {
      changed = false;
      for (const vertex of component) {
        const reading = vertex % 2 === 1 ? 'value' : 'threshold';
        const moved = moveRelation(index, names[vertex >> 1]!, reading, movementOf);
        if (moved.rises === known[vertex]!.rises && moved.falls === known[vertex]!.falls) continue;
        known[vertex] = moved;
        changed = true;
      }
    }
  }
  return movementOf;
}

function moveRelation(
  index: ProgramIndex,
  relation: string,
  reading: 'threshold' | 'value',
  movementOf: GrowthFacts['movementOf'],
): Movement {
  let rises = false;
  let falls = false;
  for (const clause of clausesOf(index, relation)) {
    const moved = moveClause(index, clause, movementOf, reading);
    rises ||= moved.rises;
    falls ||= moved.falls;
  }
  return { rises, falls };
}

/** The movement that a clause hands on to its head; `value`: including the values of its aggregates. */
export function moveClause(
  index: ProgramIndex,
  clause: Clause,
  movementOf: GrowthFacts['movementOf'],
  reading: 'threshold' | 'value',
): Movement {
  const ranged = { rises: false, falls: false };
  const opening = { rises: false, falls: false };
  for (const atom of clause.atoms) {
    const moved = atomMovement(index, clause, atom, movementOf);
    const part = isAggregated(index, clause, atom) ? ranged : opening;
    part.rises ||= atom.negated ? moved.falls : moved.rises;
    part.falls ||= atom.negated ? moved.rises : moved.falls;
  }
  const { rises, falls } = ranged;
  const shown = clause.rule.aggregated && !(aggregatesUpward(index, clause) && !falls);
  if (shown && reading === 'value' && (rises || falls)) return { rises: true, falls: true };
  return { rises: rises || opening.rises, falls: falls || opening.falls };
}

/** How an atom moves as its clause reads it: a lattice value that is revealed comes and goes. */
export function atomMovement(
  index: ProgramIndex,
  clause: Clause,
  atom: Atom,
  movementOf: GrowthFacts['movementOf'],
): Movement {
  const moved = movementOf(atom.relation, readingOf(index, clause, atom));
  if (index.shielded.has(atom)) return { rises: moved.rises, falls: false };
  if (isFrozen(index, clause, atom)) return still;
  if (readsAntitone(index, clause, atom)) return { rises: moved.falls, falls: moved.rises };
  const revealed = latticeReading(index, clause, atom) === 'revealed';
  return revealed && (moved.rises || moved.falls) ? { rises: true, falls: true } : moved;
}

/** Whether an atom shows the value of an aggregate or only passes a threshold of it. */
export function readingOf(index: ProgramIndex, clause: Clause, atom: Atom): 'threshold' | 'value' {
  return readsThreshold(index, clause, atom) === 'threshold' ? 'threshold' : 'value';
}
