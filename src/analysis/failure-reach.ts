/**
 * What a timestep that fails may take along, and what it leaves alone.
 *
 * A timestep that fails runs again batch by batch, and only what fails alone is left out. So a race that
 * may fail a timestep costs those batches that bring it about, if a batch without anything of the kind
 * cannot fail: then whatever comes of other events comes in every run. A batch brings about what its own
 * events lead to in the timestep that takes it. That holds
 *
 * - of a rule that fires only with an event of a batch, and
 * - of one over what stands, if what feeds it changes only while rules run: then the state that a
 *   commit leaves fails no more than the timestep did that left it. An `@next`, a deletion or an update
 *   on the way would let a later timestep fail, whatever it takes; so would the absence of an event, a
 *   clock, and what holds at boot alone.
 *
 * An input is a batch by itself. What a timestep sends to one receiver is one batch: a race in what one
 * channel brings may cost what all others bring.
 */
import { isAggregated } from './aggregate-groups.js';
import type { GrowthFacts } from './growth.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isAlways } from './standing-relations.js';

/** What the passes before have found out. */
interface Facts {
  readonly index: ProgramIndex;
  readonly growth: GrowthFacts;
}

/**
 * Relations of which tuples may be lost with a batch that makes one of the clauses fail, whatever is
 * derived from them not counted; null if that may be anything. `isReplaced`: what the clauses derive may
 * be stored otherwise, so that what stands is at odds with it from then on.
 */
export function lostWith(
  facts: Facts,
  clauses: readonly Clause[],
  isReplaced: boolean,
): ReadonlySet<string> | null {
  const sources = new Set<string>();
  for (const clause of clauses) {
    if (clause.rule.head.mode === 'async') sources.add(clause.head);
    if (addFiringSources(facts, clause, sources)) continue;
    if (isReplaced || !addStandingSources(facts, clause, sources, new Set())) return null;
  }
  return withWholeBatches(facts.index, sources);
}

/** The batches with which alone the clause fires; false if it may fire without any. */
function addFiringSources(facts: Facts, clause: Clause, sources: Set<string>): boolean {
  const { index } = facts;
  for (const atom of clause.atoms) {
    if (atom.negated || !isEvent(facts, atom) || isAlways(index, clause, atom)) continue;
    const own = new Set<string>();
    if (addEventSources(facts, atom.relation, own, new Set())) {
      for (const source of own) sources.add(source);
      return true;
    }
  }
  return false;
}

/** The batches from which an event may come; false if it may also come otherwise. */
function addEventSources(
  facts: Facts,
  name: string,
  sources: Set<string>,
  seen: Set<string>,
): boolean {
  const { index } = facts;
  if (seen.has(name)) return true;
  seen.add(name);
  if (isTakenIn(index, name)) return sources.add(name).has(name);
  const clauses = clausesOf(index, name);
  if (clauses.length === 0 || index.factCounts.has(name)) return false;
  return clauses.every(
    ({ rule, atoms }) =>
      rule.head.mode === 'now' &&
      atoms.some(
        (atom) =>
          !atom.negated &&
          isEvent(facts, atom) &&
          addEventSources(facts, atom.relation, sources, seen),
      ),
  );
}

/** The batches that may change what a clause over standing relations reads; false if something else may. */
function addStandingSources(
  facts: Facts,
  clause: Clause,
  sources: Set<string>,
  seen: Set<string>,
): boolean {
  const { index } = facts;
  return clause.atoms.every((atom) => {
    const { relation } = atom;
    if (facts.growth.growthByRelation.get(relation) === 'static') return true;
    if (isAlways(index, clause, atom)) return true;
    if (isEvent(facts, atom) && (atom.negated || isAggregated(index, clause, atom))) return false;
    if (seen.has(relation)) return true;
    seen.add(relation);
    const isSource = isTakenIn(index, relation);
    if (isSource) sources.add(relation);
    if (relationOf(index, relation).builtin !== null && !isSource) return false;
    if (isBriefAtBoot(index, relation)) return false;
    const fed = clausesOf(index, relation).filter(({ rule }) => rule.head.mode !== 'async');
    return fed.every(
      (each) => each.rule.head.mode === 'now' && addStandingSources(facts, each, sources, seen),
    );
  });
}

function isEvent({ growth }: Facts, { relation }: Atom): boolean {
  return growth.growthByRelation.get(relation) === 'event';
}

/** Whether batches bring tuples of the relation. */
function isTakenIn(index: ProgramIndex, name: string): boolean {
  const { kind, builtin } = relationOf(index, name);
  if (builtin === 'now' || builtin === 'boot' || builtin === 'sealed') return false;
  if (index.sent.has(name)) return true;
  if (kind === 'channel' || kind === 'loopback' || kind === 'periodic') return true;
  return kind === 'input' && clausesOf(index, name).length === 0;
}

/** Whether facts hold in the first timestep and are gone then. */
function isBriefAtBoot(index: ProgramIndex, name: string): boolean {
  const { kind } = relationOf(index, name);
  return index.factCounts.has(name) && kind !== 'table' && kind !== 'static';
}

/** With all that may come in a batch with one of them; where that is all, one set for all who ask. */
function withWholeBatches(index: ProgramIndex, sources: ReadonlySet<string>): ReadonlySet<string> {
  const messages = messagesOf(index);
  const others = [...sources].filter((name) => !messages.has(name));
  if (others.length === sources.size) return sources;
  return others.length === 0 ? messages : new Set([...others, ...messages]);
}

const messagesByIndex = new WeakMap<ProgramIndex, ReadonlySet<string>>();

function messagesOf(index: ProgramIndex): ReadonlySet<string> {
  const known = messagesByIndex.get(index);
  if (known !== undefined) return known;
  const sent = index.relations.filter(
    ({ name, kind }) => index.sent.has(name) || kind === 'channel' || kind === 'loopback',
  );
  const messages = new Set(sent.map(({ name }) => name));
  messagesByIndex.set(index, messages);
  return messages;
}
