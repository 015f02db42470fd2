/**
 * The literals that are to blame for a defect. Where a rule latches or shows what may be taken
 * back, that is not the rule's own doing: the sign turned somewhere in its stateless cone. From the
 * rule one goes towards the bases along what falls, and stops where a literal turns the sign: at a
 * negation of what rises, at an aggregate whose value is shown, at a base that is updated. A negation
 * of what only falls is left alone, because two negations cancel.
 *
 * All questions are answered by one breadth-first sweep the other way, from every such literal up its
 * cones, in which each relation keeps the nearest few; a chain is read off step by step.
 */
import { isAggregated } from './aggregate-groups.js';
import type { BlameReason } from './confluence-report.js';
import type { Defect, Known } from './find-defects.js';
import { atomMovement, moveClause, readingOf } from './growth.js';
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
/** A literal that turns the sign. */
interface Turn {
  readonly clause: Clause;
  readonly atom: Atom;
  readonly reason: BlameReason;
}
type Reading = 'threshold' | 'value';
interface Look {
  readonly turns: readonly Turn[];
  readonly reads: readonly NonNullable<Hop['below']>[];
}
/** How a relation comes to fall by a turn: there, or by what it reads. */
interface Hop {
  readonly turn: Turn;
  readonly distance: number;
  readonly below: { readonly vertex: string; readonly relation: string } | null;
}

/** Sites listed for one defect: a report names the first ones, the rest look alike. */
const mostSites = 8;

export class FallingCones {
  readonly #known: Known;
  readonly #hopsByVertex = new Map<string, Map<Turn, Hop>>();
  readonly #looked = new Map<string, Look>();

  constructor(known: Known) {
    this.#known = known;
    this.#sweep();
  }

  /** The places to blame for a defect; none where a declaration is to blame. */
  ofDefect({ clause, atom, reason, latched }: Defect): readonly Site[] {
    if (clause === null) return [];
    if (!latched) return [{ clause, atom, reason, chain: [clause.head] }];
    const found = this.#ofClauses([clause]);
    return found.map((site) => ({ ...site, reason: 'samples-unfinished-set' }));
  }

  /** The places for which a relation that stands in every timestep may fall. */
  ofRelation(relation: string): readonly Site[] {
    const clauses = clausesOf(this.#known.index, relation);
    const sites = this.#ofClauses(clauses);
    if (sites.length > 0 || !showsLattice(relationOf(this.#known.index, relation))) return sites;
    return clauses.slice(0, mostSites).map((clause) => ({
      clause,
      atom: null,
      reason: 'reveals-growing-lattice',
      chain: [relation],
    }));
  }

  #ofClauses(clauses: readonly Clause[]): readonly Site[] {
    const found = new Map<Turn, { distance: number; chain: () => readonly string[] }>();
    for (const clause of clauses) {
      const { turns, reads } = this.#look(clause, 'value');
      for (const turn of turns) found.set(turn, { distance: 0, chain: () => [clause.head] });
      for (const read of reads)
        for (const [turn, { distance }] of this.#hopsByVertex.get(read.vertex) ?? []) {
          if ((found.get(turn)?.distance ?? Infinity) <= distance + 1) continue;
          const chain = (): readonly string[] => [...this.#chain(read, turn), clause.head];
          found.set(turn, { distance: distance + 1, chain });
        }
    }
    return [...found]
      .sort((a, b) => a[1].distance - b[1].distance)
      .slice(0, mostSites)
      .map(([turn, { chain }]) => ({ ...turn, chain: chain() }));
  }

  /** Relations from the turn up to the given one, both included. */
  #chain(from: { vertex: string; relation: string }, turn: Turn): readonly string[] {
    const chain: string[] = [];
    for (let at: Hop['below'] = from; at !== null;) {
      chain.push(at.relation);
      at = this.#hopsByVertex.get(at.vertex)?.get(turn)?.below ?? null;
    }
    return chain.reverse();
  }

  #sweep(): void {
    const readers = new Map<string, { vertex: string; below: NonNullable<Hop['below']> }[]>();
    let level: { vertex: string; turn: Turn }[] = [];
    for (const clause of this.#known.index.clauses) {
      if (isBase(this.#known, clause.head)) continue;
      for (const reading of ['threshold', 'value'] as const) {
        const vertex = vertexOf(clause.head, reading);
        const { turns, reads } = this.#look(clause, reading);
        for (const turn of turns) this.#add(level, vertex, turn, 0, null);
        for (const below of reads) {
          const list = readers.get(below.vertex);
          if (list === undefined) readers.set(below.vertex, [{ vertex, below }]);
          else list.push({ vertex, below });
        }
      }
    }
    for (let distance = 1; level.length > 0; distance++) {
      const next: { vertex: string; turn: Turn }[] = [];
      for (const { vertex: reached, turn } of level)
        for (const { vertex, below } of readers.get(reached) ?? [])
          this.#add(next, vertex, turn, distance, below);
      level = next;
    }
  }

  #add(
    level: { vertex: string; turn: Turn }[],
    vertex: string,
    turn: Turn,
    distance: number,
    below: Hop['below'],
  ): void {
    let hops = this.#hopsByVertex.get(vertex);
    if (hops === undefined) this.#hopsByVertex.set(vertex, (hops = new Map<Turn, Hop>()));
    if (hops.has(turn) || hops.size >= mostSites) return;
    hops.set(turn, { turn, distance, below });
    level.push({ vertex, turn });
  }

  #look(clause: Clause, reading: Reading): Look {
    const key = `${clause.id} ${reading}`;
    const known = this.#looked.get(key) ?? lookAt(this.#known, clause, reading);
    this.#looked.set(key, known);
    return known;
  }
}

/** The literals of a clause that turn the sign, and those that hand on what falls below them. */
function lookAt(known: Known, clause: Clause, reading: Reading): Look {
  const { index, growth } = known;
  const turns: Turn[] = [];
  const reads: { vertex: string; relation: string }[] = [];
  if (!moveClause(index, clause, growth.movementOf, reading).falls) return { turns, reads };
  for (const atom of clause.atoms) {
    const read = readingOf(index, clause, atom);
    const moved = atomMovement(index, clause, atom, growth.movementOf);
    const moves = moved.rises || moved.falls;
    const turn = (reason: BlameReason): void => void turns.push({ clause, atom, reason });
    if (latticeReading(index, clause, atom) === 'revealed' && moves) {
      turn('reveals-growing-lattice');
      continue;
    }
    const shown = isAggregated(index, clause, atom) && reading === 'value' && moves;
    if (shown) turn('aggregates-growing-set');
    else if (atom.negated && moved.rises) turn('negates-growing-set');
    if (shown || atom.negated || !moved.falls) continue;
    const { relation } = atom;
    if (isBase(known, relation) || clausesOf(index, relation).length === 0)
      turn('reads-changing-state');
    else reads.push({ vertex: vertexOf(relation, read), relation });
  }
  return { turns, reads };
}

function vertexOf(relation: string, reading: Reading): string {
  return `${reading} ${relation}`;
}

function isBase({ growth }: Known, relation: string): boolean {
  return growth.stored.has(relation) || growth.growthByRelation.get(relation) === 'event';
}
