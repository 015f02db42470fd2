/**
 * The simulated network: what becomes of a frame between its sender and its receiver.
 *
 * Every message has a delay of its own, so batches overtake one another; a batch may come twice
 * (`wire.ts` says how), but for those of durable channels. Links come up when both ends have booted.
 * Until then a node's outbox keeps its batches, as over a closed socket, and messages of the ordered
 * log wait here. The end of a connection overtakes nothing that was sent on it. Connections break
 * where a run has faults (`faults.ts`), and lose what is on its way.
 *
 * Invariant: every frame sent over a connection that does not break arrives at least once, at or after
 * the receiver's boot.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import type { Frame } from '../node/frames.js';
import { linkName } from './schedule.js';
import type { Schedule } from './schedule.js';
import { Wire } from './wire.js';

/** One arrival of a frame, still to come. */
export interface Arrival {
  readonly atMs: number;
  readonly tie: number;
  /** The second arrival of a batch. */
  readonly again: boolean;
}

export class Network {
  readonly #schedule: Schedule;
  readonly #duplicate: number;
  readonly #isDurable: (batch: readonly RelationRows[]) => boolean;
  readonly #wires = new Map<string, Wire>();
  readonly #linksUp = new Set<string>();
  /** How often the connection of two nodes has broken, for those of which it has. */
  readonly #breaks = new Map<string, number>();
  readonly #lastArrivalMs = new Map<string, number>();
  #dataFrames = 0;
  #coordinationMessages = 0;

  /** `duplicate`: probability that a batch arrives twice, unless it `isDurable`. */
  constructor(
    schedule: Schedule,
    duplicate: number,
    isDurable: (batch: readonly RelationRows[]) => boolean,
  ) {
    this.#schedule = schedule;
    this.#duplicate = duplicate;
    this.#isDurable = isDurable;
  }

  /** Data frames sent, duplicates not counted. */
  get dataFrames(): number {
    return this.#dataFrames;
  }

  get coordinationMessages(): number {
    return this.#coordinationMessages;
  }

  linkUp(from: string, to: string): void {
    this.#linksUp.add(linkName(from, to));
  }

  isUp(from: string, to: string): boolean {
    return this.#linksUp.has(linkName(from, to));
  }

  /** The number of the connection that two nodes have, or will have next. */
  connection(a: string, b: string): number {
    return this.#breaks.get(pairName(a, b)) ?? 0;
  }

  /** Ends the connection of two nodes; what is on its way is lost. */
  break(a: string, b: string): void {
    this.#linksUp.delete(linkName(a, b));
    this.#linksUp.delete(linkName(b, a));
    this.#breaks.set(pairName(a, b), this.connection(a, b) + 1);
  }

  /** What a new connection tells a sender: the last frame of which the receiver has it and all before it. */
  tellArrived(from: string, to: string): number {
    return this.#wire(from, to).tellArrived();
  }

  /** A process is gone, with what it had received and what it numbered. */
  forget(node: string, peers: readonly string[]): void {
    for (const peer of peers) {
      this.#wires.set(linkName(peer, node), new Wire(this.#wire(peer, node).settled));
      this.#wires.set(linkName(node, peer), new Wire());
    }
  }

  /** When the frame arrives; never, if the sender's outbox keeps it until the link is up. */
  send(from: string, to: string, frame: Frame, nowMs: number): readonly Arrival[] {
    const isBroken = this.connection(from, to) > 0 && !this.isUp(from, to);
    if (isBroken) return [];
    switch (frame.kind) {
      case 'data': {
        if (!this.isUp(from, to)) return [];
        this.#dataFrames += 1;
        const first = this.message(from, to, nowMs);
        if (this.#isDurable(frame.batch)) return [first];
        const isDoubled = this.#schedule.chance(`duplicate:${linkName(from, to)}`, this.#duplicate);
        return isDoubled ? [first, { ...this.message(from, to, nowMs), again: true }] : [first];
      }
      case 'log':
        this.#coordinationMessages += 1;
        return [this.message(from, to, nowMs)];
      case 'durable':
        this.#dataFrames += 1;
        return [this.message(from, to, nowMs)];
      case 'bye':
        return [this.lastMessage(from, to, nowMs)];
      case 'ack':
      case 'skip':
      case 'applied':
      case 'memory':
        return [this.message(from, to, nowMs)];
    }
  }

  /** When a message arrives. */
  message(from: string, to: string, nowMs: number): Arrival {
    const { delayMs, tie } = this.#schedule.message(from, to, nowMs);
    const atMs = Math.max(nowMs + delayMs, this.#schedule.bootMs(to));
    const link = linkName(from, to);
    this.#lastArrivalMs.set(link, Math.max(atMs, this.#lastArrivalMs.get(link) ?? 0));
    return { atMs, tie, again: false };
  }

  /** When something arrives that comes after all that was sent before it. */
  lastMessage(from: string, to: string, nowMs: number): Arrival {
    const lastMs = this.#lastArrivalMs.get(linkName(from, to)) ?? 0;
    const arrival = this.message(from, to, nowMs);
    const atMs = Math.max(arrival.atMs, lastMs + 1);
    this.#lastArrivalMs.set(linkName(from, to), atMs);
    return { ...arrival, atMs };
  }

  /** The frame as its receiver gets it, now that it arrives; null for one that tells it nothing. */
  receive(from: string, to: string, frame: Frame, again: boolean): Frame | null {
    switch (frame.kind) {
      case 'data': {
        const seq = this.#wire(from, to).arrive(frame.seq, again);
        return seq === null ? null : { ...frame, seq };
      }
      case 'ack': {
        const seq = this.#wire(to, from).acknowledge(frame.seq);
        return seq === null ? null : { kind: 'ack', seq };
      }
      case 'skip':
        // Numbers in order of arrival have no gaps to skip.
        return null;
      case 'log':
      case 'bye':
      case 'durable':
      case 'applied':
      case 'memory':
        return frame;
    }
  }

  #wire(from: string, to: string): Wire {
    const link = linkName(from, to);
    const known = this.#wires.get(link);
    if (known !== undefined) return known;
    const wire = new Wire();
    this.#wires.set(link, wire);
    return wire;
  }
}

/** A name for the link of two nodes in either direction. */
function pairName(a: string, b: string): string {
  return a < b ? linkName(a, b) : linkName(b, a);
}
