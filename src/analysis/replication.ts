/**
 * Which relations are replicated: several nodes are meant to hold the same tuples.
 *
 * Replication is inferred. A channel *fans out* if the address of its messages does not depend on
 * what they say: the address variable is bound by static relations alone, and no join leads from
 * it to the payload (the node's own name counts as a constant). What such a channel feeds at its
 * receivers is replicated over them, until a message with an address of its own leaves, or a rule
 * asks on which node it runs. Rules that send the same to several nodes by name do so too.
 *
 * That several nodes hold *some* of the same tuples is enough to ask for an order. That they must
 * hold the same ones in the end asks for more: every message reaches every receiver (a fan-out that
 * leaves the sender out does not), and nothing that enters at one node only comes in between.
 */
import { valueText } from '../base/value-text.js';
import type { AtomArgument, Literal, Relation } from '../semantics/program.js';
import type { GrowthFacts } from './growth.js';
import { literalVariables, relationOf, termVariables } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';
import { findReachingSources } from './reaching-sources.js';

/** How messages of a channel find their receivers. */
export interface FanOut {
  readonly clause: Clause;
  /** Static relations that bind the address, sorted. */
  readonly over: readonly string[];
  /** What is asked of them: rules that ask for the same have the same receivers. */
  readonly audience: string;
  /** No condition picks some receivers out: every one gets every message. */
  readonly pure: boolean;
}
export interface ReplicationFacts {
  readonly replicated: ReadonlySet<string>;
  /** Rules that fan out, by channel. */
  readonly fanOutsByChannel: ReadonlyMap<string, readonly FanOut[]>;
  /** Relations that all receivers of some channels hold alike, and those channels, sorted. */
  readonly channelsByRelation: ReadonlyMap<string, readonly string[]>;
}

/** Finds the channels that fan out and what they feed. */
export function findReplication(index: ProgramIndex, growth: GrowthFacts): ReplicationFacts {
  const fanOutsByChannel = new Map<string, FanOut[]>();
  const sent = index.clauses.filter(({ rule }) => rule.head.mode === 'async');
  const fanOuts = sent.flatMap((clause) => fanOutOf(index, growth, clause) ?? []);
  for (const fanOut of [...fanOuts, ...fanOutsByName(index, sent)]) {
    const { head } = fanOut.clause;
    fanOutsByChannel.set(head, [...(fanOutsByChannel.get(head) ?? []), fanOut]);
  }
  const feeding = findReachingSources(index, [...fanOutsByChannel.keys()].sort(), (clause) =>
    staysAlike(index, clause),
  );
  const unlike = findUnlike(index, fanOutsByChannel);
  const audiencesOf = (channel: string): readonly string[] =>
    (fanOutsByChannel.get(channel) ?? []).map(({ audience }) => audience);
  const channelsByRelation = new Map(
    withOneAudience(feeding, audiencesOf).filter(([name]) => !unlike.has(name)),
  );
  return { replicated: new Set(feeding.keys()), fanOutsByChannel, channelsByRelation };
}

/** The relations, and what they feed through the rules that count. */
export function downstream(
  index: ProgramIndex,
  sources: Iterable<string>,
  counts: (clause: Clause) => boolean,
): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [...sources];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (found.has(name)) continue;
    found.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? [])
      if (counts(clause)) waiting.push(clause.head);
  }
  return found;
}

/** Relations that nodes may rightly hold differently: what enters at one node, is sent to some, or asks who it is. */
function findUnlike(
  index: ProgramIndex,
  fanOutsByChannel: ReplicationFacts['fanOutsByChannel'],
): ReadonlySet<string> {
  const isPure = (clause: Clause): boolean =>
    fanOutsByChannel.get(clause.head)?.some((f) => f.clause === clause && f.pure) === true;
  const sources = [
    ...index.relations
      .filter((relation) => relation.kind === 'input' || isGivenByNode(index, relation))
      .map(({ name }) => name),
    ...index.clauses
      .filter((clause) => !isPure(clause) && !staysAlike(index, clause))
      .map((clause) => clause.head),
  ];
  return downstream(index, sources, (clause) => !isPure(clause));
}

/** Whether each node is given rows of its own. */
export function isGivenByNode(index: ProgramIndex, { name, kind, location }: Relation): boolean {
  return location !== null && (kind === 'static' || index.factCounts.has(name));
}

/** The relations all of whose channels go to the same receivers, with these channels. */
export function withOneAudience(
  feeding: ReadonlyMap<string, readonly string[]>,
  audiencesOf: (channel: string) => Iterable<string>,
): readonly (readonly [relation: string, channels: readonly string[]])[] {
  const isOne = (channels: readonly string[]): boolean => {
    const audiences = new Set<string>();
    for (const channel of channels) {
      for (const audience of audiencesOf(channel)) audiences.add(audience);
      if (audiences.size > 1) return false;
    }
    return audiences.size === 1;
  };
  // Many relations share a list.
  const one = new Set([...new Set(feeding.values())].filter(isOne));
  return [...feeding].filter(([, channels]) => one.has(channels));
}

/** Whether a rule derives the same tuples, location apart, at all nodes that hold the same ones. */
export function staysAlike(index: ProgramIndex, clause: Clause): boolean {
  const { mode, relation } = clause.rule.head;
  if (mode === 'async') return relationOf(index, relation).kind === 'loopback';
  return !asksForNode(index, clause);
}

