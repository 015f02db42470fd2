/**
 * Supplementary relations: what two atoms of a longer recursive body join to, without the variables
 * that nobody else needs, kept as a relation of its own (Beeri and Ramakrishnan, "On the power of
 * magic", 1991). Joined through it, a pair of tuples is met once, however many values the dropped
 * variable had:
 *
 *     va(x, y) :- vf(z, x), ma(z, w), vf(w, y);   =   t(x, w) :- vf(z, x), ma(z, w);
 *                                                     va(x, y) :- t(x, w), vf(w, y);
 *
 * Bodies that go on alike share one: all that they begin with goes into it, also single atoms.
 *
 * Only bodies of positive atoms with two recursive ones qualify, of heads that are derived anew; so
 * nothing can fail in them, and no supplementary relation outlives its timestep unseen.
 */
import type { Body, HeadArgument, Literal, Program, Relation, Rule } from '../semantics/program.js';
import { stratumNumbers } from './stratum-numbers.js';

type Atom = Literal & { readonly kind: 'atom' };
type Variable = Atom['arguments'][number] & { readonly kind: 'variable' };

/** A body taken apart. */
interface Split {
  readonly rule: Rule;
  readonly body: Body;
  readonly prefix: readonly Atom[];
  readonly rest: readonly Atom[];
  /** What the rest and the head need of the prefix, in the order in which they need it. */
  readonly needed: readonly Variable[];
}

const derivedKinds = new Set(['scratch', 'view', 'output']);

/** A name that no program can use begins so. */
const MARK = 'supplementary ';

export function isSupplementary(relation: string): boolean {
  return relation.startsWith(MARK);
}

/** A relation of the planner's with these columns that serves a relation of the program; `what` tells its kind. */
export function supplementaryRelation(
  what: string,
  columns: readonly Variable[],
  served: Relation,
): Relation {
  return {
    ...served,
    name: `${MARK}${what}`,
    kind: 'scratch',
    columns: columns.map(({ name: column, type, span }) => ({ name: column, type, span })),
    keyLength: columns.length,
    hasKey: false,
    location: null,
    partition: null,
    builtin: null,
    durable: false,
    periodMs: null,
    observable: null,
    doc: null,
  };
}

/** The same program with supplementary relations where they pay. */
export function addSupplementaries(source: Program): Program {
  const program = { ...source, rules: source.rules.map(withOwnBodies) };
  const numbers = stratumNumbers(program);
  const splits = new Map<string, Split[]>();
  for (const rule of program.rules) {
    if (!qualifies(rule, program)) continue;
    for (const body of rule.bodies) {
      const split = splitBody(rule, body, numbers);
      if (split !== null) add(splits, keyOf(split), split);
    }
  }
  if (splits.size === 0) return source;
  const taken = new Set([...splits.values()].flat().map(({ body }) => body));
  for (const rule of program.rules) {
    if (!qualifies(rule, program)) continue;
    for (const body of rule.bodies) {
      const split = taken.has(body) ? undefined : alike(rule, body, splits);
      if (split === undefined) continue;
      add(splits, keyOf(split), split);
      taken.add(body);
    }
  }
  return rewritten(program, splits, taken);
}

/** Heads of one clause share its bodies, but each needs other variables of them. */
function withOwnBodies(rule: Rule): Rule {
  return { ...rule, bodies: rule.bodies.map((body) => ({ ...body })) };
}

function add(splits: Map<string, Split[]>, key: string, split: Split): void {
  const group = splits.get(key);
  if (group === undefined) splits.set(key, [split]);
  else group.push(split);
}

function qualifies({ head, aggregated }: Rule, program: Program): boolean {
  const { kind, columns, keyLength } = program.relations.get(head.relation)!;
  if (head.mode !== 'now' || aggregated || !derivedKinds.has(kind)) return false;
  if (keyLength !== columns.length) return false;
  return head.arguments.every(
    (argument) =>
      argument.kind === 'term' &&
      (argument.term.kind === 'variable' || argument.term.kind === 'constant'),
  );
}

/** The best two atoms to join beforehand; null if the body is too short or nothing is dropped. */
function splitBody(rule: Rule, body: Body, numbers: ReadonlyMap<string, number>): Split | null {
  const atoms = atomsOf(body);
  if (atoms === null || atoms.length < 3) return null;
  const own = numbers.get(rule.head.relation);
  const isRecursive = ({ relation }: Atom): boolean => numbers.get(relation) === own;
  if (atoms.filter(isRecursive).length < 2) return null;
  let best: Split | null = null;
  let bestRank = Number.POSITIVE_INFINITY;
  for (const [i, first] of atoms.entries()) {
    for (const second of atoms.slice(i + 1)) {
      const prefix = [first, second];
      const recursive = prefix.filter(isRecursive).length;
      const split = take(rule, body, prefix, atoms);
      const dropped = variablesOf(prefix).size - split.needed.length;
      const isJoin = [...variablesOf([first])].some((name) => variablesOf([second]).has(name));
      const isUseful = isJoin && dropped > 0 && split.needed.length === 2 && recursive > 0;
      // What does not change meanwhile keeps the join small.
      if (!isUseful || !split.rest.some(isRecursive) || recursive >= bestRank) continue;
      [best, bestRank] = [split, recursive];
    }
  }
  return best;
}

