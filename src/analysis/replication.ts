/**
 * Which relations are replicated: several nodes are meant to hold the same tuples.
 *
 * Replication is inferred. A channel *fans out* if the address of its messages does not depend on
 * what they say: the address variable is bound by static relations alone, and no join leads from
 * it to the payload (the node's own name counts as a constant). What such a channel feeds at its
 * receivers is replicated over them, until a message with an address of its own leaves, or a rule
 * asks on which node it runs.
 */
import type { Literal } from '../semantics/program.js';
import type { GrowthFacts } from './growth.js';
import { literalVariables, relationOf, termVariables } from './program-index.js';
import type { Clause, ProgramIndex } from './program-index.js';

/** How messages of a channel find their receivers. */
export interface FanOut {
  readonly clause: Clause;
  /** Static relations that bind the address, sorted. */
  readonly over: readonly string[];
  /** No condition picks some receivers out: every one gets every message. */
  readonly pure: boolean;
}
export interface ReplicationFacts {
  readonly replicated: ReadonlySet<string>;
  /** Rules that fan out, by channel. */
  readonly fanOutsByChannel: ReadonlyMap<string, readonly FanOut[]>;
}

/** Finds the channels that fan out and what they feed. */
export function findReplication(index: ProgramIndex, growth: GrowthFacts): ReplicationFacts {
  const fanOutsByChannel = new Map<string, FanOut[]>();
  for (const clause of index.clauses) {
    const fanOut = clause.rule.head.mode === 'async' ? fanOutOf(index, growth, clause) : null;
    if (fanOut === null) continue;
    fanOutsByChannel.set(clause.head, [...(fanOutsByChannel.get(clause.head) ?? []), fanOut]);
  }
  const replicated = new Set<string>();
  const waiting = [...fanOutsByChannel.keys()];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (replicated.has(name)) continue;
    replicated.add(name);
    for (const { clause } of index.usesByRelation.get(name) ?? [])
      if (staysAlike(index, clause)) waiting.push(clause.head);
  }
  return { replicated, fanOutsByChannel };
}

/** Whether a rule derives the same tuples, location apart, at all nodes that hold the same ones. */
function staysAlike(index: ProgramIndex, clause: Clause): boolean {
  const { mode, arguments: head, relation } = clause.rule.head;
  if (mode === 'async') return relationOf(index, relation).kind === 'loopback';
  const here = nodeVariables(index, clause);
  const location = relationOf(index, relation).location;
  const shows = head.some((argument, column) => {
    if (column === location) return false;
    const terms = argument.kind === 'term' ? [argument.term] : argument.arguments;
    return terms.some((term) => termVariables(term).some((name) => here.has(name)));
  });
  const asks = clause.body.literals.some((literal) => usesNode(index, literal, here));
  return !shows && !asks;
}

/** Whether a literal compares or joins the node's own name with something. */
function usesNode(index: ProgramIndex, literal: Literal, here: ReadonlySet<string>): boolean {
  if (literal.kind !== 'atom') return literalVariables(literal).some((name) => here.has(name));
  const { location, builtin } = relationOf(index, literal.relation);
  if (builtin === 'self') return literal.arguments.some((a) => a.kind === 'constant');
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
  let pure = true;
  for (const literal of clause.body.literals) {
    const touches = literalVariables(literal).some((name) => reached.has(name));
    if (!touches) continue;
    if (isStatic(literal) && literal.kind === 'atom' && !literal.negated) {
      over.add(literal.relation);
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
  return { clause, over: [...over].sort(), pure: pure && !shown };
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