/** Whether what a rule derives depends on the node at which it fires. */
export function asksForNode(index: ProgramIndex, clause: Clause): boolean {
  const { arguments: head, relation } = clause.rule.head;
  const here = nodeVariables(index, clause);
  const location = relationOf(index, relation).location;
  const shows = head.some((argument, column) => {
    if (column === location) return false;
    const terms = argument.kind === 'term' ? [argument.term] : argument.arguments;
    return terms.some((term) => termVariables(term).some((name) => here.has(name)));
  });
  return shows || clause.body.literals.some((literal) => usesNode(index, literal, here));
}

/** Whether a literal compares or joins the node's own name with something. */
function usesNode(index: ProgramIndex, literal: Literal, here: ReadonlySet<string>): boolean {
  if (literal.kind !== 'atom') return literalVariables(literal).some((name) => here.has(name));
  const { location, builtin } = relationOf(index, literal.relation);
  const place = builtin === 'self' ? 0 : location;
  const named = place === null ? undefined : literal.arguments[place];
  if (named?.kind === 'constant') return true;
  if (literal.negated && named?.kind === 'variable') return true;
  if (builtin === 'self') return false;
  return literal.arguments.some(
    (a, column) => column !== location && a.kind === 'variable' && here.has(a.name),
  );
}

/** Variables that stand for the node itself: those of `self` and of `@` columns. */
function nodeVariables(index: ProgramIndex, clause: Clause): ReadonlySet<string> {
  const here = new Set<string>();
  for (const atom of clause.atoms) {
    if (atom.negated) continue;
    const relation = relationOf(index, atom.relation);
    const column = relation.builtin === 'self' ? 0 : relation.location;
    const argument = column === null ? undefined : atom.arguments[column];
    if (argument?.kind === 'variable') here.add(argument.name);
  }
  return here;
}

function fanOutOf(index: ProgramIndex, growth: GrowthFacts, clause: Clause): FanOut | null {
  const { location } = relationOf(index, clause.head);
  const address = location === null ? undefined : clause.rule.head.arguments[location];
  if (address?.kind !== 'term' || address.term.kind !== 'variable') return null;
  const here = nodeVariables(index, clause);
  if (here.has(address.term.name)) return null;
  const isStatic = (literal: Literal): boolean =>
    literal.kind === 'atom' && growth.growthByRelation.get(literal.relation) === 'static';
  const reached = connected(clause, address.term.name, here);
  const over = new Set<string>();
  const asked: string[] = [];
  const nameOf = namesFor(address.term.name, clause);
  let pure = true;
  for (const literal of clause.body.literals) {
    const touches = literalVariables(literal).some((name) => reached.has(name));
    if (!touches) continue;
    if (isStatic(literal) && literal.kind === 'atom' && !literal.negated) {
      over.add(literal.relation);
      asked.push(`${literal.relation}(${literal.arguments.map(nameOf).join(', ')})`);
      // A static that is asked about this node gives other receivers at another sender.
      const asksHere = literalVariables(literal).some((name) => here.has(name));
      if (asksHere || relationOf(index, literal.relation).location !== null) pure = false;
    } else if (isStatic(literal) || isInequality(literal)) pure = false;
    else return null;
  }
  // A head column that shows the address tells receivers apart.
  const shown = clause.rule.head.arguments.some((argument, column) => {
    if (column === location || argument.kind !== 'term') return column !== location;
    return termVariables(argument.term).some((name) => reached.has(name));
  });
  const audience = asked.sort().join(', ');
  return { clause, over: [...over].sort(), audience, pure: pure && !shown };
}

/** Rules that differ in nothing but the node that each names as its receiver. */
function fanOutsByName(index: ProgramIndex, sent: readonly Clause[]): readonly FanOut[] {
  const alike = new Map<string, FanOut[]>();
  for (const clause of sent) {
    const { location } = relationOf(index, clause.head);
    const { arguments: head } = clause.rule.head;
    const address = location === null ? undefined : head[location];
    if (address?.kind !== 'term' || address.term.kind !== 'constant') continue;
    const payload = head.filter((argument) => argument !== address);
    const content = JSON.stringify([clause.head, payload, clause.body.literals], withoutSpans);
    const audience = valueText(address.term.value);
    const fanOut = { clause, over: [], audience, pure: false };
    alike.set(content, [...(alike.get(content) ?? []), fanOut]);
  }
  return [...alike.values()].filter((fanOuts) => fanOuts.length > 1).flat();
}

function withoutSpans(key: string, value: unknown): unknown {
  return key === 'span' ? undefined : value;
}

/** Arguments as they are written in an audience: `@` for the address, `_` for what nothing else asks for. */
function namesFor(address: string, clause: Clause): (argument: AtomArgument) => string {
  return (argument) => {
    if (argument.kind === 'constant') return valueText(argument.value);
    if (argument.kind === 'wildcard' || clause.occurrences.get(argument.name) === 1) return '_';
    return argument.name === address ? '@' : argument.name;
  };
}

/** Variables that joins and computations connect with the address, inequalities aside. */
function connected(
  clause: Clause,
  address: string,
  here: ReadonlySet<string>,
): ReadonlySet<string> {
  const reached = new Set([address]);
  for (let size = 0; size !== reached.size;) {
    size = reached.size;
    for (const literal of clause.body.literals) {
      if (isInequality(literal)) continue;
      const names = literalVariables(literal).filter((name) => !here.has(name));
      if (names.some((name) => reached.has(name))) for (const name of names) reached.add(name);
    }
  }
  return reached;
}

function isInequality(literal: Literal): boolean {
  return (
    literal.kind === 'condition' && literal.term.kind === 'apply' && literal.term.function === '!='
  );
}
