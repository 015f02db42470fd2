/**
 * Whether two tuples of a keyed relation can ever agree on the key and differ elsewhere.
 *
 * Such a conflict fails the timestep, and which of the two tuples came first is up to the
 * schedule, so a relation that cannot be proved free of it is a race. Proved free are:
 * - one rule whose other columns are computed from the key columns: over all timesteps and senders
 *   by pure terms, or by a table of the sender (behind-sends.ts); within a node also by static tables
 *   and by keyed tables that only grow, and so
 *   over all senders where the key names the sender (one writer a key, ANALYSIS 1.8); for tuples of
 *   one timestep also by other keyed relations and by the group of an aggregate, and so for those of
 *   all timesteps where a seal has closed all that is read: what was derived once is derived again;
 * - one rule, functional within its timestep, that inserts only where `notin p(key, _)` holds;
 * - one `upsert`, functional within its timestep, and no other writer but facts.
 * The closure is that of attributes under functional dependencies (Armstrong 1974), along the
 * literals of a body.
 */
import { equalValues } from '../base/value.js';
import type {
  AtomArgument,
  HeadArgument,
  Pattern,
  Relation,
  Rule,
  Term,
} from '../semantics/program.js';
import { isExact } from './exact-types.js';
import { columnsByStore } from './behind-sends.js';
import { nodeVariable } from './causes.js';
import { mergesAll, mergesNothing } from './lattice-reads.js';
import {
  clausesOf,
  isRemoval,
  literalVariables,
  patternVariables,
  relationOf,
  termVariables,
} from './program-index.js';
import type { Atom, Clause, ProgramIndex } from './program-index.js';
import { nameOfSealed } from '../semantics/builtin-relations.js';
import { isFrozen, waitsForBarrier } from './sealed-reads.js';
import { staticsOf, storedOf } from './standing-relations.js';

/** How far a dependency must hold: over senders, over the timesteps of a node, or within one timestep. */
type Reach = 'everywhere' | 'node' | 'timestep';

/** Rules followed when a dependency is inferred through relations that are derived afresh. */
const maxDepth = 4;

/** Whether a key conflict in the relation is possible as far as can be proved. */
export function mayConflict(index: ProgramIndex, relation: Relation): boolean {
  if (!relation.hasKey || mergesAll(relation)) return false;
  if (relation.builtin !== null || staticsOf(index).has(relation.name)) return false;
  const clauses = clausesOf(index, relation.name);
  const upserts = clauses.filter((clause) => clause.rule.head.mode === 'upsert');
  const inserts = clauses.filter((clause) => !isRemoval(clause));
  const facts = index.factCounts.has(relation.name);
  switch (relation.kind) {
    case 'input':
      return true;
    case 'periodic':
    case 'static':
      return false;
    case 'lattice':
      return false;
    case 'table':
      if (upserts.length > 0)
        return (
          inserts.length > 0 ||
          upserts.length > 1 ||
          !isFunctional(index, upserts[0]!, relation, 'timestep')
        );
      return !isSafeInsert(index, relation, inserts, facts);
    case 'channel':
    case 'loopback':
      return (
        inserts.length > 1 ||
        inserts.some((clause) => !isFunctional(index, clause, relation, 'everywhere'))
      );
    default: {
      if (storedOf(index).has(relation.name)) return true;
      const writers = inserts.length + (facts ? 1 : 0);
      return (
        writers > 1 || inserts.some((clause) => !isFunctional(index, clause, relation, 'timestep'))
      );
    }
  }
}

function isSafeInsert(
  index: ProgramIndex,
  relation: Relation,
  inserts: readonly Clause[],
  facts: boolean,
): boolean {
  const [insert, ...others] = inserts;
  if (insert === undefined) return true;
  if (others.length > 0) return false;
  const isSent = insert.rule.head.mode === 'async';
  const reach = isSent ? 'everywhere' : derivesAgain(index, insert) ? 'timestep' : 'node';
  if (!facts && isFunctional(index, insert, relation, reach)) return true;
  if (insert.rule.head.mode !== 'next') return false;
  const key = insert.rule.head.arguments.slice(0, relation.keyLength);
  return (
    isGuarded(index, insert, relation, key.map(asArgument), maxDepth) &&
    isFunctional(index, insert, relation, 'timestep')
  );
}

