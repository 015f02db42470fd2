import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { positionAt } from '../../../src/base/span.js';
import { bytes, float, list, map, set, tuple } from '../../../src/base/value.js';
import { factFileOf } from '../../../src/files/read-bytes.js';
import type { HeaderMode } from '../../../src/files/read-delimited.js';
import { readRows } from '../../../src/files/read-rows.js';
import { CellScanner } from '../../../src/files/scan-delimited.js';
import { programOf } from '../../support/check-fixture.js';

/** Reads `text` as a file of the relation that `columns` declares. */
function read(columns: string, text: string, ending = 'csv', header: HeaderMode = 'auto') {
  const relation = programOf(`table r(${columns});`).relations.get('r')!;
  const { value, diagnostics } = readRows(factFileOf(`r.${ending}`, text), relation, header);
  const placed = [...value];
  return {
    rows: placed.map(({ row }) => row),
    nodes: placed.map(({ node }) => node),
    errors: diagnostics.map(({ message, primary, help, notes }) => {
      const { file, start, end } = primary!.span;
      const { line, column } = positionAt(file, start);
      return { at: `${line}:${column}`, marked: file.text.slice(start, end), message, help, notes };
    }),
    codes: diagnostics.map(({ code, severity }) => `${severity} ${code}`),
  };
}
const rows = (columns: string, text: string, ending?: string, header?: HeaderMode) => {
  const { rows: found, errors } = read(columns, text, ending, header);
  expect(errors).toEqual([]);
  return found;
};

