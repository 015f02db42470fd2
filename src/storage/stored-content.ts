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
import type {
  StoredAnswer,
  StoredBatch,
  StoredFrame,
  StoredLane,
  StoredReceipt,
  StoredState,
} from '../node/storage.js';

/** The text by which a stored row is found. */
function storedKey(row: Row, keyLength: number): string {
  return JSON.stringify(encodeRow(row.slice(0, keyLength)));
}

export class StoredContent {
  readonly #relations: readonly DurableRelation[];
  readonly #rows = new Map<string, Map<string, Row>>();
  /** By peer and origin, as the frames and receipts. */
  readonly #lanes = new Map<string, StoredLane>();
  readonly #frames = new Map<string, Map<number, StoredFrame>>();
  readonly #answers = new Map<string, StoredAnswer>();
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
    const lanes = inOrder(this.#lanes);
    const known = this.#relations.map(({ name }) => name).filter((name) => this.#known.has(name));
    return {
      origin: this.#origin,
      relations: known.sort().map((name) => ({
        relation: name,
        rows: [...(this.#rows.get(name)?.values() ?? [])].sort(compareRows),
      })),
      lanes,
      frames: lanes.flatMap(({ peer, origin }) =>
        [...(this.#frames.get(laneKey(peer, origin))?.values() ?? [])].sort(
          (a, b) => a.seq - b.seq,
        ),
      ),
      answers: [...this.#answers.values()].sort((a, b) => (a.peer < b.peer ? -1 : 1)),
      receipts: inOrder(this.#receipts),
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
    for (const lane of batch.lanes) this.putLane(lane);
    for (const { peer, origin, seq } of batch.settled)
      this.#frames.get(laneKey(peer, origin))?.delete(seq);
    for (const answer of batch.answers) this.putAnswer(answer);
    for (const receipt of batch.receipts) this.putReceipt(receipt);
  }

  /** The process that goes on from here. */
  begin(origin: string): void {
    this.#origin = origin;
  }

  putRow(relation: string, row: Row): void {
    this.#rowsOf(relation).set(storedKey(row, this.#keyLength(relation)), row);
  }

  removeRow(relation: string, row: Row): void {
    this.#rowsOf(relation).delete(storedKey(row, this.#keyLength(relation)));
  }

  putLane(lane: StoredLane): void {
    this.#lanes.set(laneKey(lane.peer, lane.origin), lane);
  }

  putFrame(frame: StoredFrame): void {
    const key = laneKey(frame.peer, frame.origin);
    const frames = this.#frames.get(key) ?? new Map<number, StoredFrame>();
    this.#frames.set(key, frames);
    frames.set(frame.seq, frame);
  }

  putAnswer(answer: StoredAnswer): void {
    this.#answers.set(answer.peer, answer);
  }

  putReceipt(receipt: StoredReceipt): void {
    this.#receipts.set(laneKey(receipt.peer, receipt.origin), receipt);
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

function laneKey(peer: string, origin: string): string {
  return JSON.stringify([peer, origin]);
}

/** By peer, and of one peer in the order in which they began. */
function inOrder<T extends { readonly peer: string; readonly nth: number }>(
  map: ReadonlyMap<string, T>,
): readonly T[] {
  return [...map.values()].sort((a, b) =>
    a.peer === b.peer ? a.nth - b.nth : a.peer < b.peer ? -1 : 1,
  );
}
