/**
 * Node processes with bad neighbours: a port in use, a peer with another program, one with a name
 * that the cluster does not have, one that sends garbage. The node says what is wrong and lives on.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { runTrellis } from '../support/trellis-command.js';
import { NodeProcess } from '../support/trellis-node.js';

const program =
  'channel tell(@to: addr, x: string);\nstatic peer(node: addr);\npeer("a"); peer("b");\ntell(p, l)@async :- stdin(l), peer(p);\nstdout(x) :- tell(_, x);\n';

let folder = '';
const running: NodeProcess[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'trellis-net-'));
  writeFileSync(join(folder, 'echo.bloom'), program);
  writeFileSync(join(folder, 'other.bloom'), program.replace('stdout(x)', 'stdout(x ++ "!")'));
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((node) => node.stop()));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(...words: readonly string[]): NodeProcess {
  const node = new NodeProcess(words, folder);
  running.push(node);
  return node;
}

/** A peer that keeps to no protocol. */
async function shout(port: number, messages: readonly (string | Uint8Array)[]): Promise<void> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`);
  socket.on('error', () => {});
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  for (const message of messages) socket.send(message, () => {});
  await new Promise<void>((resolve) => {
    socket.once('close', () => resolve());
    setTimeout(() => socket.terminate(), 500);
  });
}

describe('a node', () => {
  it('cannot listen on a port in use, says so and exits with 5', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { readonly port: number };
    const { code, stderr } = await runTrellis(
      ['node', 'echo.bloom', '--name', 'a', '--listen', `127.0.0.1:${port}`],
      { cwd: folder },
    );
    server.close();
    expect(code).toBe(5);
    expect(stderr).toContain('TRL0860');
    expect(stderr).toContain(String(port));
  });

  it('of a cluster file whose port is taken keeps the whole cluster from starting', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as { readonly port: number };
    writeFileSync(
      join(folder, 'cluster.toml'),
      `program = "echo.bloom"\n[nodes.a]\n[nodes.b]\nlisten = "127.0.0.1:${port}"\n`,
    );
    const { code, stderr } = await runTrellis(['up', 'cluster.toml'], { cwd: folder });
    server.close();
    expect(code).toBe(5);
    expect(stderr).toContain('TRL0860');
    expect(stderr).toContain('TRL1014');
  });

  it('refuses an address that makes no sense', async () => {
    const { code, stderr } = await runTrellis(
      ['node', 'echo.bloom', '--name', 'a', '--peer', 'b=nonsense'],
      { cwd: folder },
    );
    expect(code).not.toBe(0);
    expect(stderr).toContain('TRL0865');
  });

  it('and a peer with another program refuse each other, and both say what differs', async () => {
    const b = start('echo.bloom', '--name', 'b', '--nodes', 'a,b');
    const a = start('other.bloom', '--name', 'a', '--peer', `b=ws://127.0.0.1:${await b.port()}`);
    await a.until(/TRL0861.*program/);
    await b.until(/TRL0861.*program/);
    b.say('still here');
    await b.until(/^still here$/m);
    expect(a.text).not.toContain('still here');
  });

  it('refuses a peer whose name its cluster does not have', async () => {
    const b = start('echo.bloom', '--name', 'b', '--nodes', 'a,b');
    const stranger = start(
      'echo.bloom',
      '--name',
      'zoe',
      '--peer',
      `b=ws://127.0.0.1:${await b.port()}`,
    );
    await stranger.until(/TRL0861/);
    expect((await b.until(/TRL0861.*/))[0]).toContain('zoe');
  });

  it('drops garbage and lives', async () => {
    const b = start('echo.bloom', '--name', 'b', '--nodes', 'a,b');
    const port = await b.port();
    const deep = '['.repeat(100_000);
    await shout(port, ['garbage', '{"kind": "data"}', deep]);
    await shout(port, [Uint8Array.from({ length: 1000 }, (_, i) => i % 256)]);
    await shout(port, ['{"kind":"hello","v":1}']);
    await b.until(/TRL0862/);
    // An honest peer is still welcome.
    const a = start('echo.bloom', '--name', 'a', '--peer', `b=ws://127.0.0.1:${port}`);
    await a.port();
    a.say('hello');
    await b.until(/^hello$/m);
    await a.until(/^hello$/m);
  });
});