describe('CSV and TSV', () => {
  it('take a first line that names the columns for a header, unless told otherwise', () => {
    const columns = 'a: string, b: string';
    expect(rows(columns, 'a,b\n1,2\n')).toEqual([['1', '2']]);
    expect(rows(columns, ' a , b \n1,2\n')).toEqual([['1', '2']]);
    expect(rows(columns, '1,2\n')).toEqual([['1', '2']]);
    expect(rows(columns, 'x,y\n1,2\n', 'csv', 'yes')).toEqual([['1', '2']]);
    expect(rows(columns, 'a,b\n1,2\n', 'csv', 'no')).toEqual([
      ['a', 'b'],
      ['1', '2'],
    ]);
  });

  it('refuse a header in another order, which would swap columns without a word', () => {
    const { rows: none, errors } = read('a: string, b: string', 'b,a\n1,2\n');
    expect(none).toEqual([]);
    expect(errors).toMatchObject([{ at: '1:1', marked: 'b,a' }]);
    expect(errors[0]!.help).toContain('--header no');
    expect(rows('a: string, b: string', 'b,a\n', 'csv', 'no')).toEqual([['b', 'a']]);
  });

  it('quote as RFC 4180 says', () => {
    const text = '"a,b","say ""no"""\n"two\nlines",\n"",x\n';
    expect(rows('a: string, b: string', text)).toEqual([
      ['a,b', 'say "no"'],
      ['two\nlines', ''],
      ['', 'x'],
    ]);
    expect(rows('a: string, b: string', 'a b\t"x\ty"\n', 'tsv')).toEqual([['a b', 'x\ty']]);
    expect(rows('a: string, b: string', '1\t2\n', 'facts')).toEqual([['1', '2']]);
  });

  it('end lines in LF, CR LF or CR, also mixed, and need no last one', () => {
    expect(rows('a: int', '1\r\n2\n3\r4')).toEqual([[1], [2], [3], [4]]);
    expect(rows('a: int, b: int', 'a,b\r\n1,2\r\n\r\n3,4\r\n')).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  it('pass over empty lines, which are not the empty string', () => {
    expect(rows('a: string', 'x\n\n""\n\n')).toEqual([['x'], ['']]);
    expect(rows('a: string', '')).toEqual([]);
    expect(rows('a: string', '\n\n')).toEqual([]);
  });

  it('keep blanks of strings and forgive them around numbers', () => {
    expect(rows('a: string, b: int', ' x , 7 \n')).toEqual([[' x ', 7]]);
  });

  it('read every type, composite ones as JSON', () => {
    const cells: readonly [string, string, unknown][] = [
      ['int', '-3', -3],
      ['int', '-0', 0],
      ['nat', '+3', 3],
      ['float', '1', float(1)],
      ['float', '.5e1', float(5)],
      ['float', 'NaN', float(Number.NaN)],
      ['float', '-Infinity', float(-Infinity)],
      ['bool', 'true', true],
      ['bool', 'false', false],
      ['addr', 'n1', 'n1'],
      ['bytes', '00fF', bytes('00ff')],
      ['list<int>', '[1, 2]', list([1, 2])],
      ['set<string>', '["b", "a", "b"]', set(['a', 'b'])],
      ['(int, string)', '[1, "x"]', tuple([1, 'x'])],
      ['map<string, float>', '{"k": 1}', map([['k', float(1)]])],
      ['map<int, int>', '[[1, 2]]', map([[1, 2]])],
      ['map<int, int>', '{"1": 2}', map([[1, 2]])],
      ['any', '12', 12],
      ['any', '1.5', float(1.5)],
      ['any', 'x1', 'x1'],
      ['any', '99999999999999999999.0', float(1e20)],
    ];
    for (const [type, cell, value] of cells) {
      const quoted = `"${cell.replaceAll('"', '""')}"\n`;
      expect(rows(`c: ${type}`, quoted), `${cell} as ${type}`).toEqual([[value]]);
    }
  });

  it.each<[string, string]>([
    ['int', '1.5'],
    ['int', ''],
    ['int', '0x10'],
    ['int', '9007199254740992'],
    ['nat', '-1'],
    ['float', '1,5'],
    ['float', ''],
    ['bool', 'yes'],
    ['bool', 'TRUE'],
    ['bytes', 'abc'],
    ['list<int>', '[1, "x"]'],
    ['list<int>', '1'],
    ['list<int>', '[1'],
    ['(int, int)', '[1]'],
    ['map<int, int>', '{"x": 1}'],
    ['map<int, int>', '[[1]]'],
    ['list<any>', `${'['.repeat(300)}${']'.repeat(300)}`],
    ['list<any>', '['.repeat(100_000)],
    ['any', '9007199254740993'],
    ['list<any>', '[-9007199254740993]'],
  ])('refuse for %s the cell %s', (type, cell) => {
    const result = read(`c: ${type}, d: int`, `"${cell.replaceAll('"', '""')}",1\n`);
    expect(result.rows).toEqual([]);
    expect(result.codes).toEqual(['error TRL1002']);
    expect(result.errors[0]!.message).toContain('column 1 (`c`) of `r`');
  });

  it('name the cell at fault, and load nothing of the file', () => {
    const text = 'a,b\n1,2\r\n"3 ""x""",4\n5,"six,\nseven"\n8\n';
    const { rows: none, errors } = read('a: int, b: int', text);
    expect(none).toEqual([]);
    expect(errors).toMatchObject([
      {
        at: '3:1',
        marked: '"3 ""x"""',
        message: 'column 1 (`a`) of `r`: expected an int, found "3 \\"x\\""',
      },
      { at: '4:3', marked: '"six,\nseven"' },
      {
        at: '6:1',
        marked: '8',
        message: 'a row of 1 column for `r`, which has 2',
        help: 'give one cell for each of a, b',
      },
    ]);
  });

  it('name the place where quoting breaks', () => {
    const broken = (text: string) =>
      read('a: string, b: int', text).errors.map(({ at, message }) => `${at} ${message}`);
    expect(broken('x,1\n"y,2\nz,3\n')).toEqual(['2:1 this quoted cell is not closed']);
    expect(broken('x,1\n5" pipe,2\n')).toEqual([
      '2:2 a quote inside a cell that does not begin with one',
    ]);
    expect(broken('"x"y,1\n')).toEqual(['1:4 text behind the closing quote of a cell']);
  });

  it('tell characters from bytes, and pass over a byte-order mark', () => {
    const text = '\ufeffa,b\nä€😀,1\nß,😀x\n';
    expect(read('a: string, b: int', text).errors).toMatchObject([
      { at: '3:3', marked: '😀x', message: expect.stringContaining('found "😀x"') },
    ]);
    expect(rows('a: string, b: int', '\ufeffa,b\nä€😀,1\n')).toEqual([['ä€😀', 1]]);
  });

  it('number a bad line among a million without making a string of them all', () => {
    const lines = Array.from({ length: 1_000_000 }, (_, i) => `${i},${2 * i}`);
    lines[899_999] = '899999,many';
    const { errors, rows: none } = read('a: int, b: int', lines.join('\r\n'));
    expect(none).toEqual([]);
    expect(errors).toMatchObject([{ at: '900000:8', marked: 'many' }]);
  });

  it('read ints of every size as they are', () => {
    const ints = [0, 7, 999_999_999, 1_000_000_000, 2_147_483_647, 2_147_483_648, -1, 2 ** 53 - 1];
    expect(rows('a: int', `${ints.join('\n')}\n`)).toEqual(ints.map((n) => [n]));
    expect(rows('a: int, b: int', '007,+8\n')).toEqual([[7, 8]]);
    expect(rows('a: any, b: any', '007,1x\n')).toEqual([[7, '1x']]);
  });

  it('show twenty errors and count the others', () => {
    const { errors } = read('a: int', 'x\n'.repeat(50));
    expect(errors).toHaveLength(20);
    expect(errors.at(-1)!.notes).toEqual(['30 more errors in this file']);
    expect(errors.at(-1)!.at).toBe('20:1');
  });

  it('place rows at nodes by a leading column @node', () => {
    const result = read('a: int', '@node,a\nn1,1\nn2,2\n');
    expect([result.rows, result.nodes, result.errors]).toEqual([[[1], [2]], ['n1', 'n2'], []]);
    expect(read('a: int', 'a\n1\n').nodes).toEqual([null]);
    expect(read('a: int', '@node,a\nn1,x\n').errors).toMatchObject([{ at: '2:4', marked: 'x' }]);
    expect(read('a: int', '@node,a\nn1\n').errors).toMatchObject([
      { message: 'a row of 0 columns for `r`, which has 1' },
    ]);
    expect(rows('a: string, b: string', '@node,b\n', 'csv', 'no')).toEqual([['@node', 'b']]);
  });

  it('hold rows without columns as empty lines below an empty header', () => {
    expect(rows('', '\n')).toEqual([]);
    expect(rows('', '\n\n\r\n')).toEqual([[], []]);
    expect(rows('', '\n', 'csv', 'no')).toEqual([[]]);
    expect(read('', '\nx\n').errors).toMatchObject([
      { at: '2:1', message: 'a row of 1 column for `r`, which has 0' },
    ]);
  });

  it.each([40, 200])('hold rows of %i columns', (width) => {
    const columns = Array.from({ length: width }, (_, i) => `c${i}: int`).join(', ');
    const line = Array.from({ length: width }, (_, i) => i).join(',');
    expect(rows(columns, `${line}\n`)).toEqual([Array.from({ length: width }, (_, i) => i)]);
    const last = width - 1;
    const bad = read(columns, `${line}\n${line.replace(new RegExp(`${last}$`), 'x')}\n`);
    expect(bad.errors).toMatchObject([
      { marked: 'x', message: expect.stringContaining(`column ${width} (\`c${last}\`)`) },
    ]);
  });

  it('read big files fast', () => {
    const lines = Array.from({ length: 300_000 }, (_, i) => `node${i},${i}`).join('\n');
    const before = process.cpuUsage();
    expect(rows('a: string, b: int', lines)).toHaveLength(300_000);
    expect(process.cpuUsage(before).user / 1000).toBeLessThan(3000);
  });
});

describe('JSON Lines', () => {
  const columns = 'a: int, b: list<string>';
  it('read arrays and objects', () => {
    const text = '[1, ["x"]]\r\n\n{"b": [], "a": 2}\n{"@node": "n2", "a": 3, "b": []}';
    const result = read(columns, text, 'jsonl');
    expect(result.errors).toEqual([]);
    expect(result.rows).toEqual([
      [1, list(['x'])],
      [2, list([])],
      [3, list([])],
    ]);
    expect(result.nodes).toEqual([null, null, 'n2']);
    expect(rows('', '[]\n[]\n', 'jsonl')).toEqual([[], []]);
  });

  it.each([
    ['{"a": 1', 'this line is not JSON'],
    ['7', 'not a row of `r`'],
    ['null', 'not a row of `r`'],
    ['[1]', 'not a row of `r`'],
    ['{"a": 1}', 'not a row of `r`'],
    ['{"a": 1, "b": [], "c": 2}', 'not a row of `r`'],
    ['{"a": 1, "b": [], "@node": 7}', '`@node` is not a string'],
    ['[1.5, []]', 'column 1 (`a`) of `r`: expected an int, found 1.5'],
    ['[1e400, []]', 'column 1 (`a`) of `r`: expected an int, found Infinity'],
    ['[1e300, []]', 'column 1 (`a`) of `r`: 1e+300 is beyond the ints of the language, ±(2^53−1)'],
    ['["1", []]', 'column 1 (`a`) of `r`: expected an int, found "1"'],
    ['[1, [2]]', 'column 2 (`b`) of `r`: expected a string, found 2'],
  ])('refuse %s at its line', (line, message) => {
    const { rows: none, errors } = read(columns, `[1, []]\n\n  ${line}\n`, 'jsonl');
    expect(none).toEqual([]);
    expect(errors).toMatchObject([{ at: '3:1', message }]);
  });
});

it('a file of another ending is refused', () => {
  const { errors } = read('a: int', '1\n', 'xlsx');
  expect(errors).toMatchObject([{ message: 'cannot tell the format of r.xlsx' }]);
});

describe('the scanner of delimited text', () => {
  /** All records, or null if the quoting is broken. */
  const scan = (text: string) => {
    const file = factFileOf('x.csv', text);
    const scanner = new CellScanner(file, ','.charCodeAt(0));
    const records = [];
    for (let at = 0; at < file.end;) {
      if (/[\r\n]/.test(text[at]!)) {
        at++;
        continue;
      }
      const cells = scanner.record(at);
      if (cells === null) return null;
      records.push(cells);
      at = cells.at(-1)!.end + 1;
    }
    return records;
  };
  const piece = fc.constantFrom(
    'a',
    '"',
    '""',
    ',',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '"x"',
    '"a,b"',
    '"\n"',
  );

  it('finds the records that another reader of RFC 4180 finds', () => {
    const byOther = (text: string): readonly (readonly string[])[] | null => {
      try {
        const record_delimiter = ['\r\n', '\n', '\r'];
        return parse(text, { record_delimiter, relax_column_count: true, skip_empty_lines: true });
      } catch {
        return null;
      }
    };
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
        const text = pieces.join('');
        const records = scan(text);
        const found = records?.map((cells) => cells.map((cell) => cell.text)) ?? null;
        expect(found).toEqual(byOther(text));
      }),
      { numRuns: 3000 },
    );
  });

  it('finds the place of every cell again', () => {
    const text = 'a,"b ""c""",\r\n"x\ny",z';
    const places = scan(text)?.map((cells) =>
      cells.map(({ start, end }) => text.slice(start, end)),
    );
    expect(places).toEqual([
      ['a', '"b ""c"""', ''],
      ['"x\ny"', 'z'],
    ]);
  });
});
