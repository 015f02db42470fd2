import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Table } from '../../../src/base/table.js';
import { float, type Row } from '../../../src/base/value.js';

describe('a table', () => {
  const value = fc.oneof(
    fc.constantFrom<Row[number]>(0, -1, 2 ** 31 - 1, 2 ** 31, 2 ** 53 - 1, null, true, 'x', ''),
    fc.constantFrom(float(1), float(0.5)),
  );

  it('gives back the rows that it was made of', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(value, value), { maxLength: 60 }), (rows) => {
        expect([...Table.of(2, rows)]).toEqual(rows);
      }),
    );
  });

  it('selects the rows that hold a value, whatever their words', () => {
    const table = Table.of(2, [
      [float(1), 1],
      ['a', 2],
      [float(1), 3],
    ]);
    expect([...table.where(0, float(1)).without(0)]).toEqual([[1], [3]]);
    expect([...table.where(0, 1)]).toEqual([]);
    expect(new Set(table.distinct(1))).toEqual(new Set([1, 2, 3]));
  });

  it('counts rows without columns', () => {
    expect([...Table.of(0, [[], []])]).toEqual([[], []]);
  });
});
