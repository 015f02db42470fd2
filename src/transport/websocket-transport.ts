/**
 * Links between nodes over WebSockets.
 *
 * Every node listens, and dials the peers whose URLs it knows. Whoever dialled says `hello`, the
 * other `welcome` or `refuse` (handshake.ts); only then frames flow, and the listener hears of a
 * link. A pair of nodes has one link at most. A link that breaks is dialled again (dialler.ts), and
 * what was lost in it is the node's to repeat.
 *
 * Nothing that comes over a connection can do more than close it.
 */
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { WebSocket, WebSocketServer } from 'ws';
import { mostFrameLength } from '../node/frames.js';
import type { Frame } from '../node/frames.js';
import { isWorthReporting } from '../node/node-reports.js';
import { Connection } from './connection.js';
import type { ConnectionLimits } from './connection.js';
import { Dialler } from './dialler.js';
import type { Backoff } from './dialler.js';
import { encodeFrame, encodeHandshake, wireVersion } from './frames.js';
import type { Introduction, WireMessage } from './frames.js';
import { isBetter, judge } from './handshake.js';
import type { Candidate, Refusal, Self } from './handshake.js';
import { countFrame, startCounters } from './transport.js';
import type { Scheduler, Transport, TransportCounters, TransportListener } from './transport.js';

export interface WebSocketOptions {
  readonly self: Self;
  /** Port 0: the system chooses one. */
  readonly listen: { readonly host: string; readonly port: number };
  readonly listener: TransportListener;
  readonly scheduler: Scheduler;
  readonly limits?: Partial<ConnectionLimits & Backoff>;
}

/** Why a node cannot listen: the system's code, such as `EADDRINUSE`, and its message. */
export interface ListenFailure {
  readonly kind: 'listen-failure';
  readonly code: string;
  readonly message: string;
}

const usualLimits: ConnectionLimits & Backoff = {
  handshakeMs: 5000,
  keepAliveMs: 10_000,
  mostBufferedBytes: 64 * 1024 * 1024,
  mostMessageBytes: 64 * 1024 * 1024,
  pieceLength: 4 * 1024 * 1024,
  mostFrameLength,
  firstMs: 50,
  longestMs: 2000,
};
/** Attempts that fail before a peer is called unreachable: nodes of a cluster start one by one. */
const quietFailures = 5;
/** Refusals that are remembered so that each is told once. */
const mostRefusals = 1000;

/** What a refusal is remembered by: of an address only the host, since each attempt has another port. */
function refusalKey(by: 'us' | 'peer', peer: string): string {
  return `${by} ${peer.replace(/:\d+$/, '')}`;
}

/** The text of a frame; null if it is longer than any text can be. */
function textOf(frame: Frame): string | null {
  try {
    return encodeFrame(frame);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether a peer can be dialled at this URL. */
export function isPeerUrl(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { protocol, hash } = new URL(url);
  return (protocol === 'ws:' || protocol === 'wss:') && hash === '';
}

/** Listens, or says why that cannot be. */
export function openWebSocketTransport(
  options: WebSocketOptions,
): Promise<WebSocketTransport | ListenFailure> {
  const server = createServer((_request, response) => {
    response.writeHead(426).end('this is a node of a Trellis cluster: it speaks WebSocket\n');
  });
  return new Promise((resolve) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ kind: 'listen-failure', code: error.code ?? '', message: error.message });
    });
    server.listen(options.listen.port, options.listen.host, () => {
      resolve(new WebSocketTransport(options, server));
    });
  });
}

/** A connection that has shaken hands. */
interface Link extends Candidate {
  readonly connection: Connection;
}

/** A connection before and after its handshake. */
interface Ends {
  /** The name that was dialled; null for a connection that was accepted. */
  readonly dialled: string | null;
  /** The peer's name once it is known, its address before. */
  peer: string;
  isEstablished: boolean;
  isSettled: boolean;
}

/** The links of one node. */
export class WebSocketTransport implements Transport {
  readonly counters: TransportCounters = startCounters();
  readonly #self: Self;
  readonly #listener: TransportListener;
  readonly #scheduler: Scheduler;
  readonly #limits: ConnectionLimits & Backoff;
  readonly #server: Server;
  readonly #acceptor: WebSocketServer;
  readonly #rawSockets = new Set<Socket>();
  readonly #connections = new Map<Connection, () => void>();
  readonly #links = new Map<string, Link>();
  readonly #diallers = new Map<string, Dialler>();
  /** By who refused whom: where both dial, the two refusals of a pair take turns. */
  readonly #toldRefusals = new Map<string, string>();
  readonly #toldOversize = new Set<string>();
  #garbageCount = 0;
  #isClosing = false;

