/**
 * The reference evaluator: the meaning of a program, straight from its rules. Naive on purpose, so
 * that it can be read against the definition of the language and be the oracle of every faster one:
 * it keeps no deltas from one timestep to the next, it derives everything anew from what is stored
 * and what has come in.
 *
 *   events, @next tuples ─> deductive strata to fixpoint ─> effects ─> commit of tables ─> releases
 *
 * (Dedalus: Alvaro, Marczak, Conway, Hellerstein, Maier and Sears, Dedalus: Datalog in Time and
 * Space, 2011, section 3.) The store is a value and replaced at the very end: a timestep that fails
 * has changed nothing.
 */
import { assert, defined } from '../base/assert.js';
import { compareRows, rowKey, type Row } from '../base/value.js';
import type {
  Commit,
  ComparableEvaluator,
  EvaluatorBounds,
  EvaluatorSnapshot,
  Failure,
  NodeIdentity,
  RelationRows,
  TimestepInput,
} from '../evaluator/evaluator.js';
import type { Program } from '../semantics/program.js';
import { collectEffects, prepareEffectRules, type Effects } from './collect-effects.js';
import { commitTables } from './commit-tables.js';
import { durableChanges, loadStore, storedRows } from './durable-content.js';
import { keyOf, noStoredRows, type Content, type StoredRows } from './content.js';
import { TimestepFailure } from './failure.js';
import { findSource } from './find-source.js';
import { changeViews, releaseOutputs, releaseSends, sortedBatches } from './release.js';
import { reportBound, type Source } from './report-failure.js';
import { prepareStrata, runStratum } from './run-strata.js';
import { emptyStore, isStored, type Store } from './store.js';
import { takeInputs } from './take-inputs.js';
import { InsertionEnds, PatienceEnds, WorkingState } from './working-state.js';

class ReferenceSnapshot implements EvaluatorSnapshot {
  readonly snapshotOf: string;
  readonly store: Store;

  constructor(snapshotOf: string, store: Store) {
    this.snapshotOf = snapshotOf;
    this.store = store;
  }
}

/** What is kept from timestep to timestep, as rows; `statics` are null before the first commit. */
export interface StoredRelations {
  readonly tables: readonly RelationRows[];
  readonly statics: readonly RelationRows[] | null;
  /** Relations whose facts hold no more. */
  readonly loaded: ReadonlySet<string>;
}

/**
 * Why a timestep fails that starts from the given state; null if it commits. `mostTurns`: literals that
 * may be found to hold before it is given up.
 */
export function explainFailure(
  program: Program,
  identity: NodeIdentity,
  bounds: EvaluatorBounds,
  state: StoredRelations,
  input: TimestepInput,
  mostTurns: number,
): Failure | 'given up' | null {
  const store: Store = {
    ...emptyStore,
    tables: storedRows(program, state.tables),
    statics: state.statics === null ? null : storedRows(program, state.statics),
    loaded: state.loaded,
  };
  const evaluator = startEvaluator(program, identity, bounds, store, mostTurns);
  try {
    const result = evaluator.timestep(input);
    return result.kind === 'failure' ? result : null;
  } catch (error) {
    if (error instanceof PatienceEnds) return 'given up';
    throw error;
  }
}

/** An evaluator for one node that starts with nothing stored. */
export function createReferenceEvaluator(
  program: Program,
  identity: NodeIdentity,
  bounds: EvaluatorBounds,
): ComparableEvaluator {
  return startEvaluator(program, identity, bounds, emptyStore);
}

interface PreparedRules {
  readonly strata: ReturnType<typeof prepareStrata>;
  readonly effectRules: ReturnType<typeof prepareEffectRules>;
}

/** Whoever explains one failing timestep after the other prepares the rules once. */
const preparedByProgram = new WeakMap<Program, PreparedRules>();

