/** `trellis node` and `up`: real processes that talk over WebSockets, and how they end. */
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cliPrograms } from '../support/cli-programs.js';
import { sharedFolder } from '../support/temporary-folder.js';
import { repositoryRoot, runTrellis } from '../support/trellis-command.js';
import { startTrellis } from '../support/trellis-process.js';

const relay = `input say(text: string);
channel hear(@at: addr, text: string);
table heard(text: string);
output got(text: string);
hear(n, t)@async :- say(t), cluster(n);
heard(t) :- hear(_, t);
got(t) :- heard(t);
`;
const folder = sharedFolder({
  ...cliPrograms,
  'relay.bloom': relay,
  'other.bloom': relay.replace('got(t) :- heard(t);', 'got(t) :- heard(t), t != "x";'),
  'relay/cluster.toml': `program = "../relay.bloom"
[nodes.a]
[nodes.b]
[workload]
input = "../said.jsonl"
`,
  'liking.bloom':
    'static likes(what: string);\noutput liked(what: string);\nliked(x) :- likes(x);\n',
  'two/cluster.toml': 'program = "../relay.bloom"\n[nodes.x]\n[static]\nlikes = [["tea"]]\n',
  'said.jsonl':
    '{"rel": "say", "row": ["hello"], "node": "a"}\n{"rel": "say", "row": ["later"], "node": "b", "at": 300}\n',
  'asserting.ded':
    'pre(X) :- told(X, _);\npost(X) :- told(X, _);\ntold(X, Y)@next :- told(X, Y);\ntold("a", "x")@1;\n',
  'asserting/cluster.toml': 'program = "../asserting.ded"\n[nodes.a]\n',
  'halting/cluster.toml': 'program = "../halting.bloom"\n[nodes.a]\n',
});
const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
const start = (...words: string[]) => startTrellis(words, folder);
const lastLine = (text: string): string => text.trimEnd().split('\n').at(-1)!;

/** A port that something else listens on, until `close`. */
async function takenPort(): Promise<{ readonly port: number; close(): void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { port: (server.address() as AddressInfo).port, close: () => server.close() };
}

describe.concurrent('trellis node', () => {
  it('runs the program it is given on the cluster of --cluster', async () => {
    const words = ['node', 'liking.bloom', '--name', 'x', '--cluster', 'two'];
    const child = start(...words);
    await child.until('stdout', /\+ liked\("tea"\)/);
    child.signal('SIGTERM');
    expect((await child.ended).code).toBe(0);
  });

  it('talks to its peers, and ends with its figures', async () => {
    const a = start('node', 'relay.bloom', '--name', 'a', '--nodes', 'a,b');
    const [, url] = await a.until('stderr', /a listens on (ws:\/\/127\.0\.0\.1:\d+)/);
    const peer = ['--peer', `a=${url}`, '--input', 'said.jsonl'];
    const b = start('node', 'relay.bloom', '--name', 'b', ...peer);
    await Promise.all([
      a.until('stdout', /\+ got\("later"\)/),
      b.until('stdout', /\+ got\("later"\)/),
    ]);
    b.signal('SIGTERM');
    expect(await b.ended).toMatchObject({ code: 0, stdout: '+ got("later")\n' });
    a.signal('SIGTERM');
    const { stderr, code } = await a.ended;
    expect(code).toBe(0);
    const figures = JSON.parse(lastLine(stderr)) as Record<string, unknown>;
    expect(Object.keys(figures)).toEqual([
      'schema',
      'node',
      'timesteps',
      'dataFrames',
      'coordinationMessages',
    ]);
    expect(figures).toMatchObject({
      schema: 'trellis/node-stats/1',
      node: 'a',
      coordinationMessages: 0,
    });
  });

  it('serves what it counts at --metrics', async () => {
    const words = ['node', 'relay.bloom', '--name', 'a', '--nodes', 'a,b', '--input', 'said.jsonl'];
    const child = start(...words, '--metrics', '127.0.0.1:0');
    const [, url] = await child.until('stderr', /a serves metrics at (http:\S+\/metrics)/);
    await child.until('stdout', /\+ got\("hello"\)/);
    const text = await (await fetch(url!)).text();
    expect(text).toContain('trellis_relation_tuples{relation="heard",node="a"} 1\n');
    expect(text).toContain('trellis_unacknowledged_frames{peer="b",node="a"} 1\n');
    child.signal('SIGTERM');
    expect((await child.ended).code).toBe(0);
  });

  it('exits with 5 or 2 at metrics that cannot be served there', async () => {
    const { port, close } = await takenPort();
    const metrics = async (address: string) =>
      trellis('node', 'relay.bloom', '--name', 'a', '--metrics', address);
    const [taken, senseless, unusable] = await Promise.all([
      metrics(`127.0.0.1:${port}`),
      metrics('somewhere'),
      trellis('node', 'relay.bloom', '--name', 'a', '--metrics', ':0', '--data', 'relay.bloom'),
    ]);
    close();
    // Metrics alone do not keep the process.
    expect([unusable.code, unusable.stderr]).toEqual([
      5,
      expect.stringContaining('a serves metrics at'),
    ]);
    expect([taken.code, taken.stderr]).toEqual([5, expect.stringContaining('error[TRL0860]')]);
    expect([senseless.code, senseless.stderr]).toEqual([
      2,
      expect.stringContaining('error[TRL0865]'),
    ]);
  });

  it('exits with 5 if another process listens there', async () => {
    const { port, close } = await takenPort();
    const { stderr, code } = await trellis(
      'node',
      'relay.bloom',
      '--name',
      'a',
      '--listen',
      `127.0.0.1:${port}`,
    );
    close();
    expect(code).toBe(5);
    expect(stderr).toContain('error[TRL0860]');
    expect(stderr).toContain('another process listens there');
  });

  it('exits with 2 at peers that make no sense', async () => {
    const [badUrl, stranger] = await Promise.all([
      trellis('node', 'relay.bloom', '--name', 'a', '--peer', 'b=somewhere'),
      trellis('node', 'relay', '--name', 'a', '--peer', 'bb=ws://127.0.0.1:1'),
    ]);
    expect([badUrl.code, badUrl.stderr]).toEqual([2, expect.stringContaining('error[TRL0865]')]);
    expect([stranger.code, stranger.stderr]).toEqual([
      2,
      expect.stringContaining('did you mean "b"?'),
    ]);
  });

  it('refuses a peer that runs another program; both sides say what differs', async () => {
    const a = start('node', 'relay.bloom', '--name', 'a', '--nodes', 'a,b');
    const [, url] = await a.until('stderr', /listens on (ws:\S+)/);
    const b = start('node', 'other.bloom', '--name', 'b', '--peer', `a=${url}`);
    await Promise.all([
      a.until('stderr', /node a refused b: they differ in: program/),
      b.until('stderr', /a refused node b: they differ in: program/),
    ]);
    a.signal('SIGINT');
    b.signal('SIGINT');
    // Neither has failed: each serves those that it understands.
    expect([(await a.ended).code, (await b.ended).code]).toEqual([0, 0]);
  });

  it('exits with 4 if a bound keeps it from booting, with 1 if its facts do', async () => {
    const [bound, halt] = await Promise.all([
      trellis('node', 'endless.bloom', '--name', 'a', '--max-tuples', '100'),
      trellis('node', 'halting.bloom', '--name', 'a'),
    ]);
    expect([bound.code, halt.code]).toEqual([4, 7]);
    expect(bound.stderr).toContain('error[TRL0852]');
    expect(lastLine(bound.stderr)).toContain('trellis/node-stats/1');
  });
});

