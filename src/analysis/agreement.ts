/**
 * Which relations replicas hold alike at the end of every run, although runs differ.
 *
 * Runs may differ because one node decides, by the moment at which an event meets its state; that is
 * no disagreement if what was decided then reaches all replicas. Two ways of reaching all are known:
 *
 * 1. *fan-out*: every receiver gets every message of a channel;
 * 2. *gossip*: a table that only grows is sent whole to all receivers and merged whole into theirs.
 *    Whatever one of them ever holds the others come to hold, so at quiescence the tables of any two
 *    contain each other: they are equal, whatever feeds them (anti-entropy: Demers et al., PODC 1987;
 *    state-based objects: Shapiro et al., "Conflict-free replicated data types", SSS 2011, section 2).
 *
 * Such channels and tables are then taken as given, the same in all schedules. What is convergent in
 * that reading, and reads nothing that is a node's own, ends alike at all receivers. Where a timestep
 * may fail because of a message, the message may be lost at one receiver only: nothing is claimed.
 * Statics that are not located count as the same at all nodes, as everywhere in the analysis.
 */
import type { AtomArgument, Literal, Relation } from '../semantics/program.js';
import { classifyDeterminism } from './determinism.js';
import type { Known } from './find-defects.js';
import { mayConflict } from './functional-keys.js';
import { hasFired, looksAtTimer } from './pacing.js';
import { mayFail } from './partial-rules.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';
import { findReachingSources } from './reaching-sources.js';
import { downstream, isGivenByNode, staysAlike, withOneAudience } from './replication.js';
import type { FanOut, ReplicationFacts } from './replication.js';
import { isOpen } from './standing-relations.js';

/** Relations that all receivers of the channels that feed them end with alike in every run. */
export function findAgreeing(known: Known, replication: ReplicationFacts): ReadonlySet<string> {
  const { index } = known;
  const pure = pureFanOuts(replication);
  if (pure.size === 0 || mayLoseMessages(known)) return new Set();
  const gossiped = findGossiped(known, pure);
  const own = findOwn(index, pure, gossiped);
  const channels = [...replication.fanOutsByChannel.keys()].filter((name) => !own.has(name));
  const given = new Set([...gossiped, ...channels]);
  const { determinismByRelation } = classifyDeterminism({ ...known, given });
  return new Set(
    fedByOneAudience(index, pure, channels).filter(
      (name) => !own.has(name) && (determinismByRelation.get(name) ?? 'D3') !== 'D3',
    ),
  );
}

type PureFanOuts = ReadonlyMap<Clause, FanOut>;

/** The rules that send the same to all receivers. */
function pureFanOuts({ fanOutsByChannel }: ReplicationFacts): PureFanOuts {
  const all = [...fanOutsByChannel.values()].flat();
  return new Map(all.filter(({ pure }) => pure).map((fanOut) => [fanOut.clause, fanOut]));
}

/** Whether a receiver may be without a message that another one has: its timestep fails, or the node stops. */
function mayLoseMessages({ index }: Known): boolean {
  const stops = ({ name }: Relation): boolean =>
    clausesOf(index, name).length > 0 || index.factCounts.has(name);
  if (index.relations.some((relation) => relation.builtin === 'halt' && stops(relation)))
    return true;
  const sent = index.relations.filter(({ kind }) => kind === 'channel').map(({ name }) => name);
  const fed = downstream(index, sent, isLocal);
  const isFed = (clause: Clause): boolean => clause.atoms.some(({ relation }) => fed.has(relation));
  // What arrives by way of `@next` shares its timestep with whatever else comes then.
  const waits = index.clauses.some(
    (clause) => !['now', 'async'].includes(clause.rule.head.mode) && isFed(clause),
  );
  const failing = index.clauses.filter(
    (clause) => mayFail(index, clause) || mayConflict(index, relationOf(index, clause.head)),
  );
  // Without an event of its own a rule fails whatever comes, and with it, at its node, every message.
  const hasEvent = ({ atoms }: Clause): boolean =>
    atoms.some(({ relation, negated }) => {
      const { kind, builtin } = relationOf(index, relation);
      return !negated && builtin === null && (kind === 'input' || kind === 'periodic');
    });
  return failing.some((clause) => waits || !isLocal(clause) || isFed(clause) || !hasEvent(clause));
}

function isLocal({ rule }: Clause): boolean {
  return rule.head.mode !== 'async';
}

