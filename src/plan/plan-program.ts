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
import { addGroupings } from './add-groupings.js';
import { addSupplementaries, isSupplementary } from './add-supplementaries.js';
import { bareLattice } from './bare-lattice.js';
import { areGivenPairs, isReadByLayout, isReadByRows } from './layouts.js';
import { isWorthUpkeep, momentaryRelations } from './choose-upkeep.js';
import { estimateSizes, type GivenSizes } from './estimate-sizes.js';
import { findClosure } from './find-closure.js';
import { findPivot } from './find-pivot.js';
import type { OrderingFacts } from './order-literals.js';
import type {
  AtomAccess,
  PhysicalPlan,
  PlannedRelation,
  PlannedRule,
  PlannedStratum,
  Step,
  StorageClass,
} from './physical-plan.js';
import { planRule } from './plan-rule.js';
import { stratumNumbers } from './stratum-numbers.js';

const nothingGiven: GivenSizes = new Map();

/** How the program is to be evaluated at nodes that are given so many tuples. */
export function planProgram(source: Program, sizes: GivenSizes = nothingGiven): PhysicalPlan {
  const program = addGroupings(addSupplementaries(source));
  const schemas = [...program.relations.values()];
  const slotByName = new Map(schemas.map(({ name }, slot) => [name, slot] as const));
  const estimates = estimateSizes(program, sizes);
  const facts: OrderingFacts = {
    slotOf: (name) => defined(slotByName.get(name), `relation ${name}`),
    estimateOf: (name) => defined(estimates.get(name), `relation ${name}`),
    keyLengthOf: (name) => defined(program.relations.get(name), `relation ${name}`).keyLength,
  };
  const momentary = momentaryRelations(program);
  const isMaintained = (rules: readonly Rule[]): boolean => isWorthUpkeep(rules, momentary);
  const maintained = new Set<number>();
  const strata = stratify(program).map((stratum) => {
    const planned = planStratum(
      program,
      { ...stratum, isMaintained: isMaintained(stratum.rules) },
      facts,
      (slot) => storageOf(schemas[slot]!, maintained.has(slot)),
    );
    if (planned.isMaintained) for (const slot of planned.relations) maintained.add(slot);
    return planned;
  });
  const effects = program.rules
    .filter((rule) => rule.head.mode !== 'now')
    .sort((a, b) => a.id - b.id)
    .map((rule) => planRule(rule, new Set(), false, facts));
  const rules = [...strata.flatMap((stratum) => stratum.rules), ...effects];
  const pivots = new Map(strata.map(({ relations, pivot }) => [relations[0]!, pivot] as const));
  const derived = new Set(strata.flatMap((stratum) => stratum.rules.map(({ head }) => head)));
  const given = schemas.map(({ kind }, slot) => kind === 'static' && !derived.has(slot));
  const byRows = rowsReadBy(rules, schemas, given);
  const served = new Set([...strata.flatMap(rowsReadInRecursion), ...byRows]);
  const lookups = lookupsOf(rules, schemas, served);
  const maintainedEffects = new Set(
    bagsOf(effects.map(({ rule }) => rule))
      .filter(isMaintained)
      .flatMap((bag) => bag.map(({ id }) => id)),
  );
  const watched = new Set([
    ...derived,
    ...strata.flatMap((stratum) => (stratum.isMaintained ? stratum.reads : [])),
    ...effects.flatMap((rule) => (maintainedEffects.has(rule.rule.id) ? rule.reads : [])),
  ]);
  const read = new Set(rules.flatMap((rule) => rule.reads));
  const relations = schemas.map((schema, slot): PlannedRelation => {
    const indexes = indexesFor(schema, lookups.get(slot) ?? []);
    const reads = [
      ...indexes,
      ...byRows.flatMap((access) => (access.slot === slot ? [access.columns] : [])),
    ];
    const isReadByValue = reads.some((columns) => columns.join() === '1');
    const isReadByKey = reads.some((columns) => columns.join() === '0');
    const merged = latticeColumns(schema);
    const keyColumn =
      pivots.get(slot) ?? (isReadByValue && !isReadByKey && schema.columns.length === 2 ? 1 : 0);
    // What upkeep starts from, or puts back for a while, may hold two tuples of one key.
    const isKeyed = isKept(schema) && !watched.has(slot) && merged.length === 0 && !isReadByValue;
    const storage = storageOf(schema, maintained.has(slot));
    return {
      slot,
      schema,
      storage,
      isGiven: given[slot]!,
      isSupplementary: isSupplementary(schema.name),
      indexes,
      keyColumn,
      estimate: facts.estimateOf(schema.name),
      merged,
      isKeyed,
      isRows: storage === 'ephemeral' && !read.has(slot) && isMomentaryPair(schema),
      bare: schema.columns.map(({ type }) => bareLattice(type)),
      mayConflict: !isKeyed && schema.keyLength + merged.length < schema.columns.length,
    };
  });
  return { program: program.name, relations, slotByName, strata, effects, maintainedEffects };
}

