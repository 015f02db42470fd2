import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { float, list, map, rowKey, set, tuple } from '../../../src/base/value.js';
import type { Row } from '../../../src/base/value.js';
import { factFileOf } from '../../../src/files/read-bytes.js';
import { readRows } from '../../../src/files/read-rows.js';
import { renderPieces } from '../../../src/files/render-rows.js';
import type { NamedRows, OutputFormat } from '../../../src/files/render-rows.js';
import type { Relation } from '../../../src/semantics/program.js';
import type { Type } from '../../../src/semantics/types.js';
import { arbitraryOf, arbitraryType } from '../../support/arbitrary-value.js';
import { programOf } from '../../support/check-fixture.js';

function renderRows(named: NamedRows, format: OutputFormat, limit: number): string {
  const pieces = [...renderPieces(named, format, limit)];
  return Buffer.concat(pieces.map((piece) => Buffer.from(piece as string))).toString();
}

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

/** As text files hold it: strings without halves of surrogate pairs. */
function wellFormed(row: Row): Row {
  return row.map((value) =>
    typeof value === 'string' ? value.replaceAll(/\p{Cs}/gu, '\ufffd') : value,
  );
}

describe.each(['csv', 'tsv', 'jsonl'] as const)('what is written as %s', (format) => {
  it('reads back as the same rows', () => {
    fc.assert(
      fc.property(typedRows, ([types, rows]) => {
        const columns = types.map((_, i) => `c${i}`);
        const text = renderRows({ relation: 'r', columns, rows }, format, 1);
        const read = readRows(factFileOf(`r.${format}`, text), relationOf(types), 'auto');
        expect(read.diagnostics).toEqual([]);
        const expected = format === 'jsonl' ? rows : rows.map(wellFormed);
        expect([...read.value].map(({ row }) => rowKey(row))).toEqual(expected.map(rowKey));
      }),
      { numRuns: 400 },
    );
  });
});

describe('CSV and TSV', () => {
  it('tell of cells that they have no bytes for, and of no others', () => {
    const rows: Row[] = [
      ['a', 1, '\ud800'],
      ['\ud83d\ude00', 2, 'x\udc00y'],
      ['', -3, list(['\ud800'])],
      ['é\u00a0', 4, null],
    ];
    for (const [format, delimiter] of [
      ['csv', ','],
      ['tsv', '\t'],
    ] as const) {
      const noted: number[][] = [];
      const named = { relation: 'r', columns: ['s', 'n', 't'], rows };
      const pieces = [...renderPieces(named, format, 1, (...cell) => noted.push(cell))];
      expect(noted).toEqual([
        [0, 2],
        [1, 2],
      ]);
      expect(Buffer.concat(pieces as Uint8Array[]).toString()).toBe(
        [
          ['s', 'n', 't'],
          ['a', 1, '\ufffd'],
          ['\ud83d\ude00', 2, 'x\ufffdy'],
          ['""', -3, '"[""\\ud800""]"'],
          ['"é\u00a0"', 4, 'null'],
        ]
          .map((cells) => `${cells.join(delimiter)}\n`)
          .join(''),
      );
    }
  });

  it('write ints of any size, and pieces that stay as they are when more is written', () => {
    const rows = Array.from({ length: 60_000 }, (_, i): Row => [i * 7 - 50, 2 ** 53 - 1 - i, -i]);
    const pieces = [...renderPieces({ relation: 'r', columns: ['a', 'b', 'c'], rows }, 'csv', 1)];
    expect(pieces.length).toBeGreaterThan(10);
    expect(Buffer.concat(pieces as Uint8Array[]).toString()).toBe(
      `a,b,c\n${rows.map((row) => `${row.map(String).join(',')}\n`).join('')}`,
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
