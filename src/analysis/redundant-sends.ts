/**
 * Messages that are held back only because they have arrived.
 *
 * `c(n, x)@async :- b(x), peer(n), notin acked(n, x);` stops a resend once the receiver has
 * answered. If every derivation of `acked(n, x)` goes back to the receipt of the very message `c(n,
 * x)` at `n`, then a message that is held back has been delivered before, and the set of messages
 * that ever arrive is the one without the negation: it may be left out of the analysis, however
 * `acked` comes about. The whole head must come back, the receiver included, or what determines it (an
 * id that has one payload at each sender): an answer that does not say who sent it, or an answer to another message, does not count (ANALYSIS 1.6,
 * redundant-send suppression; Conway et al., "Edelweiss", VLDB 2014), unless one receiver has it
 * only if it is on its way to all (sent-alike.ts). Tuples that `acked` is given at the start are
 * there from boot on, and as long as nothing takes them out they hold back the same messages in
 * every run.
 *
 * *Reclamation* is the same for a sender that forgets `b(x)` once all receivers of a static roster
 * have answered: `delete b(x) :- b(x), notin missing(x); missing(x) :- b(x), peer(n), notin
 * acked(n, x);`. What the send reads of `b` is then as good as never deleted; what others read of
 * it is not.
 */
import type { Causes, CauseFact, Moment, Symbols } from './causes.js';
import { Entailment } from './entailment.js';
import { determineMessages } from './functional-keys.js';
import { mergesNothing } from './lattice-reads.js';
import { mayFail } from './partial-rules.js';
import { clausesOf, isRemoval, isStatic, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { isSentAlike } from './sent-alike.js';

/** The negated atoms that may be left out. */
export function findRedundantAbsences(index: ProgramIndex, causes: Causes): ReadonlySet<Atom> {
  const redundant = new Set<Atom>();
  for (const clause of index.clauses) {
    // Whether a message is held back may decide whether its timestep fails.
    if (!isSend(index, clause) || mayFail(index, clause)) continue;
    const symbols = causes.symbolsOf(clause);
    const at = causes.momentOf(clause, symbols);
    for (const atom of clause.atoms) {
      if (!atom.negated || isTakenFrom(index, atom.relation)) continue;
      const answer = causes.factOf(atom.relation, atom.arguments, symbols, at, 0);
      if (impliesReceipt(index, causes, clause, symbols, answer, atom)) redundant.add(atom);
    }
  }
  return redundant;
}

function isSend(index: ProgramIndex, { rule, head }: Clause): boolean {
  return rule.head.mode === 'async' && relationOf(index, head).kind === 'channel';
}

/** Whether the answer goes back to what the clause sends: received, or on its way since. */
function impliesReceipt(
  index: ProgramIndex,
  causes: Causes,
  clause: Clause,
  symbols: Symbols,
  answer: CauseFact,
  judged: Atom | null,
): boolean {
  const sent = clause.rule.head.arguments.map((argument) =>
    argument.kind === 'term' ? causes.symbolOf(argument.term, symbols) : '',
  );
  const histories = causes.historiesOf(answer);
  return (
    histories.length > 0 &&
    histories.every(({ facts }) =>
      facts.some(
        (fact) =>
          fact.relation === clause.head &&
          (isSameMessage(index, fact, sent) ||
            isSentAlike(index, clause, symbols, fact.arguments, judged)),
      ),
    )
  );
}

/** Whether a message that was received is the one sent: alike in columns that determine the others. */
function isSameMessage(
  index: ProgramIndex,
  { relation, arguments: received }: CauseFact,
  sent: readonly string[],
): boolean {
  const alike = received.flatMap((symbol, column) => (symbol === sent[column] ? [column] : []));
  return alike.length === received.length || determineMessages(index, relation, alike);
}

export interface Reclamation {
  /** Atoms that read a table as if nothing were ever deleted from it. */
  readonly shielded: ReadonlySet<Atom>;
  /** Deletions that these atoms do not notice, by id. */
  readonly deletes: ReadonlySet<number>;
}

/** Tables of which only what has arrived everywhere is deleted, as their senders read them. */
export function findReclaimed(index: ProgramIndex, causes: Causes): Reclamation {
  const shielded = new Set<Atom>();
  const deletes = new Set<number>();
  for (const relation of index.relations) {
    const { name, kind } = relation;
    const removals = clausesOf(index, name).filter(isRemoval);
    // A value that grows does not grow any more once it is deleted.
    if (kind !== 'table' || removals.length === 0 || !mergesNothing(relation)) continue;
    for (const { clause, atom } of index.usesByRelation.get(name) ?? []) {
      if (atom.negated || !isSend(index, clause) || mayFail(index, clause)) continue;
      if (!removals.every((removal) => waitsForReceipt(index, causes, removal, clause, atom)))
        continue;
      shielded.add(atom);
      for (const { id } of removals) deletes.add(id);
    }
  }
  return { shielded, deletes };
}

/** Whether a tuple is deleted only once all that the clause sends of it has arrived. */
function waitsForReceipt(
  index: ProgramIndex,
  causes: Causes,
  removal: Clause,
  send: Clause,
  atom: Atom,
): boolean {
  if (removal.rule.head.mode !== 'delete') return false;
  const symbols = causes.symbolsOf(send);
  const at = causes.momentOf(send, symbols);
  const tuple = causes.factOf(atom.relation, atom.arguments, symbols, at, 0);
  const inRemoval = new Map<string, string>();
  for (const [column, argument] of removal.rule.head.arguments.entries())
    if (argument.kind === 'term' && argument.term.kind === 'variable')
      inRemoval.set(argument.term.name, tuple.arguments[column]!);
  const read = send.atoms.filter(
    (each) => each === atom || (!each.negated && isStatic(index, each.relation)),
  );
  const body = causes.bodyOf({ ...send, atoms: read }, symbols, at);
  const cause = {
    ...body,
    facts: [tuple, ...body.facts.filter((f) => f.relation !== tuple.relation)],
  };
  return removal.atoms.some((absent) => {
    if (!absent.negated) return false;
    const asked = absent.arguments.map((argument) => {
      if (argument.kind === 'wildcard') return null;
      if (argument.kind === 'constant') return causes.symbolOf(argument, symbols);
      return inRemoval.get(argument.name) ?? causes.fresh();
    });
    return clausesOf(index, absent.relation).some((missing) =>
      isMissingWithout(index, causes, missing, cause, asked, at, send, symbols),
    );
  });
}

/** Whether the clause would derive what is absent if some receiver of the send had not answered. */
function isMissingWithout(
  index: ProgramIndex,
  causes: Causes,
  missing: Clause,
  cause: Parameters<Entailment['firings']>[0],
  asked: readonly (string | null)[],
  at: Moment,
  send: Clause,
  symbols: Symbols,
): boolean {
  const answers = missing.atoms.filter((atom) => atom.negated);
  const [answer] = answers;
  if (answer === undefined || answers.length > 1) return false;
  if (isTakenFrom(index, answer.relation) || !agreesOnGiven(index, send, answer)) return false;
  if (missing.rule.head.mode !== 'now' || missing.rule.aggregated) return false;
  const without = { ...missing, atoms: missing.atoms.filter((atom) => atom !== answer) };
  const entailment = new Entailment(index, causes, () => false);
  for (const found of entailment.firings(cause, without, asked, at)) {
    const fact = causes.factOf(answer.relation, answer.arguments, found, at, 0);
    if (impliesReceipt(index, causes, send, symbols, fact, null)) return true;
  }
  return false;
}

/** Whether an answer may go again: then one that was given at the start holds messages back for a while. */
function isTakenFrom(index: ProgramIndex, name: string): boolean {
  return clausesOf(index, name).some(isRemoval);
}

/**
 * Whether an answer that was given at the start does no harm: the send waits for nothing, or is
 * held back by the same answer.
 */
function agreesOnGiven(index: ProgramIndex, send: Clause, answer: Atom): boolean {
  const moving = send.atoms.filter(({ relation }) => !isStatic(index, relation));
  const isHeldBack = send.body.literals.some(
    (literal) => literal.kind === 'atom' && literal.negated && literal.relation === answer.relation,
  );
  return moving.length === 1 || isHeldBack;
}