/** Tables that are sent whole to all receivers, and merged whole into theirs. */
function findGossiped(known: Known, pure: PureFanOuts): ReadonlySet<string> {
  const { index } = known;
  const stored = index.relations.filter(
    ({ kind, location }) => (kind === 'table' || kind === 'lattice') && location === null,
  );
  return new Set(
    stored.flatMap(({ name }) => {
      const clauses = clausesOf(index, name);
      if (clauses.some(({ rule }) => !['now', 'next'].includes(rule.head.mode))) return [];
      const sendsOn = (channel: string, from: readonly (number | null)[]): boolean =>
        clausesOf(index, channel).some(
          (clause) =>
            pure.has(clause) &&
            from.every((at, column) => at !== null && copied(known, clause, name, at) === column),
        );
      const { columns } = relationOf(index, name);
      const comesBack = clauses.some((clause) => {
        const channel = clause.atoms[0]?.relation;
        if (channel === undefined || clause.body.literals.length > 1) return false;
        return sendsOn(
          channel,
          columns.map((_, column) => copied(known, clause, channel, column)),
        );
      });
      return comesBack ? [name] : [];
    }),
  );
}

/**
 * The column of `source` that a clause copies into a column of its head, if it does so with every
 * tuple of `source`, to all receivers that a static names; else null.
 */
function copied(known: Known, clause: Clause, source: string, column: number): number | null {
  const { index } = known;
  const [atom, ...more] = clause.atoms.filter(({ relation }) => relation === source);
  if (atom === undefined || more.length > 0 || atom.negated || clause.rule.aggregated) return null;
  const names = atom.arguments.flatMap((a) => (a.kind === 'variable' ? [a.name] : []));
  const isAny =
    new Set(names).size === names.length && atom.arguments.every(({ kind }) => kind !== 'constant');
  const others = clause.body.literals.filter((_, literal) => literal !== atom.literal);
  if (!isAny || !others.every((other) => lets(known, clause, other))) return null;
  const shown = clause.rule.head.arguments[column];
  if (shown?.kind !== 'term' || shown.term.kind !== 'variable') return null;
  const { name } = shown.term;
  const from = atom.arguments.findIndex((a) => a.kind === 'variable' && a.name === name);
  const [there, here] = [relationOf(index, source), relationOf(index, clause.head)].map(
    ({ columns }, which) => JSON.stringify(columns[which === 0 ? from : column]?.type),
  );
  return from >= 0 && there === here ? from : null;
}

/** Whether a literal asks for nothing but the receivers, or for a timer to have fired often enough. */
function lets({ index, growth, paced }: Known, clause: Clause, literal: Literal): boolean {
  if (literal.kind === 'condition')
    return clause.atoms.some(({ relation, arguments: [count] }) => {
      const isTimer = paced.get(relation) === relation;
      return isTimer && count?.kind === 'variable' && hasFired(literal, count.name);
    });
  if (literal.kind !== 'atom' || literal.negated) return false;
  const { relation, arguments: asked } = literal;
  if (paced.get(relation) === relation) return !looksAtTimer(index, clause, literal);
  const { location } = relationOf(index, clause.head);
  const address = location === null ? undefined : clause.rule.head.arguments[location];
  if (growth.growthByRelation.get(relation) !== 'static' || address?.kind !== 'term') return false;
  const { term } = address;
  const isAddress = (a: AtomArgument): boolean =>
    a.kind === 'variable' && term.kind === 'variable' && a.name === term.name;
  return asked.some(isAddress) && asked.every((a) => isAddress(a) || isOpen(clause, a));
}

/** Relations of which a node may rightly have something of its own. */
function findOwn(
  index: ProgramIndex,
  pure: PureFanOuts,
  gossiped: ReadonlySet<string>,
): ReadonlySet<string> {
  const events = ['input', 'periodic'];
  const sources = [
    ...index.relations
      .filter((relation) => events.includes(relation.kind) || isGivenByNode(index, relation))
      .map(({ name }) => name),
    ...index.clauses
      .filter((clause) => !pure.has(clause) && !staysAlike(index, clause))
      .map(({ head }) => head),
  ];
  const carriesOn = (clause: Clause): boolean => !pure.has(clause) && !gossiped.has(clause.head);
  return downstream(
    index,
    sources.filter((name) => !gossiped.has(name)),
    carriesOn,
  );
}

/** Relations that only messages to one audience feed. */
function fedByOneAudience(
  index: ProgramIndex,
  pure: PureFanOuts,
  channels: readonly string[],
): readonly string[] {
  const audiencesOf = new Map(
    channels.map((channel) => [
      channel,
      new Set(clausesOf(index, channel).map((clause) => pure.get(clause)?.audience ?? '')),
    ]),
  );
  const feeding = findReachingSources(index, channels, isLocal);
  return withOneAudience(feeding, (channel) => audiencesOf.get(channel) ?? []).map(
    ([name]) => name,
  );
}