/** Whether it is a table of one word for each word. */
function isKept({ kind, columns, keyLength }: Relation): boolean {
  return kind === 'table' && columns.length === 2 && keyLength === 1;
}

/** Whether its tuples are two words and gone with the events that they are of. */
function isMomentaryPair({ columns, keyLength, eventDriven }: Relation): boolean {
  const merges = columns.some(({ type }) => isLatticeType(type));
  return eventDriven && columns.length === 2 && keyLength === 2 && !merges;
}

/** Effects by what they ask for: what is gathered together is brought up to date together. */
function bagsOf(effects: readonly Rule[]): readonly (readonly Rule[])[] {
  const bags = new Map<string, Rule[]>();
  for (const rule of effects) {
    const { mode, relation } = rule.head;
    const isShared = mode === 'next' || mode === 'upsert';
    const name = isShared ? `${mode} ${relation}` : `${rule.id}`;
    if (!bags.has(name)) bags.set(name, []);
    bags.get(name)!.push(rule);
  }
  return [...bags.values()];
}

/** Columns whose values merge, ascending. */
function latticeColumns({ columns }: Relation): readonly number[] {
  return columns.flatMap(({ type }, column) => (isLatticeType(type) ? [column] : []));
}

function storageOf({ kind }: Relation, isMaintained: boolean): StorageClass {
  if (kind === 'table' || kind === 'lattice') return 'stored';
  if (kind === 'static') return 'static';
  return isMaintained ? 'maintained' : 'ephemeral';
}

interface Stratum {
  readonly names: ReadonlySet<string>;
  readonly rules: readonly Rule[];
}

function stratify(program: Program): readonly Stratum[] {
  const numbers = stratumNumbers(program);
  const rulesOf = new Map<number, Rule[]>();
  for (const rule of [...program.rules].sort((a, b) => a.id - b.id)) {
    if (rule.head.mode !== 'now') continue;
    const number = numbers.get(rule.head.relation)!;
    const rules = rulesOf.get(number);
    if (rules === undefined) rulesOf.set(number, [rule]);
    else rules.push(rule);
  }
  const strata = new Map<number, Set<string>>();
  for (const [name, number] of numbers) {
    const names = strata.get(number);
    if (names === undefined) strata.set(number, new Set([name]));
    else names.add(name);
  }
  return [...strata]
    .sort(([a], [b]) => a - b)
    .map(([number, names]) => ({ names, rules: rulesOf.get(number) ?? [] }));
}

function planStratum(
  program: Program,
  { names, rules, isMaintained }: Stratum & { readonly isMaintained: boolean },
  facts: OrderingFacts,
  storageAt: (slot: number) => StorageClass,
): PlannedStratum {
  const isStatic = [...names].every((name) => program.relations.get(name)?.kind === 'static');
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
  const isRecursive = planned.some(({ bodies }) => bodies.some(({ deltas }) => deltas.length > 0));
  return {
    relations: [...own].sort((a, b) => a - b),
    isRecursive,
    unchanging: isRecursive
      ? unchangingRelations([...program.relations.values()], [...reads], storageAt)
      : [],
    ...recursionOf(program, names, rules),
    isStatic,
    isMaintained: isMaintained && !isStatic,
    rules: planned,
    reads: [...reads].sort((a, b) => a - b),
  };
}

/**
 * The binary ones that are filled once, or derived anew with no more cost than laying them out: what
 * is kept and changes a little would have to be laid out as a whole.
 */
