/**
 * The sum of a node's batches, in memory: the same state whichever order a store lists its records
 * in, and what a crash leaves in a simulation.
 *
 * Rows are found by the key of their relation, so that a changed row takes the place of the one
 * before; everything that is given comes out sorted.
 */
import { compareRows } from '../base/value.js';
import { encodeRow } from '../base/value-json.js';
import type { Row } from '../base/value.js';
import type { DurableRelation } from '../node/configuration.js';
import type { StoredBatch, StoredFrame, StoredReceipt, StoredState } from '../node/storage.js';

/** The text by which a stored row is found. */
function storedKey(row: Row, keyLength: number): string {
  return JSON.stringify(encodeRow(row.slice(0, keyLength)));
}

export class StoredContent {
  readonly #relations: readonly DurableRelation[];
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #lanes = new Map<string, number>();
  readonly #frames = new Map<string, Map<number, StoredFrame>>();
  readonly #receipts = new Map<string, StoredReceipt>();
  readonly #known: Set<string>;
  #origin: string | null = null;

  /** `known`: the relations that the store has held so far; the others join them with the first batch. */
  constructor(relations: readonly DurableRelation[], known: Iterable<string> = []) {
    this.#relations = relations;
    this.#known = new Set(known);
  }

  /** What a process finds when it starts; null before the first batch. */
  get state(): StoredState | null {
    if (this.#origin === null) return null;
    const known = this.#relations.map(({ name }) => name).filter((name) => this.#known.has(name));
    return {
      origin: this.#origin,
      relations: known.sort().map((name) => ({
        relation: name,
        rows: [...(this.#rows.get(name)?.values() ?? [])].sort(compareRows),
      })),
      lanes: inOrder(this.#lanes).map(([peer, lastSeq]) => ({ peer, lastSeq })),
      frames: inOrder(this.#frames).flatMap(([, frames]) =>
        [...frames.values()].sort((a, b) => a.seq - b.seq),
      ),
      receipts: inOrder(this.#receipts).map(([, receipt]) => receipt),
    };
  }

  apply(batch: StoredBatch): void {
    if (batch.origin !== null) {
      this.begin(batch.origin);
      for (const { name } of this.#relations) this.#known.add(name);
    }
    for (const { relation, added, removed } of batch.relations) {
      for (const row of removed) this.removeRow(relation, row);
      for (const row of added) this.putRow(relation, row);
    }
    for (const frame of batch.posted) this.putFrame(frame);
    for (const { peer, seq } of batch.settled) this.#frames.get(peer)?.delete(seq);
    for (const receipt of batch.receipts) this.putReceipt(receipt);
  }

  /** The life that the content is of. */
  begin(origin: string): void {
    this.#origin = origin;
  }

  putRow(relation: string, row: Row): void {
    this.#rowsOf(relation).set(storedKey(row, this.#keyLength(relation)), row);
  }

  removeRow(relation: string, row: Row): void {
    this.#rowsOf(relation).delete(storedKey(row, this.#keyLength(relation)));
  }

  putLane(peer: string, lastSeq: number): void {
    this.#lanes.set(peer, lastSeq);
  }

  putFrame(frame: StoredFrame): void {
    const frames = this.#frames.get(frame.peer) ?? new Map<number, StoredFrame>();
    this.#frames.set(frame.peer, frames);
    frames.set(frame.seq, frame);
    this.putLane(frame.peer, Math.max(frame.seq, this.#lanes.get(frame.peer) ?? 0));
  }

  putReceipt(receipt: StoredReceipt): void {
    this.#receipts.set(receipt.peer, receipt);
  }

  #rowsOf(relation: string): Map<string, Row> {
    const rows = this.#rows.get(relation) ?? new Map<string, Row>();
    this.#rows.set(relation, rows);
    return rows;
  }

  #keyLength(relation: string): number {
    return this.#relations.find(({ name }) => name === relation)?.keyLength ?? Infinity;
  }
}

function inOrder<T>(map: ReadonlyMap<string, T>): readonly (readonly [string, T])[] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1));
}
