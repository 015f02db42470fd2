/** The language in full on the command line: what runs, what is refused, and what each prints. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';

const deep = 100_000;
const wide = 10_000;
const columns = Array.from({ length: wide }, (_, i) => `c${i}`);

const caller = (name: string, file: string): string =>
  `extern function ${name}(x: int): int from "./${file}";
output o(x: int);
o(${name}(x)) :- boot(_), x in {3, 4};
`;

const folder = sharedFolder({
  'broadcast.ded': `include "peers.ded";
stored("a", "note")@1;
stored(N, P)@next :- stored(N, P);
stored(M, P)@async :- stored(N, P), peer(N, M);
post(N, P) :- stored(N, P);
`,
  'peers.ded': `peer("a", "b")@1; peer("b", "a")@1;
peer(N, M)@next :- peer(N, M);
`,
  'wrong.ded': 'post(N, Q) :- stored(N, P);\nstored("a", "note")@1;\n',
  'functions.ts': `export function twice(x: number): number { return x * 2; }
export function fails(x: number): number { throw new RangeError(\`too far: \${x}\`); }
export function nothing(x: number): number { return undefined as unknown as number; }
`,
  'throws.ts':
    'export function early(x: number): number { return x; }\nthrow new Error("at once");\n',
  'broken.ts': 'export function half(x: number): number { return x / ; }\n',
  'half.bloom': caller('half', 'broken.ts'),
  'twice.bloom': caller('twice', 'functions.ts'),
  'fails.bloom': caller('fails', 'functions.ts'),
  'nothing.bloom': caller('nothing', 'functions.ts'),
  'gone.bloom': caller('gone', 'gone.ts'),
  'early.bloom': caller('early', 'throws.ts'),
  'wish.bloom': `input e(x: int);
table t(x: int);
view v(x: int);
t(x) :- e(x);
v(x) :- t(x);
coordinate t cut;
`,
  'waits.bloom': `table action(session: int);
input act(session: int);
input done(session: int);
output bill(session: int);
seal action on (session) when done(_);
action(s) :- act(s);
bill(s) :- sealed action(s);
`,
  'agree.bloom': `input put(v: int);
table decided(v: int);
output got(v: int);
decided(v) :- put(v);
got(v) :- put(v);
invariant agreement: !(decided(v)@n, decided(w)@m, v < w);
`,
  'puts.jsonl':
    '{"node": "n1", "rel": "put", "row": [1]}\n{"node": "n2", "rel": "put", "row": [2]}\n',
  'same.jsonl':
    '{"node": "n1", "rel": "put", "row": [1]}\n{"node": "n2", "rel": "put", "row": [1]}\n',
  'deep.bloom': `p(${'['.repeat(deep)}1${']'.repeat(deep)});\n`,
  'any.bloom': 'input i(x: any);\noutput o(x: any);\no(x) :- i(x);\n',
  'deep.jsonl': `{"rel": "i", "row": [${'['.repeat(deep)}1${']'.repeat(deep)}]}\n`,
  'wide.bloom': `table w(${columns.map((name) => `${name}: int`).join(', ')});
w(${columns.map((_, i) => i).join(', ')});
view last(first: int, x: int);
last(y, x) :- w(c0: y, c${wide - 1}: x);
`,
  'lattices.bloom': `static edge(a: string, b: string, n: int);
edge("s", "a", 1); edge("a", "b", 2); edge("s", "b", 9); edge("b", "a", 1);
table best(k: string => c: lmin<int>);
lattice names: lset<string>;
best("s", 0);
best(b, c + n) :- best(a, c), edge(a, b, n);
names({k}) :- best(k, _);
`,
  'flood.bloom': `static link(@from: addr, to: addr);
input say(text: string);
channel news(@to: addr, text: string);
table known(text: string);
view board(n: int);
link("a", "b"); link("b", "c"); link("c", "a");
known(t)@next :- say(t) | news(_, t);
delete known(t) :- known(t), t < "b";
news(m, t)@async :- known(t), link(_, m);
board(count<t>) :- known(t);
`.replace('delete known("bad");\n', ''),
  'says.jsonl': ['a', 'b', 'c']
    .map((node) => `{"node": "${node}", "rel": "say", "row": ["hello ${node}"]}\n`)
    .join(''),
  'begin.ded': 'begin.at("c", 0);\nq(X, Y) :- begin.at(X, Y);\n',
  'begin.csv': 'a,1\nb,2\n',
  'hello.jsonl': '{"node": "a", "rel": "say", "row": ["hello"]}\n',
  'says.csv': 'a,hello a\nb,hello b\nc,hello c\n',
});
const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });

describe.concurrent('programs of the Dedalus dialect', () => {
  it('run in lockstep up to the end that is asked for', async () => {
    const posts = async (eot: string): Promise<string> => {
      const words = ['run', 'broadcast.ded', '--eot', eot, '--format', 'csv'];
      const { stdout, stderr, code } = await trellis(...words);
      expect([code, stderr]).toEqual([0, '']);
      return stdout;
    };
    expect(await posts('1')).toBe('c1,c2\na,note\n');
    expect(await posts('2')).toBe('c1,c2\na,note\nb,note\n');
  });

  it('are simulated up to that end, on the nodes that their facts name', async () => {
    const words = ['simulate', 'broadcast.ded', '--eot', '4', '--runs', '5', '--format', 'json'];
    const { stdout, stderr, code } = await trellis(...words);
    expect([code, stderr]).toEqual([0, '']);
    const { runs, outcomes } = JSON.parse(stdout) as {
      runs: number;
      outcomes: { count: number; final: Record<string, unknown> }[];
    };
    expect([runs, outcomes.length, outcomes[0]!.count]).toEqual([5, 1, 5]);
    expect(outcomes[0]!.final).toEqual({
      post: [
        ['a', 'note'],
        ['b', 'note'],
      ],
    });
  });

  it('are shown as written, or as nodes run them', async () => {
    const words = ['compile', 'broadcast.ded', '--emit', 'program', '--dialect'];
    const [ded, bloom] = await Promise.all([trellis(...words, 'ded'), trellis(...words, 'bloom')]);
    expect([ded.code, bloom.code]).toEqual([0, 0]);
    expect(ded.stdout).toContain('peer(N, M)@next :- peer(N, M);\nstored("a", "note")@1;\n');
    expect(ded.stdout).not.toContain('include');
    expect(bloom.stdout).toContain('channel stored_async(@c1: addr, c2: string);\n');
    expect(bloom.stdout).toContain('stored_async(M, P)@async :- stored(N, P), peer(N, M);\n');
    expect(bloom.stdout).not.toContain('@1');
  });

  it('are checked', async () => {
    const fine = await trellis('check', 'broadcast.ded');
    expect(fine).toEqual({
      code: 0,
      stdout: 'broadcast.ded: view post: confluent\n',
      stderr: '',
    });
    const wrong = await trellis('check', 'wrong.ded');
    expect(wrong.code).toBe(1);
    expect(wrong.stdout + wrong.stderr).toMatch(/error\[TRL\d{4}\][^]*--> wrong\.ded:\d+:\d+/);
  });

  it('take words that other programs do not', async () => {
    const eot = await trellis('run', 'lattices.bloom', '--eot', '3');
    expect([eot.code, eot.stderr]).toEqual([2, expect.stringContaining('--eot goes with .ded')]);
    const nodes = await trellis('compile', 'lattices.bloom', '--emit', 'program', '--nodes', 'a');
    expect([nodes.code, nodes.stderr]).toEqual([
      2,
      expect.stringContaining('--nodes goes with --dialect ded'),
    ]);
  });

  it('are made of programs of the other kind, which they then run like', async () => {
    const words = ['compile', 'flood.bloom', '--emit', 'program', '--dialect', 'ded'];
    const { stdout, stderr, code } = await trellis(...words, '--nodes', 'a,b,c');
    expect([code, stderr]).toEqual([0, '']);
    writeFileSync(join(folder, 'flood.ded'), stdout);
    const shown = ['--input', 'says.jsonl', '--format', 'jsonl'];
    const [bloom, ded] = await Promise.all([
      trellis('run', 'flood.bloom', '--nodes', 'a,b,c', ...shown),
      trellis('run', 'flood.ded', '--input', 'say=says.csv', '--format', 'jsonl'),
    ]);
    expect([bloom.code, ded.code]).toEqual([0, 0]);
    expect(ded.stdout).toBe('["a",3]\n["b",3]\n["c",3]\n');
    expect(rowsOf(bloom.stdout)).toEqual(rowsOf(ded.stdout));
  });

  it('take facts for names with dots, and warn of facts at nodes that are not there', async () => {
    const dotted = await trellis(
      'run',
      'begin.ded',
      '--facts',
      'begin.at=begin.csv',
      '--nodes',
      'a,b',
      '--format',
      'csv',
    );
    expect(dotted).toMatchObject({ code: 0, stdout: 'c1,c2\na,1\nb,2\n' });
    expect(dotted.stderr).toMatch(
      /^warning\[TRL1012\]: a fact of `begin\.at` stands at "c", which is no node of this run\n +--> begin\.ded:1:1/,
    );
    const lost = await trellis('run', 'flood.bloom', '--nodes', 'a,b', '--input', 'hello.jsonl');
    expect(lost.code).toBe(0);
    expect(lost.stderr.match(/TRL1012.*/g)).toEqual([
      'TRL1012]: a fact of `link` stands at "c", which is no node of this run',
    ]);
  });

  it('cannot say everything that the others do', async () => {
    const words = ['compile', 'lattices.bloom', '--emit', 'program', '--dialect', 'ded'];
    const { code, stdout, stderr } = await trellis(...words);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(
      /error\[TRL0262\]: the Dedalus dialect has no lattices: `best`\n +--> lattices\.bloom:\d/,
    );
  });
});

