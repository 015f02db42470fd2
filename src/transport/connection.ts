/**
 * One WebSocket: text messages in and out, bounds, and signs of life. It knows nothing of names.
 *
 * Compression is off and the length of a message bounded, because a small compressed message can
 * unfold into a huge one; a longer text goes in pieces, one after the other as the socket takes
 * them, and what is sent meanwhile waits behind them. `ws` queues without limit what a peer does
 * not read, so the length of that queue is watched here. A peer whose machine is gone sends no
 * farewell: a connection on which nothing has come for two intervals, not even the answer to a
 * ping, is dead.
 */
import type { RawData, WebSocket } from 'ws';
import { decodeMessage } from './frames.js';
import type { WireMessage } from './frames.js';
import { Assembly, messagesOf } from './pieces.js';
import type { Scheduler } from './transport.js';

/** Bounds of a connection. */
export interface ConnectionLimits {
  /** Time for the handshake, milliseconds. */
  readonly handshakeMs: number;
  /** Between two looks for signs of life, milliseconds. */
  readonly keepAliveMs: number;
  /** Bytes that may wait to be written. */
  readonly mostBufferedBytes: number;
  /** Bytes of one message. */
  readonly mostMessageBytes: number;
  /** Characters of a text that travels in one message; pieces of a longer one have so many. */
  readonly pieceLength: number;
  /** Characters of a text, in however many pieces. */
  readonly mostFrameLength: number;
}

/** What a connection tells its owner; nothing after `closed`. */
export interface ConnectionListener {
  /** Null: something that is no message. */
  message(message: WireMessage | null): void;
  closed(reason: string): void;
}

/** A WebSocket that is open or being opened. */
export class Connection {
  readonly #socket: WebSocket;
  readonly #limits: ConnectionLimits;
  readonly #scheduler: Scheduler;
  #callOff: () => void;
  readonly #assembly: Assembly;
  /** Texts that wait behind the one that is on its way in pieces, and their length. */
  readonly #queue: string[] = [];
  #queuedLength = 0;
  #isInPieces = false;
  #isClosing = false;
  #isEstablished = false;
  #isAlive = true;
  #reason = '';
  #listener: ConnectionListener | null;

  constructor(
    socket: WebSocket,
    limits: ConnectionLimits,
    scheduler: Scheduler,
    listener: ConnectionListener,
  ) {
    this.#socket = socket;
    this.#limits = limits;
    this.#scheduler = scheduler;
    this.#listener = listener;
    this.#assembly = new Assembly(limits.mostFrameLength);
    this.#callOff = scheduler.after(limits.handshakeMs, () =>
      this.abort('the handshake took too long'),
    );
    socket.on('message', (data, isBinary) => this.#take(data, isBinary));
    socket.on('pong', () => {
      this.#isAlive = true;
    });
    socket.on('error', (error) => {
      this.#reason ||= error.message;
    });
    socket.on('close', () => this.#closed());
  }

  /** The handshake is done: from now on the peer must show signs of life. */
  establish(): void {
    this.#callOff();
    this.#isEstablished = true;
    this.#watch();
  }

  /** False when too much waits to be written; the connection is then as good as dead. */
  send(text: string): boolean {
    const { mostBufferedBytes, pieceLength } = this.#limits;
    if (this.#queuedLength + this.#socket.bufferedAmount > mostBufferedBytes) return false;
    if (!this.#isInPieces && text.length <= pieceLength) {
      this.#socket.send(text);
      return true;
    }
    this.#queue.push(text);
    this.#queuedLength += text.length;
    if (!this.#isInPieces) this.#sendNext();
    return true;
  }

  /** Closes once everything sent has left; a peer that does not answer in time is cut off. */
  close(): void {
    this.#callOff();
    this.#isClosing = true;
    if (!this.#isInPieces) this.#socket.close(1000);
    this.#callOff = this.#scheduler.after(closingMs, () => this.#socket.terminate());
  }

  /** Closes at once. */
  abort(reason: string): void {
    this.#reason ||= reason;
    this.#socket.terminate();
  }

  /** Sends the texts of the queue, each when the socket has taken what came before. */
  #sendNext(): void {
    const text = this.#queue.shift();
    this.#isInPieces = text !== undefined;
    if (text === undefined) {
      if (this.#isClosing) this.#socket.close(1000);
      return;
    }
    this.#queuedLength -= text.length;
    const messages = messagesOf(text, this.#limits.pieceLength);
    const sendOne = (): void => {
      const { value, done } = messages.next();
      if (done === true) return this.#sendNext();
      // A socket that fails takes all that waits with it.
      this.#socket.send(value, (error) => {
        if (!error) sendOne();
      });
    };
    sendOne();
  }

  #take(data: RawData, isBinary: boolean): void {
    this.#isAlive = true;
    const isText = !isBinary && Buffer.isBuffer(data);
    const message = isText ? decodeMessage(data.toString('utf8')) : null;
    if (message?.kind !== 'piece') return this.#listener?.message(message);
    const assembled = this.#isEstablished ? this.#assembly.add(message) : 'absurd';
    if (assembled === 'absurd') return this.abort('it sent a message that is too long');
    if (assembled === 'more') return undefined;
    const whole = decodeMessage(assembled.whole, this.#limits.mostFrameLength);
    return this.#listener?.message(whole?.kind === 'piece' ? null : whole);
  }

  #watch(): void {
    this.#callOff = this.#scheduler.after(this.#limits.keepAliveMs, () => {
      if (!this.#isAlive) return this.abort('the peer shows no sign of life');
      this.#isAlive = false;
      if (this.#socket.readyState === this.#socket.OPEN) this.#socket.ping();
      return this.#watch();
    });
  }

  #closed(): void {
    this.#callOff();
    const listener = this.#listener;
    this.#listener = null;
    listener?.closed(this.#reason || 'the connection was closed');
  }
}

/** Time for a farewell, milliseconds. */
const closingMs = 500;
