/** Real nodes over real sockets. */
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { runNode } from '../../../src/host/run-node.js';
import { encodeHandshake } from '../../../src/transport/frames.js';
import { fakeEvaluator, fakeProgram } from '../node/fake-evaluator.js';
import { fingerprint, forwarding, startNode, stopAll, until, wireTo } from './hosted.js';
import type { Tested } from './hosted.js';

afterEach(stopAll);

const cluster = ['a', 'b'];
const numbers = (tested: Tested): number[] =>
  tested.node
    .query('')
    .map(([, x]) => Number(x))
    .sort((x, y) => x - y);
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);
const messageOf = (tested: Tested): string =>
  tested.reports.map(({ message }) => message).join('\n');

describe('two nodes', () => {
  it('talk once they have shaken hands, whatever was sent before', async () => {
    const b = await startNode('b', cluster);
    const a = await startNode('a', cluster);
    a.node.insert('put', [['b', 1]]);
    expect(a.node.addPeer('b', b.url)).toEqual([]);
    await until(() => numbers(b).length === 1);
    b.node.insert('put', [['a', 2]]);
    await until(() => numbers(a).length === 1);
    expect([...a.reports, ...b.reports]).toEqual([]);
    const statistics = await a.node.stop();
    expect(statistics).toMatchObject({ dataFrames: 1, coordinationMessages: 0 });
    expect(statistics.timesteps).toBeGreaterThanOrEqual(2);
  });

  it('that dial each other end up with one link, and go on over it', async () => {
    const a = await startNode('a', cluster);
    const b = await startNode('b', cluster);
    a.node.addPeer('b', b.url);
    b.node.addPeer('a', a.url);
    for (const x of range(30)) {
      a.node.insert('put', [['b', x]]);
      b.node.insert('put', [['a', x]]);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => numbers(a).length === 30 && numbers(b).length === 30);
    expect([...a.reports, ...b.reports]).toEqual([]);
  });

  it('lose and double nothing when their connection is killed again and again', async () => {
    const evaluatorB = fakeEvaluator(forwarding);
    const b = await startNode('b', cluster, { evaluator: evaluatorB });
    const wire = await wireTo(b.node.address.port);
    const a = await startNode('a', cluster, { peers: new Map([['b', wire.url]]) });
    for (const x of range(60)) {
      a.node.insert('put', [['b', x]]);
      b.node.insert('put', [['a', x]]);
      if (x % 10 === 5) wire.cut();
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await until(() => numbers(a).length === 60 && numbers(b).length === 60);
    const arrivals = evaluatorB.inputs.flatMap(({ events }) =>
      events.flatMap(({ relation, rows }) => (relation === 'msg' ? rows.map(([, x]) => x) : [])),
    );
    expect(arrivals).toHaveLength(60);
    expect(wire.connections).toBeGreaterThan(1);
  });

  it('lose and double nothing when frames are delayed and overtake each other', async () => {
    const delay = { maxMs: 8, seed: 5 };
    const evaluatorB = fakeEvaluator(forwarding);
    const b = await startNode('b', cluster, { delay, evaluator: evaluatorB });
    const wire = await wireTo(b.node.address.port);
    const a = await startNode('a', cluster, { delay, peers: new Map([['b', wire.url]]) });
    for (const x of range(40)) {
      a.node.insert('put', [['b', x]]);
      if (x === 20) wire.cut();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await until(() => numbers(b).length === 40);
    const arrivals = evaluatorB.inputs.flatMap(({ events }) =>
      events.flatMap(({ relation, rows }) => (relation === 'msg' ? rows.map(([, x]) => x) : [])),
    );
    expect(arrivals).toHaveLength(40);
    expect(arrivals).not.toEqual(range(40));
  });

  it('find each other again when one comes back as a new process on its port', async () => {
    const a = await startNode('a', cluster);
    const old = await startNode('b', cluster);
    const { port } = old.node.address;
    a.node.addPeer('b', old.url);
    a.node.insert('put', [['b', 1]]);
    await until(() => numbers(old).length === 1);
    await old.node.stop();
    a.node.insert('put', [['b', 2]]);
    const b = await startNode('b', cluster, { listen: { host: '127.0.0.1', port } });
    await until(() => numbers(b).length === 1);
    a.node.insert('put', [['b', 3]]);
    await until(() => numbers(b).length === 2);
    expect(numbers(b)).toEqual([2, 3]);
  });
});

describe('a handshake', () => {
  const meet = async (
    aOptions: Parameters<typeof startNode>[2],
    bName = 'b',
    bCluster = cluster,
  ): Promise<readonly [Tested, Tested]> => {
    const b = await startNode(bName, bCluster);
    const a = await startNode('a', cluster, { ...aOptions, peers: new Map([['b', b.url]]) });
    await until(() => a.reports.length > 0 && b.reports.length > 0);
    // A few more attempts, which are not told again.
    await new Promise((resolve) => setTimeout(resolve, 60));
    for (const { reports } of [a, b]) expect(reports.map(({ code }) => code)).toEqual(['TRL0861']);
    return [a, b];
  };

  it('with another program fails, and both sides say which part differs', async () => {
    const [a, b] = await meet({
      fingerprint: { ...fingerprint, program: 'other', params: 'other' },
    });
    expect(messageOf(a)).toBe('b refused node a: they differ in: program, params');
    expect(messageOf(b)).toBe('node b refused a: they differ in: program, params');
  });

  it('that fails is told once by each side for each way, where both dial', async () => {
    const other = { fingerprint: { ...fingerprint, program: 'other' } };
    const [a, b] = [await startNode('a', cluster, other), await startNode('b', cluster)];
    a.node.addPeer('b', b.url);
    b.node.addPeer('a', a.url);
    await until(() => a.reports.length > 1 && b.reports.length > 1);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(a.reports.map(({ message }) => message).sort()).toEqual([
      'b refused node a: they differ in: program',
      'node a refused b: they differ in: program',
    ]);
    expect(b.reports).toHaveLength(2);
  });

  it('in another version is told once, though each attempt has a port of its own', async () => {
    const b = await startNode('b', cluster);
    for (let attempt = 1; attempt <= 4; attempt++) {
      const socket = new WebSocket(b.url);
      socket.on('open', () => socket.send('{"kind":"hello","v":99}'));
      await new Promise((resolve) => {
        socket.on('close', resolve);
      });
    }
    expect(b.reports.map(({ code }) => code)).toEqual(['TRL0861']);
  });

  it('with a name outside the cluster fails on both sides', async () => {
    const [a, b] = await meet({}, 'b', ['b', 'c']);
    expect(messageOf(a)).toBe('b refused node a: "a" is not in the cluster of b');
    expect(messageOf(b)).toContain('node b refused a: "a" is not in its cluster');
  });

  it('with a node of the same name fails on both sides', async () => {
    const [a, b] = await meet({}, 'a');
    expect(messageOf(a)).toBe('b refused node a: both are named "a"');
    expect(messageOf(b)).toBe('node a refused a: both are named "a"');
  });

  it('with another node than the one dialled fails on both sides', async () => {
    const [a, b] = await meet({ cluster: ['a', 'b', 'c'] }, 'c', ['a', 'c']);
    expect(messageOf(a)).toBe('b refused node a: the node at that URL is "c"');
    expect(messageOf(b)).toBe('node c refused a: the node at that URL is "c"');
  });

  it('in another version is refused', async () => {
    const b = await startNode('b', cluster);
    const socket = new WebSocket(b.url);
    const answer = new Promise<string>((resolve) => {
      socket.on('message', (data) => resolve((data as Buffer).toString()));
    });
    socket.on('open', () => socket.send('{"kind":"hello","v":99}'));
    expect(JSON.parse(await answer)).toEqual({
      kind: 'refuse',
      reason: 'version',
      detail: '99, not 1',
    });
    expect(messageOf(b)).toContain('different versions of the protocol (99, not 1)');
  });

  it('that does not come in time ends the connection', async () => {
    const b = await startNode('b', cluster, { limits: { handshakeMs: 20 } });
    const socket = new WebSocket(b.url);
    await new Promise((resolve) => {
      socket.on('close', resolve);
    });
    await until(() => b.reports.length > 0);
    expect(messageOf(b)).toContain('the handshake took too long');
  });
});

describe('a node that meets garbage', () => {
  const hello = encodeHandshake({
    kind: 'hello',
    v: 1,
    program: fingerprint,
    node: 'a',
    to: 'b',
    incarnation: 'a1',
    lastSeq: 0,
    lastOf: null,
  });

  it.each([
    ['text', 'hello?'],
    ['bytes', Buffer.from([1, 2, 3])],
    ['frames before any handshake', '{"kind":"ack","seq":1}'],
  ])('closes a connection that begins with %s, and lives', async (_, garbage) => {
    const b = await startNode('b', cluster);
    const socket = new WebSocket(b.url);
    socket.on('open', () => socket.send(garbage));
    await new Promise((resolve) => {
      socket.on('close', resolve);
    });
    expect(b.reports.map(({ code }) => code)).toEqual(['TRL0862']);
    const a = await startNode('a', cluster, { peers: new Map([['b', b.url]]) });
    a.node.insert('put', [['b', 1]]);
    await until(() => numbers(b).length === 1);
  });

  it('drops it after the handshake, and takes what comes next', async () => {
    const b = await startNode('b', cluster);
    const socket = new WebSocket(b.url);
    socket.on('open', () => {
      socket.send(hello);
      for (const text of ['{"kind":"data"}', Buffer.from('{}'), hello]) socket.send(text);
      socket.send('{"kind":"data","seq":1,"timestep":1,"rows":[["nonsense",[[1]]]]}');
      socket.send('{"kind":"data","seq":2,"timestep":2,"rows":[["msg",[["b",7]]]]}');
    });
    await until(() => numbers(b).length === 1);
    expect(b.reports.map(({ code }) => code)).toEqual(['TRL0862', 'TRL0862', 'TRL0862', 'TRL0853']);
    socket.terminate();
  });

  it('closes a connection whose message is too long', async () => {
    const b = await startNode('b', cluster, { limits: { mostMessageBytes: 1000 } });
    const socket = new WebSocket(b.url);
    const closed = new Promise<number>((resolve) => {
      socket.on('close', resolve);
    });
    socket.on('open', () => socket.send('x'.repeat(2000)));
    expect(await closed).toBe(1009);
    await until(() => b.reports.length > 0);
    expect(b.reports[0]?.code).toBe('TRL0862');
  });

  it('is not held up by connections that speak no HTTP or nothing at all', async () => {
    const b = await startNode('b', cluster);
    const silent = connect(b.node.address.port, '127.0.0.1');
    const noisy = connect(b.node.address.port, '127.0.0.1');
    for (const socket of [silent, noisy]) socket.on('error', () => {});
    noisy.write('\0\0\0\r\n\r\n');
    await new Promise((resolve) => {
      noisy.on('close', resolve);
      noisy.resume();
    });
    const gone = new Promise((resolve) => {
      silent.on('close', resolve);
    });
    await b.node.stop();
    await gone;
  });
});

describe('a node', () => {
  const start = (options: object): ReturnType<typeof runNode> =>
    runNode({
      name: 'a',
      cluster,
      program: fakeProgram,
      evaluator: fakeEvaluator(forwarding),
      fingerprint,
      listener: {},
      ...options,
    });

  it('says so when its port is in use', async () => {
    const b = await startNode('b', cluster);
    const { port } = b.node.address;
    const { value, diagnostics } = await start({ listen: { host: '127.0.0.1', port } });
    expect(value).toBeNull();
    expect(diagnostics[0]).toMatchObject({
      code: 'TRL0860',
      message: `node a cannot listen on 127.0.0.1:${port}: another process listens there`,
    });
  });

  it('says so when the address is not one of this machine', async () => {
    const { diagnostics } = await start({ listen: { host: '192.0.2.1', port: 0 } });
    expect(diagnostics[0]?.code).toBe('TRL0860');
    expect(diagnostics[0]?.message).toContain('cannot listen on 192.0.2.1:0');
  });

  it('does not start with peers that make no sense', async () => {
    const peers = new Map([
      ['bb', 'ws://127.0.0.1:1'],
      ['b', 'http://127.0.0.1:1'],
      ['a', 'ws://127.0.0.1:1'],
    ]);
    const { value, diagnostics } = await start({ peers });
    expect(value).toBeNull();
    expect(diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['TRL0865', 'peer "bb" is not in the cluster; did you mean "b"?'],
      ['TRL0865', 'the URL "http://127.0.0.1:1" of peer b is not one that a node listens on'],
      ['TRL0865', 'node a is given as its own peer'],
    ]);
  });

  it('says so when a peer does not answer, and goes on', async () => {
    const gone = await startNode('b', cluster);
    await gone.node.stop();
    const a = await startNode('a', cluster, { peers: new Map([['b', gone.url]]) });
    await until(() => a.reports.length > 0);
    expect(a.reports[0]?.code).toBe('TRL0864');
    expect(messageOf(a)).toContain(`node a cannot reach b at ${gone.url}`);
  });

  it('closes a connection whose peer does not read, and keeps what was not acknowledged', async () => {
    const b = await startNode('b', cluster, { limits: { mostBufferedBytes: 1000 } });
    const socket = new WebSocket(b.url);
    const hello = {
      kind: 'hello',
      v: 1,
      program: fingerprint,
      node: 'a',
      to: 'b',
      incarnation: 'a1',
      lastSeq: 0,
      lastOf: null,
    };
    await new Promise((resolve) => {
      socket.on('open', () => socket.send(JSON.stringify(hello)));
      socket.once('message', resolve);
    });
    socket.pause();
    for (let x = 0; b.reports.length === 0; x++) {
      b.node.insert('put', [['a', `${x} ${'x'.repeat(500_000)}`]]);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(b.reports[0]?.code).toBe('TRL0863');
    socket.terminate();
  });

  it('sends a large batch in pieces, also over a link that breaks, and in order with what follows', async () => {
    const limits = { mostMessageBytes: 1500, pieceLength: 500, mostFrameLength: 500_000 };
    const b = await startNode('b', cluster, { limits });
    const wire = await wireTo(b.node.address.port);
    const a = await startNode('a', cluster, { peers: new Map([['b', wire.url]]), limits });
    const texts = Array.from({ length: 30 }, (_, i) => `${i} ${'"é'.repeat(i * 500)}`);
    for (const [i, text] of texts.entries()) {
      a.node.insert('put', [['b', text]]);
      await new Promise((resolve) => setImmediate(resolve));
      if (i % 10 === 9) wire.cut();
    }
    const received = () => b.node.query('').map(([, text]) => text);
    await until(() => new Set(received()).size === texts.length);
    expect(new Set(received())).toEqual(new Set(texts));
    // A connection that is cut before it has said who it is comes from an address.
    const told = [a.reports, b.reports].flat().map(({ message }) => message);
    expect(told.filter((text) => !/from (an unknown address|127)/.test(text))).toEqual([]);
    expect(wire.connections).toBeGreaterThan(1);
    // The farewell waits for what was sent before it.
    a.node.insert('put', [['b', 'x'.repeat(100_000)]]);
    await new Promise((resolve) => setImmediate(resolve));
    await a.node.stop();
    await until(() => received().length === texts.length + 1);
  });

  it('closes a connection that sends pieces without an end, or before it has said who it is', async () => {
    const b = await startNode('b', cluster, { limits: { mostFrameLength: 3000 } });
    const piece = JSON.stringify({ kind: 'piece', text: 'x'.repeat(1000), isLast: false });
    const closed = (messages: readonly string[]) =>
      new Promise<void>((resolve) => {
        const socket = new WebSocket(b.url);
        socket.on('close', () => resolve());
        socket.on('open', () => {
          for (const message of messages) socket.send(message);
        });
      });
    await closed([piece]);
    await until(() => b.reports.length > 0);
    expect(b.reports[0]?.code).toBe('TRL0862');
    const hello = { kind: 'hello', v: 1, program: fingerprint, node: 'a', to: 'b' };
    const rest = { incarnation: 'a1', lastSeq: 0, lastOf: null };
    await closed([JSON.stringify({ ...hello, ...rest }), piece, piece, piece, piece]);
  });

  it('leaves out a batch that is too large for any node, and goes on', async () => {
    const b = await startNode('b', cluster);
    const a = await startNode('a', cluster, {
      peers: new Map([['b', b.url]]),
      limits: { mostFrameLength: 10_000 },
    });
    a.node.insert('put', [['b', 1]]);
    await until(() => numbers(b).length === 1);
    a.node.insert('put', [['b', 'x'.repeat(20_000)]]);
    await until(() => a.reports.length > 0);
    a.node.insert('put', [['b', 2]]);
    await until(() => numbers(b).length === 2);
    expect(a.reports.map(({ code }) => code)).toEqual(['TRL0866']);
    expect(numbers(b)).toEqual([1, 2]);
  });

  it('takes lines of standard input', async () => {
    const stdin = new PassThrough();
    const a = await startNode('a', cluster, { stdin }, (rowsOf) => ({ store: rowsOf('stdin') }));
    stdin.write('one\ntwo\r\nthr');
    stdin.end('ee');
    await until(() => a.node.query('').length === 3);
    expect(a.node.query('')).toEqual([['one'], ['two'], ['three']]);
  });

  it('tells when it ends by itself, and hands over what its last timestep sent', async () => {
    const b = await startNode('b', cluster);
    const a = await startNode('a', cluster, { peers: new Map([['b', b.url]]) }, (rowsOf) =>
      rowsOf('put').length > 0 ? { send: [{ relation: 'msg', rows: rowsOf('put') }], halt: 3 } : {},
    );
    b.node.insert('put', [['a', 0]]);
    await until(() => a.node.statistics().timesteps > 1);
    a.node.insert('put', [['b', 1]]);
    expect(await a.node.ended).toEqual({ code: 3 });
    await a.node.stop();
    await until(() => numbers(b).length === 1);
  });

  it('fires its periodics on the real clock, and lets go of them', async () => {
    const program = { ...fakeProgram, periodics: [{ relation: 'beat', periodMs: 10 }] };
    const evaluator = fakeEvaluator((rowsOf) => ({ store: rowsOf('beat') }));
    const a = await startNode('a', ['a'], { program, evaluator });
    await until(() => a.node.query('').length >= 2);
    const [first, second] = a.node.query('');
    expect(Number(second?.[1]) - Number(first?.[1])).toBe(
      (Number(second?.[0]) - Number(first?.[0])) * 10,
    );
    await a.node.stop();
    expect(evaluator.isClosed).toBe(true);
    const count = evaluator.inputs.length;
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect(evaluator.inputs).toHaveLength(count);
  });
});

describe('three nodes with an ordered log', () => {
  const names = ['a', 'b', 'c'];
  const program = { ...fakeProgram, orderedLog: { channels: new Set(['msg']), members: names } };

  it('apply the same entries in the same order, and count the messages', async () => {
    const nodes = await Promise.all(names.map((name) => startNode(name, names, { program })));
    for (const { node } of nodes) {
      for (const peer of nodes) if (peer.node !== node) node.addPeer(peer.node.name, peer.url);
    }
    for (const x of range(5)) {
      for (const { node } of nodes) {
        node.insert(
          'put',
          names.map((to) => [to, `${node.name}${x}`]),
        );
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    }
    // Rows that enter together share a timestep and then an entry; every ask is in one of them.
    await until(() => nodes.every(({ node }) => node.query('').length === 15));
    const [a, b, c] = nodes.map(({ log }) => log);
    expect(b).toEqual(a);
    expect(c).toEqual(a);
    const orders = nodes.map(({ node }) => node.query('').map(([, x]) => x));
    expect(orders[1]).toEqual(orders[0]);
    expect(orders[2]).toEqual(orders[0]);
    const statistics = nodes.map(({ node }) => node.statistics());
    expect(statistics.every(({ dataFrames }) => dataFrames === 0)).toBe(true);
    expect(statistics.every(({ coordinationMessages }) => coordinationMessages > 0)).toBe(true);
  });
});
