/**
 * The evaluator that runs generated code: the same timesteps as the reference evaluator, tuple for
 * tuple, at the cost of what they reach.
 *
 *   inputs ─> strata that a change reaches, to fixpoint ─> effects ─> commit in place ─> releases
 *
 * It stops at the first sign of failure, takes everything back, and has the failure explained by
 * `explain`, which evaluates the timestep once more, naively, for its least error: what a user is
 * told depends neither on join orders nor on which evaluator ran. Failing is rare, so it may cost.
 */
import { assert, BugError, defined } from '../base/assert.js';
import type { Row, Value } from '../base/value.js';
import { PartialError } from '../builtins/function.js';
import type {
  Commit,
  Evaluator,
  EvaluatorBounds,
  EvaluatorSnapshot,
  EvaluatorStatistics,
  Failure,
  NodeIdentity,
  RelationRows,
  TimestepInput,
} from '../evaluator/evaluator.js';
import type { PhysicalPlan, PlannedRule, PlanType } from '../plan/physical-plan.js';
import { boundFailure, Growth } from './bound-failure.js';
import { Budget } from './budget.js';
import { Changes } from './changes.js';
import { anyChanged, TableCommits } from './commit-effects.js';
import { DurableContent } from './durable-content.js';
import { groupEffects, type EffectGroup } from './effect-groups.js';
import { linkUpkeep, tablesToWatch } from './link-upkeep.js';
import { mergeBatches, Releases, rowsOf, sameBatches } from './release.js';
import { linkUnit, type Linker } from './load.js';
import { Profiler } from './profiler.js';
import type { Relation } from './relation.js';
import { RelationStore } from './relation-store.js';
import { RowCodec } from './row-codec.js';
import { ReachedUnits } from './reached-units.js';
import { closingCode, ruleCode, StrataRunner, watchedByUnit } from './run-strata.js';
import { Runtime, Target, type EngineCode } from './runtime.js';
import { InputTaker, type InputProgram } from './take-inputs.js';
import { StorageLimitError } from './storage-limit.js';
import { TimestepEnds } from './timestep-ends.js';
import { ValueDictionary } from './value-dictionary.js';
import type { Encoding, OuterFunction } from './word-operations.js';

/** What a timestep starts from: everything that is kept, as rows. */
export interface StoredState {
  readonly tables: readonly RelationRows[];
  /** Null before the first commit. */
  readonly statics: readonly RelationRows[] | null;
  /** Relations whose facts hold no more. */
  readonly loaded: ReadonlySet<string>;
}

/** A compiled program as the engine takes it. */
export interface EngineProgram extends InputProgram {
  readonly code: EngineCode;
  readonly fits: (value: Value, type: PlanType) => boolean;
  /** A plain value as a column of lattice type holds it; a value that it cannot hold as it is. */
  readonly forColumn: (value: Value, type: PlanType) => Value;
  /** Functions from TypeScript by the names that rules call. */
  readonly functions: ReadonlyMap<string, OuterFunction>;
  /** Why this timestep fails; null if it does not. `mostTurns`: steps of a naive evaluation after which it is given up. */
  readonly explain: (
    identity: NodeIdentity,
    bounds: EvaluatorBounds,
    state: StoredState,
    input: TimestepInput,
    mostTurns: number,
  ) => Failure | 'given up' | null;
}

/** Beyond so many tuples a bound that was passed is not explained by evaluating naively. */
const MOST_EXPLAINED = 1_000_000;
/** Nor, with fewer tuples, if that takes more steps than this, some seconds. */
const MOST_TURNS = 2 ** 21;

/** Smaller units are derived anew; with checks on, few are, so that both ways are tried. */
const UPKEEP_FROM = 256;
const UPKEEP_FROM_CHECKED = 3;

/** Smaller groups of aggregates are computed anew, likewise. */
const LEAST_RUNNING = 64;
const LEAST_RUNNING_CHECKED = 2;

/** An evaluation failed and does not when it is tried again: a function breaks its contract. */
function unsteadyFailure({ relations }: PhysicalPlan, { code, message }: PartialError): Failure {
  const { span } = defined(relations[0], 'a relation').schema;
  return {
    kind: 'failure',
    bound: false,
    diagnostic: {
      code,
      severity: 'error',
      message: `${message}, but not when it was evaluated once more`,
      primary: { span, text: 'in this program' },
      notes: ['the timestep was undone; nothing of it was stored or released'],
      help: 'a function from TypeScript must give the same for the same arguments, every time',
    },
  };
}

class EngineSnapshot implements EvaluatorSnapshot {
  readonly snapshotOf: string;
  readonly isFirst: boolean;
  /** By slot. */
  readonly contents: readonly (readonly Row[])[];

