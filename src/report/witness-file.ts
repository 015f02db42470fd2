/** A witness as a JSON document: enough to see it, and the seeds and options that replay it. */
import { encodeRow } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import type { SimulationRun } from '../simulator/outcome.js';
import type { Witness } from './monotonicity-report.js';

/** Schema `trellis/witness/1`. */
export function witnessJson(
  program: string,
  relation: string,
  { kind, divergence, outcomes }: Witness,
): Json {
  const { a, b, subject, options } = divergence;
  const runJson = (run: SimulationRun, rows: readonly Row[]): Json => ({
    seed: run.seed,
    outcome: rows.map(encodeRow),
    schedule: run.trace.map(({ atMs, node, event, text }) => ({ atMs, node, event, text })),
  });
  return {
    schema: 'trellis/witness/1',
    program,
    observable: relation,
    kind,
    nodes: subject.nodes,
    inputs: subject.workload.inputs.map(({ node, relation: rel, row, atMs }) => ({
      node,
      rel,
      row: encodeRow(row),
      at: atMs,
    })),
    options: {
      maxDelayMs: options.maxDelayMs,
      duplicate: options.duplicate,
      bootJitterMs: options.bootJitterMs,
      untilMs: options.untilMs,
      maxTimesteps: options.maxTimesteps,
    },
    runs: [runJson(a, outcomes[0]), runJson(b, outcomes[1])],
  };
}
