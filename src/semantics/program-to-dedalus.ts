/**
 * A `.bloom` program in the Dedalus dialect, for tools that read Dedalus and for readers who want
 * to see time written out:
 *
 *     location               the first column of every relation, one variable in all of a rule
 *     table p                `p(..)@next :- p(..), notin p.deleted(..), notin p.replaced(key, _)`
 *     delete p, upsert p     rules for `p.deleted` and `p.replaced`, which hold in their timestep
 *     p(..)@async            the same, by way of `p.due`: a standing rule sends what it did not
 *                            derive in the timestep before, which `p.sent` keeps
 *     facts                  at time 1 at every node; those of statics without time
 *     cluster, self          `cluster(n, m)` for all nodes; the location itself
 *
 * Inputs, observables, relations with a key and those that nothing fills come out declared, all
 * others are known by their use. What the dialect cannot say is an error at its place; labels and
 * what the program says about itself have no meaning of their own and are left out, the latter with
 * a warning.
 *
 * (Alvaro, Marczak, Conway, Hellerstein, Maier and Sears, Dedalus: Datalog in Time and Space, 2011,
 * section 3: mutable state as rules over time.)
 */
import type { Span } from '../base/span.js';
import { hasErrors, type Checked } from '../diagnostics/diagnostic.js';
import type * as ast from '../syntax/ast.js';
import type { DedalusModule, DedalusStatement } from '../syntax/dedalus-ast.js';
import { dedalusBuiltins } from './dedalus-program.js';
import { termArguments } from './dedalus-syntax.js';
import { DedalusWords } from './dedalus-words.js';
import type { Body, Fact, Program, Relation } from './program.js';
import { Reporter } from './reporter.js';
import { DedalusRules } from './rules-to-dedalus.js';
import { identifier, typeToSyntax, valueToTerm } from './term-to-syntax.js';
import { checkValue } from './terms-to-dedalus.js';

/** Names that mean something in the dialect: a relation called so gets another name. */
const meaningful: ReadonlySet<string> = new Set([...dedalusBuiltins.keys(), 'pre', 'post']);
/** Built-in relations that have a form in the dialect. */
const spoken: ReadonlySet<string> = new Set(['self', 'cluster']);

/**
 * Null if there are errors. The facts of relations without location stand at each of the nodes; by
 * default these are the nodes that located facts name, or `n1`.
 */
export function programToDedalus(
  program: Program,
  nodesGiven: readonly string[] | null,
): Checked<DedalusModule | null> {
  const nodes = nodesGiven ?? nodesOfFacts(program);
  const reporter = new Reporter();
  const names = namesOf(program);
  const words = new DedalusWords(program, names, reporter);
  const rules = new DedalusRules(words);
  const statements: DedalusStatement[] = [];
  const declared = declaredRelations(program);
  for (const { name, partition, span } of program.relations.values())
    if (partition !== null) reportSpread(name, span, reporter);
  if (reporter.hasErrors()) return { value: null, diagnostics: reporter.finish() };
  for (const relation of program.relations.values()) {
    checkRelation(relation, reporter);
    if (declared.has(relation.name)) statements.push(declarationOf(relation, names));
  }
  const body = program.rules.flatMap((rule) => rules.rule(rule));
  const state = [...program.relations.values()].flatMap((relation) => rules.persistence(relation));
  for (const fact of program.facts) {
    for (const value of fact.row) checkValue(value, fact.span, reporter);
    statements.push(...factClauses(program, fact, names, nodes));
  }
  if (program.relations.get('cluster')?.builtin === 'cluster')
    for (const node of nodes)
      for (const other of nodes) statements.push(placeFact('cluster', [node, other], program));
  if (words.needsNodes)
    for (const node of nodes) statements.push(placeFact(words.nodeRelation, [node], program));
  warnRemarks(program, reporter);
  const diagnostics = reporter.finish();
  const file = { path: program.name, text: '' };
  if (hasErrors(diagnostics)) return { value: null, diagnostics };
  return { value: { file, statements: [...statements, ...state, ...body] }, diagnostics };
}

function nodesOfFacts({ facts, relations }: Program): readonly string[] {
  const names = new Set<string>();
  for (const { relation, row } of facts) {
    const { location } = relations.get(relation)!;
    const place = location === null ? null : row[location]!;
    if (typeof place === 'string') names.add(place);
  }
  return names.size === 0 ? ['n1'] : [...names].sort();
}

/** What relations are called: as before, unless the name means something in the dialect. */
function namesOf(program: Program): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const name of program.relations.keys()) {
    let free = name;
    while (meaningful.has(free) || (free !== name && program.relations.has(free))) free += '_';
    names.set(name, free);
  }
  return names;
}

function reportSpread(name: string, span: Span, reporter: Reporter): void {
  reporter.error(
    'TRL0262',
    span,
    `the Dedalus dialect has no cluster-wide relations: \`${name}\``,
    { help: 'say in a first column where its tuples live, and send them there with `@async`' },
  );
}

