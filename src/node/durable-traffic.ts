/**
 * What a node does with the lanes of durable channels: posts batches, sends what is due, notes what
 * its timesteps have taken, and says so once that is durable. The books are kept in durable-links.ts,
 * and what of them has to outlive the process goes into the journal.
 */
import type { RelationRows } from '../evaluator/evaluator.js';
import { DurableLinks } from './durable-links.js';
import type { Passage } from './durable-links.js';
import type { Frame } from './frames.js';
import type { Part } from './group-sends.js';
import type { BatchOrigin } from './inbox.js';
import type { Journal } from './journal.js';
import type { StoredFrame, StoredState } from './storage.js';

/** How it reaches the outside: others, once all before is durable, and the node itself, at once. */
export interface TrafficPorts {
  send(peer: string, frame: Frame): void;
  loop(batch: readonly RelationRows[], passage: Passage): void;
}

/** The durable lanes of one node at work. */
export class DurableTraffic {
  readonly #self: string;
  readonly #journal: Journal;
  readonly #ports: TrafficPorts;
  #links = new DurableLinks(null, '');
  /** Frames of others that the turn in progress has taken. */
  #taken: { readonly peer: string; readonly passage: Passage }[] = [];

  constructor(self: string, journal: Journal, ports: TrafficPorts) {
    [this.#self, this.#journal, this.#ports] = [self, journal, ports];
  }

  /** The name of the node's life. */
  get origin(): string {
    return this.#links.origin;
  }

  /** Goes on from what is stored: what the node sent itself and has not taken comes again. */
  start(stored: StoredState | null, incarnation: string): void {
    this.#links = new DurableLinks(stored, incarnation);
    for (const frame of this.#links.keptFor(this.#self)) this.release(frame);
  }

  /** Takes charge of what goes to one receiver; gives how many batches wait for it now. */
  post({ receiver, content }: Part, timestep: number): StoredFrame & { readonly waiting: number } {
    const frame = this.#links.post(receiver, timestep, content);
    this.#journal.posted(frame);
    return { ...frame, waiting: this.#links.countFor(receiver) };
  }

  /** Lets go of what was posted, or of what is due before it. */
  release({ peer, seq, batch }: StoredFrame): void {
    if (peer === this.#self) this.#ports.loop(batch, { origin: this.origin, seq });
    else this.#sendDue(peer);
  }

  linkUp(peer: string): void {
    this.#links.linkUp(peer);
    this.#sendDue(peer);
  }

  linkDown(peer: string): void {
    this.#links.linkDown(peer);
  }

  /** The peer has applied these frames. */
  settle(peer: string, origin: string, seqs: readonly number[]): void {
    this.#journal.settled(peer, this.#links.settle(peer, origin, seqs));
    this.#sendDue(peer);
  }

  /** A frame has come; one that was applied long ago is acknowledged once more. */
  arrive(peer: string, frame: Extract<Frame, { kind: 'durable' }>): 'new' | 'known' | 'absurd' {
    const arrival = this.#links.arrive(peer, frame);
    if (arrival === 'new' || arrival === 'absurd') return arrival;
    if (arrival === 'applied')
      this.#ports.send(peer, { kind: 'applied', origin: frame.origin, seqs: [frame.seq] });
    return 'known';
  }

  /** A timestep has taken the batch, or rejected it: that is to be as durable as what it did. */
  passed(origin: BatchOrigin): void {
    if (origin.kind === 'loop' && origin.passage !== undefined) {
      const { seq } = origin.passage;
      this.#links.settle(this.#self, origin.passage.origin, [seq]);
      this.#journal.settledHere(this.#self, seq);
    }
    if (origin.kind !== 'peer' || origin.passage === undefined) return;
    const { peer, passage } = origin;
    const receipt = this.#links.apply(peer, passage);
    if (receipt === null) return;
    this.#journal.received(receipt);
    this.#taken.push({ peer, passage });
  }

  /** Tells the senders what the turn has applied; contract: all of it is with the storage. */
  tellApplied(): void {
    const taken = this.#taken;
    this.#taken = [];
    for (const peer of new Set(taken.map((one) => one.peer))) {
      const passages = taken.flatMap((one) => (one.peer === peer ? [one.passage] : []));
      const { origin } = passages[0]!;
      const seqs = passages.map(({ seq }) => seq);
      this.#ports.send(peer, { kind: 'applied', origin, seqs });
    }
  }

  /** Sends what is kept for a peer, as far as its link can take it. */
  #sendDue(peer: string): void {
    for (const frame of this.#links.due(peer)) this.#ports.send(peer, frame);
  }
}