  constructor(options: WebSocketOptions, server: Server) {
    this.#self = options.self;
    this.#listener = options.listener;
    this.#scheduler = options.scheduler;
    this.#limits = { ...usualLimits, ...options.limits };
    this.#server = server;
    server.on('connection', (socket) => {
      this.#rawSockets.add(socket);
      socket.once('close', () => this.#rawSockets.delete(socket));
    });
    this.#acceptor = new WebSocketServer({
      server,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: this.#limits.mostMessageBytes,
    });
    this.#acceptor.on('error', (error) => {
      this.#garbage('an unknown address', error.message, true);
    });
    this.#acceptor.on('connection', (socket, request) => {
      const { remoteAddress = 'an unknown address', remotePort = 0 } = request.socket;
      this.#attend(socket, null, `${remoteAddress}:${remotePort}`);
    });
  }

  /** Where this node listens: the port is the one that the system chose if it was asked to. */
  get address(): { readonly host: string; readonly port: number } {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') return { host: '', port: 0 };
    return { host: address.address, port: address.port };
  }

  /** Dials a peer from now on; a URL given before for it is forgotten. Contract: `isPeerUrl(url)`. */
  addPeer(name: string, url: string): void {
    this.#diallers.get(name)?.stop();
    const dialler = new Dialler(
      () => this.#dial(name, url, dialler),
      () => !this.#isClosing && !this.#links.has(name) && this.#diallers.get(name) === dialler,
      this.#limits,
      this.#scheduler,
    );
    this.#diallers.set(name, dialler);
    dialler.start();
  }

  send(peer: string, frame: Frame): void {
    const link = this.#links.get(peer);
    if (link === undefined) return;
    const text = textOf(frame);
    if (text === null || text.length > this.#limits.mostFrameLength)
      return this.#leaveOut(peer, frame, text?.length ?? null);
    if (link.connection.send(text)) {
      countFrame(this.counters, frame);
      return;
    }
    this.#listener.trouble({ kind: 'slow-reader', peer, bytes: this.#limits.mostBufferedBytes });
    this.#dropLink(peer);
    link.connection.abort('the peer does not read');
  }

  /** A frame that is too long; one of a durable lane comes again over every link, and is told of once. */
  #leaveOut(peer: string, frame: Frame, length: number | null): void {
    const isKept = frame.kind === 'durable';
    const key = isKept ? JSON.stringify([peer, frame.origin, frame.seq]) : null;
    if (key === null || !this.#toldOversize.has(key))
      this.#listener.trouble({ kind: 'oversize', peer, length, isKept });
    if (key !== null) this.#toldOversize.add(key);
    // What came before it on this link has arrived or is acknowledged: only this frame is left out.
    if (frame.kind === 'data') this.send(peer, { kind: 'skip', seq: frame.seq });
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    for (const dialler of this.#diallers.values()) dialler.stop();
    const allClosed = [...this.#connections].map(
      ([connection]) =>
        new Promise<void>((resolve) => {
          this.#connections.set(connection, resolve);
          connection.close();
        }),
    );
    const serverClosed = new Promise<void>((resolve) => {
      this.#acceptor.close();
      this.#server.close(() => resolve());
    });
    await Promise.all(allClosed);
    for (const socket of this.#rawSockets) socket.destroy();
    await serverClosed;
  }

  #dial(name: string, url: string, dialler: Dialler): void {
    const { mostMessageBytes, handshakeMs } = this.#limits;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: mostMessageBytes,
      handshakeTimeout: handshakeMs,
      followRedirects: false,
    });
    const connection = this.#attend(socket, name, name, (reason, ends) => {
      if (ends.isEstablished) return;
      const failures = dialler.failed();
      if (ends.isSettled || this.#isClosing || this.#links.has(name)) return;
      if (failures !== quietFailures && failures % 100 !== 0) return;
      this.#listener.trouble({ kind: 'unreachable', peer: name, url, reason });
    });
    socket.once('open', () => connection.send(this.#introduce('hello', name)));
  }

  /** Takes charge of a socket until it is closed. */
  #attend(
    socket: WebSocket,
    dialled: string | null,
    peer: string,
    whenClosed: (reason: string, ends: Ends) => void = () => {},
  ): Connection {
    const ends: Ends = { dialled, peer, isEstablished: false, isSettled: false };
    const connection = new Connection(socket, this.#limits, this.#scheduler, {
      message: (message) => this.#take(connection, ends, message),
      closed: (reason) => {
        const resolve = this.#connections.get(connection);
        this.#connections.delete(connection);
        whenClosed(reason, ends);
        if (this.#links.get(ends.peer)?.connection === connection) this.#dropLink(ends.peer);
        else if (dialled === null && !ends.isEstablished && !ends.isSettled) {
          if (!this.#isClosing) this.#garbage(ends.peer, reason, true);
        }
        resolve?.();
      },
    });
    this.#connections.set(connection, () => {});
    return connection;
  }

  #take(connection: Connection, ends: Ends, message: WireMessage | null): void {
    // A connection that has been refused or replaced is deaf until it is closed.
    if (ends.isSettled) return;
    if (ends.isEstablished) {
      if (this.#links.get(ends.peer)?.connection !== connection) return;
      return this.#takeFrame(connection, ends, message);
    }
    const awaited = ends.dialled === null ? 'hello' : 'welcome';
    if (message?.kind === 'foreign') {
      const detail = `${message.v}, not ${wireVersion}`;
      return this.#refuse(connection, ends, { reason: 'version', detail });
    }
    if (message?.kind === 'refuse') return this.#refused(connection, ends, message);
    if (message?.kind !== awaited) {
      ends.isSettled = true;
      this.#garbage(ends.peer, `its first message is no ${awaited}`, true);
      return connection.abort('garbage');
    }
    return this.#meet(connection, ends, message);
  }

  #takeFrame(connection: Connection, ends: Ends, message: WireMessage | null): void {
    if (message === null)
      return this.#garbage(ends.peer, 'it is no message of the protocol', false);
    switch (message.kind) {
      case 'hello':
      case 'welcome':
      case 'foreign':
        return this.#garbage(ends.peer, 'it is a handshake after the handshake', false);
      case 'refuse':
        this.#dropLink(ends.peer);
        return this.#refused(connection, ends, message);
      default:
        return this.#listener.frame(ends.peer, message);
    }
  }

  /** Judges an introduction, and makes a link of the connection if it is the best of the pair. */
  #meet(connection: Connection, ends: Ends, other: Introduction): void {
    const refusal = judge(this.#self, other, ends.dialled);
    if (refusal !== null) {
      // A name that was dialled stays the name under which the trouble is told.
      ends.peer = ends.dialled ?? other.node;
      return this.#refuse(connection, ends, refusal);
    }
    const dialledBy = ends.dialled === null ? other.node : this.#self.node;
    const link: Link = { connection, dialledBy, incarnation: other.incarnation };
    const existing = this.#links.get(other.node);
    if (existing !== undefined && !isBetter(link, existing)) {
      return this.#refuse(connection, ends, { reason: 'duplicate', detail: '' });
    }
    if (existing !== undefined) {
      this.#dropLink(other.node);
      existing.connection.close();
    }
    ends.peer = other.node;
    ends.isEstablished = true;
    connection.establish();
    this.#links.set(other.node, link);
    for (const by of ['us', 'peer'] as const) this.#toldRefusals.delete(refusalKey(by, other.node));
    if (ends.dialled === null) connection.send(this.#introduce('welcome', other.node));
    else this.#diallers.get(other.node)?.succeeded();
    const lastSeq = other.lastOf === this.#self.incarnation ? other.lastSeq : 0;
    this.#listener.linkUp(other.node, other.incarnation, lastSeq);
  }

  #introduce(kind: 'hello' | 'welcome', peer: string): string {
    const { node, incarnation, program } = this.#self;
    const receipt = this.#listener.receiptOf(peer);
    return encodeHandshake({
      kind,
      v: wireVersion,
      program,
      node,
      to: peer,
      incarnation,
      lastSeq: receipt.seq,
      lastOf: receipt.incarnation,
    });
  }

  #refuse(connection: Connection, ends: Ends, { reason, detail }: Refusal): void {
    ends.isSettled = true;
    connection.send(encodeHandshake({ kind: 'refuse', reason, detail }));
    connection.close();
    this.#tellRefusal('us', ends.peer, { reason, detail });
  }

  #refused(connection: Connection, ends: Ends, refusal: Refusal): void {
    ends.isSettled = true;
    connection.close();
    this.#tellRefusal('peer', ends.peer, refusal);
  }

  /** Diallers come back again and again: the same refusal is told once. */
  #tellRefusal(by: 'us' | 'peer', peer: string, { reason, detail }: Refusal): void {
    if (reason === 'duplicate') return;
    const key = refusalKey(by, peer);
    const told = JSON.stringify([reason, detail]);
    if (this.#toldRefusals.get(key) === told) return;
    if (this.#toldRefusals.size >= mostRefusals) this.#toldRefusals.clear();
    this.#toldRefusals.set(key, told);
    this.#listener.trouble({ kind: 'refused', by, peer, reason, detail });
  }

  #garbage(peer: string, reason: string, isClosed: boolean): void {
    this.#garbageCount += 1;
    const count = this.#garbageCount;
    if (!isWorthReporting(count)) return;
    this.#listener.trouble({ kind: 'garbage', peer, reason, isClosed, count });
  }

  #dropLink(peer: string): void {
    if (!this.#links.delete(peer)) return;
    this.#listener.linkDown(peer);
    if (!this.#isClosing) this.#diallers.get(peer)?.linkLost();
  }
}