function rowsOf(lines: string): readonly string[] {
  return lines.split('\n').filter(Boolean).sort();
}

describe.concurrent('functions from TypeScript', () => {
  const simulated = async (file: string) => {
    const words = ['simulate', file, '--runs', '2', '--format', 'json'];
    const { stdout, stderr, code } = await trellis(...words);
    expect([stderr, file]).toEqual(['', file]);
    const { outcomes } = JSON.parse(stdout) as {
      outcomes: { ever: Record<string, unknown>; error?: string }[];
    };
    return { code, outcomes };
  };

  it('are called', async () => {
    const { stdout, stderr, code } = await trellis('run', 'twice.bloom', '--format', 'jsonl');
    expect([code, stdout, stderr]).toEqual([0, '[6]\n[8]\n', '']);
    const { code: end, outcomes } = await simulated('twice.bloom');
    expect([end, outcomes.length]).toEqual([0, 1]);
    expect(outcomes[0]!.ever).toEqual({
      o: [
        ['n1', 6],
        ['n1', 8],
      ],
    });
  });

  it.each([
    ['fails.bloom', 'TRL0810', '`fails(3)` threw RangeError: too far: 3'],
    ['nothing.bloom', 'TRL0811', '`nothing(3)` gave undefined, but it is declared int'],
  ])('undo the timestep that they fail in: %s', async (file, errorCode, message) => {
    const { stderr, code } = await trellis('run', file);
    expect([code, stderr]).toEqual([1, expect.stringContaining(`error[${errorCode}]: ${message}`)]);
    expect(stderr).toContain(`--> ${file}:3:1`);
    const { code: end, outcomes } = await simulated(file);
    expect([end, outcomes[0]!.error]).toEqual([
      1,
      expect.stringContaining(`${errorCode} ${message}`),
    ]);
    expect(outcomes[0]!.ever).toEqual({ o: [] });
  });

  it('are not run by check', async () => {
    for (const file of ['twice.bloom', 'fails.bloom', 'nothing.bloom', 'early.bloom']) {
      const { stdout, stderr, code } = await trellis('check', file);
      expect([code, stderr, stdout]).toEqual([0, '', expect.stringContaining('output o')]);
    }
  });

  it.each(['run', 'simulate', 'check'])(
    'from a missing file are refused by %s',
    async (command) => {
      const { stdout, stderr, code } = await trellis(command, 'gone.bloom');
      expect(code).toBe(1);
      expect(stdout + stderr).toContain(
        'error[TRL0227]: cannot read gone.ts: there is no such file\n --> gone.bloom:1:40',
      );
    },
  );

  it.each(['run', 'simulate', 'check'])(
    'from a file that does not translate are refused by %s',
    async (command) => {
      const { stdout, stderr, code } = await trellis(command, 'half.bloom');
      expect(code).toBe(1);
      expect(stdout + stderr).toContain('error[TRL0812]: ./broken.ts cannot be loaded: line 1: ');
    },
  );

  it.each(['run', 'simulate'])(
    'from a file that does not load are refused by %s',
    async (command) => {
      const { stdout, stderr, code } = await trellis(command, 'early.bloom');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain('error[TRL0812]: ./throws.ts cannot be loaded: at once');
    },
  );
});