/** A body of two atoms that goes on as some split does. */
function alike(
  rule: Rule,
  body: Body,
  splits: ReadonlyMap<string, readonly Split[]>,
): Split | undefined {
  const atoms = atomsOf(body);
  if (atoms?.length !== 2) return undefined;
  return atoms
    .map((atom) => take(rule, body, [atom], atoms))
    .find((split) => split.needed.length === 2 && splits.has(keyOf(split)));
}

function atomsOf({ literals }: Body): readonly Atom[] | null {
  const atoms = literals.flatMap((literal) =>
    literal.kind === 'atom' && !literal.negated ? [literal] : [],
  );
  return atoms.length === literals.length ? atoms : null;
}

function variablesOf(atoms: readonly Atom[]): ReadonlySet<string> {
  return new Set(
    atoms.flatMap((atom) => atom.arguments.flatMap((a) => (a.kind === 'variable' ? [a.name] : []))),
  );
}

function take(rule: Rule, body: Body, prefix: readonly Atom[], atoms: readonly Atom[]): Split {
  const rest = atoms.filter((atom) => !prefix.includes(atom));
  const bound = new Map(
    prefix.flatMap((atom) =>
      atom.arguments.flatMap((a) => (a.kind === 'variable' ? [[a.name, a] as const] : [])),
    ),
  );
  const wanted = [...headVariables(rule.head.arguments), ...variablesOf(rest)];
  const needed = [...new Set(wanted)].flatMap((name) => bound.get(name) ?? []);
  return { rule, body, prefix, rest, needed };
}

function headVariables(head: readonly HeadArgument[]): readonly string[] {
  return head.flatMap((argument) =>
    argument.kind === 'term' && argument.term.kind === 'variable' ? [argument.term.name] : [],
  );
}

/** Equal for splits whose heads, rests and needed columns are equal up to the names of variables. */
function keyOf({ rule, rest, needed }: Split): string {
  const numbers = new Map<string, number>();
  const numberOf = (name: string): number => {
    let number = numbers.get(name);
    if (number === undefined) numbers.set(name, (number = numbers.size));
    return number;
  };
  const head = rule.head.arguments.map((argument) => {
    if (argument.kind !== 'term') return argument;
    const { term } = argument;
    return term.kind === 'variable' ? numberOf(term.name) : plain(term);
  });
  const atoms = rest.map(({ relation, arguments: parts }) => [
    relation,
    parts.map((part) => (part.kind === 'variable' ? numberOf(part.name) : plain(part))),
  ]);
  const columns = needed.map(({ name, type }) => [numberOf(name), type]);
  return JSON.stringify([rule.head.relation, head, atoms, columns]);
}

/** Without the place in the source. */
function plain(part: object): object {
  return { ...part, span: null };
}

function rewritten(
  program: Program,
  splits: ReadonlyMap<string, readonly Split[]>,
  taken: ReadonlySet<Body>,
): Program {
  const relations = new Map(program.relations);
  let id = Math.max(...program.rules.map((rule) => rule.id));
  const made: Rule[] = [];
  const replacement = new Map<Body, Body>();
  for (const [first, ...others] of splits.values()) {
    const served = program.relations.get(first!.rule.head.relation)!;
    const relation = supplementaryRelation(`${relations.size}`, first!.needed, served);
    const { name } = relation;
    relations.set(name, relation);
    const group = [first!, ...others];
    for (const split of group) made.push(ruleOf(++id, name, split));
    const atom: Atom = {
      kind: 'atom',
      negated: false,
      relation: name,
      arguments: first!.needed,
      span: first!.body.span,
    };
    replacement.set(first!.body, { ...first!.body, literals: [atom, ...first!.rest] });
  }
  const rules = program.rules.flatMap((rule): Rule[] => {
    if (!rule.bodies.some((body) => taken.has(body))) return [rule];
    const bodies = rule.bodies.flatMap((body) =>
      taken.has(body) ? (replacement.get(body) ?? []) : body,
    );
    return bodies.length === 0 ? [] : [{ ...rule, bodies }];
  });
  return { ...program, relations, rules: [...rules, ...made] };
}

function ruleOf(id: number, name: string, { rule, body, prefix, needed }: Split): Rule {
  const { span } = rule.head;
  return {
    ...rule,
    id,
    labelled: false,
    head: {
      relation: name,
      mode: 'now',
      arguments: needed.map((term) => ({ kind: 'term', term })),
      span,
    },
    bodies: [{ ...body, literals: prefix }],
    origin: { ...rule.origin, rewrite: 'supplementary relation' },
  };
}