function preparedRules(program: Program): PreparedRules {
  let prepared = preparedByProgram.get(program);
  if (prepared === undefined) {
    prepared = { strata: prepareStrata(program), effectRules: prepareEffectRules(program) };
    preparedByProgram.set(program, prepared);
  }
  return prepared;
}

function startEvaluator(
  program: Program,
  identity: NodeIdentity,
  bounds: EvaluatorBounds,
  initial: Store,
  mostTurns = Number.POSITIVE_INFINITY,
): ComparableEvaluator {
  const { strata, effectRules } = preparedRules(program);
  let store: Store = initial;

  const run = (input: TimestepInput): { readonly commit: Commit; readonly store: Store } => {
    const working = new WorkingState(program, store, bounds, mostTurns);
    const sourceOf = (relation: string, row: Row): Source =>
      findSource({ program, identity, input, working }, relation, row);
    const isFirst = store.statics === null;
    takeAll(program, identity, input, { isFirst, loaded: store.loaded }, working);
    for (const stratum of strata)
      if (isFirst || !stratum.isStatic) runStratum(stratum, working, sourceOf);
    const effects = collectEffects(effectRules, working);
    const tables = commitTables(working, effects, sourceOf);
    return finish(program, store, input, working, effects, tables);
  };

  return {
    timestep(input) {
      try {
        const result = run(input);
        store = result.store;
        return result.commit;
      } catch (error) {
        if (!(error instanceof TimestepFailure)) throw error;
        return {
          kind: 'failure',
          diagnostic: error.diagnostic,
          bound: error.bound,
          ...(error.isOfHost ? { isOfHost: true } : {}),
        } satisfies Failure;
      }
    },
    load(content) {
      assert(store.statics === null, 'content is loaded before the first timestep');
      store = loadStore(program, content);
    },
    snapshot: () => new ReferenceSnapshot(program.name, store),
    stateKey: () => stateKey(program, store),
    restore(snapshot) {
      assert(
        snapshot instanceof ReferenceSnapshot && snapshot.snapshotOf === program.name,
        'a snapshot of another evaluator',
      );
      store = snapshot.store;
    },
    query(relation) {
      defined(program.relations.get(relation), `relation ${relation}`);
      return [...shownRows(store, relation)].sort(compareRows);
    },
    close() {
      store = emptyStore;
    },
  };
}

/**
 * What later timesteps depend on: what is stored, what standing outputs and views showed, and what
 * standing sends there were.
 */
function stateKey(program: Program, store: Store): string {
  const shown = [...program.relations.values()].filter(
    ({ observable, eventDriven }) => observable === 'view' || (observable !== null && !eventDriven),
  );
  const parts = [
    ...[...store.tables].map(([name, rows]) => `${name}=${storedKey(rows)}`),
    ...shown.map(({ name }) => `${name}:${allOf([...shownRows(store, name)].map(rowKey))}`),
    ...[...store.standingSends].map(([id, rows]) => `${id}>${allOf([...rows.keys()])}`),
  ];
  return `${store.statics === null}|${parts.sort().join('|')}`;
}

/** Texts as one: of a relation without columns, whose only tuple has an empty key, it differs from none. */
function allOf(keys: readonly string[]): string {
  return keys
    .toSorted()
    .map((key) => `${key};`)
    .join('');
}

const keyByStoredRows = new WeakMap<StoredRows, string>();

function storedKey(rows: StoredRows): string {
  let key = keyByStoredRows.get(rows);
  if (key === undefined) {
    key = allOf([...rows.values()].map(rowKey));
    keyByStoredRows.set(rows, key);
  }
  return key;
}

function takeAll(
  program: Program,
  identity: NodeIdentity,
  input: TimestepInput,
  state: { readonly isFirst: boolean; readonly loaded: ReadonlySet<string> },
  working: WorkingState,
): void {
  try {
    takeInputs(program, identity, input, state, working);
  } catch (error) {
    // Key conflicts among what came in are reported with their stratum.
    if (!(error instanceof InsertionEnds)) throw error;
    if (working.hostLimit !== null) throw reportBound(working);
    if (![...working.contents.values()].some((content) => content.hasConflict))
      throw reportBound(working);
  }
}

