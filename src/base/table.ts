/**
 * Rows by columns: what files give, without an array a row. A cell is a word: a non-negative int
 * below 2^31 stands for itself, any other value is `~i`, the `i`th of the table's own values. That
 * is how the engine writes values too, so that ints go over as they are and every other value is
 * looked up once a table instead of once a cell.
 *
 * Equal words stand for equal values; different words may stand for equal values all the same
 * (`1.0` and `1.00` of a file). Rows may repeat.
 */
import { compareValues, type Row, type Value } from './value.js';

const MOST_DIRECT = 2 ** 31 - 1;
/** A `Map` holds no more than 2^24 entries. */
const MOST_KNOWN = 2 ** 24 - 1;

export class Table implements Iterable<Row> {
  /** Rows. */
  readonly length: number;
  /** One array a column, at least `length` long. */
  readonly columns: readonly Int32Array[];
  readonly values: readonly Value[];

  constructor(length: number, columns: readonly Int32Array[], values: readonly Value[]) {
    [this.length, this.columns, this.values] = [length, columns, values];
  }

  /** The table of these rows. */
  static of(width: number, rows: readonly Row[]): Table {
    const builder = new TableBuilder(width);
    for (const row of rows) builder.add(row);
    return builder.finish();
  }

  cell(row: number, column: number): Value {
    const word = this.columns[column]![row]!;
    return word >= 0 ? word : this.values[~word]!;
  }

  row(row: number): Row {
    return this.columns.map((_, column) => this.cell(row, column));
  }

  *[Symbol.iterator](): Iterator<Row> {
    for (let row = 0; row < this.length; row++) yield this.row(row);
  }

  /** The distinct words of a column, as values; a value may come twice. */
  distinct(column: number): readonly Value[] {
    const words = new Set<number>();
    const cells = this.columns[column]!;
    for (let row = 0; row < this.length; row++) words.add(cells[row]!);
    return [...words].map((word) => (word >= 0 ? word : this.values[~word]!));
  }

  /** The rows that hold a value in a column. */
  where(column: number, value: Value): Table {
    const isWanted = (word: number): boolean =>
      compareValues(word >= 0 ? word : this.values[~word]!, value) === 0;
    return this.select(column, isWanted);
  }

  /** The rows whose word in a column is wanted. */
  select(column: number, isWanted: (word: number) => boolean): Table {
    const known = new Map<number, boolean>();
    const cells = this.columns[column]!;
    const chosen: number[] = [];
    for (let row = 0; row < this.length; row++) {
      const word = cells[row]!;
      let wanted = known.get(word);
      if (wanted === undefined) known.set(word, (wanted = isWanted(word)));
      if (wanted) chosen.push(row);
    }
    if (chosen.length === this.length) return this;
    const columns = this.columns.map((all) => Int32Array.from(chosen, (row) => all[row]!));
    return new Table(chosen.length, columns, this.values);
  }

  /** Without one of its columns. */
  without(column: number): Table {
    return new Table(
      this.length,
      this.columns.filter((_, i) => i !== column),
      this.values,
    );
  }
}

/** A table under way, row by row. */
export class TableBuilder {
  readonly columns: Int32Array[];
  readonly values: Value[] = [];
  length = 0;
  #capacity: number;
  readonly #wordByString = new Map<string, number>();

  constructor(width: number, capacity = 16) {
    this.#capacity = capacity;
    this.columns = Array.from({ length: width }, () => new Int32Array(capacity));
  }

  /** Makes room for one more row, whose cells the caller writes before it counts up `length`. */
  reserve(): void {
    if (this.length < this.#capacity) return;
    this.#capacity = Math.max(16, this.#capacity * 2);
    for (const [i, cells] of this.columns.entries()) {
      const grown = new Int32Array(this.#capacity);
      grown.set(cells);
      this.columns[i] = grown;
    }
  }

  add(row: Row): void {
    this.reserve();
    for (const [i, value] of row.entries()) this.columns[i]![this.length] = this.#wordOf(value);
    this.length++;
  }

  /** A word for a value that is not known to have one. */
  newWord(value: Value): number {
    const isDirect = typeof value === 'number' && value >= 0 && value <= MOST_DIRECT;
    return isDirect ? value : ~(this.values.push(value) - 1);
  }

  /** A word for the value; as a rule a string has one. */
  #wordOf(value: Value): number {
    if (typeof value !== 'string') return this.newWord(value);
    let word = this.#wordByString.get(value);
    if (word === undefined) {
      word = this.newWord(value);
      if (this.#wordByString.size < MOST_KNOWN) this.#wordByString.set(value, word);
    }
    return word;
  }

  finish(): Table {
    return new Table(this.length, this.columns, this.values);
  }
}
