/**
 * What an exploration came to as one JSON document: the contract of `simulate --format json`.
 * Rows are arrays of plain values; what is absent from an outcome (`error`, `quiescent: false`) did
 * not happen.
 */
import { plainJson } from '../base/value-json.js';
import type { Json } from '../base/value-json.js';
import { rangeOf } from '../base/span.js';
import type { Row } from '../base/value.js';
import type { Diagnostic } from '../diagnostics/diagnostic.js';
import type { Exploration, ExploredOutcome } from './explore.js';

/** The document, schema `trellis/simulate/1`. */
export function explorationJson(exploration: Exploration): Json {
  return {
    schema: 'trellis/simulate/1',
    runs: exploration.seeds.length,
    seeds: exploration.seeds,
    outcomes: exploration.outcomes.map(outcomeJson),
    coordinationMessages: exploration.coordinationMessages,
    dataFrames: exploration.dataFrames,
    timesteps: exploration.timesteps,
    unknownAddresses: exploration.unknownAddresses,
    violations: exploration.violations.map(
      ({ node, timestep, seed, diagnostic, cause, bound }) => ({
        node,
        timestep,
        seed,
        diagnostic: diagnosticJson(diagnostic),
        cause: cause === null ? null : diagnosticJson(cause),
        bound,
      }),
    ),
    warnings: exploration.warnings.map(({ node, count, diagnostic }) => ({
      node,
      count,
      diagnostic: diagnosticJson(diagnostic),
    })),
  };
}

function outcomeJson({
  count,
  seed,
  outcome,
  quiescent,
  replicasAgree,
  disagreementSeed,
  releasesDifferSeed,
}: ExploredOutcome): Json {
  return {
    count,
    seed,
    ever: relationsJson(outcome.ever),
    final: relationsJson(outcome.final),
    replicasAgree,
    ...(disagreementSeed === null ? {} : { disagreementSeed }),
    ...(releasesDifferSeed === null ? {} : { releasesDifferSeed }),
    ...(quiescent ? {} : { quiescent: false }),
    ...(outcome.error === null ? {} : { error: outcome.error, failures: [...outcome.failures] }),
  };
}

/** Rows by relation, as plain values. */
export function relationsJson(rowsByRelation: ReadonlyMap<string, readonly Row[]>): Json {
  return Object.fromEntries(
    [...rowsByRelation].map(([relation, rows]) => [
      relation,
      rows.map((row) => row.map(plainJson)),
    ]),
  );
}

function diagnosticJson({ code, severity, message, primary, notes, help }: Diagnostic): Json {
  const range = primary === undefined ? null : rangeOf(primary.span);
  return {
    code,
    severity,
    message,
    span:
      range === null
        ? null
        : { file: range.file, start: { ...range.start }, end: { ...range.end } },
    notes: notes ?? [],
    help: help ?? null,
  };
}