/** Rows of a relation after the last commit: tables as committed, others as at the fixpoint. */
function shownRows(store: Store, relation: string): readonly Row[] {
  const stored = store.tables.get(relation) ?? store.statics?.get(relation);
  if (stored !== undefined) return [...stored.values()];
  return [...(store.latest.get(relation)?.rows() ?? [])];
}

function finish(
  program: Program,
  before: Store,
  input: TimestepInput,
  working: WorkingState,
  effects: Effects,
  tables: ReadonlyMap<string, StoredRows>,
): { readonly commit: Commit; readonly store: Store } {
  const { sends, standing } = releaseSends(effects, before.standingSends);
  const latest = new Map(
    [...working.contents].filter(
      ([, { relation }]) => !isStored(relation) && relation.kind !== 'static',
    ),
  );
  const after: Store = {
    tables,
    statics: before.statics ?? staticsOf(working),
    latest,
    standingSends: standing,
    loaded: before.loaded,
  };
  // What was loaded has been shown by another process, if at all.
  const was = (relation: string): readonly Row[] =>
    before.statics === null ? [] : shownRows(before, relation);
  const is = (relation: string): readonly Row[] => shownRows(after, relation);
  const nextTuples = nextTuplesOf(program, effects);
  const commit: Commit = {
    kind: 'commit',
    released: releaseOutputs(program, was, is),
    viewChanges: changeViews(program, was, is),
    sends,
    durable: durableChanges(program, before, after),
    nextTuples,
    stateChanged: [...tables].some(
      ([name, rows]) =>
        rows !== (before.tables.get(name) ?? noStoredRows) ||
        (input.events.length > 0 && working.contentOf(name).added.length > 0),
    ),
    nextChanged: !sameBatches(nextTuples, sortedBatches(mergeBatches(input.nextTuples))),
    halt: haltCode(working),
  };
  return { commit, store: after };
}

function staticsOf(working: WorkingState): ReadonlyMap<string, StoredRows> {
  const statics = new Map<string, StoredRows>();
  for (const [name, content] of working.contents) {
    if (content.relation.kind === 'static') statics.set(name, freeze(content));
  }
  return statics;
}

function freeze(content: Content): StoredRows {
  return content.base.withMutations((rows) => {
    for (const row of content.added) rows.set(keyOf(content.relation, row), row);
  });
}

function nextTuplesOf(program: Program, effects: Effects): readonly RelationRows[] {
  const passing = [...effects.next].filter(
    ([name]) => !isStored(defined(program.relations.get(name), `relation ${name}`)),
  );
  return sortedBatches(
    new Map(passing.map(([name, wanted]) => [name, [...wanted.values()].map(({ row }) => row)])),
  );
}

function mergeBatches(batches: readonly RelationRows[]): ReadonlyMap<string, readonly Row[]> {
  const merged = new Map<string, readonly Row[]>();
  for (const { relation, rows } of batches)
    merged.set(relation, [...(merged.get(relation) ?? []), ...rows]);
  return merged;
}

function sameBatches(a: readonly RelationRows[], b: readonly RelationRows[]): boolean {
  const sameRows = (x: readonly Row[], y: readonly Row[]): boolean =>
    x.length === y.length && x.every((row, i) => compareRows(row, y[i]!) === 0);
  return (
    a.length === b.length &&
    a.every(({ relation, rows }, i) => relation === b[i]!.relation && sameRows(rows, b[i]!.rows))
  );
}

function haltCode(working: WorkingState): number | null {
  let largest: number | null = null;
  for (const content of working.contents.values()) {
    if (content.relation.builtin !== 'halt') continue;
    for (const [code] of content.rows()) {
      if (typeof code === 'number' && (largest === null || code > largest)) largest = code;
    }
  }
  return largest;
}