/** Whether the clause reads nothing that moves but what its seals have closed, each group under one part. */
function derivesAgain(index: ProgramIndex, clause: Clause): boolean {
  if (clause.rule.bodies.length > 1 || waitsForBarrier(index, clause)) return false;
  const statics = staticsOf(index);
  const moving = clause.atoms.filter(({ relation }) => !statics.has(relation));
  const isGuard = ({ relation, negated }: Atom): boolean =>
    !negated && nameOfSealed(relation) !== null;
  const guards = moving.filter(isGuard);
  const group = clause.rule.aggregated
    ? determinedVariables(index, clause, groupTerms(clause), 'node')
    : null;
  return (
    guards.every((guard) =>
      guard.arguments.every((a) => a.kind !== 'variable' || group === null || group.has(a.name)),
    ) && moving.every((atom) => isGuard(atom) || isFrozen(index, clause, atom))
  );
}

function isFunctional(
  index: ProgramIndex,
  clause: Clause,
  relation: Relation,
  reach: Reach,
): boolean {
  const key = Array.from({ length: relation.keyLength }, (_, i) => i);
  return determinedColumns(index, clause, key, reach, maxDepth).size === relation.columns.length;
}

/**
 * The variables of a body that the given terms determine, their own included: within each timestep, or
 * over all timesteps of a node, so that they never come with other values.
 */
export function determinedVariables(
  index: ProgramIndex,
  clause: Clause,
  from: readonly Term[],
  reach: 'node' | 'timestep',
): ReadonlySet<string> {
  const known = new Set(from.flatMap((term) => injectiveParts(index, term)));
  closeOver(index, clause, known, reach, maxDepth);
  return known;
}

/** The terms of a head that make up the group of its aggregates. */
export function groupTerms({ rule }: Clause): readonly Term[] {
  return rule.head.arguments.flatMap((argument) =>
    argument.kind === 'term' ? [argument.term] : [],
  );
}

/** Variables that the value of a term determines. */
function injectiveParts(index: ProgramIndex, term: Term): readonly string[] {
  const partsOf = (part: Term): readonly string[] => injectiveParts(index, part);
  switch (term.kind) {
    case 'variable':
      return [term.name];
    case 'tuple':
    case 'list':
      return term.items.flatMap(partsOf);
    case 'apply': {
      const { functions } = index.program;
      const own = functions.find(({ name }) => name === term.function);
      const [only, ...others] = term.arguments;
      const isInjective = own?.properties.includes('injective') === true && others.length === 0;
      return isInjective && only !== undefined ? partsOf(only) : [];
    }
    default:
      return [];
  }
}

/** Head columns that the given head columns determine, among tuples that this clause derives. */
function determinedColumns(
  index: ProgramIndex,
  clause: Clause,
  from: readonly number[],
  reach: Reach,
  depth: number,
): ReadonlySet<number> {
  const { arguments: head } = clause.rule.head;
  const known = new Set<string>();
  for (const column of from) {
    const argument = head[column];
    if (argument?.kind === 'term')
      for (const name of injectiveParts(index, argument.term)) known.add(name);
  }
  closeOver(index, clause, known, reach, depth);
  const isKnown = (argument: HeadArgument): boolean =>
    argument.kind === 'term' && termVariables(argument.term).every((name) => known.has(name));
  const columns = new Set(from);
  head.forEach((argument, column) => isKnown(argument) && columns.add(column));
  // The group determines an aggregate: of one alternative only, as several are aggregated together.
  const group = head.every(
    (argument, column) => argument.kind === 'aggregate' || columns.has(column),
  );
  if (reach === 'timestep' && group && clause.rule.bodies.length === 1)
    head.forEach((_, column) => columns.add(column));
  if (clause.rule.bodies.length > 1) return new Set(from);
  return columns;
}

