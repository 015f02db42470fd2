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
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isAggregated } from './aggregate-groups.js';
import { Causes } from './causes.js';
import { Entailment } from './entailment.js';
import { findComponents } from './find-components.js';
import { aggregatesUpward, latticeReading, readsAntitone } from './lattice-reads.js';
import { isFrozen } from './sealed-reads.js';
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
  const statics = findStatics(index);
  const stored = findStored(index);
  const events = findEvents(index, statics, stored);
  const volatileTables = new Set(
    [...stored].filter((name) => clausesOf(index, name).some((c) => isRemoval(c))),
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

function isRemoval(clause: Clause): boolean {
  return clause.rule.head.mode === 'delete' || clause.rule.head.mode === 'upsert';
}

/** Whether an atom says nothing but that a timestep runs: `now(_)`. */
export function isAlways(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  return (
    !atom.negated &&
    relationOf(index, atom.relation).builtin === 'now' &&
    leavesAllOpen(clause, atom)
  );
}

/** Which value `choose` gives is nothing to rely on, even where it is computed the same everywhere. */
export function chooses({ rule }: Clause): boolean {
  return rule.head.arguments.some(
    (argument) => argument.kind === 'aggregate' && argument.function === 'choose',
  );
}

/** Whether no column of the atom is compared, joined or shown. */
export function leavesAllOpen(clause: Clause, atom: Atom): boolean {
  return atom.arguments.every(
    (a) => a.kind === 'wildcard' || (a.kind === 'variable' && clause.occurrences.get(a.name) === 1),
  );
}

/** Relations that hold the same tuples in every timestep: greatest fixpoint from what could be. */
function findStatics(index: ProgramIndex): ReadonlySet<string> {
  const statics = new Set(
    index.relations
      .filter((r) => index.empty.has(r.name) || couldBeStatic(index, r))
      .map((r) => r.name),
  );
  const holds = (clause: Clause): boolean =>
    !chooses(clause) &&
    clause.atoms.every((atom) => statics.has(atom.relation) || isAlways(index, clause, atom));
  shrink(index, statics, holds);
  return statics;
}

function couldBeStatic(index: ProgramIndex, relation: Relation): boolean {
  const clauses = clausesOf(index, relation.name);
  const facts = index.factCounts.get(relation.name) ?? 0;
  switch (relation.kind) {
    case 'static':
      return relation.builtin !== 'now' && relation.builtin !== 'boot';
    case 'table':
      return clauses.every((clause) => clause.rule.head.mode === 'now');
    case 'scratch':
      // Facts of a scratch hold at boot only, and so do rows from a facts file where nothing derives it.
      return (
        facts === 0 &&
        clauses.length > 0 &&
        clauses.every((clause) => clause.rule.head.mode === 'now')
      );
    case 'output':
    case 'view':
      return facts === 0 && clauses.every((clause) => clause.rule.head.mode === 'now');
    default:
      return false;
  }
}

/** Takes names out of the set until `holds` is true of all clauses of all names that stay. */
function shrink(index: ProgramIndex, names: Set<string>, holds: (clause: Clause) => boolean): void {
  const waiting = [...names];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (!names.has(name) || clausesOf(index, name).every(holds)) continue;
    names.delete(name);
    for (const use of index.usesByRelation.get(name) ?? []) waiting.push(use.clause.head);
  }
}

function findStored(index: ProgramIndex): ReadonlySet<string> {
  const stored = index.relations.filter(
    (r) =>
      // Once sealed it stays sealed.
      r.builtin === 'sealed' || r.kind === 'table' || r.kind === 'lattice' || keepsItself(index, r),
  );
  return new Set(stored.map((r) => r.name));
}

/**
 * `p(x, y)@next :- p(x, y);`: a relation that copies itself into the next timestep never shrinks. Nor
 * does one that a static filter thins out on the way, if every rule that fills it has that filter.
 */
function keepsItself(index: ProgramIndex, relation: Relation): boolean {
  const { kind, name } = relation;
  if (kind !== 'scratch' && kind !== 'output' && kind !== 'view') return false;
  return clausesOf(index, name).some((clause) => {
    const { mode, arguments: head } = clause.rule.head;
    const [literal, ...filter] = clause.body.literals;
    if (mode !== 'next' || literal?.kind !== 'atom') return false;
    if (literal.negated || literal.relation !== name) return false;
    const names = literal.arguments.map((a) => (a.kind === 'variable' ? a.name : ''));
    if (new Set(names).size < names.length || names.includes('')) return false;
    const isCopy = head.every(
      (a, i) => a.kind === 'term' && a.term.kind === 'variable' && a.term.name === names[i],
    );
    return isCopy && (filter.length === 0 || isFilteredAlike(index, relation, clause));
  });
}

/** Whether all that comes to the relation has passed the static filter with which it is kept. */
function isFilteredAlike(index: ProgramIndex, { name }: Relation, keeping: Clause): boolean {
  if (index.factCounts.has(name)) return false;
  const [kept, ...filter] = keeping.atoms;
  if (kept === undefined || !filter.every((atom) => isGiven(index, atom.relation))) return false;
  const causes = new Causes(index);
  const entailment = new Entailment(index, causes, () => false);
  const passing = { ...keeping, atoms: filter };
  return clausesOf(index, name).every((clause) => {
    if (clause === keeping) return true;
    const symbols = causes.symbolsOf(clause);
    const at = causes.momentOf(clause, symbols);
    const head = clause.rule.head.arguments.map((argument) =>
      argument.kind === 'term' ? causes.symbolOf(argument.term, symbols) : causes.fresh(),
    );
    return entailment.fires(causes.bodyOf(clause, symbols, at), passing, head, at);
  });
}

function isGiven(index: ProgramIndex, name: string): boolean {
  const { kind, builtin } = relationOf(index, name);
  return kind === 'static' && builtin === null;
}

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
