/**
 * What waits for a node's next timestep.
 *
 * A batch is what must be seen whole: all tuples that one timestep of one sender sent here, or what
 * entered from outside at once. Batches keep the order of their arrival, which is the order in
 * which they run one by one when a timestep over all of them fails.
 *
 * Two relations are taken with restraint: `stdin` gives a timestep one line at most, and firings of
 * a periodic that wait coalesce into the latest.
 */
import type { Row } from '../base/value.js';
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Passage } from './durable-receipts.js';

/** Where a batch came from. */
export type BatchOrigin =
  | { readonly kind: 'insert' }
  /** `passage`: set if it came through durable channels. */
  | { readonly kind: 'peer'; readonly peer: string; readonly passage?: Passage }
  | { readonly kind: 'loop'; readonly passage?: Passage }
  | { readonly kind: 'periodic'; readonly relation: string }
  | {
      readonly kind: 'log';
      readonly slot: number;
      readonly entryId: string;
      readonly sender: string;
    };

/** Tuples that one timestep takes together or not at all. */
export interface Batch {
  readonly origin: BatchOrigin;
  readonly content: readonly RelationRows[];
}

/** The relation of which a timestep takes one batch at most. */
const lineRelation = 'stdin';

/** Rows from outside: one batch, or one a line. */
export function batchesOf(relation: string, rows: readonly Row[]): readonly Batch[] {
  const parts = relation === lineRelation ? rows.map((row) => [row]) : [rows];
  return parts.map((part) => ({ origin: { kind: 'insert' }, content: [{ relation, rows: part }] }));
}

/** A firing of a periodic. */
export function firingOf(relation: string, row: Row): Batch {
  return { origin: { kind: 'periodic', relation }, content: [{ relation, rows: [row] }] };
}

/** Puts a batch behind those that wait; a firing of a periodic in the place of one before it. */
export function keepBatch(waiting: Batch[], batch: Batch): void {
  const { origin } = batch;
  const before =
    origin.kind === 'periodic'
      ? waiting.findIndex(
          (each) => each.origin.kind === 'periodic' && each.origin.relation === origin.relation,
        )
      : -1;
  if (before < 0) waiting.push(batch);
  else waiting[before] = batch;
}

/** The batches that wait, in order of arrival. */
export class Inbox {
  #waiting: Batch[] = [];

  get size(): number {
    return this.#waiting.length;
  }

  /** A firing of a periodic replaces one that still waits. */
  add(batch: Batch): void {
    keepBatch(this.#waiting, batch);
  }

  /** Removes and gives what the next timestep takes. */
  take(): readonly Batch[] {
    const taken: Batch[] = [];
    const left: Batch[] = [];
    let hasLine = false;
    for (const batch of this.#waiting) {
      const isLine = batch.content[0]?.relation === lineRelation;
      (isLine && hasLine ? left : taken).push(batch);
      hasLine ||= isLine;
    }
    this.#waiting = left;
    return taken;
  }
}

/** The events of a timestep over several batches: relations by name, rows in order of arrival. */
export function mergeBatches(batches: readonly Batch[]): readonly RelationRows[] {
  const rowsByRelation = new Map<string, Row[]>();
  for (const { content } of batches) {
    for (const { relation, rows } of content) {
      const merged = rowsByRelation.get(relation);
      if (merged === undefined) rowsByRelation.set(relation, [...rows]);
      else for (const row of rows) merged.push(row);
    }
  }
  return [...rowsByRelation.keys()]
    .sort()
    .map((relation) => ({ relation, rows: rowsByRelation.get(relation)! }));
}
