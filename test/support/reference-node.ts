/**
 * One node on the reference evaluator, driven timestep by timestep from a test, and beside it one on
 * the engine that must do the same, or the timestep throws. Takes program
 * text and events as plain values, passes `@next` tuples on, and shows what each timestep did as
 * text in the language's own literals.
 */
import type { SourceFile } from '../../src/base/span.js';
import { compareRows, type LatticeValue, type Row } from '../../src/base/value.js';
import { rowText } from '../../src/base/value-text.js';
import type {
  Commit,
  Evaluator,
  EvaluatorSnapshot,
  Failure,
  NodeIdentity,
  RelationRows,
} from '../../src/evaluator/evaluator.js';
import { makeEngineProgram } from '../../src/compiler/node-program.js';
import { createEngineEvaluator } from '../../src/engine/engine-evaluator.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import { checkModule } from '../../src/semantics/check-module.js';
import type { Program } from '../../src/semantics/program.js';
import { parseModule } from '../../src/syntax/parse.js';

/** The checked program of a text that has no errors. */
export function programOf(text: string): Program {
  const file: SourceFile = { path: 'test.bloom', text };
  const parsed = parseModule(file);
  const checked = checkModule(parsed.value, { params: new Map(), observe: null });
  const errors = [...parsed.diagnostics, ...checked.diagnostics].filter(
    (d) => d.severity === 'error',
  );
  if (checked.value === null || errors.length > 0)
    throw new Error(`not a program: ${errors.map((d) => d.message).join('; ')}`);
  return checked.value;
}

/** Rows by relation. */
export type Batch = Readonly<Record<string, readonly Row[]>>;

export interface NodeOptions {
  readonly name?: string;
  readonly cluster?: readonly string[];
  readonly facts?: Batch;
  readonly maxTuples?: number;
}

export interface TestNode {
  readonly evaluator: Evaluator;
  /** One timestep. */
  step(events?: Batch): Commit | Failure;
  /** One timestep that commits; throws if it fails. */
  commit(events?: Batch): Commit;
  /** One timestep that fails; throws if it commits. */
  fail(events?: Batch): Failure;
  /** Content of a relation, a literal each tuple. */
  query(relation: string): string[];
  /** Makes the next timestep the first after a restart. */
  restart(): void;
}

function batches(batch: Batch): RelationRows[] {
  return Object.entries(batch).map(([relation, rows]) => ({ relation, rows }));
}

/** Rows as text, `relation(value, ..)`. */
export function texts(rowsByRelation: readonly RelationRows[]): string[] {
  return rowsByRelation.flatMap(({ relation, rows }) => rows.map((row) => rowText(relation, row)));
}

class PairOfSnapshots implements EvaluatorSnapshot {
  readonly snapshotOf: string;
  readonly reference: EvaluatorSnapshot;
  readonly engine: EvaluatorSnapshot;

  constructor(reference: EvaluatorSnapshot, engine: EvaluatorSnapshot) {
    this.snapshotOf = reference.snapshotOf;
    [this.reference, this.engine] = [reference, engine];
  }
}

/** Of a lattice value its arguments, which are in order; how it is carried depends on what came first. */
function asText(result: unknown): string {
  return JSON.stringify(result, (_, value: unknown) =>
    isLatticeValue(value) ? [value.lattice, ...value.arguments] : value,
  );
}

function isLatticeValue(value: unknown): value is LatticeValue {
  return typeof value === 'object' && value !== null && 'lattice' in value;
}

/** The reference evaluator; throws where the engine does anything else. */
function besideEngine(reference: Evaluator, engine: Evaluator): Evaluator {
  const same = <T>(expected: T, actual: T): T => {
    const [wanted, found] = [asText(expected), asText(actual)];
    if (wanted !== found) throw new Error(`the engine differs: ${found}, not ${wanted}`);
    return expected;
  };
  return {
    timestep: (input) => same(reference.timestep(input), engine.timestep(input)),
    query: (relation) => same(reference.query(relation), engine.query(relation)),
    snapshot: () => new PairOfSnapshots(reference.snapshot(), engine.snapshot()),
    load(content) {
      reference.load(content);
      engine.load(content);
    },
    restore(snapshot) {
      const both = snapshot instanceof PairOfSnapshots ? snapshot : null;
      reference.restore(both?.reference ?? snapshot);
      engine.restore(both?.engine ?? snapshot);
    },
    close() {
      reference.close();
      engine.close();
    },
  };
}

/** A node that has not yet booted. */
export function startNode(program: string | Program, options: NodeOptions = {}): TestNode {
  const { name = 'n1', cluster = [name], facts = {}, maxTuples = 10_000_000 } = options;
  const identity: NodeIdentity = { name, cluster, facts: batches(facts) };
  const checked = typeof program === 'string' ? programOf(program) : program;
  const reference = createReferenceEvaluator(checked, identity, { maxTuples });
  const engine = createEngineEvaluator(makeEngineProgram(checked), identity, { maxTuples });
  const evaluator = besideEngine(reference, engine);
  let nextTuples: readonly RelationRows[] = [];
  let boot: { readonly first: boolean } | null = { first: true };
  let nowMs = 0;
  const step = (events: Batch = {}): Commit | Failure => {
    nowMs += 1000;
    const input = { events: batches(events), nextTuples, nowMs, boot };
    const result = evaluator.timestep(input);
    if (result.kind === 'commit') [nextTuples, boot] = [result.nextTuples, null];
    return result;
  };
  return {
    evaluator,
    step,
    commit(events) {
      const result = step(events);
      if (result.kind === 'failure') throw new Error(`failed: ${result.diagnostic.message}`);
      return result;
    },
    fail(events) {
      const result = step(events);
      if (result.kind === 'commit') throw new Error('the timestep committed');
      return result;
    },
    query: (relation) => {
      const rows = evaluator.query(relation);
      if (![...rows].sort(compareRows).every((row, i) => row === rows[i]))
        throw new Error(`${relation} is not sorted`);
      return rows.map((row) => rowText(relation, row));
    },
    restart() {
      boot = { first: false };
    },
  };
}

/** What relations hold after the boot timestep of a program. */
export function contentAfterBoot(text: string, ...relations: readonly string[]): string[] {
  const node = startNode(text);
  node.commit();
  return relations.flatMap((relation) => node.query(relation));
}
