/**
 * The trace of a run: one readable line for everything that happened, in order. A trace is for
 * people (what did the nodes see, and when?) and for witnesses; it is not needed to replay a run,
 * for which the seed suffices.
 */
import { encodeRow } from '../base/value-json.js';
import { rowText } from '../base/value-text.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Row } from '../base/value.js';
import type { NodeEffect } from '../node/events.js';
import type { Frame } from '../node/frames.js';
import type { SimulationRun, TraceStep } from './outcome.js';

/** Tuples of a batch in words; long batches are cut short. */
export function batchText(batch: readonly RelationRows[], textOf = rowText): string {
  const texts = batch.flatMap(({ relation, rows }) => rows.map((row) => textOf(relation, row)));
  const shown = texts.slice(0, longestBatch).join(', ');
  if (texts.length === 0) return '(nothing)';
  return texts.length > longestBatch ? `${shown}, and ${texts.length - longestBatch} more` : shown;
}

const longestBatch = 20;

/** What an observation adds and removes, in words. */
export function observationText({
  relation,
  added,
  removed,
}: Pick<
  Extract<NodeEffect, { readonly kind: 'observe' }>,
  'relation' | 'added' | 'removed'
>): string {
  const signed = (sign: string, rows: readonly Row[]) =>
    rows.map((row) => `${sign}${rowText(relation, row)}`);
  return [...signed('+', added), ...signed('-', removed)].join(' ');
}

/** A frame in words. */
export function frameText(frame: Frame): string {
  switch (frame.kind) {
    case 'data':
    case 'durable':
      return batchText(frame.batch);
    case 'applied':
      return `applied ${frame.seqs.join(' ')}`;
    case 'memory':
      return `memory of ${frame.count}`;
    case 'ack':
    case 'skip':
      return `${frame.kind} ${frame.seq}`;
    case 'log':
      return `log ${frame.message.kind}`;
    case 'bye':
      return 'bye';
  }
}

/**
 * A trace as the lines of a JSON Lines file, without line ends. The first line says which run it is,
 * with what `about` adds to it: the program, its workload and options, so that it can be replayed.
 */
export function traceLines(run: SimulationRun, about: object = {}): readonly string[] {
  const contents = (part: 'ever' | 'final') =>
    Object.fromEntries(
      [...run.outcome[part]].map(([relation, rows]) => [relation, rows.map(encodeRow)]),
    );
  const head = {
    schema: 'trellis/trace/1',
    seed: run.seed,
    quiescent: run.quiescent,
    steps: run.trace.length,
    ...about,
    outcome: { ever: contents('ever'), final: contents('final') },
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
