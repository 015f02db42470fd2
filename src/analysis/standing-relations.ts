/**
 * What stands in all timesteps and what stays from one to the next, by the rules alone: relations that
 * hold the same tuples from boot on, and those whose tuples stay until they are deleted. All else that
 * is said of growth builds on it (growth.ts).
 */
import type { AtomArgument, Relation } from '../semantics/program.js';
import { Causes } from './causes.js';
import { Entailment } from './entailment.js';
import { clausesOf, relationOf } from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';

const staticsByIndex = new WeakMap<ProgramIndex, ReadonlySet<string>>();
const storedByIndex = new WeakMap<ProgramIndex, ReadonlySet<string>>();

/** Relations that hold the same tuples in every timestep. */
export function staticsOf(index: ProgramIndex): ReadonlySet<string> {
  const known = staticsByIndex.get(index) ?? findStatics(index);
  staticsByIndex.set(index, known);
  return known;
}

/** Latches: relations whose tuples stay until they are deleted. */
export function storedOf(index: ProgramIndex): ReadonlySet<string> {
  const known = storedByIndex.get(index) ?? findStored(index);
  storedByIndex.set(index, known);
  return known;
}

/** Whether an atom says nothing but that a timestep runs: `now(_)`. */
export function isAlways(index: ProgramIndex, clause: Clause, atom: Atom): boolean {
  return (
    !atom.negated &&
    relationOf(index, atom.relation).builtin === 'now' &&
    leavesAllOpen(clause, atom)
  );
}

/** Which value `choose` gives is nothing to rely on, even where it is computed the same everywhere. */
export function chooses({ rule }: Clause): boolean {
  return rule.head.arguments.some(
    (argument) => argument.kind === 'aggregate' && argument.function === 'choose',
  );
}

/** Whether no column of the atom is compared, joined or shown. */
export function leavesAllOpen(clause: Clause, atom: Atom): boolean {
  return atom.arguments.every((argument) => isOpen(clause, argument));
}

/** Whether what stands in a column is neither compared nor joined nor shown. */
export function isOpen(clause: Clause, argument: AtomArgument): boolean {
  if (argument.kind !== 'variable') return argument.kind === 'wildcard';
  return clause.occurrences.get(argument.name) === 1;
}

/** A greatest fixpoint from what could be. */
function findStatics(index: ProgramIndex): ReadonlySet<string> {
  const statics = new Set(
    index.relations
      .filter((r) => index.empty.has(r.name) || couldBeStatic(index, r))
      .map((r) => r.name),
  );
  const holds = (clause: Clause): boolean =>
    !chooses(clause) &&
    clause.atoms.every((atom) => statics.has(atom.relation) || isAlways(index, clause, atom));
  shrink(index, statics, holds);
  return statics;
}

function couldBeStatic(index: ProgramIndex, relation: Relation): boolean {
  const clauses = clausesOf(index, relation.name);
  const facts = index.factCounts.get(relation.name) ?? 0;
  switch (relation.kind) {
    case 'static':
      return true;
    case 'table':
      return clauses.every((clause) => clause.rule.head.mode === 'now');
    case 'scratch':
      // Facts of a scratch hold at boot only, and so do rows from a facts file where nothing derives it.
      return (
        facts === 0 &&
        clauses.length > 0 &&
        clauses.every((clause) => clause.rule.head.mode === 'now')
      );
    case 'output':
    case 'view':
      return facts === 0 && clauses.every((clause) => clause.rule.head.mode === 'now');
    default:
      return false;
  }
}

/** Takes names out of the set until `holds` is true of all clauses of all names that stay. */
function shrink(index: ProgramIndex, names: Set<string>, holds: (clause: Clause) => boolean): void {
  const waiting = [...names];
  while (waiting.length > 0) {
    const name = waiting.pop()!;
    if (!names.has(name) || clausesOf(index, name).every(holds)) continue;
    names.delete(name);
    for (const use of index.usesByRelation.get(name) ?? []) waiting.push(use.clause.head);
  }
}

function findStored(index: ProgramIndex): ReadonlySet<string> {
  const stored = index.relations.filter(
    (r) =>
      // Once sealed it stays sealed.
      r.builtin === 'sealed' || r.kind === 'table' || r.kind === 'lattice' || keepsItself(index, r),
  );
  return new Set(stored.map((r) => r.name));
}

/**
 * `p(x, y)@next :- p(x, y);`: a relation that copies itself into the next timestep never shrinks. Nor
 * does one that a static filter thins out on the way, if every rule that fills it has that filter.
 */
function keepsItself(index: ProgramIndex, relation: Relation): boolean {
  const { kind, name } = relation;
  if (kind !== 'scratch' && kind !== 'output' && kind !== 'view') return false;
  return clausesOf(index, name).some((clause) => {
    const { mode, arguments: head } = clause.rule.head;
    const [literal, ...filter] = clause.body.literals;
    if (mode !== 'next' || literal?.kind !== 'atom') return false;
    if (literal.negated || literal.relation !== name) return false;
    const names = literal.arguments.map((a) => (a.kind === 'variable' ? a.name : ''));
    if (new Set(names).size < names.length || names.includes('')) return false;
    const isCopy = head.every(
      (a, i) => a.kind === 'term' && a.term.kind === 'variable' && a.term.name === names[i],
    );
    return isCopy && (filter.length === 0 || isFilteredAlike(index, relation, clause));
  });
}

/** Whether all that comes to the relation has passed the static filter with which it is kept. */
function isFilteredAlike(index: ProgramIndex, { name }: Relation, keeping: Clause): boolean {
  if (index.factCounts.has(name)) return false;
  const [kept, ...filter] = keeping.atoms;
  if (kept === undefined || !filter.every((atom) => isGiven(index, atom.relation))) return false;
  const causes = new Causes(index);
  const entailment = new Entailment(index, causes, () => false);
  const passing = { ...keeping, atoms: filter };
  return clausesOf(index, name).every((clause) => {
    if (clause === keeping) return true;
    const symbols = causes.symbolsOf(clause);
    const at = causes.momentOf(clause, symbols);
    const head = clause.rule.head.arguments.map((argument) =>
      argument.kind === 'term' ? causes.symbolOf(argument.term, symbols) : causes.fresh(),
    );
    return entailment.fires(causes.bodyOf(clause, symbols, at), passing, head, at);
  });
}

function isGiven(index: ProgramIndex, name: string): boolean {
  const { kind, builtin } = relationOf(index, name);
  return kind === 'static' && builtin === null;
}