/** Adds to `known` the variables that it determines along the literals of the body. */
function closeOver(
  index: ProgramIndex,
  clause: Clause,
  known: Set<string>,
  reach: Reach,
  depth: number,
): void {
  const open = new Set(clause.body.literals);
  const node = nodeVariable(index, clause);
  for (let size = -1; size !== known.size;) {
    size = known.size;
    for (const literal of open) {
      const before = known.size;
      if (literal.kind === 'atom') {
        if (!literal.negated) closeOverAtom(index, literal, known, reach, depth, node);
      } else if (literal.kind === 'assign') {
        if (termVariables(literal.term).every((name) => known.has(name)))
          known.add(literal.variable.name);
        else if (known.has(literal.variable.name) && isExact(literal.term.type))
          for (const name of injectiveParts(index, literal.term)) known.add(name);
      } else if (literal.kind === 'match') {
        if (termVariables(literal.term).every((name) => known.has(name))) {
          for (const name of patternVariables(literal.pattern)) known.add(name);
        } else if (patternVariables(literal.pattern).every((name) => known.has(name))) {
          if (!hasWildcard(literal.pattern) && isExact(literal.term.type))
            for (const name of injectiveParts(index, literal.term)) known.add(name);
        }
      } else if (literal.kind === 'condition') {
        closeOverEquality(literal.term, known);
      }
      if (known.size > before && literalVariables(literal).every((name) => known.has(name)))
        open.delete(literal);
    }
  }
}

function hasWildcard(pattern: Pattern): boolean {
  if (pattern.kind === 'pattern') return pattern.items.some(hasWildcard);
  return pattern.kind === 'wildcard';
}

/** `x == e` with e known makes x known, but for the ints and floats that are equal yet different. */
function closeOverEquality(term: Term, known: Set<string>): void {
  if (term.kind !== 'apply' || term.function !== '==' || term.arguments.length !== 2) return;
  const [left, right] = [term.arguments[0]!, term.arguments[1]!];
  for (const [a, b] of [[left, right] as const, [right, left] as const]) {
    const isSame = isExact(a.type) && isExact(b.type);
    if (isSame && a.kind === 'variable' && termVariables(b).every((name) => known.has(name)))
      known.add(a.name);
  }
}

function closeOverAtom(
  index: ProgramIndex,
  atom: Pick<Atom, 'relation' | 'arguments'>,
  known: Set<string>,
  reach: Reach,
  depth: number,
  node: string | null,
): void {
  // Where the node itself is determined, what holds at one node holds everywhere.
  const within = reach === 'everywhere' && node !== null && known.has(node) ? 'node' : reach;
  const given: number[] = [];
  atom.arguments.forEach((argument, column) => {
    if (argument.kind === 'constant' || (argument.kind === 'variable' && known.has(argument.name)))
      given.push(column);
  });
  for (const column of columnsDetermined(index, atom.relation, given, within, depth)) {
    const argument = atom.arguments[column];
    if (argument?.kind === 'variable') known.add(argument.name);
  }
}

/** Columns that the given ones determine, among the tuples that the relation holds within `reach`. */
function columnsDetermined(
  index: ProgramIndex,
  name: string,
  given: readonly number[],
  reach: Reach,
  depth: number,
): Iterable<number> {
  const relation = relationOf(index, name);
  const all = relation.columns.map((_, column) => column);
  const isKeyGiven = all.slice(0, relation.keyLength).every((column) => given.includes(column));
  if (relation.kind === 'channel' && reach !== 'timestep')
    return sentColumns(index, relation, given, reach, depth);
  if (reach === 'everywhere') return [];
  if (relation.builtin === 'self' || (relation.builtin === 'now' && reach === 'timestep'))
    return all;
  if (relation.kind === 'lattice' && reach === 'timestep') return all;
  if (relation.hasKey && isKeyGiven && (reach === 'timestep' || keepsKey(index, relation)))
    return all;
  const clauses = clausesOf(index, name);
  const alone =
    clauses.length === 1 && !index.factCounts.has(name) && clauses[0]!.rule.head.mode === 'now';
  const isFresh =
    relation.kind === 'scratch' || relation.kind === 'output' || relation.kind === 'view';
  if (!alone || !isFresh || storedOf(index).has(name) || depth === 0) return [];
  return determinedColumns(index, clauses[0]!, given, reach, depth - 1);
}

