/**
 * A witness as a JSON document: enough to see it, and all that it takes to run it again, but for
 * the program, which it names and whose fingerprint it holds.
 */
import { encodeRow } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import type { Row, Value } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { SimulationSubject } from '../simulator/outcome.js';
import type { PlayedRun, PlayedTurn } from '../simulator/turns.js';
import type { Witness } from './monotonicity-report.js';

/** The program of a run, as a file that is to replay it names it. */
export interface NamedProgram {
  /** Relative to the folder of the file. */
  readonly path: string;
  /** Of the program as its nodes run it. */
  readonly fingerprint: string;
  /** The values in force. */
  readonly params: readonly { readonly name: string; readonly value: Value }[];
  /** Relations observed instead of the outputs and views; null for those. */
  readonly observe: readonly string[] | null;
  /** Distinct tuples that a timestep may insert. */
  readonly maxTuples: number;
}

/** Schema `trellis/witness/1`. */
export function witnessJson(
  program: NamedProgram,
  relation: string,
  { kind, compared, divergence, outcomes, madeUp }: Witness,
): Json {
  const { a, b, subject, deviations, disagreement } = divergence;
  const runJson = (run: PlayedRun, rows: readonly Row[], deviating: number): Json => ({
    outcome: rows.map(encodeRow),
    deviations: deviating,
    turns: run.turns.map(turnJson),
  });
  return {
    schema: 'trellis/witness/1',
    ...programJson(program),
    observable: relation,
    kind,
    compared,
    madeUp,
    nodes: subject.nodes,
    ...workloadJson(subject.workload),
    runs: [runJson(a, outcomes[0], deviations[0]), runJson(b, outcomes[1], deviations[1])],
    replicas:
      disagreement === null
        ? null
        : {
            run: 0,
            nodes: [...disagreement.nodes],
            contents: disagreement.contents.map((rows) => rows.map(encodeRow)),
          },
  };
}

/** The part of a document that says which program it is about. */
export function programJson({ path, fingerprint, params, observe, maxTuples }: NamedProgram): {
  readonly [key: string]: Json;
} {
  return {
    program: path,
    fingerprint,
    params: Object.fromEntries(params.map(({ name, value }) => [name, encodeRow([value])[0]!])),
    observe,
    maxTuples,
  };
}

/** The facts and inputs of a run. */
export function workloadJson({ facts, inputs }: SimulationSubject['workload']): {
  readonly [key: string]: Json;
} {
  return {
    facts: facts.map(({ node, relation, rows }) => ({
      node,
      rel: relation,
      rows: Array.from(rows, encodeRow),
    })),
    inputs: inputs.map(({ node, relation, row, atMs }) => ({
      node,
      rel: relation,
      row: encodeRow(row),
      at: atMs,
    })),
  };
}

function turnJson(turn: PlayedTurn): Json {
  const { node, atMs, number, picks, taken, sent, shown, failures, halted } = turn;
  return {
    node,
    timestep: number,
    atMs,
    picks: picks.map((pick, i) => ({ ...pick, content: contentJson(taken[i] ?? []) })),
    sent: sent.map(({ to, nth, content }) => ({ to, nth, content: contentJson(content) })),
    shown: shown.map(({ relation, added, removed }) => ({
      relation,
      added: added.map(encodeRow),
      removed: removed.map(encodeRow),
    })),
    failures,
    halted,
  };
}

function contentJson(content: readonly RelationRows[]): Json {
  return content.map(({ relation, rows }) => [relation, rows.map(encodeRow)]);
}
