/**
 * What comes in with a timestep, by slot. The batches are kept from timestep to timestep, so that
 * nothing is made for a slot that has had one before; rows are taken as they are given where one
 * list has all of them.
 */
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import { SlotSet } from './slot-set.js';

export interface Batch {
  readonly rows: readonly Row[];
  readonly tables: readonly Table[];
}

class OpenBatch implements Batch {
  rows: readonly Row[] = noRows;
  tables: readonly Table[] = noTables;
  /** The list of rows, if it is this batch's own. */
  own: Row[] | null = null;
}

const noRows: readonly Row[] = [];
const noTables: readonly Table[] = [];

export class Incoming {
  readonly filled: SlotSet;
  readonly #bySlot: (OpenBatch | null)[];

  constructor(slots: number) {
    this.filled = new SlotSet(slots);
    this.#bySlot = Array.from({ length: slots }, () => null);
  }

  /** Null where nothing comes in. */
  of(slot: number): Batch | null {
    return this.filled.has(slot) ? this.#bySlot[slot]! : null;
  }

  addRow(slot: number, row: Row): void {
    this.#ownRows(this.#open(slot)).push(row);
  }

  /** The rows must not change as long as the timestep lasts. */
  addRows(slot: number, rows: readonly Row[]): void {
    if (rows.length === 0) return;
    const batch = this.#open(slot);
    if (batch.rows.length === 0) batch.rows = rows;
    else for (const row of rows) this.#ownRows(batch).push(row);
  }

  addTable(slot: number, table: Table): void {
    const batch = this.#open(slot);
    batch.tables = [...batch.tables, table];
  }

  clear(): void {
    const { slots, count } = this.filled;
    for (let i = 0; i < count; i++) {
      const batch = this.#bySlot[slots[i]!]!;
      batch.rows = noRows;
      batch.tables = noTables;
      batch.own = null;
    }
    this.filled.clear();
  }

  #open(slot: number): OpenBatch {
    this.filled.add(slot);
    return (this.#bySlot[slot] ??= new OpenBatch());
  }

  #ownRows(batch: OpenBatch): Row[] {
    if (batch.own === null) batch.rows = batch.own = [...batch.rows];
    return batch.own;
  }
}
