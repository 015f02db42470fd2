/**
 * From which events a literal is fed at its node: the channels, inputs, timers and messages to
 * itself that lie upstream of it without another message between, each with the shortest chain of
 * relations and the columns that carry the asked ones unchanged, whatever way they take.
 *
 * One breadth-first sweep from all sources forward, in which each relation keeps the nearest few,
 * serves all questions: a chain is then read off step by step. No path is looked for twice.
 */
import type { Known } from './find-defects.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause } from './program-index.js';
import { isEventSource } from './sequencing.js';

export interface Source {
  readonly relation: string;
  /** From the source to the literal's relation, both included. */
  readonly path: readonly string[];
  /** Names of the source's columns that carry the asked columns; those that are lost are left out. */
  readonly key: readonly string[];
}

/** How a relation is fed from a source: by this rule, through this literal. */
interface Hop {
  readonly source: string;
  readonly distance: number;
  /** Null at the source itself. */
  readonly through: { readonly clause: Clause; readonly atom: Atom } | null;
}

/** Sources that a relation remembers, nearest first. */
const mostSources = 8;

export class SourceTrails {
  readonly #known: Known;
  readonly #isSource: (name: string) => boolean;
  readonly #hopsByRelation = new Map<string, Map<string, Hop>>();
  readonly #carriersByQuestion = new Map<string, ReadonlyMap<string, readonly Carrier[]>>();

  /** `isSource`: where a way begins; by default at every event of a node. */
  constructor(
    known: Known,
    isSource = (name: string): boolean => isEventSource(known.index, name),
  ) {
    this.#known = known;
    this.#isSource = isSource;
    this.#sweep();
  }

