/**
 * Which rules over cluster-wide relations draw conclusions that may turn out wrong as more arrives:
 * those that rule out, count or reveal what grows, and those that read what such rules derive. On
 * one machine the last timestep puts them right; over the cluster nothing takes back what has left
 * its node. A rule that an event triggers is none of them: it decides then and there. Nor is one that
 * waits for a barrier.
 */
import type { Growth } from '../analysis/growth.js';
import { aggregatesUpward } from '../analysis/lattice-reads.js';
import type { ProgramIndex } from '../analysis/program-index.js';
import { latticeUse } from '../semantics/lattice-uses.js';
import type { Body, Rule } from '../semantics/program.js';
import { hasBarrier } from './exchange-barriers.js';
import { readsEvent, type EventFacts } from './exchange-events.js';
import { readsSpread, type Spread } from './exchange-spread.js';
import { groupTerms, isKnown, samePlace, type Atom, type Place } from './exchange-terms.js';

export interface SoftRules {
  readonly rules: ReadonlySet<Rule>;
  /** Those that rule out, count or reveal by themselves. */
  readonly own: ReadonlySet<Rule>;
  /** What they derive. */
  readonly derived: ReadonlySet<string>;
}

export function findSoft(
  index: ProgramIndex,
  spread: Spread,
  alike: ReadonlySet<string>,
  growthOf: (relation: string) => Growth,
  { isEvent }: EventFacts,
): SoftRules {
  const { program } = index;
  const soft = new Set<Rule>();
  const derived = new Set<string>();
  const own = new Set(
    program.rules.filter((rule) => isNonMonotone(index, rule, spread, alike, growthOf)),
  );
  for (let before = -1; before !== soft.size;) {
    before = soft.size;
    for (const rule of program.rules) {
      const decides = rule.bodies.every((body) => readsEvent(body, isEvent) || hasBarrier(body));
      if (soft.has(rule) || decides || !readsSpread(rule, spread)) continue;
      if (!readsAny(rule, derived) && !own.has(rule)) continue;
      soft.add(rule);
      derived.add(rule.head.relation);
    }
  }
  return { rules: soft, own, derived };
}

function readsAny({ bodies }: Rule, relations: ReadonlySet<string>): boolean {
  return bodies.some((body) => atomsOf(body).some(({ relation }) => relations.has(relation)));
}

function atomsOf({ literals }: Body): readonly Atom[] {
  return literals.filter((literal): literal is Atom => literal.kind === 'atom');
}

function isNonMonotone(
  index: ProgramIndex,
  rule: Rule,
  spread: Spread,
  alike: ReadonlySet<string>,
  growthOf: (relation: string) => Growth,
): boolean {
  const { relations } = index.program;
  const grows = ({ relation }: Atom): boolean => growthOf(relation) !== 'static';
  const clauses = index.clausesByRule.get(rule.id) ?? [];
  const shows = rule.aggregated && !clauses.every((clause) => aggregatesUpward(index, clause));
  return rule.bodies.some((body) => {
    if (shows && !isFixedGroup(rule, body, spread, alike, grows)) return true;
    return body.literals.some(
      (literal, i) =>
        literal.kind === 'atom' &&
        grows(literal) &&
        (literal.negated || latticeUse(rule, body, i, relations) === 'revealed'),
    );
  });
}

/** Whether an aggregate ranges over statics alone that are all where its group is. */
function isFixedGroup(
  rule: Rule,
  body: Body,
  spread: Spread,
  alike: ReadonlySet<string>,
  grows: (atom: Atom) => boolean,
): boolean {
  const atoms = atomsOf(body);
  if (atoms.some(grows)) return false;
  const names = groupTerms(rule.head).flatMap((t) => (t.kind === 'variable' ? [t.name] : []));
  const group = new Set(names);
  const places = atoms.flatMap(({ relation, arguments: args }): Place[] => {
    if (alike.has(relation)) return [];
    return [spread.get(relation)?.map((i) => args[i]!) ?? null];
  });
  return places.every((place) => isKnown(place, group) && samePlace(place, places[0]!));
}