describe.concurrent('what a program says of itself', () => {
  it.each([
    ['run', 'wish.bloom', 'error[TRL1111]: a cut of `t` is not inserted', 'wish.bloom:6:1'],
    ['simulate', 'wish.bloom', 'error[TRL1111]: a cut of `t` is not inserted', 'wish.bloom:6:1'],
    ['run', 'waits.bloom', 'error[TRL1113]: the condition does not', 'waits.bloom:5:31'],
    ['simulate', 'waits.bloom', 'error[TRL1113]: the condition does not', 'waits.bloom:5:31'],
  ])('makes %s refuse %s', async (command, file, message, place) => {
    const { stdout, stderr, code } = await trellis(command, file);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(message);
    expect(stderr).toContain(`--> ${place}`);
  });

  it.each([
    ['wish.bloom', 'TRL1111'],
    ['waits.bloom', 'TRL1113'],
  ])('is a warning of check: %s', async (file, warning) => {
    const { stdout, stderr, code } = await trellis('check', file);
    expect(code).toBe(0);
    expect(stdout + stderr).toContain(`warning[${warning}]`);
  });

  it('is held against every timestep of a simulation', async () => {
    const words = ['simulate', 'agree.bloom', '--nodes', 'n1,n2', '--runs', '3', '--input'];
    const broken = await trellis(...words, 'puts.jsonl');
    expect(broken.code).toBe(1);
    expect(broken.stdout).toContain('3 violations:\n');
    for (const seed of [1, 2, 3])
      expect(broken.stdout).toMatch(
        new RegExp(
          `seed ${seed}, node n[12], timestep \\d+: TRL0907 the invariant \`agreement\` does not hold: decided\\(1\\) at n1 and decided\\(2\\) at n2`,
        ),
      );
    const held = await trellis(...words, 'same.jsonl');
    expect([held.code, held.stdout.includes('violation')]).toEqual([0, false]);
  });
});

