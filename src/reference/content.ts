/**
 * What one relation holds in one timestep: what it held when the timestep began (`base`, a
 * persistent map that nothing here changes) and what has been added since.
 *
 * Rows that agree on the key and differ elsewhere are both kept and noted as a conflict, so that
 * which conflict is reported does not depend on which row came first.
 *
 * Rows of a relation with lattice columns that agree on everything else merge (merge-rows.ts). While
 * a stratum runs, the versions of such a row stand beside each other, since whoever iterates them by
 * position must not lose its place. Its own rules are monotone in it, so what an older version gives,
 * the newer gives too, and who meets an outdated one passes over it: or a value that grows n times
 * would be joined with itself n * n times. `settle` leaves the newest alone, before anybody else looks.
 */
import { Map as ImmutableMap } from 'immutable';
import { compareRows, rowKey, type Row, type Value } from '../base/value.js';
import type { Relation } from '../semantics/program.js';
import { mergeRows, mergesRows, settledKey } from './merge-rows.js';
import { Rows } from './rows.js';

/** The rows of a relation without key conflicts, by the text of their key. */
export type StoredRows = ImmutableMap<string, Row>;

export const noStoredRows: StoredRows = ImmutableMap<string, Row>();

/**
 * Listing and indexes of stored rows, kept as long as the rows themselves stay as they are. Rows are
 * listed in order: what a timestep finds first, and so what it says when it is broken off at a
 * bound, depends on its state and not on how that came about.
 */
const listingByStoredRows = new WeakMap<StoredRows, Rows>();

function listingOf(stored: StoredRows): Rows {
  let listing = listingByStoredRows.get(stored);
  if (listing === undefined) {
    listing = new Rows([...stored.values()].sort(compareRows));
    listingByStoredRows.set(stored, listing);
  }
  return listing;
}

/** The text of a row's key. */
export function keyOf(relation: Relation, row: Row): string {
  return relation.keyLength === row.length ? rowKey(row) : rowKey(row.slice(0, relation.keyLength));
}

/** What an insertion does: a row counts as new once a timestep, however often it grows. */
export type Change = 'none' | 'new' | 'greater';

export class Content {
  readonly relation: Relation;
  readonly base: StoredRows;
  #added = new Rows();
  /** What `base` shows once newer versions of its rows have been merged; null while it is all of it. */
  #standing: Rows | null = null;
  /** Of a relation with lattice columns, the newest version of each row by everything that is not merged. */
  readonly #versions: Map<string, Row> | null;
  /** Versions that have a newer one beside them. */
  #outdated = new Set<Row>();
  readonly #addedKeys = new Set<string>();
  /** Only where the key is not the whole row. */
  readonly #addedRows = new Set<string>();
  readonly #isKeyed: boolean;
  #hasConflict = false;

  constructor(relation: Relation, base: StoredRows = noStoredRows) {
    this.relation = relation;
    this.base = base;
    this.#isKeyed = relation.keyLength < relation.columns.length;
    this.#versions = mergesRows(relation) ? new Map<string, Row>() : null;
  }

  get added(): readonly Row[] {
    return this.#added.list;
  }

  get size(): number {
    return this.base.size + this.added.length;
  }

  get hasConflict(): boolean {
    return this.#hasConflict;
  }

  has(row: Row): boolean {
    const key = keyOf(this.relation, row);
    const stored = this.base.get(key);
    if (!this.#isKeyed) return stored !== undefined || this.#addedKeys.has(key);
    if (stored !== undefined && compareRows(stored, row) === 0) return true;
    return this.#addedRows.has(rowKey(row));
  }

  /** Whether the row is new, makes one that is there greater, or changes nothing. */
  insert(row: Row): Change {
    if (this.#versions !== null) return this.#merge(row, this.#versions);
    const key = keyOf(this.relation, row);
    const stored = this.base.get(key);
    if (this.#isKeyed) {
      if (stored !== undefined && compareRows(stored, row) === 0) return 'none';
      const whole = rowKey(row);
      if (this.#addedRows.has(whole)) return 'none';
      this.#addedRows.add(whole);
      if (stored !== undefined || this.#addedKeys.has(key)) this.#hasConflict = true;
    } else if (stored !== undefined || this.#addedKeys.has(key)) return 'none';
    this.#addedKeys.add(key);
    this.#added.append(row);
    return 'new';
  }

  #merge(row: Row, versions: Map<string, Row>): Change {
    const same = settledKey(this.relation, row);
    const stored = this.base.get(keyOf(this.relation, row));
    const version = versions.get(same);
    const known =
      version ??
      (stored !== undefined && settledKey(this.relation, stored) === same ? stored : undefined);
    const merged = known === undefined ? row : mergeRows(this.relation, known, row);
    if (known !== undefined && compareRows(known, merged) === 0) return 'none';
    if (known !== undefined) this.#outdated.add(known);
    const key = keyOf(this.relation, row);
    if (known === undefined && (stored !== undefined || this.#addedKeys.has(key)))
      this.#hasConflict = true;
    this.#addedKeys.add(key);
    versions.set(same, merged);
    this.#added.append(merged);
    return version === undefined ? 'new' : 'greater';
  }

  /** Leaves of every merged row its newest version alone. */
  settle(): void {
    if (this.#versions === null || this.#versions.size === 0) return;
    const versions = this.#versions;
    this.#added = new Rows([...versions.values()]);
    this.#outdated = new Set();
    this.#standing = new Rows(
      listingOf(this.base).list.filter((row) => !versions.has(settledKey(this.relation, row))),
    );
  }

  /** What the timestep began with; does not grow. */
  baseMatching(columns: readonly number[], values: readonly Value[]): readonly Row[] {
    return (this.#standing ?? listingOf(this.base)).matching(columns, values);
  }

  /** What was added since; grows under whoever iterates it by position. */
  addedMatching(columns: readonly number[], values: readonly Value[]): readonly Row[] {
    return this.#added.matching(columns, values);
  }

  /** Whether a newer version of the row stands behind it, where whoever iterates will come to it. */
  isOutdated(row: Row): boolean {
    return this.#versions !== null && this.#outdated.has(row);
  }

  *rows(): Generator<Row> {
    yield* this.#standing?.list ?? this.base.values();
    yield* this.added;
  }

  sortedRows(): readonly Row[] {
    return [...this.rows()].sort(compareRows);
  }

  /** The least two rows that agree on the key and differ elsewhere, if there are such. */
  leastConflict(): readonly [Row, Row] | null {
    if (!this.#hasConflict) return null;
    let previous: Row | null = null;
    let previousKey = '';
    for (const row of this.sortedRows()) {
      const key = keyOf(this.relation, row);
      if (previous !== null && key === previousKey) return [previous, row];
      previous = row;
      previousKey = key;
    }
    return null;
  }
}
