/**
 * The confluence analysis: a program to the typed report of what needs coordination, and why.
 *
 * CALM (Hellerstein 2010; Ameloot, Neven, Van den Bussche 2011): what is monotone needs none. The
 * passes: growth (growth.ts), what is a function of the node's own steps (sequencing.ts), defects
 * and their spread (determinism.ts), replication, blame, mechanism. Every verdict holds for all
 * workloads and all fair schedules: any delay, any order between batches, duplicates, any time of
 * boot and of input. What is not proved is not called confluent.
 *
 * What the report says beyond verdicts is worked out when somebody reads it: to run a program takes
 * less than to explain it.
 *
 * With `ordered` the program is read as it runs under an ordered log of these channels, with
 * `epochsGiven` for the epochs that its nodes agree on; that is how a rewrite checks that what it
 * inserts suffices.
 */
import { once } from '../base/once.js';
import type { Program, Relation } from '../semantics/program.js';
import { chooseJointly, demandsOf } from './choose-jointly.js';
import { chooseMechanism, noMechanism } from './choose-mechanism.js';
import { findAgreeing } from './agreement.js';
import { completenessOf, blazesAlias } from './describe-observable.js';
import { reportRules } from './report-rules.js';
import { suggestRepairs } from './suggest-repairs.js';
import { BlameCollector } from './collect-blame.js';
import type {
  ConfluenceReport,
  Determinism,
  ObservableReport,
  RelationReport,
  Verdict,
} from './confluence-report.js';
import { classifyDeterminism } from './determinism.js';
import type { DeterminismFacts } from './determinism.js';
import type { Known } from './find-defects.js';
import { classifyGrowth } from './growth.js';
import { indexProgram, relationOf } from './program-index.js';
import type { Clause } from './program-index.js';
import { Causes } from './causes.js';
import { findRewrites } from './mechanical-edits.js';
import { ComingEvents } from './coming-events.js';
import { findPaced } from './pacing.js';
import { Presence } from './presence.js';
import { pruneProgram } from './prune.js';
import { findFreshIds } from './fresh-ids.js';
import { findRegisters } from './find-registers.js';
import { findReclaimed } from './redundant-sends.js';
import { findReplication } from './replication.js';
import type { ReplicationFacts } from './replication.js';
import { projectSingleBindings } from './single-bindings.js';
import { findSequenced } from './sequencing.js';
import { findMixed, findUnlike, unlikeClause } from './unlike-nodes.js';

export interface ConfluenceOptions {
  /** Channels whose messages come through the decided ordered log. */
  readonly ordered?: Iterable<string>;
  /** Whether the inputs of each epoch are taken as given, for rules that wait until they are worked off. */
  readonly epochsGiven?: boolean;
}

/** What the passes found out, for those that build on the analysis. */
export interface ConfluenceFacts {
  readonly known: Known;
  readonly determinism: DeterminismFacts;
  readonly replication: ReplicationFacts;
}

/** What was found of a program: as it stands, and under the ordered log that was asked about last. */
interface Found {
  bare: ConfluenceFacts | null;
  last: { readonly given: string; readonly facts: ConfluenceFacts } | null;
}

const foundByProgram = new WeakMap<Program, Found>();

/** The facts about a program on which its report rests. */
export function findConfluenceFacts(
  program: Program,
  ordered: ReadonlySet<string>,
  epochsGiven = false,
): ConfluenceFacts {
  const found: Found = foundByProgram.get(program) ?? { bare: null, last: null };
  foundByProgram.set(program, found);
  if (ordered.size === 0 && !epochsGiven)
    return (found.bare ??= findFacts(program, ordered, epochsGiven));
  const given = [...ordered].sort().join(' ') + (epochsGiven ? ' and epochs' : '');
  if (found.last?.given !== given)
    found.last = { given, facts: findFacts(program, ordered, epochsGiven) };
  return found.last.facts;
}

