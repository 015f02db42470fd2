/**
 * An evaluator for tests of nodes: rules are a function of the rows stored and the rows that come.
 * It stores rows by relation, keeps every input it was given, and fails when the rules say so.
 */
import type { Row } from '../../../src/base/value.js';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import type {
  Commit,
  Evaluator,
  Failure,
  RelationRows,
  TimestepInput,
} from '../../../src/evaluator/evaluator.js';
import type { NodeConfiguration, NodeProgram } from '../../../src/node/configuration.js';

/** What the rules say of one timestep; all that is left out is nothing. */
export interface Outcome {
  readonly fail?: string;
  readonly bound?: boolean;
  readonly isOfHost?: boolean;
  readonly store?: readonly Row[];
  readonly release?: readonly Row[];
  readonly send?: readonly RelationRows[];
  readonly next?: readonly Row[];
  readonly halt?: number;
}

/** Rows of one timestep by relation; `@next` tuples under `next`. */
export type Rules = (
  rowsOf: (relation: string) => readonly Row[],
  stored: readonly Row[],
) => Outcome;

export interface FakeEvaluator extends Evaluator {
  readonly inputs: TimestepInput[];
  readonly isClosed: boolean;
}

export function fakeEvaluator(rules: Rules): FakeEvaluator {
  let stored: readonly Row[] = [];
  let isClosed = false;
  const inputs: TimestepInput[] = [];
  return {
    inputs,
    get isClosed() {
      return isClosed;
    },
    timestep: (input) => {
      inputs.push(input);
      const all = [...input.events, ...input.nextTuples];
      const rowsOf = (relation: string): readonly Row[] =>
        all.flatMap((group) => (group.relation === relation ? group.rows : []));
      const outcome = rules(rowsOf, stored);
      if (outcome.fail !== undefined) {
        const failed = failure(outcome.fail, outcome.bound ?? false);
        return outcome.isOfHost === true ? { ...failed, isOfHost: true } : failed;
      }
      const fresh = (outcome.store ?? []).filter((row) => !hasRow(stored, row));
      stored = [...stored, ...fresh];
      return commit(outcome, input, fresh);
    },
    snapshot: () => ({ snapshotOf: 'fake' }),
    load: (content) => {
      stored = content.flatMap(({ rows }) => rows);
    },
    restore: () => {},
    query: () => stored,
    close: () => {
      isClosed = true;
    },
  };
}

function commit(outcome: Outcome, input: TimestepInput, fresh: readonly Row[]): Commit {
  const next = outcome.next ?? [];
  const nextTuples = next.length === 0 ? [] : [{ relation: 'next', rows: next }];
  const release = outcome.release ?? [];
  return {
    kind: 'commit',
    released: release.length === 0 ? [] : [{ relation: 'out', rows: release }],
    viewChanges: [],
    sends: outcome.send ?? [],
    durable: fresh.length === 0 ? [] : [{ relation: 'kept', added: fresh, removed: [] }],
    nextTuples,
    stateChanged: fresh.length > 0,
    nextChanged: JSON.stringify(nextTuples) !== JSON.stringify(input.nextTuples),
    halt: outcome.halt ?? null,
  };
}

function failure(message: string, bound = false): Failure {
  const diagnostic: Diagnostic = { code: 'TRL0801', severity: 'error', message };
  return { kind: 'failure', diagnostic, bound };
}

function hasRow(rows: readonly Row[], row: Row): boolean {
  return rows.some((other) => JSON.stringify(other) === JSON.stringify(row));
}

/** `msg(@to, x)` and `other(@to, x)` are channels, `later(x)` a loopback, `put(x)` an input. */
export const fakeProgram: NodeProgram = {
  locationByRelation: new Map([
    ['msg', 0],
    ['other', 0],
  ]),
  entryByRelation: new Map(),
  receivable: new Set(['msg', 'other']),
  periodics: [],
  observables: new Map([['out', 'output']]),
  checkRow: (relation, row) => {
    const arity = { msg: 2, other: 2, later: 1, put: 1, stdin: 1 }[relation];
    if (arity === undefined) return `no relation ${relation}`;
    return row.length === arity ? null : `${relation} has ${arity} columns`;
  },
  orderedLog: null,
  barrier: null,
  durable: [],
};

export function configuration(
  name: string,
  cluster: readonly string[],
  program: Partial<NodeProgram> = {},
  rest: Partial<NodeConfiguration> = {},
): NodeConfiguration {
  return {
    name,
    cluster,
    program: { ...fakeProgram, ...program },
    log: { retryMs: 100, catchUpMs: 50 },
    outboxFrames: 100,
    hasStorage: false,
    unknownAddress: 'hold',
    ...rest,
  };
}
