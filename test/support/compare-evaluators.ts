/**
 * Runs a program under the reference evaluator and under the engine side by side and tells the
 * first difference: of a commit, of a failure's diagnostic, of what any relation holds. The engine
 * runs with its checks on: arrays that were replaced are poisoned, values no longer used are freed
 * after every timestep. Restarts go on from what the commits before them said is durable.
 */
import { compareRows, rowKey, type Row } from '../../src/base/value.js';
import { rowText } from '../../src/base/value-text.js';
import type {
  Commit,
  Evaluator,
  Failure,
  RelationChange,
  RelationRows,
} from '../../src/evaluator/evaluator.js';
import {
  bindFunctions,
  noFunctions,
  type ScriptFunction,
} from '../../src/compiler/bind-functions.js';
import { makeEngineProgram } from '../../src/compiler/node-program.js';
import { createEngineEvaluator } from '../../src/engine/engine-evaluator.js';
import { linkUnit, type Linker } from '../../src/engine/load.js';
import type { PhysicalPlan } from '../../src/plan/physical-plan.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { linkFunctions } from '../../src/reference/link-functions.js';
import type { Program } from '../../src/semantics/program.js';

/** What one timestep takes; `boot` makes it the first after a restart. */
export interface ComparedStep {
  readonly events: Readonly<Record<string, readonly Row[]>>;
  readonly boot?: boolean;
  /** Snapshot, this timestep, restore, and this timestep again. */
  readonly twice?: boolean;
  /** Both are begun anew with what is durable; this is their first timestep. */
  readonly restart?: boolean;
}

/** The first difference, in words; null if there is none. */
export function compareEvaluators(
  program: Program,
  steps: readonly ComparedStep[],
  maxTuples = 20_000,
  functions: ReadonlyMap<string, ScriptFunction> = noFunctions,
  linker: Linker = linkUnit,
): string | null {
  const comparison = new Comparison(program, { maxTuples, functions, linker });
  for (const step of steps) {
    const difference = comparison.step(step);
    if (difference !== null) return difference;
  }
  return null;
}

export interface ComparisonOptions {
  readonly maxTuples: number;
  readonly functions?: ReadonlyMap<string, ScriptFunction>;
  readonly linker?: Linker;
}

/** Two evaluators of one program, timestep by timestep. */
export class Comparison {
  readonly plan: PhysicalPlan;
  readonly #program: Program;
  readonly #begin: () => readonly [Evaluator, Evaluator];
  #reference: Evaluator;
  #engine: Evaluator;
  /** What is durable, by relation and the text of the row. */
  readonly #durable = new Map<string, Map<string, Row>>();
  #nextTuples: readonly RelationRows[] = [];
  #isNew = false;
  #timesteps = 0;
  #commits = 0;

  constructor(
    program: Program,
    { maxTuples, functions = noFunctions, linker = linkUnit }: ComparisonOptions,
  ) {
    const identity = { name: 'n1', cluster: ['n1', 'n2'], facts: [] };
    const outer = bindFunctions(program, functions);
    const linked = linkFunctions(program, outer);
    const engineProgram = makeEngineProgram(linked, outer);
    const options = { checks: true, linker };
    this.#program = program;
    this.plan = engineProgram.plan;
    this.#begin = () => [
      createReferenceEvaluator(linked, identity, { maxTuples }),
      createEngineEvaluator(engineProgram, identity, { maxTuples }, options),
    ];
    [this.#reference, this.#engine] = this.#begin();
  }

  /** Timesteps that have committed so far. */
  get commits(): number {
    return this.#commits;
  }

  /** What a relation holds now. */
  rowsOf(relation: string): readonly Row[] {
    return this.#reference.query(relation);
  }

