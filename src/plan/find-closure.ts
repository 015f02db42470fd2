/**
 * Recursions that make their relation transitive: then it is the transitive closure of what it
 * starts with, which can be computed as a whole, component by component (close-transitively.ts in
 * the engine), whatever the rules say round by round.
 *
 *     p(x, z) :- p(x, y), p(y, z);   of whatever p starts with
 *     p(x, z) :- p(x, y), e(y, z);   or e(x, y), p(y, z): where p starts as a copy of e
 */
import type { Body, Relation, Rule } from '../semantics/program.js';
import { fitsSurely } from './fits-surely.js';
import type { Closure } from './physical-plan.js';

/** What the rules of a stratum with this one relation close; null where they do something else. */
export function findClosure(relation: Relation, rules: readonly Rule[]): Closure | null {
  const { name, columns, keyLength, kind } = relation;
  if (columns.length !== 2 || keyLength !== 2 || kind === 'table') return null;
  const bodies = rules.flatMap((rule) => rule.bodies.map((body) => ({ rule, body })));
  const recursive = bodies.filter(({ body }) => reads(body, name));
  const links = recursive.map(({ rule, body }) => linked(rule, body, relation));
  const [link] = links;
  if (link === undefined || link === null || links.some((each) => each !== link)) return null;
  if (link === name) return { copyOf: null };
  const exits = bodies.filter(({ body }) => !reads(body, name));
  const copies = exits.every(({ rule, body }) => copied(rule, body) === link);
  return copies && exits.length > 0 ? { copyOf: link } : null;
}

function reads({ literals }: Body, relation: string): boolean {
  return literals.some((literal) => literal.kind === 'atom' && literal.relation === relation);
}

/** The columns of a positive atom where they are two variables. */
function variablesOf(
  literal: Body['literals'][number] | undefined,
): { readonly relation: string; readonly names: readonly [string, string] } | null {
  if (literal?.kind !== 'atom' || literal.negated || literal.arguments.length !== 2) return null;
  const [first, second] = literal.arguments;
  if (first?.kind !== 'variable' || second?.kind !== 'variable') return null;
  return { relation: literal.relation, names: [first.name, second.name] };
}

function headOf({ head }: Rule): readonly [string, string] | null {
  const [first, second] = head.arguments.map((argument) =>
    argument.kind === 'term' && argument.term.kind === 'variable' ? argument.term.name : null,
  );
  return typeof first === 'string' && typeof second === 'string' ? [first, second] : null;
}

/** The other relation of a body that joins the relation with it, end to end; the relation itself if it joins that twice. */
function linked(rule: Rule, { literals }: Body, { name, columns }: Relation): string | null {
  const head = headOf(rule);
  const [a, b] = literals.map(variablesOf);
  if (literals.length !== 2 || head === null || !a || !b) return null;
  const fits = rule.head.arguments.every(
    (argument, i) => argument.kind === 'term' && fitsSurely(argument.term, columns[i]!.type),
  );
  const [x, z] = head;
  const isChain = (from: readonly string[], to: readonly string[]): boolean =>
    from[0] === x && from[1] === to[0] && to[1] === z && x !== z && from[1] !== x && from[1] !== z;
  if (!fits || !(isChain(a.names, b.names) || isChain(b.names, a.names))) return null;
  return a.relation === name ? b.relation : a.relation;
}

/** The relation that a rule copies, column by column. */
function copied(rule: Rule, { literals }: Body): string | null {
  const head = headOf(rule);
  const atom = variablesOf(literals[0]);
  if (literals.length !== 1 || head === null || atom === null || head[0] === head[1]) return null;
  return atom.names[0] === head[0] && atom.names[1] === head[1] ? atom.relation : null;
}
