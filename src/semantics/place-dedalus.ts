/**
 * Where the rules of a `.ded` program run. The first column of a relation is its location, and a
 * rule fires at the node of its first body literal.
 *
 * A rule is *local* if one term stands in the first place of all its literals and, unless it is
 * `@async`, of its head: then it concerns one node. The others read or write at several nodes:
 *
 * - *Assertions* look at all nodes at once. An assertion relation is `pre`, `post`, or one that
 *   has a rule which is not local or reads an assertion relation, as long as nothing that a node
 *   sends depends on it. All rules of an assertion relation are evaluated over all nodes.
 * - Other rules that are not local belong to the protocol. In lockstep they see all nodes, as the
 *   Molly fault injector evaluates them; a node on its own sees its own tuples only. Each gets a
 *   warning.
 */
import type { Term } from '../syntax/ast.js';
import { equalValues } from '../base/value.js';
import type { Reporter } from './reporter.js';
import { atomsOf, type DedalusProgram, type DedalusRule } from './dedalus-program.js';

export interface DedalusPlaces {
  /** Relations that are evaluated over all nodes. */
  readonly assertions: ReadonlySet<string>;
  readonly isLocal: (rule: DedalusRule) => boolean;
}

export function placeDedalus(program: DedalusProgram, reporter: Reporter): DedalusPlaces {
  const local = new Set(program.rules.filter(isLocalRule));
  const wide = new Set(['pre', 'post'].filter((name) => program.relations.has(name)));
  for (const rule of program.rules) if (!local.has(rule)) wide.add(rule.head.relation.text);
  grow(wide, program, (rule, isIn) =>
    atomsOf(rule.body).some(({ relation }) => isIn(relation.text)) ? [rule.head.relation.text] : [],
  );
  const sent = new Set<string>();
  for (const rule of program.rules) {
    if (rule.head.time !== 'async') continue;
    sent.add(rule.head.relation.text);
    for (const { relation } of atomsOf(rule.body)) sent.add(relation.text);
  }
  grow(sent, program, (rule, isIn) =>
    isIn(rule.head.relation.text) ? atomsOf(rule.body).map(({ relation }) => relation.text) : [],
  );
  const assertions = new Set([...wide].filter((name) => !sent.has(name)));
  for (const rule of program.rules)
    if (!local.has(rule) && !assertions.has(rule.head.relation.text)) warn(rule, reporter);
  return { assertions, isLocal: (rule) => local.has(rule) };
}

/** Adds what the rules say follows, until nothing is new. */
function grow(
  names: Set<string>,
  { rules }: DedalusProgram,
  follow: (rule: DedalusRule, isIn: (name: string) => boolean) => readonly string[],
): void {
  for (let before = -1; before < names.size;) {
    before = names.size;
    for (const rule of rules)
      for (const name of follow(rule, (other) => names.has(other))) names.add(name);
  }
}

function isLocalRule({ head, body }: DedalusRule): boolean {
  const [first, ...others] = atomsOf(body).map((atom) => atom.arguments[0]);
  // A lone literal is at one place, named or not.
  if (first?.kind === 'wildcard' && others.length === 0) return head.time === 'async';
  if (first === undefined || first.kind === 'wildcard') return false;
  if (!others.every((place) => place !== undefined && isSamePlace(first, place))) return false;
  if (head.time === 'async') return true;
  const own = head.arguments[0];
  return own?.kind === 'term' && isSamePlace(first, own.term);
}

/** Whether two terms are plainly one node: the same variable or the same constant. */
export function isSamePlace(a: Term, b: Term): boolean {
  if (a.kind === 'name') return b.kind === 'name' && a.text === b.text;
  return a.kind === 'constant' && b.kind === 'constant' && equalValues(a.value, b.value);
}

function warn({ head, body, name }: DedalusRule, reporter: Reporter): void {
  const [first, ...others] = atomsOf(body);
  const place = first?.arguments[0];
  const other = others.find(
    ({ arguments: [own] }) => place === undefined || own === undefined || !isSamePlace(place, own),
  );
  const what =
    other === undefined
      ? 'derives a tuple at another node than the one it fires at'
      : 'reads tuples at several nodes';
  reporter.warning(
    'TRL0461',
    (other ?? head).span,
    `rule ${name} ${what}, though messages depend on it`,
    {
      help: 'in `run` it sees all nodes at once; under `simulate` and on nodes of their own it sees one node: use one variable for the place, or send tuples with `@async`',
    },
  );
}
