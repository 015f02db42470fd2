/**
 * One node of a cluster as a process runs it: the state machine, real time, sockets, standard input.
 *
 * The node is started before anybody can connect, so that every frame finds a running node; and when
 * it stops, what it sent last (farewells included) leaves before the sockets close.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Prng } from '../base/prng.js';
import type { Row } from '../base/value.js';
import type { Checked, Diagnostic } from '../diagnostics/diagnostic.js';
import type { Evaluator, EvaluatorStatistics } from '../evaluator/evaluator.js';
import type { NodeConfiguration, NodeProgram } from '../node/configuration.js';
import { createNode } from '../node/node.js';
import type { NodeCounters } from '../node/counters.js';
import type { Node } from '../node/node.js';
import type { Storage } from '../node/storage.js';
import type { ConnectionLimits } from '../transport/connection.js';
import { DelayedTransport } from '../transport/delayed-transport.js';
import type { Backoff } from '../transport/dialler.js';
import type { Fingerprint } from '../transport/frames.js';
import { startCounters } from '../transport/transport.js';
import type { Transport, TransportCounters, TransportListener } from '../transport/transport.js';
import { isPeerUrl, openWebSocketTransport } from '../transport/websocket-transport.js';
import type { WebSocketTransport } from '../transport/websocket-transport.js';
import { Agenda } from './agenda.js';
import { realClock, realScheduler } from './clock.js';
import { loopbackAddress } from './listen-address.js';
import type { ListenAddress } from './listen-address.js';
import { NodeDriver } from './node-driver.js';
import type { HostListener } from './node-driver.js';
import { readLines } from './read-lines.js';
import type { LineSource } from './read-lines.js';
import { describeBadPeer, describeListenFailure, describeTrouble } from './transport-reports.js';

export interface RunNodeOptions {
  readonly name: string;
  /** All nodes of the cluster, sorted, this one included. */
  readonly cluster: readonly string[];
  readonly program: NodeProgram;
  /** Closed when the node has stopped and the host is asked to close. */
  readonly evaluator: Evaluator;
  readonly fingerprint: Fingerprint;
  /** What outlives the process; closed with the node. Without it nothing does. */
  readonly storage?: Storage | null;
  readonly listener: HostListener;
  /** The loopback interface and a free port, if left out. */
  readonly listen?: ListenAddress;
  /** URLs of peers by name. */
  readonly peers?: ReadonlyMap<string, string>;
  readonly log?: NodeConfiguration['log'];
  readonly outboxFrames?: number;
  /** Delays every frame that this node sends by 0 to `maxMs` milliseconds, drawn from the seed. */
  readonly delay?: { readonly maxMs: number; readonly seed: number } | null;
  /** Lines for the relation `stdin`. */
  readonly stdin?: Readable | null;
  readonly limits?: Partial<ConnectionLimits & Backoff>;
}

/** The last line of `node` on standard error, without its name and schema. */
export interface NodeStatistics {
  readonly timesteps: number;
  readonly dataFrames: number;
  readonly coordinationMessages: number;
}

/** What a node can tell of itself at any moment. */
export interface NodeMeasurements {
  readonly counters: Readonly<NodeCounters>;
  readonly frames: Readonly<TransportCounters>;
  /** In the order of their names. */
  readonly peers: readonly {
    readonly peer: string;
    readonly isLinked: boolean;
    /** Data frames that it has not acknowledged. */
    readonly unacknowledged: number;
  }[];
  /** None where the evaluator cannot tell. */
  readonly relations: EvaluatorStatistics['relations'];
}

/** A node that runs. */
export interface HostedNode {
  readonly name: string;
  readonly incarnation: string;
  /** Where it listens, with the port that it really has. */
  readonly address: ListenAddress;
  /** Settles when the node has ended by itself (`halt`, a failed boot) or was stopped; code 0 for `stop`. */
  readonly ended: Promise<{ readonly code: number }>;
  /** Rows for an input: one batch. Contract: they fit the relation's columns. */
  insert(relation: string, rows: readonly Row[]): void;
  /** Dials a peer from now on; a diagnostic if name or URL makes no sense. */
  addPeer(name: string, url: string): readonly Diagnostic[];
  query(relation: string): readonly Row[];
  statistics(): NodeStatistics;
  measure(): NodeMeasurements;
  /** Stops the node, lets go of sockets, timers and standard input, and closes the evaluator. May be called again. */
  stop(): Promise<NodeStatistics>;
}

/** Timing of the ordered log between processes on one machine or near each other. */
export const usualLogTiming: NodeConfiguration['log'] = { retryMs: 400, catchUpMs: 200 };
/** Data frames that may wait for one peer. */
export const usualOutboxFrames = 10_000;

/** Starts a node; null and the reason if it cannot listen or a peer makes no sense. */
export async function runNode(options: RunNodeOptions): Promise<Checked<HostedNode | null>> {
  const peers = [...(options.peers ?? [])];
  const diagnostics = peers.flatMap(([name, url]) => checkPeer(options, name, url));
  if (diagnostics.length > 0) return { value: null, diagnostics };
  const hosted = new NodeProcess(options);
  const diagnostic = await hosted.open();
  if (diagnostic !== null) return { value: null, diagnostics: [diagnostic] };
  for (const [name, url] of peers) hosted.addPeer(name, url);
  return { value: hosted, diagnostics: [] };
}

function checkPeer(
  { name: self, cluster }: RunNodeOptions,
  name: string,
  url: string,
): readonly Diagnostic[] {
  const isFine = cluster.includes(name) && name !== self && isPeerUrl(url);
  return isFine ? [] : [describeBadPeer(self, cluster, name, url)];
}

