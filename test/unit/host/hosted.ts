/** Real nodes on loopback sockets for tests, a wire in between that can be cut, and patience. */
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import type { Diagnostic } from '../../../src/diagnostics/diagnostic.js';
import { runNode } from '../../../src/host/run-node.js';
import type { HostedNode, RunNodeOptions } from '../../../src/host/run-node.js';
import { fakeEvaluator, fakeProgram } from '../node/fake-evaluator.js';
import type { Rules } from '../node/fake-evaluator.js';

export const fingerprint = { language: 'l', program: 'p', params: 'q', coordination: 'c' };

/** `put(to, x)` is sent as `msg(to, x)`, `tell(to, x)` as `other(to, x)`; what arrives is stored. */
export const forwarding: Rules = (rowsOf) => ({
  store: [...rowsOf('msg'), ...rowsOf('other')],
  send: [
    { relation: 'msg', rows: rowsOf('put') },
    { relation: 'other', rows: rowsOf('tell') },
  ].filter(({ rows }) => rows.length > 0),
});

export interface Tested {
  readonly node: HostedNode;
  readonly reports: Diagnostic[];
  readonly log: string[];
  readonly url: string;
}

const open: Tested[] = [];

/** Starts a node that the end of the test stops; quick to dial again. */
export async function startNode(
  name: string,
  cluster: readonly string[],
  options: Partial<RunNodeOptions> = {},
  rules: Rules = forwarding,
): Promise<Tested> {
  const reports: Diagnostic[] = [];
  const log: string[] = [];
  const { value, diagnostics } = await runNode({
    name,
    cluster,
    program: fakeProgram,
    evaluator: fakeEvaluator(rules),
    fingerprint,
    listener: {
      report: (_, diagnostic) => reports.push(diagnostic),
      logApplied: ({ slot, entryId }) => log.push(`${slot}:${entryId}`),
    },
    log: { retryMs: 100, catchUpMs: 50 },
    ...options,
    limits: { firstMs: 5, longestMs: 20, handshakeMs: 1000, ...options.limits },
  });
  if (value === null) throw new Error(JSON.stringify(diagnostics));
  const tested = { node: value, reports, log, url: `ws://127.0.0.1:${value.address.port}` };
  open.push(tested);
  return tested;
}

export async function stopAll(): Promise<void> {
  await Promise.all(open.splice(0).map(({ node }) => node.stop()));
  for (const wire of wires.splice(0)) wire.close();
}

/** Waits until something holds; the test's own time limit is the bound. */
export async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 2));
}

export interface Wire {
  readonly url: string;
  /** Kills all connections that run over the wire, without a farewell. */
  cut(): void;
  close(): void;
  readonly connections: number;
}

const wires: Wire[] = [];

/** A TCP wire to a node. */
export async function wireTo(port: number): Promise<Wire> {
  const sockets = new Set<Socket>();
  let connections = 0;
  const server = createServer((inner) => {
    connections += 1;
    const outer = connect(port, '127.0.0.1');
    for (const [socket, other] of [
      [inner, outer],
      [outer, inner],
    ] as const) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    inner.pipe(outer).pipe(inner);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  const wire: Wire = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut,
    close: () => {
      cut();
      server.close();
    },
    get connections() {
      return connections;
    },
  };
  wires.push(wire);
  return wire;
}
