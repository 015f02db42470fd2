/**
 * Makes up inputs that can expose what a verdict blames, where those at hand do not, or there are
 * none: the blamed rule is unfolded backwards, through the rules that derive what it reads, down to
 * inputs.
 *
 * Every variable gets a value from a small stock: the constants of the program and a few fresh ones
 * a type; statics take a row that there is. A race has two sides, so each draft unfolds the body
 * twice, under two assignments that share some of their variables (two tuples under one key, two of
 * one group, two writers), and what the body negates once as well: a fact that contradicts. Then
 * the observable itself is unfolded, so that what differs is seen. Conditions are not solved; many
 * drafts are made, and the search for a witness tries them.
 */
import { mayComeLater } from '../analysis/epochs.js';
import { isOwnRule } from '../analysis/made-up-relations.js';
import type { Value } from '../base/value.js';
import { float, list, set, tuple } from '../base/value.js';
import { Prng } from '../base/prng.js';
import { sealBehind } from '../rewrite/seal-scheme.js';
import { programConstants } from '../analysis/program-constants.js';
import type { Seal } from '../semantics/remarks.js';
import type { AtomArgument, Literal, Program, Relation, Rule, Term } from '../semantics/program.js';
import type { Type } from '../semantics/types.js';
import type { SimulationSubject } from '../simulator/outcome.js';

type Input = SimulationSubject['workload']['inputs'][number];
type Row = readonly Value[];
type Assignment = Map<string, Value>;
type Atom = Extract<Literal, { kind: 'atom' }>;

/** Inputs of one draft; more make witnesses that nobody reads. */
const mostInputs = 10;
const deepest = 8;
/** Drafts in a row without inputs after which none is expected. */
const mostInVain = 20;
/** Facts of a relation from files that are looked at. */
const mostGiven = 200;

/** Drafts of inputs for a blamed rule (null: for the observable alone), an endless stream by seed. */
export function* makeInputs(
  program: Program,
  subject: Pick<SimulationSubject, 'nodes' | 'workload'>,
  observable: string,
  blamed: readonly (number | null)[],
  seed: number,
): Generator<readonly Input[]> {
  const rules = blamed.flatMap((id) => (id === null ? [] : (program.rules[id] ?? [])));
  for (let n = 0, inVain = 0; inVain <= mostInVain; n++) {
    const prng = new Prng(seed).fork(`draft ${n}`);
    const unfolding = new Unfolding(program, subject, prng);
    const rule = rules.length === 0 ? null : rules[n % rules.length]!;
    if (rule !== null) unfolding.raceOf(rule);
    unfolding.derive(observable, [], 0);
    if (rule === null || prng.chance(0.5)) unfolding.derive(observable, [], 0);
    const inputs = unfolding.inputs();
    inVain = inputs.length > 0 ? 0 : inVain + 1;
    if (inputs.length > 0) yield inputs.slice(0, mostInputs);
  }
}

/**
 * Where made-up inputs can play: two nodes at least where nodes send to one another, and a few rows
 * for statics that have none (a roster is every node).
 */
export function makeSetting(
  program: Program,
  { nodes: given, workload }: Pick<SimulationSubject, 'nodes' | 'workload'>,
): Pick<SimulationSubject, 'nodes' | 'workload'> {
  const relations = [...program.relations.values()];
  const sends = relations.some(({ kind, location }) => kind === 'channel' || location !== null);
  const named = program.facts.flatMap(({ relation, row }) => addressesIn(program, relation, row));
  const more = [...new Set([...given, ...named])].sort();
  const nodes = given.length > 1 || !sends ? given : more.length > 1 ? more : ['n1', 'n2'];
  const isGiven = (name: string): boolean =>
    program.facts.some(({ relation }) => relation === name) ||
    program.rules.some(({ head }) => head.relation === name) ||
    workload.facts.some(({ relation }) => relation === name);
  const empty = relations.filter(
    ({ kind, builtin, name }) => kind === 'static' && builtin === null && !isGiven(name),
  );
  const stock = new Stock(program, nodes, new Prng(1));
  const made = empty.map((relation) => ({
    node: null,
    relation: relation.name,
    rows: rowsFor(relation, nodes, stock),
  }));
  return { nodes, workload: { facts: [...workload.facts, ...made], inputs: [] } };
}

function addressesIn(program: Program, relation: string, row: Row): readonly string[] {
  const { columns = [] } = program.relations.get(relation) ?? {};
  return row.filter(
    (value, i): value is string => columns[i]?.type.kind === 'addr' && typeof value === 'string',
  );
}

function rowsFor({ columns }: Relation, nodes: readonly string[], stock: Stock): readonly Row[] {
  const rows = nodes.map((node) =>
    columns.map(({ type }) => (type.kind === 'addr' ? node : stock.value(type))),
  );
  return rows.filter((row): row is Value[] => !row.includes(undefined));
}

class Unfolding {
  readonly #program: Program;
  readonly #subject: Pick<SimulationSubject, 'nodes' | 'workload'>;
  readonly #prng: Prng;
  readonly #stock: Stock;
  readonly #inputs: Input[] = [];