  /** One timestep of both: how they differ afterwards, in words; null if they do not. */
  step({ events, boot, twice, restart }: ComparedStep): string | null {
    const hasBooted = this.#commits > 0;
    if (restart === true && hasBooted) this.#restart();
    const input = {
      events: Object.entries(events).map(([relation, rows]) => ({ relation, rows })),
      nextTuples: this.#nextTuples,
      nowMs: this.#timesteps++ * 1000,
      boot: hasBooted && boot !== true && !this.#isNew ? null : { first: !hasBooted },
    };
    const run = (evaluator: Evaluator): Commit | Failure => {
      if (twice !== true) return evaluator.timestep(input);
      const before = evaluator.snapshot();
      evaluator.timestep(input);
      evaluator.restore(before);
      return evaluator.timestep(input);
    };
    const [expected, actual] = [run(this.#reference), run(this.#engine)];
    const difference =
      differenceOf(expected, actual) ??
      contentDifference(this.#program, this.#reference, this.#engine);
    if (difference !== null) return `timestep ${this.#timesteps}: ${difference}`;
    if (expected.kind === 'commit') {
      this.#nextTuples = expected.nextTuples;
      this.#commits++;
      this.#isNew = false;
      for (const change of expected.durable) this.#keep(change);
    }
    return null;
  }

  /** The order in which rows are loaded is of no account: the engine gets them the other way round. */
  #restart(): void {
    [this.#reference, this.#engine] = this.#begin();
    const durable = [...this.#program.relations.values()].filter((relation) => relation.durable);
    const content = durable.map(({ name }) => ({
      relation: name,
      rows: [...(this.#durable.get(name)?.values() ?? [])],
    }));
    this.#reference.load(content);
    this.#engine.load(
      content.toReversed().map(({ relation, rows }) => ({ relation, rows: rows.toReversed() })),
    );
    this.#nextTuples = [];
    this.#isNew = true;
  }

  #keep({ relation, added, removed }: RelationChange): void {
    const rows = this.#durable.get(relation) ?? new Map<string, Row>();
    this.#durable.set(relation, rows);
    for (const row of removed)
      if (!rows.delete(rowKey(row))) throw new Error(`${rowText(relation, row)} was not durable`);
    for (const row of added) {
      if (rows.has(rowKey(row))) throw new Error(`${rowText(relation, row)} was durable already`);
      rows.set(rowKey(row), row);
    }
  }
}

function differenceOf(expected: Commit | Failure, actual: Commit | Failure): string | null {
  if (sameResult(expected, actual)) return null;
  return `the reference says\n${resultText(expected)}\nand the engine\n${resultText(actual)}`;
}

/** By values, and as text only where something differs: texts take longer than timesteps. */
function sameResult(a: Commit | Failure, b: Commit | Failure): boolean {
  if (a.kind !== 'commit' || b.kind !== 'commit') return resultText(a) === resultText(b);
  return (
    a.stateChanged === b.stateChanged &&
    a.nextChanged === b.nextChanged &&
    a.halt === b.halt &&
    sameBatches(a.released, b.released) &&
    sameBatches(a.sends, b.sends) &&
    sameBatches(a.nextTuples, b.nextTuples) &&
    sameBatches(addedIn(a.viewChanges), addedIn(b.viewChanges)) &&
    sameBatches(removedIn(a.viewChanges), removedIn(b.viewChanges)) &&
    sameBatches(addedIn(a.durable), addedIn(b.durable)) &&
    sameBatches(removedIn(a.durable), removedIn(b.durable))
  );
}

const addedIn = (changes: readonly RelationChange[]): readonly RelationRows[] =>
  changes.map(({ relation, added }) => ({ relation, rows: added }));
const removedIn = (changes: readonly RelationChange[]): readonly RelationRows[] =>
  changes.map(({ relation, removed }) => ({ relation, rows: removed }));

function sameBatches(a: readonly RelationRows[], b: readonly RelationRows[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ relation, rows }, i) => relation === b[i]!.relation && sameRows(rows, b[i]!.rows))
  );
}

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, i) => compareRows(row, b[i]!) === 0);
}

function resultText(result: Commit | Failure): string {
  if (result.kind === 'commit') {
    const { kind, stateChanged, nextChanged, halt, ...batches } = result;
    const texts = Object.entries({
      ...batches,
      viewChanges: [...addedIn(result.viewChanges), ...removedIn(result.viewChanges)],
      durable: addedIn(result.durable),
      'no longer durable': removedIn(result.durable),
    }).map(
      ([name, each]) =>
        `${name}: ${each.flatMap(({ relation, rows }) => rows.map((row) => rowText(relation, row))).join(' ')}`,
    );
    return [JSON.stringify({ kind, stateChanged, nextChanged, halt }), ...texts].join('\n');
  }
  const { code, message, notes, secondary, primary } = result.diagnostic;
  return JSON.stringify({
    bound: result.bound,
    code,
    message,
    notes,
    primary: primary?.span.start,
    secondary: secondary?.map(({ text }) => text),
  });
}

function contentDifference(
  program: Program,
  reference: Evaluator,
  engine: Evaluator,
): string | null {
  for (const name of program.relations.keys()) {
    const [expected, actual] = [reference.query(name), engine.query(name)];
    if (sameRows(expected, actual)) continue;
    const texts = [expected, actual].map((rows) => rows.map((row) => rowText(name, row)).join(' '));
    return `${name} is to hold\n${texts[0]!}\nand holds\n${texts[1]!}`;
  }
  return null;
}