/** Whether two tuples of one key never differ, in whatever timesteps of a node they stand. */
function keepsKey(index: ProgramIndex, relation: Relation): boolean {
  if (staticsOf(index).has(relation.name)) return true;
  // What only grows is checked as a whole in every timestep.
  if (relation.kind !== 'table' || !mergesNothing(relation)) return false;
  return !clausesOf(index, relation.name).some(isRemoval);
}

/** Whether these columns of a channel's messages determine all of them, over all timesteps and senders. */
export function determineMessages(
  index: ProgramIndex,
  channel: string,
  columns: readonly number[],
): boolean {
  const relation = relationOf(index, channel);
  const known = new Set(sentColumns(index, relation, columns, 'everywhere', maxDepth));
  return relation.columns.every((_, column) => known.has(column));
}

/** Columns of a message that the given ones determine, over all timesteps and senders. */
function sentColumns(
  index: ProgramIndex,
  { name, location }: Relation,
  given: readonly number[],
  reach: Reach,
  depth: number,
): Iterable<number> {
  const clauses = clausesOf(index, name);
  if (depth === 0) return [];
  const from = reach === 'node' && location !== null ? [...given, location] : given;
  const [clause] = clauses;
  const own =
    clause === undefined || clauses.length > 1
      ? []
      : determinedColumns(index, clause, from, 'everywhere', depth - 1);
  const keeps = (table: string): boolean => keepsKey(index, relationOf(index, table));
  return new Set([...own, ...(columnsByStore(index, clauses, from, keeps) ?? [])]);
}

/** Whether the clause fires only where the relation holds no tuple with that key yet. */
function isGuarded(
  index: ProgramIndex,
  clause: Clause,
  relation: Relation,
  key: readonly (AtomArgument | null)[],
  depth: number,
): boolean {
  if (clause.rule.bodies.length > 1) return false;
  const here = clause.atoms.some(
    (atom) =>
      atom.negated &&
      atom.relation === relation.name &&
      atom.arguments.every((a, i) =>
        i < relation.keyLength ? sameKey(a, key[i] ?? null) : a.kind === 'wildcard',
      ),
  );
  if (here || depth === 0) return here;
  return clause.atoms.some((atom) => {
    const clauses = clausesOf(index, atom.relation);
    const [inner] = clauses;
    const fresh =
      !storedOf(index).has(atom.relation) && relationOf(index, atom.relation).kind !== 'channel';
    if (atom.negated || !fresh || clauses.length !== 1 || index.factCounts.has(atom.relation))
      return false;
    if (inner === undefined || inner.rule.head.mode !== 'now') return false;
    const innerKey = key.map((part) => argumentInside(part, atom, inner.rule));
    return isGuarded(index, inner, relation, innerKey, depth - 1);
  });
}

/** What a value of the outer clause is called inside the clause that derives the atom. */
function argumentInside(part: AtomArgument | null, atom: Atom, inner: Rule): AtomArgument | null {
  if (part === null) return null;
  const column = atom.arguments.findIndex((a) => sameKey(a, part));
  const argument = column === -1 ? undefined : inner.head.arguments[column];
  return argument === undefined ? null : asArgument(argument);
}

function asArgument(argument: HeadArgument): AtomArgument | null {
  if (argument.kind === 'aggregate') return null;
  const { term } = argument;
  return term.kind === 'variable' || term.kind === 'constant' ? term : null;
}

function sameKey(a: AtomArgument, b: AtomArgument | null): boolean {
  if (b === null) return false;
  if (a.kind === 'variable' && b.kind === 'variable') return a.name === b.name;
  return a.kind === 'constant' && b.kind === 'constant' && equalValues(a.value, b.value);
}