  constructor(
    program: Program,
    subject: Pick<SimulationSubject, 'nodes' | 'workload'>,
    prng: Prng,
  ) {
    [this.#program, this.#subject, this.#prng] = [program, subject, prng];
    this.#stock = new Stock(program, subject.nodes, prng);
  }

  inputs(): readonly Input[] {
    return this.#inputs;
  }

  /** Both sides of a race that the rule takes part in. */
  raceOf(rule: Rule): void {
    const body = this.#pick(rule.bodies);
    if (body === undefined) return;
    const first: Assignment = new Map();
    this.#unfold(body.literals, first, 0);
    for (const literal of body.literals) {
      if (literal.kind === 'atom' && literal.negated)
        this.derive(literal.relation, this.#rowOf(literal.arguments, first), 0);
    }
    // The other side shares some of what the first has: a key, a group, a join.
    const second: Assignment = new Map([...first].filter(() => this.#prng.chance(0.5)));
    this.#unfold(body.literals, second, 0);
    const head = rule.head.arguments.map((argument) =>
      argument.kind === 'term' ? valueOf(argument.term, first) : undefined,
    );
    const keyLength = this.#program.relations.get(rule.head.relation)?.keyLength ?? 0;
    this.derive(rule.head.relation, head.slice(0, keyLength), 0);
  }

  /** Inputs from which a tuple of the relation follows; undefined columns may be anything. */
  derive(name: string, row: readonly (Value | undefined)[], depth: number): void {
    const relation = this.#program.relations.get(name);
    if (relation === undefined || depth > deepest || this.#inputs.length >= 2 * mostInputs) return;
    const seal = sealBehind(this.#program, name);
    if (seal !== null) return this.#seal(seal, row, depth);
    if (relation.kind === 'input') {
      // A boot comes by itself, and so do seals.
      if (mayComeLater(relation)) this.#give(relation, row);
      return;
    }
    const rules = this.#program.rules.filter(
      ({ head }) => head.relation === name && head.mode !== 'delete',
    );
    const written = rules.filter((one) => !isOwnRule(this.#program, one));
    const rule = this.#pick(written.length > 0 ? written : rules);
    const body = rule === undefined ? undefined : this.#pick(rule.bodies);
    if (rule === undefined || body === undefined) return;
    const known: Assignment = new Map();
    for (const [i, argument] of rule.head.arguments.entries()) {
      const value = row[i];
      if (value === undefined || argument.kind !== 'term') continue;
      if (argument.term.kind === 'variable') known.set(argument.term.name, value);
    }
    this.#unfold(body.literals, known, depth + 1);
  }

  /** Every producer says that it is done. */
  #seal(seal: Seal, key: readonly (Value | undefined)[], depth: number): void {
    const columns = this.#program.relations.get(seal.relation)?.columns ?? [];
    const known: Assignment = new Map();
    for (const [i, column] of (seal.columns ?? []).entries()) {
      const value = key[i] ?? this.#stock.value(columns[column]!.type);
      if (value !== undefined) known.set(columns[column]!.name, value);
    }
    const { producers, when } = seal;
    const condition = this.#program.relations.get(when.relation);
    const named =
      producers === null
        ? this.#subject.nodes
        : this.#rowsGiven(producers.relation).map((row) => row[producers.column]);
    for (const node of this.#subject.nodes.filter((one) => named.includes(one))) {
      if (producers !== null) known.set(producers.variable, node);
      const row = this.#rowOf(when.arguments, known);
      if (condition?.kind === 'input') this.#give(condition, row, node);
      else this.derive(when.relation, row, depth + 1);
    }
  }

  /** Derives every positive atom; statics first, because they can only bind what there is. */
  #unfold(literals: readonly Literal[], known: Assignment, depth: number): void {
    const atoms = literals.filter(
      (literal): literal is Atom => literal.kind === 'atom' && !literal.negated,
    );
    for (const literal of literals) this.#bindEquality(literal, known);
    const given = atoms.filter(({ relation }) => this.#rowsGiven(relation).length > 0);
    for (const atom of given) this.#matchGiven(atom, known);
    for (const atom of atoms) {
      if (given.includes(atom) && this.#prng.chance(0.7)) continue;
      this.derive(atom.relation, this.#rowOf(atom.arguments, known), depth);
    }
  }

  #bindEquality(literal: Literal, known: Assignment): void {
    if (literal.kind !== 'condition' || literal.term.kind !== 'apply') return;
    const [left, right] = literal.term.arguments;
    if (left?.kind !== 'variable' || right?.kind !== 'constant' || known.has(left.name)) return;
    const { value } = right;
    if (
      literal.term.function === '==' ||
      literal.term.function === '>=' ||
      literal.term.function === '<='
    )
      known.set(left.name, value);
    else if (typeof value === 'number' && literal.term.function === '>')
      known.set(left.name, value + 1);
    else if (typeof value === 'number' && literal.term.function === '<')
      known.set(left.name, value - 1);
  }

  /** Facts that a relation has without any input. */
  #rowsGiven(name: string): readonly Row[] {
    const builtin = this.#program.relations.get(name)?.builtin;
    if (builtin === 'cluster' || builtin === 'self')
      return this.#subject.nodes.map((node) => [node]);
    return [
      ...this.#program.facts.flatMap(({ relation, row }) => (relation === name ? [row] : [])),
      ...this.#subject.workload.facts.flatMap(({ relation, rows }) =>
        relation === name ? firstRows(rows) : [],
      ),
    ];
  }

  #matchGiven({ relation, arguments: args }: Atom, known: Assignment): void {
    const fitting = this.#rowsGiven(relation).filter((row) =>
      args.every((argument, i) => {
        const value = argument.kind === 'wildcard' ? undefined : valueOf(argument, known);
        return value === undefined || value === row[i];
      }),
    );
    const row = this.#pick(fitting);
    if (row === undefined) return;
    for (const [i, argument] of args.entries()) {
      if (argument.kind === 'variable' && !known.has(argument.name))
        known.set(argument.name, row[i]!);
    }
  }

  /** The row that an atom asks for; its free variables are bound on the way. */
  #rowOf(args: readonly AtomArgument[], known: Assignment): readonly (Value | undefined)[] {
    return args.map((argument) => {
      if (argument.kind === 'wildcard') return undefined;
      const value = valueOf(argument, known);
      if (value !== undefined || argument.kind === 'constant') return value;
      const made = this.#stock.value(argument.type);
      if (made !== undefined) known.set(argument.name, made);
      return made;
    });
  }

  #give(
    { name, columns, location }: Relation,
    row: readonly (Value | undefined)[],
    node: string | null = this.#pick(this.#subject.nodes) ?? null,
  ): void {
    const values = columns.map(({ type }, i) => row[i] ?? this.#stock.value(type));
    if (values.includes(undefined)) return;
    const address = location === null ? null : values[location];
    if (address !== null && !this.#subject.nodes.some((one) => one === address)) return;
    const given = {
      node: location === null ? node : null,
      relation: name,
      row: values as Row,
      atMs: null,
    };
    const text = JSON.stringify(given);
    if (!this.#inputs.some((input) => JSON.stringify(input) === text)) this.#inputs.push(given);
  }

  #pick<T>(from: readonly T[]): T | undefined {
    return from.length === 0 ? undefined : from[this.#prng.int(0, from.length - 1)];
  }
}

function firstRows(rows: Iterable<Row>): readonly Row[] {
  const first: Row[] = [];
  for (const row of rows) {
    if (first.length === mostGiven) break;
    first.push(row);
  }
  return first;
}

/** A term's value, where an assignment gives it one. */
function valueOf(term: Term, known: Assignment): Value | undefined {
  if (term.kind === 'constant') return term.value;
  return term.kind === 'variable' ? known.get(term.name) : undefined;
}

/** Values to choose from: few, so that they meet. */
class Stock {
  readonly #nodes: readonly string[];
  readonly #prng: Prng;
  readonly #ints: readonly number[];
  readonly #strings: readonly string[];

  constructor(program: Program, nodes: readonly string[], prng: Prng) {
    [this.#nodes, this.#prng] = [nodes, prng];
    const constants = [...programConstants(program)];
    const ints = constants.filter((value) => Number.isSafeInteger(value)) as readonly number[];
    const strings = constants.filter((value) => typeof value === 'string');
    this.#ints = this.#some(ints, [1, 2, 0]);
    this.#strings = this.#some(strings, ['x', 'y']);
  }

  /** Undefined for types of which it makes no values. */
  value(type: Type): Value | undefined {
    switch (type.kind) {
      case 'int':
        return this.#pick(this.#ints);
      case 'nat':
        return Math.abs(this.#pick(this.#ints));
      case 'float':
        return float(this.#pick(this.#ints));
      case 'string':
      case 'any':
      case 'unknown':
        return this.#pick(this.#strings);
      case 'addr':
        return this.#pick(this.#nodes);
      case 'bool':
        return this.#prng.chance(0.5);
      case 'null':
        return null;
      case 'tuple': {
        const items = type.items.map((item) => this.value(item));
        return items.includes(undefined) ? undefined : tuple(items as Row);
      }
      case 'list':
      case 'set': {
        const item = this.value(type.item);
        if (item === undefined) return undefined;
        return type.kind === 'list' ? list([item]) : set([item]);
      }
      default:
        return undefined;
    }
  }

  /** Two of the program's own values and fresh ones. */
  #some<T>(own: readonly T[], fresh: readonly T[]): readonly T[] {
    const drawn = own.length === 0 ? [] : [this.#pick(own), this.#pick(own)];
    return [...new Set([...drawn, ...fresh])].slice(0, 3);
  }

  #pick<T>(from: readonly T[]): T {
    return from[this.#prng.int(0, from.length - 1)]!;
  }
}
