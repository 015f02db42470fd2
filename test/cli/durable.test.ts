/** `trellis node --data`: real processes that are killed and started again, and directories that will not do. */
import { cpSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { sharedFolder } from '../support/temporary-folder.js';
import { runTrellis } from '../support/trellis-command.js';
import { NodeProcess } from '../support/trellis-node.js';

const orders = `durable table taken(id: string);
durable table known(what: string => n: int);
durable channel pay(@to: addr, id: string);
known("starts", 0);
scratch fresh(id: string);
fresh(x) :- stdin(x), notin taken(x);
taken(x)@next :- fresh(x);
pay("b", x)@async :- fresh(x);
stdout("taken " ++ x) :- stdin(x);
upsert known("starts", n + 1) :- boot(_), known("starts", n);
stdout("start " ++ to_string(n)) :- known("starts", n);
stdout("first") :- boot(true);
stdout("has " ++ x) :- boot(_), taken(x);
durable table paid(id: string);
durable table count(of: string => n: int);
count("paid", 0);
scratch come(n: int);
come(count<x>) :- pay(_, x);
paid(x) :- pay(_, x);
upsert count("paid", n + m) :- come(m), count("paid", n);
stdout("paid " ++ to_string(n)) :- count("paid", n);
`;
const ratio = `durable table divisor(of: string => n: int);
divisor("six", 1);
upsert divisor("six", to_int(x)) :- stdin(x);
stdout("ratio " ++ to_string(6 / n)) :- divisor(_, n);
stdout("has " ++ to_string(n)) :- boot(_), divisor(_, n);
`;
const folder = sharedFolder({
  'orders.bloom': orders,
  'ratio.bloom': ratio,
  'mended.bloom': ratio.replace('divisor(_, n)', 'divisor(_, n), n != 0'),
  'renamed.bloom': orders.replaceAll('taken', 'accepted'),
  'log.bloom': `durable table t(x: int);
input put(x: int);
channel set(@to: addr, x: int);
table held(k: string => x: int);
output got(x: int);
set(n, x)@async :- put(x), cluster(n);
upsert held("k", x) :- set(_, x);
got(x) :- set(_, _), held("k", x);
`,
  'pair/cluster.toml': `program = "../orders.bloom"
[nodes.a]
data = "kept/a"
[nodes.b]
data = "kept/b"
`,
  'bare/cluster.toml': 'program = "../orders.bloom"\n[nodes.a]\ndata = "a"\n[nodes.b]\n',
  'shared/cluster.toml':
    'program = "../orders.bloom"\n[nodes.a]\ndata = "d"\n[nodes.b]\ndata = "./d"\n',
  'log/cluster.toml': 'program = "../log.bloom"\n[nodes.a]\ndata = "a"\n[nodes.b]\ndata = "b"\n',
});
const trellis = (...words: string[]) => runTrellis(words, { cwd: folder });
const start = (name: string, data: string, ...words: string[]) =>
  new NodeProcess(
    ['orders.bloom', '--name', name, '--nodes', 'a,b', '--data', data, ...words],
    folder,
  );

/** Nodes a and b that keep what they have in folders of that name. */
const pair = async (data: string): Promise<[NodeProcess, NodeProcess]> => {
  const a = start('a', `${data}/a`);
  const peer = `a=ws://127.0.0.1:${await a.port()}`;
  return [a, start('b', `${data}/b`, '--peer', peer)];
};

describe.concurrent('a node with a data directory', { timeout: 120_000 }, () => {
  it('goes on where it was stopped: facts and `boot(true)` hold once', async () => {
    const first = start('a', 'stopped/a');
    await first.until(/first\n[^]*start 1\n/);
    first.say('x');
    await first.until(/taken x\n/);
    expect(await first.stop()).toBe(0);
    const second = start('a', 'stopped/a');
    await second.until(/has x\n[^]*start 2\n/);
    expect(await second.stop()).toBe(0);
    expect(second.text).not.toContain('first');
    expect(readdirSync(join(folder, 'stopped'))).toEqual(['a']);
  });

  it('loses nothing that it has told, and applies once what it was sent, however often both ends are killed', async () => {
    let a = start('a', 'killed/a');
    let b = start('b', 'killed/b', '--peer', `a=ws://127.0.0.1:${await a.port()}`);
    const told = new Set<string>();
    const noteTold = (node: NodeProcess): void => {
      for (const [, id] of node.text.matchAll(/^taken (\w+)$/gm)) told.add(id!);
    };
    let said = 0;
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 20; i++) a.say(`o${(said += 1)}`);
      // Killed somewhere in the middle of them.
      await a.until(new RegExp(`taken o${said - 19 + round * 3}\\n`));
      if (round % 2 === 1) {
        await b.kill();
        b = start('b', 'killed/b', '--peer', `a=ws://127.0.0.1:${await a.port()}`);
      }
      await a.kill();
      noteTold(a);
      a = start('a', 'killed/a');
      await a.until(/start \d+\n/);
      for (const id of told) expect(a.text).toContain(`has ${id}\n`);
      await b.kill();
      b = start('b', 'killed/b', '--peer', `a=ws://127.0.0.1:${await a.port()}`);
    }
    const has = [...a.text.matchAll(/^has (\w+)$/gm)].length;
    expect(has).toBeGreaterThanOrEqual(told.size);
    await b.until(new RegExp(`paid ${has}\\n`));
    // Whatever else is on its way, or comes again, has come now.
    a.say('last');
    await b.until(new RegExp(`paid ${has + 1}\\n`));
    await Promise.all([a.stop(), b.stop()]);
    expect(Math.max(...[...b.text.matchAll(/^paid (\d+)$/gm)].map(([, n]) => Number(n)))).toBe(
      has + 1,
    );
  });

  it('loses nothing new over an older copy of a directory, and tells what that has forgotten', async () => {
    const copy = (from: string, to: string): void => {
      rmSync(join(folder, to), { recursive: true, force: true });
      cpSync(join(folder, from), join(folder, to), { recursive: true });
    };
    let [a, b] = await pair('older');
    const pays = async (id: string, paid: number): Promise<void> => {
      a.say(id);
      await b.until(new RegExp(`paid ${paid}\\n`));
    };
    await pays('one', 1);
    await Promise.all([a.stop(), b.stop()]);
    for (const name of ['a', 'b']) copy(`older/${name}`, `older/copy-${name}`);
    [a, b] = await pair('older');
    await pays('two', 2);
    await a.kill();
    // The sender goes back: what it sends then is new.
    copy('older/copy-a', 'older/a');
    a = start('a', 'older/a', '--peer', `b=ws://127.0.0.1:${await b.port()}`);
    await a.until(/error\[TRL0878\]: node a has forgotten what it did last: b has applied/);
    expect(a.text).not.toContain('has two\n');
    await pays('three', 3);
    await pays('four', 4);
    await Promise.all([a.kill(), b.stop()]);
    // The receiver goes back: what it had applied is gone, and it says so.
    copy('older/copy-b', 'older/b');
    [a, b] = await pair('older');
    await b.until(
      /error\[TRL0878\]: node b has forgotten \d batch(es)? of durable channels from a that it had applied/,
    );
    a.say('five');
    await b.until(/paid [2-9]\n/);
    await Promise.all([a.stop(), b.stop()]);
  });

  it('keeps each tuple sent for a peer that is not there, until it is', async () => {
    const a = start('a', 'away/a');
    await a.port();
    for (const id of ['x', 'y', 'z']) a.say(id);
    await a.until(/taken z\n/);
    await a.kill();
    const again = start('a', 'away/a');
    const b = start('b', 'away/b', '--peer', `a=ws://127.0.0.1:${await again.port()}`);
    await b.until(/paid 3\n/);
    await Promise.all([again.stop(), b.stop()]);
  });
});

