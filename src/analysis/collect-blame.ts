/**
 * Who is to blame for an observable that was not proved confluent: the nearest defects upstream,
 * each with the literal where it goes wrong, the event whose timing decides, and the path from that
 * event through the blamed rule to the observable. Defects beyond a blamed rule are left out: they
 * come to light when the nearer one is mended. Sets and breadth-first trees, no enumeration of paths.
 */
import type { Span } from '../base/span.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import { sourceName, stationsOf } from './made-up-relations.js';
import { mechanismFor, orderOf } from './choose-mechanism.js';
import type { Blame, BlameReason, Mechanism } from './confluence-report.js';
import type { DeterminismFacts } from './determinism.js';
import type { Defect, Known } from './find-defects.js';
import { mayComeLater } from './epochs.js';
import { FallingCones } from './find-sites.js';
import type { Site } from './find-sites.js';
import { findEndlessSources } from './endless-sources.js';
import { clausesOf, headVariables, relationOf, termVariables } from './program-index.js';
import type { Clause } from './program-index.js';
import type { ReplicationFacts } from './replication.js';
import { newSealKeyBudget, sealColumns } from './seal-keys.js';
import { fedLocally, SourceTrails } from './trace-sources.js';
import type { Source } from './trace-sources.js';

/** What the report names for one observable; further blames say the same of other rules. */
const mostBlames = 16;

const mostSources = 8;

/** Numbers of the first failures with which anything may be lost, and those with which a relation may. */
interface Losses {
  readonly always: readonly number[];
  readonly ofRelation: ReadonlyMap<string, readonly number[]>;
}

/** Reasons for which a set must be complete. */
const asksForCompleteness: readonly BlameReason[] = [
  'negates-growing-set',
  'aggregates-growing-set',
  'reveals-growing-lattice',
  'samples-unfinished-set',
];

/** A blamed place together with the relation from which its effect spreads. */
interface Finding {
  readonly defect: Defect | null;
  readonly sites: readonly Site[];
  /** Relations from the defect's relation to the observable. */
  readonly chain: readonly string[];
}

export class BlameCollector {
  readonly #known: Known;
  readonly #facts: DeterminismFacts;
  readonly #replication: ReplicationFacts;
  readonly #sitesByDefect = new Map<Defect, readonly Site[]>();
  readonly #sourcesByPlace = new Map<string, readonly Source[]>();
  readonly #sealKeyBudget = newSealKeyBudget();
  #cones: FallingCones | null = null;
  #losses: Losses | null = null;
  #trails: SourceTrails | null = null;
  /** The same from what the world or a clock gives, over all messages. */
  #entries: SourceTrails | null = null;
  /** What messages that fan out feed at their receivers. */
  #fannedOut: ReadonlySet<string> | null = null;
  #endless: ReadonlySet<string> | null = null;

  constructor(known: Known, facts: DeterminismFacts, replication: ReplicationFacts) {
    this.#known = known;
    this.#facts = facts;
    this.#replication = replication;
  }

  /**
   * The blames of an observable, nearest first; empty for one that is confluent. If its replicas
   * agree, each decision is that of the one node at which it falls.
   */
  blameOf(observable: string, agrees: boolean): readonly Blame[] {
    const blames = this.#nearest(observable);
    return agrees ? blames.map((blame) => this.#atOneNode(blame)) : blames;
  }

  #atOneNode(blame: Blame): Blame {
    const { reason, relation, key, source: on } = blame;
    const mechanism =
      blame.mechanism.kind === 'order'
        ? orderOf({ on, key, replicated: false, endless: false })
        : this.#mechanismFor(reason, relation, key, false);
    return { ...blame, replicated: false, mechanism };
  }