  /** Event sources upstream of a relation, nearest first. `columns`: those whose origin is asked. */
  sourcesOf(relation: string, columns: readonly number[]): readonly Source[] {
    const hops = [...(this.#hopsByRelation.get(relation)?.values() ?? [])];
    // The boot event happens once at each node: it only matters where nothing else does.
    const moving = hops.filter(({ source }) => !this.#isBoot(source));
    return (moving.length > 0 ? moving : hops).map(({ source }) =>
      this.#follow(relation, source, columns),
    );
  }

  #isBoot(source: string): boolean {
    return relationOf(this.#known.index, source).builtin === 'boot';
  }

  #sweep(): void {
    const { index } = this.#known;
    let level: { relation: string; source: string }[] = [];
    for (const { name } of index.relations)
      if (this.#isSource(name)) this.#add(level, name, name, 0, null);
    for (let distance = 1; level.length > 0; distance++) {
      const next: { relation: string; source: string }[] = [];
      const reached = level.flatMap(({ relation, source }) =>
        (index.usesByRelation.get(relation) ?? []).map((use) => ({ use, source })),
      );
      // In program order, so that equally long chains come out as one would write them.
      reached.sort(
        (a, b) => a.use.clause.id - b.use.clause.id || a.use.atom.literal - b.use.atom.literal,
      );
      for (const { use, source } of reached)
        if (!this.#isSource(use.clause.head))
          this.#add(next, use.clause.head, source, distance, use);
      level = next;
    }
  }

  #add(
    level: { relation: string; source: string }[],
    relation: string,
    source: string,
    distance: number,
    through: Hop['through'],
  ): void {
    let hops = this.#hopsByRelation.get(relation);
    if (hops === undefined) this.#hopsByRelation.set(relation, (hops = new Map<string, Hop>()));
    if (hops.has(source) || hops.size > mostSources) return;
    hops.set(source, { source, distance, through });
    level.push({ relation, source });
  }

  #follow(relation: string, source: string, asked: readonly number[]): Source {
    const path = [relation];
    let hop = this.#hopsByRelation.get(relation)?.get(source);
    while (hop !== undefined && hop.through !== null) {
      const { atom } = hop.through;
      path.push(atom.relation);
      hop = this.#hopsByRelation.get(atom.relation)?.get(source);
    }
    const { columns: declared, location } = relationOf(this.#known.index, source);
    const carried = this.#carriersOf(relation, asked).get(source) ?? [];
    const columns = carried.map((carrier) => carrier.column);
    const key = columns.filter((c) => c !== location).map((c) => declared[c]?.name ?? '');
    return { relation: source, path: path.reverse(), key: [...new Set(key)] };
  }

  #carriersOf(relation: string, asked: readonly number[]): ReadonlyMap<string, readonly Carrier[]> {
    const question = `${relation} ${asked.join(' ')}`;
    const known =
      this.#carriersByQuestion.get(question) ??
      carriers(this.#known, this.#isSource, relation, asked);
    this.#carriersByQuestion.set(question, known);
    return known;
  }
}

/** All event sources that feed the given relations at a node. */
export function localSources(known: Known, relations: Iterable<string>): ReadonlySet<string> {
  const sources = new Set<string>();
  const seen = new Set<string>();
  const waiting = [...relations];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (seen.has(name) || known.growth.growthByRelation.get(name) === 'static') continue;
    seen.add(name);
    if (isEventSource(known.index, name)) sources.add(name);
    else
      for (const clause of clausesOf(known.index, name))
        for (const atom of clause.atoms) waiting.push(atom.relation);
  }
  return sources;
}

/** Relations that the given event sources feed at a node, themselves included. */
export function fedLocally(known: Known, sources: Iterable<string>): ReadonlySet<string> {
  const fed = new Set<string>();
  const waiting = [...sources];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (fed.has(name)) continue;
    fed.add(name);
    for (const { clause } of known.index.usesByRelation.get(name) ?? [])
      if (!isEventSource(known.index, clause.head)) waiting.push(clause.head);
  }
  return fed;
}

/** A column that carries an asked one unchanged. */
interface Carrier {
  readonly column: number;
  readonly asked: number;
}

/** Relations that are looked at for lineage; beyond them it counts as lost. */
const mostLineage = 64;

/**
 * For every relation upstream, the columns that carry the asked ones on *every* way to the relation
 * asked about: only by such columns may what it decides be told apart at the source, be it for a seal
 * or for an order (ANALYSIS 1.8). A recursion that moves a column loses it. A greatest fixpoint.
 */
function carriers(
  known: Known,
  isSource: (name: string) => boolean,
  relation: string,
  asked: readonly number[],
): ReadonlyMap<string, readonly Carrier[]> {
  const { index, growth } = known;
  const carried = new Map<string, readonly Carrier[]>([
    [relation, asked.map((column) => ({ column, asked: column }))],
  ]);
  const waiting = [relation];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (isSource(name)) continue;
    for (const clause of clausesOf(index, name)) {
      for (const atom of clause.atoms) {
        if (growth.growthByRelation.get(atom.relation) === 'static') continue;
        const through = carriersThrough(clause, atom, carried.get(name)!);
        const before = carried.get(atom.relation);
        const both = before === undefined ? through : before.filter((one) => isIn(one, through));
        if (before !== undefined && both.length === before.length) continue;
        carried.set(atom.relation, both);
        waiting.push(atom.relation);
        if (carried.size > mostLineage) return new Map();
      }
    }
  }
  return carried;
}

function isIn({ column, asked }: Carrier, known: readonly Carrier[]): boolean {
  return known.some((other) => other.column === column && other.asked === asked);
}

function carriersThrough(
  clause: Clause,
  atom: Atom,
  known: readonly Carrier[],
): readonly Carrier[] {
  return known.flatMap(({ column, asked }) => {
    const argument = clause.rule.head.arguments[column];
    if (argument?.kind !== 'term' || argument.term.kind !== 'variable') return [];
    const { name } = argument.term;
    return atom.arguments.flatMap((each, at) =>
      each.kind === 'variable' && each.name === name ? [{ column: at, asked }] : [],
    );
  });
}