class NodeProcess implements HostedNode {
  readonly name: string;
  readonly incarnation = randomUUID();
  readonly ended: Promise<{ readonly code: number }>;
  readonly #options: RunNodeOptions;
  readonly #node: Node;
  readonly #driver: NodeDriver;
  readonly #agenda = new Agenda();
  readonly #linked = new Set<string>();
  #address = loopbackAddress;
  #sockets: WebSocketTransport | null = null;
  #transport: Transport | null = null;
  #lines: LineSource | null = null;
  #settle: (end: { readonly code: number }) => void = () => {};
  #stopping: Promise<NodeStatistics> | null = null;

  constructor(options: RunNodeOptions) {
    this.name = options.name;
    this.#options = options;
    this.ended = new Promise((resolve) => {
      this.#settle = resolve;
    });
    this.#node = createNode(configure(options), options.evaluator);
    this.#driver = new NodeDriver(this.#node, {
      clock: realClock,
      scheduler: realScheduler,
      agenda: this.#agenda,
      listener: options.listener,
      storage: options.storage ?? null,
      send: (peer, frame) => this.#transport?.send(peer, frame),
      halted: (code) => this.#settle({ code }),
    });
  }

  get address(): ListenAddress {
    return this.#address;
  }

  /** Listens and boots; the reason if it cannot listen. */
  async open(): Promise<Diagnostic | null> {
    const { cluster, fingerprint, limits = {} } = this.#options;
    const listen = this.#options.listen ?? loopbackAddress;
    const opened = await openWebSocketTransport({
      self: { node: this.name, incarnation: this.incarnation, program: fingerprint, cluster },
      listen,
      listener: this.#transportListener(),
      scheduler: realScheduler,
      limits,
    });
    if ('kind' in opened) return describeListenFailure(this.name, listen, opened);
    this.#sockets = opened;
    this.#address = { host: listen.host, port: opened.address.port };
    this.#transport = this.#delayed(opened);
    const stored = this.#options.storage?.takeStored() ?? null;
    this.#driver.feed({ kind: 'start', incarnation: this.incarnation, stored });
    const { stdin } = this.#options;
    if (stdin) this.#lines = readLines(stdin, (line) => this.insert('stdin', [[line]]));
    return null;
  }

  insert(relation: string, rows: readonly Row[]): void {
    this.#driver.feed({ kind: 'insert', relation, rows });
  }

  addPeer(name: string, url: string): readonly Diagnostic[] {
    const diagnostics = checkPeer(this.#options, name, url);
    if (diagnostics.length === 0) this.#sockets?.addPeer(name, url);
    return diagnostics;
  }

  query(relation: string): readonly Row[] {
    return this.#node.query(relation);
  }

  statistics(): NodeStatistics {
    const { dataFrames = 0, coordinationMessages = 0 } = this.#transport?.counters ?? {};
    const { timesteps, barrierMessages } = this.#node.counters;
    return {
      timesteps,
      dataFrames,
      coordinationMessages: coordinationMessages + barrierMessages,
    };
  }

  measure(): NodeMeasurements {
    const { cluster, evaluator } = this.#options;
    const peers = cluster.filter((peer) => peer !== this.name);
    return {
      counters: this.#node.counters,
      frames: this.#transport?.counters ?? startCounters(),
      peers: peers.map((peer) => ({
        peer,
        isLinked: this.#linked.has(peer),
        unacknowledged: this.#node.unacknowledgedBy(peer),
      })),
      relations: evaluator.statistics?.().relations ?? [],
    };
  }

  stop(): Promise<NodeStatistics> {
    this.#stopping ??= this.#shutDown();
    return this.#stopping;
  }

  async #shutDown(): Promise<NodeStatistics> {
    this.#lines?.stop();
    await this.#driver.drain();
    this.#driver.stop();
    // A stop from within a callback is carried out when the callback is done.
    await new Promise((resolve) => setImmediate(resolve));
    this.#agenda.clear();
    await this.#transport?.close();
    const statistics = this.statistics();
    await this.#options.storage?.close();
    this.#options.evaluator.close();
    this.#settle({ code: 0 });
    return statistics;
  }

  #delayed(transport: WebSocketTransport): Transport {
    const { delay = null } = this.#options;
    if (delay === null) return transport;
    // The nodes of a cluster share the seed; each draws delays of its own.
    const prng = new Prng(delay.seed).fork(this.name);
    return new DelayedTransport(transport, delay.maxMs, prng, realScheduler);
  }

  #transportListener(): TransportListener {
    return {
      linkUp: (peer, incarnation, lastSeq) => {
        this.#linkChanged(peer);
        this.#linked.add(peer);
        this.#driver.feed({ kind: 'link', peer, state: 'up', incarnation, lastSeq });
      },
      linkDown: (peer) => {
        this.#linkChanged(peer);
        this.#linked.delete(peer);
        this.#driver.feed({ kind: 'link', peer, state: 'down' });
      },
      frame: (peer, frame) => this.#driver.feed({ kind: 'frame', peer, frame }),
      trouble: (trouble) => {
        const { listener, cluster } = this.#options;
        listener.report?.(this.name, describeTrouble(this.name, cluster, trouble), null);
      },
      receiptOf: (peer) => this.#node.receiptOf(peer),
    };
  }

  #linkChanged(peer: string): void {
    if (this.#transport instanceof DelayedTransport) this.#transport.linkChanged(peer);
  }
}

function configure(options: RunNodeOptions): NodeConfiguration {
  const { name, cluster, program, log = usualLogTiming } = options;
  const { outboxFrames = usualOutboxFrames, storage = null } = options;
  const hasStorage = storage !== null;
  return { name, cluster, program, log, outboxFrames, unknownAddress: 'hold', hasStorage };
}