  constructor(snapshotOf: string, isFirst: boolean, contents: readonly (readonly Row[])[]) {
    [this.snapshotOf, this.isFirst, this.contents] = [snapshotOf, isFirst, contents];
  }
}

/** Values that get words are noted, for their size may matter. */
function countedEncoding(dictionary: ValueDictionary, budget: Budget): Encoding {
  return {
    encode(value) {
      budget.note(value);
      return dictionary.encode(value);
    },
    decode: (word) => dictionary.decode(word),
  };
}

export interface EngineOptions {
  /** Arrays that were replaced are poisoned, values no longer used are freed after each timestep; slow. */
  readonly checks?: boolean;
  /** Takes a profile by this clock; the program's code must be the variant that counts. */
  readonly profileMs?: (() => number) | null;
  /** Makes functions of generated text; by default in the fastest way that the host allows. */
  readonly linker?: Linker;
}

/** By slot; of a `delete` rule for the columns that its rows have. */
function makeCodecs(
  plan: PhysicalPlan,
  groups: readonly EffectGroup[],
  encoding: Encoding,
): readonly RowCodec[] {
  const ofRelations = plan.relations.map(({ bare }) => new RowCodec(bare, encoding));
  const ofGroups = groups.map(({ slot, columns }) => {
    const { bare } = plan.relations[slot]!;
    return new RowCodec(
      columns.map((column) => bare[column]!),
      encoding,
    );
  });
  return [...ofRelations, ...ofGroups];
}

/** An evaluator for one node that starts with nothing stored. */
export function createEngineEvaluator(
  program: EngineProgram,
  identity: NodeIdentity,
  bounds: EvaluatorBounds,
  options: EngineOptions = {},
): Evaluator {
  return new EngineEvaluator(program, identity, bounds, options);
}

class EngineEvaluator implements Evaluator {
  readonly #program: EngineProgram;
  readonly #identity: NodeIdentity;
  readonly #bounds: EvaluatorBounds;
  readonly #dictionary: ValueDictionary;
  readonly #store: RelationStore;
  readonly #budget: Budget;
  readonly #runtime: Runtime;
  readonly #codecs: readonly RowCodec[];
  readonly #strata: StrataRunner;
  readonly #groups: readonly EffectGroup[];
  readonly #inputs: InputTaker;
  /** By slot. */
  readonly #inputTargets: Target[] = [];
  readonly #changes: Changes;
  readonly #tableCommits: TableCommits;
  readonly #releases: Releases;
  readonly #durable: DurableContent;
  /** Of `halt`; -1 if the program does not read or fill it. */
  readonly #haltSlot: number;
  readonly #checks: boolean;
  readonly #profiler: Profiler | null;
  #isFirst = true;

  constructor(
    program: EngineProgram,
    identity: NodeIdentity,
    bounds: EvaluatorBounds,
    { checks = false, profileMs = null, linker = linkUnit }: EngineOptions,
  ) {
    [this.#program, this.#identity, this.#bounds] = [program, identity, bounds];
    this.#checks = checks;
    const { plan } = program;
    this.#profiler = profileMs === null ? null : new Profiler(plan, profileMs);
    this.#inputs = new InputTaker(program, identity);
    this.#dictionary = new ValueDictionary({ checks });
    const widest = Math.max(0, ...plan.relations.map(({ schema }) => schema.columns.length));
    this.#budget = new Budget(this.#dictionary, bounds, widest);
    const encoding = countedEncoding(this.#dictionary, this.#budget);
    this.#groups = groupEffects(plan);
    this.#codecs = makeCodecs(plan, this.#groups, encoding);
    this.#store = new RelationStore(plan, this.#groups, encoding, checks);
    this.#changes = new Changes(plan, this.#store, tablesToWatch(plan, this.#groups));
    const slots = this.#store.current.length;
    const reached = new ReachedUnits(watchedByUnit(plan, this.#groups), slots);
    this.#tableCommits = new TableCommits({
      plan,
      groups: this.#groups,
      store: this.#store,
      changes: this.#changes,
      reached,
    });
    const deductive = plan.strata.flatMap((stratum) => stratum.rules);
    const rules = [...deductive, ...plan.effects];
    const targetOf = this.#makeTargets(deductive);
    const parts = {
      linker,
      profiler: this.#profiler,
      store: this.#store,
      changes: this.#changes,
      budget: this.#budget,
    };
    this.#runtime = new Runtime(
      {
        ...parts,
        code: program.code,
        encoding,
        codecs: this.#codecs,
        fits: program.fits,
        forColumn: program.forColumn,
        functions: program.functions,
        targetOf,
      },
      rules,
    );
    const releaseParts = { ...parts, plan, groups: this.#groups, codecs: this.#codecs };
    this.#releases = new Releases(releaseParts);
    this.#durable = new DurableContent(releaseParts);
    this.#haltSlot = plan.relations.findIndex(({ schema }) => schema.builtin === 'halt');
    const linked = this.#runtime.link();
    this.#strata = new StrataRunner({
      plan,
      store: this.#store,
      changes: this.#changes,
      runtime: this.#runtime,
      codecs: this.#codecs,
      budget: this.#budget,
      groups: this.#groups,
      reached,
      targetOf,
      inputTarget: (slot) => this.#inputTarget(slot),
      codeOf: (rule) => ruleCode(rule, linked),
      closingOf: (stratum) => closingCode(stratum, linked),
      upkeepFrom: checks ? UPKEEP_FROM_CHECKED : UPKEEP_FROM,
      linkUpkeep: (unit) =>
        linkUpkeep(unit.rules, [...unit.relations], {
          ...parts,
          plan,
          runtime: this.#runtime,
          targetOf,
          leastRunning: checks ? LEAST_RUNNING_CHECKED : LEAST_RUNNING,
        }),
    });
  }

