import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float, list, map, rowKey, set, tuple } from '../../../src/base/value.js';
import type { Row } from '../../../src/base/value.js';
import { factFileOf } from '../../../src/files/read-bytes.js';
import { readRows } from '../../../src/files/read-rows.js';
import { renderRows } from '../../../src/files/render-rows.js';
import type { NamedRows } from '../../../src/files/render-rows.js';
import type { Relation } from '../../../src/semantics/program.js';
import type { Type } from '../../../src/semantics/types.js';
import { arbitraryOf, arbitraryType } from '../../support/arbitrary-value.js';
import { programOf } from '../../support/check-fixture.js';

const template = programOf('table r(c: int);').relations.get('r')!;

function relationOf(types: readonly Type[]): Relation {
  const [column] = template.columns;
  return { ...template, columns: types.map((type, i) => ({ ...column!, name: `c${i}`, type })) };
}

const typedRows = fc
  .array(arbitraryType(), { maxLength: 3 })
  .chain((types) =>
    fc.tuple(
      fc.constant(types),
      fc.array(fc.tuple(...types.map(arbitraryOf)) as fc.Arbitrary<Row>, { maxLength: 4 }),
    ),
  );

describe.each(['csv', 'tsv', 'jsonl'] as const)('what is written as %s', (format) => {
  it('reads back as the same rows', () => {
    fc.assert(
      fc.property(typedRows, ([types, rows]) => {
        const columns = types.map((_, i) => `c${i}`);
        const text = renderRows({ relation: 'r', columns, rows }, format, 1);
        const read = readRows(factFileOf(`r.${format}`, text), relationOf(types), 'auto');
        expect(read.diagnostics).toEqual([]);
        expect([...read.value].map(({ row }) => rowKey(row))).toEqual(rows.map(rowKey));
      }),
      { numRuns: 400 },
    );
  });
});

describe('a table', () => {
  const named = (columns: readonly string[], rows: readonly Row[]): NamedRows => ({
    relation: 'r',
    columns,
    rows,
  });

  it('aligns numbers to the right and text to the left', () => {
    const rows = [
      ['a', 5, float(1)],
      ['bcd', 100, float(2.5)],
    ];
    expect(renderRows(named(['name', 'n', 'x'], rows), 'table', 50)).toBe(
      [
        'r (2 rows)',
        '  name    n  x',
        '  ----  ---  ---',
        '  a       5  1.0',
        '  bcd   100  2.5',
        '',
      ].join('\n'),
    );
  });

  it('tells a set from a list and a map from a list of pairs, as the language writes them', () => {
    const row = [set([1]), list([1]), map([[1, 'a']]), tuple([1]), list(['b'])];
    const columns = ['s', 'l', 'm', 't', 'n'];
    const table = renderRows(named(columns, [row]), 'table', 5);
    expect(table.split('\n')[3]).toBe('  {1}  [1]  {1: "a"}  (1,)  ["b"]');
    const csv = renderRows(named(columns, [row]), 'csv', 5);
    expect(csv.split('\n')[1]).toBe('[1],[1],"[[1,""a""]]",[1],"[""b""]"');
  });

  it('shows as many rows as asked for and counts the others', () => {
    const rows = Array.from({ length: 5 }, (_, i) => [i]);
    const text = renderRows(named(['n'], rows), 'table', 2);
    expect(text).toContain('r (5 rows)');
    expect(text).toContain('  ... 3 more rows; --all shows them\n');
    expect(text).not.toContain('  3\n');
    expect(renderRows(named(['n'], rows), 'table', 5)).not.toContain('more');
    // Other programs read the other formats: they are never cut.
    expect(renderRows(named(['n'], rows), 'csv', 2)).toBe('n\n0\n1\n2\n3\n4\n');
  });

  it('is a line where there is nothing to show', () => {
    expect(renderRows(named(['n'], []), 'table', 5)).toBe('r (0 rows)\n');
    expect(renderRows(named([], [[]]), 'table', 5)).toBe('r (1 row)\n');
  });

  it('keeps to its lines: control characters are escaped and long cells cut', () => {
    const text = renderRows(
      named(['s', 'l'], [['a\nb\u001b[31m', list(['x'.repeat(100)])]]),
      'table',
      5,
    );
    expect(text.split('\n')).toHaveLength(5);
    expect(text).toContain('a\\nb\\u001b[31m');
    expect(text).toContain(`["${'x'.repeat(55)}...`);
  });
});
