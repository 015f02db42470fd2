/**
 * What is not the same at all nodes, although all of them get the same entries of an ordered log.
 *
 * A log makes replicas agree on what is a function of its entries and of nothing else. A relation is
 * *unlike* if something feeds it that differs from node to node: the node's own name, rows of a
 * located table or static, or another unlike relation. What a sender computes before it sends an
 * entry does not count, because the entry is the same for all (Schneider 1990: the commands of a
 * state machine may come from anywhere, its transitions may not).
 *
 * A replicated relation is moreover unlike if an input, a timer or a message to itself reaches it
 * beside the log: each node has its own.
 */
import { clausesOf, relationOf } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';
import { asksForNode } from './replication.js';
import type { ReplicationFacts } from './replication.js';

/** Names of the relations that may differ from node to node under a log of these channels. */
export function findUnlike(
  index: ProgramIndex,
  replication: ReplicationFacts,
  ordered: ReadonlySet<string>,
): ReadonlySet<string> {
  const located = index.relations.filter((r) => r.location !== null && r.kind !== 'channel');
  const asking = index.clauses.filter((clause) => {
    if (!isSent(index, clause)) return asksForNode(index, clause);
    // A message may name its sender; it may not choose other receivers at another sender.
    const fanOut = replication.fanOutsByChannel.get(clause.head)?.find((f) => f.clause === clause);
    return fanOut !== undefined && !fanOut.pure && asksForNode(index, clause);
  });
  const from = [...located.map((r) => r.name), ...asking.map((clause) => clause.head)];
  return feeds(index, from, (clause) => !ordered.has(clause.head), ordered);
}

/** Replicated relations that a node's own events reach beside the log. */
export function findMixed(
  index: ProgramIndex,
  replication: ReplicationFacts,
  ordered: ReadonlySet<string>,
): ReadonlySet<string> {
  const own = index.relations.filter(({ kind, name }) => {
    if (kind === 'channel') return !ordered.has(name) && !replication.fanOutsByChannel.has(name);
    return kind === 'input' || kind === 'periodic';
  });
  const mixed = feeds(
    index,
    own.map((r) => r.name),
    (clause) => !isSent(index, clause),
    ordered,
  );
  return new Set([...mixed].filter((name) => replication.replicated.has(name)));
}

/**
 * Everything that entries of the log lead to at the node that applies them. What a timestep sends to
 * one receiver is not torn: an entry also holds what goes there on other channels.
 */
export function findEntryFed(
  index: ProgramIndex,
  ordered: ReadonlySet<string>,
): ReadonlySet<string> {
  const from = ordered.size === 0 ? [] : [...ordered, ...index.sent];
  return feeds(index, from, (clause) => !isSent(index, clause), new Set());
}

/** The clause of an unlike relation where the difference comes in, as near as can be told. */
export function unlikeClause(
  index: ProgramIndex,
  unlike: ReadonlySet<string>,
  relation: string,
): Clause | null {
  const seen = new Set([relation]);
  for (const name of seen) {
    for (const clause of clausesOf(index, name)) {
      const located = clause.atoms.some(
        (a) => unlike.has(a.relation) && clausesOf(index, a.relation).length === 0,
      );
      if (located || asksForNode(index, clause)) return clause;
      for (const atom of clause.atoms) if (unlike.has(atom.relation)) seen.add(atom.relation);
    }
  }
  return clausesOf(index, relation)[0] ?? null;
}

function isSent(index: ProgramIndex, clause: Clause): boolean {
  return clause.rule.head.mode === 'async' && relationOf(index, clause.head).kind !== 'loopback';
}

/** Forward along the clauses that carry on, except into `stops`. */
function feeds(
  index: ProgramIndex,
  from: Iterable<string>,
  carriesOn: (clause: Clause) => boolean,
  stops: ReadonlySet<string>,
): ReadonlySet<string> {
  const fed = new Set<string>();
  const waiting = [...from];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (fed.has(name) || stops.has(name)) continue;
    fed.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? [])
      if (carriesOn(clause)) waiting.push(clause.head);
  }
  return fed;
}