function checkRelation(relation: Relation, reporter: Reporter): void {
  const { name, kind, builtin, durable, span, columns } = relation;
  const help = 'leave it out of what is to be printed in the dialect';
  if (builtin !== null && !spoken.has(builtin))
    reporter.error('TRL0262', span, `the Dedalus dialect has nothing like \`${name}\``, { help });
  if (kind === 'periodic')
    reporter.error('TRL0262', span, `the Dedalus dialect has no timers: \`${name}\``, {
      help: 'rules without events hold in every timestep there; an input may stand for the timer',
    });
  if (durable)
    reporter.error('TRL0262', span, `the Dedalus dialect has nothing durable: \`${name}\``, {
      help: 'print the program without `durable`; where no process ends, it does the same',
    });
  const lattice = columns.find(({ type }) => type.kind === 'lattice');
  if (lattice !== undefined)
    reporter.error('TRL0262', span, `the Dedalus dialect has no lattices: \`${name}\``, {
      help: 'keep what the lattice is made of in a table, and aggregate it',
    });
}

/** The relations whose kind, key or types do not show in their rules and facts. */
function declaredRelations({ relations, rules, facts }: Program): ReadonlySet<string> {
  const filled = new Set(facts.map(({ relation }) => relation));
  const derived = new Set(rules.map(({ head }) => head.relation));
  const declared = new Set<string>();
  const known = new Set(filled);
  for (const { name, kind, hasKey, builtin } of relations.values()) {
    const isFace = kind === 'input' || kind === 'output' || kind === 'view';
    const isStatic = kind === 'static' && (derived.has(name) || !filled.has(name));
    if (builtin === null && (isFace || isStatic || hasKey)) declared.add(name);
    if (builtin !== null || declared.has(name)) known.add(name);
  }
  // What no chain of rules leads to from something known has no types but the declared ones.
  for (let before = -1; before < known.size;) {
    before = known.size;
    for (const { head, bodies } of rules)
      if (head.mode !== 'delete' && bodies.some((body) => readsOnly(body, known)))
        known.add(head.relation);
  }
  for (const name of relations.keys()) if (!known.has(name)) declared.add(name);
  return declared;
}

function readsOnly({ literals }: Body, known: ReadonlySet<string>): boolean {
  return literals.every((one) => one.kind !== 'atom' || one.negated || known.has(one.relation));
}

function declarationOf(relation: Relation, names: ReadonlyMap<string, string>): ast.Declaration {
  const { kind, columns, keyLength, hasKey, location, span } = relation;
  const isKept = kind === 'input' || kind === 'output' || kind === 'view' || kind === 'static';
  const own = columns.map((column): ast.ColumnDeclaration => ({
    name: identifier(column.name, column.span),
    located: false,
    type: typeToSyntax(column.type, column.span),
    span: column.span,
  }));
  const place = location === null ? placeColumn(relation) : own[location]!;
  const others = own.filter((_, i) => i !== location);
  const isLocationKey = location !== null && location < keyLength;
  return {
    kind: 'declaration',
    collection: isKept ? kind : 'scratch',
    durable: false,
    name: identifier(names.get(relation.name)!, span),
    columns: [{ ...place, located: true }, ...others],
    keyLength: hasKey ? keyLength + (isLocationKey ? 0 : 1) : null,
    partition: null,
    doc: null,
    span,
  };
}

/** The location column that a relation gets in front. */
function placeColumn({ columns, span }: Relation): ast.ColumnDeclaration {
  let name = 'node';
  while (columns.some((column) => column.name === name)) name += '_';
  const type: ast.TypeExpression = { name: 'addr', arguments: [], span };
  return { name: identifier(name, span), located: false, type, span };
}

function factClauses(
  { relations }: Program,
  fact: Fact,
  names: ReadonlyMap<string, string>,
  nodes: readonly string[],
): readonly DedalusStatement[] {
  const { kind, location } = relations.get(fact.relation)!;
  const places = location === null ? nodes : [fact.row[location]!];
  const others = fact.row.filter((_, i) => i !== location);
  return places.map((place) => ({
    kind: 'clause',
    head: {
      relation: identifier(names.get(fact.relation)!, fact.span),
      arguments: termArguments([place, ...others].map((value) => valueToTerm(value, fact.span))),
      time: kind === 'static' ? 'now' : 1,
      span: fact.span,
    },
    body: null,
    span: fact.span,
  }));
}

/** A fact that holds at all times. */
function placeFact(relation: string, row: readonly string[], program: Program): DedalusStatement {
  const span: Span = { file: { path: program.name, text: '' }, start: 0, end: 0 };
  const items = termArguments(row.map((value) => valueToTerm(value, span)));
  const head = {
    relation: identifier(relation, span),
    arguments: items,
    time: 'now' as const,
    span,
  };
  return { kind: 'clause', head, body: null, span };
}

function warnRemarks({ remarks }: Program, reporter: Reporter): void {
  const { seals, assumptions, coordinations, invariants } = remarks;
  for (const { span } of [...seals, ...assumptions, ...coordinations, ...invariants])
    reporter.warning('TRL0263', span, 'the Dedalus dialect has no such statement: it is left out', {
      help: 'say it in the program that is printed; there, `post` says what must hold at the end',
    });
}
