/** `trellis run` on facts at the edges of what it takes: what it prints, and what it says of them. */
import { closeSync, openSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const nightly = process.env['TRELLIS_NIGHTLY'] !== undefined;
const names = Array.from({ length: 200 }, (_, i) => `c${i}`);
const wide = (offset: number, length = 200): string =>
  `${Array.from({ length }, (_, i) => i * offset).join(',')}\n`;
const many = Array.from({ length: 200_000 }, (_, i) => `${i === 191_234 ? 'oops' : i},1\n`);

const folder = sharedFolder({
  'zero.bloom':
    'table on();\nscratch off();\noff() :- notin on();\nview n(count: int);\nn(count<*>) :- on();\n',
  'on.jsonl': '[]\n',
  'on.csv': 'x\n',
  'wide.bloom': `static wide(${names.map((name) => `${name}: int`).join(', ')});
view ends(x: int, y: int);
ends(x, y) :- wide(c0: x, c199: y);
`,
  'wide.csv': wide(0) + wide(1) + wide(2),
  'narrow.csv': wide(1) + wide(1, 199),
  'any.bloom': 'static a(x: any);\nstatic b(x: any);\nview both(x: any);\nboth(x) :- a(x), b(x);\n',
  'a.jsonl': '[1]\n["1"]\n[null]\n[true]\n[[1, 2]]\n["true"]\n',
  'b.jsonl': '["1"]\n[null]\n["true"]\n[[1, 2]]\n[2]\n',
  'ints.bloom': 'static n(x: int);\nview m(x: int);\nm(x) :- n(x);\n',
  'edges.csv': '9007199254740991\n-9007199254740991\n2147483647\n2147483648\n-0\n0\n',
  'beyond.csv': '1\n9007199254740992\n',
  'overflow.bloom':
    'scratch p(x: int);\np(9007199254740000);\np(x * 2) :- p(x), x > 0;\nview q(x: int);\nq(x) :- p(x);\n',
  'floats.bloom':
    'static f(x: float);\nview g(x: float, y: float);\ng(x, y) :- f(x), f(y), x == y;\n',
  'floats.csv': 'NaN\n-0\n0\n0.0\n',
  'strings.bloom': 'static s(x: string);\nview t(x: string);\nt(x) :- s(x);\n',
  's.jsonl': '["a\\u0000b"]\n["\\ud800"]\n["\\udc00\\ud800"]\n["\\ud83d\\ude00"]\n',
  'pairs.bloom': 'static e(x: int, y: int);\nview n(c: int);\nn(count<*>) :- e(_, _);\n',
  'closure.bloom':
    'static e(x: int, y: int);\nscratch p(x: int, y: int);\np(x, y) :- e(x, y);\np(x, z) :- p(x, y), e(y, z);\noutput first(y: int);\nfirst(y) :- p(0, y), y < 5;\n',
  'many.csv': many.join(''),
  'rounds.bloom':
    'scratch n(x: int);\nn(0);\nn(x + 1) :- n(x), x < 100000;\nview last(x: int);\nlast(max<x>) :- n(x);\n',
});
const run = (...words: readonly string[]) => runTrellis(['run', ...words], { cwd: folder });

describe('trellis run on hard facts', () => {
  it('takes relations of arity 0, whose file has a line for the one tuple', async () => {
    const { stdout } = await run('zero.bloom', '--facts', 'on=on.jsonl', '--print', 'n,on,off');
    expect(stdout).toBe('n (1 row)\n  count\n  -----\n      1\n\non (1 row)\n\noff (0 rows)\n');
    const wrong = await run('zero.bloom', '--facts', 'on=on.csv');
    expect([wrong.code, wrong.stderr.split('\n')[0]]).toEqual([
      1,
      'error[TRL1002]: a row of 1 column for `on`, which has 0',
    ]);
  });

  it('takes relations of arity 200', async () => {
    const { stdout } = await run('wide.bloom', '--facts', 'wide=wide.csv', '--format', 'csv');
    expect(stdout).toBe('x,y\n0,0\n0,199\n0,398\n');
    const wrong = await run('wide.bloom', '--facts', 'wide=narrow.csv');
    expect([wrong.code, wrong.stderr.split('\n').slice(0, 2)]).toEqual([
      1,
      ['error[TRL1002]: a row of 199 columns for `wide`, which has 200', ' --> narrow.csv:2:1'],
    ]);
  });

  it('tells values of different types apart where a column takes any', async () => {
    const facts = ['--facts', 'a=a.jsonl', '--facts', 'b=b.jsonl'];
    const { stdout } = await run('any.bloom', ...facts, '--format', 'jsonl');
    expect(stdout).toBe('[null]\n["1"]\n["true"]\n[[1,2]]\n');
  });

  it('takes ints up to their bounds, and says where one lies beyond', async () => {
    const { stdout } = await run('ints.bloom', '--facts', 'n=edges.csv', '--format', 'csv');
    expect(stdout).toBe('x\n-9007199254740991\n0\n2147483647\n2147483648\n9007199254740991\n');
    const beyond = await run('ints.bloom', '--facts', 'n=beyond.csv');
    expect([beyond.code, beyond.stderr]).toEqual([1, expect.stringContaining('beyond.csv:2:1')]);
    expect(beyond.stderr).toContain('9007199254740992 is beyond the ints of the language');
  });

  it('says what overflows in a recursion, and with which values', async () => {
    const overflow = await run('overflow.bloom');
    expect(overflow.code).toBe(1);
    expect(overflow.stderr).toContain('int overflow: 9007199254740000 * 2 lies beyond');
    expect(overflow.stderr).toContain('with x = 9007199254740000');
  });

  it('has one NaN, which equals itself, and one zero', async () => {
    const { stdout } = await run('floats.bloom', '--facts', 'f=floats.csv', '--format', 'csv');
    expect(stdout).toBe('x,y\n0.0,0.0\nNaN,NaN\n');
  });

  it('gives strings with NUL and halves of surrogate pairs back, and shows them in tables', async () => {
    const rows = await run('strings.bloom', '--facts', 's=s.jsonl', '--format', 'jsonl');
    expect(rows.stdout).toBe('["a\\u0000b"]\n["\\ud800"]\n["😀"]\n["\\udc00\\ud800"]\n');
    const table = await run('strings.bloom', '--facts', 's=s.jsonl');
    expect(
      table.stdout
        .split('\n')
        .slice(3, 7)
        .map((line) => line.trim()),
    ).toEqual(['a\\u0000b', '\\ud800', '😀', '\\udc00\\ud800']);
  });

  it('says which strings CSV and TSV cannot hold, and keeps them beside the files', async () => {
    const words = ['strings.bloom', '--facts', 's=s.jsonl', '--format', 'csv'];
    const printed = await run(...words);
    expect([printed.code, printed.stdout]).toEqual([0, 'x\na\u0000b\n\ufffd\n😀\n\ufffd\ufffd\n']);
    expect(printed.stderr).toContain(
      'warning[TRL1016]: 2 cells of `t` cannot be written as CSV: the first is `x` of row 2',
    );
    expect(printed.stderr).toContain('`--format jsonl` prints all rows as they are');
    const written = await run(...words, '--out', 'results');
    expect(written.stderr).toContain('t.jsonl, written beside t.csv, has all rows as they are');
    const read = (name: string): string => readFileSync(join(folder, 'results', name), 'utf8');
    expect(read('t.csv')).toBe(printed.stdout);
    const kept = ['a\0b', '\ud800', '😀', '\udc00\ud800'];
    expect(read('t.jsonl')).toBe(kept.map((text) => `${JSON.stringify([text])}\n`).join(''));
    const fine = await run(
      'ints.bloom',
      '--facts',
      'n=edges.csv',
      '--format',
      'csv',
      '--out',
      'fine',
    );
    expect([fine.stderr, readdirSync(join(folder, 'fine'))]).toEqual(['', ['m.csv']]);
  });

  it.runIf(nightly)('finds one bad line among ten million', async () => {
    const file = openSync(join(folder, 'ten-million.csv'), 'w');
    for (let from = 0; from < 1e7; from += 100_000) {
      const lines = Array.from({ length: 100_000 }, (_, i) => `${from + i},${i}\n`);
      if (from === 9e6) lines[23_456] = 'oops,1\n';
      writeSync(file, lines.join(''));
    }
    closeSync(file);
    const { stderr, code } = await run('pairs.bloom', '--facts', 'e=ten-million.csv');
    expect(code).toBe(1);
    expect(stderr).toContain('ten-million.csv:9023457:1');
  });

  it.runIf(nightly)('holds a hundred million tuples', async () => {
    const side = 151;
    const edges: string[] = [];
    for (let at = 0; at < side * side; at++) {
      if (at % side < side - 1) edges.push(`${at},${at + 1}\n`);
      if (at < side * (side - 1)) edges.push(`${at},${at + side}\n`);
    }
    writeFileSync(join(folder, 'grid.csv'), edges.join(''));
    const words = ['--facts', 'e=grid.csv', '--max-tuples', '200000000', '--print', 'none'];
    const { stderr, code } = await run('closure.bloom', ...words, '--stats');
    expect(code).toBe(0);
    expect(stderr).toContain('"tuples":{"first":4}');
    // 131,675,775 of them, of eight bytes or so.
    expect(stderr).toMatch(/"bytes":\{"p":[89]\d{8},/);
  });

  it('finds one bad line among many, and loads nothing', async () => {
    const { code, stdout, stderr } = await run('pairs.bloom', '--facts', 'e=many.csv');
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('expected an int, found "oops"');
    expect(stderr).toContain('many.csv:191235:1');
  });

  it('goes 100,000 rounds', async () => {
    expect((await run('rounds.bloom', '--format', 'csv')).stdout).toBe('x\n100000\n');
  });
});
