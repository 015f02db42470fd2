/**
 * Takes out of a program, for the analysis, what makes no difference to any timestep of any run:
 *
 * - rules whose bodies contradict themselves (find-contradictions.ts);
 * - rules that read a relation to which nothing ever comes (a least fixpoint of what may hold
 *   something: inputs, timers, what facts may be given to, and what a rule with such a body derives);
 * - rules that another rule subsumes: same head, same time, and the other's body is contained in it (a
 *   conditional resend beside an unconditional one). The other derives every tuple that this one does,
 *   in the same timestep, so the results are equal, unless this one may fail;
 * - `notin` of an acknowledgement in front of a send (redundant-sends.ts).
 *
 * A relation that stays empty is as good as static. ANALYSIS 1.3 (a), (b) and 1.6.
 */
import { Causes } from './causes.js';
import { findContradictions } from './find-contradictions.js';
import { mayFail } from './partial-rules.js';
import { indexClauses, relationOf } from './program-index.js';
import type { Atom, Clause, Dropped, ProgramIndex } from './program-index.js';
import { Entailment } from './entailment.js';
import { findRedundantAbsences } from './redundant-sends.js';

/** The same program without what never matters. */
export function pruneProgram(index: ProgramIndex): ProgramIndex {
  const contradictory = findContradictions(index, new Causes(index));
  const filled = findFilled(index, contradictory);
  const dropped = new Map<number, Dropped>();
  for (const clause of index.clauses)
    if (contradictory.has(clause)) dropped.set(clause.id, 'contradicts-itself');
    else if (!clause.atoms.every((atom) => atom.negated || filled.has(atom.relation)))
      dropped.set(clause.id, 'never-fires');
  for (const clause of findSubsumed(index, dropped)) dropped.set(clause.id, 'subsumed');
  const absent = findRedundantAbsences(index, new Causes(index));
  if (dropped.size === 0 && absent.size === 0 && filled.size === index.relations.length)
    return index;
  const clauses = index.clauses
    .filter(({ id }) => !dropped.has(id))
    .map((clause) => withoutAtoms(clause, absent));
  const empty = index.relations.map(({ name }) => name).filter((name) => !filled.has(name));
  return { ...index, ...indexClauses(clauses), dropped, empty: new Set(empty), redundant: absent };
}

function withoutAtoms(clause: Clause, atoms: ReadonlySet<Atom>): Clause {
  if (!clause.atoms.some((atom) => atoms.has(atom))) return clause;
  return { ...clause, atoms: clause.atoms.filter((atom) => !atoms.has(atom)) };
}

/** Relations that may hold something at some time. */
function findFilled(index: ProgramIndex, contradictory: ReadonlySet<Clause>): ReadonlySet<string> {
  const filled = new Set<string>();
  const waiting: string[] = [];
  const missing = new Map<Clause, number>();
  const fill = (name: string): void => {
    if (filled.has(name)) return;
    filled.add(name);
    waiting.push(name);
  };
  for (const clause of index.clauses) {
    if (contradictory.has(clause)) continue;
    const read = new Set(clause.atoms.filter((a) => !a.negated).map((a) => a.relation));
    missing.set(clause, read.size);
    if (read.size === 0) fill(clause.head);
  }
  for (const { name } of index.relations) if (takesTuples(index, name)) fill(name);
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    const readers = new Set(
      (index.usesByRelation.get(name) ?? []).flatMap(({ clause, atom }) =>
        atom.negated ? [] : [clause],
      ),
    );
    for (const clause of readers) {
      const left = (missing.get(clause) ?? Infinity) - 1;
      missing.set(clause, left);
      if (left === 0 && clause.rule.head.mode !== 'delete') fill(clause.head);
    }
  }
  return filled;
}

/** Whether tuples may come to a relation otherwise than by rules. */
function takesTuples(index: ProgramIndex, name: string): boolean {
  const { kind, builtin } = relationOf(index, name);
  if (index.factCounts.has(name)) return true;
  switch (kind) {
    case 'channel':
    case 'loopback':
      return false;
    case 'output':
    case 'view':
      return builtin !== null;
    case 'scratch':
      // Without rules it takes facts from outside.
      return (index.clausesByHead.get(name) ?? []).length === 0;
    default:
      return true;
  }
}

/** Clauses of which another clause, still there, derives every tuple at the same time. */
function findSubsumed(
  index: ProgramIndex,
  dropped: ReadonlyMap<number, Dropped>,
): readonly Clause[] {
  const causes = new Causes(index);
  const entailment = new Entailment(index, causes, () => false);
  const gone = new Set<number>(dropped.keys());
  const subsumed: Clause[] = [];
  const byShape = new Map<string, Clause[]>();
  for (const clause of index.clauses) {
    const shape = `${clause.head} ${clause.rule.head.mode}`;
    const alike = byShape.get(shape);
    if (alike === undefined) byShape.set(shape, [clause]);
    else alike.push(clause);
  }
  for (const alike of byShape.values()) {
    if (alike.length === 1 || alike.length > mostAlike) continue;
    for (const clause of alike) {
      if (gone.has(clause.id) || clause.rule.aggregated || mayFail(index, clause)) continue;
      const other = alike.find(
        (each) =>
          each !== clause && !gone.has(each.id) && derivesAll(causes, entailment, each, clause),
      );
      if (other === undefined) continue;
      gone.add(clause.id);
      subsumed.push(clause);
    }
  }
  return subsumed;
}

/** Rules for one head that are compared with each other. */
const mostAlike = 64;

/** Whether one clause derives, in the same timestep, whatever the other does. */
function derivesAll(causes: Causes, entailment: Entailment, one: Clause, other: Clause): boolean {
  if (one.rule.aggregated || one.atoms.length > other.atoms.length) return false;
  const names = new Set(other.atoms.map((atom) => atom.relation));
  if (!one.atoms.every((atom) => names.has(atom.relation))) return false;
  const symbols = causes.symbolsOf(other);
  const at = causes.momentOf(other, symbols);
  const cause = causes.bodyOf(other, symbols, at);
  const head = other.rule.head.arguments.map((argument) =>
    argument.kind === 'term' ? causes.symbolOf(argument.term, symbols) : '',
  );
  return entailment.fires(cause, one, head, at);
}