it(
  'a state that no rule bears stops a restarted node, until the rule is mended',
  { timeout: 60_000 },
  async () => {
    const once = ['--name', 'a', '--data', 'ratio'];
    const live = new NodeProcess(['ratio.bloom', ...once], folder);
    live.say('0');
    await live.until(/error\[TRL0850\]: node a rejected a timestep without events/);
    expect(await live.stop()).toBe(0);
    const stopped = await trellis('node', 'ratio.bloom', ...once);
    expect(stopped.code).toBe(1);
    expect(stopped.stderr).toContain('error[TRL0852]: node a cannot go on from what it stored:');
    const mended = new NodeProcess(['mended.bloom', ...once], folder);
    await mended.until(/has 0\n/);
    expect(await mended.stop()).toBe(0);
  },
);

describe.concurrent('what will not do', { timeout: 60_000 }, () => {
  it('a durable relation without a data directory', async () => {
    const node = await trellis('node', 'orders.bloom', '--name', 'a');
    expect(node).toMatchObject({ code: 2, stdout: '' });
    expect(node.stderr).toContain(
      'error[TRL1017]: `count` is durable, and node a has no data directory',
    );
    const up = await trellis('up', 'bare');
    expect(up.code).toBe(2);
    expect(up.stderr).toContain('node b has no data directory to keep it in');
    expect(readdirSync(join(folder, 'bare'))).toEqual(['cluster.toml']);
  });

  it('one directory for two nodes of a cluster file', async () => {
    const { code, stderr } = await trellis('up', 'shared');
    expect(code).toBe(1);
    expect(stderr).toContain('error[TRL1018]: the nodes a and b have one data directory, `./d`');
  });

  it('a directory that another process uses', async () => {
    const a = start('a', 'used/a');
    await a.port();
    const second = await trellis('node', 'orders.bloom', '--name', 'a', '--data', 'used/a');
    expect(second.code).toBe(5);
    expect(second.stderr).toContain(
      'error[TRL0870]: another process uses the data directory used/a',
    );
    expect(await a.stop()).toBe(0);
  });

  it('a directory of something else, a damaged one, one of another node, program or format', async () => {
    const errorOf = async (words: string, program = 'orders.bloom'): Promise<string> => {
      const { code, stderr } = await trellis('node', program, ...words.split(' '));
      expect(code).toBe(5);
      return stderr;
    };
    mkdirSync(join(folder, 'photos'));
    writeFileSync(join(folder, 'photos/cat.png'), '');
    expect(await errorOf('--name a --data photos')).toContain(
      'error[TRL0871]: photos is no data directory of a node: it holds cat.png',
    );
    expect(await errorOf('--name a --data orders.bloom')).toContain(
      'error[TRL0871]: the data directory orders.bloom cannot be used: there is a file of that name',
    );
    const a = start('a', 'own/a');
    await a.until(/start 1\n/);
    a.say('x');
    await a.until(/taken x\n/);
    await a.stop();
    expect(await errorOf('--name b --data own/a')).toContain(
      'error[TRL0874]: the data directory own/a is that of node a, not of b',
    );
    const other = await errorOf('--name a --data own/a', 'renamed.bloom');
    expect(other).toContain(
      'error[TRL0873]: the data directory own/a holds what this program does not have',
    );
    expect(other).toContain('= note: the program has no durable `taken`');
    for (const file of readdirSync(join(folder, 'own/a')).filter((name) =>
      name.startsWith('MANIFEST'),
    ))
      writeFileSync(join(folder, 'own/a', file), 'no manifest');
    expect(await errorOf('--name a --data own/a')).toContain(
      'error[TRL0872]: the data directory own/a is damaged',
    );
  });

  it('durable relations beside an ordered log', async () => {
    const checked = await trellis('check', 'log.bloom');
    expect(checked.code).toBe(0);
    expect(checked.stderr).toContain('warning[TRL0876]: `t` is durable');
    for (const words of [
      ['node', 'log', '--name', 'a'],
      ['up', 'log'],
    ]) {
      const { code, stderr } = await trellis(...words);
      expect(code).toBe(1);
      expect(stderr).toContain(
        'error[TRL0876]: `t` is durable, and the ordered log of `set` is not',
      );
    }
  });
});

it(
  'up keeps what each node has in its own directory, and run keeps nothing',
  { timeout: 60_000 },
  async () => {
    for (const nth of [1, 2]) {
      const { code, stdout } = await trellis('up', 'pair', '--for', '1500');
      expect(code).toBe(0);
      expect(stdout).toContain(`a | start ${nth}\n`);
      expect(stdout).toContain(`b | start ${nth}\n`);
    }
    expect(readdirSync(join(folder, 'pair/kept'))).toEqual(['a', 'b']);
    const ran = await trellis('run', 'orders.bloom', '--print', 'none');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.stdout).toContain('first');
  },
);
