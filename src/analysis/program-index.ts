/**
 * A program laid out for the analyses: every alternative of every rule as one clause with its
 * atoms, and for every relation the clauses that derive it and the places that read it.
 *
 * The analyses never look at a rule as a whole: an alternative is what fires, and a rule with
 * several alternatives is the union of its clauses. Everything is kept in program order, so that
 * whatever is derived from it comes out the same on every run.
 */
import { defined } from '../base/assert.js';
import type {
  AtomArgument,
  Body,
  Literal,
  Pattern,
  Program,
  Relation,
  Rule,
  Term,
} from '../semantics/program.js';
import type { Span } from '../base/span.js';

/** A literal over a relation, with its place in the body. */
export interface Atom {
  /** Index of the literal in its body. */
  readonly literal: number;
  readonly relation: string;
  readonly negated: boolean;
  readonly arguments: readonly AtomArgument[];
  readonly span: Span;
}
/** One alternative of a rule. */
export interface Clause {
  /** Position among all clauses of the program. */
  readonly id: number;
  readonly rule: Rule;
  readonly body: Body;
  readonly bodyIndex: number;
  readonly head: string;
  readonly atoms: readonly Atom[];
  /** How often each variable occurs in the head and in this body. */
  readonly occurrences: ReadonlyMap<string, number>;
}
/** Clauses by what they derive and by what they read. */
export interface IndexedClauses {
  readonly clauses: readonly Clause[];
  readonly clausesByHead: ReadonlyMap<string, readonly Clause[]>;
  /** By the rule's index in `Program.rules`. */
  readonly clausesByRule: ReadonlyMap<number, readonly Clause[]>;
  /** Heads of `@async` rules. */
  readonly sent: ReadonlySet<string>;
  /** Clauses that read a relation, once per atom. */
  readonly usesByRelation: ReadonlyMap<
    string,
    readonly { readonly clause: Clause; readonly atom: Atom }[]
  >;
}
export interface ProgramIndex extends IndexedClauses {
  readonly program: Program;
  /** Sorted by name. */
  readonly relations: readonly Relation[];
  /** Relations for which the program states facts, with how many. */
  readonly factCounts: ReadonlyMap<string, number>;
  /** All clauses as written; those that make no difference are left out of `clauses` (prune.ts). */
  readonly written: readonly Clause[];
  /** Clauses that were left out, by id. */
  readonly dropped: ReadonlyMap<number, Dropped>;
  /** Relations to which nothing ever comes. */
  readonly empty: ReadonlySet<string>;
  /** Negated atoms that were left out. */
  readonly redundant: ReadonlySet<Atom>;
  /** Atoms that read a table as if nothing were ever deleted from it (redundant-sends.ts). */
  readonly shielded: ReadonlySet<Atom>;
}

/** Why a clause makes no difference. */
export type Dropped = 'subsumed' | 'never-fires' | 'contradicts-itself';

/** Lays a program out by clause, head and use. */
export function indexProgram(program: Program): ProgramIndex {
  const clauses: Clause[] = [];
  for (const rule of program.rules)
    rule.bodies.forEach((body, bodyIndex) =>
      clauses.push(clauseOf(clauses.length, rule, body, bodyIndex)),
    );
  const factCounts = new Map<string, number>();
  for (const fact of program.facts)
    factCounts.set(fact.relation, (factCounts.get(fact.relation) ?? 0) + 1);
  for (const { name, hasGivenRows } of program.relations.values())
    if (hasGivenRows === true) factCounts.set(name, (factCounts.get(name) ?? 0) + 1);
  const relations = [...program.relations.values()].sort((a, b) => compareNames(a.name, b.name));
  return {
    program,
    relations,
    ...indexClauses(clauses),
    factCounts,
    written: clauses,
    dropped: new Map(),
    empty: new Set(),
    redundant: new Set(),
    shielded: new Set(),
  };
}

