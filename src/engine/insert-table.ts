/**
 * Tables and rows into relations. Of a table ints go over as words, every other value is encoded once
 * a column, and no array is made for a row. Many tuples are grouped first (bulk-insert.ts); of few
 * pairs, those that follow one another under one key go in as one run.
 */
import type { Table } from '../base/table.js';
import type { Row } from '../base/value.js';
import { fillRows, insertColumns, isBulk } from './bulk-insert.js';
import { PairRelation } from './pair-relation.js';
import type { RowCodec } from './row-codec.js';
import type { Target } from './runtime.js';
import { UnaryRelation } from './unary-relation.js';
import { WideRelation } from './wide-relation.js';
import { NO_WORD } from './word.js';

/** Inserts every row of the table into the target's relation. */
export function insertTable(table: Table, target: Target, codec: RowCodec): void {
  const columns = table.columns.map((_, column) => encodedColumn(table, column, codec));
  insertWords(columns, table.length, target);
}

/** Inserts rows of values into the target's relation. */
export function insertRows(rows: readonly Row[], target: Target, codec: RowCodec): void {
  const { relation, row: head } = target;
  if (isBulk(relation, rows.length)) return insertMany(rows, target, codec);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]!;
    for (let i = 0; i < row.length; i++) head[i] = codec.word(row[i]!, i);
    target.insert();
  }
}

function insertMany(rows: readonly Row[], target: Target, codec: RowCodec): void {
  const columns = Array.from(target.row, (_, column) =>
    Int32Array.from(rows, (row) => codec.word(row[column]!, column)),
  );
  insertWords(columns, rows.length, target);
}

/** Inserts rows of words, given by columns that are at least so long. */
function insertWords(columns: readonly Int32Array[], length: number, target: Target): void {
  const { relation } = target;
  if (relation instanceof PairRelation) return insertPairs(relation, columns, length, target);
  if (relation instanceof UnaryRelation) {
    const [words] = columns as [Int32Array];
    for (let row = 0; row < length; row++) if (relation.insertWord(words[row]!)) target.spend(1);
    return;
  }
  const isEmpty = relation instanceof WideRelation && relation.arity > 0 && relation.size === 0;
  if (isEmpty && isBulk(relation, length)) {
    const exact = columns.map((words) => words.subarray(0, length));
    return target.spend(fillRows(relation, exact));
  }
  for (let row = 0; row < length; row++) {
    for (let column = 0; column < columns.length; column++)
      target.row[column] = columns[column]![row]!;
    target.insert();
  }
}

/** The column itself if there is nothing to encode. */
function encodedColumn(
  { columns, length, values }: Table,
  column: number,
  codec: RowCodec,
): Int32Array {
  const cells = columns[column]!;
  let row = 0;
  // A cell that is no word refers to one of the values.
  if (values.length === 0) return cells;
  while (row < length && cells[row]! >= 0) row++;
  if (row === length) return cells;
  const known = new Int32Array(values.length).fill(NO_WORD);
  const words = cells.slice(0, length);
  for (; row < length; row++) {
    const cell = words[row]!;
    if (cell >= 0) continue;
    let word = known[~cell]!;
    if (word === NO_WORD) {
      word = codec.word(values[~cell]!, column);
      known[~cell] = word;
    }
    words[row] = word;
  }
  return words;
}

function insertPairs(
  relation: PairRelation,
  columns: readonly Int32Array[],
  length: number,
  target: Target,
): void {
  if (isBulk(relation, length)) {
    const [first, second] = columns.map((words) => words.subarray(0, length));
    return target.spend(insertColumns(relation, [first!, second!]));
  }
  relation.unpacked();
  const keys = columns[relation.keyColumn]!;
  const values = columns[1 - relation.keyColumn]!;
  for (let row = 0; row < length;) {
    const key = keys[row]!;
    const start = row++;
    while (row < length && keys[row] === key) row++;
    target.spend(relation.insertRun(relation.slotFor(key), values, start, row));
  }
}
