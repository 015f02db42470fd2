/**
 * The trace of a run: one readable line for everything that happened, in order. A trace is for
 * people (what did the nodes see, and when?) and for witnesses; it is not needed to replay a run,
 * for which the seed suffices.
 */
import { rowText } from '../base/value-text.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Row } from '../base/value.js';
import type { NodeEffect } from '../node/events.js';
import type { Frame } from '../node/frames.js';
import type { SimulationRun, TraceStep } from './outcome.js';

/** Tuples of a batch in words; long batches are cut short. */
export function batchText(batch: readonly RelationRows[]): string {
  const texts = batch.flatMap(({ relation, rows }) => rows.map((row) => rowText(relation, row)));
  const shown = texts.slice(0, longestBatch).join(', ');
  if (texts.length === 0) return '(nothing)';
  return texts.length > longestBatch ? `${shown}, and ${texts.length - longestBatch} more` : shown;
}

const longestBatch = 20;

/** What an observation adds and removes, in words. */
export function observationText(
  observation: Extract<NodeEffect, { readonly kind: 'observe' }>,
): string {
  const { relation, added, removed } = observation;
  const signed = (sign: string, rows: readonly Row[]) =>
    rows.map((row) => `${sign}${rowText(relation, row)}`);
  return [...signed('+', added), ...signed('-', removed)].join(' ');
}

/** A frame in words. */
export function frameText(frame: Frame): string {
  switch (frame.kind) {
    case 'data':
      return batchText(frame.batch);
    case 'ack':
    case 'skip':
      return `${frame.kind} ${frame.seq}`;
    case 'log':
      return `log ${frame.message.kind}`;
    case 'bye':
      return 'bye';
  }
}

/** A trace as the lines of a JSON Lines file, without line ends. The first line says which run it is. */
export function traceLines(run: SimulationRun): readonly string[] {
  const head = {
    schema: 'trellis/trace/1',
    seed: run.seed,
    quiescent: run.quiescent,
    steps: run.trace.length,
  };
  return [JSON.stringify(head), ...run.trace.map((step) => JSON.stringify(step))];
}

/** A trace as a table for people: time, node, event, what. */
export function traceText(steps: readonly TraceStep[]): string {
  const widest = (width: (step: TraceStep) => number) =>
    steps.reduce((most, step) => Math.max(most, width(step)), 0);
  const timeWidth = widest(({ atMs }) => String(atMs).length);
  const nodeWidth = widest(({ node }) => node.length);
  const line = ({ atMs, node, event, text }: TraceStep) =>
    `${String(atMs).padStart(timeWidth)} ms  ${node.padEnd(nodeWidth)}  ${event.padEnd(8)}  ${text}`;
  return steps.map((step) => `${line(step).trimEnd()}\n`).join('');
}