function findFacts(
  program: Program,
  ordered: ReadonlySet<string>,
  epochsGiven: boolean,
): ConfluenceFacts {
  const pruned = pruneProgram(indexProgram(program));
  const asWritten = classifyGrowth(pruned);
  const plain = projectSingleBindings(pruned);
  const reclaimed = findReclaimed(plain, new Causes(plain));
  const isAsWritten = plain === pruned && reclaimed.shielded.size === 0;
  const index = isAsWritten ? plain : { ...plain, shielded: reclaimed.shielded };
  const growth = isAsWritten ? asWritten : classifyGrowth(index);
  const replication = findReplication(index, growth);
  const sequenced = findSequenced(index, growth, ordered);
  const unlike = ordered.size === 0 ? new Set<string>() : findUnlike(index, replication, ordered);
  const known: Known = {
    index,
    growth,
    sequenced,
    ordered,
    epochsGiven,
    unlike,
    presence: new Presence(index, growth),
    coming: new ComingEvents(index, growth),
    paced: findPaced(index, growth),
    reclaimed,
    registers: findRegisters(index),
    fresh: new Set(),
    given: new Set(),
  };
  return { known, determinism: classifyDeterminism(known), replication };
}

/** Analyses a program for all workloads and schedules. */
export function analyzeConfluence(
  program: Program,
  options: ConfluenceOptions = {},
): ConfluenceReport {
  const ordered = new Set([...(options.ordered ?? [])].sort());
  const facts = findConfluenceFacts(program, ordered, options.epochsGiven ?? false);
  const collector = new BlameCollector(facts.known, facts.determinism, facts.replication);
  const touched = fedBy(facts.known, ordered);
  const renamed = findRenamed(facts);
  const differing = ordered.size === 0 ? null : findDiffering(program, facts);
  const agreeing = once(() =>
    ordered.size === 0 ? findAgreeing(facts.known, facts.replication) : new Set<string>(),
  );
  const observables = [...program.observables]
    .sort()
    .map((name) =>
      reportObservable(
        facts,
        collector,
        relationOf(facts.known.index, name),
        touched.has(name),
        differing,
        renamed,
        agreeing,
      ),
    );
  const rules = once(() => reportRules(facts.known, facts.determinism, collector, observables));
  const coordination = once(() => countPoints(observables));
  return {
    observables,
    get rules() {
      return rules();
    },
    relations: facts.known.index.relations.map((relation) => reportRelation(facts, relation)),
    get coordination() {
      return coordination();
    },
    ordered: [...ordered],
  };
}

function reportObservable(
  { known, determinism, replication }: ConfluenceFacts,
  collector: BlameCollector,
  relation: Relation,
  isFedByLog: boolean,
  differing: Differing | null,
  renamed: ReadonlySet<string>,
  agreeing: () => ReadonlySet<string>,
): ObservableReport {
  const kind = relation.observable ?? 'view';
  const proved = verdictOf(determinism.determinismByRelation.get(relation.name) ?? 'D3');
  // The final content of a view of events is whatever the last timestep held.
  const showsEvents =
    kind === 'view' && known.growth.growthByRelation.get(relation.name) === 'event';
  const momentary = showsEvents && proved !== 'divergent';
  const differs = proved !== 'divergent' && differing?.names.has(relation.name) === true;
  const verdict = momentary || differs ? 'divergent' : proved;
  const met = verdict === 'confluent' || (verdict === 'convergent' && kind === 'view');
  const isReplicated = replication.replicated.has(relation.name);
  const agrees = once(() => isReplicated && !showsEvents && agreeing().has(relation.name));
  const blame = once(() =>
    momentary
      ? collector.momentary(relation.name)
      : differs
        ? collector.differing(relation.name, differing.clauseOf(relation.name))
        : verdict === 'confluent'
          ? []
          : collector.blameOf(relation.name, verdict === 'divergent' && agrees()),
  );
  const mechanism = once(() =>
    met ? noMechanism : chooseMechanism(blame(), verdict === 'convergent'),
  );
  const blazes = once(() =>
    verdict === 'divergent' && agrees()
      ? 'Inst'
      : blazesAlias(known, relation, verdict, isReplicated, blame()),
  );
  const suggestions = once(() =>
    met
      ? []
      : suggestRepairs(
          known,
          blame(),
          kind,
          mechanism(),
          findRewrites(known, relation, verdict, blame()),
        ),
  );
  return {
    relation: relation.name,
    kind,
    obligation: kind === 'output' ? 'confluent' : 'convergent',
    verdict,
    proved: verdict === 'confluent',
    met,
    replicated: isReplicated,
    get agrees() {
      return agrees();
    },
    final:
      verdict === 'confluent'
        ? 'on-emission'
        : verdict === 'convergent'
          ? 'once-sealed'
          : 'at-quiescence',
    complete: completenessOf(known, relation, verdict),
    get blazes() {
      return blazes();
    },
    get blame() {
      return blame();
    },
    get mechanism() {
      return mechanism();
    },
    get suggestions() {
      return suggestions();
    },
    givenLog: met && isFedByLog,
    modulo: verdict === 'divergent' && renamed.has(relation.name) ? 'fresh-ids' : null,
  };
}

