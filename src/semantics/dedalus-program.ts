/**
 * What a `.ded` program is made of before it is lowered: its rules and facts with their includes
 * resolved, and for every relation how it is used. Read only; lowering and placement share it.
 *
 * Relations called like one of the built-in relations of `.bloom` (`self`, `now`, ...) get a name
 * with underscores behind it, since only `clock` and `crash` are built in here.
 */
import type { Span } from '../base/span.js';
import type * as ast from '../syntax/ast.js';
import type {
  DedalusAtom,
  DedalusClause,
  DedalusHead,
  DedalusModule,
  DedalusLiteral,
} from '../syntax/dedalus-ast.js';
import { isBuiltinRelation } from './builtin-relations.js';

/** A rule, with the name by which reports speak of it. */
export interface DedalusRule {
  /** `relation#n`, counted over the rules of that head in source order. */
  readonly name: string;
  readonly head: DedalusHead;
  readonly body: readonly DedalusLiteral[];
  readonly span: Span;
}
export interface DedalusFact {
  readonly name: string;
  readonly head: DedalusHead;
  readonly span: Span;
}

export interface DedalusRelation {
  readonly name: string;
  readonly declaration: ast.Declaration | null;
  /** Number of columns at the declaration or first use. */
  readonly arity: number;
  readonly rules: readonly DedalusRule[];
  readonly facts: readonly DedalusFact[];
  /** Where it is first mentioned. */
  readonly span: Span;
}

export interface DedalusProgram {
  readonly module: DedalusModule;
  readonly rules: readonly DedalusRule[];
  readonly facts: readonly DedalusFact[];
  /** In order of first mention. */
  readonly relations: ReadonlyMap<string, DedalusRelation>;
  /** The `k` of facts and literals, each once, ascending. */
  readonly times: readonly number[];
  /** The time after which nothing changes by itself; null if the program reads `clock`. */
  readonly lastTime: number | null;
}

/** The relations that the dialect gives, with their columns. */
export const dedalusBuiltins: ReadonlyMap<string, number> = new Map([
  ['clock', 4],
  ['crash', 3],
]);

/**
 * Whether tuples of the relation live at nodes. Some programs keep tables whose first column is no
 * name, `successor(1, 2)@1;`: every node has all of such a table.
 */
export function isPlaced({ arity, facts }: DedalusRelation): boolean {
  return (
    arity > 0 &&
    facts.every(
      ({
        head: {
          arguments: [place],
        },
      }) => {
        const isValue = place?.kind === 'term' && place.term.kind === 'constant';
        return !isValue || typeof place.term.value === 'string';
      },
    )
  );
}

/** The atoms of a body. */
export function atomsOf(body: readonly DedalusLiteral[]): readonly DedalusAtom[] {
  return body.filter((literal) => literal.kind === 'atom');
}

export function readDedalus(module: DedalusModule): DedalusProgram {
  const renamed = renameBuiltins(module);
  const clauses = renamed.statements.filter((statement) => statement.kind === 'clause');
  const names = nameClauses(clauses);
  const rules: DedalusRule[] = [];
  const facts: DedalusFact[] = [];
  for (const [i, { head, body, span }] of clauses.entries()) {
    if (body === null) facts.push({ name: names[i]!, head, span });
    else rules.push({ name: names[i]!, head, body, span });
  }
  const times = new Set<number>();
  for (const { head } of facts) if (typeof head.time === 'number') times.add(head.time);
  const atoms = rules.flatMap((rule) => atomsOf(rule.body));
  for (const { at } of atoms) if (at !== null) times.add(at);
  const relations = collectRelations(renamed, rules, facts);
  const readsClock = atoms.some(({ relation }) => relation.text === 'clock');
  const lastTime = readsClock ? null : Math.max(1, ...times);
  const ordered = [...times].sort((a, b) => a - b);
  return { module: renamed, rules, facts, relations, times: ordered, lastTime };
}

function nameClauses(clauses: readonly DedalusClause[]): readonly string[] {
  const counts = new Map<string, number>();
  const numbers = new Map<DedalusClause, string>();
  const inOrder = [
    ...clauses.filter(({ body }) => body !== null),
    ...clauses.filter(({ body }) => body === null),
  ];
  for (const clause of inOrder) {
    const { text } = clause.head.relation;
    const count = (counts.get(text) ?? 0) + 1;
    counts.set(text, count);
    numbers.set(clause, `${text}#${count}`);
  }
  return clauses.map((clause) => numbers.get(clause)!);
}

function collectRelations(
  module: DedalusModule,
  rules: readonly DedalusRule[],
  facts: readonly DedalusFact[],
): ReadonlyMap<string, DedalusRelation> {
  const uses = new Map<string, { arity: number; span: Span }>();
  const declarations = new Map<string, ast.Declaration>();
  const mention = (relation: ast.Identifier, arity: number): void => {
    if (!uses.has(relation.text)) uses.set(relation.text, { arity, span: relation.span });
  };
  for (const statement of module.statements) {
    if (statement.kind !== 'declaration') continue;
    if (!declarations.has(statement.name.text)) declarations.set(statement.name.text, statement);
    if (statement.columns !== null) mention(statement.name, statement.columns.length);
  }
  for (const { head } of facts) mention(head.relation, head.arguments.length);
  for (const { head, body } of rules) {
    mention(head.relation, head.arguments.length);
    for (const atom of atomsOf(body)) mention(atom.relation, atom.arguments.length);
  }
  const rulesOf = byHead(rules);
  const factsOf = byHead(facts);
  return new Map(
    [...uses].map(([name, { arity, span }]) => [
      name,
      {
        name,
        declaration: declarations.get(name) ?? null,
        arity: dedalusBuiltins.get(name) ?? arity,
        rules: rulesOf.get(name) ?? [],
        facts: factsOf.get(name) ?? [],
        span,
      },
    ]),
  );
}

function byHead<T extends { readonly head: DedalusHead }>(
  clauses: readonly T[],
): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const clause of clauses) {
    const { text } = clause.head.relation;
    const group = groups.get(text);
    if (group === undefined) groups.set(text, [clause]);
    else group.push(clause);
  }
  return groups;
}

// ---- names of built-in relations --------------------------------------------------------------

function renameBuiltins(module: DedalusModule): DedalusModule {
  const taken = new Set<string>();
  const visit = (name: ast.Identifier): ast.Identifier => {
    taken.add(name.text);
    return name;
  };
  mapRelations(module, visit);
  const clashes = [...taken].filter(isBuiltinRelation);
  if (clashes.length === 0) return module;
  const newNames = new Map<string, string>();
  for (const name of clashes) {
    let free = `${name}_`;
    while (taken.has(free)) free += '_';
    taken.add(free);
    newNames.set(name, free);
  }
  return mapRelations(module, (name) => ({ ...name, text: newNames.get(name.text) ?? name.text }));
}

function mapRelations(
  module: DedalusModule,
  rename: (name: ast.Identifier) => ast.Identifier,
): DedalusModule {
  const ofLiteral = (literal: DedalusLiteral): DedalusLiteral =>
    literal.kind === 'atom' ? { ...literal, relation: rename(literal.relation) } : literal;
  const statements = module.statements.map((statement) => {
    if (statement.kind === 'include') return statement;
    if (statement.kind === 'declaration') return { ...statement, name: rename(statement.name) };
    const head = { ...statement.head, relation: rename(statement.head.relation) };
    return { ...statement, head, body: statement.body?.map(ofLiteral) ?? null };
  });
  return { ...module, statements };
}