describe.concurrent('trellis up', () => {
  it('runs the cluster, feeds its inputs, and stops it after --for', async () => {
    const { stdout, stderr, code } = await trellis(
      'up',
      'relay',
      '--for',
      '2500',
      '--delay-ms',
      '5',
    );
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n').sort();
    expect(lines).toEqual([
      'a | + got("hello")',
      'a | + got("later")',
      'b | + got("hello")',
      'b | + got("later")',
    ]);
    for (const name of ['a', 'b']) {
      expect(stderr).toContain(`${name} | ${name} listens on ws://127.0.0.1:`);
      expect(stderr).toContain(`${name} | {"schema":"trellis/node-stats/1","node":"${name}"`);
    }
  });

  it('spreads a relation over real nodes, and brings together what they need', async () => {
    const example = join(repositoryRoot, 'examples/partitioned-paths');
    const up = start('up', example);
    // The last of a chain of joins over all three nodes.
    await up.until('stdout', /\+ reachable\("Bergen", "Osaka"\)/);
    await up.until('stdout', /\+ cheapest\("Bergen", "Osaka", 1120\)/);
    up.signal('SIGTERM');
    const { code, stdout, stderr } = await up.ended;
    expect(code).toBe(0);
    const shown = stdout.match(/^\w+ \| \+ reachable\(.*\)$/gm) ?? [];
    expect(new Set(shown).size).toBeGreaterThan(40);
    expect(new Set(shown.map((line) => line.split(' ')[0]))).toEqual(
      new Set(['ann', 'bob', 'cyd']),
    );
    expect(stderr.match(/"coordinationMessages":0/g)).toHaveLength(3);
  });

  it('stops all nodes at a signal', async () => {
    const up = start('up', 'relay');
    await up.until('stdout', /b \| \+ got\("later"\)/);
    up.signal('SIGTERM');
    expect((await up.ended).code).toBe(0);
  });

  it('ends when its nodes have, with their code', async () => {
    const beginMs = performance.now();
    const { code } = await trellis('up', 'halting', '--for', '25000');
    expect([7, 5]).toContain(code);
    expect(performance.now() - beginMs).toBeLessThan(15_000);
  });

  it('exits with 5 if a node cannot start, and stops the others', async () => {
    const { port, close } = await takenPort();
    writeFileSync(
      join(folder, 'taken.toml'),
      `program = "relay.bloom"\n[nodes.a]\n[nodes.b]\nlisten = "127.0.0.1:${port}"\n`,
    );
    const { stderr, code } = await trellis('up', 'taken.toml', '--for', '20000');
    close();
    expect(code).toBe(5);
    expect(stderr).toContain('b | error[TRL0860]');
    expect(stderr).toContain('error[TRL1014]: these nodes ended while the cluster was starting: b');
  });
});

describe('assertions of the Dedalus dialect', () => {
  it('are not evaluated by nodes, which is said once', async () => {
    const { stderr } = await trellis('up', 'asserting', '--for', '1500');
    expect(stderr.match(/TRL0869/g)).toHaveLength(1);
    expect(stderr).toContain('no node evaluates `post`: assertions are about all nodes');
    const { stdout } = await trellis(
      'run',
      'asserting',
      '--eot',
      '3',
      '--format',
      'csv',
      '--print',
      'post',
    );
    expect(stdout).toBe('c1\na\n');
  });
});