/** Observables that would be confluent if ids from the clock were the same in all runs. */
function findRenamed({ known }: ConfluenceFacts): ReadonlySet<string> {
  const fresh = findFreshIds(known.index);
  if (fresh.size === 0) return new Set();
  const { determinismByRelation } = classifyDeterminism({ ...known, fresh });
  const names = known.index.program.observables;
  return new Set(names.filter((name) => determinismByRelation.get(name) === 'D1'));
}

/** Relations that are a function of the log and of the node, where only the log is the same. */
interface Differing {
  readonly names: ReadonlySet<string>;
  readonly clauseOf: (relation: string) => Clause | null;
}

/** Of what depends on the order of the log, what differs from node to node even so. */
function findDiffering(
  program: Program,
  { known: { index, ordered, unlike }, replication }: ConfluenceFacts,
): Differing {
  const bare = findConfluenceFacts(program, new Set()).determinism.determinismByRelation;
  const mixed = findMixed(index, replication, ordered);
  const names = [...unlike, ...mixed].filter((name) => bare.get(name) === 'D3');
  return {
    names: new Set(names),
    clauseOf: (relation) => unlikeClause(index, unlike.has(relation) ? unlike : mixed, relation),
  };
}

function verdictOf(determinism: Determinism): Verdict {
  return determinism === 'D3' ? 'divergent' : determinism === 'D2' ? 'convergent' : 'confluent';
}

/** Everything downstream of the given channels, messages included. */
function fedBy({ index }: Known, channels: Iterable<string>): ReadonlySet<string> {
  const fed = new Set<string>();
  const waiting = [...channels];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (fed.has(name)) continue;
    fed.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? []) waiting.push(clause.head);
  }
  return fed;
}

function reportRelation(
  { known, determinism, replication }: ConfluenceFacts,
  relation: Relation,
): RelationReport {
  const { name, kind, durable, doc, columns, keyLength } = relation;
  return {
    name,
    kind,
    durable,
    doc,
    growth: known.growth.growthByRelation.get(name) ?? 'volatile',
    determinism: determinism.determinismByRelation.get(name) ?? 'D3',
    key: columns.slice(0, keyLength).map((column) => column.name),
    replicated: replication.replicated.has(name),
    replicatedThrough: replication.channelsByRelation.get(name) ?? [],
  };
}

function countPoints(observables: readonly ObservableReport[]): ConfluenceReport['coordination'] {
  const points = new Set<number | string>();
  let needed = false;
  for (const { mechanism, blame, relation } of observables) {
    const among = mechanism.provider === 'paxos' || mechanism.provider === 'producers';
    if (!among) continue;
    needed = true;
    for (const { ruleId, replicated } of blame) {
      if (mechanism.provider === 'producers' || replicated) points.add(ruleId ?? relation);
    }
  }
  const unmet = observables.filter(({ met }) => !met);
  return { needed, points: points.size, cheapest: chooseJointly(demandsOf(unmet)) };
}
