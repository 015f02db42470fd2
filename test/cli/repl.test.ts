/** `trellis repl` over a pipe: what it says to each line, and how it ends. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const folder = sharedFolder({
  'relay.bloom': `input say(text: string);
channel hear(@at: addr, text: string);
table heard(text: string);
hear(n, t)@async :- say(t), cluster(n);
heard(t) :- hear(_, t);
`,
  'relay/cluster.toml': `program = "../relay.bloom"
[nodes.a]
[nodes.b]
[workload]
input = "said.jsonl"
`,
  'relay/said.jsonl': '{"rel": "say", "row": ["from the file"]}\n',
  'f.ts': 'export const f = (x: number): number => x + 1;\n',
  'wrong.bloom': 'p(x) :- q(x);\n',
  'dialect.ded': 'p("a")@1;\n',
});
const repl = (words: readonly string[], ...lines: readonly string[]) =>
  runTrellis(['repl', ...words], { cwd: folder, input: lines.map((line) => `${line}\n`).join('') });

describe.concurrent('trellis repl', () => {
  it('says what each line changes, and answers', async () => {
    const { stdout, stderr, code } = await repl(
      [],
      'path(x, y) :- edge(x, y);',
      'edge(1, 2); edge(2, 3);',
      'path(x, y) :- edge(x, y);',
      'path(x, z) :-',
      '  path(x, y), edge(y, z);',
      '? path(1, x)',
      '? path(3, 1)',
      ':list',
      ':undo',
    );
    expect(stderr).toContain('error[TRL0201]');
    expect(stdout).toBe(`+ edge(1, 2)
+ edge(2, 3)
view edge: confluent
+ path(1, 2)
+ path(2, 3)
no longer shown: edge
view path: confluent
+ path(1, 3)
path(1, x) (2 rows)
  x
  -
  2
  3
no
edge(1, 2); edge(2, 3);
path(x, y) :- edge(x, y);
path(x, z) :-
  path(x, y), edge(y, z);
- path(1, 3)
`);
    expect(code).toBe(1);
  });

  it('runs a cluster timestep by timestep', async () => {
    const { stdout, stderr, code } = await repl(
      ['relay'],
      'say("x");',
      ':step on',
      'b: say("y");',
      ':tick',
      ':step off',
      ':tick',
      '? heard',
      '? heard("z")',
      ':verdicts',
    );
    expect(stderr).toBe('');
    expect(stdout).toBe(`view heard: confluent
a 3: + heard("x")
b 2: + heard("x")
    8 ms  b  input 2: say("y")
               sends a message 1: hear("a", "y")
               sends itself message 1: hear("b", "y")
a 5: + heard("y")
b 5: + heard("y")
all nodes are quiet
heard (4 rows)
  node  text
  ----  ----
  a     x
  a     y
  b     x
  b     y
a: no
b: no
view heard: confluent
`);
    expect(code).toBe(0);
  });

  it('feeds what --input names, fires timers and shows who halts', async () => {
    const { stdout, stderr, code } = await repl(
      ['relay', '--input', 'relay/said.jsonl'],
      'periodic beat(1s); halt(3) :- beat(2, _);',
      ':fire beat b',
      ':fire beat',
      'b: say("too late");',
      '? heard',
    );
    expect(stdout).toContain('a 2: + heard("from the file")\n');
    expect(stdout).toContain('b 5: + halt(3)\nb 5: halts\n');
    expect(stdout).toContain('heard (2 rows)');
    expect(stderr).toContain('error[TRL1020]: node `b` has halted');
    expect(code).toBe(1);
  });

  it('takes a program as a file has it, and commands wherever they stand', async () => {
    const { stdout, stderr, code } = await repl(
      [],
      'module M {',
      '  input a(x: int);',
      '',
      '  output b(x: int);',
      '  b(x) :- a(x);',
      '}',
      '',
      'edge(1, 2)',
      ':list',
      '? egde',
      'edge(1, 2);',
    );
    expect(stderr).toContain('error[TRL0111]');
    expect(stderr).toContain('error: there is no relation egde');
    expect(stdout).toContain('module M {\n  input a(x: int);\n\n  output b(x: int);');
    expect(stdout).toContain('+ edge(1, 2)\n');
    expect(code).toBe(1);
  });

  it('warns as `check` does of what is typed', async () => {
    const { stderr, code } = await repl([], 'const k = 2;', 'a(1, 2);', 'b(k) :- a(k, _);');
    expect(stderr.match(/warning\[TRL0209\]/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  it('shows the first and the last of many lines', async () => {
    const { stdout } = await repl(
      [],
      'input go(x: int); view c(x: int); c(x)@next :- go(x); c(x + 1)@next :- c(x), x < 500;',
      'go(0);',
    );
    expect(stdout.split('\n').length).toBeLessThan(220);
    expect(stdout).toMatch(/\.\.\. 80\d more lines \.\.\.\n/);
    expect(stdout).toContain('+ c(500)\n');
  });

  it('wants a file for what speaks of a program', async () => {
    const { stderr, code } = await repl(['--set', 'retries=5']);
    expect([code, stderr]).toEqual([2, expect.stringContaining('--set goes with a FILE')]);
  });

  it('writes the program, which runs', async () => {
    const file = join(folder, 'saved.bloom');
    const lines = ['input put(x: int);', 'got(x) :- put(x); // so', 'put(1);', `:save ${file}`];
    expect((await repl([], ...lines)).stdout).toContain(`wrote ${file}`);
    expect(readFileSync(file, 'utf8')).toBe('input put(x: int);\ngot(x) :- put(x); // so\n');
    const run = await runTrellis(['run', file, '--input', '-'], {
      input: '{"rel": "put", "row": [1]}\n',
    });
    expect(run.code).toBe(0);
  });

  it('shows twenty tuples of a relation, and says how many more there are', async () => {
    const { stdout } = await repl([], 'n(x) :- x in range(0, 50);');
    expect(stdout.split('\n').filter((line) => line.startsWith('+ n('))).toHaveLength(20);
    expect(stdout).toContain('+ 30 more of n\n');
  });

  it('bounds what a line may take', async () => {
    const [tuples, rounds] = await Promise.all([
      repl(['--max-tuples', '100'], 'n(0);', 'n(x + 1) :- n(x);', '? n'),
      repl([], 'view n(x: int); n(0);', 'n(x + 1)@next :- n(x);', '? n'),
    ]);
    expect(tuples.stderr).toContain('error[TRL0808]');
    expect(tuples.stdout).toContain('n (1 row)');
    expect([tuples.code, rounds.code]).toEqual([4, 4]);
    expect(rounds.stderr).toBe(
      'the nodes are still busy: `:tick` goes on, `:undo` takes the line back\n',
    );
  });

  it.each([
    [':tock', 'did you mean :tick?'],
    [':nonsense', '`:help` lists'],
    [':step', '`:step on` or `:step off`'],
    [':tick many', '`:tick 10`'],
    [':fire beat', 'no periodic'],
    [':save', 'write `:save FILE`'],
    [':save relay.bloom/x.bloom', 'TRL1013'],
    ['extern function f(x: int): int from "./f.ts"; input i(x: int); i(f(1));', 'TRL0321'],
    [':undo', 'nothing has been typed yet'],
    [':list all', ':list stands alone'],
    ['? nothing(x)', 'TRL0201'],
    ['?', 'write `? BODY`'],
    ['edge(1, 2); ? egde', 'TRL0102'],
    ['p(x', 'TRL0112'],
  ])('says what is wrong with %s', async (line, said) => {
    const { stderr, code } = await repl([], line);
    expect(stderr).toContain(said);
    expect(code).toBe(1);
  });

  it('does not begin with what is none of its programs', async () => {
    const [wrong, dialect, none, stdin] = await Promise.all([
      repl(['wrong.bloom']),
      repl(['dialect.ded']),
      repl(['none.bloom']),
      repl(['--input', '-']),
    ]);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('error[TRL0201]')]);
    expect([dialect.code, dialect.stderr]).toEqual([2, expect.stringContaining('--emit program')]);
    expect([none.code, none.stderr]).toEqual([1, expect.stringContaining('error[TRL1001]')]);
    expect(stdin.code).toBe(2);
  });
});
