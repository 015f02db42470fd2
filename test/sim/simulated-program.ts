/** A simulation subject made of program text, on the reference evaluator. */
import type { Row } from '../../src/base/value.js';
import type { WorkloadInput } from '../../src/node/workload.js';
import { createReferenceEvaluator } from '../../src/reference/reference-evaluator.js';
import type { SimulationSubject } from '../../src/simulator/outcome.js';
import { programOf } from '../support/reference-node.js';

export interface SimulatedProgram {
  readonly nodes: readonly string[];
  readonly replicated?: readonly string[];
  /** Rows by input, at the first node. */
  readonly inputs?: Readonly<Record<string, readonly Row[]>>;
  /** Rows by node and input. */
  readonly inputsAt?: Readonly<Record<string, Readonly<Record<string, readonly Row[]>>>>;
  /** Channels that go through an ordered log of all nodes. */
  readonly ordered?: readonly string[];
  /** Distinct tuples that one timestep may insert. */
  readonly maxTuples?: number;
}

export function simulatedProgram(text: string, setting: SimulatedProgram): SimulationSubject {
  const {
    nodes,
    replicated = [],
    inputs = {},
    inputsAt = {},
    ordered,
    maxTuples = 100_000,
  } = setting;
  const program = programOf(text);
  const relations = [...program.relations.values()].filter(({ builtin }) => builtin === null);
  const channels = relations.filter(
    ({ kind, location }) => kind === 'channel' || (kind === 'table' && location !== null),
  );
  return {
    program: {
      locationByRelation: new Map(
        relations.flatMap(({ name, location }) => (location === null ? [] : [[name, location]])),
      ),
      entryByRelation: new Map(),
      receivable: new Set(channels.map(({ name }) => name)),
      periodics: relations.flatMap(({ name, periodMs }) =>
        periodMs === null ? [] : [{ relation: name, periodMs }],
      ),
      observables: new Map(
        relations.flatMap(({ name, observable }) =>
          observable === null ? [] : [[name, observable]],
        ),
      ),
      checkRow: () => null,
      barrier: null,
      durable: [],
      orderedLog:
        ordered === undefined ? null : { channels: new Set(ordered), members: [...nodes].sort() },
    },
    makeEvaluator: (identity) => createReferenceEvaluator(program, identity, { maxTuples }),
    nodes,
    workload: {
      facts: [],
      inputs: [
        ...inputRows(null, inputs),
        ...Object.entries(inputsAt).flatMap(([node, rows]) => inputRows(node, rows)),
      ],
    },
    replicated,
    stored: relations.filter(({ kind }) => kind === 'table').map(({ name }) => name),
    momentary: new Set(
      relations
        .filter(({ observable, eventDriven }) => observable === 'output' && eventDriven)
        .map(({ name }) => name),
    ),
    log: { retryMs: 600, catchUpMs: 300 },
  };
}

function inputRows(
  node: string | null,
  rowsByRelation: Readonly<Record<string, readonly Row[]>>,
): WorkloadInput[] {
  return Object.entries(rowsByRelation).flatMap(([relation, rows]) =>
    rows.map((row) => ({ node, relation, row, atMs: null })),
  );
}
