/** `trellis run`: what it prints and writes, how it ends, and with which exit code. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';
import { startTrellis } from '../support/trellis-process.js';

const folder = sharedFolder({
  ...cliPrograms,
  'slow.bloom': `stdout("begun") :- boot(_); output first(x: int); first(7) :- boot(_);
table armed(x: int); armed(0)@next :- boot(_); scratch n(x: int); n(x) :- armed(x);
n(x + 1) :- n(x);
`,
  'joined.bloom': `table p(a: int, b: int); table q(b: int, c: int); table s(c: int, d: int); output r(a: int, d: int);
r(a, d) :- p(a, b), q(b, c), s(c, d);
`,
  'joined/p.tsv': Array.from({ length: 300 }, (_, i) => `${i}\t${i}\n`).join(''),
  'joined/q.tsv': Array.from({ length: 300 }, (_, i) => `${i}\t${i}\n`).join(''),
  'joined/s.tsv': '17\t5\n',
  'ticking.bloom': 'periodic p(25ms); output n(x: int); n(x) :- p(x, _);\n',
  'terminal.mjs': 'process.stderr.isTTY = true; process.stderr.columns = 80;\n',
  'slow-later.bloom': `input go(n: int); stdout("at 7") :- go(7); scratch n(x: int);
n(x) :- go(x), x >= 8; n(x + 1) :- n(x);
`,
  'go.jsonl': Array.from({ length: 8 }, (_, i) => `{"rel": "go", "row": [${i + 1}]}\n`).join(''),
  'two-inputs.bloom':
    'input first(x: int);\ninput second(x: int);\noutput o(x: int);\no(x) :- first(x) | second(x);\n',
  'one.jsonl': '{"rel": "first", "row": [1]}\n',
  'shapes.bloom': `param t: int = 1ms; param s: set<string> = {"a"}; param p: (int, string) = (1, "a");
param m: map<string, set<int>> = {:}; param b: bytes = bytes("00"); param f: float = 1.5;
output o(t: int, s: set<string>, p: (int, string), m: map<string, set<int>>, b: bytes, f: float);
o(t, s, p, m, b, f);
`,
  'facts/link.csv': 'from,to\nc,d\n',
  'rows.bloom': `output row(n: int);\n${Array.from({ length: 60 }, (_, i) => `row(${i});`).join('\n')}\n`,
});
const run = (words: readonly string[], input?: string) =>
  runTrellis(['run', ...words], { cwd: folder, ...(input === undefined ? {} : { input }) });

describe.concurrent('trellis run', () => {
  it('says which input gets nothing while another gets something', async () => {
    const fed = await run(['two-inputs.bloom', '--input', 'one.jsonl', '--format', 'csv']);
    expect(fed.stdout).toBe('x\n1\n');
    expect(fed.stderr).toContain('warning[TRL1206]: nothing feeds the input `second`');
    expect((await run(['two-inputs.bloom'])).stderr).toBe('');
  });

  it('prints tables, of facts in the program and from files', async () => {
    const { stdout, stderr, code } = await run(['paths.bloom', '--facts', 'facts']);
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toBe(
      'path (6 rows)\n  from  to\n  ----  --\n  a     b\n  a     c\n  a     d\n  b     c\n  b     d\n  c     d\n',
    );
    const one = await run(['paths.bloom', '--facts', 'link=facts/link.csv', '--format', 'tsv']);
    expect(one.stdout.split('\n')).toContain('c\td');
  });

  it('prints what is asked for, in the format asked for', async () => {
    const both = await run(['paths.bloom', '--print', 'link,path', '--format', 'jsonl']);
    expect(both.stdout).toBe('["a","b"]\n["b","c"]\n["a","b"]\n["a","c"]\n["b","c"]\n');
    const csv = await run(['paths.bloom', '--print', 'link', '--format', 'csv']);
    expect(csv.stdout).toBe('from,to\na,b\nb,c\n');
    expect((await run(['paths.bloom', '--print', 'none'])).stdout).toBe('');
    const observed = await run(['paths.bloom', '--observe', 'link']);
    expect(observed.stdout).toMatch(/^link \(2 rows\)\n/);
  });

  it('shows fifty rows of a table, or all', async () => {
    const some = await run(['rows.bloom']);
    expect(some.stdout).toContain('row (60 rows)');
    expect(some.stdout).toContain('... 10 more rows; --all shows them');
    const all = await run(['rows.bloom', '--all']);
    expect(all.stdout.trimEnd().split('\n')).toHaveLength(63);
  });

  it('writes a file for each relation', async () => {
    const { stdout, code } = await run([
      'store.bloom',
      '--input',
      'puts.jsonl',
      '--out',
      'out/deep',
      '--format',
      'csv',
    ]);
    expect([stdout, code]).toEqual(['', 0]);
    expect(readdirSync(join(folder, 'out/deep')).sort()).toEqual(['got.csv', 'size.csv']);
    expect(readFileSync(join(folder, 'out/deep/got.csv'), 'utf8')).toBe('k,v\na,1\nb,2\nc,3\n');
  });

  it('takes all inputs in one timestep, or one each with --stream', async () => {
    const ticks = async (...words: string[]) => {
      const { stderr } = await run([
        'store.bloom',
        '--input',
        'puts.jsonl',
        '--print',
        'none',
        '--stats',
        ...words,
      ]);
      return JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
    };
    const batch = await ticks();
    const stream = await ticks('--stream');
    expect(Number(stream['ticks']) - Number(batch['ticks'])).toBeGreaterThanOrEqual(2);
    expect(Object.keys(batch)).toEqual([
      'schema',
      'loadMs',
      'compileMs',
      'evaluateMs',
      'writeMs',
      'ticks',
      'tuples',
      'rssMb',
      'bytes',
      'bytesPerTuple',
    ]);
    expect(batch).toMatchObject({
      schema: 'trellis/stats/1',
      tuples: { kept: 3, got: 3, size: 1 },
    });
    for (const key of ['loadMs', 'compileMs', 'evaluateMs', 'writeMs', 'rssMb'])
      expect(Number.isFinite(batch[key])).toBe(true);
  });

  it('reads inputs from standard input', async () => {
    const { stdout, code } = await run(
      ['store.bloom', '--input', '-', '--print', 'got', '--format', 'csv'],
      '{"rel": "put", "row": ["x", 9]}\n',
    );
    expect([stdout, code]).toEqual(['k,v\nx,9\n', 0]);
    const bad = await run(['store.bloom', '--input', '-'], '\n{"rel": "put"}\n');
    expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining('--> standard input:2:1')]);
  });

  it('gives lines to `stdin`, and takes those of `stdout` and `stderr`', async () => {
    const counted = await run(['echo.bloom', '--stats'], 'one\n');
    expect(counted.stderr.trimEnd().split('\n').at(-1)).toContain('"tuples":{}');
    const { stdout, stderr, code } = await run(['echo.bloom'], 'one\ntwo');
    expect([code, stdout]).toEqual([0, '> one\n> two\n']);
    expect(stderr.replaceAll('heard\n', '')).toBe('');
    expect(stderr).not.toBe('');
  });

  it('ends after --ticks, although a timer could go on', async () => {
    const { stdout, code } = await run(['clock.bloom', '--ticks', '4', '--format', 'csv']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^n\n\d+\n/);
  });

  it('ends at a signal, and still says what it has', async () => {
    const child = startTrellis(['run', 'clock.bloom', '--stats'], folder);
    await child.until('stderr', /tick/);
    child.signal('SIGINT');
    const { stdout, stderr, code } = await child.ended;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^ping \(\d+ rows?\)/)]);
    expect(stderr).toContain('trellis/stats/1');
  });

  it('exits with the code of `halt`', async () => {
    expect((await run(['halting.bloom'])).code).toBe(7);
  });

  it('exits with 1 when a timestep fails, and names the tuples', async () => {
    const input = '{"rel": "put", "row": ["k", 1]}\n{"rel": "put", "row": ["k", 2]}\n';
    const { stderr, code } = await run(['unequal.bloom', '--input', '-'], input);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error\[TRL08\d\d\]: /);
    expect(stderr).toContain('unequal.bloom:1:');
  });

  it('exits with 4 when a bound stops it, and names the relation', async () => {
    const { stderr, code } = await run(['endless.bloom', '--max-tuples', '1000']);
    expect(code).toBe(4);
    expect(stderr).toContain('error[TRL0808]');
    expect(stderr).toContain('n grew by');
  });

  it('tells what rules and relations cost, as tables, JSON and a page', async () => {
    const asked = ['paths.bloom', '--print', 'none', '--profile', '--profile-out', 'p/costs.json'];
    const { stderr, code } = await run(asked);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^rule +place +ms +derivations +inserts +probes$/m);
    expect(stderr).toMatch(/^path#2 +paths\.bloom:\d+ +[\d.]+ +1 +1 +\d+$/m);
    const profile = JSON.parse(readFileSync(join(folder, 'p/costs.json'), 'utf8')) as object;
    expect(profile).toMatchObject({ schema: 'trellis/profile/1', interrupted: false });
    await run(['paths.bloom', '--profile-out', 'p/costs.html']);
    expect(readFileSync(join(folder, 'p/costs.html'), 'utf8')).toContain('>path#2</td>');
    expect((await run(['paths.bloom', '--profile-out', 'p/costs.txt'])).code).toBe(2);
    const naive = await run(['paths.bloom', '--profile', '--evaluator', 'reference']);
    expect([naive.code, naive.stderr]).toEqual([
      2,
      expect.stringContaining('profiles are of the engine'),
    ]);
  });

  it('tells on a terminal how far it has come', async () => {
    const ticking = ['run', 'ticking.bloom', '--ticks', '80', '--print', 'none'];
    // A file that is loaded before the command: its errors go to a terminal.
    const environment = { NODE_OPTIONS: `--import ${join(folder, 'terminal.mjs')}` };
    const { stderr, code } = await startTrellis(ticking, folder, environment).ended;
    expect(code).toBe(0);
    expect(stderr).toMatch(/run: \d+ timesteps, 1 s/);
  });

  const slowLater = 'run slow-later.bloom --stream --input go.jsonl --max-tuples 2000000000'.split(
    ' ',
  );

  it('joins files of facts from where there are fewest', async () => {
    const { stderr } = await run('joined.bloom --facts joined --print none --profile'.split(' '));
    expect(stderr).toMatch(/^r#1 +joined\.bloom:2 .* 1 +1 +2$/m);
  });

  it('is interrupted within a long timestep that follows short ones', async () => {
    const child = startTrellis([...slowLater, '--profile'], folder);
    await child.until('stdout', /at 7/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.signal('SIGINT');
    const { stderr, code } = await child.ended;
    expect(code).toBe(0);
    expect(stderr).toContain('interrupted within a timestep of n1, of which nothing is kept');
    expect(stderr).toMatch(/^n#2 +slow-later\.bloom:2 .* [1-9]\d+ +[1-9]\d+ +0$/m);
  });

  it('is ended by SIGTERM within a long timestep', async () => {
    const child = startTrellis(slowLater, folder);
    await child.until('stdout', /at 7/);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    child.signal('SIGTERM');
    expect((await child.ended).code).toBeNull();
  });

  it('is interrupted within a timestep, and shows what it has', async () => {
    const child = startTrellis(
      [
        'run',
        'slow.bloom',
        '--max-tuples',
        '2000000000',
        '--print',
        'first,n',
        '--stats',
        '--profile',
      ],
      folder,
    );
    await child.until('stdout', /begun/);
    // Well into the timestep after the one that said so.
    await new Promise((resolve) => setTimeout(resolve, 2000));
    child.signal('SIGINT');
    const { stdout, stderr, code } = await child.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/first \(1 row\)/);
    expect(stdout).not.toMatch(/^n /m);
    expect(stderr).toContain('interrupted within a timestep of n1, of which nothing is kept');
    expect(stderr).toMatch(/^n#2 +slow\.bloom:3 .* [1-9]\d+ +[1-9]\d+ +0$/m);
    const line = JSON.parse(stderr.trimEnd().split('\n').at(-1)!) as Record<string, unknown>;
    expect(line).toMatchObject({ schema: 'trellis/stats/1', tuples: { first: 1 } });
  });

  it('exits with 4 when a timestep takes too long or the process too much memory', async () => {
    const endless = ['endless.bloom', '--max-tuples', '100000000'];
    const slow = await run([...endless, '--max-seconds', '0.2']);
    expect(slow.code).toBe(4);
    expect(slow.stderr).toMatch(/TRL0808.*: the timestep took more than 0.2 s: n grew by \d+, to /);
    const large = await run([...endless, '--max-memory', '20']);
    expect(large.code).toBe(4);
    expect(large.stderr).toContain('the process went beyond 20 MiB of memory: n grew by');
    expect((await run([...endless, '--max-seconds', '-1'])).code).toBe(2);
  });

  it('takes params as their types say', async () => {
    const set = await run([
      'params.bloom',
      '--set',
      'n=3',
      '--set',
      'name=42',
      '--format',
      'jsonl',
    ]);
    expect([set.code, set.stdout]).toEqual([0, '["42",3]\n']);
    const settings = ['t=2s', 's=["y","x"]', 'p=[2,"z"]', 'm={"k":[3]}', 'b=00Ff', 'f=2'];
    const words = settings.flatMap((setting) => ['--set', setting]);
    const shaped = await run(['shapes.bloom', '--format', 'jsonl', ...words]);
    expect([shaped.stderr, shaped.stdout]).toEqual([
      '',
      '[2000,["x","y"],[2,"z"],[["k",[3]]],"00ff",2]\n',
    ]);
    expect((await run(['shapes.bloom', '--set', 'p=[2]'])).stderr).toContain('TRL0324');
    const wrong = await run(['params.bloom', '--set', 'n=x']);
    expect([wrong.code, wrong.stderr]).toEqual([1, expect.stringContaining('TRL0324')]);
    const unknown = await run(['params.bloom', '--set', 'm=1', '--set', 'n=1']);
    expect([unknown.code, unknown.stderr]).toEqual([1, expect.stringContaining('TRL0206')]);
  });

  it('runs several nodes in one process, with a log where one is needed', async () => {
    const { stdout, stderr, code } = await run(['first-come', '--format', 'jsonl', '--stats']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as [string, string]);
    expect([code, rows.map(([node]) => node)]).toEqual([0, ['n1', 'n2', 'n3']]);
    expect(new Set(rows.map(([, winner]) => winner)).size).toBe(1);
    expect(stderr).toContain('"ticks"');
    const bare = await run([
      'first-come.bloom',
      '--nodes',
      'n1,n2',
      '--input',
      'wishes.jsonl',
      '--coordinate',
      'none',
      '--format',
      'csv',
    ]);
    expect([bare.code, bare.stdout.split('\n')[0]]).toEqual([0, '@node,who']);
  });

  it('gives located facts to the nodes that they name', async () => {
    const { stdout } = await run(['located.bloom', '--format', 'csv']);
    expect(stdout).toBe('@node,node,n\nx,x,1\ny,y,2\n');
  });

  it('leaves nothing behind where the data is wrong', async () => {
    const { code, stdout, stderr } = await run([
      'store.bloom',
      '--input',
      'put=facts/link.csv',
      '--out',
      'never',
    ]);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain('--> facts/link.csv:1:6');
    expect(existsSync(join(folder, 'never'))).toBe(false);
  });
});