  #nearest(observable: string): readonly Blame[] {
    const byKey = new Map<string, Blame>();
    for (const finding of this.#findingsOf(observable)) {
      for (const blame of this.#blamesOf(finding)) {
        const key = `${blame.ruleId ?? blame.rule} ${blame.relation}`;
        const known = byKey.get(key);
        if (
          known === undefined ||
          (known.reason === blame.reason && blame.path.length < known.path.length)
        ) {
          byKey.set(key, blame);
        }
      }
      if (byKey.size >= mostBlames) break;
    }
    return [...byKey.values()].slice(0, mostBlames);
  }

  /** The blames of a view that shows events. */
  momentary(observable: string): readonly Blame[] {
    const { index, growth } = this.#known;
    const reason = 'momentary';
    const clauses = clausesOf(index, observable);
    const fed = clauses.flatMap((clause): Defect[] => {
      const isEvent = (name: string): boolean => growth.growthByRelation.get(name) === 'event';
      const atom = clause.atoms.find((a) => isEvent(a.relation)) ?? null;
      return atom === null && clause.rule.head.mode === 'now'
        ? []
        : [{ relation: observable, clause, atom, reason, latched: false }];
    });
    const none: Defect = { relation: observable, clause: null, atom: null, reason, latched: false };
    return (fed.length > 0 ? fed : [none])
      .flatMap((defect) => this.#ownBlames(defect))
      .map((blame) => ({ ...blame, replicated: false }));
  }

  /** The blames of a defect of the observable itself. */
  differing(observable: string, clause: Clause | null): readonly Blame[] {
    const reason = 'differs-by-node';
    return this.#ownBlames({ relation: observable, clause, atom: null, reason, latched: false });
  }

  #conesOf(): FallingCones {
    return (this.#cones ??= new FallingCones(this.#known));
  }

  #ownBlames(defect: Defect): readonly Blame[] {
    const finding = { defect, sites: this.sitesOf(defect), chain: [defect.relation] };
    return [...this.#blamesOf(finding)].slice(0, mostBlames);
  }

  #findingsOf(observable: string): Iterable<Finding> {
    const determinism = this.#facts.determinismByRelation.get(observable);
    if (determinism === 'D2') {
      return [{ defect: null, sites: this.#conesOf().ofRelation(observable), chain: [observable] }];
    }
    if (determinism !== 'D3') return [];
    return this.#facts.spoiled.has(observable)
      ? this.#defectsUpstream(observable)
      : this.#failuresFor(observable);
  }

  #failuresFor(observable: string): readonly Finding[] {
    const { always, ofRelation } = (this.#losses ??= this.#findLosses());
    const concerned = new Set(always);
    for (const name of this.#upstreamOf(observable))
      for (const number of ofRelation.get(name) ?? []) concerned.add(number);
    const first = [...concerned].sort((a, b) => a - b).slice(0, mostBlames);
    return first.map((number) => {
      const failure = this.#facts.failures[number]!;
      const keeps = ['halts', 'fails-by-node', 'never-rests'].includes(failure.reason);
      const reason = keeps ? failure.reason : 'failing-timestep';
      const sites = this.sitesOf(failure).map((site) => ({ ...site, reason }) as const);
      return { defect: { ...failure, reason }, sites, chain: [failure.relation, observable] };
    });
  }

  #findLosses(): Losses {
    const always: number[] = [];
    const ofRelation = new Map<string, number[]>();
    const note = (numbers: number[], number: number): void => {
      if (numbers.length < mostBlames) numbers.push(number);
    };
    // Failures that lose the same are asked for together, and of those only the first are shown.
    const askedOf = new Map<ReadonlySet<string> | null, number>();
    for (const [number, failure] of this.#facts.failures.entries()) {
      const lost = this.#facts.lostByFailure.get(failure) ?? null;
      const asked = askedOf.get(lost) ?? 0;
      askedOf.set(lost, asked + 1);
      if (asked >= mostBlames) continue;
      if (lost === null) note(always, number);
      for (const name of lost ?? []) {
        if (!ofRelation.has(name)) ofRelation.set(name, []);
        note(ofRelation.get(name)!, number);
      }
    }
    return { always, ofRelation };
  }

  /** The relation and everything from which it is derived, anywhere and at any time. */
  #upstreamOf(relation: string): ReadonlySet<string> {
    const upstream = new Set([relation]);
    for (const name of upstream)
      for (const { atoms } of clausesOf(this.#known.index, name))
        for (const atom of atoms) upstream.add(atom.relation);
    return upstream;
  }

  /** The places to blame for a defect. */
  sitesOf(defect: Defect): readonly Site[] {
    const known = this.#sitesByDefect.get(defect) ?? this.#conesOf().ofDefect(defect);
    this.#sitesByDefect.set(defect, known);
    return known;
  }

  *#defectsUpstream(observable: string): Iterable<Finding> {
    const seen = new Set([observable]);
    const queue: { relation: string; chain: readonly string[] }[] = [
      { relation: observable, chain: [observable] },
    ];
    for (const { relation, chain } of queue) {
      const defects = this.#facts.defectsByRelation.get(relation) ?? [];
      for (const defect of defects) yield { defect, sites: this.sitesOf(defect), chain };
      const blamed = new Set(defects.map((defect) => defect.clause?.id));
      for (const clause of clausesOf(this.#known.index, relation)) {
        if (blamed.has(clause.id)) continue;
        for (const atom of clause.atoms) {
          if (seen.has(atom.relation) || !this.#facts.spoiled.has(atom.relation)) continue;
          seen.add(atom.relation);
          queue.push({ relation: atom.relation, chain: [atom.relation, ...chain] });
        }
      }
    }
  }

  *#blamesOf({ defect, sites, chain }: Finding): Iterable<Blame> {
    if (defect !== null && defect.clause === null) {
      const { reason, relation } = defect;
      const span = relationOf(this.#known.index, relation).span;
      const key = keyColumns(this.#known, relation);
      yield {
        rule: null,
        ruleId: null,
        relation,
        reason,
        span,
        ...this.#wayOf(relation, withoutLoops(chain)),
        replicated: this.#isReplicated(relation),
        key,
        mechanism: this.#mechanismFor(reason, relation, key, this.#isReplicated(relation)),
      };
      return;
    }
    for (const site of sites) {
      const { clause, atom, reason } = site;
      const after = withoutLoops([
        ...site.chain,
        ...chain.slice(chain[0] === site.chain.at(-1) ? 1 : 0),
      ]);
      const replicated = this.#isReplicatedClause(clause);
      for (const source of this.#sourcesOf(site)) {
        yield {
          rule: clause.rule.name,
          ruleId: clause.rule.id,
          relation: source.relation,
          reason,
          span: spanOf(site),
          ...this.#wayOf(source.relation, [
            ...source.path.filter((name) => atom !== null || name !== clause.head),
            clause.rule.name,
            ...after,
          ]),
          replicated,
          key: source.key,
          mechanism: this.#mechanismAt(site, source, replicated),
        };
      }
    }
  }

  #wayOf(relation: string, path: readonly string[]): Pick<Blame, 'path' | 'source' | 'stations'> {
    const { program } = this.#known.index;
    const source = sourceName(program, nameOfSealed(relation) ?? relation);
    return { path, source, stations: stationsOf(program, path) };
  }

  #sourcesOf(site: Site): readonly Source[] {
    const { clause, atom } = site;
    const place = `${clause.id} ${atom?.literal ?? 'head'} ${site.reason}`;
    const known = this.#sourcesByPlace.get(place);
    if (known !== undefined) return known;
    const relation = atom?.relation ?? clause.head;
    const columns = decidingColumns(this.#known, site);
    const traced = this.#trailsFor(site)
      .sourcesOf(relation, columns)
      .slice(0, mostSources)
      .map((source) => this.#withSealKey(site, source));
    const sources = traced.length > 0 ? traced : [{ relation, path: [relation], key: [] }];
    this.#sourcesByPlace.set(place, sources);
    return sources;
  }

  #trailsFor({ reason }: Site): SourceTrails {
    if (reason !== 'closes-epoch') return (this.#trails ??= new SourceTrails(this.#known));
    const { index } = this.#known;
    const isEntry = (name: string): boolean => mayComeLater(relationOf(index, name));
    return (this.#entries ??= new SourceTrails(this.#known, isEntry));
  }

  /** With the columns that what must be complete determines, where none carries it. */
  #withSealKey({ clause, atom, reason }: Site, source: Source): Source {
    if (source.key.length > 0 || atom === null || !asksForCompleteness.includes(reason))
      return source;
    const { index } = this.#known;
    const { columns, location } = relationOf(index, source.relation);
    const found = sealColumns(index, clause, atom, source.relation, this.#sealKeyBudget);
    const key = found.flatMap((column) => (column === location ? [] : [columns[column]!.name]));
    return { ...source, key };
  }

  /** What a timer asks for in vain may never come, so nobody can promise that it has. */
  #mechanismAt({ clause, reason }: Site, source: Source, replicated: boolean): Mechanism {
    const mechanism = this.#mechanismFor(reason, source.relation, source.key, replicated);
    const { paced } = this.#known;
    const isTimed =
      reason === 'samples-unfinished-set' &&
      clause.atoms.some(({ relation, negated }) => !negated && paced.has(relation));
    if (!isTimed || mechanism.kind !== 'seal') return mechanism;
    return orderOf({
      on: mechanism.on ?? source.relation,
      key: source.key,
      replicated,
      endless: false,
    });
  }

  #mechanismFor(
    reason: BlameReason,
    on: string,
    key: readonly string[],
    replicated: boolean,
  ): Mechanism {
    this.#endless ??= findEndlessSources(this.#known.index);
    const endless = this.#endless.has(on);
    return mechanismFor(reason, {
      on: sourceName(this.#known.index.program, nameOfSealed(on) ?? on),
      key,
      replicated,
      endless,
    });
  }

  #isReplicated(relation: string): boolean {
    return this.#replication.replicated.has(relation);
  }

  /** Whether some channel that fans out feeds the rule, or the state that it updates, at its node. */
  #isReplicatedClause(clause: Clause): boolean {
    this.#fannedOut ??= fedLocally(this.#known, this.#replication.fanOutsByChannel.keys());
    const state = this.#known.growth.stored.has(clause.head) ? [clause.head] : [];
    const read = clause.atoms.map((atom) => atom.relation);
    return [...state, ...read].some(
      (name) =>
        this.#fannedOut!.has(name) && this.#known.growth.growthByRelation.get(name) !== 'static',
    );
  }
}