describe.concurrent('extremes', () => {
  it.each([
    ['a program', ['run', 'deep.bloom'], 'error[TRL0113]'],
    ['a program', ['check', 'deep.bloom'], 'error[TRL0113]'],
    ['an input', ['run', 'any.bloom', '--input', 'deep.jsonl'], 'error[TRL1009]'],
    ['an input', ['simulate', 'any.bloom', '--input', 'deep.jsonl'], 'error[TRL1009]'],
  ])('of depth in %s end in an error: %o', async (_, words, error) => {
    const { stdout, stderr, code } = await trellis(...words);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain(error);
    expect((stdout + stderr).length).toBeLessThan(5000);
  });

  it('of width run', async () => {
    const { stdout, stderr, code } = await trellis('run', 'wide.bloom', '--format', 'jsonl');
    expect([code, stdout, stderr]).toEqual([0, `[0,${wide - 1}]\n`, '']);
  });
});

describe.concurrent('lattices', () => {
  it.each([
    ['csv', 'k,c\na,1\nb,3\ns,0\nvalue\n"[""a"",""b"",""s""]"\n'],
    ['tsv', 'k\tc\na\t1\nb\t3\ns\t0\nvalue\n"[""a"",""b"",""s""]"\n'],
    ['jsonl', '["a",1]\n["b",3]\n["s",0]\n[["a","b","s"]]\n'],
  ])('are printed as what they reveal, as %s', async (format, expected) => {
    const words = ['run', 'lattices.bloom', '--print', 'best,names', '--format', format];
    const { stdout, stderr, code } = await trellis(...words);
    expect([code, stdout, stderr]).toEqual([0, expected, '']);
  });
});
