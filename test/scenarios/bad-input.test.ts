/**
 * What the command line makes of input that nobody should give it: files that are no programs,
 * thousands of errors, programs that cannot run, data that does not fit. It always says what is
 * wrong and where, ends with the documented exit code, and never shows its own stack.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runTrellis } from '../support/trellis-command.js';
import type { CommandResult } from '../support/trellis-command.js';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-bad-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function write(name: string, content: string | Uint8Array): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), content);
}

async function trellis(...words: readonly string[]): Promise<CommandResult> {
  const result = await runTrellis(words, { cwd: folder });
  expect(result.stderr).not.toMatch(/this is a bug|^ +at .*\(.*:\d+:\d+\)$/m);
  return result;
}

const lines = (count: number, line: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => line(i)).join('\n') + '\n';

describe('files that are hardly programs', () => {
  it('an empty file is an empty program', async () => {
    write('empty.bloom', '');
    expect(await trellis('check', 'empty.bloom')).toMatchObject({ code: 0, stderr: '' });
    const stderr =
      'empty.bloom: nothing to print: it has no output or view; name relations with --print\n';
    expect(await trellis('run', 'empty.bloom')).toMatchObject({ code: 0, stdout: '', stderr });
  });

  it('a binary file is refused in one line', async () => {
    write(
      'binary.bloom',
      Uint8Array.from({ length: 5000 }, (_, i) => (i * 151 + 128) % 256),
    );
    const { code, stderr } = await trellis('check', 'binary.bloom');
    expect(code).toBe(1);
    expect(stderr).toContain('TRL1001');
    expect(stderr.split('\n').length).toBeLessThan(6);
  });

  it('a file with a NUL character is not text', async () => {
    write('nul.bloom', 'link("a", "b");\nlink("\0", "b");\n');
    const { code, stderr } = await trellis('check', 'nul.bloom');
    expect(code).toBe(1);
    expect(stderr).toContain('error[TRL0101]');
    expect(stderr).toContain('nul.bloom:2:7');
    expect(stderr).not.toContain('\0');
  });

  it('a file of 1 MB is a program like any other', async () => {
    write(
      'big.bloom',
      `${lines(52_000, (i) => `link(${i}, ${i + 1});`)}last(y) :- link(_, y), y > 51999;\n`,
    );
    const { code, stdout, stderr } = await trellis('run', 'big.bloom', '--format', 'jsonl');
    expect({ code, stdout, stderr }).toEqual({ code: 0, stdout: '[52000]\n', stderr: '' });
  });

  it('1 MB in one line shows a frame of bounded width', async () => {
    write('line.bloom', `${'a(1); '.repeat(180_000)} b(x) :- c(x;`);
    const { code, stderr } = await trellis('check', 'line.bloom');
    expect(code).toBe(1);
    expect(stderr).toContain('TRL0112');
    expect(Math.max(...stderr.split('\n').map((line) => line.length))).toBeLessThan(200);
  });

  it('unclosed strings, comments and brackets are all reported at once', async () => {
    write('unclosed.bloom', 'a("x);\nb(\'y);\nc(1;\nd(2);\n/* and so on\ne(3);\n');
    const { code, stderr } = await trellis('check', 'unclosed.bloom');
    expect(code).toBe(1);
    expect(stderr.match(/^error\[TRL\d+\]|--> .*$/gm)).toEqual([
      'error[TRL0103]',
      '--> unclosed.bloom:1:3',
      'error[TRL0103]',
      '--> unclosed.bloom:2:3',
      'error[TRL0112]',
      '--> unclosed.bloom:3:2',
      'error[TRL0104]',
      '--> unclosed.bloom:5:1',
    ]);
  });

  it.each([
    ['syntax', (i: number) => `r${i}(x :- p(x);`],
    ['names', (i: number) => `r${i}(x) :- nothing${i}(x);`],
  ])('of 10,000 %s errors 100 are shown, then a count', async (kind, line) => {
    write(`many-${kind}.bloom`, lines(10_000, line));
    const { code, stderr } = await trellis('check', `many-${kind}.bloom`);
    expect(code).toBe(1);
    expect(stderr.match(/^error\[/gm)).toHaveLength(100);
    expect(stderr).toContain('9900 more errors not shown');
  });

  it.each([
    ['a file that is not there', 'nowhere.bloom', 'TRL1001'],
    ['a folder that is no example', 'hollow', 'TRL1006'],
  ])('%s', async (_, path, code) => {
    mkdirSync(join(folder, 'hollow'), { recursive: true });
    const result = await trellis('check', path);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain(code);
    expect(result.stderr).toContain(path);
  });
});

describe('programs that cannot run', () => {
  it.each([
    [
      'an unknown relation',
      'link("a", "b");\npath(x, y) :- lnik(x, y);\n',
      'TRL0201',
      'did you mean `link`',
    ],
    ['wrong arity', 'link("a", "b");\npath(x) :- link(x);\n', 'TRL0301', '2 columns'],
    [
      'recursion through negation',
      'move("a", "b");\nwin(x) :- move(x, y), notin win(y);\n',
      'TRL0501',
      'win -> win',
    ],
  ])('%s', async (_, text, code, words) => {
    write('wrong.bloom', text);
    for (const verb of ['check', 'run']) {
      const result = await trellis(verb, 'wrong.bloom');
      expect(result.code, verb).toBe(1);
      expect(result.stderr).toContain(`error[${code}]`);
      expect(result.stderr).toContain('wrong.bloom:2:');
      expect(result.stderr).toContain(words);
    }
  });

  it('endless recursion stops at the bound, names the relation and exits with 4', async () => {
    write('endless.bloom', 'start(0);\nn(x) :- start(x);\nn(x + 1) :- n(x);\n');
    const { code, stderr } = await trellis('run', 'endless.bloom', '--max-tuples', '5000');
    expect(code).toBe(4);
    expect(stderr).toMatch(/TRL0808.*: the timestep went beyond 5000 new tuples: n /);
  });

  it('division by zero that another literal excludes is no error', async () => {
    write('excluded.bloom', 'share(10, 0); share(10, 5);\neach(t / p) :- share(t, p), p != 0;\n');
    expect(await trellis('run', 'excluded.bloom', '--format', 'jsonl')).toMatchObject({
      code: 0,
      stdout: '[2]\n',
      stderr: '',
    });
  });

  it('division by zero that nothing excludes is one, with the bindings', async () => {
    write('divided.bloom', 'share(10, 0); share(10, 5);\neach(t / p) :- share(t, p);\n');
    const { code, stderr } = await trellis('run', 'divided.bloom');
    expect(code).toBe(1);
    expect(stderr).toContain('error[TRL0801]');
    expect(stderr).toContain('divided.bloom:2:');
    expect(stderr).toContain('t = 10');
    expect(stderr).toContain('p = 0');
    expect((await trellis('simulate', 'divided.bloom', '--runs', '2')).code).toBe(1);
  });
});

describe('data that does not fit', () => {
  const program =
    'static price(item: string, cents: int);\ninput buy(item: string);\noutput pay(cents: int);\npay(c) :- buy(i), price(i, c);\n';

  it.each([
    ['csv', 'tea,300\nmilk,"1,20"\n', 'TRL1002', 'facts/price.csv:2:6'],
    ['csv', 'tea,300\nmilk\n', 'TRL1002', 'facts/price.csv:2'],
    ['jsonl', '["tea", 300]\n["milk", 1.5]\n', 'TRL1002', 'facts/price.jsonl:2'],
  ])(
    'a bad row of a %s file is named, and nothing is half loaded',
    async (ending, text, code, place) => {
      write('shop.bloom', program);
      rmSync(join(folder, 'facts'), { recursive: true, force: true });
      write(`facts/price.${ending}`, text);
      write('asks.jsonl', '{"rel": "buy", "row": ["tea"]}\n');
      const result = await trellis(
        'run',
        'shop.bloom',
        '--facts',
        'facts',
        '--input',
        'asks.jsonl',
      );
      expect(result).toMatchObject({ code: 1, stdout: '' });
      expect(result.stderr).toContain(code);
      expect(result.stderr).toContain(place);
    },
  );

  it.each([
    ['no JSON', 'buy tea', 'TRL1009'],
    ['no input', '{"relation": "buy"}', 'TRL1009'],
    ['wrong type', '{"rel": "buy", "row": [3]}', 'TRL1009'],
    ['unknown relation', '{"rel": "bye", "row": ["tea"]}', 'TRL1010'],
    ['no input relation', '{"rel": "price", "row": ["tea", 1]}', 'TRL1011'],
    ['unknown node', '{"rel": "buy", "row": ["tea"], "node": "n9"}', 'TRL1012'],
  ])('an input line: %s', async (_, line, code) => {
    write('shop.bloom', program);
    write('bad.jsonl', `{"rel": "buy", "row": ["tea"]}\n${line}\n`);
    const result = await trellis('run', 'shop.bloom', '--input', 'bad.jsonl');
    expect(result).toMatchObject({ code: 1, stdout: '' });
    expect(result.stderr).toContain(code);
  });

  it.each([
    ['not TOML', 'program = ', 'TRL1003'],
    ['an unknown key', 'program = "shop.bloom"\nworkloads = 1\n[nodes.a]\n', 'TRL1004'],
    [
      'a stranger among the members',
      'program = "shop.bloom"\n[nodes.a]\n[coordination]\nmembers = ["b"]\n',
      'TRL1005',
    ],
    [
      'a static that does not fit',
      'program = "shop.bloom"\n[nodes.a]\n[static]\nprice = [["tea", "much"]]\n',
      'TRL1007',
    ],
    [
      'facts that are not there',
      'program = "shop.bloom"\n[nodes.a]\n[workload]\nfacts = "no-facts"\n',
      'TRL1008',
    ],
  ])('a cluster file: %s', async (_, text, code) => {
    write('shop.bloom', program);
    write('cluster.toml', text);
    const { code: exit, stderr } = await trellis('run', 'cluster.toml');
    expect(exit).toBe(1);
    expect(stderr).toContain(code);
  });

  it('results that cannot be written', async () => {
    write('shop.bloom', program);
    write('taken', 'a file');
    const { code, stderr } = await trellis('run', 'shop.bloom', '--out', 'taken/results');
    expect(code).toBe(1);
    expect(stderr).toContain('TRL1013');
  });

  it.each([
    [['frobnicate']],
    [['run']],
    [['run', 'shop.bloom', '--ticks', 'many']],
    [['run', 'shop.bloom', '--no-such-option']],
    [['check', 'shop.bloom', '--deny', 'TRL9999']],
  ])('a wrong command line exits with 2: %j', async (words) => {
    write('shop.bloom', program);
    const { code, stderr } = await trellis(...words);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error: /);
  });
});
