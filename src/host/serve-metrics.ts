/**
 * What a node counts, for Prometheus and whoever else reads its text format: `GET /metrics`.
 *
 * Nothing is counted twice: the node and its transport keep the figures anyway, and they are read when
 * somebody asks. Only how long timesteps take is noted as it happens. Figures of the process (memory,
 * processor, event loop, garbage collection) are those that prom-client collects, under its names.
 */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from 'prom-client';
import type { Checked } from '../diagnostics/diagnostic.js';
import type { ListenAddress } from './listen-address.js';
import type { HostedNode, NodeMeasurements } from './run-node.js';
import { describeListenFailure } from './transport-reports.js';

export interface MetricsServer {
  /** Where it listens, with the port that it really has. */
  readonly url: string;
  /** Notes how long a timestep took. */
  timestepTook(ms: number): void;
  /** From now on the figures of this node are served; before, there are none (status 503). */
  show(node: Pick<HostedNode, 'measure'>): void;
  close(): Promise<void>;
}

/** Upper bounds of the histogram of timesteps, in seconds. */
const timestepBounds = [0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10];
/** Scrapers are few; whoever else connects waits. */
const maxConnections = 32;
const plainText = { 'content-type': 'text/plain; charset=utf-8' };

/** Serves the metrics of a node; null and the reason if it cannot listen there. */
export async function serveMetrics(
  node: string,
  listen: ListenAddress,
): Promise<Checked<MetricsServer | null>> {
  const metrics = new NodeMetrics(node);
  const server = createServer((request, response) => {
    respond(metrics, request, response).catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      response.writeHead(500, plainText).end(`the metrics cannot be read: ${reason}\n`);
    });
  });
  server.maxConnections = maxConnections;
  // It is the node that keeps the process, and metrics alone do not.
  server.unref();
  const failure = await listenOn(server, listen);
  if (failure !== null) {
    const described = describeListenFailure(
      node,
      listen,
      { kind: 'listen-failure', code: failure.code ?? '', message: failure.message },
      'serve metrics',
    );
    return { value: null, diagnostics: [described] };
  }
  const { port } = server.address() as AddressInfo;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  const value: MetricsServer = {
    url: `http://${host}:${port}/metrics`,
    timestepTook: (ms) => metrics.timesteps.observe(ms / 1000),
    show: (shown) => {
      metrics.measure = () => shown.measure();
    },
    close: () => closeServer(server),
  };
  return { value, diagnostics: [] };
}

function listenOn(
  server: Server,
  { host, port }: ListenAddress,
): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(port, host, () => resolve(null));
  });
}

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function respond(
  metrics: NodeMetrics,
  { method, url = '' }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (url.split('?', 1)[0] !== '/metrics') {
    response.writeHead(404, plainText).end('the metrics of this node are at /metrics\n');
  } else if (method !== 'GET' && method !== 'HEAD') {
    response.writeHead(405, { ...plainText, allow: 'GET, HEAD' }).end('metrics can only be read\n');
  } else if (metrics.measure === null) {
    response.writeHead(503, plainText).end('the node has not started yet\n');
  } else {
    const text = await metrics.registry.metrics();
    response.writeHead(200, { 'content-type': metrics.registry.contentType });
    response.end(method === 'HEAD' ? '' : text);
  }
}

/** Totals that the node and its transport keep: the name, what it says, where it is found. */
const counters: readonly (readonly [string, string, (measured: NodeMeasurements) => number])[] = [
  ['timesteps', 'Timesteps that committed.', (m) => m.counters.timesteps],
  ['failed_timesteps', 'Timesteps that failed and were undone.', (m) => m.counters.failedTimesteps],
  [
    'rejected_batches',
    'Batches that failed alone and were left out.',
    (m) => m.counters.rejectedBatches,
  ],
  [
    'coordination_messages',
    'Messages of the ordered log and of barriers that were sent.',
    (m) => m.frames.coordinationMessages + m.counters.barrierMessages,
  ],
  [
    'log_entries_applied',
    'Entries of the ordered log that were applied.',
    (m) => m.counters.appliedEntries,
  ],
  ['duplicate_frames', 'Data frames that had arrived before.', (m) => m.counters.duplicateFrames],
  ['garbage_frames', 'Frames of peers that made no sense.', (m) => m.counters.garbageFrames],
  [
    'dropped_frames',
    'Data frames that were lost because too many waited for their peer.',
    (m) => m.counters.droppedFrames,
  ],
  [
    'unknown_addresses',
    'Batches for names that are no nodes of the cluster.',
    (m) => m.counters.unknownAddresses,
  ],
];

/** The metrics of one node, each with what it says of itself. */
class NodeMetrics {
  readonly registry = new Registry();
  readonly timesteps: Histogram;
  /** Null until there is a node. */
  measure: (() => NodeMeasurements) | null = null;
  readonly #measured = (): NodeMeasurements => this.measure!();

  constructor(node: string) {
    this.registry.setDefaultLabels({ node });
    const registers = [this.registry];
    this.timesteps = new Histogram({
      name: 'trellis_timestep_seconds',
      help: 'Time that timesteps took, with the sends and observations that they brought about.',
      buckets: timestepBounds,
      registers,
    });
    for (const counter of counters) this.#counter(counter);
    this.#framesSent();
    this.#gauges('link_up', 'Whether there is a link to the peer.', 'peer', (m) =>
      m.peers.map(({ peer, isLinked }) => [peer, isLinked ? 1 : 0]),
    );
    this.#gauges(
      'unacknowledged_frames',
      'Data frames that the peer has not acknowledged.',
      'peer',
      (m) => m.peers.map(({ peer, unacknowledged }) => [peer, unacknowledged]),
    );
    this.#gauges('relation_tuples', 'Tuples that the relation holds.', 'relation', (m) =>
      m.relations.map(({ relation, tuples }) => [relation, tuples]),
    );
    this.#gauges(
      'relation_bytes',
      'Memory of the relation, its indexes included.',
      'relation',
      (m) => m.relations.map(({ relation, bytes }) => [relation, bytes]),
    );
    collectDefaultMetrics({ register: this.registry });
  }

  #counter([name, help, total]: (typeof counters)[number]): void {
    const measured = this.#measured;
    void new Counter({
      name: `trellis_${name}_total`,
      help,
      registers: [this.registry],
      collect() {
        this.reset();
        this.inc(total(measured()));
      },
    });
  }

  #framesSent(): void {
    const measured = this.#measured;
    void new Counter({
      name: 'trellis_frames_sent_total',
      help: 'Frames handed to links, those sent again included.',
      labelNames: ['kind'],
      registers: [this.registry],
      collect() {
        const { dataFrames, coordinationMessages, otherFrames } = measured().frames;
        this.reset();
        this.inc({ kind: 'data' }, dataFrames);
        this.inc({ kind: 'log' }, coordinationMessages);
        this.inc({ kind: 'other' }, otherFrames);
      },
    });
  }

  #gauges(
    name: string,
    help: string,
    label: string,
    values: (measured: NodeMeasurements) => readonly (readonly [string, number])[],
  ): void {
    const measured = this.#measured;
    void new Gauge({
      name: `trellis_${name}`,
      help,
      labelNames: [label],
      registers: [this.registry],
      collect() {
        this.reset();
        for (const [of, value] of values(measured())) this.set({ [label]: of }, value);
      },
    });
  }
}