function unchangingRelations(
  schemas: readonly Relation[],
  reads: readonly number[],
  storageAt: (slot: number) => StorageClass,
): readonly number[] {
  return reads
    .filter((slot) => {
      const { columns, keyLength } = schemas[slot]!;
      const storage = storageAt(slot);
      const isPair = columns.length === 2 && keyLength === 2;
      return isPair && storage !== 'stored' && storage !== 'maintained';
    })
    .sort((a, b) => a - b);
}

/** Lookups of given pairs for which no index is needed. */
function rowsReadBy(
  rules: readonly PlannedRule[],
  schemas: readonly Relation[],
  given: readonly boolean[],
): readonly AtomAccess[] {
  return rules.flatMap(stepsOf).flatMap(({ access, literal }) => {
    if (access === null) return [];
    const schema = schemas[access.slot]!;
    const relation = { schema, merged: latticeColumns(schema), isGiven: given[access.slot]! };
    return areGivenPairs(relation) && isReadByRows(literal, access) ? [access] : [];
  });
}

/** Lookups in a recursion for which no index is needed. */
function rowsReadInRecursion({ rules, unchanging }: PlannedStratum): readonly AtomAccess[] {
  const slots = new Set(unchanging);
  return rules.flatMap(stepsOf).flatMap(({ access, literal }) => {
    const isServed =
      access !== null && slots.has(access.slot) && literal.kind === 'atom' && !literal.negated;
    return isServed && access.columns.length === 1 ? [access] : [];
  });
}

function recursionOf(
  program: Program,
  names: ReadonlySet<string>,
  rules: readonly Rule[],
): Pick<PlannedStratum, 'pivot' | 'closure'> {
  const [name, ...others] = names;
  if (name === undefined || others.length > 0) return { pivot: null, closure: null };
  const schemaOf = (relation: string): Relation => program.relations.get(relation)!;
  const relation = schemaOf(name);
  const pivot = findPivot(relation, rules, schemaOf);
  const closure = findClosure(relation, rules);
  // Where it starts with more than it should it has to be walked.
  return { pivot, closure: pivot === null && closure?.copyOf !== null ? null : closure };
}

/** By slot, the columns by which something looks the relation up, but for what is `served` otherwise. */
function lookupsOf(
  rules: readonly PlannedRule[],
  schemas: readonly Relation[],
  served: ReadonlySet<AtomAccess>,
): ReadonlyMap<number, readonly (readonly number[])[]> {
  const lookups = new Map<number, (readonly number[])[]>();
  const note = (slot: number, columns: readonly number[]): void => {
    const known = lookups.get(slot);
    if (known === undefined) lookups.set(slot, [columns]);
    else known.push(columns);
  };
  for (const rule of rules) {
    const headStorage = storageOf(schemas[rule.head]!, false);
    for (const { literal, access } of stepsOf(rule)) {
      if (access === null || served.has(access)) continue;
      const schema = schemas[access.slot]!;
      const own = { storage: storageOf(schema, false), merged: latticeColumns(schema) };
      if (!isReadByLayout(literal, access, own, headStorage)) note(access.slot, access.columns);
    }
    if (rule.rule.head.mode !== 'delete') continue;
    const columns = rule.rule.head.arguments.flatMap((argument, column) =>
      argument.kind === 'term' && argument.term.kind === 'wildcard' ? [] : [column],
    );
    note(rule.head, columns);
  }
  return lookups;
}

/** Column sets by which the relation is looked up, and its key where that is not the row. */
function indexesFor(
  { columns: { length: arity }, keyLength }: Relation,
  lookups: readonly (readonly number[])[],
): readonly (readonly number[])[] {
  const sets = new Map<string, readonly number[]>();
  const key = Array.from({ length: keyLength }, (_, i) => i);
  for (const columns of [...lookups, key])
    if (columns.length > 0 && columns.length < arity) sets.set(columns.join(), columns);
  return [...sets.values()].sort((a, b) => (a.join() < b.join() ? -1 : 1));
}

/** All steps of a rule, of every version. */
function stepsOf(rule: PlannedRule): readonly Step[] {
  return rule.bodies.flatMap(({ full, deltas }) => [full, ...deltas].flatMap(({ steps }) => steps));
}