  timestep(input: TimestepInput): Commit | Failure {
    return this.#profiler === null ? this.#attempt(input) : this.#profiled(input, this.#profiler);
  }

  #profiled(input: TimestepInput, profiler: Profiler): Commit | Failure {
    return profiler.timestep(() => this.#attempt(input));
  }

  statistics(): EvaluatorStatistics {
    const relations = this.#program.plan.relations
      .filter(({ isSupplementary }) => !isSupplementary)
      .map(({ slot, schema }) => {
        const relation = this.#store.current[slot]!;
        return { relation: schema.name, tuples: relation.size, bytes: relation.bytes() };
      });
    return {
      relations: relations.sort((a, b) => (a.relation < b.relation ? -1 : 1)),
      profile: this.#profiler?.profile() ?? null,
    };
  }

  #attempt(input: TimestepInput): Commit | Failure {
    this.#store.begin();
    this.#budget.begin();
    try {
      const commit = this.#run(input);
      this.#changes.commit(this.#store.notedTables);
      this.#store.commit();
      this.#strata.commit();
      this.#isFirst = false;
      return commit;
    } catch (error) {
      const isFailure =
        error instanceof PartialError ||
        error instanceof TimestepEnds ||
        error instanceof StorageLimitError;
      if (!isFailure) throw error;
      const growth = this.#growth();
      this.#undo(error);
      return this.#explain(input, error, growth);
    } finally {
      if (this.#checks || this.#dictionary.wantsReclaiming) this.#reclaim();
    }
  }

