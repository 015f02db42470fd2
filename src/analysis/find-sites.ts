/**
 * The literals that are to blame for a defect. Where a rule latches or shows what may be taken
 * back, that is not the rule's own doing: the sign turned somewhere in its stateless cone. The walk
 * goes from the rule towards the bases along what falls, and stops where a literal turns the sign:
 * at a negation of what rises, at an aggregate whose value is shown, at a base that is updated. A
 * negation of what only falls is left alone, because two negations cancel.
 */
import type { BlameReason } from './confluence-report.js';
import type { Defect, Known } from './find-defects.js';
import { moveClause, readingOf } from './growth.js';
import { latticeReading, showsLattice } from './lattice-reads.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';

export interface Site {
  readonly clause: Clause;
  /** Null where the head is to blame. */
  readonly atom: Atom | null;
  readonly reason: BlameReason;
  /** Relations from the clause's head to where the walk began. */
  readonly chain: readonly string[];
}

/** Sites listed for one defect: a report names the first ones, the rest look alike. */
const mostSites = 8;

/** The places to blame for a defect; none where a declaration is to blame. */
export function sitesOfDefect(known: Known, defect: Defect): readonly Site[] {
  const { clause, atom, reason } = defect;
  if (clause === null) return [];
  if (!defect.latched) return [{ clause, atom, reason, chain: [clause.head] }];
  const sites = walk(known, [{ clause, reading: 'value', chain: link(clause.head) }]);
  return sites.map((site) => ({ ...site, reason: 'samples-unfinished-set' }));
}

/** The places for which a relation that stands in every timestep may fall. */
export function sitesOfRelation(known: Known, relation: string): readonly Site[] {
  const clauses = clausesOf(known.index, relation);
  const sites = walk(
    known,
    clauses.map((clause) => ({ clause, reading: 'value', chain: link(relation) })),
  );
  if (sites.length > 0 || !showsLattice(relationOf(known.index, relation))) return sites;
  return clauses.slice(0, mostSites).map((clause) => ({
    clause,
    atom: null,
    reason: 'reveals-growing-lattice',
    chain: [relation],
  }));
}

/** The literals at which this clause itself turns the sign. */
export function sitesOfClause(known: Known, clause: Clause): readonly Site[] {
  const sites = walk(known, [{ clause, reading: 'value', chain: link(clause.head) }]);
  return sites.filter((site) => site.clause === clause);
}

interface Visit {
  readonly clause: Clause;
  readonly reading: 'threshold' | 'value';
  readonly chain: Chain;
}

/** A chain of relations under construction: its first one, and the rest. */
interface Chain {
  readonly first: string;
  readonly rest: Chain | null;
}

function link(first: string, rest: Chain | null = null): Chain {
  return { first, rest };
}

function namesOf(chain: Chain): readonly string[] {
  const names: string[] = [];
  for (let at: Chain | null = chain; at !== null; at = at.rest) names.push(at.first);
  return names;
}

function walk(known: Known, start: readonly Visit[]): readonly Site[] {
  const { index, growth } = known;
  const sites: Site[] = [];
  const queue = [...start];
  const seen = new Set<string>();
  for (const visit of queue) {
    if (sites.length >= mostSites) break;
    const { clause, reading, chain } = visit;
    if (!moveClause(index, clause, growth.movementOf, reading).falls) continue;
    for (const atom of clause.atoms) {
      const read = readingOf(index, clause, atom);
      const moved = growth.movementOf(atom.relation, read);
      const moves = moved.rises || moved.falls;
      if (latticeReading(index, clause, atom) === 'revealed' && moves) {
        sites.push({ clause, atom, reason: 'reveals-growing-lattice', chain: namesOf(chain) });
        continue;
      }
      const shown = clause.rule.aggregated && reading === 'value' && (moved.rises || moved.falls);
      if (shown)
        sites.push({ clause, atom, reason: 'aggregates-growing-set', chain: namesOf(chain) });
      else if (atom.negated && moved.rises)
        sites.push({ clause, atom, reason: 'negates-growing-set', chain: namesOf(chain) });
      if (shown || atom.negated || !moved.falls) continue;
      const inner = isBase(known, atom.relation) ? [] : clausesOf(index, atom.relation);
      if (inner.length === 0)
        sites.push({ clause, atom, reason: 'reads-changing-state', chain: namesOf(chain) });
      if (seen.has(`${read} ${atom.relation}`)) continue;
      seen.add(`${read} ${atom.relation}`);
      for (const next of inner)
        queue.push({ clause: next, reading: read, chain: link(atom.relation, chain) });
    }
  }
  return sites;
}

function isBase({ growth }: Known, relation: string): boolean {
  return growth.stored.has(relation) || growth.growthByRelation.get(relation) === 'event';
}