function spanOf({ clause, atom }: Site): Span {
  return atom?.span ?? clause.rule.head.span;
}

/** Columns of the blamed literal by which what it decides falls into separate parts. */
function decidingColumns(known: Known, { clause, atom, reason }: Site): readonly number[] {
  if (atom === null) return clause.rule.head.arguments.map((_, column) => column);
  const { keyLength } = relationOf(known.index, clause.head);
  const byKey = reason === 'overwrites' || reason === 'key-race' || reason === 'failing-timestep';
  const head = clause.rule.head.arguments.slice(0, byKey ? keyLength : undefined);
  const group = new Set(head.flatMap((a) => (a.kind === 'term' ? termVariables(a.term) : [])));
  const elsewhere = new Set(
    clause.atoms
      .filter((a) => a !== atom)
      .flatMap((a) => a.arguments.flatMap((b) => (b.kind === 'variable' ? [b.name] : []))),
  );
  const decides = (name: string): boolean => {
    if (clause.rule.aggregated || byKey) return group.has(name);
    return reason === 'deletes'
      ? headVariables(clause.rule).includes(name)
      : elsewhere.has(name) || atom.negated;
  };
  return atom.arguments.flatMap((a, column) =>
    a.kind === 'variable' && decides(a.name) ? [column] : [],
  );
}

function keyColumns(known: Known, relation: string): readonly string[] {
  const { columns, keyLength } = relationOf(known.index, relation);
  return columns.slice(0, keyLength).map((column) => column.name);
}

/** The same path with every cycle cut out. */
function withoutLoops(path: readonly string[]): readonly string[] {
  const straight: string[] = [];
  const places = new Map<string, number>();
  for (const name of path) {
    const before = places.get(name);
    if (before === undefined) {
      places.set(name, straight.length);
      straight.push(name);
    } else {
      for (const cut of straight.splice(before + 1)) places.delete(cut);
    }
  }
  return straight;
}