  load(content: readonly RelationRows[]): void {
    assert(this.#isFirst, 'content is loaded before the first timestep');
    for (const { relation, rows } of content)
      for (const slot of this.#durable.slotsOf(relation)) this.#fill(slot, rows);
    this.#inputs.load(new Set(content.map(({ relation }) => relation)));
    this.#changes.reset();
    this.#strata.invalidate();
  }

  query(relation: string): readonly Row[] {
    const slot = defined(this.#program.plan.slotByName.get(relation), `relation ${relation}`);
    return rowsOf(this.#store.current[slot]!, this.#codecs[slot]!);
  }

  snapshot(): EvaluatorSnapshot {
    return new EngineSnapshot(
      this.#program.plan.program,
      this.#isFirst,
      this.#store.current.map((relation, slot) => rowsOf(relation, this.#codecs[slot]!)),
    );
  }

  restore(snapshot: EvaluatorSnapshot): void {
    assert(
      snapshot instanceof EngineSnapshot && snapshot.snapshotOf === this.#program.plan.program,
      'a snapshot of another evaluator',
    );
    for (const [slot, rows] of snapshot.contents.entries()) this.#fill(slot, rows);
    this.#isFirst = snapshot.isFirst;
    this.#changes.reset();
    this.#strata.invalidate();
  }

  #fill(slot: number, rows: readonly Row[]): void {
    const [relation, codec] = [this.#store.current[slot]!, this.#codecs[slot]!];
    relation.clear();
    for (const row of rows) relation.insert(codec.words(row));
    relation.settle();
  }

  close(): void {
    for (const relation of this.#store.current) relation.clear();
  }

  #run(input: TimestepInput): Commit {
    const isFirst = this.#isFirst;
    this.#strata.run(this.#inputs.take(input, isFirst), isFirst);
    this.#store.reachFixpoint();
    this.#strata.runEffects();
    this.#tableCommits.run();
    return this.#commit(input);
  }

  #commit(input: TimestepInput): Commit {
    const [store, releases, isFirst] = [this.#store, this.#releases, this.#isFirst];
    const nextTuples = releases.nextTuples();
    return {
      kind: 'commit',
      released: releases.outputs(isFirst),
      viewChanges: releases.views(isFirst),
      sends: releases.sends(),
      durable: this.#durable.changes(),
      nextTuples,
      stateChanged: anyChanged(store, input.events.length > 0),
      nextChanged:
        nextTuples.length + input.nextTuples.length > 0 &&
        !sameBatches(nextTuples, mergeBatches(input.nextTuples)),
      halt: this.#haltSlot < 0 ? null : this.#haltCode(),
    };
  }

  #haltCode(): number | null {
    let largest: number | null = null;
    const slot = this.#haltSlot;
    for (const [code] of rowsOf(this.#store.current[slot]!, this.#codecs[slot]!))
      if (typeof code === 'number' && (largest === null || code > largest)) largest = code;
    return largest;
  }

  #undo(error: Error): void {
    this.#changes.clear();
    this.#store.undo(error instanceof StorageLimitError);
    this.#strata.undo();
    this.#runtime.reset();
  }

  #growth(): Growth {
    return new Growth(this.#program.plan, this.#store, this.#groups);
  }

  #explain(input: TimestepInput, error: Error, growth: Growth): Commit | Failure {
    const { maxTuples } = this.#bounds;
    if (error instanceof StorageLimitError)
      return boundFailure(growth, maxTuples, { why: 'storage', limit: error.message, rule: null });
    if (error instanceof TimestepEnds) {
      const { why } = error;
      const isOfNumber = why === 'tuples' || why === 'raises';
      if (why === 'host' || (isOfNumber && maxTuples > MOST_EXPLAINED))
        return boundFailure(growth, maxTuples, error, this.#budget.mostRaised);
    }
    const ofStorage = (storage: string): RelationRows[] =>
      this.#program.plan.relations.flatMap(({ schema, storage: own }) =>
        own === storage ? [{ relation: schema.name, rows: this.query(schema.name) }] : [],
      );
    const state: StoredState = {
      tables: ofStorage('stored'),
      statics: this.#isFirst ? null : ofStorage('static'),
      loaded: this.#inputs.loaded,
    };
    const isBound = error instanceof TimestepEnds && error.why !== 'key';
    const mostTurns = isBound ? MOST_TURNS : Number.POSITIVE_INFINITY;
    const failure = this.#program.explain(this.#identity, this.#bounds, state, input, mostTurns);
    if (failure === 'given up') {
      assert(isBound, 'only bounds are not explained to the end');
      return boundFailure(growth, maxTuples, error, this.#budget.mostRaised);
    }
    if (failure !== null) return failure;
    if (error instanceof TimestepEnds && error.why === 'raises') {
      this.#budget.raisesFreely = true;
      return this.timestep(input);
    }
    if (error instanceof PartialError && this.#program.functions.size > 0)
      return unsteadyFailure(this.#program.plan, error);
    throw new BugError(`only one evaluator fails: ${error.message}`);
  }

  /** Frees values that nothing refers to any more. */
  #reclaim(): void {
    this.#dictionary.reclaim((mark) => {
      this.#store.forEachWord(mark);
      this.#runtime.forEachWord(mark);
      this.#changes.forEachWord(mark);
    });
  }

  #makeTargets(deductive: readonly PlannedRule[]): (rule: number) => Target {
    const targets: { readonly target: Target; readonly slot: number }[] = [];
    const add = (rule: number, slot: number, width: number, counts: boolean): void => {
      const target = new Target(this.#store.current[slot]!, width, this.#budget, counts);
      targets[rule] = { target, slot };
    };
    for (const { rule, head } of deductive) {
      const counts = !this.#program.plan.relations[head]!.isSupplementary;
      add(rule.id, head, rule.head.arguments.length, counts);
    }
    for (const { rules, wanted, columns, mode } of this.#groups)
      for (const { rule } of rules) add(rule.id, wanted, columns.length, mode !== 'delete');
    return (rule) => {
      const { target, slot } = targets[rule]!;
      target.relation = this.#store.current[slot]!;
      return target;
    };
  }

  #inputTarget(slot: number): Target {
    const relation = this.#store.current[slot]!;
    const target = (this.#inputTargets[slot] ??= this.#makeInputTarget(slot, relation));
    target.relation = relation;
    return target;
  }

  #makeInputTarget(slot: number, relation: Relation): Target {
    const width = this.#program.plan.relations[slot]!.schema.columns.length;
    return new Target(relation, width, this.#budget, true);
  }
}
