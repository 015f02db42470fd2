/**
 * A list of rows that only grows, with hash indexes by columns that are built when first asked
 * for and kept up from then on. Whoever iterates a list or a bucket by position sees what is
 * appended meanwhile: this is how a naive evaluation walks a long chain in one pass.
 */
import { valueKey, type Row, type Value } from '../base/value.js';

const noRows: readonly Row[] = [];

interface Index {
  readonly columns: readonly number[];
  readonly buckets: Map<string, Row[]>;
}

export class Rows {
  readonly #list: Row[];
  readonly #indexes = new Map<string, Index>();

  constructor(list: Row[] = []) {
    this.#list = list;
  }

  get list(): readonly Row[] {
    return this.#list;
  }

  append(row: Row): void {
    this.#list.push(row);
    for (const index of this.#indexes.values()) addTo(index, row);
  }

  /** Rows that have these values in these columns; without columns all of them. */
  matching(columns: readonly number[], values: readonly Value[]): readonly Row[] {
    if (columns.length === 0) return this.#list;
    const name = columns.join();
    let index = this.#indexes.get(name);
    if (index === undefined) {
      index = { columns, buckets: new Map() };
      for (const row of this.#list) addTo(index, row);
      this.#indexes.set(name, index);
    }
    let key = '';
    for (const value of values) key += valueKey(value) + ',';
    return index.buckets.get(key) ?? noRows;
  }
}

function addTo(index: Index, row: Row): void {
  let key = '';
  for (const column of index.columns) key += valueKey(row[column]!) + ',';
  const bucket = index.buckets.get(key);
  if (bucket === undefined) index.buckets.set(key, [row]);
  else bucket.push(row);
}
