/**
 * Tables into relations: ints go over as words, every other value of the table is encoded once a
 * column, and no array is made for a row. Many pairs are grouped by key first (bulk-insert.ts); of few,
 * those that follow one another under one key go in as one run.
 */
import type { Table } from '../base/table.js';
import { insertColumns, LEAST_BULK } from './bulk-insert.js';
import { PairRelation } from './pair-relation.js';
import type { RowCodec } from './row-codec.js';
import type { Target } from './runtime.js';
import { UnaryRelation } from './unary-relation.js';
import { WideRelation } from './wide-relation.js';
import { NO_WORD } from './word.js';

/** Inserts every row of the table into the target's relation. */
export function insertTable(table: Table, target: Target, codec: RowCodec): void {
  const columns = table.columns.map((_, column) => encodedColumn(table, column, codec));
  const { relation } = target;
  if (relation instanceof PairRelation) insertPairs(relation, columns, table.length, target);
  else if (relation instanceof UnaryRelation) {
    const [words] = columns as [Int32Array];
    for (let row = 0; row < table.length; row++)
      if (relation.insertWord(words[row]!)) target.spend(1);
  } else {
    if (relation instanceof WideRelation) relation.rows.reserve(table.length);
    insertRows(columns, table.length, target);
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
  const keys = columns[relation.keyColumn]!;
  const values = columns[1 - relation.keyColumn]!;
  if (length >= LEAST_BULK) {
    target.spend(insertColumns(relation, keys.subarray(0, length), values.subarray(0, length)));
    return;
  }
  for (let row = 0; row < length;) {
    const key = keys[row]!;
    const start = row++;
    while (row < length && keys[row] === key) row++;
    target.spend(relation.insertRun(relation.slotFor(key), values, start, row));
  }
}

function insertRows(columns: readonly Int32Array[], length: number, target: Target): void {
  for (let row = 0; row < length; row++) {
    for (let column = 0; column < columns.length; column++)
      target.row[column] = columns[column]![row]!;
    target.insert();
  }
}
