/**
 * `planProgram`: from the program that nodes run to its physical plan.
 *
 * Strata are the strongly connected components of "the head depends on the body", dependencies
 * first. Within one, rules run to a common fixpoint; negation and aggregates look only at strata
 * before, which the semantic checks have made sure of.
 */
import { assert, defined } from '../base/assert.js';
import { isLatticeType } from '../semantics/lattice-shape.js';
import type { Program, Relation, Rule } from '../semantics/program.js';
import { strongComponents } from '../semantics/strong-components.js';
import { bareLattice } from './bare-lattice.js';
import { isReadByLayout } from './layouts.js';
import type { OrderingFacts } from './order-literals.js';
import type {
  PhysicalPlan,
  PlannedRelation,
  PlannedRule,
  PlannedStratum,
  Step,
  StorageClass,
} from './physical-plan.js';
import { planRule } from './plan-rule.js';

/** What a relation is taken to hold as long as nothing tells. */
const GUESS = { event: 8, static: 1_000, stored: 20_000, derived: 10_000 };

/** How the program is to be evaluated. */
export function planProgram(program: Program): PhysicalPlan {
  const schemas = [...program.relations.values()];
  const slotByName = new Map(schemas.map(({ name }, slot) => [name, slot] as const));
  const estimates = new Map(schemas.map((schema) => [schema.name, estimate(program, schema)]));
  const facts: OrderingFacts = {
    slotOf: (name) => defined(slotByName.get(name), `relation ${name}`),
    estimateOf: (name) => defined(estimates.get(name), `relation ${name}`),
  };
  const strata = stratify(program).map((stratum) => planStratum(program, stratum, facts));
  const effects = program.rules
    .filter((rule) => rule.head.mode !== 'now')
    .sort((a, b) => a.id - b.id)
    .map((rule) => planRule(rule, new Set(), false, facts));
  const rules = [...strata.flatMap((stratum) => stratum.rules), ...effects];
  const relations = schemas.map((schema, slot): PlannedRelation => {
    const indexes = indexesFor(slot, schema, schemas, rules);
    const isReadByValue = indexes.some((columns) => columns.join() === '1');
    const isReadByKey = indexes.some((columns) => columns.join() === '0');
    const merged = latticeColumns(schema);
    return {
      slot,
      schema,
      storage: storageOf(schema),
      indexes,
      keyColumn: isReadByValue && !isReadByKey && schema.columns.length === 2 ? 1 : 0,
      estimate: facts.estimateOf(schema.name),
      merged,
      bare: schema.columns.map(({ type }) => bareLattice(type)),
      mayConflict: schema.keyLength + merged.length < schema.columns.length,
    };
  });
  return { program: program.name, relations, slotByName, strata, effects };
}

function estimate(program: Program, schema: Relation): number {
  if (schema.eventDriven) return GUESS.event;
  if (schema.builtin !== null || schema.kind === 'lattice') return 1;
  const stated = program.facts.filter((fact) => fact.relation === schema.name).length;
  const guess =
    schema.kind === 'static'
      ? GUESS.static
      : schema.kind === 'table'
        ? GUESS.stored
        : GUESS.derived;
  const isDerived = program.rules.some((rule) => rule.head.relation === schema.name);
  return stated > 0 && schema.kind === 'static' && !isDerived ? stated : guess;
}

/** Columns whose values merge, ascending. */
function latticeColumns({ columns }: Relation): readonly number[] {
  return columns.flatMap(({ type }, column) => (isLatticeType(type) ? [column] : []));
}

function storageOf({ kind }: Relation): StorageClass {
  if (kind === 'table' || kind === 'lattice') return 'stored';
  return kind === 'static' ? 'static' : 'ephemeral';
}

interface Stratum {
  readonly names: ReadonlySet<string>;
  readonly rules: readonly Rule[];
}

function stratify(program: Program): readonly Stratum[] {
  const deductive = program.rules.filter((rule) => rule.head.mode === 'now');
  const successors = new Map(
    [...program.relations.keys()].sort().map((n) => [n, new Set<string>()]),
  );
  for (const rule of deductive) {
    for (const body of rule.bodies)
      for (const literal of body.literals)
        if (literal.kind === 'atom') successors.get(rule.head.relation)!.add(literal.relation);
  }
  // A component is numbered when it is left: after everything that it depends on.
  const numbers = strongComponents(new Map([...successors].map(([n, to]) => [n, [...to].sort()])));
  const strata = new Map<number, Set<string>>();
  for (const [name, number] of numbers) {
    const names = strata.get(number);
    if (names === undefined) strata.set(number, new Set([name]));
    else names.add(name);
  }
  return [...strata]
    .sort(([a], [b]) => a - b)
    .map(([, names]) => ({
      names,
      rules: deductive.filter((rule) => names.has(rule.head.relation)).sort((a, b) => a.id - b.id),
    }));
}

function planStratum(
  program: Program,
  { names, rules }: Stratum,
  facts: OrderingFacts,
): PlannedStratum {
  const own = new Set([...names].map(facts.slotOf));
  const hasLattice = [...names].some(
    (name) => latticeColumns(program.relations.get(name)!).length > 0,
  );
  const planned = rules.map((rule) => planRule(rule, names, hasLattice, facts));
  for (const { rule, bodies } of planned)
    assert(
      !rule.aggregated || bodies.every(({ deltas }) => deltas.length === 0),
      `${rule.name} is not stratified`,
    );
  const reads = new Set(planned.flatMap((rule) => rule.reads).filter((slot) => !own.has(slot)));
  return {
    relations: [...own].sort((a, b) => a - b),
    isRecursive: planned.some(({ bodies }) => bodies.some(({ deltas }) => deltas.length > 0)),
    isStatic: [...names].every((name) => program.relations.get(name)?.kind === 'static'),
    rules: planned,
    reads: [...reads].sort((a, b) => a - b),
  };
}

/** Column sets by which some step looks the relation up, and its key where that is not the row. */
function indexesFor(
  slot: number,
  schema: Relation,
  schemas: readonly Relation[],
  rules: readonly PlannedRule[],
): readonly (readonly number[])[] {
  const sets = new Map<string, readonly number[]>();
  const arity = schema.columns.length;
  const want = (columns: readonly number[]): void => {
    if (columns.length > 0 && columns.length < arity) sets.set(columns.join(), columns);
  };
  if (schema.keyLength < arity) want(Array.from({ length: schema.keyLength }, (_, i) => i));
  for (const rule of rules) {
    const headStorage = storageOf(schemas[rule.head]!);
    for (const { literal, access } of stepsOf(rule)) {
      if (access?.slot !== slot) continue;
      const own = { storage: storageOf(schema), merged: latticeColumns(schema) };
      if (!isReadByLayout(literal, access, own, headStorage)) want(access.columns);
    }
    if (rule.rule.head.mode === 'delete' && rule.head === slot) {
      want(
        rule.rule.head.arguments.flatMap((argument, column) =>
          argument.kind === 'term' && argument.term.kind === 'wildcard' ? [] : [column],
        ),
      );
    }
  }
  return [...sets.values()].sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

/** All steps of a rule, of every version. */
function stepsOf(rule: PlannedRule): readonly Step[] {
  return rule.bodies.flatMap(({ full, deltas }) => [full, ...deltas].flatMap(({ steps }) => steps));
}