/** Lays clauses out by head, rule and use. */
export function indexClauses(clauses: readonly Clause[]): IndexedClauses {
  const clausesByHead = new Map<string, Clause[]>();
  const clausesByRule = new Map<number, Clause[]>();
  const usesByRelation = new Map<string, { clause: Clause; atom: Atom }[]>();
  for (const clause of clauses) {
    append(clausesByHead, clause.head, clause);
    append(clausesByRule, clause.rule.id, clause);
    for (const atom of clause.atoms) append(usesByRelation, atom.relation, { clause, atom });
  }
  const sent = new Set(
    clauses.filter(({ rule }) => rule.head.mode === 'async').map(({ head }) => head),
  );
  return { clauses, clausesByHead, clausesByRule, sent, usesByRelation };
}

/** Code-unit order of names. */
export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The relation of that name, which resolution has made sure of. */
export function relationOf(index: ProgramIndex, name: string): Relation {
  return defined(index.program.relations.get(name), `relation ${name}`);
}

/** Whether the relation is a static: given at the start, the same in all timesteps of a node. */
export function isStatic(index: ProgramIndex, relation: string): boolean {
  return relationOf(index, relation).kind === 'static';
}

/** The clauses that derive, delete from or upsert into a relation. */
export function clausesOf(index: ProgramIndex, relation: string): readonly Clause[] {
  return index.clausesByHead.get(relation) ?? [];
}

/** Whether a clause takes tuples out of a relation, or puts others in their place. */
export function isRemoval({ rule }: Clause): boolean {
  return rule.head.mode === 'delete' || rule.head.mode === 'upsert';
}

/** Adds a value to the list under a key. */
export function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}

function clauseOf(id: number, rule: Rule, body: Body, bodyIndex: number): Clause {
  const atoms: Atom[] = [];
  body.literals.forEach((literal, index) => {
    if (literal.kind !== 'atom') return;
    const { relation, negated, arguments: args, span } = literal;
    atoms.push({ literal: index, relation, negated, arguments: args, span });
  });
  const occurrences = countOccurrences(rule, body);
  return { id, rule, body, bodyIndex, head: rule.head.relation, atoms, occurrences };
}

/** How often each variable occurs in the head and in a body. */
export function countOccurrences(rule: Rule, { literals }: Body): ReadonlyMap<string, number> {
  const occurrences = new Map<string, number>();
  for (const name of [...literals.flatMap(literalVariables), ...headVariables(rule)])
    occurrences.set(name, (occurrences.get(name) ?? 0) + 1);
  return occurrences;
}

/** Names of the variables in a term, once per occurrence. */
export function termVariables(term: Term): readonly string[] {
  switch (term.kind) {
    case 'variable':
      return [term.name];
    case 'constant':
    case 'wildcard':
      return [];
    case 'apply':
      return term.arguments.flatMap(termVariables);
    case 'if':
      return [term.condition, term.then, term.else].flatMap(termVariables);
    case 'map':
      return term.entries.flat().flatMap(termVariables);
    default:
      return term.items.flatMap(termVariables);
  }
}

/** Names of the variables in a pattern, once per occurrence. */
export function patternVariables(pattern: Pattern): readonly string[] {
  if (pattern.kind === 'variable') return [pattern.name];
  return pattern.kind === 'pattern' ? pattern.items.flatMap(patternVariables) : [];
}

/** Names of the variables in a body literal, once per occurrence. */
export function literalVariables(literal: Literal): readonly string[] {
  switch (literal.kind) {
    case 'atom':
      return literal.arguments.flatMap(termVariables);
    case 'condition':
      return termVariables(literal.term);
    case 'assign':
      return [literal.variable.name, ...termVariables(literal.term)];
    case 'match':
      return [...patternVariables(literal.pattern), ...termVariables(literal.term)];
    case 'member':
      return [...patternVariables(literal.pattern), ...termVariables(literal.collection)];
  }
}

/** Names of the variables in a head, once per occurrence. */
export function headVariables(rule: Rule): readonly string[] {
  return rule.head.arguments.flatMap((argument) =>
    argument.kind === 'term'
      ? termVariables(argument.term)
      : argument.arguments.flatMap(termVariables),
  );
}
