/**
 * Subjects whose rules are written in TypeScript, so that the simulator is tested apart from the
 * language: a script maps tables, events and facts of one timestep to what the timestep does, and
 * a small evaluator around it keeps the tables and finds out what changed.
 */
import { compareRows, rowKey } from '../../../src/base/value.js';
import type { Row } from '../../../src/base/value.js';
import type {
  Evaluator,
  EvaluatorFactory,
  Failure,
  NodeIdentity,
  RelationRows,
  TimestepInput,
} from '../../../src/evaluator/evaluator.js';
import { defaultSimulationOptions } from '../../../src/simulator/outcome.js';
import type { SimulationOptions, SimulationSubject } from '../../../src/simulator/outcome.js';
import type { WorkloadInput } from '../../../src/node/workload.js';

export type Rows = Readonly<Record<string, readonly Row[]>>;

export interface ScriptedStep {
  readonly node: string;
  readonly cluster: readonly string[];
  readonly boot: boolean;
  readonly nowMs: number;
  /** Events, facts and tables alike; an absent relation is empty. */
  read(relation: string): readonly Row[];
}
export interface ScriptedResult {
  /** Tables after this timestep: what is named is replaced. */
  readonly tables?: Rows;
  readonly outputs?: Rows;
  readonly views?: Rows;
  readonly sends?: Rows;
  readonly halt?: number;
  readonly fail?: string;
}
export type Script = (step: ScriptedStep) => ScriptedResult;

export interface ScriptedProgram {
  readonly script: Script;
  readonly nodes: readonly string[];
  readonly located?: Readonly<Record<string, number>>;
  readonly observables?: Readonly<Record<string, 'output' | 'view'>>;
  readonly periodics?: Readonly<Record<string, number>>;
  readonly replicated?: readonly string[];
  readonly inputs?: readonly (Omit<WorkloadInput, 'atMs' | 'node'> & {
    readonly atMs?: number;
    readonly node?: string;
  })[];
  readonly log?: { readonly channels: readonly string[]; readonly members: readonly string[] };
  readonly makeEvaluator?: EvaluatorFactory;
}

export function scriptedSubject(program: ScriptedProgram): SimulationSubject {
  const {
    script,
    nodes,
    located = {},
    observables = {},
    periodics = {},
    replicated = [],
    inputs = [],
    log,
  } = program;
  return {
    program: {
      locationByRelation: new Map(Object.entries(located)),
      entryByRelation: new Map(),
      receivable: new Set(Object.keys(located)),
      periodics: Object.entries(periodics).map(([relation, periodMs]) => ({ relation, periodMs })),
      observables: new Map(Object.entries(observables)),
      checkRow: () => null,
      barrier: null,
      durable: [],
      orderedLog:
        log === undefined ? null : { channels: new Set(log.channels), members: log.members },
    },
    makeEvaluator: program.makeEvaluator ?? ((identity) => new ScriptedEvaluator(script, identity)),
    nodes,
    workload: { facts: [], inputs: inputs.map((input) => ({ node: null, atMs: null, ...input })) },
    replicated,
    log: { retryMs: 600, catchUpMs: 300 },
  };
}

export function options(seed: number, more: Partial<SimulationOptions> = {}): SimulationOptions {
  return { ...defaultSimulationOptions, seed, ...more };
}

/** The rows without duplicates, sorted. */
export function union(...lists: readonly (readonly Row[])[]): readonly Row[] {
  return [...new Map(lists.flat().map((row) => [rowKey(row), row])).values()].sort(compareRows);
}

class ScriptedEvaluator implements Evaluator {
  readonly #script: Script;
  readonly #identity: NodeIdentity;
  #tables: Rows;
  #shown: Rows = {};
  #views: Rows = {};

  constructor(script: Script, identity: NodeIdentity) {
    this.#script = script;
    this.#identity = identity;
    this.#tables = Object.fromEntries(
      identity.facts.map(({ relation, rows }) => [relation, [...rows]]),
    );
  }

  timestep(input: TimestepInput): ReturnType<Evaluator['timestep']> {
    const events = Object.fromEntries(
      input.events.map(({ relation, rows }) => [relation, union(rows)]),
    );
    const result = this.#script({
      node: this.#identity.name,
      cluster: this.#identity.cluster,
      boot: input.boot !== null,
      nowMs: input.nowMs,
      read: (relation) => events[relation] ?? this.#tables[relation] ?? [],
    });
    if (result.fail !== undefined) return failure(result.fail);
    const tables = { ...this.#tables, ...result.tables };
    const stateChanged = textOf(tables) !== textOf(this.#tables);
    const views = result.views ?? {};
    const viewChanges = [...new Set([...Object.keys(views), ...Object.keys(this.#views)])]
      .sort()
      .map((relation) => ({
        relation,
        added: without(views[relation], this.#views[relation]),
        removed: without(this.#views[relation], views[relation]),
      }));
    this.#tables = tables;
    this.#views = views;
    this.#shown = { ...views, ...result.outputs };
    return {
      kind: 'commit',
      released: asList(result.outputs),
      viewChanges,
      durable: [],
      sends: asList(result.sends),
      nextTuples: [],
      stateChanged,
      nextChanged: false,
      halt: result.halt ?? null,
    };
  }

  query(relation: string): readonly Row[] {
    return union(this.#tables[relation] ?? this.#shown[relation] ?? []);
  }
  snapshot(): never {
    throw new Error('not used');
  }
  load(): never {
    throw new Error('not used');
  }
  restore(): never {
    throw new Error('not used');
  }
  close(): void {}
}

function failure(message: string): Failure {
  return {
    kind: 'failure',
    bound: false,
    diagnostic: { code: 'TRL0899', severity: 'error', message },
  };
}
function asList(rows: Rows = {}): readonly RelationRows[] {
  return Object.keys(rows)
    .sort()
    .flatMap((relation) =>
      rows[relation]!.length === 0 ? [] : [{ relation, rows: union(rows[relation]!) }],
    );
}
function without(rows: readonly Row[] = [], others: readonly Row[] = []): readonly Row[] {
  const keys = new Set(others.map(rowKey));
  return union(rows).filter((row) => !keys.has(rowKey(row)));
}
function textOf(rows: Rows): string {
  return JSON.stringify(
    asList(rows).map(({ relation, rows: content }) => [relation, content.map(rowKey)]),
  );
}
